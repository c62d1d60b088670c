/* book_file.c: files of objects: tables, lists, documents. What is not clear is refused with its place before anything is written. */
#include "config.h"

#include <ctype.h>

#include "base/csv.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/net.h"
#include "model/types.h"
#include "base/yaml.h"
#include "model/book.h"

struct reading {
	struct arena *a;
	const struct book_source *src;
	struct book_file *out;
	size_t cap;
	struct map *lines;              /* YAML: by map */
	size_t *line, nlines, next;     /* JSON: of the objects in order */
	size_t nkinds;
	struct err *e;
};

static void add(struct reading *r, const struct resource *res, struct map *object, size_t line) {
	if (r->out->n == r->cap) {
		size_t cap = r->cap == 0 ? 64 : r->cap * 2;

		r->out->item = arena_grow(r->a, r->out->item, r->cap * sizeof(*r->out->item), cap * sizeof(*r->out->item));
		r->cap = cap;
	}
	r->out->item[r->out->n++] = (struct book_item){ .res = res, .object = object, .line = line };
}

/* ---- lists and documents ---- */

/* The lines on which objects begin that lie `depth` levels deep, in order. */
static void json_lines(struct reading *r, unsigned depth) {
	size_t line = 1, cap = 64;
	unsigned level = 0;
	bool text = false;

	r->line = arena_new(r->a, size_t, cap);
	for (size_t i = 0; i < r->src->len; i++) {
		char c = r->src->text[i];

		line += c == '\n';
		if (text) {
			i += c == '\\';
			text = c != '"';
			continue;
		}
		text = c == '"';
		if (c == '{' && level == depth) {
			if (r->nlines == cap) {
				r->line = arena_grow(r->a, r->line, cap * sizeof(*r->line), cap * 2 * sizeof(*r->line));
				cap *= 2;
			}
			r->line[r->nlines++] = line;
		}
		level += c == '{' || c == '[';
		level -= c == '}' || c == ']';
	}
}

static size_t line_of(struct reading *r, const struct map *m) {
	if (r->lines != NULL) {
		const struct val *v = map_find(r->lines, val_int((int64_t)(uintptr_t)m));

		return v == NULL ? 1 : (size_t)v->u.i;
	}
	return r->next < r->nlines ? r->line[r->next++] : 1;
}

static bool heads(const char *name) {
	return strcmp(name, "id") == 0 || strcmp(name, "url") == 0 || strcmp(name, "display_url") == 0 || strcmp(name, "display") == 0;
}

/* {"value": "enabled", "label": "Enabled"} of an answer of the API is its value; a nested object its number. */
static struct val plain(const struct field *f, struct val v) {
	struct val value = v.type == V_MAP ? map_get(v.u.map, "value") : val_undef(), id = v.type == V_MAP ? map_get(v.u.map, "id") : val_undef();

	if (f->type == F_ENUM && value.type != V_UNDEF)
		return value;
	if ((f->type == F_REF || f->type == F_REFS || f->type == F_TAGS) && id.type == V_INT && map_get(v.u.map, "url").type == V_STR)
		return id;
	for (size_t i = 0; v.type == V_LIST && (f->type == F_REFS || f->type == F_TAGS) && i < v.u.list->n; i++)
		v.u.list->v[i] = plain(f, v.u.list->v[i].type == V_LIST ? val_null() : v.u.list->v[i]);
	return v;
}

static bool object(struct reading *r, const struct resource *res, struct val v) {
	size_t line;

	if (v.type != V_MAP)
		return err_set(r->e, ERR_INVALID, NULL, "object %zu of %s is a %s: each is a map of fields", r->out->n + 1, res->plural, val_type_name(v));
	line = line_of(r, v.u.map);
	for (size_t i = 0; i < v.u.map->n; i++) {
		const char *name = val_cstr(map_key(v.u.map, i), "");
		int f = res_field(res, name);

		if (f < 0 && !heads(name))
			return err_set(r->e, ERR_INVALID, NULL, "line %zu: %s has no field \"%.100s\"", line, res->name, name);
		if (f >= 0)
			*map_at(v.u.map, i) = plain(&res->fields[f], map_val(v.u.map, i));
	}
	add(r, res, v.u.map, line);
	return true;
}

static bool objects(struct reading *r, const struct resource *res, struct val list) {
	if (list.type == V_LIST)
		r->out->kind[r->nkinds++] = res;
	else
		return err_set(r->e, ERR_INVALID, NULL, "%s: a %s where a list of objects belongs", res->command, val_type_name(list));
	for (size_t i = 0; i < list.u.list->n; i++) {
		if (!object(r, res, list.u.list->v[i]))
			return false;
	}
	return true;
}

