/* netbox.h: the devices of a NetBox (netboxlabs.com/docs/netbox/integrations/rest-api), page by page, with its token. */
#ifndef PEERAGE_NETBOX_H
#define PEERAGE_NETBOX_H

#include "base/conf.h"
#include "db/db.h"

/*
 * Read the devices with the roles and tags of the settings and keep them: *n of them. When something fails nothing is kept but why: ERR_INVALID (no
 * netbox_api is set), ERR_DENIED (the token, or an address that is refused), ERR_THROTTLED, ERR_UPSTREAM, ERR_TIMEOUT, ERR_TOO_LARGE.
 */
bool netbox_synchronise(struct arena *, struct db *, const struct conf *, size_t *n, struct err *);

#endif
