/* csv.h: tables as text (RFC 4180), read strictly: what is unclear is refused with its place. */
#ifndef PEERAGE_CSV_H
#define PEERAGE_CSV_H

#include "base/val.h"

struct csv_row {
	const char **cell;
	size_t n, line;         /* cells; the line it begins on, counted from 1 */
};

struct csv {
	struct csv_row *row;    /* the first is the heading */
	size_t n;
	char separator;
};

/*
 * Read a whole table. Cells are separated by commas, or by what the heading has instead (semicolon, tab); a byte order mark is passed
 * over; empty lines too. False with line and column on text that is not UTF-8, quotes that do not fit, an empty heading, and rows with
 * another number of cells than the heading.
 */
bool csv_parse(struct arena *, const char *text, size_t len, struct csv *out, struct err *);

#endif
