/* peeringdb_feed.c: what PeeringDB changed of ours, and what happens to it by itself. The rows of the feed come from the synchronisation. */
#include "model/tables/tables.h"

static const struct choice change_kinds[] = {
	{ "prefix-limit", "Prefix limit", "primary" },
	{ "as-set", "AS-SET", "primary" },
	{ "name", "Name", "primary" },
	{ "policy", "Policy", "info" },
	{ "contact", "Contact", "info" },
	{ "network", "Network gone", "danger" },
	{ "address", "Address", "warning" },
	{ "joined", "Joined", "success" },
	{ "left", "Left", "danger" },
	{ "lan", "LAN renumbered", "danger" },
	{ 0 }
};

static const struct choice change_states[] = {
	{ "open", "Open", "warning" },
	{ "accepted", "Accepted", "success" },
	{ "ignored", "Ignored", "secondary" },
	{ "superseded", "Superseded", "secondary" },
	{ 0 }
};

static const struct field change_fields[] = {
	{ "time", NULL, NULL, F_TIME, FF_READONLY | FF_LIST | FF_FILTER, .caption = "Seen" },
	{ "kind", NULL, NULL, F_ENUM, FF_READONLY | FF_LIST | FF_FILTER, .choices = change_kinds },
	{ "autonomous_system", NULL, NULL, F_REF, FF_READONLY | FF_NULL | FF_LIST | FF_FILTER, .ref = &res_autonomous_system,
	    .on_delete = DEL_CASCADE, .related = "" },
	{ "internet_exchange", NULL, NULL, F_REF, FF_READONLY | FF_NULL | FF_LIST | FF_FILTER, .ref = &res_internet_exchange,
	    .on_delete = DEL_CASCADE, .related = "" },
	{ "before", NULL, NULL, F_FUNC, FF_READONLY | FF_NULL | FF_NOAPI | FF_LIST | FF_NOLOG, .via = "peeringdb_change_before" },
	{ "after", NULL, NULL, F_FUNC, FF_READONLY | FF_NULL | FF_NOAPI | FF_LIST | FF_NOLOG, .via = "peeringdb_change_after" },
	{ "effect", NULL, NULL, F_FUNC, FF_READONLY | FF_NULL | FF_NOAPI | FF_LIST | FF_NOLOG, .via = "peeringdb_change_effect",
	    .caption = "What follows" },
	{ "tag", NULL, "PeeringDB's name of the type, such as net", F_TEXT, FF_READONLY | FF_FILTER, .max = 20, .caption = "Type" },
	{ "peeringdb_id", "PeeringDB ID", NULL, F_INT, FF_READONLY | FF_FILTER, 0, INT64_MAX },
	{ "field", NULL, "Of PeeringDB; empty when the row came or went", F_TEXT, FF_READONLY | FF_FILTER, .max = 100 },
	{ "old", NULL, NULL, F_JSON, FF_READONLY | FF_NULL | FF_NOCOLUMN },
	{ "new", NULL, NULL, F_JSON, FF_READONLY | FF_NULL | FF_NOCOLUMN },
	{ "state", NULL, NULL, F_ENUM, FF_READONLY | FF_LIST | FF_FILTER, .def = "open", .choices = change_states },
	{ "decided", NULL, NULL, F_TIME, FF_READONLY | FF_NULL | FF_FILTER },
	{ "decided_by", NULL, "Nobody: a rule", F_REF, FF_READONLY | FF_NULL, .ref = &res_auth_user, .on_delete = DEL_SET_NULL, .related = "" },
	{ "follows", NULL, "Fields of objects that accepting it writes", F_FUNC, FF_READONLY | FF_NOCOLUMN | FF_NOLOG, .via = "peeringdb_change_follows" },
};

static const struct filter change_filters[] = {
	FILTERS_AS("autonomous_system"),
};

const struct resource res_peeringdb_change = {
	.name = "PeeringDB change", .plural = "PeeringDB changes", .title = "PeeringDB Change",
	.table = "peeringdb_change", .app = "peeringdb", .model = "change", .class_name = "PeeringDBChange",
	.api = "peeringdb/changes", .page = "peeringdb/changes", .command = "peeringdb-change",
	.display = "{kind.label}: {autonomous_system} at {internet_exchange}|{kind.label}: {autonomous_system}|{kind.label}: {internet_exchange}",
	.order = "-time, -id",
	.nested = "kind, state",
	.search = "autonomous_system.name, autonomous_system.asn, internet_exchange.name",
	.flags = RF_NOLOG | RF_READONLY | RF_NOEVENTS | RF_NOBULKEDIT,
	.fields = ROWS(change_fields),
	.filters = ROWS(change_filters),
};

/* ---- rules ---- */

static const struct choice rule_actions[] = {
	{ "switch", "As the autonomous system's switch says", "primary" },
	{ "accept", "Accept", "success" },
	{ "ignore", "Ignore", "secondary" },
	{ "ask", "Ask", "warning" },
	{ 0 }
};

static const struct field rule_fields[] = {
	{ "kind", NULL, NULL, F_ENUM, FF_REQUIRED | FF_UNIQUE | FF_LIST | FF_FILTER, .choices = change_kinds },
	{ "action", NULL, "The switches are those of name, AS-SET and prefix limits; for another kind that is to ask", F_ENUM,
	    FF_LIST | FF_FILTER | FF_BULK, .def = "ask", .choices = rule_actions },
	{ "most", "At most", "Percent by which a prefix limit may grow or shrink without being asked about", F_INT, FF_NULL | FF_LIST, 1, 100000 },
	FIELD_CREATED(0),
	FIELD_UPDATED(0),
};

const struct resource res_peeringdb_rule = {
	.name = "PeeringDB rule", .plural = "PeeringDB rules", .title = "PeeringDB Rule",
	.table = "peeringdb_rule", .app = "peeringdb", .model = "rule", .class_name = "PeeringDBRule",
	.api = "peeringdb/rules", .page = "peeringdb/rules", .command = "peeringdb-rule",
	.display = "{kind.label}: {action.label}",
	.order = "id",
	.nested = "kind, action",
	.form = "PeeringDB Rule: kind, action, most",
	.flags = RF_NOEVENTS,
	.fields = ROWS(rule_fields),
};
