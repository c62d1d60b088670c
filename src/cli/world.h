/* world.h: what most subcommands begin with: settings and the database, and how they end. */
#ifndef PEERAGE_CLI_WORLD_H
#define PEERAGE_CLI_WORLD_H

#include "base/conf.h"
#include "cli/cli.h"
#include "db/db.h"

struct world {
	struct conf conf;
	struct db *db;
};

/* Settings and a connection; prints what is wrong and returns false. */
bool world_open(struct cli *, struct world *, struct err *);

/* Print the error ("peerage: ..." or JSON with --json) and return its exit status. */
int cli_fail(const struct cli *, const struct err *);

/* Print a value: JSON with --json. */
void cli_json(const struct cli *, struct val);

/* --help of a subcommand: prints usage to stdout and returns 0; to stderr with status 2 when `wrong`. */
int cli_usage(const char *text, bool wrong);
bool cli_wants_help(const struct cli *);

#endif
