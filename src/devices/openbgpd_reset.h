/*
 * openbgpd_reset.h: which sessions of OpenBGPD a new configuration needs anew. `bgpctl reload` applies filters at once, but keeps every session as it was
 * opened, whatever its neighbour's AS, password, addresses or families have become (seen with OpenBGPD 7.7; bgpd.conf(5) is silent about it): what is
 * wrong then shows only when the session goes down for another reason.
 */
#ifndef PEERAGE_OPENBGPD_RESET_H
#define PEERAGE_OPENBGPD_RESET_H

#include "base/val.h"

struct openbgpd_text {
	const char *text;               /* the file */
	const char *parsed;             /* what `bgpd -nv` makes of it: groups and macros resolved, passwords left out */
};

/* Addresses of the neighbours of both whose session is to be reset, as a list of strings; not those of ranges, which have no name of their own. */
struct list *openbgpd_resets(struct arena *, const struct openbgpd_text *before, const struct openbgpd_text *after);

#endif
