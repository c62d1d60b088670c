/* json.h: JSON (RFC 8259) to and from values. */
#ifndef PEERAGE_JSON_H
#define PEERAGE_JSON_H

#include "base/val.h"

/*
 * Parse exactly one document. Order of keys is kept; of a repeated key the last value counts. A number with a point or an
 * exponent is a float; an integer beyond 64 bits becomes a float (never a wrong integer). False with a message that has
 * the place ("line 3 column 7: ...") on bad JSON, invalid UTF-8, a NUL in a string, or nesting deeper than `depth`.
 */
bool json_parse(struct arena *, const char *text, size_t len, unsigned depth, struct val *out, struct err *);

/* The same; an integer beyond 64 bits ("-123...") becomes what big() makes of it, and a string may hold a NUL. */
typedef struct val json_big(struct arena *, const char *digits, size_t n);
bool json_parse_exact(struct arena *, const char *text, size_t len, unsigned depth, json_big *, struct val *out, struct err *);

/* Compact, UTF-8, floats by their shortest form that reads back (as Python and DRF do); V_UNDEF and objects are null. */
void json_write(struct sbuf *, struct val);

/* For people: `indent` spaces a level; keys sorted if asked. */
enum json_order { JSON_AS_IS, JSON_SORTED };
void json_write_pretty(struct sbuf *, struct val, unsigned indent, enum json_order);

/* repr(float) of Python: 1e+16, 0.1, 5.0, inf, nan. */
void json_float(struct sbuf *, double);

#endif
