/* peeringdb_read.c: cut a document into its rows; only one row at a time is parsed and held. */
#include "config.h"

#include <ctype.h>

#include "base/json.h"
#include "base/limits.h"
#include "outside/peeringdb_read.h"

enum { BUFFER = 64 * 1024 };

struct reader {
	struct arena *a;
	FILE *f;
	char *buf;
	size_t at, n;
	struct sbuf part;       /* the value that is being cut out */
	struct err *e;
};

/* The next byte without taking it; -1 at the end. */
static int peek(struct reader *r) {
	if (r->at == r->n) {
		r->n = fread(r->buf, 1, BUFFER, r->f);
		r->at = 0;
		if (r->n == 0)
			return -1;
	}
	return (unsigned char)r->buf[r->at];
}

static int next_mark(struct reader *r) {
	int c;

	while ((c = peek(r)) == ' ' || c == '\n' || c == '\r' || c == '\t')
		r->at++;
	return c;
}

/* What stands where something else was due, said so that a page of HTML or a cut connection is recognised. */
static bool unexpected(struct reader *r, const char *wanted) {
	char shown[41];
	size_t i, n;

	if (peek(r) < 0)
		return err_set(r->e, ERR_UPSTREAM, NULL, ferror(r->f) ? "reading failed" : "the answer ends in the middle, where %s should follow", wanted);
	n = r->n - r->at < sizeof(shown) - 1 ? r->n - r->at : sizeof(shown) - 1;
	for (i = 0; i < n; i++)
		shown[i] = isprint((unsigned char)r->buf[r->at + i]) ? r->buf[r->at + i] : ' ';
	shown[n] = '\0';
	return err_set(r->e, ERR_UPSTREAM, NULL, "the answer is not what it should be: where %s should stand there is \"%s\"", wanted, shown);
}

static bool expect(struct reader *r, char c, const char *wanted) {
	if (next_mark(r) != (unsigned char)c)
		return unexpected(r, wanted);
	r->at++;
	return true;
}

struct cut {
	unsigned depth;
	bool string, escaped;
};

/* True when the byte ends the value that began with depth 0. */
static bool cut_ends(struct cut *c, char b) {
	if (c->string) {
		if (c->escaped)
			c->escaped = false;
		else if (b == '\\')
			c->escaped = true;
		else if (b == '"')
			c->string = false;
		return !c->string && c->depth == 0;
	}
	if (b == '"')
		c->string = true;
	else if (b == '{' || b == '[')
		c->depth++;
	else if (b == '}' || b == ']')
		return --c->depth == 0;
	return false;
}

/* A number or a word has no end of its own. */
static bool cut_scalar(struct reader *r) {
	int c;

	while ((c = peek(r)) >= 0 && strchr(",]} \n\r\t", c) == NULL && r->part.len < 100) {
		sb_chr(&r->part, (char)c);
		r->at++;
	}
	return r->part.len > 0 || unexpected(r, "a value");
}

/* The text of the value that begins here, into r->part. */
static bool cut_value(struct reader *r) {
	struct cut c = { 0 };
	int first = next_mark(r);

	sb_reset(&r->part);
	if (first != '{' && first != '[' && first != '"')
		return cut_scalar(r);
	for (;;) {
		size_t i;

		if (peek(r) < 0)
			return unexpected(r, "the rest of a value");
		for (i = r->at; i < r->n; i++) {
			if (cut_ends(&c, r->buf[i])) {
				sb_mem(&r->part, r->buf + r->at, i + 1 - r->at);
				r->at = i + 1;
				return true;
			}
		}
		sb_mem(&r->part, r->buf + r->at, r->n - r->at);
		r->at = r->n;
		if (r->part.len > LIMIT_PEERINGDB_ROW)
			return err_set(r->e, ERR_UPSTREAM, NULL, "a row of the answer has more than %d bytes", LIMIT_PEERINGDB_ROW);
	}
}

static bool parse_part(struct reader *r, struct arena *a, struct val *v) {
	struct err e;

	if (json_parse(a, r->part.s, r->part.len, LIMIT_JSON_DEPTH, v, &e))
		return true;
	return err_set(r->e, ERR_UPSTREAM, NULL, "the answer is not JSON: %.200s in %.60s", e.msg, r->part.s);
}

static bool one_row(struct reader *r, struct answer *out) {
	struct arena_mark mark;
	struct val v;
	bool ok;

	if (next_mark(r) != '{')
		return unexpected(r, "a row");
	if (!cut_value(r))
		return false;
	mark = arena_mark(r->a);
	ok = parse_part(r, r->a, &v) && out->row(out->arg, v, r->e);
	arena_rewind(r->a, mark);
	out->rows++;
	return ok;
}

static bool rows(struct reader *r, struct answer *out) {
	if (!expect(r, '[', "the list of \"data\""))
		return false;
	if (next_mark(r) == ']') {
		r->at++;
		return true;
	}
	for (;;) {
		if (!one_row(r, out))
			return false;
		if (next_mark(r) == ']') {
			r->at++;
			return true;
		}
		if (!expect(r, ',', "\",\" or \"]\""))
			return false;
	}
}

static bool member(struct reader *r, struct arena *keep, struct answer *out, bool *data) {
	bool meta;
	struct val v;

	if (next_mark(r) != '"')
		return unexpected(r, "a key");
	if (!cut_value(r))
		return false;
	meta = strcmp(r->part.s, "\"meta\"") == 0;
	if (strcmp(r->part.s, "\"data\"") == 0) {
		*data = true;
		return expect(r, ':', "\":\"") && rows(r, out);
	}
	if (!expect(r, ':', "\":\"") || !cut_value(r))
		return false;
	if (!meta)
		return true;
	if (!parse_part(r, keep, &v))
		return false;
	out->meta = v.type == V_MAP ? v.u.map : NULL;
	return true;
}

static bool members(struct reader *r, struct arena *keep, struct answer *out) {
	bool data = false;

	if (!expect(r, '{', "\"{\""))
		return false;
	while (next_mark(r) != '}') {
		if (!member(r, keep, out, &data))
			return false;
		if (next_mark(r) != '}' && !expect(r, ',', "\",\" or \"}\""))
			return false;
	}
	r->at++;
	if (next_mark(r) >= 0)
		return unexpected(r, "the end");
	return data || err_set(r->e, ERR_UPSTREAM, NULL, "the answer has no \"data\"");
}

bool answer_read(struct arena *a, FILE *f, struct answer *out, struct err *e) {
	struct arena *own = arena_new_root();
	struct reader r = { .a = own, .f = f, .buf = arena_alloc(own, BUFFER), .e = e };
	bool ok;

	sb_init(&r.part, own);
	sb_reserve(&r.part, BUFFER);
	out->rows = 0;
	out->meta = NULL;
	ok = members(&r, a, out);
	arena_free(own);
	return ok;
}
