/* display.c: the display text of a row, "AS{asn} - {name}", compiled once and run for each row. */
#include "config.h"

#include <assert.h>
#include <ctype.h>

#include "base/conf.h"
#include "base/json.h"
#include "model/engine.h"

static void add_text(struct info *info, const char *s, size_t len) {
	if (len > 0)
		info->display[info->ndisplay++] = (struct piece){ .kind = PIECE_TEXT, .text = s, .len = len };
}

void display_compile(struct model *m, struct info *info) {
	const char *s = info->res->display, *from;

	if (s == NULL)
		s = "{id}";
	info->display = arena_new(m->a, struct piece, strlen(s) + 1);
	for (from = s; *s != '\0'; s++) {
		struct piece p = { .kind = PIECE_TEXT };

		if (strchr("{[]|", *s) == NULL)
			continue;
		add_text(info, from, (size_t)(s - from));
		p.kind = *s == '{' ? PIECE_PATH : *s == '[' ? PIECE_OPEN : *s == ']' ? PIECE_CLOSE : PIECE_OR;
		if (*s == '{') {
			const char *end = strchr(s, '}');
			bool ok = end != NULL && path_parse(info->res, s + 1, (size_t)(end - s - 1), &p.path);

			assert(ok);
			if (!ok)
				return;
			s = end;
		}
		info->display[info->ndisplay++] = p;
		from = s + 1;
	}
	add_text(info, from, (size_t)(s - from));
}

void value_text(struct sbuf *b, struct val v) {
	const struct row *r;

	switch ((enum vtype)v.type) {
	case V_STR: sb_mem(b, v.u.s, v.len); break;
	case V_INT: sb_int(b, v.u.i); break;
	case V_BOOL: sb_str(b, v.u.b ? "True" : "False"); break;
	case V_FLOAT: json_float(b, v.u.f); break;
	case V_OBJ:
		r = row_of_val(v);
		if (r != NULL && r->display.type == V_STR)
			sb_mem(b, r->display.u.s, r->display.len);
		break;
	case V_LIST:
	case V_MAP: json_write(b, v); break;
	case V_UNDEF:
	case V_NULL:
	case V__COUNT: break;
	}
}

static void lower(struct sbuf *b, const char *s, size_t len) {
	size_t i;

	for (i = 0; i < len; i++)
		sb_chr(b, (char)tolower((unsigned char)s[i]));
}

/* "peering.bgpgroup" as "Peering | BGP group". */
static void title(const struct model *m, struct sbuf *b, struct val v) {
	const struct object_type *t = v.type == V_STR ? otype_by_name(m, v.u.s, v.len) : NULL;
	size_t at = b->len;

	if (t == NULL || t->res == NULL) {
		value_text(b, v);
		return;
	}
	sb_str(b, t->res->app);
	if (b->len > at)
		b->s[at] = (char)toupper((unsigned char)b->s[at]);
	sb_str(b, " | ");
	sb_str(b, t->res->name);
}

static void path_text(const struct model *m, const struct row *row, const struct path *p, struct sbuf *b) {
	const struct field *f = NULL;
	struct val v = val_null();
	const struct choice *c;
	size_t i;

	for (i = 0; i < p->n && row != NULL; i++) {
		if (p->step[i] == PATH_ID) {
			sb_int(b, row->id);
			return;
		}
		f = &row->res->fields[p->step[i]];
		v = row->v[p->step[i]];
		row = i + 1 < p->n ? row_of_val(v) : row;
	}
	if (row == NULL || f == NULL)
		return;
	switch (p->form) {
	case PATH_LABEL:
	case PATH_LOWER:
		c = v.type == V_STR ? choice_find(f->choices, v.u.s, v.len) : NULL;
		if (c == NULL)
			value_text(b, v);
		else if (p->form == PATH_LABEL)
			sb_str(b, c->label);
		else
			lower(b, c->label, strlen(c->label));
		break;
	case PATH_TITLE: title(m, b, v); break;
	case PATH_MINUTE:
		if (v.type == V_STR && v.len >= 16) {
			sb_mem(b, v.u.s, 10);
			sb_chr(b, ' ');
			sb_mem(b, v.u.s + 11, 5);
		}
		break;
	case PATH_PLAIN: value_text(b, v); break;
	}
}

/* Write one alternative from piece i on; *end is the piece after it. False when a path outside [] is empty. */
static bool alternative(const struct model *m, struct info *info, const struct row *row, struct sbuf *b, size_t i, size_t *end) {
	bool filled = true, inside = false, inside_filled = true;
	size_t open = 0;

	for (; i < info->ndisplay && info->display[i].kind != PIECE_OR; i++) {
		const struct piece *p = &info->display[i];
		size_t before = b->len;

		if (p->kind == PIECE_OPEN) {
			inside = inside_filled = true;
			open = b->len;
		} else if (p->kind == PIECE_CLOSE) {
			inside = false;
			if (!inside_filled)
				b->len = open;
		} else if (p->kind == PIECE_TEXT) {
			sb_mem(b, p->text, p->len);
		} else {
			path_text(m, row, &p->path, b);
			if (b->len == before) {
				filled = filled && inside;
				inside_filled = inside_filled && !inside;
			}
		}
	}
	*end = i;
	return filled;
}

void display_text(const struct model *m, struct info *info, const struct row *row, struct sbuf *b) {
	size_t i = 0, start = b->len;

	while (!alternative(m, info, row, b, i, &i) && i < info->ndisplay) {
		b->len = start;
		i++;
	}
	if (b->cap > 0)
		b->s[b->len] = '\0';
}
