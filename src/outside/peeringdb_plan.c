/* peeringdb_plan.c: the 13 types, and what the catalogue says of their tables. */
#include "config.h"

#include "outside/peeringdb_plan.h"

const struct pdb_kind pdb_kinds[PEERINGDB_KINDS] = {
	{ "org", "peeringdb_organization", "" },
	{ "campus", "peeringdb_campus", " org_name " },
	{ "fac", "peeringdb_facility", " org_name " },
	{ "carrier", "peeringdb_carrier", " org_name " },
	{ "carrierfac", "peeringdb_carrier_facility", " name " },
	{ "net", "peeringdb_network", "" },
	{ "ix", "peeringdb_internet_exchange", "" },
	{ "ixfac", "peeringdb_internet_exchange_facility", " name city country " },
	{ "ixlan", "peeringdb_ixlan", "" },
	{ "ixpfx", "peeringdb_ixlan_prefix", "" },
	{ "netfac", "peeringdb_network_facility", " name city country " },
	{ "netixlan", "peeringdb_network_ixlan", " ix_id name " },
	{ "poc", "peeringdb_network_contact", "" },
};

static const char *tag_of_table(const char *table) {
	size_t i;

	for (i = 0; i < PEERINGDB_KINDS; i++) {
		if (strcmp(pdb_kinds[i].table, table) == 0)
			return pdb_kinds[i].tag;
	}
	return NULL;
}

static const char columns_sql[] =
	"SELECT a.attname::text, format_type(a.atttypid, NULL), a.attnotnull, pg_get_expr(d.adbin, d.adrelid)"
	" FROM pg_attribute a LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)"
	" WHERE a.attrelid = $1::text::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attname <> 'extra' ORDER BY a.attnum";

static const char constraints_sql[] =
	"SELECT c.contype::text, c.conname::text, pg_get_expr(c.conbin, c.conrelid), a.attname::text, p.relname::text, NOT a.attnotnull"
	" FROM pg_constraint c LEFT JOIN pg_attribute a ON c.contype = 'f' AND a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
	" LEFT JOIN pg_class p ON p.oid = c.confrelid WHERE c.conrelid = $1::text::regclass AND c.contype IN ('c', 'f') ORDER BY 2";

static bool plan_columns(struct arena *a, const struct result *r, struct pdb_plan *p, struct err *e) {
	size_t i;

	p->column = arena_new(a, struct pdb_column, r->n);
	for (i = 0; i < r->n; i++) {
		struct pdb_column *c = &p->column[p->ncolumns++];
		const char *type = result_at(r, i, 1).u.s;
		bool not_null = result_at(r, i, 2).u.b;
		struct val def = result_at(r, i, 3);

		c->name = result_at(r, i, 0).u.s;
		c->type = pdb_type_find(type);
		c->required = not_null && def.type != V_STR;
		c->value = not_null && def.type == V_STR ? arena_printf(a, "coalesce(s.%s, %s)", c->name, def.u.s) : arena_printf(a, "s.%s", c->name);
		if (c->type == NULL)
			return err_set(e, ERR_INTERNAL, NULL, "%s.%s: type %s cannot be filled from PeeringDB", p->kind->table, c->name, type);
	}
	return true;
}

static void plan_constraints(struct arena *a, const struct result *r, struct pdb_plan *p) {
	size_t i;

	p->parent = arena_new(a, struct pdb_parent, r->n);
	p->check = arena_new(a, struct pdb_check, r->n);
	for (i = 0; i < r->n; i++) {
		if (result_at(r, i, 0).u.s[0] == 'c') {
			p->check[p->nchecks++] = (struct pdb_check){ result_at(r, i, 1).u.s, result_at(r, i, 2).u.s };
		} else {
			const char *table = result_at(r, i, 4).u.s;

			p->parent[p->nparents++] = (struct pdb_parent){ result_at(r, i, 3).u.s, table, tag_of_table(table), result_at(r, i, 5).u.b };
		}
	}
}

bool pdb_plan(struct arena *a, struct db *db, const struct pdb_kind *k, struct pdb_plan *p, struct err *e) {
	const struct val table = val_str(k->table);
	struct db_call calls[] = {
		{ .sql = columns_sql, .params = &table, .nparams = 1 }, { .sql = constraints_sql, .params = &table, .nparams = 1 },
	};

	*p = (struct pdb_plan){ .kind = k };
	if (!db_batch(db, a, calls, ARRAY_LEN(calls), e) || !plan_columns(a, &calls[0].result, p, e))
		return false;
	plan_constraints(a, &calls[1].result, p);
	return true;
}
