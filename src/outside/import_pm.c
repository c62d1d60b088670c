/*
 * import_pm.c: copies tables from one database to another by the names of their columns.
 *
 * Each table goes through a temporary one, `incoming`, that has our columns' types and none of our rules. The rules are then
 * read from the catalogue and asked one by one which rows they would refuse: so the report names the rule, and a rule added
 * to the schema is asked as well. What is left is merged by primary key.
 */
#include "config.h"

#include "outside/import_pm.h"
#include "outside/import_pm_tables.h"

struct import {
	struct arena *a;
	struct db *from, *to;
	struct seal *seal;
	const char *types;              /* "WHEN 7 THEN 70 WHEN ...": their content types as ours */
	const char *have;               /* " id name ": columns of the source at hand */
	struct list *cols, *exprs;      /* of the table at hand: ours, and what they are over theirs */
	struct import_line *line;
};

static bool query(struct db *db, struct arena *a, const char *sql, struct result *r, struct err *e) {
	return db_query(db, a, sql, NULL, 0, r, e);
}

static bool query_str(struct db *db, struct arena *a, const char *sql, const char *arg, struct result *r, struct err *e) {
	return db_query(db, a, sql, (struct val[]){ val_str(arg) }, 1, r, e);
}

static bool execute(struct import *im, struct result *r, struct err *e, const char *fmt, ...) PRINTF(4, 5);
static bool execute(struct import *im, struct result *r, struct err *e, const char *fmt, ...) {
	struct result unused;
	va_list ap;
	const char *sql;

	va_start(ap, fmt);
	sql = arena_vprintf(im->a, fmt, ap);
	va_end(ap);
	return query(im->to, im->a, sql, r == NULL ? &unused : r, e);
}

static void note(struct import *im, const char *fmt, ...) PRINTF(2, 3);
static void note(struct import *im, const char *fmt, ...) {
	va_list ap;

	va_start(ap, fmt);
	list_push(im->line->notes, val_str(arena_vprintf(im->a, fmt, ap)));
	va_end(ap);
}

static bool has(const struct import *im, const char *col) {
	return strstr(im->have, arena_printf(im->a, " %s ", col)) != NULL;
}

static bool listed(const struct list *l, const char *name) {
	size_t i;

	for (i = 0; i < l->n; i++) {
		if (strcmp(l->v[i].u.s, name) == 0)
			return true;
	}
	return false;
}

static const char *joined(struct import *im, const struct list *l, const char *prefix) {
	struct sbuf b;
	size_t i;

	sb_init(&b, im->a);
	for (i = 0; i < l->n; i++)
		sb_fmt(&b, "%s%s%s", i == 0 ? "" : ", ", prefix, l->v[i].u.s);
	return b.s;
}

/* ---- what is copied: our column, their expression ---- */

/* What a model is called today. */
static const char *type_today(const char *type) {
	size_t i;

	for (i = 0; import_moved[i].table != NULL; i++) {
		if (import_moved[i].old_type != NULL && strcmp(import_moved[i].old_type, type) == 0)
			return import_moved[i].type;
	}
	return type;
}

/* Their content types as ours, for {type:col}. One that we do not have becomes NULL and is refused by NOT NULL with a note. */
static bool load_types(struct import *im, struct err *e) {
	struct result ours, theirs;
	struct sbuf b;
	size_t i, k;

	if (!query(im->to, im->a, "SELECT id, app_label || '.' || model FROM object_type", &ours, e) ||
	    !query(im->from, im->a, "SELECT id, app_label || '.' || model FROM django_content_type", &theirs, e))
		return false;
	sb_init(&b, im->a);
	for (i = 0; i < theirs.n; i++) {
		for (k = 0; k < ours.n; k++) {
			if (strcmp(type_today(result_at(&theirs, i, 1).u.s), result_at(&ours, k, 1).u.s) == 0)
				sb_fmt(&b, " WHEN %lld THEN %lld", (long long)result_at(&theirs, i, 0).u.i, (long long)result_at(&ours, k, 0).u.i);
		}
	}
	im->types = b.len == 0 ? " WHEN NULL THEN NULL" : b.s;
	return true;
}

