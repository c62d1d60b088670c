/*
 * behaviour.h: what a table cannot say about a resource: rules over several fields, computed attributes, actions.
 *
 * Instances are const and stand in the layers that know the subject (src/peering, src/jobs); a program lists those it
 * has in one array ended by NULL and gives it to its store.
 */
#ifndef PEERAGE_BEHAVIOUR_H
#define PEERAGE_BEHAVIOUR_H

#include "model/store.h"

/* Fill `field` of every row with one statement for all (F_COMPUTED). */
typedef bool computed_fill(struct store *, const struct rows *, int field, struct err *);

struct computed {
	const char *field;
	computed_fill *fill;
};

struct behaviour {
	const struct resource *res;

	/* What stands in the place of the input before it is validated, where it is not the input itself: a text that a file gives, a secret that
	 * an old client sends inside of something else. Adds to *p what no other place would say. *input is replaced, never changed. */
	bool (*input)(struct store *, const struct row *before, const struct map **input, struct problems *p, struct err *e);

	/* Rules over the row as it would be; before is NULL on create. Adds to *p; may fill derived fields of `after`. */
	bool (*check)(struct store *, const struct row *before, struct row *after, struct problems *p, struct err *);

	/* Before `check` is asked about many rows: look up for all of them together what it asks the database for, into the store's memo.
	 * after[i] NULL: not that one. before[i] NULL: it is new. */
	bool (*prepare)(struct store *, struct row *const *before, struct row *const *after, size_t n, struct err *e);

	/* After the write, in its transaction: what follows in other tables. after is NULL on delete. */
	bool (*written)(struct store *, const struct row *before, const struct row *after, struct err *);

	const struct computed *computed;
	size_t ncomputed;
};

#endif
