/* peeringdb_read.h: the rows of {"data": [...], "meta": {...}} one by one, in memory that does not grow with their number. */
#ifndef PEERAGE_PEERINGDB_READ_H
#define PEERAGE_PEERINGDB_READ_H

#include <stdio.h>

#include "base/val.h"

struct answer {
	bool (*row)(void *arg, struct val row, struct err *);   /* `row` is a map and is gone when this returns; false ends the reading */
	void *arg;
	size_t rows;            /* out */
	struct map *meta;       /* out; NULL: there was none */
};

/*
 * Read one document to its end. ERR_UPSTREAM when it is anything but JSON of that form: a page of HTML, an answer that was
 * cut off, "data" that is no list of objects, something after the end.
 */
bool answer_read(struct arena *, FILE *, struct answer *, struct err *);

#endif
