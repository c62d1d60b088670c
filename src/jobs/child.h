/* child.h: the process of one job, seen from inside. */
#ifndef PEERAGE_JOBS_CHILD_H
#define PEERAGE_JOBS_CHILD_H

#include <sys/types.h>

#include "jobs/jobs.h"

/*
 * What a child tells its runner: one JSON list a line, its first item the kind of report:
 *   ["log", seconds since 1970, level, object, url, group, message]   ["progress", done, total, label]
 *   ["result", value]   ["output", text]   ["end", status, error or null]: the last one
 */

/* Called in the child right after the fork, with signals blocked as the runner has them: does the job and ends the process. */
NORETURN void child_main(struct job *, const struct job_type *, pid_t runner);

extern const char *const job_levels[];          /* by enum job_level */

#endif
