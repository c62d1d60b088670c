/* devices.c: platforms, configuration templates, routers. */
#include "model/tables/tables.h"

static const struct field platform_fields[] = {
	FIELD_NAME(FF_FILTER),
	FIELD_SLUG(FF_FILTER),
	FIELD_DESCRIPTION(FF_FILTER | FF_LIST),
	{ "password_algorithm", NULL, "Algorithm to cipher password in configuration", F_ENUM, FF_BARE | FF_BLANK | FF_LIST | FF_FILTER,
	    .def = "", .choices = choices_password_algorithm },
	{ "napalm_driver", NULL, "The name of the NAPALM driver to use when interacting with devices", F_TEXT, FF_LIST | FF_FILTER, .max = 50,
	    .caption = "Driver" },
	{ "napalm_args", "NAPALM arguments", "Additional arguments to pass when initiating the NAPALM driver (JSON format)", F_JSON, FF_NULL,
	    .caption = "Driver arguments" },
	{ "enable_secret", NULL, "Password for the privileged mode of platforms that have one; empty: the router's password", F_SECRET,
	    FF_NULL | FF_NOAPI | FF_NOCOLUMN, .max = 256 },
	FIELD_TAGS,
	FIELD_CREATED(0),
	FIELD_UPDATED(0),
	FIELDS_CONTEXT_HIDDEN,
	{ "router_count", "Routers", NULL, F_COUNT, FF_READONLY | FF_NOAPI | FF_LIST | FF_NOLOG, .ref = &res_router, .via = "platform" },
};

static const struct filter platform_filters[] = {
	FILTERS_COMMON,
};

const struct resource res_platform = {
	.name = "platform", .plural = "platforms",
	.table = "platform", .app = "devices", .model = "platform", .class_name = "Platform",
	.api = "devices/platforms", .page = "devices/platforms", .command = "platform",
	.display = "{name}",
	.order = "name",
	.head = "id, url, display",
	.nested = "name, slug",
	.form = "Platform: name, slug, description, password_algorithm, napalm_driver, napalm_args, enable_secret; Tags: tags",
	.flags = RF_CONTEXTS | RF_TEMPLATES | RF_NODETAIL | RF_NOBULKEDIT,
	.fields = ROWS(platform_fields),
	.filters = ROWS(platform_filters),
};

/* ---- configuration template ---- */

static const struct field configuration_fields[] = {
	{ "name", NULL, NULL, F_TEXT, FF_REQUIRED | FF_LIST | FF_SEARCH, .max = 100 },
	FIELD_DESCRIPTION(0),
	{ "template", NULL, NULL, F_LONGTEXT, FF_REQUIRED | FF_SEARCH },
	FIELDS_JINJA2(FF_FILTER),
	FIELD_COMMENTS(0),
	FIELD_TAGS,
	FIELD_CREATED(0),
	FIELD_UPDATED(FF_LIST),
	FIELDS_CONTEXT_HIDDEN,
	FIELDS_SYNCHRONISED,
	{ "router_count", "Routers", NULL, F_COUNT, FF_READONLY | FF_NOAPI | FF_NOLOG, .ref = &res_router, .via = "configuration_template" },
};

static const struct filter configuration_filters[] = {
	FILTERS_COMMON,
};

static const struct child configuration_children[] = {
	{ &res_router, "configuration_template", "routers", "Routers", 1000 },
};

const struct resource res_configuration = {
	.name = "configuration", .plural = "configurations",
	.table = "configuration", .app = "devices", .model = "configuration", .class_name = "Configuration",
	.api = "devices/configurations", .page = "devices/configurations", .command = "configuration",
	.display = "{name}",
	.order = "name",
	.nested = "name",
	.form = "Configuration: name, description, jinja2_trim, jinja2_lstrip, template;"
	    " Data Source: data_source, data_file, auto_synchronisation_enabled; Tags: tags; Comments: comments",
	.flags = RF_CONTEXTS | RF_TEMPLATES | RF_NOBULKEDIT,
	.fields = ROWS(configuration_fields),
	.filters = ROWS(configuration_filters),
	.children = ROWS(configuration_children),
};

