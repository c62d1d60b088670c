/* policy.c: communities, relationships, routing policies. */
#include "model/tables/tables.h"

static const struct choice community_types[] = {
	{ "egress", "Egress", "primary" },
	{ "ingress", "Ingress", "info" },
	{ 0 }
};

static const struct field community_fields[] = {
	FIELD_NAME(0),
	FIELD_SLUG(0),
	FIELD_DESCRIPTION(FF_BULK),
	{ "value", NULL, NULL, F_TEXT, FF_REQUIRED | FF_LIST | FF_FILTER | FF_SEARCH, .max = 50 },
	{ "type", NULL, NULL, F_ENUM, FF_NULL | FF_BARE | FF_LIST | FF_BULK, .choices = community_types },
	{ "kind", NULL, NULL, F_FUNC, FF_READONLY | FF_NULL | FF_NOLOG, .via = "community_kind" },
	FIELD_LOCAL_CONTEXT,
	FIELD_CONFIG_CONTEXT,
	FIELD_TAGS,
	FIELD_CREATED(0),
	FIELD_UPDATED(0),
};

static const struct filter community_filters[] = {
	{ "type", FILTER_CHOICE, "type", FILTERF_EMPTY },
	FILTERS_COMMON,
};

const struct resource res_community = {
	.name = "community", .plural = "communities",
	.table = "community", .app = "bgp", .model = "community", .class_name = "Community",
	.api = "bgp/communities", .page = "bgp/communities", .command = "community",
	.display = "{name}",
	.order = "value, name",
	.nested = "name, slug, value, type",
	.form = "Community: name, slug, description, type, value; Config Context: local_context_data; Tags: tags",
	.flags = RF_CONTEXTS | RF_TEMPLATES,
	.fields = ROWS(community_fields),
	.filters = ROWS(community_filters),
};

/* ---- relationship ---- */

static const struct field relationship_fields[] = {
	FIELD_NAME(FF_FILTER),
	FIELD_SLUG(FF_FILTER),
	FIELD_DESCRIPTION(0),
	{ "color", NULL, NULL, F_COLOR, FF_LIST, .max = 6, .def = "9e9e9e", .choices = choices_color },
	FIELD_TAGS,
	FIELD_CREATED(0),
	FIELD_UPDATED(0),
	FIELDS_CONTEXT_HIDDEN,
};

static const struct filter relationship_filters[] = {
	FILTERS_COMMON,
};

static const struct child relationship_children[] = {
	{ &res_direct_peering_session, "relationship", "direct-peering-sessions", "Direct Peering Sessions", 2000 },
};

const struct resource res_relationship = {
	.name = "relationship", .plural = "relationships",
	.table = "relationship", .app = "bgp", .model = "relationship", .class_name = "Relationship",
	.api = "bgp/relationships", .page = "bgp/relationships", .command = "relationship",
	.display = "{name}",
	.order = "name",
	.nested = "name, slug",
	.form = "Relationship: name, slug, description, color; Tags: tags",
	.flags = RF_CONTEXTS | RF_TEMPLATES | RF_NOBULKEDIT,
	.fields = ROWS(relationship_fields),
	.filters = ROWS(relationship_filters),
	.children = ROWS(relationship_children),
};

/* ---- routing policy ---- */

static const struct choice routing_policy_types[] = {
	{ "export-policy", "Export", "primary" },
	{ "import-policy", "Import", "info" },
	{ "import-export-policy", "Import+Export", "dark" },
	{ 0 }
};

static const struct field routing_policy_fields[] = {
	FIELD_NAME(0),
	FIELD_SLUG(0),
	FIELD_DESCRIPTION(FF_BULK),
	{ "type", NULL, NULL, F_ENUM, FF_BARE | FF_LIST | FF_BULK, .def = "import-policy", .choices = routing_policy_types },
	{ "weight", NULL, "The higher the number, the higher the priority", F_INT, FF_LIST | FF_FILTER | FF_BULK, 0, INT16_MAX, .def = "0" },
	{ "address_family", NULL, NULL, F_ENUM, FF_BARE | FF_LIST | FF_FILTER | FF_BULK, .def = "0", .choices = choices_family },
	{ "communities", NULL, NULL, F_REFS, FF_BULK, .ref = &res_community, .link = "routing_policy_communities" },
	FIELD_LOCAL_CONTEXT,
	FIELD_CONFIG_CONTEXT,
	FIELD_TAGS,
	FIELD_CREATED(0),
	FIELD_UPDATED(0),
};

static const struct filter routing_policy_filters[] = {
	{ "type", FILTER_POLICY_TYPE, "type", FILTERF_NO_NEGATE },
	FILTERS_COMMON,
};

const struct resource res_routing_policy = {
	.name = "routing policy", .plural = "routing policies",
	.table = "routing_policy", .app = "peering", .model = "routingpolicy", .class_name = "RoutingPolicy",
	.api = "peering/routing-policies", .page = "routing-policies", .command = "routing-policy",
	.display = "{name}",
	.order = "-weight, name",
	.nested = "name, slug, type",
	.form = "Routing Policy: name, slug, description, type, weight, address_family, communities;"
	    " Config Context: local_context_data; Tags: tags",
	.flags = RF_CONTEXTS | RF_TEMPLATES,
	.fields = ROWS(routing_policy_fields),
	.filters = ROWS(routing_policy_filters),
};
