/* nav.c: the menu at the side, one row an entry; an entry is there for who may see what it leads to. */
#include "config.h"

#include "model/tables/tables.h"
#include "web/page.h"

struct entry {
	const char *group, *icon;       /* both of the group; an entry with the group of the one before joins it */
	const char *text;
	const struct resource *res;
	const char *path;               /* NULL: the resource's list */
	bool staff;
	const char *verb;               /* that it wants; NULL: view */
};

static const struct entry entries[] = {
	{ "Peering", "peering", "Autonomous Systems", &res_autonomous_system, NULL, false },
	{ "Peering", "peering", "BGP Groups", &res_bgp_group, NULL, false },
	{ "Peering", "peering", "Internet Exchanges", &res_internet_exchange, NULL, false },
	{ "Peering", "peering", "IX Sessions", &res_internet_exchange_peering_session, NULL, false },
	{ "Peering", "peering", "Direct Sessions", &res_direct_peering_session, NULL, false },
	{ "Network", "network", "Connections", &res_connection, NULL, false },
	{ "Network", "network", "BFD", &res_bfd, NULL, false },
	{ "Provisioning", "provisioning", "Available IXP Peers", &res_peeringdb_network_ixlan, "/peeringdb/available-ixp-peers/", false },
	{ "Provisioning", "provisioning", "Hidden Peers", &res_hidden_peer, NULL, false },
	{ "Policy Options", "policy", "Communities", &res_community, NULL, false },
	{ "Policy Options", "policy", "Routing Policies", &res_routing_policy, NULL, false },
	{ "Policy Options", "policy", "Relationships", &res_relationship, NULL, false },
	{ "Policy Options", "policy", "IRR Lists", &res_irr_list, NULL, false },
	{ "Devices", "router", "Routers", &res_router, NULL, false },
	{ "Devices", "router", "Configurations", &res_configuration, NULL, false },
	{ "Devices", "router", "Platforms", &res_platform, NULL, false },
	{ "Devices", "router", "Deployments", &res_deployment, NULL, false },
	{ "Devices", "router", "Deployment Rules", &res_deployment_rule, NULL, false },
	{ "Devices", "router", "Archive", &res_configuration_version, NULL, false },
	{ "Devices", "router", "Drift", &res_drift, NULL, false },
	{ "Messaging", "mail", "Contacts", &res_contact, NULL, false },
	{ "Messaging", "mail", "Contact Roles", &res_contact_role, NULL, false },
	{ "Messaging", "mail", "E-mails", &res_email, NULL, false },
	{ "Messaging", "mail", "Send E-mail", &res_autonomous_system, "/messaging/send/", false, "send_email" },
	{ "Messaging", "mail", "Sent E-mails", &res_email_message, NULL, false },
	{ "3rd Party", "plug", "PeeringDB Changes", &res_peeringdb_change, NULL, false },
	{ "3rd Party", "plug", "Our Record", &res_peeringdb_change, "/peeringdb/report/", false },
	{ "3rd Party", "plug", "PeeringDB Networks", &res_peeringdb_network, NULL, false },
	{ "3rd Party", "plug", "PeeringDB Exchanges", &res_peeringdb_internet_exchange, NULL, false },
	{ "3rd Party", "plug", "PeeringDB Facilities", &res_peeringdb_facility, NULL, false },
	{ "3rd Party", "plug", "PeeringDB Campuses", &res_peeringdb_campus, NULL, false },
	{ "3rd Party", "plug", "PeeringDB Carriers", &res_peeringdb_carrier, NULL, false },
	{ "3rd Party", "plug", "PeeringDB Owners", &res_peeringdb_organization, NULL, false },
	{ "3rd Party", "plug", "PeeringDB Cache", &res_peeringdb_synchronisation, "/peeringdb/cache/", true },
	{ "3rd Party", "plug", "IX-API", &res_ixapi, NULL, false },
	{ "Operations", "gear", "Jobs", &res_job, NULL, false },
	{ "Operations", "gear", "Schedules", &res_schedule, NULL, false },
	{ "Operations", "gear", "Data Sources", &res_data_source, NULL, false },
	{ "Operations", "gear", "Webhooks", &res_webhook, NULL, false },
	{ "Operations", "gear", "Journal Entries", &res_journal_entry, NULL, false },
	{ "Operations", "gear", "Change Log", &res_object_change, NULL, false },
	{ "Customisation", "tag", "Tags", &res_tag, NULL, false },
	{ "Customisation", "tag", "Config Contexts", &res_config_context, NULL, false },
	{ "Customisation", "tag", "Saved Filters", &res_saved_filter, NULL, false },
	{ "Customisation", "tag", "Export Templates", &res_export_template, NULL, false },
	{ "Admin", "users", "Users", &res_auth_user, NULL, true },
	{ "Admin", "users", "Groups", &res_auth_group, NULL, true },
	{ "Admin", "users", "Permissions", &res_auth_permission, NULL, true },
	{ "Admin", "users", "Sign-ins", &res_sign_in_event, NULL, true },
	{ "Admin", "users", "System", &res_auth_user, "/core/system/", true },
};

