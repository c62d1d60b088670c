/*
 * peeringdb_plan.h: what the synchronisation knows of each of PeeringDB's 13 types. A row here says its name and its table; columns,
 * defaults, parents and checks are asked of the database, so that a column added by a migration is filled without more ado.
 */
#ifndef PEERAGE_PEERINGDB_PLAN_H
#define PEERAGE_PEERINGDB_PLAN_H

#include "db/db.h"

enum { PEERINGDB_KINDS = 13 };

struct pdb_kind {
	const char *tag;        /* PeeringDB's name */
	const char *table;      /* ours, with PeeringDB's keys for columns; what is read goes to peeringdb_stage_<tag> first */
	const char *copies;     /* keys that only repeat a parent's and are not kept, each between blanks */
};

extern const struct pdb_kind pdb_kinds[PEERINGDB_KINDS];        /* parents first */

struct pdb_type;                /* how a value is checked and written: peeringdb_stage.c */

struct pdb_column {
	const char *name;
	const struct pdb_type *type;
	bool required;          /* NOT NULL without a default */
	const char *value;      /* SQL: the staged value, or the default where that may not be null */
};

struct pdb_parent {
	const char *column, *table, *tag;
	bool optional;
};

struct pdb_check {
	const char *name, *expression;
};

struct pdb_plan {
	const struct pdb_kind *kind;
	struct pdb_column *column;      /* without "extra" */
	struct pdb_parent *parent;
	struct pdb_check *check;
	size_t ncolumns, nparents, nchecks;
};

bool pdb_plan(struct arena *, struct db *, const struct pdb_kind *, struct pdb_plan *, struct err *);

/* By the type's name in PostgreSQL; NULL: it cannot be filled. In peeringdb_stage.c. */
const struct pdb_type *pdb_type_find(const char *sql_name);

#endif
