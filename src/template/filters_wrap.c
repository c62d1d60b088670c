/* filters_wrap.c: wordwrap (Python's textwrap) and pprint (Python's pprint, 80 columns). */
#include "config.h"

#include "template/filters.h"

/* ---- wordwrap: over code points, as widths are counted in them */

struct chunk {
	size_t from, n;
};

struct wrapper {
	struct interp *in;
	const uint32_t *s;
	size_t n;
	struct chunk *chunks;
	size_t nchunks;
	int64_t width;
	bool break_words, hyphens;
	struct val newline;
	struct sbuf out;
	size_t lines;                   /* of this line of the text */
	bool any;
};

static bool blank(uint32_t c) {
	return c == ' ' || (c >= 9 && c <= 13);
}

static bool letter(const struct wrapper *w, size_t i) {
	return i < w->n && uc_word(w->s[i]) && !uc_decimal(w->s[i]);
}

static bool word_punct(const struct wrapper *w, size_t i) {
	return i < w->n && (uc_word(w->s[i]) || (w->s[i] < 0x80 && w->s[i] != 0 && strchr("!\"'&.,?", (int)w->s[i]) != NULL));
}

/* Two or more dashes at i with a word behind them: where they end, or 0. */
static size_t dashes(const struct wrapper *w, size_t i) {
	size_t end = i;

	while (end < w->n && w->s[end] == '-')
		end++;
	return end - i >= 2 && end < w->n && uc_word(w->s[end]) ? end : 0;
}

static bool breaks_at_hyphen(const struct wrapper *w, size_t i) {
	bool before = (i >= 2 && letter(w, i - 1) && letter(w, i - 2)) ||
	              (i >= 3 && letter(w, i - 3) && w->s[i - 2] == '-' && word_punct(w, i - 1));

	return before && letter(w, i + 1) && (letter(w, i + 2) || (i + 2 < w->n && w->s[i + 2] == '-' && letter(w, i + 3)));
}

static size_t chunk_end(const struct wrapper *w, size_t i) {
	size_t end;

	if (blank(w->s[i])) {
		while (i < w->n && blank(w->s[i]))
			i++;
		return i;
	}
	if (w->hyphens && i > 0 && word_punct(w, i - 1) && (end = dashes(w, i)) > 0)
		return end;
	for (i++; i < w->n && !blank(w->s[i]); i++) {
		if (!w->hyphens)
			continue;
		if (w->s[i] == '-' && breaks_at_hyphen(w, i))
			return i + 1;
		if (word_punct(w, i - 1) && dashes(w, i) > 0)
			return i;
	}
	return i;
}

static void put_line(struct wrapper *w, const struct chunk *line, size_t n) {
	char u[4];
	size_t i, k;

	if (w->any)
		sb_mem(&w->out, w->newline.u.s, w->newline.len);
	w->any = true;
	w->lines++;
	for (i = 0; i < n; i++) {
		for (k = 0; k < line[i].n; k++)
			sb_mem(&w->out, u, utf8_put(u, w->s[line[i].from + k]));
	}
}

/* How much of a word that is longer than a line goes onto this one. */
static size_t long_part(const struct wrapper *w, struct chunk c, int64_t used) {
	size_t space = w->width < 1 ? 1 : (size_t)(w->width - used), i;
	bool other = false;

	if (!w->hyphens || c.n <= space)
		return space < c.n ? space : c.n;
	for (i = space; i-- > 0;) {
		size_t k;

		if (w->s[c.from + i] != '-')
			continue;
		for (k = 0; k < i; k++)
			other = other || w->s[c.from + k] != '-';
		return i > 0 && other ? i + 1 : space;
	}
	return space;
}

static bool wrap_chunks(struct wrapper *w) {
	struct chunk *line = arena_new(w->in->a, struct chunk, w->nchunks + 1);
	size_t at = 0;

	while (at < w->nchunks) {
		size_t n = 0;
		int64_t used = 0;

		if (!step(w->in) || !room(w->in, w->out.len))
			return false;
		if (w->lines > 0 && blank(w->s[w->chunks[at].from]))
			at++;
		while (at < w->nchunks && used + (int64_t)w->chunks[at].n <= w->width) {
			used += (int64_t)w->chunks[at].n;
			line[n++] = w->chunks[at++];
		}
		if (at < w->nchunks && (int64_t)w->chunks[at].n > w->width) {
			if (w->break_words) {
				size_t part = long_part(w, w->chunks[at], used);

				line[n++] = (struct chunk){ .from = w->chunks[at].from, .n = part };
				w->chunks[at].from += part;
				w->chunks[at].n -= part;
				at += w->chunks[at].n == 0;
			} else if (n == 0) {
				line[n++] = w->chunks[at++];
			}
		}
		if (n > 0 && line[n - 1].n > 0 && blank(w->s[line[n - 1].from]))
			n--;
		if (n > 0)
			put_line(w, line, n);
	}
	return true;
}

