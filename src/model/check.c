/* check.c: holds the tables against the database. */
#include "config.h"

#include "db/queries.h"
#include "model/check.h"
#include "model/engine.h"

struct checking {
	struct store *s;
	struct model *m;
	struct list *wrong;
	size_t statements;
};

static void note(struct checking *k, const char *text) {
	list_push(k->wrong, val_str(text));
}

static void prepare(struct checking *k, const char *what, const char *sql) {
	struct err e;

	if (sql == NULL)
		return;
	k->statements++;
	if (!db_prepares(k->s->db, sql, &e))
		note(k, arena_printf(k->s->a, "%s: %s", what, e.msg));
}

/* ---- what is derived of a resource ---- */

static const struct { enum form form; const char *name; } forms[] = {
	{ FORM_FULL, "full" }, { FORM_BRIEF, "brief" }, { FORM_ID, "id" }, { (enum form)FORM_NESTED, "nested" }, { FORM_COLUMNS, "columns" },
};
struct statement {
	const char *kind, *sql;
};
enum { STATEMENTS_MAX = 6 + 2 * LINKS_MAX };

static size_t plan_statements(const struct plan *p, struct statement out[STATEMENTS_MAX]) {
	size_t n = 0, i;

	out[n++] = (struct statement){ "one", p->one };
	out[n++] = (struct statement){ "several", p->many };
	out[n++] = (struct statement){ "hundreds", p->hundreds };
	out[n++] = (struct statement){ "several in order", p->ordered };
	if (p->sides_sql != NULL) {
		out[n++] = (struct statement){ "counts of one", p->sides_one };
		out[n++] = (struct statement){ "counts of several", p->sides_sql };
	}
	for (i = 0; i < p->nlinks; i++) {
		out[n++] = (struct statement){ "links of one", p->links[i].one };
		out[n++] = (struct statement){ "links of several", p->links[i].sql };
	}
	return n;
}

static void check_plans(struct checking *k, const struct resource *res) {
	const char **all = arena_new(k->s->a, const char *, res->nfields + 1);
	struct statement st[STATEMENTS_MAX];
	size_t i, n;

	for (i = 0; i < res->nfields; i++)
		all[i] = res->fields[i].name;
	for (i = 0; i < ARRAY_LEN(forms); i++) {
		n = plan_statements(plan_get(k->m, res, forms[i].form, all), st);
		while (n-- > 0)
			prepare(k, res->table, st[n].sql);
	}
}

bool model_sql(struct store *s, const struct resource *res, struct sbuf *out, struct err *e) {
	struct model *m = model_of(s, e);
	struct statement st[STATEMENTS_MAX];
	size_t i, k, n;

	if (m == NULL)
		return false;
	for (i = 0; i < ARRAY_LEN(forms) && forms[i].form != FORM_COLUMNS; i++) {
		n = plan_statements(plan_get(m, res, forms[i].form, NULL), st);
		for (k = 0; k < n; k++)
			sb_fmt(out, "-- %s.%s, %s: %s\n%s;\n\n", res->app, res->model, forms[i].name, st[k].kind, st[k].sql);
	}
	return true;
}

static const struct val *column_row(const struct result *r, const char *table, const char *column) {
	size_t i;

	for (i = 0; i < r->n; i++) {
		if (strcmp(val_cstr(result_at(r, i, 0), ""), table) == 0 && strcmp(val_cstr(result_at(r, i, 1), ""), column) == 0)
			return &r->v[i * r->cols];
	}
	return NULL;
}

static void check_columns(struct checking *k, const struct resource *res, const struct result *live) {
	size_t i;

	for (i = 0; i < res->nfields; i++) {
		const struct field *f = &res->fields[i];
		const char *column = field_column(k->s->a, f);
		const struct val *row;
		bool may_be_null = (f->flags & (FF_NULL | FF_OLDNULL)) != 0;

		if (!field_is_column(f))
			continue;
		row = column_row(live, res->table, column);
		if (row == NULL)
			note(k, arena_printf(k->s->a, "%s.%s: the database has no such column", res->table, column));
		else if (row[2].u.b && may_be_null)
			note(k, arena_printf(k->s->a, "%s.%s: NOT NULL in the database, but the table of the resource allows null", res->table, column));
	}
}

bool model_check(struct store *s, struct list **wrong, size_t *statements, struct err *e) {
	struct checking k = { .s = s, .m = model_of(s, e), .wrong = list_new(s->a, 0) };
	struct result live;
	size_t i;

	if (k.m == NULL || !db_query(s->db, s->a, "SELECT c.relname::text, a.attname::text, a.attnotnull FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
	    " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE a.attnum > 0 AND NOT a.attisdropped AND n.nspname = 'peerage' AND c.relkind = 'r'",
	    NULL, 0, &live, e))
		return false;
	for (i = 0; all_resources[i] != NULL; i++) {
		check_plans(&k, all_resources[i]);
		check_columns(&k, all_resources[i], &live);
	}
	for (i = 0; i < Q__COUNT; i++)
		prepare(&k, named_queries[i].name, named_queries[i].sql);
	*wrong = k.wrong;
	*statements = k.statements;
	return true;
}
