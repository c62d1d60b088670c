/* yaml.h: values as YAML (1.2, core schema), and YAML as values. */
#ifndef PEERAGE_YAML_H
#define PEERAGE_YAML_H

#include "base/val.h"

/* Block style. Texts are quoted as JSON has them where a plain one could be taken for something else. */
void yaml_write(struct sbuf *, struct val);

/*
 * Parse exactly one document. Keys are texts; a key that stands twice, a tag that is no plain type, nesting deeper than `depth`, and
 * aliases that make the document much larger than its text are refused, with line and column. *lines (NULL: not asked for) maps a
 * value's `u.map` as a number to the line on which it begins, counted from 1.
 */
bool yaml_parse(struct arena *, const char *text, size_t len, unsigned depth, struct val *out, struct map **lines, struct err *);

#endif
