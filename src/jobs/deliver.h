/* deliver.h: the process that tells webhooks' receivers what happened. */
#ifndef PEERAGE_JOBS_DELIVER_H
#define PEERAGE_JOBS_DELIVER_H

#include <sys/types.h>

#include "base/conf.h"

/*
 * Called in a child right after the fork, with signals blocked as the runner has them; does not return. Ends with SIGTERM, or with the runner.
 *
 * Every delivery is made at least once: it is held for a while in the database while it is tried, and due again when nothing more is
 * heard of it. Any number of such processes share the work.
 */
NORETURN void deliver_main(const struct conf *, pid_t runner);

#endif
