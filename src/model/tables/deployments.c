/* deployments.c: changes of routers, the rules about them, the archive of configurations, drift. */
#include "model/tables/tables.h"

/* ---- deployment: made and moved on by jobs and actions, never written as a row ---- */

static const struct choice deployment_status[] = {
	{ "planning", "Planning", "info" },
	{ "planned", "Planned", "secondary" },
	{ "approved", "Approved", "primary" },
	{ "rejected", "Rejected", "secondary" },
	{ "queued", "Queued", "info" },
	{ "stale", "Stale", "secondary" },
	{ "applying", "Applying", "warning" },
	{ "waiting", "Waiting for sessions", "warning" },
	{ "confirmed", "Confirmed", "success" },
	{ "rolled-back", "Rolled back", "danger" },
	{ "unchanged", "Unchanged", "success" },
	{ "failed", "Failed", "danger" },
	{ "unverified", "Not verified", "danger" },
	{ 0 }
};

bool deployment_under_way(const char *status) {
	static const char *const words[] = { "planning", "queued", "applying", "waiting" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (strcmp(words[i], status) == 0)
			return true;
	}
	return false;
}

static const struct choice deployment_mode[] = {
	{ "merge", "Added to what runs", NULL },
	{ "replace", "Takes the place of what runs", NULL },
	{ 0 }
};

static const struct choice deployment_decision[] = {
	{ "confirm", "Confirm", "success" },
	{ "go-back", "Go back", "danger" },
	{ 0 }
};

static const struct field deployment_fields[] = {
	{ "router", NULL, NULL, F_REF, FF_READONLY | FF_NULL | FF_FILTER, .ref = &res_router, .on_delete = DEL_SET_NULL },
	{ "router_name", "Router", NULL, F_TEXT, FF_READONLY | FF_LIST | FF_FILTER | FF_SEARCH, .max = 128 },
	{ "status", NULL, NULL, F_ENUM, FF_READONLY | FF_LIST | FF_FILTER, .def = "planning", .choices = deployment_status },
	{ "configuration", NULL, NULL, F_REF, FF_READONLY | FF_NULL | FF_FILTER, .ref = &res_configuration, .on_delete = DEL_SET_NULL },
	{ "mode", NULL, NULL, F_ENUM, FF_READONLY, .def = "merge", .choices = deployment_mode },
	{ "together", NULL, "First of those that are confirmed together or not at all", F_REF, FF_READONLY | FF_NULL | FF_FILTER,
	    .ref = &res_deployment, .on_delete = DEL_SET_NULL, .related = "" },
	{ "restores", NULL, "Earlier configuration that it goes back to", F_REF, FF_READONLY | FF_NULL, .ref = &res_configuration_version,
	    .on_delete = DEL_SET_NULL, .related = "" },
	{ "book_revision", NULL, "Last change of the book that was rendered", F_INT, FF_READONLY | FF_NULL },
	{ "summary", NULL, "What it touches", F_JSON, FF_READONLY | FF_NULL | FF_NOCOLUMN },
	{ "risks", NULL, "Rules that demand a second person", F_TEXTS, FF_READONLY | FF_NOCOLUMN },
	{ "requested_by", NULL, NULL, F_REF, FF_READONLY | FF_NULL | FF_FILTER, .ref = &res_auth_user, .on_delete = DEL_SET_NULL,
	    .related = "" },
	{ "requested_by_name", "Requested by", NULL, F_TEXT, FF_READONLY | FF_LIST | FF_FILTER, .max = 150 },
	{ "approved_by", NULL, NULL, F_REF, FF_READONLY | FF_NULL | FF_FILTER, .ref = &res_auth_user, .on_delete = DEL_SET_NULL,
	    .related = "" },
	{ "approved_by_name", "Approved by", NULL, F_TEXT, FF_READONLY | FF_LIST | FF_FILTER, .max = 150 },
	{ "approved", NULL, NULL, F_TIME, FF_READONLY | FF_NULL },
	{ "run_by_name", "Run by", NULL, F_TEXT, FF_READONLY | FF_FILTER, .max = 150 },
	{ "reason", NULL, NULL, F_LONGTEXT, FF_READONLY | FF_LIST | FF_SEARCH },
	{ "job", NULL, NULL, F_REF, FF_READONLY | FF_NULL, .ref = &res_job, .on_delete = DEL_SET_NULL, .related = "" },
	{ "not_before", NULL, NULL, F_TIME, FF_READONLY | FF_NULL },
	{ "not_after", NULL, NULL, F_TIME, FF_READONLY | FF_NULL },
	{ "confirm_seconds", NULL, "Time after which the router goes back by itself", F_INT, FF_READONLY | FF_NULL, 1, 86400 },
	{ "gate_seconds", NULL, "Time that the neighbours have to be up again", F_INT, FF_READONLY, 1, 3600 },
	{ "gate_share", NULL, "Percent of its accepted prefixes that each neighbour must have again", F_INT, FF_READONLY, 0, 100 },
	{ "started", NULL, NULL, F_TIME, FF_READONLY | FF_NULL },
	{ "committed", NULL, NULL, F_TIME, FF_READONLY | FF_NULL },
	{ "revert_by", NULL, "When the router goes back unless confirmed", F_TIME, FF_READONLY | FF_NULL },
	{ "decision", NULL, NULL, F_ENUM, FF_READONLY | FF_NULL, .choices = deployment_decision },
	{ "finished", NULL, NULL, F_TIME, FF_READONLY | FF_NULL | FF_LIST },
	{ "outcome", NULL, NULL, F_LONGTEXT, FF_READONLY },
	{ "created", NULL, NULL, F_TIME, FF_READONLY | FF_LIST | FF_FILTER },
	{ "updated", NULL, NULL, F_TIME, FF_READONLY | FF_FILTER },
};