/* Write out {type:col} or {have:col|expr}; NULL when a column is not there. */
static const char *expand(struct import *im, const char *expr) {
	const char *type = strstr(expr, "{type:"), *have = strstr(expr, "{have:"), *end, *bar;

	if (type != NULL) {
		end = strchr(type, '}');
		return arena_printf(im->a, "%.*sCASE s.%.*s%s END%s", (int)(type - expr), expr, (int)(end - type - 6), type + 6, im->types, end + 1);
	}
	if (have == NULL)
		return expr;
	bar = strchr(have, '|');
	end = strrchr(bar, '}');
	if (!has(im, arena_strndup(im->a, have + 6, (size_t)(bar - have - 6))))
		return NULL;
	return arena_printf(im->a, "%.*s%.*s%s", (int)(have - expr), expr, (int)(end - bar - 1), bar + 1, end + 1);
}

static void add_column(struct import *im, const char *name, const char *expr) {
	list_push(im->cols, val_str(name));
	list_push(im->exprs, val_str(expr));
}

/* "ours = expr; ours = expr" */
static void special_columns(struct import *im, const char *spec) {
	while (spec != NULL && *spec != '\0') {
		size_t len = strcspn(spec, ";");
		const char *one = arena_strndup(im->a, spec, len), *eq = strstr(one, " = "), *expr = expand(im, eq + 3);

		if (expr != NULL)
			add_column(im, arena_strndup(im->a, one, (size_t)(eq - one)), expr);
		spec += len;
		spec += strspn(spec, "; ");
	}
}

/* Columns of both by name; what only they have is noted. */
static bool plan_columns(struct import *im, const struct import_table *t, const char *source, struct err *e) {
	struct result theirs, ours;
	struct sbuf b, lost;
	size_t i;

	if (!query(im->from, im->a, arena_printf(im->a, "SELECT * FROM %s s LIMIT 0", source), &theirs, e) ||
	    !query_str(im->to, im->a, "SELECT attname::text FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped"
	        " AND attgenerated = '' ORDER BY attnum", t->into, &ours, e))
		return false;
	sb_init(&b, im->a);
	for (i = 0; i < theirs.cols; i++)
		sb_fmt(&b, " %s ", theirs.names[i]);
	im->have = b.s;
	im->cols = list_new(im->a, ours.n);
	im->exprs = list_new(im->a, ours.n);
	special_columns(im, t->columns);
	for (i = 0; i < ours.n; i++) {
		const char *name = result_at(&ours, i, 0).u.s;

		if (has(im, name) && !listed(im->cols, name))
			add_column(im, name, arena_printf(im->a, "s.%s", name));
	}
	sb_init(&lost, im->a);
	for (i = 0; i < theirs.cols && t->source == NULL; i++) {
		const char *name = theirs.names[i];

		if (!listed(im->cols, name) && strcmp(name, "id") != 0 && (t->columns == NULL || strstr(t->columns, name) == NULL) &&
		    (t->elsewhere == NULL || strstr(t->elsewhere, name) == NULL))
			sb_fmt(&lost, " %s", name);
	}
	if (lost.len > 0)
		note(im, "no place for column%s", lost.s);
	return true;
}

/* ---- the rows themselves ---- */

static bool receive(void *arg, const char *data, size_t len, struct err *e) {
	struct import *im = arg;

	return db_copy_data(im->to, data, len, e);
}

static bool fetch(struct import *im, const struct import_table *t, const char *source, struct err *e) {
	const char *cols = joined(im, im->cols, "");
	struct result r;

	if (!execute(im, NULL, e, "DROP TABLE IF EXISTS incoming") ||
	    !execute(im, NULL, e, "CREATE TEMP TABLE incoming ON COMMIT DROP AS SELECT %s FROM %s WITH NO DATA", cols, t->into) ||
	    !db_copy_begin(im->to, arena_printf(im->a, "COPY incoming (%s) FROM STDIN", cols), e) ||
	    !db_copy_out(im->from, arena_printf(im->a, "COPY (SELECT %s FROM %s s) TO STDOUT", joined(im, im->exprs, ""), source), receive, im, e) ||
	    !db_copy_end(im->to, e) || !execute(im, &r, e, "SELECT count(*) FROM incoming"))
		return false;
	im->line->read = result_at(&r, 0, 0).u.i;
	return true;
}

