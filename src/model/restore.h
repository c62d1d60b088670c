/* restore.h: going back to what the change log knows. */
#ifndef PEERAGE_RESTORE_H
#define PEERAGE_RESTORE_H

#include "model/store.h"

/*
 * Make the object of a change as it was before it: changed when it is there, made anew with a number of its own when it is gone. *out is
 * what it is now. Secrets are not in the change log: they stay as they are, or are empty. Rights, rules and errors are those of
 * store_create() and store_update(). ERR_INVALID when there was nothing before the change.
 */
bool store_restore(struct store *, const struct row *change, struct row **out, struct problems *, struct err *);

/*
 * Take back all that a request changed: what it deleted comes back, then the last change is undone first; *n is how many changes that were. What comes back under a new number is followed
 * by what pointed at it within the request. In a number of statements that does not depend on how many objects they are, but for what the database refuses. ERR_CONFLICT, naming the first, when one of its objects was changed again since.
 */
bool store_undo(struct store *, const char *request_id, size_t *n, struct problems *, struct err *);

#endif
