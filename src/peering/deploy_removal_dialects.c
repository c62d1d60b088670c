/*
 * deploy_removal_dialects.c: the removal of deploy_removal.c for texts that are no lines: Junos's braces, where "delete:" stands before a statement that is to
 * go (in the format text of its load-configuration); the braces of SR Linux and VyOS, where a line is a statement, as the lines of their "set"; and RouterOS's
 * scripts, where what was added is found again by what names it.
 */
#include "config.h"

#include "peering/deploy.h"

enum { NESTING_MAX = 32 };

/* ---- braces ---- */

struct statement {
	const char *s;                  /* its words, one blank between them */
	bool container, replaced, deleted;      /* has braces; "replace:", "delete:" stand before it */
	struct statement *first, *next;
};

struct reader {
	struct arena *a;
	const char *s;
};

static void skip_blanks(struct reader *r) {
	for (;;) {
		r->s += strspn(r->s, " \t\r\n");
		if (*r->s == '#') {
			r->s += strcspn(r->s, "\n");
		} else if (r->s[0] == '/' && r->s[1] == '*') {
			const char *end = strstr(r->s + 2, "*/");

			r->s = end == NULL ? r->s + strlen(r->s) : end + 2;
		} else {
			return;
		}
	}
}

/* The next word, "" at a sign of its own ({ } ; [ ]) or the end; a quoted one with its quotes. */
static const char *next_word(struct reader *r) {
	const char *from;

	skip_blanks(r);
	from = r->s;
	while (*r->s != '\0' && strchr(" \t\r\n{};[]", *r->s) == NULL) {
		if (*r->s == '"') {
			for (r->s++; *r->s != '\0' && *r->s != '"'; r->s++)
				r->s += *r->s == '\\' && r->s[1] != '\0';
		}
		r->s += *r->s != '\0';
	}
	return arena_strndup(r->a, from, (size_t)(r->s - from));
}

static struct statement *add(struct reader *r, struct statement ***end, const char *words) {
	struct statement *x = arena_new(r->a, struct statement, 1);

	*x = (struct statement){ .s = words };
	**end = x;
	*end = &x->next;
	return x;
}

static bool is_tag(const char *word) {
	static const char *const tags[] = { "replace:", "delete:", "inactive:", "active:", "protect:", "unprotect:" };

	for (size_t i = 0; i < ARRAY_LEN(tags); i++) {
		if (strcmp(word, tags[i]) == 0)
			return true;
	}
	return false;
}

static struct statement *read_block(struct reader *r, unsigned depth);

/* One statement up to its ";" or through its block. A list in brackets is a statement for each of its values. */
static void read_statement(struct reader *r, struct statement ***end, unsigned depth) {
	struct statement tags = { 0 }, *x;
	const char *words = "", *word;

	for (;;) {
		word = next_word(r);
		if (*words == '\0' && is_tag(word)) {
			tags.replaced |= strcmp(word, "replace:") == 0;
			tags.deleted |= strcmp(word, "delete:") == 0;
		} else if (*word != '\0') {
			words = arena_printf(r->a, "%s%s%s", words, *words == '\0' ? "" : " ", word);
		} else if (*r->s == '[') {
			for (r->s++; *(word = next_word(r)) != '\0';) {
				x = add(r, end, arena_printf(r->a, "%s %s", words, word));
				x->deleted = tags.deleted;
			}
			words = "";
			r->s += *r->s == ']';
		} else {
			break;
		}
	}
	if (*words != '\0') {
		x = add(r, end, words);
		x->container = *r->s == '{';
		x->replaced = tags.replaced;
		x->deleted = tags.deleted;
		if (x->container && depth < NESTING_MAX) {
			r->s++;
			x->first = read_block(r, depth + 1);
		}
	}
	if (*r->s == ';' || *r->s == '{')
		r->s++;
}

/* Statements up to the closing brace or the end. */
static struct statement *read_block(struct reader *r, unsigned depth) {
	struct statement *first = NULL, **end = &first;

	for (skip_blanks(r); *r->s != '\0' && *r->s != '}'; skip_blanks(r)) {
		const char *before = r->s;

		read_statement(r, &end, depth);
		if (r->s == before)
			r->s++;         /* a sign that stands nowhere */
	}
	r->s += *r->s == '}';
	return first;
}

/* The same statement among these; a block may be written in several parts, of which a replaced one counts. */
static const struct statement *find(const struct statement *in, const struct statement *x) {
	const struct statement *found = NULL;

	for (; in != NULL; in = in->next) {
		if (!in->deleted && strcmp(in->s, x->s) == 0 && (found == NULL || in->replaced))
			found = in;
	}
	return found;
}

static size_t key_of(const char *s) {
	return strcspn(s, " ");
}

