/*
 * pg.h: a real PostgreSQL for a test program, in a temporary folder with a unix socket, gone when the program ends. Started once
 * before all tests (ReportHook(PRE_ALL)), with a migrated template database; each test copies that.
 */
#ifndef PEERAGE_TESTS_PG_H
#define PEERAGE_TESTS_PG_H

#include "db/db.h"

/* Start the server and migrate the template. Ends the process when it cannot. */
void pg_start(void);

/* A database of this test's own, migrated, and a connection to it; its name through *name. */
struct db *pg_fresh(struct arena *, const char **name);

/* libpq's conninfo of a database of this server. */
const char *pg_conninfo(struct arena *, const char *name);

#endif
