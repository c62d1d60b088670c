/*
 * peeringdb_source.h: where answers come from: a folder of files, PeeringDB's daily files, its API. Knows nothing of tables.
 *
 * Limits that PeeringDB publishes: 20 queries a minute, 40 with a key; at least 2 s between them is its advice (setting peeringdb_pause).
 */
#ifndef PEERAGE_PEERINGDB_SOURCE_H
#define PEERAGE_PEERINGDB_SOURCE_H

#include <time.h>

#include "base/conf.h"
#include "outside/http.h"

enum { SOURCE_WINDOW = 40 };

struct source {
	const struct conf *conf;
	const char *name;       /* for messages, and for telling whether what is staged came from here */
	const char *dir;        /* of files, or NULL */
	const char *api, *bulk; /* without a slash at the end; bulk "" when there are no daily files */
	const char *key;        /* "" for none */
	struct http *http;
	int64_t asked[SOURCE_WINDOW];   /* times of the last queries to the API, in ms, as a ring */
	size_t nasked;
	unsigned random;        /* for the jitter of waits */
	void (*progress)(void *arg, int64_t bytes);     /* of the answer that is coming in; may be NULL */
	void *arg;
	int64_t told;           /* when it was called last, in ms */
	int64_t retry_after;    /* seconds that PeeringDB wants to be left alone for, when an error is ERR_THROTTLED */
};

/* `from` as in struct peeringdb_options. ERR_INVALID when it is neither a folder nor an address. */
bool source_init(struct source *, struct arena *, const struct conf *, const char *from, struct err *);

struct question {
	const char *tag;
	bool whole;             /* all rows; else what changed after `since` */
	int64_t since;          /* seconds since 1970 */
	int64_t page;           /* 0: no page asked for */
	bool bulk;              /* of the daily files */
};

/* The first question for a type. */
struct question source_question(const struct source *, const char *tag, bool whole, int64_t since);

/*
 * Ask; the answer lies in *out, closed with the arena; NULL: there is no file of this type. Waits, and tries again, as PeeringDB wants it.
 * Changes q->bulk when the daily files are not to be had and the API is asked instead.
 */
bool source_ask(struct source *, struct arena *, struct question *, FILE **out, struct err *);

/* What is to be asked after an answer with this "meta": the next page, or what changed since the daily file was made. *more: something is.
 * False when there is no end to the pages. */
bool source_next(const struct source *, struct question *, const struct map *meta, bool *more, struct err *);

int64_t source_now(void);       /* ms of a clock that only goes forward */
void source_wait(int64_t ms);   /* that long, whatever signals come */

#endif
