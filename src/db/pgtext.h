/* pgtext.h: values as PostgreSQL's text format has them. Knows type numbers of pg_type, not libpq. */
#ifndef PEERAGE_PGTEXT_H
#define PEERAGE_PGTEXT_H

#include "base/val.h"

/* One column's text as a value by its type (db.h says which); the text must outlive the value. */
struct val pg_value(struct arena *, unsigned oid, const char *text, size_t len);

/* A parameter's text, or NULL for null. */
const char *pg_param(struct arena *, struct val);

#endif
