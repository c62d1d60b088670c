/* search.c: the search index: what an object is found by, kept with every write and made anew on demand. */
#include "config.h"

#include "db/pgtext.h"
#include "model/engine.h"

enum {
	VALUE_MAX = 8000,       /* characters of a text that are looked through */
	PAGE = 500              /* rows read at once when all is made anew */
};

bool search_has(const struct resource *res) {
	size_t i;

	for (i = 0; i < res->nfields; i++) {
		if ((res->fields[i].flags & FF_SEARCH) != 0)
			return true;
	}
	return false;
}

/* Names and numbers that an object is known by stand before what is said about it. */
static int64_t weight_of(const struct field *f) {
	return (f->flags & FF_UNIQUE) != 0 || f->type == F_ASN || strcmp(f->name, "name") == 0 ? 100 : f->type == F_LONGTEXT ? 900 : 500;
}

/* Entries of rows of one type, column by column, as the statement takes them. */
struct entries {
	struct list *ids, *fields, *weights, *values, *labels;
};

static struct entries entries_new(struct arena *a) {
	return (struct entries){ list_new(a, 8), list_new(a, 8), list_new(a, 8), list_new(a, 8), list_new(a, 8) };
}

static void entries_add(struct store *s, const struct row *row, struct entries *out) {
	size_t i;

	for (i = 0; i < row->res->nfields; i++) {
		const struct field *f = &row->res->fields[i];
		struct sbuf b;

		if ((f->flags & FF_SEARCH) == 0 || val_is_null(row->v[i]))
			continue;
		sb_init(&b, s->a);
		value_text(&b, row->v[i]);
		if (b.len == 0)
			continue;
		list_push(out->ids, val_int(row->id));
		list_push(out->fields, val_str(f->name));
		list_push(out->weights, val_int(weight_of(f)));
		list_push(out->values, text_cut(s->a, val_mem(b.s, b.len), VALUE_MAX));
		list_push(out->labels, row->display.type == V_STR ? row->display : val_str(""));
	}
}

static const char insert_sql[] =
	"INSERT INTO search_entry (object_type_id, object_id, field, weight, value, label)"
	" SELECT $1, x.* FROM unnest($2::bigint[], $3::text[], $4::smallint[], $5::text[], $6::text[]) x"
	" ON CONFLICT (object_type_id, object_id, field) DO UPDATE SET weight = excluded.weight, value = excluded.value, label = excluded.label"
	" WHERE (search_entry.value, search_entry.label) IS DISTINCT FROM (excluded.value, excluded.label)";

static struct val *insert_params(struct store *s, const struct info *info, const struct entries *e) {
	struct val *p = arena_new(s->a, struct val, 6);

	p[0] = val_int(info->otype);
	p[1] = val_list(e->ids);
	p[2] = val_list(e->fields);
	p[3] = val_list(e->weights);
	p[4] = val_list(e->values);
	p[5] = val_list(e->labels);
	return p;
}

size_t search_calls(struct store *s, struct info *info, const struct rows *rows, bool had, struct db_call out[2]) {
	struct entries entries = entries_new(s->a);
	struct val *gone = arena_new(s->a, struct val, 4);
	struct list *all = list_new(s->a, rows->n);
	size_t n = 0;

	for (size_t i = 0; i < rows->n; i++) {
		entries_add(s, rows->row[i], &entries);
		list_push(all, val_int(rows->row[i]->id));
	}
	gone[0] = val_int(info->otype);
	gone[1] = val_list(all);
	gone[2] = val_list(entries.ids);
	gone[3] = val_list(entries.fields);
	if (had)
		out[n++] = (struct db_call){ .params = gone, .nparams = 4, .sql =
			"DELETE FROM search_entry s WHERE s.object_type_id = $1 AND s.object_id = ANY($2::bigint[])"
			" AND NOT EXISTS (SELECT FROM unnest($3::bigint[], $4::text[]) x(id, field) WHERE x.id = s.object_id AND x.field = s.field)" };
	out[n++] = (struct db_call){ .params = insert_params(s, info, &entries), .nparams = 6, .sql = insert_sql };
	return n;
}

void search_lines(struct store *s, const struct info *info, const struct rows *rows, struct sbuf *out) {
	struct entries e = entries_new(s->a);
	size_t i;

	for (i = 0; search_has(info->res) && i < rows->n; i++)
		entries_add(s, rows->row[i], &e);
	for (i = 0; i < e.ids->n; i++) {
		const struct val line[] = { val_int(info->otype), e.ids->v[i], e.fields->v[i], e.weights->v[i], e.values->v[i], e.labels->v[i] };

		pg_copy_line(out, s->a, line, ARRAY_LEN(line));
	}
}

/* One page of a resource, from the first id on; *last is where the next begins, 0 at the end. */
static bool reindex_page(struct store *s, struct info *info, int64_t *last, struct err *e) {
	struct val after[1] = { val_int(*last) };
	struct entries entries = entries_new(s->a);
	struct query q = { .res = info->res, .form = FORM_FULL };
	struct result r;
	struct rows rows;
	int64_t *ids;
	size_t i;

	if (!db_query(s->db, s->a, arena_printf(s->a, "SELECT id FROM %s WHERE id > $1 ORDER BY id LIMIT %d", info->res->table, PAGE), after, 1, &r, e))
		return false;
	ids = arena_new(s->a, int64_t, r.n);
	for (i = 0; i < r.n; i++)
		ids[i] = result_at(&r, i, 0).u.i;
	q.ids = ids;
	q.nids = r.n;
	*last = r.n < PAGE ? 0 : ids[r.n - 1];
	if (r.n == 0)
		return true;
	if (!store_list(s, &q, &rows, NULL, e))
		return false;
	for (i = 0; i < rows.n; i++)
		entries_add(s, rows.row[i], &entries);
	return db_query(s->db, s->a, insert_sql, insert_params(s, info, &entries), 6, &r, e);
}

static bool reindex_all(struct store *s, struct model *m, const struct resource *res, struct err *e) {
	struct info *info = info_of(m, res);
	int64_t last = 0;

	if (info->otype == 0 || !search_has(res) || (res->flags & RF_NOLOG) != 0)
		return true;
	do {
		if (!reindex_page(s, info, &last, e))
			return false;
		arena_reset(s->a);
	} while (last != 0);
	return true;
}

/* Pages have an arena of their own: all rows of a book would not fit into one. */
bool store_reindex(struct store *s, struct err *e) {
	struct model *m = model_of(s, e);
	struct store page = *s;
	struct result r;
	bool ok = m != NULL && db_query(s->db, s->a, "DELETE FROM search_entry", NULL, 0, &r, e);
	size_t i;

	page.a = arena_new_root();
	for (i = 0; ok && all_resources[i] != NULL; i++)
		ok = reindex_all(&page, m, all_resources[i], e);
	arena_free(page.a);
	return ok;
}
