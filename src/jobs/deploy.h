/*
 * deploy.h: deployments on the routers: planning, running, going back. deploy_plan.c renders and asks the router what would change;
 * deploy_run.c commits with the router's timer, looks at the neighbours through a new connection and only then confirms; deploy_back.c goes
 * back and finds out what became of a run whose process was lost; deploy_book.c keeps the rows.
 *
 * Every step stands in the database before the router is asked to do it. What cannot be recorded is not confirmed.
 */
#ifndef PEERAGE_JOBS_DEPLOY_H
#define PEERAGE_JOBS_DEPLOY_H

#include "devices/driver.h"
#include "jobs/jobs.h"

struct run;

struct unit {                           /* one router of a run */
	struct run *run;
	int64_t id, router_id;
	const char *router, *status, *decision, *outcome, *rendered_hex, *reason, *by;
	const char *change;             /* names the change on the router: "peerage-12" */
	enum stage_mode mode;
	int64_t confirm, gate, share, book_revision, restores;
	bool over, early, commit_begun;
	const char *candidate, *running, *diff;         /* as planned */
	struct map *removed;            /* "address vrf" of the neighbours that the change takes away */

	struct device *device;
	bool open;
	struct neighbours before, after;
	struct arena *look;             /* of the last look at the neighbours */
	int64_t revert_at;              /* by clock_ms() */
	bool committed;                 /* or perhaps: the router was asked to */
	bool refused;                   /* the commit: then it has failed, not gone back */
	bool ended;
	const char *lacks;              /* what the gate waits for; NULL: nothing */
	const char *trouble;            /* why the router could not be asked */
};

struct run {
	struct job *j;
	struct db *db;
	struct store *store;
	struct unit *u;
	size_t n;
	bool heed;                      /* cancelling ends what is waited for; not while going back */
	bool lost;                      /* another process began it */
	bool passed;                    /* the gate was passed: a confirmation is all that is missing */
};

enum {
	DEPLOY_SPARE_MS = 20000,        /* after the router's timer: time for it to go back */
	DEPLOY_LOOK_MS = 500,           /* between two looks at the neighbours */
	DEPLOY_SETTLE_MS = 5000,        /* after the commit, at most: what breaks at once is seen then */
	DEPLOY_BOOK_MS = 20000          /* the database may be away for so long */
};

int64_t clock_ms(void);

/* ---- deploy_book.c: all of it tries again while the database is away; false with *e when it stays away ---- */

struct result;
bool book_do(struct run *, unsigned query_id, const struct val *params, struct result *, struct err *);

/* The run of a job: its deployments with their texts. */
bool run_load(struct job *, struct run **, struct err *);

/* Whose lines go to the job's log, and whose waits end when it is cancelled. */
struct device_watch unit_watch(struct unit *);

/* A step that is over, or one that begins: *n is for step_end(). A log line of the job as well. Not being able to is no reason to stop. */
void step(struct unit *, const char *name, bool ok, const char *fmt, ...) PRINTF(4, 5);
bool step_begin(struct unit *, const char *name, int64_t *n, struct err *);
void step_end(struct unit *, int64_t n, bool ok, const char *message);

/* The unit ends. `running` as the router has it now, NULL: not known. */
bool unit_end(struct unit *, const char *status, const char *running, const char *fmt, ...) PRINTF(4, 5);

bool neighbours_keep(struct unit *, bool before, struct err *);
bool keep_text(struct run *, const char *text, struct err *);
bool archive(struct unit *, const char *kind, const char *origin, const char *text, struct err *);

/* The same configuration: apart from comments that tell the time; or, `any_order`, with the same lines in another order. */
bool same_configuration(struct arena *, const char *, const char *, bool any_order);

/* ---- deploy_plan.c ---- */

/* Plan deployment `id`; its status is then planned, unchanged or failed. False only when that could not be written, or *e says why it has failed. */
bool plan_deployment(struct job *, int64_t id, const char *mode, struct err *);

/* What a text would change on a router: connect, stage, check, difference, discard. Texts in the job's arena. */
struct preview {
	struct device *device;
	const char *rendered;           /* in */
	const char *mode;               /* in: "merge", "replace", NULL */
	bool exact;                     /* in: nothing is taken away beyond the text itself */
	const char *change;             /* in */
	enum stage_mode staged;         /* out, as all that follows */
	const char *candidate, *running, *diff;
	struct neighbours neighbours;
};
bool preview(struct run *, struct preview *, struct err *);

/* ---- deploy_run.c ---- */

/* Run what the job has: true when all are confirmed or had nothing to change. */
bool run_deployments(struct run *, struct err *);

/* Connect anew. */
bool unit_connect(struct unit *, struct err *);
void unit_close(struct unit *);
bool unit_running(struct unit *, const char **text, struct err *);
/* Take back what is staged, and close. */
void unstage(struct unit *);
/* Forget what is staged on a connection of its own, where the one that staged it was cut: nothing is left lying on the router. */
bool discard_anew(struct device *, struct err *);

/* ---- deploy_back.c ---- */

/* Have all go back that are committed and not ended; what has not been begun has failed. *e: why. */
void go_back(struct run *, const struct err *why);

/* What became of the routers of a run that was lost. */
bool run_recover(struct run *, struct err *);

#endif
