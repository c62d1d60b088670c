/* yaml.c: a value in YAML's block style. Texts are quoted as JSON has them, which YAML 1.2 takes. */
#include "config.h"

#include "base/json.h"
#include "base/yaml.h"

static void indent(struct sbuf *out, unsigned depth) {
	while (depth-- > 0)
		sb_str(out, "  ");
}

static bool is_block(struct val v) {
	return (v.type == V_MAP && v.u.map->n > 0) || (v.type == V_LIST && v.u.list->n > 0);
}

static void scalar(struct sbuf *out, struct val v) {
	json_write(out, v);
	sb_chr(out, '\n');
}

/* A key of letters and such needs no quotes, unless it is a word of YAML's own. */
static void key(struct sbuf *out, struct val v) {
	static const char *const own[] = { "y", "n", "yes", "no", "on", "off", "true", "false", "null" };
	bool plain = v.type == V_STR && v.len > 1 && strspn(v.u.s, "abcdefghijklmnopqrstuvwxyz_-") == v.len && v.u.s[0] != '-';

	for (size_t i = 0; i < ARRAY_LEN(own); i++)
		plain = plain && strcmp(own[i], v.u.s) != 0;
	if (plain)
		sb_mem(out, v.u.s, v.len);
	else
		json_write(out, v);
}

/* `inline_first`: the first key stands on the line of a "- " already written. */
static void node(struct sbuf *out, struct val v, unsigned depth, bool inline_first) {
	size_t i;

	if (v.type == V_MAP) {
		for (i = 0; i < v.u.map->n; i++) {
			struct val item = map_val(v.u.map, i);

			if (i > 0 || !inline_first)
				indent(out, depth);
			key(out, map_key(v.u.map, i));
			sb_str(out, is_block(item) ? ":\n" : ": ");
			if (is_block(item))
				node(out, item, depth + 1, false);
			else
				scalar(out, item);
		}
		return;
	}
	for (i = 0; i < v.u.list->n; i++) {
		struct val item = v.u.list->v[i];

		if (i > 0 || !inline_first)
			indent(out, depth);
		sb_str(out, "- ");
		if (is_block(item))
			node(out, item, depth + 1, true);
		else
			scalar(out, item);
	}
}

void yaml_write(struct sbuf *out, struct val v) {
	if (is_block(v))
		node(out, v, 0, false);
	else
		scalar(out, v);
}
