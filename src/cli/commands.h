/* commands.h: the functions of the table in main.c, alphabetical. */
#ifndef PEERAGE_CLI_COMMANDS_H
#define PEERAGE_CLI_COMMANDS_H

#include "cli/cli.h"

int cmd_import(struct cli *);
int cmd_migrate(struct cli *);

#endif