/* A setting that has one value, so that a new one takes the place of the old. */
static bool has_one_value(const char *s) {
	static const char *const keys[] = { "description", "peer-as", "local-address", "authentication-key", "hold-time", "type", "maximum", "host-name",
		"preference", "local-preference", "metric", "cluster", "ttl", "router-id", "autonomous-system" };

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		if (key_of(s) == strlen(keys[i]) && strncmp(s, keys[i], strlen(keys[i])) == 0)
			return true;
	}
	return false;
}

static bool has_key(const struct statement *in, const char *s) {
	for (; in != NULL; in = in->next) {
		if (!in->deleted && key_of(in->s) == key_of(s) && strncmp(in->s, s, key_of(s)) == 0)
			return true;
	}
	return false;
}

/* A level of the hierarchy, in which others have statements too; what has a name of its own ("neighbor 192.0.2.1", "policy-statement x") goes whole. */
static bool is_shared(const struct statement *x) {
	static const char *const words[] = { "family ", "unit ", "interface " };

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (strncmp(x->s, words[i], strlen(words[i])) == 0)
			return true;
	}
	return strchr(x->s, ' ') == NULL;
}

/* What of `last` is not in any part of the blocks of `now`. */
static void remove_block(struct arena *a, const struct statement *last, const struct statement *now, unsigned depth, struct sbuf *out) {
	for (const struct statement *x = last; x != NULL; x = x->next) {
		const struct statement *same = find(now, x);
		struct sbuf inner;

		if (x->deleted || (same != NULL && (same->replaced || !x->container || !same->container)))
			continue;
		if (same == NULL && !x->container && has_one_value(x->s)) {
			if (!has_key(now, x->s))
				sb_fmt(out, "%*sdelete: %.*s;\n", (int)depth * 4, "", (int)key_of(x->s), x->s);
			continue;
		}
		if (same == NULL && !(x->container && is_shared(x))) {
			sb_fmt(out, "%*sdelete: %s;\n", (int)depth * 4, "", x->s);
			continue;
		}
		sb_init(&inner, a);
		remove_block(a, x->first, same == NULL ? NULL : same->first, depth + 1, &inner);
		if (inner.len > 0)
			sb_fmt(out, "%*s%s {\n%s%*s}\n", (int)depth * 4, "", x->s, inner.s, (int)depth * 4, "");
	}
}

/* Blocks of the same name as one. */
static struct statement *join(struct statement *block) {
	for (struct statement *x = block; x != NULL; x = x->next) {
		struct statement **tail = &x->first, **at = &x->next;

		while (*tail != NULL)
			tail = &(*tail)->next;
		while (x->container && *at != NULL) {
			struct statement *y = *at;

			if (!y->container || y->deleted != x->deleted || strcmp(y->s, x->s) != 0) {
				at = &y->next;
				continue;
			}
			*tail = y->first;
			while (*tail != NULL)
				tail = &(*tail)->next;
			x->replaced |= y->replaced;
			*at = y->next;
		}
		x->first = join(x->first);
	}
	return block;
}

void deploy_removal_braces(struct arena *a, const char *last, const char *now, struct sbuf *out) {
	struct reader old = { a, last }, new = { a, now };
	struct statement *before = join(read_block(&old, 0)), *after = join(read_block(&new, 0));

	remove_block(a, before, after, 0, out);
}

/* ---- braces in which a line is a statement ---- */

struct flattener {
	struct sbuf *out, statement;
	const char *root, *path[NESTING_MAX + 1];       /* "", " interface lo0", ... */
	unsigned depth;
	bool empty;                     /* nothing is in the block yet */
};

static size_t trimmed(const struct sbuf *b) {
	return b->len - (b->len > 0 && b->s[b->len - 1] == ' ');
}

static void end_statement(struct flattener *f) {
	struct sbuf *b = &f->statement;

	sb_cut(b, trimmed(b));
	if (b->len > 0 && f->depth == 0 && strncmp(b->s, "set ", 4) == 0)
		sb_fmt(f->out, "%s\n", b->s);
	else if (b->len > 0 && (f->depth > 0 || strncmp(b->s, "delete ", 7) != 0)) {
		char *value = *f->root == '\0' ? NULL : strchr(b->s, ' ');

		if (value != NULL)
			*value = '\t';
		sb_fmt(f->out, "set%s%s %s\n", f->root, f->path[f->depth], b->s);
	}
	f->empty = f->empty && b->len == 0;
	sb_reset(b);
}

static void enter_block(struct flattener *f) {
	struct sbuf *b = &f->statement;

	sb_cut(b, trimmed(b));
	if (f->depth < NESTING_MAX) {
		f->path[f->depth + 1] = arena_printf(b->a, "%s %s", f->path[f->depth], b->s);
		f->depth++;
	}
	f->empty = true;
	sb_reset(b);
}

static void leave_block(struct flattener *f) {
	end_statement(f);
	if (f->empty && f->depth > 0 && strchr(f->path[f->depth] + strlen(f->path[f->depth - 1]) + 1, ' ') != NULL)
		sb_fmt(f->out, "set%s%s\n", f->root, f->path[f->depth]);        /* an entry that has but a name */
	f->empty = false;
	f->depth -= f->depth > 0;
}

