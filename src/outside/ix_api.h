/*
 * ix_api.h: IX-API, versions 1 and 2 (docs.ix-api.net): what an exchange knows of our accounts, services, ports and addresses, and changes of
 * it. Answers are kept in ixapi_object; pages read that alone.
 */
#ifndef PEERAGE_IX_API_H
#define PEERAGE_IX_API_H

#include "base/conf.h"
#include "db/db.h"

struct ix_api;

/* ---- reading ---- */

/* Sign in, read all and keep it: *n objects. When something fails nothing is kept but why: ERR_DENIED (the credentials, or an address that is
 * refused), ERR_THROTTLED, ERR_UPSTREAM, ERR_TIMEOUT, ERR_TOO_LARGE. */
bool ix_api_synchronise(struct arena *, struct db *, const struct conf *, int64_t id, size_t *n, struct err *);

/* The accounts of one that is in no book yet. */
struct ix_api_key {
	const char *url, *key, *secret;
};
bool ix_api_accounts(struct arena *, struct db *, const struct conf *, const struct ix_api_key *, struct list **out, struct err *);

/* ---- changing a network service config ---- */

/*
 * `seen` and `set` have those of the keys macs (a list of addresses), capacity, listed, purchase_order, contract_ref, external_ref that are to be
 * changed. What the exchange has must be as seen (undefined: whatever it has), else nothing is changed: ERR_CONFLICT. MAC addresses that it does
 * not know are registered. Afterwards the config is read again: `state` as it is then, `confirmed` when it has all that was asked for.
 */
struct ix_api_change {
	int64_t id;                     /* IX-API */
	const char *config;             /* its id there */
	struct val seen;
	const struct map *set;
	/* out */
	const char *state;
	bool confirmed;
};
bool ix_api_change(struct arena *, struct db *, const struct conf *, struct ix_api_change *, struct err *);

/* ---- between the files of the client ---- */

struct ix_api_call {
	const char *method, *path;      /* NULL: GET */
	struct val body;                /* V_UNDEF: none */
	/* out */
	long status;
	int64_t retry_after;
	struct val answer;              /* V_UNDEF: none */
};

bool ix_api_open(struct arena *, struct db *, const struct conf *, int64_t id, struct ix_api **, struct err *);
int ix_api_version(const struct ix_api *);
/* Signed with a token, which is asked for anew when it is refused. True when there was an answer, whatever its status. */
bool ix_api_ask(struct ix_api *, struct arena *, struct ix_api_call *, struct err *);
/* False, and what the answer says went wrong. */
bool ix_api_refused(struct arena *, const struct ix_api_call *, struct err *);
/* The objects at that path, looked at and tidied. */
bool ix_api_list(struct ix_api *, struct arena *, const char *kind, struct list **out, struct err *);
bool ix_api_read(struct ix_api *, struct arena *, size_t *n, struct err *);

#endif
