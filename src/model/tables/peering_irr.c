/* peering_irr.c: what the routing registries answered, as versions. Written by jobs; accepted and rejected by actions. */
#include "model/tables/tables.h"

static const struct choice irr_kinds[] = {
	{ "ipv4-prefixes", "IPv4 prefixes", "info" },
	{ "ipv6-prefixes", "IPv6 prefixes", "primary" },
	{ "as-list", "AS list", "secondary" },
	{ 0 }
};

static const struct choice irr_status[] = {
	{ "current", "In use", "success" },
	{ "held", "Held", "warning" },
	{ "replaced", "Replaced", "secondary" },
	{ "rejected", "Rejected", "danger" },
	{ 0 }
};

static const struct field irr_list_fields[] = {
	{ "autonomous_system", NULL, NULL, F_REF, FF_READONLY | FF_LIST | FF_FILTER, .ref = &res_autonomous_system, .on_delete = DEL_CASCADE,
	    .related = "" },
	{ "kind", NULL, NULL, F_ENUM, FF_READONLY | FF_LIST | FF_FILTER, .choices = irr_kinds },
	{ "status", NULL, "Held: it waits to be accepted or rejected", F_ENUM, FF_READONLY | FF_LIST | FF_FILTER, .choices = irr_status },
	{ "time", NULL, NULL, F_TIME, FF_READONLY | FF_LIST | FF_FILTER, .caption = "Read" },
	{ "query", NULL, "AS-SETs or AS that was asked for", F_TEXT, FF_READONLY | FF_FILTER | FF_SEARCH, .max = 1000 },
	{ "source", NULL, "Server and registries that answered", F_TEXT, FF_READONLY | FF_FILTER, .max = 1000 },
	{ "entries", NULL, NULL, F_INT, FF_READONLY | FF_LIST | FF_FILTER, 0, INT32_MAX },
	{ "added", NULL, NULL, F_INT, FF_READONLY | FF_LIST | FF_FILTER, 0, INT32_MAX },
	{ "removed", NULL, NULL, F_INT, FF_READONLY | FF_LIST | FF_FILTER, 0, INT32_MAX },
	{ "hash", NULL, "SHA-256 of its text", F_TEXT, FF_READONLY | FF_NOCOLUMN, .max = 64 },
	{ "list", NULL, NULL, F_JSON, FF_READONLY | FF_NOCOLUMN, .caption = "The list" },
	{ "decided", NULL, NULL, F_TIME, FF_READONLY | FF_NULL | FF_FILTER },
	{ "decided_by", NULL, NULL, F_REF, FF_READONLY | FF_NULL, .ref = &res_auth_user, .on_delete = DEL_SET_NULL, .related = "" },
	{ "decided_by_name", NULL, NULL, F_TEXT, FF_READONLY | FF_NOAPI, .max = 150, .caption = "Decided by" },
};

static const struct filter irr_list_filters[] = {
	FILTERS_AS("autonomous_system"),
};

const struct resource res_irr_list = {
	.name = "IRR list", .plural = "IRR lists", .title = "IRR List",
	.table = "irr_list", .app = "peering", .model = "irrlist", .class_name = "IRRList",
	.api = "peering/irr-lists", .page = "irr-lists", .command = "irr-list",
	.display = "{kind.label} of {autonomous_system}",
	.order = "-time, -id",
	.nested = "kind, status",
	.search = "autonomous_system.name, autonomous_system.asn",
	.flags = RF_NOLOG | RF_READONLY | RF_NOEVENTS | RF_NOBULKEDIT,
	.fields = ROWS(irr_list_fields),
	.filters = ROWS(irr_list_filters),
};