static bool wrap_line(struct wrapper *w, struct val v) {
	uint32_t *s = arena_new(w->in->a, uint32_t, (size_t)v.len + 1);
	size_t i, len;

	w->n = 0;
	for (i = 0; i < v.len; i += len)
		s[w->n++] = utf8_at(v, i, &len);
	w->s = s;
	w->chunks = arena_new(w->in->a, struct chunk, w->n + 1);
	w->nchunks = 0;
	w->lines = 0;
	for (i = 0; i < w->n; i += w->chunks[w->nchunks++].n)
		w->chunks[w->nchunks] = (struct chunk){ .from = i, .n = chunk_end(w, i) - i };
	if (!wrap_chunks(w))
		return false;
	if (w->lines == 0)
		put_line(w, NULL, 0);           /* an empty line stays one */
	return true;
}

static size_t break_at(struct val v, size_t at) {
	size_t len;
	uint32_t ch = utf8_at(v, at, &len);

	if (ch == '\r' && at + 1 < v.len && v.u.s[at + 1] == '\n')
		return 2;
	return (ch >= 10 && ch <= 13) || (ch >= 0x1C && ch <= 0x1E) || ch == 0x85 || ch == 0x2028 || ch == 0x2029 ? len : 0;
}

bool f_wordwrap(struct call *c, struct val *out) {
	struct interp *in = interp_of(c);
	struct wrapper w = { .in = in, .newline = c->args[3] };
	struct val v = c->args[0];
	size_t i = 0, start, end, len;

	if (w.newline.type == V_UNDEF)
		return undef_fail(in, w.newline);
	if (w.newline.type == V_NULL)
		w.newline = val_str(in->env->o.newline == NULL ? "\n" : in->env->o.newline);
	if (w.newline.type != V_STR)
		return fail(in, "AttributeError", "'%s' object has no attribute 'join'", type_name(w.newline));
	if (v.type == V_UNDEF)
		return undef_fail(in, v);
	if (v.type != V_STR)
		return fail(in, "AttributeError", "'%s' object has no attribute 'splitlines'", type_name(v));
	if (c->args[1].type == V_UNDEF)
		return undef_fail(in, c->args[1]);
	if (!index_of(in, c->args[1], &w.width) || !truth(in, c->args[2], &w.break_words) || !truth(in, c->args[4], &w.hyphens))
		return false;
	if (w.width <= 0 && v.len > 0)
		return fail(in, "ValueError", "invalid width %lld (must be > 0)", (long long)w.width);
	sb_init(&w.out, c->a);
	while (i < v.len) {
		for (start = i, end = 0; i < v.len && (end = break_at(v, i)) == 0; i += len)
			(void)utf8_at(v, i, &len);
		if (!wrap_line(&w, val_mem(v.u.s + start, i - start)))
			return false;
		i += end;
	}
	*out = val_mem(w.out.s, w.out.len);
	return true;
}

/* ---- pprint */

struct printer {
	struct interp *in;
	struct sbuf *b;
};

static bool print(struct printer *p, struct val v, int64_t indent, int64_t allowance, int level);

/* Keys in order; what cannot be compared goes by the name of its type. */
static bool sort_keys(struct interp *in, const struct map *m, struct val *keys, struct val *values) {
	size_t i;

	for (i = 0; i < m->n; i++) {
		keys[i] = map_key(m, i);
		values[i] = map_val(m, i);
	}
	if (sort_values(in, keys, values, m->n, 0))
		return true;
	if (in->e->kind == NULL || strcmp(in->e->kind, "TypeError") != 0)
		return false;
	*in->e = (struct err){ 0 };
	return true;
}

/* repr() with the keys of dicts in order. */
static bool flat(struct interp *in, struct val v, struct sbuf *b) {
	const struct list *l = v.u.list;
	struct val *keys, *values;
	size_t i;

	if (v.type != V_MAP && v.type != V_LIST)
		return repr(in, v, b);
	if (!enter_call(in))
		return false;
	sb_chr(b, v.type == V_MAP ? '{' : is_tuple(v) ? '(' : '[');
	if (v.type == V_MAP) {
		keys = arena_new(in->a, struct val, v.u.map->n);
		values = arena_new(in->a, struct val, v.u.map->n);
		if (!sort_keys(in, v.u.map, keys, values))
			return false;
		for (i = 0; i < v.u.map->n; i++) {
			sb_str(b, i > 0 ? ", " : "");
			if (!flat(in, keys[i], b))
				return false;
			sb_str(b, ": ");
			if (!flat(in, values[i], b))
				return false;
		}
	}
	for (i = 0; v.type == V_LIST && i < l->n; i++) {
		sb_str(b, i > 0 ? ", " : "");
		if (!flat(in, l->v[i], b))
			return false;
	}
	sb_str(b, v.type == V_MAP ? "}" : !is_tuple(v) ? "]" : l->n == 1 ? ",)" : ")");
	leave_call(in);
	return true;
}

static void new_line(struct printer *p, int64_t indent) {
	sb_str(p->b, ",\n");
	while (indent-- > 0)
		sb_chr(p->b, ' ');
}