/* Seal a column of `incoming`; a secret that is here already and says the same keeps its text, so that nothing changes. */
static bool seal_column(struct import *im, const struct import_table *t, const char *col, struct err *e) {
	struct list *ids = list_new(im->a, 0), *texts = list_new(im->a, 0);
	struct result r;
	size_t i;

	if (!execute(im, &r, e, "SELECT n.id, n.%s, o.%s FROM incoming n LEFT JOIN %s o USING (id) WHERE n.%s <> ''", col, col, t->into, col))
		return false;
	for (i = 0; i < r.n; i++) {
		const char *clear = result_at(&r, i, 1).u.s, *old = val_cstr(result_at(&r, i, 2), ""), *was = "", *sealed = old;

		if (old[0] != '\0' && !unseal_text(im->seal, im->a, old, &was, e))
			return false;
		if ((!seal_is_sealed(old) || strcmp(was, clear) != 0) && !seal_text(im->seal, im->a, clear, &sealed, e))
			return false;
		list_push(ids, result_at(&r, i, 0));
		list_push(texts, val_str(sealed));
	}
	return db_query(im->to, im->a, arena_printf(im->a, "UPDATE incoming n SET %s = v.t FROM unnest($1::bigint[], $2::text[]) AS v (id, t)"
	    " WHERE n.id = v.id", col), (struct val[]){ val_list(ids), val_list(texts) }, 2, &r, e);
}

static bool seal_columns(struct import *im, const struct import_table *t, struct err *e) {
	const char *p = t->sealed;

	while (p != NULL && *p != '\0') {
		size_t len = strcspn(p, " ");

		if (!seal_column(im, t, arena_strndup(im->a, p, len), e))
			return false;
		p += len;
		p += strspn(p, " ");
	}
	return true;
}

/* ---- the rules of the schema, asked before they are broken ---- */

static void refused(struct import *im, const char *what, const struct result *r) {
	struct sbuf b;
	size_t i;

	if (r->n == 0)
		return;
	sb_init(&b, im->a);
	for (i = 0; i < r->n && i < 5; i++)
		sb_fmt(&b, "%s%s", i == 0 ? "" : ", ", val_cstr(result_at(r, i, 0), "?"));
	note(im, "%s: %zu row%s (%s%s)", what, r->n, r->n == 1 ? "" : "s", b.s, r->n > 5 ? ", ..." : "");
}

static bool refuse_where(struct import *im, const char *what, const char *condition, struct err *e) {
	const char *key = listed(im->cols, "id") ? "id" : im->cols->v[0].u.s;
	struct result r;

	if (!execute(im, &r, e, "DELETE FROM incoming WHERE %s RETURNING '%s ' || %s::text", condition, key, key))
		return false;
	im->line->refused += (int64_t)r.n;
	refused(im, arena_printf(im->a, "refused by %s", what), &r);
	return true;
}

/* A reference to what is not there: emptied where it may be empty, else the row is refused. */
static bool ask_reference(struct import *im, const char *name, const char *col, const char *there, bool may_be_null, struct err *e) {
	const char *dangling = arena_printf(im->a, "%s IS NOT NULL AND NOT EXISTS (SELECT 1 FROM %s o WHERE o.id = incoming.%s)", col, there, col);
	const char *key = listed(im->cols, "id") ? "id" : im->cols->v[0].u.s;
	struct result r;

	if (!may_be_null)
		return refuse_where(im, arena_printf(im->a, "%s, for %s points at nothing", name, col), dangling, e);
	if (!execute(im, &r, e, "UPDATE incoming SET %s = NULL WHERE %s RETURNING '%s ' || %s::text", col, dangling, key, key))
		return false;
	refused(im, arena_printf(im->a, "%s emptied, it points at nothing", col), &r);
	return true;
}

