/*
 * import_pm.h: a Peering Manager database (1.8 to 1.10) copied into ours, whole: ids kept, one transaction, repeatable.
 *
 * A second run brings what changed there since and otherwise changes nothing; what was added here stays. What the rules of
 * our schema refuse is left out and reported, with the rule and the ids.
 */
#ifndef PEERAGE_IMPORT_PM_H
#define PEERAGE_IMPORT_PM_H

#include "base/seal.h"
#include "db/db.h"

struct import_line {            /* of the report, one a table */
	const char *table, *from;
	int64_t read, created, updated, unchanged, refused;
	int64_t only_here;      /* made here, or no longer there: they stay */
	struct list *notes;     /* texts: rules that refused rows, columns that have no place here */
};

struct import_report {
	struct import_line *line;
	size_t n;
	struct list *notes;
};

enum import_mode { IMPORT_FOR_GOOD, IMPORT_DRY_RUN };   /* dry run: all is done and rolled back */

/* `from` is the other database, only read, at one moment. ERR_CONFLICT when ours holds a book that was not imported. */
bool import_peering_manager(struct arena *, struct db *from, struct db *to, struct seal *, enum import_mode, struct import_report *, struct err *);

#endif