static bool print_map(struct printer *p, const struct map *m, int64_t indent, int64_t allowance, int level) {
	struct val *keys = arena_new(p->in->a, struct val, m->n), *values = arena_new(p->in->a, struct val, m->n);
	size_t i, before;

	if (!sort_keys(p->in, m, keys, values))
		return false;
	sb_chr(p->b, '{');
	for (i = 0; i < m->n; i++) {
		if (i > 0)
			new_line(p, indent + 1);
		before = p->b->len;
		if (!flat(p->in, keys[i], p->b))
			return false;
		before = utf8_count(p->b->s + before, p->b->len - before);
		sb_str(p->b, ": ");
		if (!print(p, values[i], indent + 1 + (int64_t)before + 2, i + 1 == m->n ? allowance + 1 : 1, level))
			return false;
	}
	sb_chr(p->b, '}');
	return true;
}

static bool print_list(struct printer *p, struct val v, int64_t indent, int64_t allowance, int level) {
	const struct list *l = v.u.list;
	const char *end = !is_tuple(v) ? "]" : l->n == 1 ? ",)" : ")";
	size_t i;

	sb_chr(p->b, is_tuple(v) ? '(' : '[');
	for (i = 0; i < l->n; i++) {
		if (i > 0)
			new_line(p, indent + 1);
		if (!print(p, l->v[i], indent + 1, i + 1 == l->n ? allowance + (int64_t)strlen(end) : 1, level))
			return false;
	}
	sb_str(p->b, end);
	return true;
}

static size_t repr_width(struct arena *a, struct val v) {
	struct sbuf b;

	sb_init(&b, a);
	repr_str(&b, v.u.s, v.len);
	return utf8_count(b.s, b.len);
}

/* A word with the white space behind it. */
static size_t part_end(struct val line, size_t i) {
	size_t len;

	while (i < line.len && !uc_space(utf8_at(line, i, &len)))
		i += len;
	while (i < line.len && uc_space(utf8_at(line, i, &len)))
		i += len;
	return i;
}

static void split_long(struct arena *a, struct val line, bool last, int64_t width, int64_t allowance, struct list *chunks) {
	size_t from = 0, at = 0;

	while (at < line.len) {
		size_t end = part_end(line, at);

		if (last && end == line.len)
			width -= allowance;
		if ((int64_t)repr_width(a, val_mem(line.u.s + from, end - from)) > width && at > from) {
			list_push(chunks, val_mem(line.u.s + from, at - from));
			from = at;
		}
		at = end;
	}
	if (at > from)
		list_push(chunks, val_mem(line.u.s + from, at - from));
}

static bool print_str(struct printer *p, struct val v, int64_t indent, int64_t allowance, int level) {
	struct list *chunks = list_new(p->in->a, 4);
	size_t i = 0, start, end, len;
	int64_t width, k;

	if (level == 1) {
		indent++;
		allowance++;
	}
	width = 80 - indent;
	while (i < v.len) {
		for (start = i, end = 0; i < v.len && (end = break_at(v, i)) == 0; i += len)
			(void)utf8_at(v, i, &len);
		i += end;
		if ((int64_t)repr_width(p->in->a, val_mem(v.u.s + start, i - start)) <= width - (i >= v.len ? allowance : 0))
			list_push(chunks, val_mem(v.u.s + start, i - start));
		else
			split_long(p->in->a, val_mem(v.u.s + start, i - start), i >= v.len, width, allowance, chunks);
	}
	sb_str(p->b, level == 1 && chunks->n > 1 ? "(" : "");
	for (i = 0; i < chunks->n; i++) {
		if (i > 0)
			sb_chr(p->b, '\n');
		for (k = 0; i > 0 && k < indent; k++)
			sb_chr(p->b, ' ');
		repr_str(p->b, chunks->v[i].u.s, chunks->v[i].len);
	}
	sb_str(p->b, level == 1 && chunks->n > 1 ? ")" : "");
	return true;
}

static bool print(struct printer *p, struct val v, int64_t indent, int64_t allowance, int level) {
	struct sbuf one;
	bool ok = true;

	sb_init(&one, p->in->a);
	if (!step(p->in) || !flat(p->in, v, &one) || !room(p->in, p->b->len + one.len))
		return false;
	if ((int64_t)utf8_count(one.s, one.len) <= 80 - indent - allowance || (v.type != V_MAP && v.type != V_LIST && v.type != V_STR) ||
	    is_safe(v)) {
		sb_mem(p->b, one.s, one.len);
		return true;
	}
	if (!enter_call(p->in))
		return false;
	if (v.type == V_MAP)
		ok = print_map(p, v.u.map, indent, allowance, level + 1);
	else if (v.type == V_LIST)
		ok = print_list(p, v, indent, allowance, level + 1);
	else
		ok = print_str(p, v, indent, allowance, level + 1);
	leave_call(p->in);
	return ok;
}

bool f_pprint(struct call *c, struct val *out) {
	struct sbuf b;
	struct printer p = { .in = interp_of(c), .b = &b };

	sb_init(&b, c->a);
	if (!print(&p, c->args[0], 0, 0, 0))
		return false;
	*out = val_mem(b.s, b.len);
	return true;
}