static bool ask_rules(struct import *im, const struct import_table *t, struct err *e) {
	struct result r;
	size_t i;

	if (!query_str(im->to, im->a,
	        "SELECT c.conname::text, c.contype::text, pg_get_expr(c.conbin, c.conrelid), (SELECT array_agg(a.attname::text) FROM pg_attribute a"
	        " WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)), c.confrelid::regclass::text,"
	        " (SELECT bool_and(NOT a.attnotnull) FROM pg_attribute a WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey))"
	        " FROM pg_constraint c WHERE c.conrelid = $1::regclass AND c.contype IN ('c', 'f') ORDER BY c.contype DESC, 1", t->into, &r, e))
		return false;
	for (i = 0; i < r.n; i++) {
		const struct list *cols = result_at(&r, i, 3).u.list;
		const char *name = result_at(&r, i, 0).u.s;
		size_t k, known = 0;

		for (k = 0; k < cols->n; k++)
			known += listed(im->cols, cols->v[k].u.s);
		if (known < cols->n)
			continue;
		if (result_at(&r, i, 1).u.s[0] == 'c') {
			const char *rule = result_at(&r, i, 2).u.s;

			if (!refuse_where(im, arena_printf(im->a, "%s, which wants %s", name, rule), arena_printf(im->a, "NOT (%s)", rule), e))
				return false;
		} else if (cols->n == 1 &&
		    !ask_reference(im, name, cols->v[0].u.s, result_at(&r, i, 4).u.s, result_at(&r, i, 5).u.b, e)) {
			return false;
		}
	}
	return true;
}

static bool primary_key(struct import *im, const struct import_table *t, struct list *key, struct err *e) {
	struct result r;

	if (!query_str(im->to, im->a, "SELECT a.attname::text FROM pg_index x JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = ANY (x.indkey)"
	        " WHERE x.indrelid = $1::regclass AND x.indisprimary ORDER BY array_position(x.indkey::smallint[], a.attnum)", t->into, &r, e))
		return false;
	for (size_t i = 0; i < r.n; i++)
		list_push(key, result_at(&r, i, 0));
	return true;
}

/* The rows of `incoming` with the values of another that comes as well and came first, or of one that is only here. */
static bool refuse_twice(struct import *im, const struct import_table *t, const struct list *key, const struct val *index, struct err *e) {
	const char *name = index[0].u.s, *where = index[3].type == V_STR ? arena_printf(im->a, " WHERE %s", index[3].u.s) : "", *order =
	    listed(im->cols, "id") ? "id" : "ctid";
	struct list *exprs = index[1].u.list, *names = list_new(im->a, exprs->n), *as = list_new(im->a, exprs->n);

	for (size_t i = 0; i < exprs->n; i++) {
		list_push(names, val_printf(im->a, "k%zu", i));
		list_push(as, val_printf(im->a, "%s AS k%zu", exprs->v[i].u.s, i));
	}
	if (!refuse_where(im, arena_printf(im->a, "%s, which is there twice", name), arena_printf(im->a,
	        "ctid IN (SELECT r FROM (SELECT ctid AS r, row_number() OVER (PARTITION BY %s ORDER BY %s) AS place, num_nulls(%s) AS nulls FROM incoming%s) x"
	        " WHERE place > 1 AND nulls = 0)", joined(im, exprs, ""), order, joined(im, exprs, ""), where), e))
		return false;
	if (index[2].u.b)
		return true;
	return refuse_where(im, arena_printf(im->a, "%s, which another row here has", name), arena_printf(im->a,
	    "ctid IN (SELECT n.r FROM (SELECT ctid AS r, %s FROM incoming%s) n JOIN (SELECT %s, %s FROM %s%s) o USING (%s)"
	    " WHERE NOT EXISTS (SELECT FROM incoming m WHERE (%s) = (%s)))", joined(im, as, ""), where, joined(im, as, ""), joined(im, key, ""), t->into, where,
	    joined(im, names, ""), joined(im, key, "m."), joined(im, key, "o.")), e);
}

static bool ask_unique(struct import *im, const struct import_table *t, struct err *e) {
	struct list *key = list_new(im->a, 2);
	struct result r;

	if (!primary_key(im, t, key, e) || !query_str(im->to, im->a,
	        "SELECT x.indexrelid::regclass::text, (SELECT array_agg(pg_get_indexdef(x.indexrelid, k, true) ORDER BY k) FROM generate_series(1, x.indnkeyatts) k),"
	        " x.indisprimary, pg_get_expr(x.indpred, x.indrelid), ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = x.indrelid AND (a.attnum = ANY (x.indkey)"
	        " OR EXISTS (SELECT FROM pg_depend d WHERE d.objid = x.indexrelid AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum)) AND a.attnum > 0)"
	        " FROM pg_index x WHERE x.indrelid = $1::regclass AND x.indisunique ORDER BY x.indisprimary DESC, 1", t->into, &r, e))
		return false;
	for (size_t i = 0; i < r.n; i++) {
		const struct list *cols = result_at(&r, i, 4).u.list;
		size_t known = 0;

		for (size_t k = 0; k < cols->n; k++)
			known += listed(im->cols, cols->v[k].u.s);
		if (known == cols->n && !refuse_twice(im, t, key, &r.v[i * r.cols], e))
			return false;
	}
	return true;
}

