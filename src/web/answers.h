/*
 * answers.h: API answers that are asked for again and again. One that was asked for twice is kept, with the moment of the database it
 * was made at (recall.h), and given again as long as the database is at that moment: asking that, and who asks, is all that it then costs.
 * Nothing that was ever changed is given: any transaction that ends makes another moment.
 */
#ifndef PEERAGE_ANSWERS_H
#define PEERAGE_ANSWERS_H

#include "web/web.h"

struct answers;

struct answers *answers_new(struct arena *root);

/* *given: the response is in *r. Who asks is to be known by now, and still to be confirmed by recall_holds(). False with r->err. */
bool answers_give(struct answers *, struct req *r, bool *given);

/* The request was answered from the database and all that was recalled holds: perhaps it is worth keeping. */
void answers_keep(struct answers *, const struct req *r);

#endif
