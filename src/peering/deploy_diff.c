/*
 * deploy_diff.c: what a router's difference touches. The difference is text of the router's own making: lines that come begin with "+", those
 * that go with "-"; "no ..." and "delete ..." turn that round. An address in such a line, or in the heading of its part ("[edit ... neighbor
 * 192.0.2.1]"), is touched; where the difference is one of lines of braces, so is the neighbour whose block a changed line stands in.
 */
#include "config.h"

#include <ctype.h>
#include <stdio.h>

#include "base/net.h"
#include "db/queries.h"
#include "peering/deploy.h"

enum { LIST_MAX = 200, DEPTH_MAX = 32 };

/* ---- words that are addresses ---- */

static bool word_char(char c) {
	return isxdigit((unsigned char)c) || c == '.' || c == ':' || c == '/';
}

/* The next word from *s on that is an address or a prefix. */
static bool next_address(const char **s, const char *end, struct addr *out) {
	while (*s < end) {
		const char *from = *s;

		if (!word_char(*from)) {
			++*s;
			continue;
		}
		while (*s < end && word_char(**s))
			++*s;
		if ((from == end - 1 || !isalnum((unsigned char)**s) || *s == end) && addr_parse(from, (size_t)(*s - from), out) &&
		    memchr(from, out->family == 4 ? '.' : ':', (size_t)(*s - from)) != NULL)
			return true;
		while (*s < end && isalnum((unsigned char)**s))         /* the rest of a word that only began like one */
			++*s;
	}
	return false;
}

static struct touched_neighbour *known(struct touched *t, const struct addr *addr) {
	char text[ADDR_TEXT_MAX];

	addr_text(addr, ADDR_HOST, text);
	for (size_t i = 0; i < t->nn; i++) {
		if (strcmp(t->n[i].address, text) == 0)
			return &t->n[i];
	}
	return NULL;
}

/* ---- one line ---- */

struct reader {
	struct arena *a;
	struct touched *t;
	unsigned *seen;                 /* by neighbour: 1 comes, 2 goes, 4 its surroundings change */
	struct map *plus, *minus;       /* prefixes */
	size_t added, removed;
};

enum { SEEN_PLUS = 1, SEEN_MINUS = 2, SEEN_NEAR = 4 };

static bool begins(const char *s, const char *end, const char *word) {
	return (size_t)(end - s) >= strlen(word) && memcmp(s, word, strlen(word)) == 0;
}

static void read_words(struct reader *r, const char *s, const char *end, unsigned how) {
	struct addr addr;

	while (next_address(&s, end, &addr)) {
		struct touched_neighbour *n = known(r->t, &addr);

		if (n != NULL && addr_is_host(&addr)) {
			r->seen[n - r->t->n] |= how;
		} else if (!addr_is_host(&addr) && how != SEEN_NEAR) {
			char text[ADDR_TEXT_MAX];

			addr_text(&addr, ADDR_WITH_LENGTH, text);
			map_put(how == SEEN_PLUS ? r->plus : r->minus, val_copy(r->a, text, strlen(text)), val_bool(true));
		}
	}
}

static void read_line(struct reader *r, const char *s, const char *end) {
	bool plus;

	if (s < end && *s == '[')
		read_words(r, s, end, SEEN_NEAR);
	if (s == end || (*s != '+' && *s != '-') || begins(s, end, "+++ ") || begins(s, end, "--- "))
		return;
	plus = *s++ == '+';
	if (plus)
		r->added++;
	else
		r->removed++;
	while (s < end && isspace((unsigned char)*s))
		s++;
	if (begins(s, end, "no ") || begins(s, end, "delete "))
		plus = !plus;
	read_words(r, s, end, plus ? SEEN_PLUS : SEEN_MINUS);
}

/* ---- blocks of braces ---- */

/* Mark the neighbours named between two lines' offsets, on lines that speak of one. */
static bool mark_block(struct reader *r, const char *text, size_t from, size_t to) {
	bool any = false;
	const char *s = text + from, *end = text + to;

	while (s < end) {
		const char *nl = memchr(s, '\n', (size_t)(end - s)), *stop = nl == NULL ? end : nl, *p = s;
		struct addr addr;

		if (memmem(s, (size_t)(stop - s), "neighbor", 8) != NULL) {
			while (next_address(&p, stop, &addr)) {
				struct touched_neighbour *n = addr_is_host(&addr) ? known(r->t, &addr) : NULL;

				if (n != NULL) {
					r->seen[n - r->t->n] |= SEEN_NEAR;
					any = true;
				}
			}
		}
		s = stop + 1;
	}
	return any;
}

/* The neighbours of the innermost block around line `at` (from 1) that names any. */
static void mark_around(struct reader *r, const char *text, size_t at) {
	size_t open[DEPTH_MAX], depth = 0, line = 1, around = 0, from = 0, i;

	for (i = 0; text[i] != '\0'; i++) {
		if (line == at && around == 0)
			around = depth < DEPTH_MAX ? depth : DEPTH_MAX;
		if (text[i] == '\n') {
			line++;
			from = i + 1;
		} else if (text[i] == '{') {
			if (depth < DEPTH_MAX)
				open[depth] = from;
			depth++;
		} else if (text[i] == '}' && depth > 0) {
			depth--;
			if (line >= at && around > 0 && depth < around) {
				if (mark_block(r, text, open[depth], i))
					return;
				around = depth;
				if (around == 0)
					return;
			}
		}
		if (line > at && around == 0)
			return;
	}
}

