/*
 * mail.h: mail to networks, each with its own text. What is to be sent is a plan first: a list of maps, one a network, with asn, name,
 * autonomous_system (its id in the book, or null), last (when it was mailed last), contacts, to, cc, subject, body, skip (why nothing is sent to
 * it, or null) and, once it was asked for, message (its number).
 */
#ifndef PEERAGE_MAIL_H
#define PEERAGE_MAIL_H

#include "model/store.h"

enum { MAIL_TARGETS_MAX = 500 };

struct mail_ask {
	int64_t email;                  /* template */
	const struct list *asns;        /* AS numbers */
	int64_t local_as;               /* ours, for networks that only PeeringDB knows; 0: the first affiliated one */
	const struct list *to;          /* instead of the contacts known; NULL: those */
	const struct list *cc;          /* besides the settings' */
	const char *subject, *body;     /* instead of the template's; NULL: those */
	double not_mailed_days;         /* leave out who was mailed in so many days; 0: nobody */
};

/* Nothing is written. ERR_INVALID names what is wrong with what was asked. */
bool mail_plan(struct store *, const struct mail_ask *, struct list **out, struct err *);

/* Write the messages of a plan, and the job that sends them; *n how many. The caller's transaction decides. */
bool mail_post(struct store *, const struct mail_ask *, const struct list *plan, size_t *n, struct err *);

/* The job alone: what waits goes out. */
bool mail_job(struct store *, double delay, struct err *);

/* AS numbers whose last mail was made of that template at least so many days ago. */
bool mail_reminders(struct store *, int64_t email, double days, struct list **asns, struct err *);

/* An address that may stand on the wire: one @, no blanks, no brackets, no control characters. */
bool mail_address(const char *);

/* "a@b, c@d" into *out; ERR_INVALID names the one that is none. */
bool mail_addresses(struct arena *, const char *text, struct list **out, struct err *);

#endif
