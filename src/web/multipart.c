/* multipart.c: forms with files (RFC 7578, RFC 2046 5.1.1). A part is a slice of the body; nothing is copied but names. */
#include "config.h"

#include <strings.h>

#include "base/limits.h"
#include "web/private.h"

/* One parameter of a header line: name="value" (RFC 2183), with \" inside as browsers send it. NULL when it is not there. */
static const char *header_param(struct arena *a, const char *line, size_t len, const char *name) {
	size_t n = strlen(name), i, o = 0;
	char *out;

	for (i = 0; i + n + 2 < len; i++) {
		if ((line[i] == ';' || line[i] == ' ') && strncasecmp(line + i + 1, name, n) == 0 && line[i + 1 + n] == '=' && line[i + 2 + n] == '"')
			break;
	}
	if (i + n + 2 >= len)
		return NULL;
	out = arena_alloc(a, len + 1);
	for (i += n + 3; i < len && line[i] != '"'; i++) {
		if (line[i] == '\\' && i + 1 < len)
			i++;
		out[o++] = line[i];
	}
	return i < len ? out : NULL;
}

/* The headers of a part are looked through for the one that names it. */
static bool part_named(struct req *r, const char *head, size_t len, struct upload *u) {
	while (len > 0) {
		const char *nl = memchr(head, '\n', len);
		size_t line = nl == NULL ? len : (size_t)(nl - head);

		if (line > 20 && strncasecmp(head, "Content-Disposition:", 20) == 0) {
			u->name = header_param(r->a, head, line, "name");
			u->filename = header_param(r->a, head, line, "filename");
		}
		if (nl == NULL)
			break;
		len -= line + 1;
		head = nl + 1;
	}
	return u->name != NULL;
}

static bool keep(struct req *r, const struct upload *u) {
	if (!text_ok(r, u->name, strlen(u->name), "name of a form field"))
		return false;
	if (u->filename != NULL) {
		r->uploads[r->nuploads++] = *u;
		return true;
	}
	if (u->len > LIMIT_FORM_VALUE)
		return req_fail(r, ERR_TOO_LARGE, "Field %.60s has %zu bytes: at most %d are taken.", u->name, u->len, LIMIT_FORM_VALUE);
	if (!text_ok(r, u->data, u->len, "value of a form field"))
		return false;
	r->form[r->nform].name = u->name;
	r->form[r->nform++].value = arena_strndup(r->a, u->data, u->len);
	return true;
}

static size_t count_parts(const char *s, size_t len, const char *mark, size_t mlen) {
	const char *end = s + len, *at;
	size_t n = 0;

	for (; (at = memmem(s, (size_t)(end - s), mark, mlen)) != NULL; s = at + mlen)
		n++;
	return n;
}

bool multipart_parse(struct req *r, const char *boundary) {
	const char *mark = arena_printf(r->a, "--%s", boundary), *s = r->body_in, *end = s + r->body_in_len, *next;
	size_t mlen = strlen(mark), parts = count_parts(s, r->body_in_len, mark, mlen);

	if (parts > LIMIT_PARAMS)
		return req_fail(r, ERR_TOO_LARGE, "%zu form fields are too many: at most %d are taken.", parts, LIMIT_PARAMS);
	r->form = arena_new(r->a, struct param, parts);
	r->uploads = arena_new(r->a, struct upload, parts);
	s = memmem(s, (size_t)(end - s), mark, mlen);
	for (; s != NULL; s = next) {
		struct upload u = { 0 };
		const char *head = s + mlen, *body;

		if (end - head >= 2 && head[0] == '-' && head[1] == '-')
			return true;
		next = memmem(head, (size_t)(end - head), mark, mlen);
		body = next == NULL ? NULL : memmem(head, (size_t)(next - head), "\r\n\r\n", 4);
		if (body == NULL || next - body < 6 || !part_named(r, head, (size_t)(body - head), &u))
			return req_fail(r, ERR_INVALID, "Multipart form parse error - a part has no end, no name, or no body.");
		u.data = body + 4;
		u.len = (size_t)(next - u.data) - 2;    /* the line break before the boundary belongs to it */
		if (!keep(r, &u))
			return false;
	}
	return req_fail(r, ERR_INVALID, "Multipart form parse error - the closing boundary is missing.");
}
