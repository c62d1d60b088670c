/* accept.c: which representation an API client takes: Accept with its weights (RFC 9110 12.5.1), or ?format=. */
#include "config.h"

#include <stdlib.h>
#include <strings.h>

#include "web/private.h"

static const struct {
	const char *range;
	enum media media;
	bool schema;            /* of the OpenAPI document alone; it is YAML unless JSON is asked for */
} known[] = {
	{ "application/vnd.oai.openapi+json", MEDIA_JSON, true },
	{ "application/vnd.oai.openapi", MEDIA_YAML, true },
	{ "application/yaml", MEDIA_YAML, true },
	{ "text/yaml", MEDIA_YAML, true },
	{ "*/*", MEDIA_YAML, true },
	{ "application/*", MEDIA_YAML, true },
	{ "text/html", MEDIA_YAML, true },
	{ "application/json", MEDIA_JSON, false },
	{ "*/*", MEDIA_JSON, false },
	{ "application/*", MEDIA_JSON, false },
	{ "text/csv", MEDIA_CSV, false },
};

static const struct {
	const char *name;
	enum media media;
} formats[] = {
	{ "json", MEDIA_JSON }, { "csv", MEDIA_CSV }, { "yaml", MEDIA_YAML }, { "openapi-json", MEDIA_JSON }, { "openapi", MEDIA_YAML },
};

static bool is_schema(const struct req *r) {
	return strcmp(r->path, "/api/schema/") == 0;
}

/* One range of the header; q is 0 when we do not speak it. */
struct range {
	double q;
	enum media media;
	bool bad_version;
};

static bool same(const char *s, size_t n, const char *word) {
	return strlen(word) == n && strncasecmp(s, word, n) == 0;
}

static size_t trimmed(const char **s, size_t n) {
	while (n > 0 && (**s == ' ' || **s == '\t')) {
		(*s)++;
		n--;
	}
	while (n > 0 && ((*s)[n - 1] == ' ' || (*s)[n - 1] == '\t'))
		n--;
	return n;
}

static struct range read_range(const struct req *r, const char *s, size_t n) {
	struct range out = { 0 };
	size_t len = 0, i;
	bool first = true;

	for (;;) {
		const char *semi = memchr(s, ';', n), *part = s;

		len = trimmed(&part, semi == NULL ? n : (size_t)(semi - s));
		if (first) {
			for (i = 0; i < ARRAY_LEN(known) && !(same(part, len, known[i].range) && (!known[i].schema || is_schema(r))); i++)
				;
			if (i == ARRAY_LEN(known))
				return out;
			out.q = 1;
			out.media = known[i].media;
			first = false;
		} else if (len > 2 && strncasecmp(part, "q=", 2) == 0) {
			out.q = strtod(part + 2, NULL);
		} else if (len > 8 && strncasecmp(part, "version=", 8) == 0) {
			out.bad_version = !same(part + 8, len - 8, "1.10");
		}
		if (semi == NULL)
			return out;
		n -= (size_t)(semi - s) + 1;
		s = semi + 1;
	}
}

static bool by_header(struct req *r, const char *s) {
	struct range best = { 0 };

	while (*s != '\0') {
		size_t n = strcspn(s, ",");
		struct range got = read_range(r, s, n);

		if (got.q > best.q)
			best = got;
		s += n + (s[n] == ',');
	}
	if (best.q <= 0)
		return req_fail(r, ERR_ACCEPT, "Could not satisfy the request Accept header.");
	if (best.bad_version)
		return req_fail(r, ERR_ACCEPT, "Invalid version in \"Accept\" header.");
	r->media = best.media;
	return true;
}

bool accept_choose(struct req *r) {
	const char *format = req_param(r, "format"), *header = req_env(r, "HTTP_ACCEPT");

	r->media = is_schema(r) ? MEDIA_YAML : MEDIA_JSON;
	if (format != NULL && *format != '\0') {
		for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
			if (strcmp(formats[i].name, format) == 0 && (formats[i].media != MEDIA_YAML || is_schema(r))) {
				r->media = formats[i].media;
				return true;
			}
		}
		return req_fail(r, ERR_NOT_FOUND, "Not found.");
	}
	return header == NULL || header[strspn(header, " ,;")] == '\0' || by_header(r, header);
}
