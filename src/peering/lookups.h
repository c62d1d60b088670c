/* lookups.h: Django's field lookups ("autonomous_system__asn__in") over objects in memory. */
#ifndef PEERAGE_LOOKUPS_H
#define PEERAGE_LOOKUPS_H

#include "peering/graph.h"

struct lookup;

/* Take "fk__field__lookup" apart for objects of this table. A name that leads nowhere is an error (FieldError). */
bool lookup_parse(struct arena *, struct graph *, enum table_id, const char *text, struct val wanted, struct lookup **out, struct err *);

/* Whether it holds for the object; over several values (tags__slug) it holds when it does for one. */
bool lookup_holds(struct lookup *, struct gobj *, bool *out, struct err *);

/* The value that a path leads to; the first of several. */
bool lookup_value(struct arena *, struct gobj *, const char *path, struct val *out, struct err *);

/* Order of two values as PostgreSQL sorts them: nulls last. */
int lookup_compare(struct val, struct val);

#endif
