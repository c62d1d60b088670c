/* ix_api.h: what is kept of exchanges' IX-APIs, as maps for pages, API and command; and asking for changes there. */
#ifndef PEERAGE_PEERING_IX_API_H
#define PEERAGE_PEERING_IX_API_H

#include "model/action.h"

/* The IX-API of an exchange, or of the exchange of a connection; 0: there is none. */
bool ixapi_of(struct db *, struct arena *, int64_t exchange, int64_t connection, int64_t *id, struct err *);

/* {"id", "name", "api_url", "identity", "account" (its name), "tried", "fetched", "error", "version", "schema_version", "health", "health_note", "counts"} */
bool ixapi_reading(struct db *, struct arena *, int64_t id, struct map **out, struct err *);

/* {"id", "name", "state", "managing_account", "ours"} */
bool ixapi_accounts(struct db *, struct arena *, int64_t id, struct list **out, struct err *);

/* {"id", "name", "state", "metro_area_network", "subnet_v4", "subnet_v6", "product", "features": [...]} of an exchange's LAN. */
bool ixapi_services(struct db *, struct arena *, int64_t exchange, struct list **out, struct err *);

/*
 * {"id", "ixapi", "state", "type", "service", "vlan", "capacity", "listed", "purchase_order", "contract_ref", "external_ref", "addresses", "macs": [addresses],
 * "connection": ours or null, "mac_address": ours, "same_mac", "port": {"name", "speed", "mode", "state", "ports"}, "traffic": {"5m": {...}} or null,
 * "ipv4_length", "ipv6_length"} of an exchange, or of one connection of ours (the other is 0).
 */
bool ixapi_configs(struct db *, struct arena *, int64_t exchange, int64_t connection, struct list **out, struct err *);

/* The objects of a kind. */
bool ixapi_objects(struct db *, struct arena *, int64_t id, const char *kind, struct list **out, struct err *);

/*
 * Of what a client or a form wants to change, checked: MAC addresses in our form. Keys that are not there are left as they are; ERR_INVALID names the
 * field otherwise.
 */
bool ixapi_wanted(struct arena *, const struct map *input, struct map **set, struct err *);
/* The same keys as the config has them now. */
struct map *ixapi_seen(struct arena *, const struct map *config, const struct map *set);
/* The job that does it: to the connection of the call. `seen` undefined: whatever the exchange has now. */
bool ixapi_change_job(struct action_call *, const struct map *config, struct val seen, struct map *set, struct err *);
/* The one config of the connection; ERR_INVALID when there is none, or more than one. */
bool ixapi_config_of(struct action_call *, struct map **out, struct err *);

#endif
