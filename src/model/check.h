/* check.h: whether tables, statements and the live schema agree. */
#ifndef PEERAGE_MODEL_CHECK_H
#define PEERAGE_MODEL_CHECK_H

#include "model/store.h"

/* PREPAREs every derived and named statement and compares every field with its column. *wrong: a text for each disagreement;
 * *statements: how many statements the server took. */
bool model_check(struct store *, struct list **wrong, size_t *statements, struct err *);

/* The statements that are derived to read a resource, each under a line that says what it is for. */
bool model_sql(struct store *, const struct resource *, struct sbuf *out, struct err *);

#endif