/* What may not be NULL here takes its default, or the row is refused. */
static bool ask_nulls(struct import *im, const struct import_table *t, struct err *e) {
	struct result r;
	size_t i;

	if (!query_str(im->to, im->a, "SELECT a.attname::text, pg_get_expr(d.adbin, d.adrelid) FROM pg_attribute a LEFT JOIN pg_attrdef d"
	        " ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum) WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND a.attnotnull", t->into, &r, e))
		return false;
	for (i = 0; i < r.n; i++) {
		const char *col = result_at(&r, i, 0).u.s;
		struct val def = result_at(&r, i, 1);

		if (!listed(im->cols, col))
			continue;
		if (def.type == V_STR ? !execute(im, NULL, e, "UPDATE incoming SET %s = %s WHERE %s IS NULL", col, def.u.s, col)
		    : !refuse_where(im, arena_printf(im->a, "%s, which is empty there", col), arena_printf(im->a, "%s IS NULL", col), e))
			return false;
	}
	return true;
}

/* ---- the merge ---- */

/* Lists are as they are there, to their last entry. */
static bool drop_rest(struct import *im, const struct import_table *t, const struct list *key, struct err *e) {
	struct result owners, r;

	if (t->lists_of == NULL)
		return true;
	if (!query(im->from, im->a, arena_printf(im->a, "SELECT coalesce(array_agg(id::bigint), '{}') FROM (%s) o", t->lists_of), &owners, e) ||
	    !db_query(im->to, im->a, arena_printf(im->a, "WITH d AS (DELETE FROM %s o WHERE o.%s = ANY ($1::bigint[]) AND NOT EXISTS (SELECT FROM incoming n"
	        " WHERE (%s) = (%s)) RETURNING 1) SELECT count(*) FROM d", t->into, key->v[0].u.s, joined(im, key, "n."), joined(im, key, "o.")),
	        owners.v, 1, &r, e))
		return false;
	im->line->updated += result_at(&r, 0, 0).u.i;
	if (result_at(&r, 0, 0).u.i > 0)
		note(im, "%lld entries that are no longer there were taken out", (long long)result_at(&r, 0, 0).u.i);
	return true;
}

/* Links that an earlier import brought and that are gone there go here, too; those made here were never among them and stay. */
static bool drop_links(struct import *im, const struct import_table *t, const struct list *key, struct err *e) {
	const char *row = joined(im, key, "n."), *ours = joined(im, key, "o.");
	struct result r;

	if (!t->link)
		return true;
	if (!execute(im, &r, e, "WITH gone AS (DELETE FROM import_link l WHERE l.table_name = '%s' AND l.key NOT IN (SELECT ROW (%s)::text FROM incoming n)"
	        " RETURNING l.key), d AS (DELETE FROM %s o WHERE ROW (%s)::text IN (SELECT key FROM gone) RETURNING 1) SELECT count(*) FROM d", t->into, row,
	        t->into, ours))
		return false;
	im->line->updated += result_at(&r, 0, 0).u.i;
	if (result_at(&r, 0, 0).u.i > 0)
		note(im, "%lld links that are no longer there were taken away", (long long)result_at(&r, 0, 0).u.i);
	return execute(im, NULL, e, "INSERT INTO import_link (table_name, key) SELECT '%s', ROW (%s)::text FROM incoming n ON CONFLICT DO NOTHING", t->into, row);
}

