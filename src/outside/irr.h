/*
 * irr.h: asking the routing registries, through the program bgpq4 (or bgpq3) that speaks IRRd's protocol. Several are asked at a time; each
 * question has an end in time and in size, and a second server when the first one fails.
 */
#ifndef PEERAGE_IRR_H
#define PEERAGE_IRR_H

#include "base/conf.h"

enum irr_kind { IRR_IPV4, IRR_IPV6, IRR_AS_LIST };
extern const char *const irr_kind_names[3];     /* "ipv4-prefixes" ..., as the table irr_list has them */

struct irr_question {
	enum irr_kind kind;
	const char *const *sets;        /* AS-SETs and ASes, "RIPE::AS-FOO" among them; ended by NULL */
	const char *sources;            /* registries, separated by commas; "" or NULL: bgpq_sources */
	const char *args;               /* of bgpq for prefixes; "" or NULL: those of the settings */
	int64_t asn;                    /* IRR_AS_LIST: always a member */
	void *arg;                      /* the caller's */
};

struct irr_answer {
	bool ok;
	struct val list;                /* entries {"prefix", "exact", "less-equal", "greater-equal"}, or AS numbers in order; no doubles */
	const char *source;             /* "host registries" that answered, or was asked last */
	struct err why;                 /* ERR_INVALID: what was to be asked for; ERR_UPSTREAM, ERR_TIMEOUT, ERR_TOO_LARGE: of the last server asked */
};

/* Called as each one is answered, in that order, with an arena that ends afterwards. False ends everything with *e. */
typedef bool irr_told(void *arg, struct arena *, const struct irr_question *, const struct irr_answer *, struct err *);

/* bgpq_parallel at a time. False only when `told` says so, or no process can be made. */
bool irr_ask(const struct conf *, const struct irr_question *, size_t n, irr_told *, void *arg, struct err *);

#endif
