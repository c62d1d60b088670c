/* session_keys.h: the key of a session as its router's platform writes it, kept right whatever changes. */
#ifndef PEERAGE_SESSION_KEYS_H
#define PEERAGE_SESSION_KEYS_H

#include "model/store.h"

/* A session as it is about to be written: keep encrypted_password where it says the same for this neighbour, else write it anew; where the
 * router does not want that, what was made from the password goes. */
bool session_key_check(struct store *, const struct row *before, struct row *after, struct err *);

/* What session_key_check() asks the database about these sessions, all of one kind, in two statements; into the store's memo. */
bool session_keys_prepare(struct store *, struct row *const *before, struct row *const *after, size_t n, struct err *);

/* Whether the session's router wants keys encrypted and its platform says how. */
bool session_key_wanted(struct store *, const struct row *session, bool *wanted, struct err *);

/* The keys of all sessions of a router, of a connection, of a platform's routers, after what they depend on has changed: one statement reads
 * them, one for each kind of session writes those that differ. */
enum keys_of { KEYS_OF_ROUTER, KEYS_OF_CONNECTION, KEYS_OF_PLATFORM };
bool session_keys_renew(struct store *, enum keys_of, int64_t id, struct err *);

#endif
