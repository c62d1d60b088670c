/*
 * seeds.c: the templates of the corpus as files, to begin fuzzing from.
 *
 *     seeds FOLDER FEATURE.jsonl ...
 *
 * One file for each template and each text of "files", named by feature and line: FOLDER/macros-0012, FOLDER/include-0003-1.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/sbuf.h"
#include "template/template.h"

enum { JSON_DEPTH = 200 };

static void die(const char *what, const char *which) {
	fprintf(stderr, "seeds: %s: %s\n", which, what);
	exit(2);
}

static void write_file(const char *path, struct val text) {
	FILE *f = fopen(path, "wb");

	if (f == NULL || fwrite(text.u.s, 1, text.len, f) != text.len || fclose(f) != 0)
		die("cannot be written", path);
}

/* One case: its template and the texts that it may include. */
static void write_case(struct arena *a, const char *stem, const struct map *record) {
	struct val files = map_get(record, "files"), template = map_get(record, "template");
	size_t i;

	if (template.type == V_STR)
		write_file(stem, template);
	for (i = 0; files.type == V_MAP && i < files.u.map->n; i++) {
		if (map_val(files.u.map, i).type == V_STR)
			write_file(arena_printf(a, "%s-%zu", stem, i + 1), map_val(files.u.map, i));
	}
}

/* The name of a feature: the file's without folder and ending. */
static const char *feature(struct arena *a, const char *path) {
	const char *base = strrchr(path, '/');

	base = base == NULL ? path : base + 1;
	return arena_strndup(a, base, strcspn(base, "."));
}

static unsigned extract(struct arena *a, const char *folder, const char *path) {
	FILE *f = fopen(path, "rb");
	unsigned n = 0;
	struct sbuf line;
	int c;

	if (f == NULL)
		die("cannot be opened", path);
	sb_init(&line, a);
	while ((c = getc(f)) != EOF) {
		struct arena_mark mark;
		struct val v;
		struct err e;

		if (c != '\n') {
			sb_chr(&line, (char)c);
			continue;
		}
		mark = arena_mark(a);
		if (!json_parse_exact(a, line.s, line.len, JSON_DEPTH, tmpl_big_int, &v, &e) || v.type != V_MAP)
			die("has a line that is no JSON object", path);
		write_case(a, arena_printf(a, "%s/%s-%04u", folder, feature(a, path), ++n), v.u.map);
		arena_rewind(a, mark);
		sb_reset(&line);
	}
	fclose(f);
	return n;
}

int main(int argc, char **argv) {
	struct arena *a = arena_new_root();
	unsigned n = 0;
	int i;

	if (argc < 3)
		die("usage: seeds FOLDER FEATURE.jsonl ...", "arguments");
	for (i = 2; i < argc; i++)
		n += extract(a, argv[1], argv[i]);
	printf("%u cases\n", n);
	arena_free(a);
	return 0;
}
