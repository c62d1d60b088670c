/*
 * recall.h: answers that hardly ever change and must yet be right each time, such as who has a token and what they may. What came
 * back last is used at once and asked again within the round trip that the request makes anyway; where it no longer holds, nothing
 * of what was made with it may leave, and the request is done anew.
 */
#ifndef PEERAGE_RECALL_H
#define PEERAGE_RECALL_H

#include "db/db.h"

struct recall;

struct recall *recall_new(struct arena *root, struct db *);

/* From now on answers are taken from memory, or with `trust` false from the database alone. Only what is read may be done in trust. */
void recall_begin(struct recall *, bool trust);

/* As db_named(). */
bool recall_named(struct recall *, struct arena *, unsigned query_id, const struct val *params, struct result *, struct err *);

/*
 * The moment that the database is at: two equal texts, and what is only read has the same answer, because no transaction has ended
 * in between (the snapshot of PostgreSQL's pg_current_snapshot()). recall_mark() has the next batch ask for it, recall_ask() asks now,
 * along with all that was taken from memory; recall_moment() is "" when nobody asked, or when the server cannot tell, being a standby.
 */
void recall_mark(struct recall *);
bool recall_ask(struct recall *, struct arena *, struct err *);
const char *recall_moment(const struct recall *);

/* *holds: all that was taken from memory since recall_begin() is still so. What no batch has asked meanwhile is asked here. */
bool recall_holds(struct recall *, struct arena *, bool *holds, struct err *);

#endif
