/* peeringdb.h: what the two files of `peerage peeringdb` share. */
#ifndef PEERAGE_CLI_PEERINGDB_H
#define PEERAGE_CLI_PEERINGDB_H

#include "cli/world.h"
#include "outside/peeringdb.h"

/* A run, and what the rules say of it; the exit status. */
int peeringdb_sync_now(struct cli *, struct world *, struct peeringdb_options *);

/* The subcommands about what a run found; -1: it is none of them. */
int cmd_peeringdb_feed(struct cli *);

#endif
