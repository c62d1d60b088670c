/*
 * job.h: asking for work. The row in the table job is the truth about it; it is written in the transaction of what asks, so a change
 * and the work that follows from it are there together or not at all. The runner (src/jobs) takes it from there.
 */
#ifndef PEERAGE_MODEL_JOB_H
#define PEERAGE_MODEL_JOB_H

#include "db/db.h"
#include "db/redis.h"
#include "model/model.h"

struct job_request {
	const char *name;               /* of the kind: "devices.router.render_configuration" */
	const struct resource *res;     /* what it is about; NULL: nothing in particular */
	int64_t object_id;              /* 0: the whole type */
	const struct map *parameters;   /* no secrets; NULL: none */
	int64_t user_id;                /* for whom; 0: the system */
	const char *request_id;         /* NULL: none */
	const char *queue;              /* "high", "default" (NULL), "low" */
	int priority;                   /* higher first within the queue */
	double delay;                   /* seconds before it may start */
	double time_limit;              /* seconds it may take; 0: as its kind has it */
	const char *lock_key;           /* of the jobs with the same key one runs at a time, on all hosts; NULL: any number. See job_lock() */
	struct list *lock_keys;         /* more such keys, as strings: it waits until all are free and then holds them all; NULL: none */
	int64_t schedule_id;            /* 0: none */
};

/* The lock of an object: "devices.router:5". All that touches a router takes the router's. */
const char *job_lock(struct arena *, const struct resource *, int64_t object_id);

/* Write the row; *id is its number. The caller's transaction, if there is one, decides whether it comes to be. */
bool job_enqueue(struct db *, struct arena *, const struct job_request *, int64_t *id, struct err *);

/* Tell the runners, after the commit: nothing, there is a new job, or one is to stop. Whether it worked does not matter: they look by themselves,
 * only later. */
enum job_news { JOB_QUIET, JOB_NEW, JOB_STOP };
void job_wake(struct redis *, enum job_news);

/*
 * One that waits ends as failed, one that runs is asked to end; *running says which. `by` names who wants it. ERR_NOT_FOUND;
 * ERR_CONFLICT when it has ended. Then job_wake(JOB_STOP).
 */
bool job_cancel(struct db *, struct arena *, int64_t id, const char *by, bool *running, struct err *);

/* Ask once more for what an ended job was asked; *again is the new one. ERR_NOT_FOUND; ERR_CONFLICT when it has not ended. */
bool job_retry(struct db *, struct arena *, int64_t id, int64_t user_id, int64_t *again, struct err *);

/* The channel that job_wake() speaks on. */
#define JOB_CHANNEL "peerage:jobs"

#endif
