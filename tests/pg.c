/* pg.c: starts PostgreSQL for tests; see pg.h. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/migrate.h"
#include "pg.h"

static const char *top(void) {
	const char *dir = getenv("PEERAGE_TOP");

	return dir != NULL ? dir : TEST_SRCDIR;
}

static void run(const char *dir) {
	char script[512], pid[32];
	int status;
	pid_t child;

	snprintf(script, sizeof(script), "%s/tests/pg.sh", top());
	snprintf(pid, sizeof(pid), "%ld", (long)getpid());
	child = fork();
	if (child == 0) {
		execl("/bin/bash", "bash", script, "start", dir, pid, (char *)NULL);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		fprintf(stderr, "PostgreSQL does not start\n");
		exit(1);
	}
}

const char *pg_conninfo(struct arena *a, const char *name) {
	return arena_printf(a, "host=%s user=peerage_test dbname=%s", getenv("PEERAGE_TEST_PG"), name);
}

static struct db *connect_to(struct arena *a, const char *name) {
	struct db *db;
	struct err e;

	if (!db_open(a, pg_conninfo(a, name), "test", &db, &e)) {
		fprintf(stderr, "%s\n", e.msg);
		exit(1);
	}
	return db;
}

static void must(bool ok, const struct err *e) {
	if (!ok) {
		fprintf(stderr, "%s\n", e->msg);
		exit(1);
	}
}

void pg_start(void) {
	char dir[] = "/tmp/peerage-pg.XXXXXX";
	struct arena *a = arena_new_root();
	struct err e;
	size_t n;

	if (mkdtemp(dir) == NULL) {
		perror(dir);
		exit(1);
	}
	run(dir);
	setenv("PEERAGE_TEST_PG", dir, 1);
	must(db_script(connect_to(a, "postgres"), "CREATE DATABASE migrated", &e), &e);
	must(migrate_run(a, connect_to(a, "migrated"), arena_printf(a, "%s/sql/migrations", top()), &n, &e), &e);
	arena_free(a);
}

/* Criterion runs each test in a process of its own, several at once: the process's number keeps them apart. */
struct db *pg_fresh(struct arena *a, const char **name) {
	struct arena *own = arena_new_root();
	struct err e;
	struct db *admin = connect_to(own, "postgres");

	*name = arena_printf(a, "t%ld", (long)getpid());
	must(db_script(admin, arena_printf(own, "CREATE DATABASE %s TEMPLATE migrated STRATEGY file_copy", *name), &e), &e);
	arena_free(own);
	return connect_to(a, *name);
}