static bool document(struct reading *r, const struct map *m) {
	r->out->kind = arena_new(r->a, const struct resource *, m->n + 1);
	for (size_t i = 0; i < m->n; i++) {
		const char *name = val_cstr(map_key(m, i), "");
		const struct resource *res = res_by_command(name);

		if (strcmp(name, "peerage") == 0 && map_val(m, i).type == V_INT) {
			if (map_val(m, i).u.i == 1)
				continue;
			return err_set(r->e, ERR_INVALID, NULL, "peerage: %lld: only form 1 of this document is known", (long long)map_val(m, i).u.i);
		}
		if (res == NULL || (res->flags & RF_READONLY) != 0)
			return err_set(r->e, ERR_INVALID, NULL, "\"%.100s\" is no kind of object that can be written; `peerage list` names them all", name);
		if (r->src->only != NULL && res != r->src->only)
			return err_set(r->e, ERR_INVALID, NULL, "\"%s\" does not belong here: this import takes %s", name, r->src->only->plural);
		if (!objects(r, res, map_val(m, i)))
			return false;
	}
	return true;
}

static bool structure(struct reading *r, enum book_format format) {
	const struct book_source *s = r->src;
	struct err why;
	struct val v;

	if (format == BOOK_JSON ? !json_parse(r->a, s->text, s->len, LIMIT_JSON_DEPTH, &v, &why) :
	    !yaml_parse(r->a, s->text, s->len, LIMIT_JSON_DEPTH, &v, &r->lines, &why)) {
		*r->e = why;
		return false;
	}
	if (format == BOOK_JSON)
		json_lines(r, v.type == V_LIST ? 1 : 2);
	if (v.type == V_MAP)
		return document(r, v.u.map);
	if (v.type != V_LIST || s->only == NULL)
		return err_set(r->e, ERR_INVALID, NULL, "a %s where a %s belongs", val_type_name(v), s->only == NULL ?
		    "document {autonomous-system: [...], ...}" : "list of objects");
	return objects(r, s->only, v);
}

/* ---- tables ---- */

enum { STEPS_MAX = 5 };

struct column {
	const char *step[STEPS_MAX];    /* field, then attributes of what it refers to */
	size_t n;
	int field;                      /* -1: id; -2: passed over */
	bool by_id;
};

/* A reference named by one plain text goes by the one field that names such objects. */
static const char *sole_key(const struct resource *res) {
	int key[BOOK_KEY_MAX];

	return book_key(res, key) == 1 && res->fields[key[0]].type != F_REF ? res->fields[key[0]].name : NULL;
}

/* The steps after the first name attributes of what the one before refers to. */
static bool steps_fit(const struct resource *res, struct column *c) {
	for (size_t i = 0; i < c->n; i++) {
		int f = res == NULL ? -1 : res_field(res, c->step[i]);

		if (f < 0)
			return false;
		res = res->fields[f].type == F_REF ? res->fields[f].ref : NULL;
	}
	return true;
}

static bool column_of(struct reading *r, const char *heading, struct column *c) {
	const struct resource *res = r->src->only;
	char *name = arena_strdup(r->a, heading), *dot;
	size_t len = strlen(name);

	*c = (struct column){ .field = -2 };
	if (*name == '\0' || (heads(name) && strcmp(name, "id") != 0))
		return true;
	if (strcmp(name, "id") == 0) {
		c->field = -1;
		return true;
	}
	if (res_field(res, name) < 0 && len > 3 && strcmp(name + len - 3, "_id") == 0) {
		name[len - 3] = '\0';
		c->by_id = true;
	}
	for (; name != NULL && c->n < STEPS_MAX; name = dot) {
		dot = strchr(name, '.');
		if (dot != NULL)
			*dot++ = '\0';
		c->step[c->n++] = name;
	}
	c->field = res_field(res, c->step[0]);
	if (c->field < 0 || name != NULL || !steps_fit(res, c))
		return false;
	if ((res->fields[c->field].flags & FF_READONLY) != 0)
		c->field = -2;
	return !c->by_id || res->fields[c->field < 0 ? 0 : c->field].type == F_REF;
}

static struct val cell_list(struct reading *r, const struct field *f, const char *s) {
	const struct resource *to = f->type == F_TAGS ? res_by_model("extras.tag") : f->type == F_REFS ? f->ref : NULL;
	const char *key = to == NULL ? NULL : sole_key(to);
	struct list *l = list_new(r->a, 4);