/* Changed lines of a difference of lines, by their numbers in both texts. */
static void mark_blocks(struct reader *r, const char *diff) {
	size_t before = 0, after = 0;

	for (const char *s = diff; *s != '\0'; s += strcspn(s, "\n"), s += *s == '\n') {
		unsigned long a, b, n, m;

		if (*s == '@' && sscanf(s, "@@ -%lu,%lu +%lu,%lu @@", &a, &n, &b, &m) == 4) {
			before = a;
			after = b;
		} else if (*s == '-') {
			mark_around(r, r->t->before, before++);
		} else if (*s == '+') {
			mark_around(r, r->t->after, after++);
		} else if (*s == ' ') {
			before++;
			after++;
		}
	}
}

/* ---- the summary ---- */

static bool named_in(const char *text, const char *address) {
	const char *s = text, *end = text + strlen(text);
	struct addr want, addr;

	if (!addr_parse(address, strlen(address), &want))
		return false;
	while (next_address(&s, end, &addr)) {
		if (addr.family == want.family && memcmp(addr.b, want.b, sizeof(addr.b)) == 0 && addr_is_host(&addr))
			return true;
	}
	return false;
}

static enum touch touch_of(const struct touched *t, const struct touched_neighbour *n, unsigned seen) {
	if (seen == 0)
		return TOUCH_NONE;
	if (!n->running)
		return (seen & SEEN_PLUS) != 0 ? TOUCH_ADDED : (seen & SEEN_MINUS) != 0 ? TOUCH_CHANGED : TOUCH_NONE;
	if ((seen & SEEN_MINUS) != 0 && (seen & SEEN_PLUS) == 0 && !named_in(t->rendered, n->address))
		return TOUCH_REMOVED;
	return TOUCH_CHANGED;
}

static struct val some_keys(struct arena *a, const struct map *m) {
	struct list *l = list_new(a, m->n);

	for (size_t i = 0; i < m->n && i < LIST_MAX; i++)
		list_push(l, map_key(m, i));
	return val_list(l);
}

static struct val neighbours_with(struct arena *a, const struct touched *t, enum touch touch) {
	struct list *l = list_new(a, 8);

	for (size_t i = 0; i < t->nn; i++) {
		if (t->n[i].touch == touch)
			list_push(l, val_str(t->n[i].address));
	}
	return val_list(l);
}

struct map *deploy_touched(struct arena *a, const char *diff, struct touched *t) {
	struct reader r = { a, t, arena_new(a, unsigned, t->nn + 1), map_new(a, 16), map_new(a, 16), 0, 0 };
	struct map *out = map_new(a, 6), *neighbours = map_new(a, 3), *prefixes = map_new(a, 2);

	for (const char *s = diff; *s != '\0'; s += strcspn(s, "\n"), s += *s == '\n')
		read_line(&r, s, s + strcspn(s, "\n"));
	if (t->before != NULL && t->after != NULL)
		mark_blocks(&r, diff);
	for (size_t i = 0; i < t->nn; i++)
		t->n[i].touch = touch_of(t, &t->n[i], r.seen[i]);
	map_set(neighbours, "added", neighbours_with(a, t, TOUCH_ADDED));
	map_set(neighbours, "removed", neighbours_with(a, t, TOUCH_REMOVED));
	map_set(neighbours, "changed", neighbours_with(a, t, TOUCH_CHANGED));
	map_set(prefixes, "added", some_keys(a, r.plus));
	map_set(prefixes, "removed", some_keys(a, r.minus));
	map_set(out, "lines_added", val_int((int64_t)r.added));
	map_set(out, "lines_removed", val_int((int64_t)r.removed));
	map_set(out, "neighbours", val_map(neighbours));
	map_set(out, "prefixes_added", val_int((int64_t)r.plus->n));
	map_set(out, "prefixes_removed", val_int((int64_t)r.minus->n));
	map_set(out, "prefixes", val_map(prefixes));
	return out;
}

/* ---- rules ---- */

static int64_t number(const struct map *m, const char *key) {
	struct val v = map_get(m, key);

	return v.type == V_INT ? v.u.i : 0;
}

static int64_t length_of(struct arena *a, const struct map *m, const char *path) {
	struct val v = val_path(a, val_map((struct map *)(uintptr_t)m), path);

	return v.type == V_LIST ? (int64_t)v.u.list->n : 0;
}

/* How many of what a rule looks at. */
static int64_t measure(struct arena *a, const struct map *m, const char *condition, bool goes_back) {
	if (strcmp(condition, "removes-neighbours") == 0)
		return length_of(a, m, "neighbours.removed");
	if (strcmp(condition, "touches-neighbours") == 0)
		return length_of(a, m, "neighbours.removed") + length_of(a, m, "neighbours.added") + length_of(a, m, "neighbours.changed");
	if (strcmp(condition, "touches-prefixes") == 0)
		return number(m, "prefixes_added") + number(m, "prefixes_removed");
	if (strcmp(condition, "changes-lines") == 0)
		return number(m, "lines_added") + number(m, "lines_removed");
	if (strcmp(condition, "goes-back") == 0)
		return goes_back ? INT64_MAX : 0;
	return INT64_MAX;               /* always */
}

bool deploy_risks(struct db *db, struct arena *a, int64_t router_id, const struct map *summary, bool goes_back, struct list **out, struct err *e) {
	struct result rules;

	if (!db_named(db, a, Q_DEPLOY_RULES, (struct val[]){ val_int(router_id) }, &rules, e))
		return false;
	*out = list_new(a, 2);
	for (size_t i = 0; i < rules.n; i++) {
		if (measure(a, summary, val_cstr(result_at(&rules, i, 1), ""), goes_back) >= result_at(&rules, i, 2).u.i)
			list_push(*out, result_at(&rules, i, 0));
	}
	return true;
}
