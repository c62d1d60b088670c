/*
 * runner.h: the runner from inside. runner.c is the loop, slot.c a child seen from outside, book.c what goes into the database.
 *
 * Any number of runners on any number of hosts share the work: who has a job is told by its row alone. Redis only says that there may be
 * something new; without it a runner looks every few seconds. A runner that cannot renew its hold on its jobs in time ends
 * them before another one may take them for lost.
 */
#ifndef PEERAGE_JOBS_RUNNER_H
#define PEERAGE_JOBS_RUNNER_H

#include <sys/types.h>

#include "db/redis.h"
#include "jobs/jobs.h"

enum {
	CHILDREN_MAX = 256,
	LOST_MAX = 3,                   /* times that a job may be lost with its runner before it is given up */
	QUIET_MS = 100,                 /* lines and progress wait so long for company before they are written */
	GRACE_MS = 2000,                /* between SIGTERM and SIGKILL */
	GRACE_ASKS_MS = 30000,          /* the same for kinds that end themselves */
	DELIVERER_PAUSE_MS = 1000,      /* before the process that delivers events is started again */
	AWAY_MS = 500,                  /* before the database is tried again */
	STOP_AWAY_MS = 5000            /* a runner told to stop waits so long for the database, once nothing of it runs */
};

struct runner_options {
	const char *conf_path;
	struct list *queues;            /* strings, in order */
	int64_t children;
	int64_t poll_ms;                /* how often it looks without being told */
	int64_t lease_ms;               /* a job whose runner gave no sign of life for so long is lost */
	bool events;                    /* it tells webhooks' receivers as well */
};

enum why { WHY_NONE, WHY_DEADLINE, WHY_CANCEL, WHY_STOP, WHY_LOST_HOLD };

struct slot_end {                       /* how an attempt ended, as the row will have it; pending: once more */
	const char *status, *error;
	double again;                   /* pending: seconds until then */
};

struct slot {                           /* room for one child */
	struct job job;                 /* job.a lives until the slot is free again; NULL: it is free */
	const struct job_type *type;    /* NULL: not known */
	pid_t pid;
	int fd;                         /* its reports; -1: closed */
	int64_t deadline, kill_at;      /* by the runner's clock; kill_at 0: not asked to end */
	enum why why;
	bool over;                      /* the process has ended */
	int wait_status;

	struct sbuf in;                 /* half a report */
	struct arena *line_arena;
	struct list *lines;             /* not written yet: lists of n, time, level, object, url, group, message */
	int64_t line_n, dirty_since;    /* 0: nothing to write */
	bool progressed;
	struct val progress[3];         /* done, total, label */
	struct val result, output;
	const char *status, *error;     /* its own "end"; status NULL: it said none */
	int64_t again;                  /* see job_again() */
	struct slot_end end;            /* status NULL: not decided yet */
};

struct runner {
	struct arena *a, *scratch;      /* scratch: one turn of the loop */
	struct conf conf;
	struct runner_options opt;
	struct db *db;
	struct redis *redis;
	const char *owner;              /* "host:pid:start" */
	struct slot *slot;
	size_t nslots;
	int signals;                    /* signalfd */
	int64_t now;                    /* milliseconds of the clock that nobody sets */
	int64_t next_poll, next_beat, next_sweep, next_redis, away_until;
	int64_t held_until;             /* our hold on our jobs is good until then */
	bool away;                      /* the database */
	bool look, beat;                /* claim; renew now */
	int stopping;                   /* SIGTERMs so far */
	int64_t leave_at;               /* without the database; 0: not reckoned */
	pid_t deliverer;                /* the process that does; 0: none */
	int64_t deliverer_due;          /* not started again before */
	uint64_t done;
};

static inline bool slot_used(const struct slot *s) { return s->job.a != NULL; }

/* ---- slot.c ---- */

/* Start a process for the job that stands in the slot. False: there is none, and s->error says why. */
bool slot_start(struct runner *, struct slot *);

/* Read what it said so far. */
void slot_read(struct runner *, struct slot *);

/* Ask it to end, because of `why`; it is killed with all that it started when it does not. The first reason stays. */
void slot_end(struct runner *, struct slot *, enum why);

/* Look whether the process has ended, and kill what it left behind. */
void slot_reap(struct slot *);

/* A line of the runner's own. */
void slot_line(struct runner *, struct slot *, enum job_level, const char *fmt, ...) PRINTF(4, 5);
void slot_free(struct slot *);

/* ---- book.c: false when the database is away ---- */

bool book_claim(struct runner *, size_t room, size_t *taken);   /* into free slots, not started */
bool book_beat(struct runner *);        /* renew; children that are no longer ours, or cancelled, are ended */
bool book_sweep(struct runner *);
bool book_schedule(struct runner *);
bool book_write(struct runner *);       /* lines, progress and ends; frees the slots of what has ended */

/* The loop; returns the exit status. */
int runner_run(struct runner *);

#endif
