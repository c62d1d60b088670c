/* pgtext.h: values as PostgreSQL's text format has them. Knows type numbers of pg_type, not libpq. */
#ifndef PEERAGE_PGTEXT_H
#define PEERAGE_PGTEXT_H

#include "base/val.h"

/* One column's text as a value by its type (db.h says which); the text must outlive the value. */
struct val pg_value(struct arena *, unsigned oid, const char *text, size_t len);

/* A parameter's text, or NULL for null. */
const char *pg_param(struct arena *, struct val);

/* A pattern of LIKE for what is, begins with, ends with or has this text, whose own "%" and "_" stand for themselves. */
struct val pg_like(struct arena *, const char *text, bool open_start, bool open_end);

/* One line of COPY's text format: columns in order, null among them, with its line feed. The arena is for what has to be written first. */
void pg_copy_line(struct sbuf *, struct arena *, const struct val *columns, size_t n);
void pg_copy_text(struct sbuf *, const char *text, size_t len);        /* a column's text, escaped */

#endif
