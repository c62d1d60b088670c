/* types.h: what a type means outside SQL, one row each: OpenAPI, OPTIONS, forms, filters; and reading text as a value of it. */
#ifndef PEERAGE_TYPES_H
#define PEERAGE_TYPES_H

#include "model/model.h"

struct type_info {
	const char *openapi, *format;   /* OpenAPI's type and format; format NULL: none */
	const char *options;            /* type in the answer to OPTIONS */
	const char *input;              /* of a form: text textarea checkbox number email url date datetime-local select multiple password json none */
	int filter;                     /* enum filter_kind of FF_FILTER; -1: none */
	int64_t min, max;               /* of values or lengths, where the field says 0, 0 */
};

const struct type_info *type_info(enum ftype);

/* "2026-11-20", "2026-11-20 19:05[:04[.5]]", ISO 8601 with Z or an offset: to a text that PostgreSQL takes; UTC unless it says otherwise.
 * False when it is none of these or no such day exists. */
bool time_parse(struct arena *, const char *text, size_t len, const char **out);
bool date_parse(const char *text, size_t len);
bool uuid_parse(struct arena *, const char *text, size_t len, const char **out);       /* also without hyphens or in braces; lower case with them */
bool int_parse(const char *text, size_t len, int64_t *out);                            /* sign and digits only */

#endif
