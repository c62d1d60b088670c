/* members.h: an exchange's member export, PeeringDB and our sessions side by side; the SQL function euro_ix_comparison() does the work. */
#ifndef PEERAGE_MEMBERS_H
#define PEERAGE_MEMBERS_H

#include "db/db.h"

struct members_query {
	int64_t exchange;
	bool sees_book;                 /* our sessions may be seen by who asks */
	const char *state, *pattern;    /* "" and "%%": all; the pattern is one of LIKE */
	int64_t limit, offset;
	int64_t total;                  /* out: how many there are in all; 0 beyond the last page */
};

/* Maps with the keys of euro_ix_comparison(), one an address. */
bool members_rows(struct db *, struct arena *, struct members_query *, struct list **out, struct err *);

/* {"agrees": 12, ...}: every state that there is. */
bool members_states(struct db *, struct arena *, int64_t exchange, bool sees_book, struct map **out, struct err *);

/* Of the last reading: {"url", "tried", "fetched", "error", "version", "generated", "members", "ports"}; null values when there was none. */
bool members_copy(struct db *, struct arena *, int64_t exchange, struct map **out, struct err *);

#endif
