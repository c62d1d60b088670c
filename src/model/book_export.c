/* book_export.c: rows written so that they can be read into another book: references as what names the object, and no numbers. */
#include "config.h"

#include "base/json.h"
#include "base/yaml.h"
#include "model/book.h"

enum { PIECE = 1000, DEPTH_MAX = 4 };

/* What names objects, by resource and id. */
struct ring {
	struct store *s;
	struct arena *a;
	struct map *known;      /* resource's number in all_resources << 48 | id -> map */
};

static int64_t id_of(struct val v) {
	const struct row *row = row_of_val(v);

	return row != NULL ? row->id : v.type == V_INT ? v.u.i : 0;
}

static struct val ring_key(const struct resource *res, int64_t id) {
	int64_t n = 0;

	while (all_resources[n] != NULL && all_resources[n] != res)
		n++;
	return val_int(n << 48 | id);
}

static bool learn(struct ring *r, const struct resource *res, const struct list *ids, unsigned depth, struct err *e);

static struct val named(const struct ring *r, const struct resource *res, int64_t id) {
	const struct val *v = id == 0 ? NULL : map_find(r->known, ring_key(res, id));

	return id == 0 ? val_null() : v == NULL ? val_int(id) : *v;
}

static bool learn_field(struct ring *r, const struct resource *to, const struct rows *rows, int field, unsigned depth, struct err *e) {
	struct list *ids = list_new(r->a, rows->n);

	for (size_t i = 0; i < rows->n; i++) {
		struct val v = rows->row[i]->v[field];

		for (size_t k = 0; v.type == V_LIST && k < v.u.list->n; k++)
			list_push(ids, val_int(id_of(v.u.list->v[k])));
		if (v.type != V_LIST && id_of(v) != 0)
			list_push(ids, val_int(id_of(v)));
	}
	return learn(r, to, ids, depth, e);
}

/* The names of objects in one statement, then of what those names refer to. */
static bool learn(struct ring *r, const struct resource *res, const struct list *ids, unsigned depth, struct err *e) {
	const char *columns[BOOK_KEY_MAX + 1] = { NULL };
	struct query q = { .res = res, .form = FORM_COLUMNS, .columns = columns };
	int64_t *wanted = arena_new(r->a, int64_t, ids->n);
	struct rows rows = { 0 };
	int key[BOOK_KEY_MAX];
	size_t n = book_key(res, key), i, k;

	for (i = 0; i < ids->n; i++) {
		if (map_find(r->known, ring_key(res, ids->v[i].u.i)) != NULL)
			continue;
		map_put(r->known, ring_key(res, ids->v[i].u.i), ids->v[i]);
		wanted[q.nids++] = ids->v[i].u.i;
	}
	q.ids = wanted;
	for (k = 0; k < n; k++)
		columns[k] = res->fields[key[k]].name;
	if (q.nids == 0 || n == 0 || depth > DEPTH_MAX)
		return true;
	if (!store_list(r->s, &q, &rows, NULL, e))
		return false;
	for (k = 0; k < n; k++) {
		if (res->fields[key[k]].type == F_REF && !learn_field(r, res->fields[key[k]].ref, &rows, key[k], depth + 1, e))
			return false;
	}
	for (i = 0; i < rows.n; i++) {
		struct map *m = map_new(r->a, n);

		for (k = 0; k < n; k++) {
			const struct field *f = &res->fields[key[k]];
			struct val v = rows.row[i]->v[key[k]];

			map_set(m, f->name, f->type == F_REF ? named(r, f->ref, id_of(v)) : v);
		}
		map_put(r->known, ring_key(res, rows.row[i]->id), val_map(m));
	}
	return true;
}

/* An id beside an object type: the kind differs from row to row. */
static bool is_object_id(const struct resource *res, size_t i) {
	return i > 0 && res->fields[i].type == F_INT && res->fields[i - 1].type == F_OBJTYPE;
}

static bool learn_objects(struct ring *r, const struct rows *rows, size_t i, struct err *e) {
	for (size_t k = 0; k < rows->n; k++) {
		struct val type = rows->row[k]->v[i - 1];
		const struct resource *to = type.type == V_STR ? res_by_model(type.u.s) : NULL;
		struct list *ids;

		if (to == NULL || map_find(r->known, ring_key(to, id_of(rows->row[k]->v[i]))) != NULL)
			continue;
		ids = list_new(r->a, rows->n);
		for (size_t j = k; j < rows->n; j++) {
			if (val_equal(rows->row[j]->v[i - 1], type))
				list_push(ids, val_int(id_of(rows->row[j]->v[i])));
		}
		if (!learn(r, to, ids, 0, e))
			return false;
	}
	return true;
}

