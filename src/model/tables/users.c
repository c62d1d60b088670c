/* users.c: users, groups, permissions, tokens, sign-ins. */
#include "model/tables/tables.h"

static const struct field auth_user_fields[] = {
	{ "username", NULL, "Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.", F_TEXT,
	    FF_REQUIRED | FF_UNIQUE | FF_LIST | FF_SEARCH, .max = 150 },
	{ "password", NULL, NULL, F_PASSWORD, FF_REQUIRED | FF_NOCOLUMN | FF_NOLOG, .max = 128 },
	{ "first_name", NULL, NULL, F_TEXT, FF_LIST | FF_SEARCH, .max = 150 },
	{ "last_name", NULL, NULL, F_TEXT, FF_LIST | FF_SEARCH, .max = 150 },
	{ "email", "Email address", NULL, F_EMAIL, FF_LIST | FF_SEARCH, .max = 254, .caption = "E-mail address" },
	{ "is_staff", "Staff status", "Designates whether the user can log into this admin site.", F_BOOL, FF_LIST | FF_FILTER, .def = "false" },
	{ "is_active", "Active", "Designates whether this user should be treated as active. Unselect this instead of deleting accounts.", F_BOOL,
	    FF_LIST | FF_FILTER, .def = "true" },
	{ "date_joined", NULL, NULL, F_TIME, FF_NOFORM },
	{ "groups", NULL, NULL, F_REFS, FF_LIST, .ref = &res_auth_group, .link = "auth_user_group", .related = "users" },
	{ "is_superuser", NULL, "Has every permission", F_BOOL, FF_NOAPI | FF_LIST, .def = "false", .caption = "Superuser" },
	{ "is_remote", NULL, "Was made by sign-in through the web server", F_BOOL, FF_READONLY | FF_NOAPI, .def = "false", .caption = "Remote" },
	{ "last_login", NULL, NULL, F_TIME, FF_READONLY | FF_NULL | FF_NOAPI | FF_LIST | FF_NOLOG },
	{ "second_factor", NULL, "Signs in with a one-time code beside the password", F_IN, FF_READONLY | FF_NOAPI | FF_LIST | FF_FILTER | FF_NOLOG,
	    .link = "auth_user_second_factor" },
};

static const struct filter auth_user_filters[] = {
	{ "id", FILTER_EXACT, "id", FILTERF_NOFORM },
	{ "username", FILTER_EXACT, "username" },
	{ "first_name", FILTER_EXACT, "first_name" },
	{ "last_name", FILTER_EXACT, "last_name" },
	{ "email", FILTER_EXACT, "email" },
	{ "group_id", FILTER_REF, "groups", FILTERF_NO_NEGATE },
	{ "group", FILTER_NAMES, "groups.name", FILTERF_NO_NEGATE | FILTERF_NOFORM },
};

const struct resource res_auth_user = {
	.name = "user", .plural = "users",
	.table = "auth_user", .app = "auth", .model = "user", .class_name = "User",
	.api = "users/users", .page = "users/users", .command = "user",
	.display = "{username}",
	.order = "username",
	.head = "id, url, display",
	.nested = "username",
	.form = "User: username, password, first_name, last_name, email; Rights: is_active, is_staff, is_superuser, groups",
	.flags = RF_NOEVENTS | RF_NOBULKEDIT,
	.fields = ROWS(auth_user_fields),
	.filters = ROWS(auth_user_filters),
};

/* ---- group ---- */

static const struct field auth_group_fields[] = {
	{ "name", NULL, NULL, F_TEXT, FF_REQUIRED | FF_UNIQUE | FF_LIST | FF_SEARCH, .max = 150 },
	{ "user_count", NULL, NULL, F_COUNT, FF_READONLY | FF_LIST | FF_NOLOG, .link = "auth_user_group", .via = "auth_group_id",
	    .caption = "Users" },
};

static const struct filter auth_group_filters[] = {
	{ "id", FILTER_EXACT, "id", FILTERF_NOFORM },
	{ "name", FILTER_EXACT, "name" },
};

static const struct child auth_group_children[] = {
	{ &res_auth_user, "groups", "users", "Users", 1000 },
};

const struct resource res_auth_group = {
	.name = "group", .plural = "groups",
	.table = "auth_group", .app = "auth", .model = "group", .class_name = "Group",
	.api = "users/groups", .page = "users/groups", .command = "group",
	.display = "{name}",
	.order = "name",
	.head = "id, url, display",
	.nested = "name",
	.form = "Group: name",
	.flags = RF_NOEVENTS | RF_NOBULKEDIT,
	.fields = ROWS(auth_group_fields),
	.filters = ROWS(auth_group_filters),
	.children = ROWS(auth_group_children),
};

/* ---- permission ---- */

static const struct field auth_permission_fields[] = {
	FIELD_NAME(FF_FILTER),
	FIELD_DESCRIPTION(FF_LIST | FF_BULK),
	{ "enabled", NULL, NULL, F_BOOL, FF_LIST | FF_FILTER | FF_BULK, .def = "true" },
	{ "object_types", NULL, NULL, F_OBJTYPES, FF_REQUIRED | FF_LIST, .link = "auth_permission_object_types" },
	{ "actions", NULL, "view, add, change, delete, or a named action such as deploy_router_configuration", F_TEXTS,
	    FF_REQUIRED | FF_LIST | FF_VERBS },
	{ "constraints", NULL, "Which objects: parameters of the list's filters with their values, such as {\"tag\": \"core\"};"
	    " a list of such objects means any of them; empty means all. Several values of one filter, with commas between, mean any of them", F_JSON, FF_NULL | FF_NOCOLUMN | FF_PREDICATE,
	    .via = "object_types" },
	{ "groups", NULL, NULL, F_REFS, FF_LIST, .ref = &res_auth_group, .link = "auth_permission_groups", .related = "permissions" },
	{ "users", NULL, NULL, F_REFS, FF_LIST, .ref = &res_auth_user, .link = "auth_permission_users", .related = "permissions" },
	FIELD_CREATED(0),
	FIELD_UPDATED(0),
};

