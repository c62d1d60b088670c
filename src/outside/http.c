/* http.c: the one file that knows libcurl. */
#include "config.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/net.h"
#include "outside/http.h"

enum { REDIRECTS = 3, CONNECT_SECONDS = 10, STALL_SECONDS = 30, ERROR_BODY = 64 * 1024 };

struct http {
	CURL *curl;
	const char *proxy;
};

struct transfer {
	struct http *h;
	const struct http_request *req;
	struct http_response *resp;
	size_t bytes;
	bool too_large, disk_full, refused;
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
	if (!t->req->named && *t->h->proxy == '\0' && http_is_internal(&a)) {
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

	curl_easy_getinfo(t->h->curl, CURLINFO_RESPONSE_CODE, &status);
	t->bytes += len;
	if (status / 100 != 2) {
		if (t->resp->body.len < ERROR_BODY)
			sb_mem(&t->resp->body, data, len < ERROR_BODY - t->resp->body.len ? len : ERROR_BODY - t->resp->body.len);
		return t->bytes > t->req->max_bytes ? 0 : len;
	}
	if (t->bytes > t->req->max_bytes) {
		t->too_large = true;
		return 0;
	}
	if (t->req->to == NULL) {
		sb_mem(&t->resp->body, data, len);
	} else if (fwrite(data, 1, len, t->req->to) != len) {
		t->disk_full = true;
		return 0;
	}
	return len;
}

static void set_options(struct transfer *t, const char *url, struct curl_slist *headers) {
	const struct http_request *req = t->req;
	CURL *c = t->h->curl;

	curl_easy_reset(c);
	curl_easy_setopt(c, CURLOPT_URL, url);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, req->named ? "http,https" : "https");
	curl_easy_setopt(c, CURLOPT_PROXY, t->h->proxy);
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, req->seconds);
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)STALL_SECONDS);
	curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(c, CURLOPT_USERAGENT, PACKAGE_NAME "/" PACKAGE_VERSION);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, t);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, t);
	if (req->body != NULL) {
		curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)req->body_len);
		curl_easy_setopt(c, CURLOPT_POSTFIELDS, req->body);
	}
	if (req->method != NULL)
		curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, req->method);
}

static bool failed(const struct transfer *t, CURLcode code, struct err *e) {
	const char *url = t->req->url;

	if (t->refused)
		return err_set(e, ERR_DENIED, NULL, "%s leads to the internal address %s; name the host in the settings if that is meant", url, t->address);
	if (t->too_large)
		return err_set(e, ERR_TOO_LARGE, NULL, "%s: the answer has more than %zu bytes", url, t->req->max_bytes);
	if (t->disk_full)
		return err_set(e, ERR_UNAVAILABLE, NULL, "%s: the answer cannot be written to a temporary file", url);
	switch ((int)code) {
	case CURLE_OPERATION_TIMEDOUT:
		return err_kind(e, ERR_TIMEOUT, "again", "%s: no whole answer in %ld s", url, t->req->seconds);
	case CURLE_UNSUPPORTED_PROTOCOL:
		return err_set(e, ERR_DENIED, NULL, "%s: only https is asked", url);
	case CURLE_URL_MALFORMAT:
		return err_set(e, ERR_INVALID, NULL, "%s is not a URL", url);
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CONNECT_ERROR:
		return err_set(e, ERR_UPSTREAM, NULL, "%s: TLS: %s", url, curl_easy_strerror(code));
	default:
		return err_kind(e, ERR_UPSTREAM, "again", "%s: %s", url, curl_easy_strerror(code));
	}
}

static bool exchange(struct transfer *t, struct arena *a, const char *url, struct curl_slist *headers, struct err *e) {
	const char *type = NULL;
	curl_off_t after = 0;
	CURLcode code;

	t->bytes = 0;
	sb_reset(&t->resp->body);
	set_options(t, url, headers);
	code = curl_easy_perform(t->h->curl);
	curl_easy_getinfo(t->h->curl, CURLINFO_RESPONSE_CODE, &t->resp->status);
	if (code != CURLE_OK && (code != CURLE_WRITE_ERROR || t->resp->status / 100 == 2))
		return failed(t, code, e);
	curl_easy_getinfo(t->h->curl, CURLINFO_CONTENT_TYPE, &type);
	curl_easy_getinfo(t->h->curl, CURLINFO_RETRY_AFTER, &after);
	t->resp->content_type = arena_strdup(a, type == NULL ? "" : type);
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

static bool follow(struct transfer *t, struct arena *a, struct curl_slist *headers, struct err *e) {
	const char *url = t->req->url;
	int i;

	for (i = 0; i <= REDIRECTS; i++) {
		const char *next = NULL;

		if (!exchange(t, a, url, headers, e))
			return false;
		curl_easy_getinfo(t->h->curl, CURLINFO_REDIRECT_URL, &next);
		if (next == NULL || t->req->body != NULL)
			return true;
		if (!same_host(url, next))
			return err_set(e, ERR_DENIED, NULL, "%s redirects to another host: %.200s", url, next);
		url = arena_strdup(a, next);
	}
	return err_set(e, ERR_UPSTREAM, NULL, "%s redirects more than %d times", t->req->url, REDIRECTS);
}

bool http_do(struct http *h, struct arena *a, const struct http_request *req, struct http_response *resp, struct err *e) {
	struct transfer t = { .h = h, .req = req, .resp = resp };
	struct curl_slist *headers = NULL;
	const char *const *p;
	bool ok;

	*resp = (struct http_response){ .content_type = "" };
	sb_init(&resp->body, a);
	for (p = req->headers; p != NULL && *p != NULL; p++) {
		struct curl_slist *longer = curl_slist_append(headers, *p);

		if (longer == NULL)
			abort();
		headers = longer;
	}
	ok = follow(&t, a, headers, e);
	curl_slist_free_all(headers);
	return ok;
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