static bool learn_all(struct ring *r, const struct resource *res, const struct rows *rows, struct err *e) {
	for (size_t i = 0; i < res->nfields; i++) {
		const struct field *f = &res->fields[i];

		if (!book_field(f))
			continue;
		if ((f->type == F_REF || f->type == F_REFS) && !learn_field(r, f->ref, rows, (int)i, 0, e))
			return false;
		if (f->type == F_TAGS && !learn_field(r, res_by_model("extras.tag"), rows, (int)i, 0, e))
			return false;
		if (is_object_id(res, i) && !learn_objects(r, rows, i, e))
			return false;
	}
	return true;
}

static struct val value_of(const struct ring *r, const struct row *row, size_t i) {
	const struct field *f = &row->res->fields[i];
	const struct resource *to = f->type == F_TAGS ? res_by_model("extras.tag") : f->ref;
	struct val v = row->v[i];
	struct list *l;

	if (f->type == F_REF)
		return named(r, to, id_of(v));
	if (is_object_id(row->res, i)) {
		struct val type = row->v[i - 1];

		to = type.type == V_STR ? res_by_model(type.u.s) : NULL;
		return to == NULL ? v : named(r, to, id_of(v));
	}
	if ((f->type != F_REFS && f->type != F_TAGS) || v.type != V_LIST)
		return v;
	l = list_new(r->a, v.u.list->n);
	for (size_t k = 0; k < v.u.list->n; k++)
		list_push(l, named(r, to, id_of(v.u.list->v[k])));
	return val_list(l);
}

static bool wanted(const struct field *f, const struct book_export *x) {
	return book_field(f) && (f->type != F_SECRET || x->secrets);
}

static struct val object_of(const struct ring *r, const struct row *row, const struct book_export *x) {
	struct map *m = map_new(r->a, row->res->nfields);

	for (size_t i = 0; i < row->res->nfields; i++) {
		if (wanted(&row->res->fields[i], x) && row->v[i].type != V_UNDEF)
			map_set(m, row->res->fields[i].name, value_of(r, row, i));
	}
	return val_map(m);
}

/* ---- tables ---- */

/* What tells apart what a field refers to; 0: a number does, as PeeringDB's, or it refers to nothing. */
static size_t inner_key(const struct field *f, int out[BOOK_KEY_MAX]) {
	return f->type == F_REF ? book_key(f->ref, out) : 0;
}

static void headings(struct sbuf *out, const struct resource *res, const char *prefix, struct arena *a, const int *key, size_t n, unsigned depth) {
	for (size_t k = 0; k < n; k++) {
		const struct field *f = &res->fields[key[k]];
		int inner[BOOK_KEY_MAX];
		size_t m = inner_key(f, inner);

		if (m > 0 && depth < DEPTH_MAX) {
			headings(out, f->ref, arena_printf(a, "%s%s.", prefix, f->name), a, inner, m, depth + 1);
		} else {
			sb_fmt(out, "%s%s%s%s", out->len == 0 || out->s[out->len - 1] == '\n' ? "" : ",", prefix, f->name, f->type == F_REF ? "_id" : "");
		}
	}
}

static size_t table_fields(const struct resource *res, const struct book_export *x, int *out) {
	size_t n = 0;

	for (size_t i = 0; i < res->nfields; i++) {
		if (wanted(&res->fields[i], x))
			out[n++] = (int)i;
	}
	return n;
}

/* A list of objects that go by one attribute is a list of those; all else that is no plain text is JSON. */
static void cell(struct sbuf *out, struct arena *a, struct val v) {
	struct sbuf b;
	bool plain = v.type == V_LIST;

	sb_init(&b, a);
	for (size_t i = 0; v.type == V_LIST && i < v.u.list->n; i++) {
		struct val item = v.u.list->v[i];

		if (item.type == V_MAP && item.u.map->n == 1)
			item = map_val(item.u.map, 0);
		plain = plain && (item.type == V_INT || (item.type == V_STR && memchr(item.u.s, ',', item.len) == NULL));
		sb_str(&b, i > 0 ? "," : "");
		if (item.type == V_STR)
			sb_mem(&b, item.u.s, item.len);
		else
			json_write(&b, item);
	}
	if (!plain)
		sb_reset(&b);
	if (!plain && v.type == V_STR)
		sb_mem(&b, v.u.s, v.len);
	else if (!plain && !val_is_null(v))
		json_write(&b, v);
	sb_csv(out, b.s, b.len);
}

