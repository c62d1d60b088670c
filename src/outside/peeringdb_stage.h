/* peeringdb_stage.h: rows as received into peeringdb_stage_<tag>, by COPY. */
#ifndef PEERAGE_PEERINGDB_STAGE_H
#define PEERAGE_PEERINGDB_STAGE_H

#include "outside/peeringdb_plan.h"

struct stage {
	const struct pdb_plan *plan;
	struct db *db;
	struct arena *scratch;
	struct sbuf out, line, extra;
	struct val *cell;               /* of the row at hand, by column */
	size_t *hint;                   /* the column of the n-th key in the row before: rows of an answer have their keys in one order */
	size_t nhints;
	int64_t rows, answers;
	const char *bad, *why;          /* this value, this row cannot be stored: why */
};

/* Begins the COPY; rows follow; the end sends the rest. After a row failed, db_copy_abort() and a rollback are due. */
bool stage_begin(struct stage *, struct arena *, struct db *, const struct pdb_plan *, struct err *);
void stage_answer(struct stage *);                              /* another answer begins */
bool stage_row(void *stage, struct val row, struct err *);      /* fits struct answer */
bool stage_end(struct stage *, struct err *);
void stage_free(struct stage *);

#endif
