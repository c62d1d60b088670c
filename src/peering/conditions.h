/*
 * conditions.h: which changes a webhook is about, in Peering Manager's language: {"and": [{"attr": "status.value", "value": "enabled"},
 * {"or": [...]}]}. A condition has attr (a dotted path; a list maps the step over its items), value, op (eq when absent) and negate.
 */
#ifndef PEERAGE_CONDITIONS_H
#define PEERAGE_CONDITIONS_H

#include "base/val.h"

/* Whether it is one: ERR_INVALID says what is wrong with it. Null and {} are the condition that always holds. */
bool conditions_check(struct val conditions, struct err *);

/* Whether it holds of the data; one that cannot be decided (a text greater than 5) does not. */
bool conditions_hold(struct arena *, struct val conditions, struct val data);

#endif