static const struct filter auth_permission_filters[] = {
	{ "group_id", FILTER_REF, "groups" },
	{ "user_id", FILTER_REF, "users" },
	FILTERS_REQUEST,
};

const struct resource res_auth_permission = {
	.name = "permission", .plural = "permissions",
	.table = "auth_permission", .app = "auth", .model = "permission", .class_name = "Permission",
	.api = "users/permissions", .page = "users/permissions", .command = "permission",
	.display = "{name}",
	.order = "name",
	.nested = "name",
	.form = "Permission: name, description, enabled; Rights: object_types, actions, constraints; To whom: groups, users",
	.flags = RF_NOEVENTS,
	.fields = ROWS(auth_permission_fields),
	.filters = ROWS(auth_permission_filters),
};

/* ---- token: made and shown once by a page of its own; the key itself is kept nowhere ---- */

static const struct field auth_token_fields[] = {
	{ "user", NULL, NULL, F_REF, FF_REQUIRED | FF_LIST | FF_FILTER, .ref = &res_auth_user, .on_delete = DEL_CASCADE, .related = "tokens" },
	{ "key_hint", NULL, "Last characters of the key", F_TEXT, FF_READONLY | FF_LIST, .max = 6, .caption = "Key" },
	{ "created", NULL, NULL, F_TIME, FF_READONLY | FF_LIST },
	{ "expires", NULL, NULL, F_TIME, FF_NULL | FF_LIST },
	{ "last_used", NULL, NULL, F_TIME, FF_READONLY | FF_NULL | FF_LIST | FF_NOLOG },
	{ "write_enabled", NULL, "Permit create, update and delete operations with this key", F_BOOL, FF_LIST | FF_FILTER, .def = "true" },
	{ "description", NULL, NULL, F_TEXT, FF_LIST | FF_SEARCH, .max = 100 },
	{ "allowed_ips", "Allowed IPs", "Networks from which the key can be used; empty: any. Example: 192.0.2.0/24, 2001:db8::/32", F_CIDRS,
	    FF_NULL | FF_LIST },
};

const struct resource res_auth_token = {
	.name = "API token", .plural = "API tokens",
	.table = "auth_token", .app = "users", .model = "token", .class_name = "Token",
	.api = "users/tokens", .page = "users/tokens", .command = "token",
	.display = "{key_hint} ({user})",
	.order = "user, created",
	.nested = "key_hint",
	.search = "user.username",
	.form = "Token: description, expires, write_enabled, allowed_ips",
	.flags = RF_NOAPI | RF_NOEVENTS | RF_NOBULKEDIT,
	.fields = ROWS(auth_token_fields),
};

/* ---- who signed in and out: written by the sign-in alone, never altered ---- */

static const struct choice sign_in_events[] = {
	{ "sign-in", "Signed in", "success" },
	{ "remote-sign-in", "Signed in by the web server", "success" },
	{ "recovery-code", "Signed in with a recovery code", "warning" },
	{ "sign-out", "Signed out", "secondary" },
	{ "sessions-ended", "Sessions ended", "secondary" },
	{ "refused-password", "Wrong name or password", "danger" },
	{ "refused-code", "Wrong code", "danger" },
	{ "refused-remote", "Known to the web server, refused here", "danger" },
	{ "password-changed", "Password changed", "primary" },
	{ "second-factor-on", "Second factor set up", "primary" },
	{ "second-factor-off", "Second factor turned off", "warning" },
	{ "second-factor-reset", "Second factor reset by somebody else", "warning" },
	{ "recovery-codes-made", "New recovery codes", "primary" },
	{ 0 }
};

static const struct field sign_in_event_fields[] = {
	{ "time", NULL, NULL, F_TIME, FF_READONLY | FF_LIST | FF_FILTER },
	{ "user", NULL, NULL, F_REF, FF_READONLY | FF_NULL | FF_LIST | FF_FILTER, .ref = &res_auth_user, .on_delete = DEL_SET_NULL, .related = "" },
	{ "user_name", NULL, "Name as it was given", F_TEXT, FF_READONLY | FF_LIST | FF_FILTER | FF_SEARCH, .max = 150 },
	{ "event", NULL, NULL, F_ENUM, FF_READONLY | FF_LIST | FF_FILTER, .def = "sign-in", .choices = sign_in_events },
	{ "address", NULL, "From where", F_INET, FF_READONLY | FF_NULL | FF_LIST | FF_FILTER },
	{ "user_agent", NULL, "What the browser called itself", F_TEXT, FF_READONLY | FF_LIST, .max = 512 },
};

const struct resource res_sign_in_event = {
	.name = "sign-in event", .plural = "sign-in events",
	.table = "sign_in_event", .app = "users", .model = "signinevent", .class_name = "SignInEvent",
	.api = "users/sign-ins", .page = "users/sign-ins", .command = "sign-in",
	.display = "{user_name}: {event.label}",
	.order = "-time, -id",
	.nested = "user_name, event",
	.flags = RF_NOLOG | RF_READONLY | RF_NOEVENTS | RF_NOBULKEDIT,
	.fields = ROWS(sign_in_event_fields),
};
