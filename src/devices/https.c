/* https.c: requests to a router's API through libcurl; pinning of its public key. */
#include "config.h"

#include <curl/curl.h>
#include <errno.h>
#include <stddef.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/json.h"
#include "devices/https.h"
#include "devices/transport.h"

enum { PIN_MAX = 64, HASH_MAX = 32, TUNNELS_MAX = 4, WAITS_MAX = 1 + TUNNELS_MAX * TUNNEL_FDS, TUNNEL_WAIT_MS = 200 };

struct https {
	struct device *d;
	CURL *curl;

	/* to a router behind a jump host: */
	CURLM *multi;                   /* NULL: straight */
	int listener;
	const char *name;               /* of the listener */
	struct transport *hop, *tunnel[TUNNELS_MAX];    /* signed in there; one a connection. NULL: none */
	struct err why;                 /* there is no tunnel */
};

/* A wait that the device's owner may end. */
static int stopped(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t n) {
	const struct device *d = arg;

	(void)a;
	(void)b;
	(void)c;
	(void)n;
	return d->watch.stop != NULL && d->watch.stop(d->watch.arg);
}

static const char *pinned(const struct device *d) {
	return strncmp(d->host_key, "tls ", 4) == 0 ? d->host_key + 4 : "";
}

static const char *url(struct device *d, const char *path) {
	bool six = strchr(d->host, ':') != NULL;

	return arena_printf(d->a, "https://%s%s%s:%u%s", six ? "[" : "", d->host, six ? "]" : "", (unsigned)d->port, path);
}

/* ---- through a jump host: SSH carries the bytes, libcurl speaks TLS over them ---- */

/* libcurl connects to a socket of ours that has no place in the file system; behind it are the tunnels. */
static void listen_here(struct https *h) {
	struct sockaddr_un here = { .sun_family = AF_UNIX };
	socklen_t len = sizeof(here);

	h->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	/* with the family alone Linux chooses a free abstract name (unix(7)) */
	if (h->listener >= 0 && bind(h->listener, (const struct sockaddr *)&here, sizeof(here.sun_family)) == 0 && listen(h->listener, TUNNELS_MAX) == 0 &&
	    getsockname(h->listener, (struct sockaddr *)&here, &len) == 0)
		h->name = arena_strndup(h->d->a, here.sun_path + 1, len - offsetof(struct sockaddr_un, sun_path) - 1);
}

static void set_tunnel(struct https *h, CURL *c) {
	if (h->multi == NULL)
		return;
	curl_easy_setopt(c, CURLOPT_ABSTRACT_UNIX_SOCKET, h->name);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)h->d->connect_seconds * 2);
}

/* Whoever else found the name is turned away. */
static bool is_us(int fd) {
	struct ucred who;
	socklen_t len = sizeof(who);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) == 0 && who.pid == getpid();
}