/* ---- router ---- */

static const struct field router_fields[] = {
	{ "name", NULL, NULL, F_TEXT, FF_REQUIRED | FF_UNIQUE | FF_LIST | FF_FILTER | FF_SEARCH, .max = 128 },
	{ "hostname", NULL, NULL, F_TEXT, FF_REQUIRED | FF_LIST | FF_FILTER | FF_SEARCH, .max = 256 },
	{ "platform", NULL, NULL, F_REF, FF_REQUIRED | FF_OLDNULL | FF_LIST | FF_FILTER | FF_BULK, .ref = &res_platform,
	    .on_delete = DEL_PROTECT },
	{ "status", NULL, NULL, F_ENUM, FF_LIST | FF_FILTER | FF_BULK, .def = "enabled", .choices = choices_status },
	{ "encrypt_passwords", NULL, "Try to encrypt passwords for peering sessions", F_BOOL, FF_LIST | FF_FILTER | FF_BULK, .def = "false" },
	{ "poll_bgp_sessions_state", "Poll BGP sessions state", "Enable polling of BGP sessions state", F_BOOL, FF_LIST | FF_BULK,
	    .def = "false" },
	{ "poll_bgp_sessions_last_updated", NULL, NULL, F_TIME, FF_READONLY | FF_NULL | FF_NOLOG, .caption = "Sessions last polled" },
	{ "configuration_template", NULL, NULL, F_REF, FF_NULL | FF_LIST | FF_FILTER | FF_BULK, .ref = &res_configuration,
	    .on_delete = DEL_SET_NULL },
	FIELD_COMMUNITIES("router"),
	{ "local_autonomous_system", NULL, NULL, F_REF, FF_REQUIRED | FF_OLDNULL | FF_FILTER | FF_BULK, .ref = &res_autonomous_system,
	    .on_delete = DEL_CASCADE },
	{ "netbox_device_id", "NetBox device", NULL, F_INT, 0, 0, INT32_MAX, .def = "0" },
	FIELD_LOCAL_CONTEXT,
	FIELD_CONFIG_CONTEXT,
	{ "napalm_username", NULL, NULL, F_TEXT, FF_NULL | FF_NOCOLUMN, .max = 256, .caption = "Username" },
	{ "napalm_password", NULL, NULL, F_SECRET, FF_NULL | FF_NOCOLUMN, .max = 256, .caption = "Password" },
	{ "napalm_timeout", NULL, NULL, F_INT, FF_NOCOLUMN, 0, INT32_MAX, .def = "0", .caption = "Time-out in seconds" },
	{ "napalm_args", NULL, NULL, F_JSON, FF_NULL | FF_NOCOLUMN, .caption = "Driver arguments" },
	{ "management_port", "Port", "Port to connect to; empty: as usual for the platform", F_INT, FF_NULL | FF_NOAPI | FF_NOCOLUMN, 1, 65535 },
	{ "private_key", NULL, "OpenSSH or PEM private key to sign in with; its passphrase is the password", F_SECRET,
	    FF_NULL | FF_NOAPI | FF_NOCOLUMN, .max = 16384 },
	{ "enable_secret", NULL, "Password for the privileged mode of platforms that have one; empty: the platform's, else the password", F_SECRET,
	    FF_NULL | FF_NOAPI | FF_NOCOLUMN, .max = 256 },
	{ "host_key", NULL, "Fingerprint of the host key that was confirmed, as \"ssh-ed25519 SHA256:...\"; no other is accepted", F_TEXT,
	    FF_NOAPI | FF_NOCOLUMN, .max = 200 },
	{ "host_key_offered", "Host key shown", "Fingerprint that the router showed at the last try to connect", F_TEXT,
	    FF_READONLY | FF_NOAPI | FF_NOCOLUMN | FF_NOLOG, .max = 200 },
	{ "host_key_seen", "Host key last seen", NULL, F_TIME, FF_READONLY | FF_NULL | FF_NOAPI | FF_NOCOLUMN | FF_NOLOG },
	{ "jump_host", NULL, "SSH server on the way to the router, as [user@]host[:port]", F_TEXT, FF_NOAPI | FF_NOCOLUMN, .max = 400 },
	{ "jump_host_key", NULL, "Fingerprint of that server's host key that was confirmed; no other is accepted", F_TEXT, FF_NOAPI | FF_NOCOLUMN,
	    .max = 200 },
	{ "jump_host_key_offered", "Jump host key shown", "Fingerprint that the jump host showed at the last try to connect", F_TEXT,
	    FF_READONLY | FF_NOAPI | FF_NOCOLUMN | FF_NOLOG, .max = 200 },
	FIELD_COMMENTS(0),
	FIELD_TAGS,
	FIELD_CREATED(0),
	FIELD_UPDATED(0),
	{ "description", NULL, NULL, F_TEXT, FF_NOAPI | FF_SEARCH, .max = 200 },
	{ "data_source", NULL, "Data source that its configuration is pushed to", F_REF, FF_NULL | FF_NOAPI | FF_NOCOLUMN,
	    .ref = &res_data_source, .on_delete = DEL_PROTECT, .related = "" },
	{ "data_path", NULL, "Path in the data source that its configuration is pushed to", F_TEXT, FF_NULL | FF_NOAPI | FF_NOCOLUMN,
	    .max = 1000 },
	{ "data_file", NULL, NULL, F_REF, FF_READONLY | FF_NULL | FF_NOAPI | FF_NOCOLUMN | FF_NOLOG, .ref = &res_data_file,
	    .on_delete = DEL_SET_NULL, .related = "" },
	{ "data_pushed", NULL, NULL, F_TIME, FF_READONLY | FF_NULL | FF_NOAPI | FF_NOLOG },
	{ "connection_count", "Connections", NULL, F_COUNT, FF_READONLY | FF_NOAPI | FF_LIST | FF_NOLOG, .ref = &res_connection,
	    .via = "router" },
	{ "directpeeringsession_count", "Direct Sessions", NULL, F_COUNT, FF_READONLY | FF_NOAPI | FF_NOLOG,
	    .ref = &res_direct_peering_session, .via = "router" },
	{ "internetexchangepeeringsession_count", "IX Sessions", NULL, F_COUNT, FF_READONLY | FF_NOAPI | FF_NOLOG,
	    .ref = &res_internet_exchange_peering_session, .via = "ixp_connection.router" },
};

