/*
 * jobs.h: kinds of jobs, and what a job may say while it runs.
 *
 * A job runs in a process of its own, forked by the runner for it alone: it may block, leak, abort or be killed without harm to
 * others. It speaks to the runner through a pipe, which writes what it hears into the row: so lines and progress show as they
 * happen, whatever becomes of the job's own transaction, and stay when it crashes.
 */
#ifndef PEERAGE_JOBS_H
#define PEERAGE_JOBS_H

#include "base/conf.h"
#include "model/store.h"

struct job {
	struct arena *a;                /* lives as long as the job */
	const struct conf *conf;
	int64_t id;
	const char *name;
	const char *object_type;        /* "devices.router" */
	int64_t object_id;              /* 0: none */
	const struct map *parameters;   /* never NULL */
	int64_t user_id;                /* for whom; 0: the system */
	const char *request_id;         /* of the request that asked, or NULL */
	int64_t schedule_id;            /* 0: none */
	unsigned attempt, max_attempts; /* attempt counts from 1 */
	double seconds;                 /* it may take */

	int out;                        /* the pipe to the runner */
	struct db *db;                  /* see job_db(); in an arena of its own, so that a job may rewind its own */
	struct arena *db_arena;
};

/*
 * Does the work. True: completed. False with *e: failed, or errored when e->code is ERR_INTERNAL, ERR_TEMPLATE, ERR_TOO_LARGE or
 * ERR_TIMEOUT; and run again later if the kind has tries left. A kind that must not run twice has `recover` instead for every time after the first.
 */
typedef bool job_fn(struct job *, struct err *);

enum job_flag {
	JOB_HIDDEN = 1 << 0,            /* for tests and benchmarks: not listed */
	JOB_ASKS = 1 << 1               /* ends itself when job_cancelled(); without it a cancelled job is ended by signal */
};

struct job_type {
	const char *name;               /* as Peering Manager names it, where it does */
	const char *help;               /* one line about it */
	job_fn *run;
	job_fn *recover;                /* called instead of run when an attempt before was lost, with its runner or alone; NULL: run */
	unsigned seconds;               /* it may take, unless asked for with another limit; 0: 300 */
	unsigned tries;                 /* in all, when it fails; 0: 1 */
	unsigned backoff;               /* seconds before the second try; doubled for each one after it */
	const char *twice;              /* what a second run would hurt when the first was lost midway; NULL: nothing, and it is run again */
	unsigned flags;                 /* enum job_flag */
};

/* All kinds, ended by a NULL name; in types.c. A new kind is a row there. */
extern const struct job_type job_types[];
const struct job_type *job_type_find(const char *name);         /* NULL: there is none */

/* The object when it is of this type, else 0: what a schedule asks for is about the schedule, which stands for all there are. */
static inline int64_t job_object(const struct job *j, const char *type) {
	return j->object_type != NULL && strcmp(j->object_type, type) == 0 ? j->object_id : 0;
}

/* ---- while it runs ---- */

/* The job's connection, made at first use; the same every time. */
bool job_db(struct job *, struct db **, struct err *);

/* A store for it, with the rules of all resources: as who asked for the job, with their rights (the system, when it was nobody), or as the
 * system, which may do everything. ERR_UNAUTHENTICATED when that user is gone or inactive. */
enum job_as { JOB_AS_USER, JOB_AS_SYSTEM };
bool job_store(struct job *, enum job_as, struct store **, struct err *);

enum job_level { JOB_DEFAULT, JOB_SUCCESS, JOB_INFO, JOB_WARNING, JOB_FAILURE };

/* A log line, in Markdown. */
void job_log(struct job *, enum job_level, const char *fmt, ...) PRINTF(3, 4);

/* The same about an object: its name and page, NULL for none; in a group of lines other than "main" if that is not NULL. */
struct job_line {
	enum job_level level;
	const char *object, *url, *group, *message;
};
void job_log_line(struct job *, const struct job_line *);

/* `done` of `total` steps (0: unknown), and what it is at. */
void job_progress(struct job *, int64_t done, int64_t total, const char *label);

/* Somebody wants it to stop, or its time is over: leave soon, by returning false with a message. For kinds with JOB_ASKS. */
bool job_cancelled(const struct job *);

/* About a failure to come: run again after so many seconds at the earliest, whatever the kind's own pause is; -1: not at all, however many
 * tries are left. 0: as the kind says. */
void job_again(struct job *, int64_t seconds);

/* What came out, as JSON; the last one counts. Text that it made (a configuration): `output`, up to LIMIT_JOB_OUTPUT. */
void job_result(struct job *, struct val);
bool job_output(struct job *, const char *text, size_t len, struct err *);

/* A template failed: where, in *e, and its text as the output. False. */
struct tmpl_err;
bool job_template_failed(struct job *, const struct tmpl_err *, struct err *);

/* A parameter, or `other` when it is not there or not of that type. */
int64_t job_int(const struct job *, const char *name, int64_t other);
const char *job_text(const struct job *, const char *name, const char *other);

/* The kinds of this folder. */
job_fn job_export, job_housekeeping, job_mail, job_noop, job_render_configuration;

/* Kinds that reach out. */
job_fn job_netbox;
job_fn job_configure, job_configure_recover, job_deployment_plan, job_deployment_recover, job_deployment_run, job_drift, job_peeringdb, job_router_drift,
    job_test_connection;
job_fn job_data_sources, job_push_all, job_push_router, job_push_version;
job_fn job_import_sessions, job_irr, job_ix_api, job_ix_api_accounts, job_ix_api_change, job_members, job_poll, job_poll_all, job_prefix_list;

/* poll.c, for what else asks routers for their neighbours: whether a router may be polled (else the log says why not); what it tells. */
struct neighbours;
bool poll_read(struct job *, struct db *, int64_t router, struct neighbours *, struct err *);

#endif