static void take_in(struct https *h) {
	int fd = accept4(h->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	size_t i;

	for (i = 0; i < TUNNELS_MAX && h->tunnel[i] != NULL; i++)
		;
	if (fd >= 0 && (i == TUNNELS_MAX || !is_us(fd)))
		close(fd);
	else if (fd >= 0 && !transport_hop(h->d, &h->hop, &h->why))
		close(fd);
	else if (fd >= 0 && !transport_tunnel(h->hop, fd, &h->tunnel[i], &h->why))
		h->tunnel[i] = NULL;
}

/* What there is goes on its way; *fds is what to wait for. */
static unsigned carry_all(struct https *h, struct curl_waitfd fds[WAITS_MAX]) {
	struct pollfd two[TUNNEL_FDS];
	unsigned n = 0;

	take_in(h);
	fds[n++] = (struct curl_waitfd){ .fd = h->listener, .events = CURL_WAIT_POLLIN };
	for (size_t i = 0; i < TUNNELS_MAX; i++) {
		size_t k, of = h->tunnel[i] == NULL ? 0 : transport_carry(h->tunnel[i], two);

		if (h->tunnel[i] != NULL && of == 0) {
			transport_close(h->tunnel[i]);
			h->tunnel[i] = NULL;
		}
		for (k = 0; k < of; k++)
			fds[n++] = (struct curl_waitfd){ .fd = two[k].fd,
			    .events = (short)(((two[k].events & POLLIN) != 0 ? CURL_WAIT_POLLIN : 0) | ((two[k].events & POLLOUT) != 0 ? CURL_WAIT_POLLOUT : 0)) };
	}
	return n;
}

static CURLcode perform(struct https *h, CURL *c) {
	struct curl_waitfd fds[WAITS_MAX];
	CURLcode code = CURLE_FAILED_INIT;
	const CURLMsg *m;
	int running, left;

	h->why.code = ERR_NONE;
	if (h->multi == NULL)
		return curl_easy_perform(c);
	curl_multi_add_handle(h->multi, c);
	while (curl_multi_perform(h->multi, &running) == CURLM_OK && running > 0) {
		curl_multi_poll(h->multi, fds, carry_all(h, fds), TUNNEL_WAIT_MS, NULL);
		carry_all(h, fds);
	}
	while ((m = curl_multi_info_read(h->multi, &left)) != NULL) {
		if (m->msg == CURLMSG_DONE && m->easy_handle == c)
			code = m->data.result;
	}
	curl_multi_remove_handle(h->multi, c);
	return code;
}

static void set_common(struct device *d, CURL *c) {
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "https");
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)d->connect_seconds);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)(d->connect_seconds + d->seconds));
	curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, stopped);
	curl_easy_setopt(c, CURLOPT_XFERINFODATA, d);
}

static void set_trust(struct device *d, CURL *c) {
	const char *pin = pinned(d);

	if (pin[0] != '\0') {           /* the key itself is known: who signed for it, under what name, adds nothing */
		curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 0L);
		curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 0L);
		curl_easy_setopt(c, CURLOPT_PINNEDPUBLICKEY, pin);
	} else if (d->ca_file[0] != '\0') {
		curl_easy_setopt(c, CURLOPT_CAINFO, d->ca_file);
		curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
	}
}

/* ---- the key that it shows ---- */

static bool pin_of(const char *pem, char out[PIN_MAX]) {
	BIO *bio = BIO_new_mem_buf(pem, -1);
	X509 *cert = bio == NULL ? NULL : PEM_read_bio_X509(bio, NULL, NULL, NULL);
	unsigned char *der = NULL, hash[HASH_MAX];
	unsigned hash_len = 0;
	int len = cert == NULL ? -1 : i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &der);
	bool ok = len > 0 && EVP_Digest(der, (size_t)len, hash, &hash_len, EVP_sha256(), NULL) == 1;

	if (ok)
		EVP_EncodeBlock((unsigned char *)out, hash, (int)hash_len);
	OPENSSL_free(der);
	X509_free(cert);
	BIO_free(bio);
	return ok;
}

static bool failed(struct https *h, CURLcode code, const char *why, struct err *e) {
	struct device *d = h->d;
	long os_errno = 0;

	if (h->why.code != ERR_NONE) {
		*e = h->why;
		return false;
	}
	curl_easy_getinfo(h->curl, CURLINFO_OS_ERRNO, &os_errno);
	switch ((int)code) {
	case CURLE_COULDNT_RESOLVE_HOST:
		return err_kind(e, ERR_UPSTREAM, "unreachable", "%s: the name %s has no address", d->name, d->host);
	case CURLE_COULDNT_CONNECT:
		return err_kind(e, ERR_UPSTREAM, os_errno == ECONNREFUSED ? "refused" : "unreachable", "%s: no connection to %s port %u: %.200s", d->name, d->host,
		    (unsigned)d->port, why);
	case CURLE_OPERATION_TIMEDOUT:
		return err_kind(e, ERR_TIMEOUT, "time", "%s (%s): no answer in time: %.200s", d->name, d->host, why);
	case CURLE_ABORTED_BY_CALLBACK:
		return err_kind(e, ERR_TIMEOUT, "time", "%s (%s): stopped while waiting", d->name, d->host);
	case CURLE_WRITE_ERROR:
		return err_kind(e, ERR_TOO_LARGE, "limit", "%s (%s): the answer has more than %d bytes", d->name, d->host, TRANSPORT_ANSWER_MAX);
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_HTTP2:
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s: what answers at %s port %u does not speak HTTPS: %.200s", d->name, d->host, (unsigned)d->port, why);
	default:
		return err_kind(e, ERR_UPSTREAM, "cut", "%s (%s): the connection ended: %.200s", d->name, d->host, why);
	}
}