static const struct filter router_filters[] = {
	FILTERS_AS("local_autonomous_system"),
	FILTER_BY_NAME("platform", "platform.name"),
	FILTER_BY_NAME("configuration_template", "configuration_template.name"),
	FILTERS_COMMON,
};

static const struct child router_children[] = {
	{ &res_connection, "router", "connections", "Connections", 2000 },
	{ &res_direct_peering_session, "router", "direct-peering-sessions", "Direct Peering Sessions", 3000 },
	{ &res_internet_exchange_peering_session, "ixp_connection.router", "ix-peering-sessions", "IX Peering Sessions", 3500 },
	{ &res_deployment, "router", "deployments", "Deployments", 4000 },
	{ &res_configuration_version, "router", "configuration-versions", "Archive", 4100 },
};

const struct resource res_router = {
	.name = "router", .plural = "routers",
	.table = "router", .app = "devices", .model = "router", .class_name = "Router",
	.api = "devices/routers", .page = "devices/routers", .command = "router",
	.display = "{name}",
	.order = "local_autonomous_system, name",
	.nested = "name, hostname",
	.search = "platform.name",
	.form = "Router: name, hostname, description, encrypt_passwords, poll_bgp_sessions_state, configuration_template,"
	    " local_autonomous_system, netbox_device_id;"
	    " Management: platform, status; Connection: napalm_username, napalm_password, enable_secret, management_port, private_key, host_key, jump_host,"
	    " jump_host_key, napalm_timeout, napalm_args;"
	    " Data Source: data_source, data_path; Config Context: local_context_data; Policy Options: communities; Tags: tags;"
	    " Comments: comments",
	.flags = RF_CONTEXTS | RF_JOURNAL | RF_JOBS | RF_TEMPLATES,
	.fields = ROWS(router_fields),
	.filters = ROWS(router_filters),
	.children = ROWS(router_children),
};
