/*
 * compare.c: hold what `peerage template --batch` answered against the corpus.
 *
 *     compare FEATURE.jsonl ANSWERS.jsonl [KNOWN]
 *
 * Both files have one JSON object a line, matched by "id". KNOWN lists ids that differ on purpose ("id reason" a line): they
 * count as neither passed nor failed, unless they agree after all, which is a failure of the list. Prints the first
 * failures and ends with "N passed, N failed"; the exit status is 1 on any failure.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/sbuf.h"

enum { SHOWN = 12, JSON_DEPTH = 200, CONTEXT = 40, CUT = 400 };

struct tally {
	unsigned passed, failed, known, shown;
};

static void die(const char *what, const char *which) {
	fprintf(stderr, "compare: %s: %s\n", which, what);
	exit(2);
}

static void close_file(void *f) {
	fclose(f);
}

/* A whole file. */
static struct val slurp(struct arena *a, const char *path) {
	struct sbuf b;
	char buf[1 << 16];
	size_t n;
	FILE *f = fopen(path, "rb");

	if (f == NULL)
		die("cannot be opened", path);
	arena_defer(a, close_file, f);
	sb_init(&b, a);
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		sb_mem(&b, buf, n);
	return val_mem(b.s, b.len);
}

/* An integer of any size as its digits: enough to hold one against another. */
static struct val digits(struct arena *a, const char *text, size_t n) {
	return val_copy(a, text, n);
}

/* The objects of a file, by id; a line that is no JSON object with an id is reported, the program's answers being under test. */
static struct map *read_lines(struct arena *a, const char *path, struct list *order) {
	struct map *m = map_new(a, 1000);
	struct val text = slurp(a, path);
	const char *s = text.u.s, *end = s + text.len, *eol;

	for (; s < end; s = eol + 1) {
		struct err e;
		struct val v;

		if ((eol = memchr(s, '\n', (size_t)(end - s))) == NULL)
			eol = end;
		if (!json_parse_exact(a, s, (size_t)(eol - s), JSON_DEPTH, digits, &v, &e)) {
			printf("%s: not JSON: %s: %.*s\n", path, e.msg, (int)(eol - s > CUT ? CUT : eol - s), s);
			continue;
		}
		if (v.type != V_MAP || map_get(v.u.map, "id").type != V_STR) {
			printf("%s: not an object with an id: %.*s\n", path, (int)(eol - s > CUT ? CUT : eol - s), s);
			continue;
		}
		map_put(m, map_get(v.u.map, "id"), v);
		if (order != NULL)
			list_push(order, v);
	}
	return m;
}

/* The ids of the list of known differences. */
static struct map *read_known(struct arena *a, const char *path) {
	struct map *m = map_new(a, 100);
	const char *s, *next;

	if (path == NULL)
		return m;
	for (s = slurp(a, path).u.s; *s != '\0'; s = next) {
		size_t line = strcspn(s, "\n"), n = strcspn(s, " \n");

		next = s + line + (s[line] == '\n');
		if (n > 0 && *s != '#')
			map_put(m, val_copy(a, s, n), val_bool(true));
	}
	return m;
}

static bool same_text(struct val x, struct val y) {
	return x.type == V_STR && y.type == V_STR && x.len == y.len && memcmp(x.u.s, y.u.s, x.len) == 0;
}

/* Messages agree when their words do: which quotation marks stand around a name does not matter. */
static bool same_message(struct val x, struct val y) {
	uint32_t i;

	if (x.type != V_STR || y.type != V_STR || x.len != y.len)
		return false;
	for (i = 0; i < x.len; i++) {
		char c = x.u.s[i] == '"' ? '\'' : x.u.s[i], d = y.u.s[i] == '"' ? '\'' : y.u.s[i];

		if (c != d)
			return false;
	}
	return true;
}

/* A template without a name may be said by null, "" or nothing. */
static bool same_name(struct val x, struct val y) {
	const char *p = val_cstr(x, ""), *q = val_cstr(y, "");

	return strcmp(p, q) == 0;
}

static bool wanted(const struct map *expected, const char *key) {
	struct val keys = map_get(expected, "compare");
	size_t i;

	if (keys.type != V_LIST)
		return true;
	for (i = 0; i < keys.u.list->n; i++) {
		if (strcmp(val_cstr(keys.u.list->v[i], ""), key) == 0)
			return true;
	}
	return false;
}

