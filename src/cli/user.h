/* user.h: the subcommands of `peerage user` that stand in files of their own. */
#ifndef PEERAGE_CLI_USER_H
#define PEERAGE_CLI_USER_H

#include "cli/world.h"

/* What user `id` can see and do, on all resources or on the one of that name ("router", "devices.router"); the exit status. */
int user_can(struct cli *, struct world *, int64_t id, const char *resource);

#endif