	while (*s != '\0') {
		size_t n = strcspn(s, ",");
		const char *item = s;
		struct map *m;

		s += n + (s[n] == ',');
		for (; n > 0 && isspace((unsigned char)*item); item++)
			n--;
		for (; n > 0 && isspace((unsigned char)item[n - 1]); n--)
			;
		if (n == 0)
			continue;
		if (to == NULL || key == NULL) {
			list_push(l, val_copy(r->a, item, n));
			continue;
		}
		m = map_new(r->a, 1);
		map_set(m, key, val_copy(r->a, item, n));
		list_push(l, val_map(m));
	}
	return val_list(l);
}

static bool is_list(const struct field *f) {
	return f->type == F_REFS || f->type == F_TAGS || f->type == F_OBJTYPES || f->type == F_ASNS || f->type == F_CIDRS || f->type == F_TEXTS;
}

/* "AS64500" is an ASN where objects go by one. */
static struct val key_value(struct reading *r, const struct resource *res, const char *key, const char *s) {
	uint32_t asn;

	if (res->fields[res_field(res, key)].type == F_ASN && asn_parse(s, strlen(s), &asn))
		return val_int(asn);
	return val_str(arena_strdup(r->a, s));
}

static bool cell_value(struct reading *r, const struct field *f, const struct column *c, const char *s, struct val *out, struct err *why) {
	const char *key = f->type == F_REF ? sole_key(f->ref) : NULL;
	struct map *m;

	if ((*s == '[' || *s == '{') && (f->type == F_JSON || is_list(f) || f->type == F_REF || f->type == F_INT))        /* object_id too */
		return json_parse(r->a, s, strlen(s), LIMIT_JSON_DEPTH, out, why);
	if (is_list(f)) {
		*out = cell_list(r, f, s);
	} else if (f->type == F_REF && !c->by_id && key != NULL) {
		m = map_new(r->a, 1);
		map_set(m, key, key_value(r, f->ref, key, s));
		*out = val_map(m);
	} else if (f->type == F_JSON) {
		return json_parse(r->a, s, strlen(s), LIMIT_JSON_DEPTH, out, why);
	} else {
		*out = val_str(s);
	}
	return true;
}

/* An empty cell empties the field as far as it can be empty; one that always has a value is left alone. */
static struct val empty(struct reading *r, const struct field *f) {
	if (is_list(f))
		return val_list(list_new(r->a, 0));
	if ((f->flags & FF_NULL) != 0)
		return val_null();
	return (f->type == F_TEXT || f->type == F_LONGTEXT || f->type == F_URL || f->type == F_EMAIL) && f->def == NULL ? val_str("") : val_undef();
}

/* "ixp_connection.internet_exchange_point.slug": a map in a map. */
static void put_nested(struct reading *r, struct map *object, const struct resource *res, const struct column *c, const char *s) {
	struct map *m = object;

	for (size_t i = 0; i + 1 < c->n; i++) {
		struct val *in = map_find(m, val_str(c->step[i]));

		res = res->fields[res_field(res, c->step[i])].ref;
		if (in == NULL || in->type != V_MAP) {
			map_set(m, c->step[i], val_map(map_new(r->a, 2)));
			in = map_find(m, val_str(c->step[i]));
		}
		m = in->u.map;
	}
	map_set(m, c->step[c->n - 1], key_value(r, res, c->step[c->n - 1], s));
}

static bool cells(struct reading *r, const struct column *cols, const struct csv_row *heading, const struct csv_row *row) {
	const struct resource *res = r->src->only;
	struct map *object = map_new(r->a, heading->n);
	int64_t id;

	for (size_t i = 0; i < row->n; i++) {
		const struct column *c = &cols[i];
		const struct field *f = c->field < 0 ? NULL : &res->fields[c->field];
		const char *s = row->cell[i];
		struct val v;
		struct err why;

		if (c->field == -1 && *s != '\0') {
			if (!int_parse(s, strlen(s), &id) || id <= 0)
				return err_set(r->e, ERR_INVALID, NULL, "line %zu, column \"%s\": \"%.50s\" is no id", row->line, heading->cell[i], s);
			map_set(object, "id", val_int(id));
		}
		if (f == NULL)
			continue;
		if (*s == '\0') {
			v = empty(r, f);
			if (v.type != V_UNDEF && map_find(object, val_str(f->name)) == NULL)
				map_set(object, f->name, v);
		} else if (c->n > 1) {
			put_nested(r, object, res, c, s);
		} else if (cell_value(r, f, c, s, &v, &why)) {
			map_set(object, f->name, v);
		} else {
			return err_set(r->e, ERR_INVALID, NULL, "line %zu, column \"%s\": %s", row->line, heading->cell[i], why.msg);
		}
	}
	add(r, res, object, row->line);
	return true;
}

