/* peeringdb_merge.h: what was staged of a type into the cache, by SQL made from its plan; all inside the caller's transaction. */
#ifndef PEERAGE_PEERINGDB_MERGE_H
#define PEERAGE_PEERINGDB_MERGE_H

#include "outside/peeringdb.h"
#include "outside/peeringdb_plan.h"

struct peeringdb_held {
	const char *tag;        /* NULL: the brake does not hold */
	int64_t rows, gone, changed;
	const char *examples;   /* some that would be gone, or else changed, in words */
};

struct merge {
	struct arena *a;
	struct arena *keep;     /* for what outlives the type */
	struct db *db;
	const struct pdb_plan *plan;
	struct peeringdb_line *line;
	bool whole;             /* rows that were not staged are gone */
	bool pending;           /* rows that wait were staged as well */
	bool feed;              /* note what concerns our book: not when all of it is new */
	int64_t changes;        /* noted */
	struct way *way;        /* what the run leaves to others; NULL: nothing */
	int64_t brake;          /* percent of the rows of a type that a run may remove or change */
	struct peeringdb_held *held;    /* out, when it would be more */
};

/* Parents first: hold back what cannot be stored, then check against the brake, update and insert. */
bool merge_rows(struct merge *, struct err *);

/* Children first, when all types are merged: a network may have left an organisation that is deleted. */
bool merge_deletions(struct merge *, struct err *);

#endif
