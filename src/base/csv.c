/* csv.c: one pass over the text; a cell is a copy without its quotes. */
#include "config.h"

#include "base/csv.h"
#include "base/utf8.h"

struct reading {
	struct arena *a;
	const char *s, *end, *line_start;
	size_t line, cells_max;
	char separator;
	struct err *e;
};

static bool wrong(struct reading *r, const char *at, const char *what) {
	return err_set(r->e, ERR_INVALID, NULL, "line %zu column %zu: %s", r->line, utf8_count(r->line_start, (size_t)(at - r->line_start)) + 1, what);
}

static bool check_utf8(struct reading *r) {
	const char *s = r->s;

	while (s < r->end) {
		size_t n = utf8_len(s, (size_t)(r->end - s));

		if (n == 0 || *s == '\0')
			return wrong(r, s, *s == '\0' ? "a NUL byte: is this UTF-16 or no text at all? Save it as UTF-8" :
			    "this is not UTF-8 (Latin-1 perhaps?): save it as UTF-8");
		if (*s == '\n') {
			r->line++;
			r->line_start = s + 1;
		}
		s += n;
	}
	r->line = 1;
	r->line_start = r->s;
	return true;
}

/* The separator that the heading has most of. */
static char separator_of(const char *s, const char *end) {
	static const char known[] = ",;\t";
	size_t count[3] = { 0 }, best = 0, i;

	for (; s < end && *s != '\n'; s++) {
		for (i = 0; i < 3; i++)
			count[i] += *s == known[i];
	}
	for (i = 1; i < 3; i++)
		best = count[i] > count[best] ? i : best;
	return known[best];
}

static bool quoted(struct reading *r, struct sbuf *b) {
	const char *opened = r->s++;
	size_t line = r->line, column = utf8_count(r->line_start, (size_t)(opened - r->line_start)) + 1;

	for (;; r->s++) {
		if (r->s == r->end)
			return err_set(r->e, ERR_INVALID, NULL, "line %zu column %zu: the quote that opens here is never closed", line, column);
		if (*r->s == '"' && (r->s + 1 == r->end || r->s[1] != '"'))
			break;
		if (*r->s == '"')
			r->s++;
		if (*r->s == '\n') {
			r->line++;
			r->line_start = r->s + 1;
		}
		sb_chr(b, *r->s);
	}
	r->s++;
	if (r->s < r->end && *r->s != r->separator && *r->s != '\n' && *r->s != '\r')
		return wrong(r, r->s, "text after a closing quote; a quote within a cell is written twice");
	return true;
}

static bool cell(struct reading *r, const char **out) {
	const char *from = r->s;
	struct sbuf b;

	if (r->s < r->end && *r->s == '"') {
		sb_init(&b, r->a);
		*out = b.s;
		if (!quoted(r, &b))
			return false;
		*out = b.s;
		return true;
	}
	while (r->s < r->end && *r->s != r->separator && *r->s != '\n' && *r->s != '\r') {
		if (*r->s == '"')
			return wrong(r, r->s, "a quote within a cell that does not begin with one");
		r->s++;
	}
	*out = arena_strndup(r->a, from, (size_t)(r->s - from));
	return true;
}

static bool row(struct reading *r, struct csv_row *out) {
	size_t cap = r->cells_max > 0 ? r->cells_max : 16;

	*out = (struct csv_row){ .cell = arena_new(r->a, const char *, cap), .line = r->line };
	for (;;) {
		if (out->n == cap) {
			if (r->cells_max > 0)
				return wrong(r, r->s, arena_printf(r->a, "more cells than the heading has columns (%zu)", r->cells_max));
			out->cell = arena_grow(r->a, out->cell, cap * sizeof(*out->cell), cap * 2 * sizeof(*out->cell));
			cap *= 2;
		}
		if (!cell(r, &out->cell[out->n++]))
			return false;
		if (r->s == r->end || *r->s != r->separator)
			break;
		r->s++;
	}
	if (r->cells_max > 0 && out->n != r->cells_max)
		return wrong(r, r->s, arena_printf(r->a, "%zu cells, but the heading has %zu columns", out->n, r->cells_max));
	return true;
}

static void line_end(struct reading *r) {
	r->s += r->s < r->end && *r->s == '\r';
	if (r->s < r->end && *r->s == '\n')
		r->s++;
	r->line++;
	r->line_start = r->s;
}

bool csv_parse(struct arena *a, const char *text, size_t len, struct csv *out, struct err *e) {
	struct reading r = { .a = a, .s = text, .end = text + len, .line_start = text, .line = 1, .e = e };
	size_t cap = 64;

	if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
		r.line_start = r.s += 3;
	if (!check_utf8(&r))
		return false;
	*out = (struct csv){ .row = arena_new(a, struct csv_row, cap), .separator = separator_of(r.s, r.end) };
	r.separator = out->separator;
	while (r.s < r.end) {
		if (*r.s == '\n' || *r.s == '\r') {
			line_end(&r);
			continue;
		}
		if (out->n == cap) {
			out->row = arena_grow(a, out->row, cap * sizeof(*out->row), cap * 2 * sizeof(*out->row));
			cap *= 2;
		}
		if (!row(&r, &out->row[out->n]))
			return false;
		if (out->n++ == 0)
			r.cells_max = out->row[0].n;
		if (r.s < r.end)
			line_end(&r);
	}
	return out->n > 0 || err_set(e, ERR_INVALID, NULL, "line 1: the table is empty; its first line names the columns");
}
