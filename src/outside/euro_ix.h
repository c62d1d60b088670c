/*
 * euro_ix.h: member exports of exchanges, the JSON that Euro-IX and IX-F agreed on (github.com/euro-ix/json-schemas, versions 0.3 to 1.x).
 *
 * The whole export is read and looked at before anything is kept; when something is wrong with it the last good copy stays.
 */
#ifndef PEERAGE_EURO_IX_H
#define PEERAGE_EURO_IX_H

#include "base/conf.h"
#include "db/db.h"

struct euro_ix_report {
	const char *version;
	int64_t members, ports;         /* AS numbers and addresses that were kept */
	size_t without;                 /* entries without an address */
};

/* An exchange as the query euro_ix_wanted gives it. */
struct euro_ix_exchange {
	int64_t id, ixp_id;             /* ixp_id of the export; -1: not said */
	const char *url;
};

/*
 * Read one exchange's export and keep it, or write down why not. False with the reason: ERR_UPSTREAM (no answer, or not an export), ERR_INVALID
 * (which of its exchanges?), ERR_TOO_LARGE, ERR_DENIED ...
 */
bool euro_ix_fetch(struct arena *, struct db *, const struct conf *, const struct euro_ix_exchange *, struct euro_ix_report *, struct err *);

#endif