static bool merge(struct import *im, const struct import_table *t, struct err *e) {
	struct list *key = list_new(im->a, 2), *rest = list_new(im->a, im->cols->n);
	const char *cols = joined(im, im->cols, ""), *update = "DO NOTHING";
	struct result r;
	size_t i;

	if (!primary_key(im, t, key, e))
		return false;
	for (i = 0; i < im->cols->n; i++) {
		if (!listed(key, im->cols->v[i].u.s))
			list_push(rest, im->cols->v[i]);
	}
	if (rest->n > 0)
		update = arena_printf(im->a, "DO UPDATE SET (%s) = ROW (%s) WHERE (%s) IS DISTINCT FROM (%s)", joined(im, rest, ""),
		    joined(im, rest, "excluded."), joined(im, rest, "o."), joined(im, rest, "excluded."));
	if (!execute(im, &r, e, "WITH m AS (INSERT INTO %s AS o (%s) SELECT %s FROM incoming ON CONFLICT (%s) %s RETURNING o.xmax = 0 AS new)"
	        " SELECT count(*) FILTER (WHERE new), count(*) FILTER (WHERE NOT new) FROM m", t->into, cols, cols, joined(im, key, ""), update)) {
		memmove(e->msg + strlen(t->into) + 2, e->msg, ERR_MSG_MAX - strlen(t->into) - 3);
		memcpy(e->msg, t->into, strlen(t->into));
		memcpy(e->msg + strlen(t->into), ": ", 2);
		e->msg[ERR_MSG_MAX - 1] = '\0';
		return false;
	}
	im->line->created = result_at(&r, 0, 0).u.i;
	im->line->updated = result_at(&r, 0, 1).u.i;
	im->line->unchanged = im->line->read - im->line->refused - im->line->created - im->line->updated;
	if (!drop_rest(im, t, key, e) || !drop_links(im, t, key, e) || !execute(im, &r, e, "SELECT count(*) FROM %s o WHERE NOT EXISTS (SELECT FROM incoming n WHERE (%s) = (%s))", t->into,
	        joined(im, key, "n."), joined(im, key, "o.")))
		return false;
	im->line->only_here = result_at(&r, 0, 0).u.i;
	return !listed(im->cols, "id") || execute(im, NULL, e,
	    "SELECT setval(s, greatest((SELECT max(id) FROM %s), nextval(s))) FROM pg_get_serial_sequence('%s', 'id') AS s WHERE s IS NOT NULL"
	    " AND EXISTS (SELECT 1 FROM %s)", t->into, t->into, t->into);
}

/* The text with one name for another. */
static const char *renamed(struct import *im, const char *text, const char *name, const char *by) {
	struct sbuf b;
	const char *at;

	sb_init(&b, im->a);
	for (; (at = strstr(text, name)) != NULL; text = at + strlen(name)) {
		sb_mem(&b, text, (size_t)(at - text));
		sb_str(&b, by);
	}
	sb_str(&b, text);
	return b.s;
}

/* The table's name there: as it is today, or as it was before it moved; NULL when there is neither. */
static bool name_there(struct import *im, const char *from, const char **out, struct err *e) {
	struct result r;
	size_t i;

	*out = from;
	if (!query_str(im->from, im->a, "SELECT to_regclass($1) IS NOT NULL", from, &r, e))
		return false;
	if (result_at(&r, 0, 0).u.b)
		return true;
	*out = NULL;
	for (i = 0; import_moved[i].table != NULL && *out == NULL; i++) {
		if (strcmp(import_moved[i].table, from) != 0)
			continue;
		if (!query_str(im->from, im->a, "SELECT to_regclass($1) IS NOT NULL", import_moved[i].old_table, &r, e))
			return false;
		if (result_at(&r, 0, 0).u.b)
			*out = import_moved[i].old_table;
	}
	return true;
}

/* Their table or query for one of ours; NULL with a note where an older version does not have it. */
static bool source_of(struct import *im, const struct import_table *t, const char **out, struct err *e) {
	const char *from;
	struct result r;

	*out = NULL;
	if (!name_there(im, t->from, &from, e))
		return false;
	if (from == NULL) {
		note(im, "they have no table %s", t->from);
		return true;
	}
	if (t->needs != NULL) {
		if (!db_query(im->from, im->a, "SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = $1::regclass AND attname = $2 AND NOT attisdropped)",
		        (struct val[]){ val_str(from), val_str(t->needs) }, 2, &r, e))
			return false;
		if (!result_at(&r, 0, 0).u.b) {
			note(im, "%s has no column %s there", from, t->needs);
			return true;
		}
	}
	*out = t->source == NULL ? from : renamed(im, t->source, t->from, from);
	return true;
}

