/* import_pm_tables.h: what is copied from where, in an order in which references are there before what refers. */
#ifndef PEERAGE_IMPORT_PM_TABLES_H
#define PEERAGE_IMPORT_PM_TABLES_H

#include <stdbool.h>

/*
 * Columns of the same name are copied as they are. `columns` says the rest: "ours = expression over theirs; ...";
 * {type:col} is our number for their content type, {have:col|expr} is expr where they have that column, else nothing.
 * `source` is a table, or a query in parentheses. A table that they do not have (an older version) is passed over.
 */
struct import_table {
	const char *into, *from, *source, *columns;
	const char *sealed;             /* columns kept sealed */
	const char *elsewhere;          /* columns that another row of this table carries */
	const char *needs;              /* a column of theirs without which (an older version) the table is passed over */
	bool link;                      /* rows say that two belong together: those that an earlier import made and that are gone there go here */
	const char *lists_of;           /* query for those there whose rows are a list: what they have here and not there goes */
};

extern const struct import_table import_tables[];

/* What moved between apps on the way to 1.10: the name today and the one before, of the table and of the content type. Ended by NULL. */
struct import_move {
	const char *table, *old_table, *type, *old_type;
};

extern const struct import_move import_moved[];

#endif
