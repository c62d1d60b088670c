/* book.h: a small book for tests of what is above the store: JSON in, JSON out, against a database of the test's own. */
#ifndef PEERAGE_TESTS_BOOK_H
#define PEERAGE_TESTS_BOOK_H

#include "base/conf.h"
#include "model/store.h"

struct book {
	struct arena *a;
	struct db *db;
	const char *database;
	struct conf conf;
	struct actor actor;             /* a superuser */
	struct store s;
	struct err e;
	struct problems problems;
};

/* A migrated database, a superuser named "tester" and a key for secrets. */
void book_open(struct book *);
void book_close(struct book *);

/* Each in a transaction of its own; `json` is a client's body. Returns the answer as JSON, or the problems, or {"error": ...}. */
const char *book_create(struct book *, const char *api, const char *json);
const char *book_patch(struct book *, const char *api, int64_t id, const char *json);
const char *book_put(struct book *, const char *api, int64_t id, const char *json);
const char *book_delete(struct book *, const char *api, int64_t id);
const char *book_get(struct book *, const char *api, int64_t id);
/* The display texts of a list, joined by "; ", or the problems. `query` is "name=value&..." without escapes. */
const char *book_list(struct book *, const char *api, const char *query);
/* One value of the database as JSON. */
const char *book_sql(struct book *, const char *sql);
/* The same without what changes: "id", urls, times. */
const char *book_field(struct book *, const char *json, const char *path);

/* Create and return the id; ends the test when it is refused. */
int64_t book_id(struct book *, const char *api, const char *json);

#endif
