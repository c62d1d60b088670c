/* explain.h: what somebody can see and do, and through which permission; and whether a permission's predicate means something. */
#ifndef PEERAGE_EXPLAIN_H
#define PEERAGE_EXPLAIN_H

#include "model/action.h"

/*
 * Every action on every resource (or on `only`) for `who`: a list of maps {"resource", "name", "rights": [{"action", "right": "all" |
 * "some" | "none", "rows": of how many objects, null unless "some", "permissions": those that give it, [{"id", "name", "constraints",
 * "groups": names of theirs that have it, "direct": whether they have it themselves}]}]}. `actions`: those there
 * are beyond view, add, change and delete, ended by a NULL name; NULL: none. One statement for each right that ends at a predicate.
 */
bool rights_explain(struct store *, int64_t who, const struct action *actions, const struct resource *only, struct list **out, struct err *);

/* What is wrong with a predicate over `res`, each with the parameter's name, into *p under `field`. False when the database fails. */
bool predicate_check(struct store *, const struct resource *, struct val predicate, const char *field, struct problems *p, struct err *);

/* How many objects of `res` a right predicate selects; null: all. */
bool predicate_count(struct store *, const struct resource *, struct val predicate, int64_t *n, struct err *);

#endif
