/* many.h: what write_many.c and write_update.c share: rows of one resource that are written together. */
#ifndef PEERAGE_MANY_H
#define PEERAGE_MANY_H

#include "model/engine.h"

struct many {
	struct store *s;
	struct model *m;
	const struct resource *res;
	const struct behaviour *b;
	struct put *put;
	struct changes *c;              /* of each row */
	struct row **before, **after;   /* of each row: as it was and is to be; NULL: not, or not to be written */
	size_t n;
};

/* "k": the rows of a JSON list ($1) as rows of the table, numbered from 1 in the column `ordinality`. */
const char *many_rows(struct arena *, const struct resource *);
/* The row's columns that `with` names (NULL: all that have a value), with its id when it has one, as an object of that list. */
void many_row(struct sbuf *, const struct changes *, const struct row *, const bool *with);
/* What must be unique among the rows and all others: a problem on each that is not. */
bool many_unique(struct many *, struct err *);
/* The rules over several fields, on the rows that have no problem yet; what has one afterwards is refused. */
bool many_rules(struct many *, struct err *);
/* A right that ends at a predicate: whether all these rows lie within it. */
bool many_within(struct many *, const int64_t *ids, size_t n, const char *action, bool *within, struct err *);
/* Links of the rows `at` as they are to be: what is no longer there goes, what is new comes. */
bool many_links(struct many *, const size_t *at, size_t n, struct err *);

/* write_update.c: the rows that are there. */
bool many_update(struct many *, struct err *);

#endif