static uint64_t rights(const struct req *r, const char *action) {
	uint64_t mask = 0;

	for (size_t i = 0; i < ARRAY_LEN(entries); i++) {
		const struct entry *e = &entries[i];

		if ((!e->staff || r->actor.staff || r->actor.superuser) && may(&r->store, e->res, e->verb != NULL && strcmp(action, "view") == 0 ? e->verb : action))
			mask |= (uint64_t)1 << i;
	}
	return mask;
}

static struct val item(struct arena *a, const struct req *r, const struct entry *e, bool add) {
	struct map *m = map_new(a, 4);
	const char *base = r->conf->base_path;

	put_str(m, "text", e->text);
	put_str(m, "page", e->path == NULL ? e->res->page : e->path);
	put_str(m, "href", e->path == NULL ? arena_printf(a, "%s/%s/", base, e->res->page) : arena_printf(a, "%s%s", base, e->path));
	put_str(m, "add", add && e->path == NULL && (e->res->flags & RF_READONLY) == 0 ? arena_printf(a, "%s/%s/add/", base, e->res->page) : NULL);
	return val_map(m);
}

static struct val build(struct arena *a, const struct req *r, uint64_t view, uint64_t add) {
	struct list *groups = list_new(a, 12), *items = NULL, *pages = NULL;
	const char *open = "";

	for (size_t i = 0; i < ARRAY_LEN(entries); i++) {
		uint64_t bit = (uint64_t)1 << i;

		if ((view & bit) == 0)
			continue;
		if (strcmp(open, entries[i].group) != 0) {
			struct map *m = map_new(a, 4);

			open = entries[i].group;
			items = list_new(a, 8);
			pages = list_new(a, 8);
			put_str(m, "text", open);
			put_str(m, "icon", entries[i].icon);
			map_set(m, "entries", val_list(items));
			map_set(m, "pages", val_list(pages));
			list_push(groups, val_map(m));
		}
		list_push(pages, val_str(entries[i].path == NULL ? entries[i].res->page : entries[i].path));
		list_push(items, item(a, r, &entries[i], (add & bit) != 0));
	}
	return val_list(groups);
}

struct val nav_list(struct req *r) {
	uint64_t view = rights(r, "view"), add = rights(r, "add");
	struct site *site = site_of(r);

	for (size_t i = 0; i < site->nmenus; i++) {
		if (site->menu[i].view == view && site->menu[i].add == add)
			return site->menu[i].list;
	}
	if (site->nmenus == NAV_KEPT)
		return build(r->a, r, view, add);
	site->menu[site->nmenus].view = view;
	site->menu[site->nmenus].add = add;
	site->menu[site->nmenus].list = build(site->a, r, view, add);
	return site->menu[site->nmenus++].list;
}
