/* request.c: what the web server says, made into a struct req. Everything here is from outside: each piece has a limit. */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

#include "base/limits.h"
#include "base/net.h"
#include "base/utf8.h"
#include "web/private.h"

static const struct {
	const char *name;
	enum method method;
} methods[] = {
	{ "GET", M_GET }, { "POST", M_POST }, { "PUT", M_PUT }, { "PATCH", M_PATCH }, { "DELETE", M_DELETE },
	{ "HEAD", M_HEAD }, { "OPTIONS", M_OPTIONS },
};

const char *method_name(enum method m) {
	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		if (methods[i].method == m)
			return methods[i].name;
	}
	return "?";
}

bool method_writes(enum method m) {
	return (m & (M_POST | M_PUT | M_PATCH | M_DELETE)) != 0;
}

const char *req_env(const struct req *r, const char *name) {
	size_t n = strlen(name);

	for (const char *const *e = r->env; *e != NULL; e++) {
		if (strncmp(*e, name, n) == 0 && (*e)[n] == '=')
			return *e + n + 1;
	}
	return NULL;
}

static const char *last_value(const struct param *p, size_t n, const char *name) {
	while (n-- > 0) {
		if (strcmp(p[n].name, name) == 0)
			return p[n].value;
	}
	return NULL;
}

const char *req_param(const struct req *r, const char *name) {
	return last_value(r->params, r->nparams, name);
}

const char *req_form(const struct req *r, const char *name) {
	return last_value(r->form, r->nform, name);
}

/* RFC 6265 5.4; of a repeated name the first counts, it having the longer path. */
const char *req_cookie(const struct req *r, const char *name) {
	const char *s = req_env(r, "HTTP_COOKIE");
	size_t n = strlen(name);

	while (s != NULL && *s != '\0') {
		size_t len;

		s += strspn(s, "; \t");
		len = strcspn(s, ";");
		if (len > n && s[n] == '=' && strncmp(s, name, n) == 0 && len - n - 1 <= LIMIT_COOKIE)
			return arena_strndup(r->a, s + n + 1, len - n - 1);
		s += len;
	}
	return NULL;
}

bool text_ok(struct req *r, const char *s, size_t n, const char *what) {
	if (memchr(s, '\0', n) != NULL)
		return req_fail(r, ERR_INVALID, "Null characters are not allowed (%s).", what);
	if (!utf8_valid(s, n))
		return req_fail(r, ERR_INVALID, "The %s is not valid UTF-8.", what);
	return true;
}

