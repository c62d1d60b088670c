/* migrate.h: bringing the schema forward. Only forward; what was applied is remembered with its checksum. */
#ifndef PEERAGE_MIGRATE_H
#define PEERAGE_MIGRATE_H

#include "db/db.h"

enum migration_state { MIGRATION_APPLIED, MIGRATION_PENDING, MIGRATION_CHANGED, MIGRATION_UNKNOWN };

struct migration {
	const char *name;               /* "0001_base" */
	enum migration_state state;     /* changed: the file is not what was applied; unknown: applied, but there is no file */
};

/* The folder of migrations: $PEERAGE_MIGRATIONS, else where they are installed. */
const char *migrate_dir(void);

/* Every migration in order, with how it stands. A database without any of it has all of them pending. */
bool migrate_status(struct arena *, struct db *, const char *dir, struct migration **out, size_t *n, struct err *);

/* Apply what is pending, each in a transaction of its own, one migrator at a time. *applied: how many. Refuses when an applied one was changed. */
bool migrate_run(struct arena *, struct db *, const char *dir, size_t *applied, struct err *);

#endif
