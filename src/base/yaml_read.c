/* yaml_read.c: YAML in, by libyaml, which no other file includes. Aliases share a value and are never copied without end. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <yaml.h>

#include "base/yaml.h"

enum { ALIASED_MAX = 100 * 1000 };      /* values that aliases may add to those that are written out */

struct reading {
	struct arena *a;
	yaml_document_t *doc;
	size_t written, seen;           /* values in the text; values in what comes of it */
	unsigned depth;
	struct map *lines;
	struct err *e;
};

static bool wrong(struct reading *r, const yaml_mark_t *at, const char *what) {
	return err_set(r->e, ERR_INVALID, NULL, "line %zu column %zu: %s", at->line + 1, at->column + 1, what);
}

static bool is_word(const char *s, size_t n, const char *const *words) {
	for (; *words != NULL; words++) {
		if (strlen(*words) == n && memcmp(*words, s, n) == 0)
			return true;
	}
	return false;
}

/* A number with a point or an exponent, as the core schema has it; "1e5" and ".5" are, "1.2.3" and "0x1p3" are not. */
static bool is_float(const char *s, size_t n, double *out) {
	size_t digits = strspn(s + (*s == '-' || *s == '+'), "0123456789.eE+-");
	char *end;

	if (n == 0 || n > 64 || digits + (size_t)(*s == '-' || *s == '+') < n || strcspn(s, "0123456789") >= n || strcspn(s, ".eE") >= n)
		return false;
	*out = strtod(s, &end);
	return end == s + n;
}

static bool is_int(const char *s, size_t n, int64_t *out) {
	size_t sign = *s == '-' || *s == '+';
	char *end;

	errno = 0;
	*out = strtoll(s, &end, 10);
	return n > sign && strspn(s + sign, "0123456789") == n - sign && errno == 0 && end == s + n;
}

static struct val plain(struct reading *r, const char *s, size_t n) {
	static const char *const nulls[] = { "", "~", "null", "Null", "NULL", NULL }, *const yes[] = { "true", "True", "TRUE", NULL },
		*const no[] = { "false", "False", "FALSE", NULL };
	int64_t i;
	double f;

	if (is_word(s, n, nulls))
		return val_null();
	if (is_word(s, n, yes) || is_word(s, n, no))
		return val_bool(is_word(s, n, yes));
	if (is_int(s, n, &i))
		return val_int(i);
	return is_float(s, n, &f) ? val_float(f) : val_copy(r->a, s, n);
}

static bool scalar(struct reading *r, const yaml_node_t *n, struct val *out) {
	const char *s = (const char *)n->data.scalar.value, *tag = (const char *)n->tag;
	size_t len = n->data.scalar.length;
	bool text = n->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;

	if (tag != NULL && strcmp(tag, YAML_STR_TAG) != 0 && strcmp(tag, YAML_INT_TAG) != 0 && strcmp(tag, YAML_FLOAT_TAG) != 0 &&
	    strcmp(tag, YAML_BOOL_TAG) != 0 && strcmp(tag, YAML_NULL_TAG) != 0)
		return wrong(r, &n->start_mark, "only plain texts, numbers, truth values, lists and maps are taken, no other tag");
	*out = text ? val_copy(r->a, s, len) : plain(r, s, len);
	return true;
}

static bool node(struct reading *r, int id, unsigned depth, struct val *out);

static bool sequence(struct reading *r, const yaml_node_t *n, unsigned depth, struct val *out) {
	struct list *l = list_new(r->a, 8);

	for (yaml_node_item_t *i = n->data.sequence.items.start; i < n->data.sequence.items.top; i++) {
		struct val v;

		if (!node(r, *i, depth + 1, &v))
			return false;
		list_push(l, v);
	}
	*out = val_list(l);
	return true;
}

static bool mapping(struct reading *r, const yaml_node_t *n, unsigned depth, struct val *out) {
	struct map *m = map_new(r->a, 8);

	for (yaml_node_pair_t *p = n->data.mapping.pairs.start; p < n->data.mapping.pairs.top; p++) {
		const yaml_node_t *k = yaml_document_get_node(r->doc, p->key);
		struct val key, v;

		if (k->type != YAML_SCALAR_NODE)
			return wrong(r, &k->start_mark, "a key must be a text");
		key = val_copy(r->a, (const char *)k->data.scalar.value, k->data.scalar.length);
		if (map_find(m, key) != NULL)
			return wrong(r, &k->start_mark, arena_printf(r->a, "the key \"%.100s\" stands twice", key.u.s));
		if (!node(r, p->value, depth + 1, &v))
			return false;
		map_put(m, key, v);
	}
	if (r->lines != NULL)
		map_put(r->lines, val_int((int64_t)(uintptr_t)m), val_int((int64_t)n->start_mark.line + 1));
	*out = val_map(m);
	return true;
}

static bool node(struct reading *r, int id, unsigned depth, struct val *out) {
	const yaml_node_t *n = yaml_document_get_node(r->doc, id);

	if (depth > r->depth)
		return wrong(r, &n->start_mark, arena_printf(r->a, "nested deeper than %u levels", r->depth));
	if (++r->seen > r->written + ALIASED_MAX)
		return wrong(r, &n->start_mark, arena_printf(r->a, "aliases (*name) make more than %d values of this document", ALIASED_MAX));
	switch (n->type) {
	case YAML_SCALAR_NODE: return scalar(r, n, out);
	case YAML_SEQUENCE_NODE: return sequence(r, n, depth, out);
	case YAML_MAPPING_NODE: return mapping(r, n, depth, out);
	case YAML_NO_NODE: break;
	}
	*out = val_null();
	return true;
}

static void free_parser(void *p) {
	yaml_parser_delete(p);
}

static void free_document(void *d) {
	yaml_document_delete(d);
}

static bool failed(const yaml_parser_t *p, struct err *e) {
	const yaml_mark_t *at = p->error == YAML_READER_ERROR ? &p->mark : &p->problem_mark;

	return err_set(e, ERR_INVALID, NULL, "line %zu column %zu: this is no YAML: %s%s%s", at->line + 1, at->column + 1,
	    p->problem == NULL ? "unknown error" : p->problem, p->context == NULL ? "" : " ", p->context == NULL ? "" : p->context);
}

bool yaml_parse(struct arena *a, const char *text, size_t len, unsigned depth, struct val *out, struct map **lines, struct err *e) {
	yaml_parser_t *p = arena_new(a, yaml_parser_t, 1);
	yaml_document_t *doc = arena_new(a, yaml_document_t, 2);
	struct reading r = { .a = a, .doc = doc, .depth = depth, .e = e };

	if (!yaml_parser_initialize(p))
		return err_set(e, ERR_INTERNAL, NULL, "YAML cannot be read: out of memory");
	arena_defer(a, free_parser, p);
	yaml_parser_set_encoding(p, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(p, (const unsigned char *)text, len);
	if (!yaml_parser_load(p, doc))
		return failed(p, e);
	arena_defer(a, free_document, doc);
	if (lines != NULL)
		r.lines = *lines = map_new(a, 64);
	*out = val_null();
	if (yaml_document_get_root_node(doc) == NULL)
		return true;
	r.written = (size_t)(doc->nodes.top - doc->nodes.start);
	if (!node(&r, 1, 0, out))
		return false;
	if (!yaml_parser_load(p, &doc[1]))
		return failed(p, e);
	arena_defer(a, free_document, &doc[1]);
	return yaml_document_get_root_node(&doc[1]) == NULL ||
	    err_set(e, ERR_INVALID, NULL, "line %zu: a second document begins here; one is taken", doc[1].start_mark.line + 1);
}
