/*
 * irr_question.h: what may be asked of a routing registry through bgpq4(8). The arguments come from people, so only those that say which
 * prefixes of an AS-SET are wanted are taken.
 */
#ifndef PEERAGE_IRR_QUESTION_H
#define PEERAGE_IRR_QUESTION_H

#include "base/base.h"

enum { IRR_ARGS_MOST = 32 };

/* Whether it can be asked for: "AS64500", "AS-FOO", "AS64500:AS-FOO:AS-BAR", "RIPE::AS-FOO", "RS-FOO". */
bool irr_name_ok(const char *name);

/*
 * The words of `text`, between blanks or commas, behind the *n of argv that has `room`: -A -w -r N -R N -m N -L N. False: ERR_INVALID names
 * the one that may not be given.
 */
bool irr_args_split(struct arena *, const char *text, const char **argv, size_t *n, size_t room, struct err *);

#endif