static const struct child deployment_children[] = {
	{ &res_configuration_version, "deployment", "configuration-versions", "Archive", 1000 },
};

const struct resource res_deployment = {
	.name = "deployment", .plural = "deployments",
	.table = "deployment", .app = "devices", .model = "deployment", .class_name = "Deployment",
	.api = "devices/deployments", .page = "devices/deployments", .command = "deployment",
	.display = "Deployment {id} of {router_name}",
	.order = "-created, -id",
	.nested = "router_name, status",
	.flags = RF_NOLOG | RF_READONLY | RF_NOBULKEDIT | RF_JOBS,
	.fields = ROWS(deployment_fields),
	.children = ROWS(deployment_children),
};

/* ---- rules ---- */

static const struct choice rule_condition[] = {
	{ "always", "Every deployment", NULL },
	{ "removes-neighbours", "It removes neighbours", NULL },
	{ "touches-neighbours", "It touches neighbours", NULL },
	{ "touches-prefixes", "It touches prefixes", NULL },
	{ "changes-lines", "It changes lines", NULL },
	{ "goes-back", "It goes back to an earlier configuration", NULL },
	{ 0 }
};

static const struct field rule_fields[] = {
	FIELD_NAME(FF_FILTER),
	FIELD_DESCRIPTION(FF_LIST),
	{ "enabled", NULL, NULL, F_BOOL, FF_LIST | FF_FILTER | FF_BULK, .def = "true" },
	{ "condition", NULL, "What it looks at", F_ENUM, FF_REQUIRED | FF_LIST | FF_FILTER, .choices = rule_condition },
	{ "threshold", NULL, "From how many on", F_INT, FF_LIST, 1, 1000000, .def = "1" },
	{ "router", NULL, "Only for this router; empty: for all", F_REF, FF_NULL | FF_LIST | FF_FILTER, .ref = &res_router, .on_delete = DEL_CASCADE,
	    .related = "" },
	FIELD_CREATED(0),
	FIELD_UPDATED(0),
};

static const struct filter rule_filters[] = {
	FILTERS_REQUEST,
};

const struct resource res_deployment_rule = {
	.name = "deployment rule", .plural = "deployment rules",
	.table = "deployment_rule", .app = "devices", .model = "deploymentrule", .class_name = "DeploymentRule",
	.api = "devices/deployment-rules", .page = "devices/deployment-rules", .command = "deployment-rule",
	.display = "{name}",
	.order = "name",
	.nested = "name",
	.form = "A second person must approve: name, description, enabled, condition, threshold, router",
	.fields = ROWS(rule_fields),
	.filters = ROWS(rule_filters),
};

/* ---- archive ---- */

static const struct choice version_kind[] = {
	{ "rendered", "Rendered", "primary" },
	{ "running", "Running", "success" },
	{ "diff", "Difference", "secondary" },
	{ 0 }
};