static int hexval(char c) {
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

enum decode { DECODE_PATH, DECODE_QUERY };      /* in a query "+" is a space */

static char *percent_decode(struct arena *a, const char *s, size_t n, enum decode how, size_t *outlen) {
	char *out = arena_alloc(a, n + 1);
	size_t i, o = 0;

	for (i = 0; i < n; i++) {
		if (s[i] == '%' && n - i > 2 && hexval(s[i + 1]) >= 0 && hexval(s[i + 2]) >= 0) {
			out[o++] = (char)(hexval(s[i + 1]) << 4 | hexval(s[i + 2]));
			i += 2;
		} else {
			out[o++] = how == DECODE_QUERY && s[i] == '+' ? ' ' : s[i];
		}
	}
	out[o] = '\0';
	*outlen = o;
	return out;
}

bool params_parse(struct req *r, const char *text, size_t len, struct param **out, size_t *n) {
	const char *end = text + len, *s;
	struct param *p;
	size_t room = 1, used = 0;

	for (s = text; s < end; s++)
		room += *s == '&';
	if (room > LIMIT_PARAMS)
		return req_fail(r, ERR_TOO_LARGE, "%zu parameters are too many: at most %d are taken.", room, LIMIT_PARAMS);
	p = arena_new(r->a, struct param, room);
	for (s = text; s < end;) {
		const char *amp = memchr(s, '&', (size_t)(end - s)), *stop = amp == NULL ? end : amp;
		const char *eq = memchr(s, '=', (size_t)(stop - s));
		size_t nlen, vlen = 0;

		if (stop > s) {
			p[used].name = percent_decode(r->a, s, (size_t)((eq == NULL ? stop : eq) - s), DECODE_QUERY, &nlen);
			p[used].value = eq == NULL ? "" : percent_decode(r->a, eq + 1, (size_t)(stop - eq - 1), DECODE_QUERY, &vlen);
			if (!text_ok(r, p[used].name, nlen, "name of a parameter") || !text_ok(r, p[used].value, vlen, "value of a parameter"))
				return false;
			used++;
		}
		s = stop + 1;
	}
	*out = p;
	*n = used;
	return true;
}

/* REQUEST_URI may be in absolute form (RFC 9112 3.2.2). */
static const char *uri_of(const struct req *r) {
	const char *uri = req_env(r, "REQUEST_URI");

	if (uri == NULL)
		uri = req_env(r, "DOCUMENT_URI");
	if (uri == NULL)
		uri = "/";
	if (strncasecmp(uri, "http://", 7) == 0 || strncasecmp(uri, "https://", 8) == 0) {
		uri = strchr(strchr(uri, '/') + 2, '/');
		if (uri == NULL)
			uri = "/";
	}
	return uri;
}

static bool parse_path(struct req *r) {
	const char *uri = uri_of(r), *base = r->conf->base_path;
	size_t total = strlen(uri), len = strcspn(uri, "?"), decoded, blen = strlen(base);
	char *path;

	if (total > LIMIT_URL)
		return req_fail(r, ERR_TOO_LARGE, "The address has %zu bytes: at most %d are taken.", total, LIMIT_URL);
	path = percent_decode(r->a, uri, len, DECODE_PATH, &decoded);
	if (!text_ok(r, path, decoded, "path"))
		return false;
	if (blen > 0 && strncmp(path, base, blen) == 0 && (path[blen] == '/' || path[blen] == '\0'))
		path += blen;
	r->path = *path == '\0' ? "/" : path;
	r->raw_query = uri[len] == '?' ? uri + len + 1 : "";
	return r->path[0] == '/' || req_fail(r, ERR_INVALID, "The path must begin with \"/\".");
}

/* The name that the client used, if it can be one: it comes back in links. */
static const char *host_of(const struct req *r) {
	const char *host = req_env(r, "HTTP_HOST");

	if (host == NULL || *host == '\0' || strlen(host) > 255 || host[strspn(host,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]")] != '\0')
		host = req_env(r, "SERVER_NAME");
	return host == NULL || *host == '\0' ? "localhost" : host;
}

static bool behind_tls(const struct req *r) {
	const char *https = req_env(r, "HTTPS"), *scheme = req_env(r, "REQUEST_SCHEME");

	return (https != NULL && *https != '\0' && strcasecmp(https, "off") != 0) || (scheme != NULL && strcmp(scheme, "https") == 0);
}

const char *req_url(struct req *r, const char *path) {
	return arena_printf(r->a, "%s%s", r->store.base_url, path);
}

void req_set_cookie(struct req *r, const char *name, const char *value, int64_t seconds) {
	const char *base = r->conf->base_path;

	req_header(r, "Set-Cookie", arena_printf(r->a, "%s=%s; Path=%s; Max-Age=%lld; SameSite=Lax%s%s", name, seconds == 0 ? "" : value,
	    *base == '\0' ? "/" : base, (long long)seconds, strcmp(name, "csrftoken") == 0 ? "" : "; HttpOnly", behind_tls(r) ? "; Secure" : ""));
}

bool req_parse(struct req *r) {
	const char *method = req_env(r, "REQUEST_METHOD"), *client = req_env(r, "REMOTE_ADDR");

	r->client = client == NULL ? "" : client;
	r->store.base_url = arena_printf(r->a, "%s://%s%s", behind_tls(r) ? "https" : "http", host_of(r), r->conf->base_path);
	for (size_t i = 0; method != NULL && i < ARRAY_LEN(methods); i++) {
		if (strcmp(methods[i].name, method) == 0)
			r->method = methods[i].method;
	}
	if (!parse_path(r))
		return false;
	r->json = strncmp(r->path, "/api/", 5) == 0 || strcmp(r->path, "/api") == 0;
	if (r->method == 0)
		return req_fail(r, ERR_METHOD, "Method \"%.32s\" not allowed.", method == NULL ? "" : method);
	if (!params_parse(r, r->raw_query, strlen(r->raw_query), &r->params, &r->nparams))
		return false;
	r->dry_run = req_param(r, "dry_run") != NULL && strcmp(req_param(r, "dry_run"), "0") != 0 && strcmp(req_param(r, "dry_run"), "false") != 0;
	return true;
}

/* "multipart/form-data; boundary=X" -> the type in lower case; a trailing ";" is what some clients send. */
static const char *media_type(struct req *r, const char *header) {
	size_t n = strcspn(header, ";"), i;
	char *type;

	header += strspn(header, " \t");
	n = strcspn(header, ";");
	while (n > 0 && (header[n - 1] == ' ' || header[n - 1] == '\t'))
		n--;
	type = arena_strndup(r->a, header, n);
	for (i = 0; i < n; i++)
		type[i] = (char)tolower((unsigned char)type[i]);
	return type;
}

static const char *boundary_of(struct req *r, const char *header) {
	const char *b = strcasestr(header, "boundary=");

	if (b == NULL)
		return NULL;
	b += strlen("boundary=");
	if (*b == '"')
		return arena_strndup(r->a, b + 1, strcspn(b + 1, "\""));
	return arena_strndup(r->a, b, strcspn(b, "; \t"));
}

bool req_parse_body(struct req *r) {
	const char *header = req_env(r, "CONTENT_TYPE");

	r->content_type = header == NULL ? "" : media_type(r, header);
	if (r->body_in_len == 0)
		return true;
	if (strcmp(r->content_type, "application/x-www-form-urlencoded") == 0)
		return params_parse(r, r->body_in, r->body_in_len, &r->form, &r->nform);
	if (strcmp(r->content_type, "multipart/form-data") == 0) {
		const char *boundary = boundary_of(r, header);

		if (boundary == NULL || *boundary == '\0' || strlen(boundary) > 70)
			return req_fail(r, ERR_INVALID, "Multipart form parse error - Invalid boundary in multipart: %.80s", boundary == NULL ? "None" : boundary);
		return multipart_parse(r, boundary);
	}
	return true;
}

/* A form as a map: a name that is repeated becomes a list. */
static struct val form_value(struct req *r) {
	struct map *m = map_new(r->a, r->nform);
	size_t i;

	for (i = 0; i < r->nform; i++) {
		struct val key = val_str(r->form[i].name), v = val_str(r->form[i].value), *old = map_find(m, key);

		if (strcmp(r->form[i].name, "csrfmiddlewaretoken") == 0)
			continue;
		if (old == NULL) {
			map_put(m, key, v);
		} else if (old->type == V_LIST) {
			list_push(old->u.list, v);
		} else {
			struct list *l = list_new(r->a, 4);

			list_push(l, *old);
			list_push(l, v);
			*old = val_list(l);
		}
	}
	return val_map(m);
}

bool req_input(struct req *r, struct val *out) {
	struct err e = { 0 };

	if (r->body_in_len == 0) {
		*out = val_map(map_new(r->a, 0));
		return true;
	}
	if (strcmp(r->content_type, "application/json") == 0) {
		if (json_parse(r->a, r->body_in, r->body_in_len, LIMIT_JSON_DEPTH, out, &e))
			return true;
		return req_fail(r, e.code == ERR_TOO_LARGE ? e.code : ERR_INVALID, "JSON parse error - %s", e.msg);
	}
	if (strcmp(r->content_type, "application/x-www-form-urlencoded") == 0 || strcmp(r->content_type, "multipart/form-data") == 0) {
		*out = form_value(r);
		return true;
	}
	return req_fail(r, ERR_MEDIA, "Unsupported media type \"%.100s\" in request.", val_cstr(val_str_or_null(req_env(r, "CONTENT_TYPE")), ""));
}