static void cells(struct sbuf *out, struct arena *a, const struct resource *res, const int *key, size_t n, struct val object, bool first) {
	for (size_t k = 0; k < n; k++, first = false) {
		const struct field *f = &res->fields[key[k]];
		struct val v = object.type == V_MAP ? map_get(object.u.map, f->name) : val_null();
		int inner[BOOK_KEY_MAX];
		size_t m = inner_key(f, inner);

		if (m > 0) {
			cells(out, a, f->ref, inner, m, v, first);
			continue;
		}
		sb_str(out, first ? "" : ",");
		cell(out, a, v);
	}
}

/* ---- the whole ---- */

static void begin(struct sbuf *out, const struct query *q, const struct book_export *x, struct arena *a, const int *fields, size_t n) {
	if (x->format == BOOK_CSV) {
		headings(out, q->res, "", a, fields, n, 0);
		sb_str(out, "\r\n");
	} else if (x->format == BOOK_YAML) {
		if (x->document)
			sb_fmt(out, "%s:\n", q->res->command);
	} else {
		sb_fmt(out, x->document ? "\"%s\": [" : "[", q->res->command);
	}
}

static void put_object(struct sbuf *out, const struct book_export *x, struct arena *a, struct val v, bool first) {
	struct list *one;
	struct sbuf b;

	if (x->format == BOOK_JSON) {
		sb_str(out, first ? "\n  " : ",\n  ");
		json_write(out, v);
		return;
	}
	one = list_new(a, 1);
	list_push(one, v);
	sb_init(&b, a);
	yaml_write(&b, val_list(one));
	for (const char *s = b.s; *s != '\0';) {        /* a level deeper within a document */
		size_t n = strcspn(s, "\n") + 1;

		sb_str(out, x->document ? "  " : "");
		sb_mem(out, s, n);
		s += n;
	}
}

static void none(struct sbuf *out, bool document) {
	sb_cut(out, out->len - (document ? 1 : 0));
	sb_str(out, document ? " []\n" : "[]\n");
}

bool book_export_rows(struct store *s, const struct query *asked, const struct book_export *x, struct sbuf *out, struct problems *bad, struct err *e) {
	int *fields = arena_new(out->a, int, asked->res->nfields);
	size_t nfields = table_fields(asked->res, x, fields), most = asked->limit, done = 0;
	struct store piece = *s;
	struct query q = *asked;
	struct rows rows;
	bool ok = true;

	begin(out, asked, x, out->a, fields, nfields);
	piece.a = arena_new_root();
	do {
		struct ring ring = { .s = &piece, .a = piece.a, .known = map_new(piece.a, 64) };

		q.form = FORM_FULL;
		q.count = false;
		q.limit = most != 0 && most - done < PIECE ? most - done : PIECE;
		rows = (struct rows){ 0 };
		ok = store_list(&piece, &q, &rows, bad, e) && learn_all(&ring, q.res, &rows, e);
		for (size_t i = 0; ok && i < rows.n; i++) {
			struct val v = object_of(&ring, rows.row[i], x);

			if (x->format == BOOK_CSV) {
				cells(out, piece.a, q.res, fields, nfields, v, true);
				sb_str(out, "\r\n");
			} else {
				put_object(out, x, piece.a, v, done + i == 0);
			}
		}
		q.offset += rows.n;
		done += rows.n;
		arena_reset(piece.a);
	} while (ok && rows.n == PIECE && (most == 0 || done < most));
	if (ok && bad != NULL && problems_any(bad))
		bad->fields = val_keep(s->a, val_map(bad->fields)).u.map;
	arena_free(piece.a);
	if (x->format == BOOK_JSON)
		sb_str(out, done == 0 ? "]" : "\n]");
	if (x->format == BOOK_YAML && done == 0)
		none(out, x->document);
	return ok;
}