/* Where a table has a reference's number beside its name, as our own have, the number counts. */
static void prefer_ids(struct column *cols, size_t n) {
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < n && cols[i].field >= 0 && cols[i].n == 1 && !cols[i].by_id; k++) {
			if (cols[k].by_id && cols[k].field == cols[i].field)
				cols[i].field = -2;
		}
	}
}

static bool headings(struct reading *r, const struct csv_row *heading, struct column *cols) {
	size_t first = 0;

	r->out->columns = list_new(r->a, heading->n);
	for (size_t i = 0; i < heading->n; i++) {
		struct val mapped = r->src->columns == NULL ? val_undef() : map_get(r->src->columns, heading->cell[i]);
		const char *name = val_cstr(mapped, heading->cell[i]);
		struct map *m = map_new(r->a, 3);
		bool ok = column_of(r, name, &cols[i]);

		for (size_t k = 0; k < i; k++)
			ok = ok && (strcmp(heading->cell[k], heading->cell[i]) != 0 || *heading->cell[i] == '\0') && (cols[i].field == -2 ||
			    cols[k].field == -2 || strcmp(val_cstr(map_get(r->out->columns->v[k].u.map, "field"), ""), name) != 0);
		map_set(m, "name", val_str(heading->cell[i]));
		map_set(m, "field", val_str(ok && cols[i].field == -2 ? "" : name));
		map_set(m, "wrong", val_bool(!ok));
		list_push(r->out->columns, val_map(m));
		if (!ok && r->out->errors++ == 0)
			first = i;
	}
	if (r->out->errors == 0)
		return true;
	return err_set(r->e, ERR_INVALID, NULL, "line %zu column %zu: \"%.100s\" is no field of %s, or it stands twice; map it to one, or to nothing to pass over it",
	    heading->line, first + 1, heading->cell[first], r->src->only->plural);
}

static bool table(struct reading *r) {
	struct column *cols;
	struct csv csv;

	if (r->src->only == NULL)
		return err_set(r->e, ERR_INVALID, NULL, "a table holds objects of one kind: name the resource that it is of");
	if (!csv_parse(r->a, r->src->text, r->src->len, &csv, r->e))
		return false;
	cols = arena_new(r->a, struct column, csv.row[0].n);
	if (!headings(r, &csv.row[0], cols))
		return false;
	prefer_ids(cols, csv.row[0].n);
	for (size_t i = 1; i < csv.n; i++) {
		if (!cells(r, cols, &csv.row[0], &csv.row[i]))
			return false;
	}
	return true;
}

/* ---- which it is ---- */

static enum book_format guess(const struct book_source *s) {
	const char *at = s->text, *end = s->text + s->len, *line_end;

	while (at < end && (isspace((unsigned char)*at) || (unsigned char)*at >= 0xEF))
		at++;
	if (at == end)
		return s->only == NULL ? BOOK_YAML : BOOK_CSV;
	if (*at == '{' || *at == '[')
		return BOOK_JSON;
	line_end = memchr(at, '\n', (size_t)(end - at));
	line_end = line_end == NULL ? end : line_end;
	if (*at == '-' || *at == '#' || *at == '%' || s->only == NULL)
		return BOOK_YAML;
	return memchr(at, ':', (size_t)(line_end - at)) != NULL && memchr(at, ',', (size_t)(line_end - at)) == NULL ? BOOK_YAML : BOOK_CSV;
}

bool book_read(struct arena *a, const struct book_source *src, struct book_file *out, struct err *e) {
	struct reading r = { .a = a, .src = src, .out = out, .e = e };
	enum book_format format = src->format == BOOK_AUTO ? guess(src) : src->format;

	*out = (struct book_file){ .kind = arena_new(a, const struct resource *, 2) };
	out->kind[0] = src->only;
	if (src->len >= 2 && (memcmp(src->text, "\xFF\xFE", 2) == 0 || memcmp(src->text, "\xFE\xFF", 2) == 0))
		return err_set(e, ERR_INVALID, NULL, "line 1 column 1: this is UTF-16: save it as UTF-8");
	return format == BOOK_CSV ? table(&r) : structure(&r, format);
}
