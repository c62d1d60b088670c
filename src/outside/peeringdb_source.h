/* peeringdb_source.h: where answers come from: a folder of files, PeeringDB's daily files, its API. Knows nothing of tables. */
#ifndef PEERAGE_PEERINGDB_SOURCE_H
#define PEERAGE_PEERINGDB_SOURCE_H

#include <stdio.h>

#include "base/conf.h"

struct source {
	const struct conf *conf;
	const char *name;       /* for messages and for telling whether what is staged came from here */
	const char *dir;        /* of files, or NULL */
};

/* `from` as in struct peeringdb_options. ERR_INVALID when it is neither a folder nor an address. */
bool source_init(struct source *, struct arena *, const struct conf *, const char *from, struct err *);

/* The file of a type; NULL in *out when there is none. Closed with the arena. */
bool source_file(struct source *, struct arena *, const char *tag, FILE **out, struct err *);

#endif