static bool same_error(const struct map *expected, struct val x, struct val y) {
	if (x.type != V_MAP || y.type != V_MAP)
		return false;
	if (!same_text(map_get(x.u.map, "class"), map_get(y.u.map, "class")))
		return false;
	if (wanted(expected, "message") && !same_message(map_get(x.u.map, "message"), map_get(y.u.map, "message")))
		return false;
	if (wanted(expected, "lineno") && !val_equal(map_get(x.u.map, "lineno"), map_get(y.u.map, "lineno")))
		return false;
	return !wanted(expected, "template") || same_name(map_get(x.u.map, "template"), map_get(y.u.map, "template"));
}

static bool agrees(const struct map *expected, const struct map *got) {
	struct val error = map_get(expected, "error");

	if (error.type == V_MAP)
		return same_error(expected, error, map_get(got, "error"));
	return same_text(map_get(expected, "output"), map_get(got, "output"));
}

static void show_json(const char *label, struct val v, struct arena *a) {
	struct sbuf b;

	sb_init(&b, a);
	json_write(&b, v);
	printf("    %-9s %.*s%s\n", label, CUT, b.s, b.len > CUT ? " ..." : "");
}

/* Long outputs: only where they part. */
static void show_texts(struct arena *a, struct val x, struct val y) {
	uint32_t at = 0, from;

	if (x.len <= CUT && y.len <= CUT) {
		show_json("expected", x, a);
		show_json("got", y, a);
		return;
	}
	while (at < x.len && at < y.len && x.u.s[at] == y.u.s[at])
		at++;
	from = at > CONTEXT ? at - CONTEXT : 0;
	printf("    they part at byte %u:\n", (unsigned)at);
	show_json("expected", val_copy(a, x.u.s + from, x.len - from > 2 * CONTEXT ? 2 * CONTEXT : x.len - from), a);
	show_json("got", val_copy(a, y.u.s + from, y.len - from > 2 * CONTEXT ? 2 * CONTEXT : y.len - from), a);
}

static void show(struct arena *a, const struct map *expected, struct val got) {
	struct val x = map_get(expected, "output"), y = val_undef();

	printf("  %s\n", val_cstr(map_get(expected, "id"), "?"));
	show_json("template", map_get(expected, "template"), a);
	if (map_get(expected, "context").type == V_MAP)
		show_json("context", map_get(expected, "context"), a);
	if (map_get(expected, "options").type == V_MAP)
		show_json("options", map_get(expected, "options"), a);
	if (got.type == V_MAP)
		y = map_get(got.u.map, "output");
	if (x.type == V_STR && y.type == V_STR) {
		show_texts(a, x, y);
		return;
	}
	show_json("expected", x.type == V_STR ? x : map_get(expected, "error"), a);
	if (got.type != V_MAP)
		printf("    no answer\n");
	else
		show_json("got", y.type == V_STR ? y : map_get(got.u.map, "error"), a);
}

static void judge(struct arena *a, const struct map *expected, const struct map *answers, const struct map *known, struct tally *t) {
	struct val id = map_get(expected, "id");
	struct val *got = map_find(answers, id), *listed = map_find(known, id);
	bool ok = got != NULL && agrees(expected, got->u.map);

	if (listed != NULL && !ok) {
		t->known++;
		return;
	}
	if (ok && listed == NULL) {
		t->passed++;
		return;
	}
	t->failed++;
	if (t->shown++ >= SHOWN)
		return;
	if (listed != NULL)
		printf("  %s is listed as a known difference but agrees: take it off the list\n", val_cstr(id, "?"));
	else
		show(a, expected, got == NULL ? val_undef() : *got);
}

int main(int argc, char **argv) {
	struct arena *a = arena_new_root();
	struct list *order = list_new(a, 1000);
	struct tally t = { 0 };
	struct map *answers, *known;
	bool failed;
	size_t i;

	if (argc < 3 || argc > 4)
		die("usage: compare FEATURE.jsonl ANSWERS.jsonl [KNOWN]", "arguments");
	read_lines(a, argv[1], order);
	answers = read_lines(a, argv[2], NULL);
	known = read_known(a, argc > 3 ? argv[3] : NULL);
	for (i = 0; i < order->n; i++)
		judge(a, order->v[i].u.map, answers, known, &t);
	if (t.shown > SHOWN)
		printf("  ... and %u more\n", t.shown - SHOWN);
	if (t.known > 0)
		printf("%u known differences\n", t.known);
	printf("%u passed, %u failed\n", t.passed, t.failed);
	failed = t.failed > 0 || t.passed == 0;
	arena_free(a);
	return failed ? 1 : 0;
}
