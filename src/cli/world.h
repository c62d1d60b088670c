/* world.h: what most subcommands begin with: settings, the database and a store, and how they end. */
#ifndef PEERAGE_CLI_WORLD_H
#define PEERAGE_CLI_WORLD_H

#include "base/conf.h"
#include "cli/cli.h"
#include "model/behaviour.h"

struct world {
	struct conf conf;
	struct db *db;
	struct actor actor;             /* a superuser named by the operating system's user */
	struct store store;
};

/* Settings, a connection and a store in which everything is allowed. */
bool world_open(struct cli *, struct world *, struct err *);

/*
 * A subcommand with subcommands of its own (`peerage user add`): the one that argv[1] names, with the database open; rows end with a
 * NULL name. `help` is printed when it is asked for, or when no row has that name.
 */
struct cli_verb {
	const char *name;
	int (*run)(struct cli *, struct world *);
};
int cli_verbs(struct cli *, const struct cli_verb *, const char *help);

/* Options of a subcommand, from argv[1] on. A row's `value` gets the argument after it, or its `flag` becomes true; what is no option
 * moves to the front of argv. *n: how many those are. False (and the reason printed) on an option that no row has. */
struct cli_option {
	const char *name;               /* "--staff"; a NULL name ends the table */
	bool *flag;
	const char **value;
};
bool cli_options(struct cli *, const struct cli_option *, int *n);

/* WHICH of a command: an id, or FIELD=VALUE that one object has. */
bool world_which(struct world *, const struct resource *, const char *arg, int64_t *id, struct err *);

/* The user of that name; without one ERR_NOT_FOUND, which says how to see who there is. */
bool world_user(struct world *, const char *name, int64_t *id, struct err *);

/* Print the error ("peerage: ..." or JSON with --json) and return its exit status; problems, when there are any, field by field. */
int cli_fail(const struct cli *, const struct err *);
int cli_fail_input(const struct cli *, const struct err *, const struct problems *);

/* Print a value as JSON: indented, or on one line as --json has it for lists. */
void cli_json(const struct cli *, struct val);
void cli_json_line(const struct cli *, struct val);

/* A value as a cell of a table: text as it is, "-" for nothing, the rest as JSON. */
const char *cli_text(struct arena *, struct val);

/* --help of a subcommand: prints usage to stdout and returns 0; to stderr with status 2 when `wrong`. */
int cli_usage(const char *text, bool wrong);
bool cli_wants_help(const struct cli *);

/* A line from standard input without its end; NULL at the end of it. */
const char *cli_read_line(struct cli *);

#endif
