/* second_factor.h: a user's second factor as sign-in and the user's own page see it. */
#ifndef PEERAGE_SECOND_FACTOR_H
#define PEERAGE_SECOND_FACTOR_H

#include "web/private.h"

struct second_factor {
	int64_t user;
	bool known, on;                 /* there is a secret; it was confirmed and is in force */
	bool held_back;                 /* too many wrong codes lately */
	const char *secret;             /* base32 */
	int64_t last_step, codes_left;
	struct val since;               /* when it was confirmed */
};
enum code_kind { CODE_WRONG, CODE_ONE_TIME, CODE_RECOVERY };

/* The factor of a user; known is false when there is none. */
bool second_factor_get(struct req *, int64_t user, struct second_factor *);
/* Take a code: what was taken is not taken again. False only when it cannot be told, or with ERR_THROTTLED. */
bool second_factor_check(struct req *, const struct second_factor *, const char *typed, enum code_kind *);

#endif
