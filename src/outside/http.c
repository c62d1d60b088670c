/* http.c: HTTP over libcurl, one request or many at once. */
#include "config.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/net.h"
#include "outside/http.h"

enum { REDIRECTS = 3, CONNECT_SECONDS = 10, STALL_SECONDS = 30, ERROR_BODY = 64 * 1024 };

struct http {
	CURL *curl;
	const char *proxy;
};

struct transfer {
	CURL *curl;
	struct curl_slist *headers;
	struct http_many *many;         /* NULL: alone */
	const char *proxy, *url;        /* as it is after redirects */
	struct arena *a;
	const struct http_request *req;
	struct http_response *resp;
	void *tag;
	int redirects;
	size_t bytes;
	bool cut, too_large, disk_full, refused;
	char address[INET6_ADDRSTRLEN];
};

/* ---- addresses ---- */

static const char *const internal[] = {
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
	"192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	"::/128", "::1/128", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001:db8::/32", "2002::/16", "fc00::/7", "fe80::/10", "ff00::/8",
};

bool http_is_internal(const struct addr *address) {
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	struct addr a = *address, net;
	size_t i;

	if (a.family == 6 && memcmp(a.b, mapped, sizeof(mapped)) == 0) {
		memmove(a.b, a.b + 12, 4);
		memset(a.b + 4, 0, sizeof(a.b) - 4);
		a.family = 4;
		a.plen = 32;
	}
	for (i = 0; i < ARRAY_LEN(internal); i++) {
		if (addr_parse(internal[i], strlen(internal[i]), &net) && net.family == a.family && addr_contains(&net, &a))
			return true;
	}
	return false;
}

/* Asked for every connection, after the name was resolved: a name cannot lead where an address may not. */
static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to) {
	struct transfer *t = arg;
	const void *raw = to->family == AF_INET6 ? (const void *)&((const struct sockaddr_in6 *)(const void *)&to->addr)->sin6_addr :
	    (const void *)&((const struct sockaddr_in *)(const void *)&to->addr)->sin_addr;
	struct addr a = { .family = to->family == AF_INET6 ? 6 : 4, .plen = to->family == AF_INET6 ? 128 : 32 };

	(void)purpose;
	if (to->family != AF_INET && to->family != AF_INET6)
		return CURL_SOCKET_BAD;
	memcpy(a.b, raw, a.family == 6 ? 16 : 4);
	if (!t->req->named && *t->proxy == '\0' && http_is_internal(&a)) {
		t->refused = true;
		inet_ntop(to->family, raw, t->address, sizeof(t->address));
		return CURL_SOCKET_BAD;
	}
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* ---- one exchange ---- */

static size_t take_body(char *data, size_t size, size_t n, void *arg) {
	struct transfer *t = arg;
	size_t len = size * n;
	long status = 0;

	curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
	t->bytes += len;
	if (status / 100 != 2) {
		if (t->resp->body.len < ERROR_BODY)
			sb_mem(&t->resp->body, data, len < ERROR_BODY - t->resp->body.len ? len : ERROR_BODY - t->resp->body.len);
		t->cut = t->bytes > t->req->max_bytes;
		return t->cut ? 0 : len;
	}
	if (t->bytes > t->req->max_bytes) {
		t->cut = t->req->cut;
		t->too_large = !t->cut;
		return 0;
	}
	if (t->req->to == NULL) {
		sb_mem(&t->resp->body, data, len);
	} else if (fwrite(data, 1, len, t->req->to) != len) {
		t->disk_full = true;
		return 0;
	}
	if (t->req->progress != NULL)
		t->req->progress(t->req->arg, t->bytes);
	return len;
}

static void set_trust(const struct transfer *t) {
	if (t->req->unverified) {
		curl_easy_setopt(t->curl, CURLOPT_SSL_VERIFYPEER, 0L);
		curl_easy_setopt(t->curl, CURLOPT_SSL_VERIFYHOST, 0L);
	}
	if (t->req->ca_file != NULL)
		curl_easy_setopt(t->curl, CURLOPT_CAINFO, t->req->ca_file);
}

static void set_options(struct transfer *t) {
	const struct http_request *req = t->req;
	CURL *c = t->curl;

	curl_easy_reset(c);
	curl_easy_setopt(c, CURLOPT_URL, t->url);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, req->named || req->plain ? "http,https" : "https");
	curl_easy_setopt(c, CURLOPT_PROXY, t->proxy);
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, req->seconds);
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)STALL_SECONDS);
	curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(c, CURLOPT_USERAGENT, PACKAGE_NAME "/" PACKAGE_VERSION);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, t->headers);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, t);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(c, CURLOPT_PRIVATE, t);
	set_trust(t);
	if (req->body != NULL) {
		curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)req->body_len);
		curl_easy_setopt(c, CURLOPT_POSTFIELDS, req->body);
	}
	if (req->method != NULL)
		curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, req->method);
}