static void free_curl(void *arg) {
	struct https *h = arg;

	if (h->curl != NULL)
		curl_easy_cleanup(h->curl);
	h->curl = NULL;
	if (h->multi == NULL)
		return;
	curl_multi_cleanup(h->multi);
	h->multi = NULL;
	if (h->listener >= 0)
		close(h->listener);
	for (size_t i = 0; i < TUNNELS_MAX; i++) {
		if (h->tunnel[i] != NULL)
			transport_close(h->tunnel[i]);
		h->tunnel[i] = NULL;
	}
	if (h->hop != NULL)
		transport_close(h->hop);
	h->hop = NULL;
}

struct https *https_new(struct device *d) {
	struct https *h = arena_new(d->a, struct https, 1);

	h->d = d;
	h->curl = curl_easy_init();
	if (d->jump != NULL) {
		h->multi = curl_multi_init();
		listen_here(h);
	}
	arena_defer(d->a, free_curl, h);
	return h;
}

void https_close(struct https *h) {
	free_curl(h);
}

bool https_offered(struct device *d, struct err *e) {
	char why[CURL_ERROR_SIZE] = "", pin[PIN_MAX];
	struct curl_certinfo *info = NULL;
	const struct curl_slist *line;
	struct https *h = https_new(d);
	CURLcode code;

	d->offered = "";
	if (h->curl == NULL)
		return err_set(e, ERR_INTERNAL, NULL, "libcurl gives no handle");
	set_common(d, h->curl);
	set_tunnel(h, h->curl);
	curl_easy_setopt(h->curl, CURLOPT_URL, url(d, "/"));
	curl_easy_setopt(h->curl, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(h->curl, CURLOPT_CERTINFO, 1L);
	curl_easy_setopt(h->curl, CURLOPT_SSL_VERIFYPEER, 0L);
	curl_easy_setopt(h->curl, CURLOPT_SSL_VERIFYHOST, 0L);
	curl_easy_setopt(h->curl, CURLOPT_ERRORBUFFER, why);
	code = perform(h, h->curl);
	if (code == CURLE_OK && curl_easy_getinfo(h->curl, CURLINFO_CERTINFO, &info) == CURLE_OK && info != NULL && info->num_of_certs > 0) {
		for (line = info->certinfo[0]; line != NULL; line = line->next) {
			if (strncmp(line->data, "Cert:", 5) == 0 && pin_of(line->data + 5, pin))
				d->offered = arena_printf(d->a, "tls sha256//%s", pin);
		}
	}
	if (code != CURLE_OK)
		failed(h, code, why, e);
	https_close(h);
	if (code != CURLE_OK)
		return false;
	return d->offered[0] != '\0' || err_kind(e, ERR_UPSTREAM, "garbage", "%s (%s): its certificate cannot be read", d->name, d->host);
}

static bool untrusted(struct device *d, const char *why, struct err *e) {
	struct err other;

	if (!https_offered(d, &other))
		d->offered = "";
	if (pinned(d)[0] != '\0')
		return err_kind(e, ERR_DENIED, "host-key-changed", "%s: the router %s shows the key %s, but %s was confirmed: either it got a new certificate, or"
		    " somebody is in between; nothing was sent", d->name, d->host, d->offered, d->host_key);
	return err_kind(e, ERR_DENIED, "host-key-unknown", "%s: the router %s shows the key %s, which nobody has confirmed yet, and its certificate cannot be"
	    " trusted otherwise (%.150s): compare it with the router's own, then confirm it on the router's page or with `peerage router trust %s`", d->name, d->host,
	    d->offered, why, d->name);
}

/* ---- requests ---- */

static size_t take(char *data, size_t size, size_t n, void *arg) {
	struct sbuf *b = arg;

	if (b->len + size * n > TRANSPORT_ANSWER_MAX)
		return 0;
	sb_mem(b, data, size * n);
	return size * n;
}

static bool judge(struct device *d, long status, const struct sbuf *got, struct arena *a, struct val *answer, struct err *e) {
	if (status == 401 || status == 403)
		return err_kind(e, ERR_DENIED, "auth", "%s: %s does not let user \"%s\" in with its password (HTTP %ld)", d->name, d->host, d->user, status);
	if (got->len == 0 && status >= 200 && status <= 299) {
		*answer = val_null();
		return true;
	}
	if (device_json(a, d->name, got->s, got->len, answer, e))
		return true;
	if (status < 200 || status > 299)
		err_kind(e, ERR_UPSTREAM, "garbage", "%s: the API answers with HTTP status %ld: %.200s", d->name, status, got->s);
	return false;
}

/* What is asked: method, body and its type. The header list is the caller's to free, once the request is done. */
static struct curl_slist *set_request(struct https *h, struct arena *a, const struct https_request *r) {
	struct curl_slist *headers = curl_slist_append(NULL, arena_printf(a, "Content-Type: %s", r->type == NULL ? "application/json" : r->type));

	curl_easy_setopt(h->curl, CURLOPT_URL, url(h->d, r->path));
	curl_easy_setopt(h->curl, CURLOPT_USERNAME, h->d->user);
	curl_easy_setopt(h->curl, CURLOPT_PASSWORD, h->d->password);
	curl_easy_setopt(h->curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
	curl_easy_setopt(h->curl, CURLOPT_HTTPHEADER, headers);
	if (r->body != NULL) {
		curl_easy_setopt(h->curl, CURLOPT_POSTFIELDS, r->body->s);
		curl_easy_setopt(h->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body->len);
	}
	if (r->method != NULL)
		curl_easy_setopt(h->curl, CURLOPT_CUSTOMREQUEST, r->method);
	return headers;
}

static bool https_ask(struct https *h, struct arena *a, const struct https_request *r, struct val *answer, struct err *e) {
	char why[CURL_ERROR_SIZE] = "";
	struct curl_slist *headers;
	struct device *d = h->d;
	struct sbuf got;
	CURLcode code;
	long status = 0;

	if (h->curl == NULL)
		return err_kind(e, ERR_UPSTREAM, "cut", "%s: there is no connection", d->name);
	sb_init(&got, a);
	curl_easy_reset(h->curl);
	set_common(d, h->curl);
	set_tunnel(h, h->curl);
	set_trust(d, h->curl);
	headers = set_request(h, a, r);
	curl_easy_setopt(h->curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(h->curl, CURLOPT_WRITEDATA, &got);
	curl_easy_setopt(h->curl, CURLOPT_ERRORBUFFER, why);
	code = perform(h, h->curl);
	curl_easy_setopt(h->curl, CURLOPT_ERRORBUFFER, NULL);
	curl_slist_free_all(headers);
	if (code == CURLE_SSL_PINNEDPUBKEYNOTMATCH || code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_ISSUER_ERROR)
		return untrusted(d, why, e);
	if (code != CURLE_OK)
		return failed(h, code, why, e);
	curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &status);
	return judge(d, status, &got, a, answer, e);
}

bool https_post(struct https *h, struct arena *a, const char *path, const char *type, const struct sbuf *body, struct val *answer, struct err *e) {
	struct https_request r = { .path = path, .type = type, .body = body };

	return https_ask(h, a, &r, answer, e);
}

bool https_rpc(struct https *h, struct arena *a, const struct https_call *c, struct val *answer, struct err *e) {
	struct map *request = map_new(a, 4);
	struct sbuf body;
	struct https_request r = { .path = c->path, .body = &body };

	map_set(request, "jsonrpc", val_str("2.0"));
	map_set(request, "method", val_str(c->method));
	map_set(request, "params", val_map(c->params));
	map_set(request, "id", val_int(1));
	sb_init(&body, a);
	json_write(&body, val_map(request));
	if (!https_ask(h, a, &r, answer, e))
		return false;
	return answer->type == V_MAP || err_kind(e, ERR_UPSTREAM, "garbage", "%s: the answer is no object of JSON-RPC", h->d->name);
}
