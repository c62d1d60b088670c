/* schedule.h: work that comes again, as rows of the table schedule. */
#ifndef PEERAGE_MODEL_SCHEDULE_H
#define PEERAGE_MODEL_SCHEDULE_H

#include "model/behaviour.h"

/*
 * The next time after `after` (seconds since 1970, UTC), by the clock of `zone` (IANA name). When the clock is put forward over a time, it
 * is that moment; when it is put back, a time that comes twice counts once, but what runs every hour goes on every hour.
 * ERR_INVALID names what is wrong with the expression or the zone: also the check of what a user wrote.
 */
bool schedule_next(struct db *, struct arena *, const char *cron, const char *zone, int64_t after, int64_t *next, struct err *);

/* Make the jobs that are due and reckon when each is next; *made: how many jobs. Several runners may do it at once. */
bool schedule_tick(struct db *, struct arena *, size_t *made, struct err *);

/* Run it now, whatever its time; *job_id is the job. ERR_NOT_FOUND; ERR_CONFLICT when it still runs and is not to overlap. Then job_wake(). */
bool schedule_run_now(struct db *, struct arena *, int64_t id, int64_t user_id, int64_t *job_id, struct err *);

/* Its expression and its zone must be such that there is a next time. */
extern const struct behaviour schedule_behaviour;

#endif
