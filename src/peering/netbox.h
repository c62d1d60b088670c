/* netbox.h: devices of NetBox as they were last read, and the routers that they are. */
#ifndef PEERAGE_PEERING_NETBOX_H
#define PEERAGE_PEERING_NETBOX_H

#include "model/action.h"

/* "https://netbox.example.net" of what the setting has, with or without a slash or "/api" at its end. */
const char *netbox_root(struct arena *, const char *url);

/* {"tried", "fetched", "error", "count"} */
bool netbox_reading(struct db *, struct arena *, struct map **out, struct err *);

/* {"id", "name", "status", "platform", "role", "site", "primary_ip", "router", "router_name", "same_name", "same_name_name", "platform_id", "data"}: router
 * is the one that it is linked to, same_name one that could be. All, or those with these ids. */
bool netbox_devices(struct db *, struct arena *, const struct list *ids, struct list **out, struct err *);

#endif