static const struct choice version_origin[] = {
	{ "plan", "Plan", NULL },
	{ "before", "Before a deployment", NULL },
	{ "after", "After a deployment", NULL },
	{ "drift", "Look for drift", NULL },
	{ 0 }
};

static const struct field version_fields[] = {
	{ "router", NULL, NULL, F_REF, FF_READONLY | FF_NULL | FF_FILTER, .ref = &res_router, .on_delete = DEL_SET_NULL, .related = "" },
	{ "router_name", "Router", NULL, F_TEXT, FF_READONLY | FF_LIST | FF_FILTER | FF_SEARCH, .max = 128 },
	{ "kind", NULL, NULL, F_ENUM, FF_READONLY | FF_LIST | FF_FILTER, .choices = version_kind },
	{ "origin", NULL, NULL, F_ENUM, FF_READONLY | FF_LIST | FF_FILTER, .choices = version_origin },
	{ "bytes", NULL, NULL, F_INT, FF_READONLY | FF_LIST, 0, INT32_MAX },
	{ "deployment", NULL, NULL, F_REF, FF_READONLY | FF_NULL | FF_LIST | FF_FILTER, .ref = &res_deployment, .on_delete = DEL_SET_NULL,
	    .related = "" },
	{ "by_name", "By", NULL, F_TEXT, FF_READONLY | FF_LIST | FF_FILTER, .max = 150 },
	{ "approved_by_name", "Approved by", NULL, F_TEXT, FF_READONLY | FF_LIST | FF_FILTER, .max = 150 },
	{ "reason", NULL, NULL, F_LONGTEXT, FF_READONLY | FF_SEARCH },
	{ "created", "Taken", NULL, F_TIME, FF_READONLY | FF_LIST | FF_FILTER },
};

const struct resource res_configuration_version = {
	.name = "configuration version", .plural = "configuration versions", .title = "Archived Configuration",
	.table = "configuration_version", .app = "devices", .model = "configurationversion", .class_name = "ConfigurationVersion",
	.api = "devices/configuration-versions", .page = "devices/configuration-versions", .command = "configuration-version",
	.display = "{kind.label} configuration {id} of {router_name}",
	.order = "-created, -id",
	.nested = "router_name, kind, created",
	.flags = RF_NOLOG | RF_READONLY | RF_NOBULKEDIT | RF_NOEVENTS,
	.fields = ROWS(version_fields),
};

/* ---- drift ---- */

static const struct choice drift_state[] = {
	{ "as-intended", "As intended", "success" },
	{ "differs", "Differs", "danger" },
	{ "no-configuration", "No configuration", "secondary" },
	{ "template-fails", "Template fails", "warning" },
	{ "refused", "Router refuses it", "danger" },
	{ "unreachable", "Not reached", "warning" },
	{ 0 }
};

static const struct field drift_fields[] = {
	{ "router", NULL, NULL, F_REF, FF_READONLY | FF_UNIQUE | FF_LIST | FF_FILTER, .ref = &res_router, .on_delete = DEL_CASCADE, .related = "" },
	{ "state", NULL, NULL, F_ENUM, FF_READONLY | FF_LIST | FF_FILTER, .choices = drift_state },
	{ "since", NULL, "Since when it stands so", F_TIME, FF_READONLY | FF_LIST },
	{ "checked", NULL, "Last look", F_TIME, FF_READONLY | FF_LIST },
	{ "lines_added", NULL, "Lines that the router would get", F_INT, FF_READONLY | FF_LIST, 0, INT32_MAX },
	{ "lines_removed", NULL, "Lines that it would lose", F_INT, FF_READONLY | FF_LIST, 0, INT32_MAX },
	{ "message", NULL, NULL, F_LONGTEXT, FF_READONLY | FF_LIST },
};

const struct resource res_drift = {
	.name = "router drift", .plural = "routers against the book", .title = "Drift",
	.table = "drift", .app = "devices", .model = "drift", .class_name = "Drift",
	.api = "devices/drift", .page = "devices/drift", .command = "drift",
	.display = "{router.name}: {state.label}",
	.order = "-state, since",
	.nested = "router, state",
	.search = "router.name",
	.flags = RF_NOLOG | RF_READONLY | RF_NOBULKEDIT | RF_NOEVENTS,
	.fields = ROWS(drift_fields),
};
