/* schema.h: parts of `peerage schema`. */
#ifndef PEERAGE_CLI_SCHEMA_H
#define PEERAGE_CLI_SCHEMA_H

#include "cli/world.h"

int schema_filters(struct cli *);       /* filters, tests and functions of templates */
int schema_objects(struct cli *);       /* what hangs off the objects that templates see */

#endif
