/*
 * err.h: what went wrong, said once, where it was found.
 *
 * Three tiers: assert() for a bug of ours, fatal() for a world in which we cannot run (no memory, no database at start),
 * and a returned `struct err` for a request that cannot be done. Functions that can fail return bool and take a
 * `struct err *` last; it is written only on failure.
 */
#ifndef PEERAGE_ERR_H
#define PEERAGE_ERR_H

#include <stdbool.h>
#include <stddef.h>

enum err_code {
	ERR_NONE,
	ERR_INVALID,            /* the input is wrong: 400 */
	ERR_UNAUTHENTICATED,    /* nobody is signed in: 403, as Peering Manager has it, or the way to the sign-in page */
	ERR_DENIED,             /* signed in, but may not: 403 */
	ERR_NOT_FOUND,          /* 404 */
	ERR_METHOD,             /* 405 */
	ERR_ACCEPT,             /* 406 */
	ERR_CONFLICT,           /* in use, or a lost race: 409 */
	ERR_PRECONDITION,       /* If-Match no longer matches: 412 */
	ERR_TOO_LARGE,          /* a limit of base/limits.h: 413 */
	ERR_MEDIA,              /* 415 */
	ERR_THROTTLED,          /* 429 */
	ERR_TEMPLATE,           /* a user's template failed: 400 */
	ERR_UPSTREAM,           /* a router, PeeringDB ... failed: 502 */
	ERR_UNAVAILABLE,        /* PostgreSQL is away: 503 */
	ERR_TIMEOUT,            /* statement or job ran out of time: 503 */
	ERR_INTERNAL,           /* 500 */
	ERR__COUNT
};

enum { ERR_MSG_MAX = 512 };

struct err {
	enum err_code code;
	const char *field;              /* the input's field it is about, or NULL */
	const char *kind;               /* a finer name: the SQLSTATE, or the class that Jinja2 or Python gives this error; or NULL */
	char msg[ERR_MSG_MAX];          /* for people: what was wrong, with which value, and what would be right */
};

/* Fill *e and return false, so that setting and leaving is one statement. `field` and must outlive *e. */
bool err_set(struct err *e, enum err_code, const char *field, const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The same, naming the kind (ZeroDivisionError, 23505 ...). */
bool err_kind(struct err *e, enum err_code, const char *kind, const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* What a code means outside: HTTP status, a stable word for JSON and logs, the exit status of a command. */
int err_http(enum err_code);
const char *err_slug(enum err_code);
int err_exit(enum err_code);

#endif