/* A comment's bytes, 0: there is none. */
static size_t comment(const char *s) {
	const char *end;

	if (*s == '#' || (s[0] == '/' && s[1] == '/'))
		return strcspn(s, "\n");
	if (s[0] != '/' || s[1] != '*')
		return 0;
	end = strstr(s + 2, "*/");
	return end == NULL ? strlen(s) : (size_t)(end + 2 - s);
}

const char *deploy_removal_flat(struct arena *a, const char *text, const char *root) {
	struct flattener f = { .root = root, .path = { "" } };
	struct sbuf *out = arena_new(a, struct sbuf, 1);
	bool list = false;

	sb_init(out, a);
	sb_init(&f.statement, a);
	f.out = out;
	for (const char *s = text; *s != '\0'; s++) {
		size_t n = f.statement.len == 0 ? comment(s) : 0;

		if (n > 0) {
			s += n - 1;
		} else if (*s == '"' || *s == '\'') {
			const char *end = s + 1;

			while (*end != '\0' && *end != *s)
				end += 1 + (*end == '\\' && end[1] != '\0');
			end += *end != '\0';
			sb_mem(&f.statement, s, (size_t)(end - s));
			s = end - 1;
		} else if (*s == '{') {
			enter_block(&f);
		} else if (*s == '}') {
			leave_block(&f);
		} else if (*s == ';' || (*s == '\n' && !list)) {
			end_statement(&f);
		} else if (*s == ' ' || *s == '\t' || *s == '\r' || *s == '\n') {
			if (f.statement.len > 0 && f.statement.s[f.statement.len - 1] != ' ')
				sb_chr(&f.statement, ' ');
		} else {
			list = *s == '[' || (list && *s != ']');
			sb_chr(&f.statement, *s);
		}
	}
	end_statement(&f);
	return out->s;
}

/* ---- RouterOS ---- */

struct entry {
	const char *menu;               /* "/routing/bgp/connection" */
	const char *values;             /* after "add" */
};

/* The next command of a script, continued lines as one; the menu that stands alone holds for those that follow. False at the end. */
static bool next_entry(struct arena *a, const char **s, const char **menu, struct entry *out) {
	while (**s != '\0') {
		struct sbuf b;
		const char *line, *verb, *here = *menu;
		bool more = true;

		sb_init(&b, a);
		while (more && **s != '\0') {
			size_t n = strcspn(*s, "\r\n");

			more = n > 0 && (*s)[n - 1] == '\\';
			sb_mem(&b, *s, n - more);
			*s += n;
			*s += strspn(*s, "\r\n");
			if (more)
				*s += strspn(*s, " ");
		}
		line = b.s + strspn(b.s, " \t");
		if (*line == '/') {
			verb = strstr(line, " add ");
			here = arena_strndup(a, line, verb == NULL ? strcspn(line, "\n") : (size_t)(verb - line));
			if (verb == NULL) {
				*menu = here;
				continue;
			}
			line = verb + 1;
		}
		if (strncmp(line, "add ", 4) != 0 || *here == '\0')
			continue;
		*out = (struct entry){ here, line + 4 };
		return true;
	}
	return false;
}

/* The value of a name, quotes and all; "" there is none. */
static const char *value_of(struct arena *a, const char *s, const char *name) {
	size_t n = strlen(name);

	while (*s != '\0') {
		const char *end = s;

		while (*end != '\0' && *end != ' ') {
			if (*end == '"') {
				for (end++; *end != '\0' && *end != '"'; end++)
					end += *end == '\\' && end[1] != '\0';
			}
			end += *end != '\0';
		}
		if (strncmp(s, name, n) == 0 && s[n] == '=')
			return arena_strndup(a, s + n + 1, (size_t)(end - s) - n - 1);
		s = end + strspn(end, " ");
	}
	return "";
}

void deploy_removal_find(struct arena *a, const char *last, const char *now, struct sbuf *out) {
	static const char *const names[] = { "name", "comment", "address", "dst-address" };
	const char *menu = "", *s;
	struct map *wanted = map_new(a, 32);
	struct entry x;
	size_t i;

	for (s = now; next_entry(a, &s, &menu, &x);)
		map_set(wanted, arena_printf(a, "%s %s", x.menu, x.values), val_bool(true));
	menu = "";
	for (s = last; next_entry(a, &s, &menu, &x);) {
		if (map_get(wanted, arena_printf(a, "%s %s", x.menu, x.values)).type != V_UNDEF)
			continue;
		for (i = 0; i < ARRAY_LEN(names); i++) {
			const char *value = value_of(a, x.values, names[i]);

			if (*value != '\0') {
				sb_fmt(out, "%s remove [find where %s=%s]\n", x.menu, names[i], value);
				break;
			}
		}
	}
}
