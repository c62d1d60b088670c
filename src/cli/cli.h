/* cli.h: the command `peerage`. A subcommand is a row in main.c and a file here. */
#ifndef PEERAGE_CLI_H
#define PEERAGE_CLI_H

#include "base/base.h"

struct cli {
	struct arena *a;
	const char *conf_path;          /* -c FILE; NULL: the usual place */
	bool json;                      /* --json */
	int argc;                       /* of the subcommand, argv[0] its name */
	char **argv;
};

/* Runs and returns the exit status: 0 done, 1 the input was wrong, 2 usage, 3 not found, 4 not allowed, 5 conflict, 6 upstream
 * or unavailable, 7 internal (err_exit()). */
typedef int command_fn(struct cli *);

struct command {
	const char *name, *args, *help;
	command_fn *fn;
};

#endif