static bool speaks(const struct transfer *t) {
	const char *colon = strstr(t->url, "://");
	size_t n = colon == NULL ? 0 : (size_t)(colon - t->url);

	return (n == 5 && strncasecmp(t->url, "https", n) == 0) || (n == 4 && strncasecmp(t->url, "http", n) == 0 && (t->req->named || t->req->plain));
}

static bool failed(const struct transfer *t, CURLcode code, struct err *e) {
	const char *url = t->url;

	if (t->refused)
		return err_set(e, ERR_DENIED, NULL, "%.300s leads to the internal address %s; name the host in the settings if that is meant", url, t->address);
	if (t->too_large)
		return err_set(e, ERR_TOO_LARGE, NULL, "%.300s: the answer has more than %zu bytes", url, t->req->max_bytes);
	if (t->disk_full)
		return err_set(e, ERR_UNAVAILABLE, NULL, "%.300s: the answer cannot be written to a temporary file", url);
	switch ((int)code) {
	case CURLE_OPERATION_TIMEDOUT:
		return err_kind(e, ERR_TIMEOUT, "again", "%.300s: no whole answer in %ld s", url, t->req->seconds);
	case CURLE_UNSUPPORTED_PROTOCOL:
		if (speaks(t))
			return err_kind(e, ERR_UPSTREAM, "again", "%.300s: the answer is not HTTP", url);
		return err_set(e, ERR_DENIED, NULL, "%.300s: only %s asked", url, t->req->named || t->req->plain ? "http and https are" : "https is");
	case CURLE_URL_MALFORMAT:
		return err_set(e, ERR_INVALID, NULL, "%.300s is not a URL", url);
	case CURLE_SSL_CACERT_BADFILE:
		return err_set(e, ERR_UPSTREAM, NULL, "%.300s: the CA file %s cannot be read", url, t->req->ca_file == NULL ? "of the system" : t->req->ca_file);
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CONNECT_ERROR:
		return err_set(e, ERR_UPSTREAM, NULL, "%.300s: TLS: %s", url, curl_easy_strerror(code));
	default:
		return err_kind(e, ERR_UPSTREAM, "again", "%.300s: %s", url, curl_easy_strerror(code));
	}
}

static void begin_exchange(struct transfer *t) {
	t->bytes = 0;
	t->cut = false;
	sb_reset(&t->resp->body);
	set_options(t);
}

static bool end_exchange(struct transfer *t, CURLcode code, struct err *e) {
	const char *type = NULL;
	curl_off_t after = 0;

	curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &t->resp->status);
	if (code != CURLE_OK && !(code == CURLE_WRITE_ERROR && t->cut))
		return failed(t, code, e);
	curl_easy_getinfo(t->curl, CURLINFO_CONTENT_TYPE, &type);
	curl_easy_getinfo(t->curl, CURLINFO_RETRY_AFTER, &after);
	t->resp->content_type = arena_strdup(t->a, type == NULL ? "" : type);
	t->resp->retry_after = (int64_t)after;
	return true;
}

/* ---- redirects ---- */

static bool same_part(CURLU *x, CURLU *y, CURLUPart part) {
	char *p = NULL, *q = NULL;
	bool same = curl_url_get(x, part, &p, CURLU_DEFAULT_PORT) == CURLUE_OK && curl_url_get(y, part, &q, CURLU_DEFAULT_PORT) == CURLUE_OK &&
	    curl_strequal(p, q) != 0;

	curl_free(p);
	curl_free(q);
	return same;
}

static bool same_host(const char *one, const char *other) {
	CURLU *x = curl_url(), *y = curl_url();
	bool same = x != NULL && y != NULL && curl_url_set(x, CURLUPART_URL, one, 0) == CURLUE_OK && curl_url_set(y, CURLUPART_URL, other, 0) == CURLUE_OK &&
	    same_part(x, y, CURLUPART_SCHEME) && same_part(x, y, CURLUPART_HOST) && same_part(x, y, CURLUPART_PORT);

	curl_url_cleanup(x);
	curl_url_cleanup(y);
	return same;
}