static bool copy_table(struct import *im, const struct import_table *t, struct err *e) {
	const char *source;

	im->line->table = t->into;
	im->line->from = t->from;
	im->line->notes = list_new(im->a, 0);
	return source_of(im, t, &source, e) && (source == NULL || (plan_columns(im, t, source, e) && fetch(im, t, source, e) && seal_columns(im, t, e) &&
	    ask_nulls(im, t, e) && ask_rules(im, t, e) && ask_unique(im, t, e) && merge(im, t, e)));
}

/* ---- rights ---- */

/*
 * Their rights are by model: each group and user gets one of ours per set of them. Reading needed no right there, so one
 * more lets all of their users read everything, for the operator to narrow.
 */
static const char rights_of[] =
	"SELECT g.name, p.codename, p_t.app_label || '.' || p_t.model, g.kind, g.id"
	" FROM (SELECT 'group ' || x.name AS name, 'g' AS kind, x.id, m.permission_id FROM auth_group x JOIN auth_group_permissions m ON m.group_id = x.id"
	" UNION ALL SELECT 'user ' || x.username, 'u', x.id, m.permission_id FROM auth_user x JOIN auth_user_user_permissions m ON m.user_id = x.id) g"
	" JOIN auth_permission p ON p.id = g.permission_id JOIN django_content_type p_t ON p_t.id = p.content_type_id ORDER BY 1, 3, 2";

static bool right(struct import *im, const char *name, const char *description, struct list *actions, int64_t *id, struct err *e) {
	struct result r;

	if (!db_query(im->to, im->a, "INSERT INTO auth_permission (name, description, actions) VALUES ($1, $2, $3::text[])"
	        " ON CONFLICT (name) DO UPDATE SET actions = excluded.actions RETURNING id",
	        (struct val[]){ val_str(name), val_str(description), val_list(actions) }, 3, &r, e))
		return false;
	*id = result_at(&r, 0, 0).u.i;
	return true;
}

static bool read_everything(struct import *im, struct err *e) {
	struct list *view = list_new(im->a, 1);
	int64_t id;

	list_push(view, val_str("view"));
	return right(im, "Read everything (imported)", "Peering Manager lets every user read; narrow this as you see fit", view, &id, e) &&
	    execute(im, NULL, e, "INSERT INTO auth_permission_object_types SELECT %lld, id FROM object_type WHERE app_label NOT IN ('auth', 'users')"
	        " ON CONFLICT DO NOTHING", (long long)id) &&
	    execute(im, NULL, e, "INSERT INTO auth_permission_users SELECT %lld, id FROM auth_user ON CONFLICT DO NOTHING", (long long)id);
}

static bool copy_rights(struct import *im, struct err *e) {
	struct result r, done;
	size_t i, k;

	if (!query(im->from, im->a, rights_of, &r, e))
		return false;
	for (i = 0; i < r.n; i = k) {
		struct list *actions = list_new(im->a, 4);
		struct val owner = result_at(&r, i, 0), model = result_at(&r, i, 2);
		bool group = result_at(&r, i, 3).u.s[0] == 'g';
		int64_t id;

		for (k = i; k < r.n && val_equal(result_at(&r, k, 0), owner) && val_equal(result_at(&r, k, 2), model); k++) {
			const char *code = result_at(&r, k, 1).u.s, *last = strrchr(code, '_');
			bool plain = last != NULL && (strncmp(code, "add_", 4) == 0 || strncmp(code, "view_", 5) == 0 ||
			    strncmp(code, "change_", 7) == 0 || strncmp(code, "delete_", 7) == 0) && strcmp(last + 1, strchr(model.u.s, '.') + 1) == 0;

			list_push(actions, plain ? val_copy(im->a, code, (size_t)(last - code)) : val_str(code));
		}
		model = val_str(type_today(model.u.s));
		if (!right(im, arena_printf(im->a, "%s: %s", owner.u.s, model.u.s), "Imported from Peering Manager", actions, &id, e) ||
		    !db_query(im->to, im->a, "INSERT INTO auth_permission_object_types SELECT $1, id FROM object_type WHERE app_label || '.' || model = $2"
		        " ON CONFLICT DO NOTHING", (struct val[]){ val_int(id), model }, 2, &done, e) ||
		    !execute(im, NULL, e, "INSERT INTO auth_permission_%s (auth_permission_id, auth_%s_id) VALUES (%lld, %lld) ON CONFLICT DO NOTHING",
		        group ? "groups" : "users", group ? "group" : "user", (long long)id, (long long)result_at(&r, i, 4).u.i))
			return false;
	}
	return read_everything(im, e);
}

/* ---- the whole ---- */

static bool may_begin(struct import *im, struct err *e) {
	struct result r;

	if (!query(im->from, im->a, "SELECT to_regclass('peering_autonomoussystem') IS NOT NULL AND to_regclass('django_content_type') IS NOT NULL", &r, e))
		return false;
	if (!result_at(&r, 0, 0).u.b)
		return err_set(e, ERR_INVALID, NULL, "that is not a Peering Manager database: it has no table peering_autonomoussystem");
	if (!query(im->to, im->a, "SELECT EXISTS (SELECT 1 FROM import_source WHERE kind = 'peering-manager'), EXISTS (SELECT 1 FROM autonomous_system)"
	        " OR EXISTS (SELECT 1 FROM router) OR EXISTS (SELECT 1 FROM internet_exchange)", &r, e))
		return false;
	if (result_at(&r, 0, 0).u.b)
		return true;
	if (result_at(&r, 0, 1).u.b)
		return err_set(e, ERR_CONFLICT, NULL, "this book has objects of its own; import into a freshly migrated database");
	return execute(im, NULL, e, "DELETE FROM platform p WHERE NOT EXISTS (SELECT 1 FROM router r WHERE r.platform_id = p.id)");
}

static bool same_users(struct import *im, struct err *e) {
	struct result theirs, r;

	if (!query(im->from, im->a, "SELECT array_agg(id::bigint), array_agg(username::text) FROM auth_user", &theirs, e))
		return false;
	if (result_at(&theirs, 0, 0).type != V_LIST)
		return true;
	if (!db_query(im->to, im->a, "SELECT u.username, v.name FROM auth_user u JOIN unnest($1::bigint[], $2::text[]) AS v (id, name)"
	        " ON (u.id = v.id) <> (u.username = v.name) LIMIT 1", theirs.v, 2, &r, e))
		return false;
	if (r.n > 0)
		return err_set(e, ERR_CONFLICT, NULL, "user \"%s\" here is in the place of \"%s\" there; import first, add users afterwards",
		    result_at(&r, 0, 0).u.s, result_at(&r, 0, 1).u.s);
	return true;
}

static bool import_all(struct import *im, struct import_report *report, struct err *e) {
	size_t n;

	if (!may_begin(im, e) || !same_users(im, e) || !load_types(im, e))
		return false;
	for (n = 0; import_tables[n].into != NULL; n++)
		;
	report->line = arena_new(im->a, struct import_line, n);
	for (report->n = 0; report->n < n; report->n++) {
		im->line = &report->line[report->n];
		if (!copy_table(im, &import_tables[report->n], e))
			return false;
	}
	return copy_rights(im, e) && execute(im, NULL, e, "INSERT INTO import_source (kind, last) VALUES ('peering-manager', now())"
	    " ON CONFLICT (kind) DO UPDATE SET last = now()");
}

/* A large book takes longer than a page may; while one side works, the other waits inside its transaction. */
static bool no_time_outs(struct db *db, struct arena *a, struct err *e) {
	struct result r;

	return query(db, a, "SET statement_timeout = 0", &r, e) && query(db, a, "SET idle_in_transaction_session_timeout = 0", &r, e);
}

bool import_peering_manager(struct arena *a, struct db *from, struct db *to, struct seal *seal, enum import_mode mode,
    struct import_report *report, struct err *e) {
	struct import im = { .a = a, .from = from, .to = to, .seal = seal };
	bool ok;

	*report = (struct import_report){ .notes = list_new(a, 0) };
	if (!no_time_outs(from, a, e) || !no_time_outs(to, a, e))
		return false;
	if (!db_begin(from, DB_READ, e) || !db_begin(to, DB_WRITE, e))
		return false;
	ok = import_all(&im, report, e);
	db_rollback(from);
	if (ok && mode == IMPORT_FOR_GOOD)
		return db_commit(to, e);
	db_rollback(to);
	return ok;
}