const char *http_host(struct arena *a, const char *url) {
	CURLU *u = curl_url();
	char *host = NULL;
	char *out = NULL;

	if (u != NULL && curl_url_set(u, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK && curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK) {
		size_t n = strlen(host), i;
		bool brackets = n > 1 && host[0] == '[' && host[n - 1] == ']';

		out = arena_strndup(a, host + brackets, n - 2 * brackets);
		for (i = 0; out[i] != '\0'; i++)
			out[i] = (char)(out[i] >= 'A' && out[i] <= 'Z' ? out[i] + 32 : out[i]);
	}
	curl_free(host);
	curl_url_cleanup(u);
	return out;
}

enum next { NEXT_NONE, NEXT_AGAIN, NEXT_REFUSED };

/* After an answer: t->url is the next one to ask when it redirects there, with the same method and body. */
static enum next follow(struct transfer *t, struct err *e) {
	const char *next = NULL;

	curl_easy_getinfo(t->curl, CURLINFO_REDIRECT_URL, &next);
	if (next == NULL)
		return NEXT_NONE;
	if (!same_host(t->url, next)) {
		err_set(e, ERR_DENIED, NULL, "%.300s redirects to another host: %.200s", t->url, next);
		return NEXT_REFUSED;
	}
	if (t->redirects++ == REDIRECTS) {
		err_set(e, ERR_UPSTREAM, NULL, "%.300s redirects more than %d times", t->req->url, REDIRECTS);
		return NEXT_REFUSED;
	}
	t->url = arena_strdup(t->a, next);
	return NEXT_AGAIN;
}

static void init_transfer(struct transfer *t) {
	const char *const *p;

	*t->resp = (struct http_response){ .content_type = "" };
	sb_init(&t->resp->body, t->a);
	t->url = t->req->url;
	for (p = t->req->headers; p != NULL && *p != NULL; p++) {
		struct curl_slist *longer = curl_slist_append(t->headers, *p);

		if (longer == NULL)
			abort();
		t->headers = longer;
	}
}

bool http_do(struct http *h, struct arena *a, const struct http_request *req, struct http_response *resp, struct err *e) {
	struct transfer t = { .curl = h->curl, .proxy = h->proxy, .a = a, .req = req, .resp = resp };
	enum next next = NEXT_AGAIN;
	bool ok = true;

	init_transfer(&t);
	while (ok && next == NEXT_AGAIN) {
		begin_exchange(&t);
		ok = end_exchange(&t, curl_easy_perform(t.curl), e);
		next = ok ? follow(&t, e) : NEXT_NONE;
	}
	curl_slist_free_all(t.headers);
	return ok && next == NEXT_NONE;
}

static void close_client(void *p) {
	curl_easy_cleanup(p);
}

struct http *http_new(struct arena *a, const char *proxy) {
	struct http *h = arena_new(a, struct http, 1);

	h->curl = curl_easy_init();
	if (h->curl == NULL)
		abort();
	h->proxy = arena_strdup(a, proxy == NULL ? "" : proxy);
	arena_defer(a, close_client, h->curl);
	return h;
}

/* ---- many at once ---- */

struct http_many {
	CURLM *multi;
	const char *proxy;
};

static void close_many(void *p) {
	curl_multi_cleanup(p);
}

struct http_many *http_many_new(struct arena *a, const char *proxy) {
	struct http_many *m = arena_new(a, struct http_many, 1);

	m->multi = curl_multi_init();
	if (m->multi == NULL)
		abort();
	m->proxy = arena_strdup(a, proxy == NULL ? "" : proxy);
	arena_defer(a, close_many, m->multi);
	return m;
}

/* When the arena goes, what is under way goes with it. */
static void drop(void *p) {
	struct transfer *t = p;

	if (t->curl != NULL) {
		curl_multi_remove_handle(t->many->multi, t->curl);
		curl_easy_cleanup(t->curl);
	}
	curl_slist_free_all(t->headers);
	t->curl = NULL;
	t->headers = NULL;
}

void http_many_start(struct http_many *m, struct arena *a, const struct http_request *req, struct http_response *resp, void *tag) {
	struct transfer *t = arena_new(a, struct transfer, 1);

	*t = (struct transfer){ .curl = curl_easy_init(), .many = m, .proxy = m->proxy, .a = a, .req = req, .resp = resp, .tag = tag };
	if (t->curl == NULL)
		abort();
	init_transfer(t);
	begin_exchange(t);
	curl_multi_add_handle(m->multi, t->curl);
	arena_defer(a, drop, t);
}

void http_many_wait(struct http_many *m, int milliseconds, int fd) {
	struct curl_waitfd extra = { .fd = fd, .events = CURL_WAIT_POLLIN };
	int running = 0, before;

	curl_multi_perform(m->multi, &before);
	curl_multi_poll(m->multi, fd < 0 ? NULL : &extra, fd < 0 ? 0 : 1, milliseconds, NULL);
	curl_multi_perform(m->multi, &running);
}

void *http_many_done(struct http_many *m, bool *ok, struct err *e) {
	CURLMsg *msg;
	int left;

	while ((msg = curl_multi_info_read(m->multi, &left)) != NULL) {
		struct transfer *t = NULL;
		CURLcode code = msg->data.result;
		enum next next;

		if (msg->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, (char **)&t);
		curl_multi_remove_handle(m->multi, t->curl);
		*ok = end_exchange(t, code, e);
		next = *ok ? follow(t, e) : NEXT_NONE;
		if (next == NEXT_AGAIN) {
			begin_exchange(t);
			curl_multi_add_handle(m->multi, t->curl);
			continue;
		}
		*ok = *ok && next == NEXT_NONE;
		return t->tag;
	}
	return NULL;
}

bool http_host_listed(struct arena *a, const char *url, const char *hosts) {
	const char *host = http_host(a, url), *p = hosts;
	size_t len;

	for (; host != NULL && *p != '\0'; p += len) {
		p += strspn(p, ", ");
		len = strcspn(p, ", ");
		if (len > 0 && strlen(host) == len && strncasecmp(host, p, len) == 0)
			return true;
	}
	return false;
}
