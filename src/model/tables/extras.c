/* extras.c: tags, config contexts, export templates, the journal, webhooks, IX-API. */
#include "model/tables/tables.h"

static const struct field tag_fields[] = {
	FIELD_NAME(FF_FILTER),
	FIELD_SLUG(FF_FILTER),
	{ "color", NULL, NULL, F_COLOR, FF_LIST | FF_FILTER | FF_BULK, .max = 6, .def = "9e9e9e", .choices = choices_color },
	FIELD_DESCRIPTION(FF_FILTER | FF_BULK),
	{ "tagged_items", NULL, NULL, F_COUNT, FF_READONLY | FF_LIST | FF_NOLOG, .link = "tagged_item", .via = "tag_id", .caption = "Items" },
	{ "created", NULL, NULL, F_TIME, FF_READONLY | FF_NULL | FF_NOAPI | FF_FILTER },
	{ "updated", NULL, NULL, F_TIME, FF_READONLY | FF_NULL | FF_NOAPI | FF_FILTER | FF_NOLOG },
};

static const struct filter tag_filters[] = {
	{ "content_type", FILTER_TAGGED, NULL, FILTERF_NO_NEGATE, "On objects of type" },
	{ "content_type_id", FILTER_TAGGED_ID, NULL, FILTERF_NO_NEGATE | FILTERF_NOFORM },
	FILTERS_REQUEST,
};

const struct resource res_tag = {
	.name = "tag", .plural = "tags",
	.table = "tag", .app = "extras", .model = "tag", .class_name = "Tag",
	.api = "extras/tags", .page = "extras/tags", .command = "tag",
	.display = "{name}",
	.order = "name",
	.nested = "name, slug, color",
	.form = "Tag: name, slug, color, description",
	.flags = RF_NOEVENTS,
	.fields = ROWS(tag_fields),
	.filters = ROWS(tag_filters),
};

/* ---- config context ---- */

static const struct field config_context_fields[] = {
	FIELD_NAME(FF_FILTER),
	FIELD_DESCRIPTION(FF_LIST | FF_FILTER),
	{ "is_active", NULL, NULL, F_BOOL, FF_LIST | FF_FILTER | FF_BULK, .def = "true", .caption = "Active" },
	{ "data", NULL, NULL, F_JSON, FF_REQUIRED | FF_OBJECT | FF_NOCOLUMN },
	{ "created", NULL, NULL, F_TIME, FF_READONLY | FF_NULL | FF_NOAPI | FF_FILTER },
	{ "updated", NULL, NULL, F_TIME, FF_READONLY | FF_NULL | FF_NOAPI | FF_FILTER | FF_NOLOG },
	FIELDS_SYNCHRONISED,
};

static const struct filter config_context_filters[] = {
	FILTERS_REQUEST,
};

static const struct child config_context_children[] = {
	{ &res_config_context_assignment, "config_context", "assignments", "Assignments", 1000 },
};

const struct resource res_config_context = {
	.name = "config context", .plural = "config contexts",
	.table = "config_context", .app = "extras", .model = "configcontext", .class_name = "ConfigContext",
	.api = "extras/config-contexts", .page = "extras/config-contexts", .command = "config-context",
	.display = "{name}",
	.order = "name",
	.nested = "name",
	.form = "Config Context: name, description, is_active, data; Data Source: data_source, data_file, auto_synchronisation_enabled",
	.flags = RF_NOEVENTS,
	.fields = ROWS(config_context_fields),
	.filters = ROWS(config_context_filters),
	.children = ROWS(config_context_children),
};

static const struct field config_context_assignment_fields[] = {
	{ "content_type", NULL, NULL, F_OBJTYPE, FF_REQUIRED | FF_LIST | FF_FILTER },
	{ "object_id", NULL, NULL, F_INT, FF_REQUIRED | FF_FILTER | FF_NOCOLUMN, 0, INT64_MAX },
	{ "object", NULL, NULL, F_OBJECT, FF_READONLY | FF_NULL | FF_LIST | FF_NOLOG, .via = "content_type" },
	{ "config_context", NULL, NULL, F_REF, FF_REQUIRED | FF_LIST | FF_FILTER, .ref = &res_config_context, .on_delete = DEL_PROTECT,
	    .related = "assignments" },
	{ "weight", NULL, NULL, F_INT, FF_LIST | FF_FILTER | FF_BULK, 0, INT16_MAX, .def = "1000" },
	FIELD_CREATED(0),
	FIELD_UPDATED(0),
};

static const struct filter config_context_assignment_filters[] = {
	FILTERS_REQUEST,
};

const struct resource res_config_context_assignment = {
	.name = "config context assignment", .plural = "config context assignments",
	.table = "config_context_assignment", .app = "extras", .model = "configcontextassignment", .class_name = "ConfigContextAssignment",
	.api = "extras/config-context-assignments", .page = "extras/config-context-assignments", .command = "config-context-assignment",
	.display = "{config_context}",
	.order = "weight, config_context",
	.head = "id, url, display",
	.nested = "config_context",
	.form = "Config Context: content_type, object_id, config_context, weight",
	.unique = "content_type, object_id, config_context",
	.flags = RF_NOEVENTS | RF_NODETAIL,
	.fields = ROWS(config_context_assignment_fields),
	.filters = ROWS(config_context_assignment_filters),
};

/* ---- export template ---- */

static const struct field export_template_fields[] = {
	{ "name", NULL, NULL, F_TEXT, FF_REQUIRED | FF_LIST | FF_FILTER | FF_SEARCH, .max = 100 },
	{ "content_type", NULL, NULL, F_OBJTYPE, FF_REQUIRED | FF_LIST },
	FIELD_DESCRIPTION(FF_LIST | FF_FILTER),
	{ "template", NULL,
	    "Jinja2 template code. The list of objects being exported is passed as a context variable named <code>dataset</code>.",
	    F_LONGTEXT, FF_REQUIRED },
	FIELDS_JINJA2(FF_LIST),
	{ "created", NULL, NULL, F_TIME, FF_READONLY | FF_NULL | FF_NOAPI | FF_FILTER },
	{ "updated", NULL, NULL, F_TIME, FF_READONLY | FF_NULL | FF_NOAPI | FF_FILTER | FF_NOLOG },
	FIELDS_SYNCHRONISED,
};

static const struct filter export_template_filters[] = {
	{ "content_type", FILTER_OBJTYPE, "content_type" },
	FILTERS_REQUEST,
};

const struct resource res_export_template = {
	.name = "export template", .plural = "export templates",
	.table = "export_template", .app = "extras", .model = "exporttemplate", .class_name = "ExportTemplate",
	.api = "extras/export-templates", .page = "extras/export-templates", .command = "export-template",
	.display = "{name}",
	.order = "content_type, name",
	.head = "id, display, display_url, url",
	.nested = "name",
	.form = "Export Template: name, content_type, description, jinja2_trim, jinja2_lstrip, template;"
	    " Data Source: data_source, data_file, auto_synchronisation_enabled",
	.unique = "content_type, name",
	.flags = RF_NOEVENTS | RF_NOBULKEDIT,
	.fields = ROWS(export_template_fields),
	.filters = ROWS(export_template_filters),
};

/* ---- saved filter ---- */

static const struct field saved_filter_fields[] = {
	{ "name", NULL, NULL, F_TEXT, FF_REQUIRED | FF_LIST | FF_FILTER, .max = 100 },
	{ "slug", NULL, "What ?filter= names it by", F_SLUG, FF_REQUIRED | FF_UNIQUE | FF_LIST | FF_FILTER, .max = 100 },
	{ "description", NULL, NULL, F_TEXT, FF_LIST | FF_BULK, .max = 200 },
	{ "user", NULL, "Whose it is: of who made it", F_REF, FF_READONLY | FF_NULL | FF_LIST | FF_FILTER, .ref = &res_auth_user, .on_delete = DEL_CASCADE,
	    .related = "" },
	{ "weight", NULL, "Order in the menu of the list", F_INT, FF_LIST | FF_FILTER | FF_BULK, .max = 32767, .def = "100" },
	{ "enabled", NULL, NULL, F_BOOL, FF_LIST | FF_FILTER | FF_BULK, .def = "true" },
	{ "shared", NULL, "Everybody who sees the list may apply it; to share, and to change what is shared, wants a permission for saved filters",
	    F_BOOL, FF_LIST | FF_FILTER | FF_BULK, .def = "false" },
	{ "object_types", NULL, NULL, F_OBJTYPES, FF_REQUIRED | FF_LIST, .link = "saved_filter_object_types" },
	{ "parameters", NULL, "Parameters of the list's filters with their values; a list of values repeats the parameter", F_JSON,
	    FF_REQUIRED | FF_OBJECT | FF_NOCOLUMN | FF_PREDICATE, .via = "object_types" },
	FIELD_CREATED(0),
	FIELD_UPDATED(0),
};

const struct resource res_saved_filter = {
	.name = "saved filter", .plural = "saved filters",
	.table = "saved_filter", .app = "extras", .model = "savedfilter", .class_name = "SavedFilter",
	.api = "extras/saved-filters", .page = "extras/saved-filters", .command = "saved-filter",
	.display = "{name}",
	.order = "weight, name",
	.nested = "name, slug",
	.search = "name, description",
	.form = "Saved Filter: name, slug, description, weight, enabled, shared; Query: object_types, parameters",
	.flags = RF_NOEVENTS,
	.owner = "user",
	.fields = ROWS(saved_filter_fields),
};

/* ---- journal ---- */

static const struct choice journal_kinds[] = {
	{ "info", "Info", "info" },
	{ "success", "Success", "success" },
	{ "warning", "Warning", "warning" },
	{ "danger", "Danger", "danger" },
	{ 0 }
};

static const struct field journal_entry_fields[] = {
	{ "assigned_object_type", NULL, NULL, F_OBJTYPE, FF_REQUIRED | FF_LIST | FF_FILTER },
	{ "assigned_object_id", NULL, NULL, F_INT, FF_REQUIRED | FF_FILTER | FF_NOCOLUMN, 0, INT64_MAX },
	{ "assigned_object", NULL, NULL, F_OBJECT, FF_READONLY | FF_NULL | FF_LIST | FF_NOLOG, .via = "assigned_object_type" },
	FIELD_CREATED(FF_LIST),
	FIELD_UPDATED(0),
	{ "created_by", NULL, NULL, F_REF, FF_NULL | FF_BARE | FF_LIST | FF_FILTER | FF_NOFORM, .ref = &res_auth_user,
	    .on_delete = DEL_SET_NULL, .related = "" },
	{ "kind", NULL, NULL, F_ENUM, FF_LIST | FF_FILTER | FF_BULK, .def = "info", .choices = journal_kinds },
	{ "comments", NULL, NULL, F_LONGTEXT, FF_REQUIRED | FF_LIST | FF_SEARCH },
	FIELD_TAGS,
};

static const struct filter journal_entry_filters[] = {
	FILTER_BY_NAME("created_by", "created_by.username"),
	{ "assigned_object_type_id", FILTER_OBJTYPE_ID, "assigned_object_type", FILTERF_MANY | FILTERF_NOFORM },
	FILTERS_REQUEST,
};

const struct resource res_journal_entry = {
	.name = "journal entry", .plural = "journal entries",
	.table = "journal_entry", .app = "extras", .model = "journalentry", .class_name = "JournalEntry",
	.api = "extras/journal-entries", .page = "extras/journal-entries", .command = "journal-entry",
	.display = "{created.minute} ({kind.label})",
	.order = "-created, -id",
	.nested = "created",
	.form = "Journal Entry: assigned_object_type, assigned_object_id, kind, comments; Tags: tags",
	.flags = RF_NOEVENTS | RF_TEMPLATES,
	.fields = ROWS(journal_entry_fields),
	.filters = ROWS(journal_entry_filters),
};

/* ---- webhook ---- */

static const struct choice webhook_methods[] = {
	{ "GET", "GET", NULL },
	{ "POST", "POST", NULL },
	{ "PUT", "PUT", NULL },
	{ "PATCH", "PATCH", NULL },
	{ "DELETE", "DELETE", NULL },
	{ 0 }
};

static const struct field webhook_fields[] = {
	{ "content_types", NULL, NULL, F_OBJTYPES, FF_REQUIRED | FF_LIST, .link = "webhook_content_types" },
	FIELD_NAME(FF_FILTER),
	{ "type_create", NULL, "Call this webhook when an object is created.", F_BOOL, FF_LIST | FF_FILTER | FF_BULK, .def = "false",
	    .caption = "Create" },
	{ "type_update", NULL, "Call this webhook when an object is updated.", F_BOOL, FF_LIST | FF_FILTER | FF_BULK, .def = "false",
	    .caption = "Update" },
	{ "type_delete", NULL, "Call this webhook when an object is deleted.", F_BOOL, FF_LIST | FF_FILTER | FF_BULK, .def = "false",
	    .caption = "Delete" },
	{ "payload_url", "URL", "This URL will be called using the HTTP method defined when the webhook is called. Jinja2 template processing"
	    " is supported with the same context as the request body.", F_TEXT, FF_REQUIRED | FF_LIST, .max = 512 },
	{ "enabled", NULL, NULL, F_BOOL, FF_LIST | FF_FILTER | FF_BULK, .def = "true" },
	{ "http_method", "HTTP method", NULL, F_ENUM, FF_BARE | FF_LIST | FF_FILTER | FF_BULK, .def = "POST", .choices = webhook_methods },
	{ "http_content_type", "HTTP content type", "The complete list of official content types is available"
	    " <a href=\"https://www.iana.org/assignments/media-types/media-types.xhtml\">here</a>.", F_TEXT, FF_FILTER, .max = 128,
	    .def = "application/json" },
	{ "additional_headers", NULL, "User-supplied HTTP headers to be sent with the request in addition to the HTTP content type. Headers"
	    " should be defined in the format <code>Name: Value</code>. Jinja2 template processing is supported with the same context as"
	    " the request body (below).", F_LONGTEXT, 0 },
	{ "body_template", NULL, "Jinja2 template for a custom request body. If blank, a JSON object representing the change will be included."
	    " Available context data includes: <code>event</code>, <code>model</code>, <code>timestamp</code>, <code>username</code>,"
	    " <code>request_id</code>, and <code>data</code>.", F_LONGTEXT, 0 },
	{ "secret", NULL, "When provided, the request will include a 'X-Hook-Signature' header containing a HMAC hex digest of the payload"
	    " body using the secret as the key. The secret is not transmitted in the request.", F_SECRET, FF_NOCOLUMN, .max = 255 },
	{ "conditions", NULL, "A set of conditions which determine whether the webhook will be generated.", F_JSON, FF_NULL | FF_NOCOLUMN },
	{ "ssl_verification", "SSL verification", "Enable SSL certificate verification. Disable with caution!", F_BOOL, FF_FILTER | FF_BULK,
	    .def = "true" },
	{ "ca_file_path", "CA File Path", "CA certificate file to use for SSL verification. Leave blank to use the system defaults.", F_TEXT,
	    FF_NULL | FF_FILTER, .max = 4096 },
	{ "created", NULL, NULL, F_TIME, FF_READONLY | FF_NULL },
	{ "updated", NULL, NULL, F_TIME, FF_READONLY | FF_NULL | FF_NOLOG },
	{ "failures", NULL, "Deliveries given up in a row since the last that arrived.", F_INT, FF_READONLY | FF_NOLOG | FF_NOAPI, 0, INT16_MAX },
	{ "notice", NULL, "Why it was disabled, where that was not done by a person.", F_TEXT, FF_READONLY | FF_NOLOG | FF_NOAPI | FF_NOCOLUMN, .max = 1000 },
};

static const struct child webhook_children[] = {
	{ &res_webhook_delivery, "webhook", "deliveries", "Deliveries", 1000 },
};

const struct resource res_webhook = {
	.name = "webhook", .plural = "webhooks",
	.table = "webhook", .app = "extras", .model = "webhook", .class_name = "Webhook",
	.api = "extras/webhooks", .page = "extras/webhooks", .command = "webhook",
	.display = "{name}",
	.order = "name",
	.nested = "name",
	.form = "Webhook: name, content_types, enabled; Events: type_create, type_update, type_delete;"
	    " HTTP Request: payload_url, http_method, http_content_type, additional_headers, body_template, secret;"
	    " Conditions: conditions; SSL: ssl_verification, ca_file_path",
	.unique = "type_create, type_update, type_delete, payload_url",
	.flags = RF_NOEVENTS,
	.fields = ROWS(webhook_fields),
	.children = ROWS(webhook_children),
};

static const struct choice webhook_delivery_status[] = {
	{ "pending", "Pending", "primary" },
	{ "delivered", "Delivered", "success" },
	{ "failed", "Failed", "danger" },
	{ 0 }
};

static const struct choice webhook_delivery_kind[] = {
	{ "event", "Event", NULL },
	{ "replay", "Replay", "info" },
	{ "test", "Test", "info" },
	{ 0 }
};

static const struct field webhook_delivery_fields[] = {
	{ "webhook", NULL, NULL, F_REF, FF_READONLY | FF_LIST | FF_FILTER, .ref = &res_webhook, .on_delete = DEL_CASCADE, .related = "" },
	{ "status", NULL, NULL, F_ENUM, FF_READONLY | FF_LIST | FF_FILTER, .def = "pending", .choices = webhook_delivery_status },
	{ "attempt", NULL, NULL, F_INT, FF_READONLY | FF_LIST, 0, INT16_MAX },
	{ "created", NULL, NULL, F_TIME, FF_READONLY | FF_LIST | FF_FILTER },
	{ "next_attempt", NULL, NULL, F_TIME, FF_READONLY | FF_NULL },
	{ "sent", NULL, NULL, F_TIME, FF_READONLY | FF_NULL | FF_LIST },
	{ "duration_ms", NULL, "Milliseconds that the last try took", F_INT, FF_READONLY | FF_NULL | FF_LIST, 0, INT32_MAX,
	    .caption = "Milliseconds" },
	{ "response_status", NULL, NULL, F_INT, FF_READONLY | FF_NULL | FF_LIST | FF_FILTER, 0, INT16_MAX, .caption = "HTTP status" },
	{ "response", NULL, NULL, F_LONGTEXT, FF_READONLY | FF_NOCOLUMN, .max = 4096 },
	{ "error", NULL, NULL, F_LONGTEXT, FF_READONLY },
	{ "object_type", NULL, NULL, F_OBJTYPE, FF_READONLY | FF_NULL | FF_FILTER },
	{ "object_id", NULL, NULL, F_INT, FF_READONLY | FF_FILTER | FF_NOCOLUMN, 0, INT64_MAX },
	{ "object", NULL, NULL, F_OBJECT, FF_READONLY | FF_NULL | FF_BARE | FF_LIST, .via = "object_type" },
	{ "action", NULL, "What happened to it", F_TEXT, FF_READONLY | FF_LIST | FF_FILTER, .max = 50 },
	{ "kind", NULL, NULL, F_ENUM, FF_READONLY | FF_FILTER, .def = "event", .choices = webhook_delivery_kind },
	{ "target", NULL, "Where the last try went", F_TEXT, FF_READONLY, .max = 4096, .caption = "Sent to" },
	{ "body", NULL, "What the last try sent", F_LONGTEXT, FF_READONLY | FF_NOCOLUMN, .max = 16384 },
};

const struct resource res_webhook_delivery = {
	.name = "webhook delivery", .plural = "webhook deliveries",
	.table = "webhook_delivery", .app = "extras", .model = "webhookdelivery", .class_name = "WebhookDelivery",
	.api = "extras/webhook-deliveries", .page = "extras/webhook-deliveries", .command = "webhook-delivery",
	.display = "{webhook} {created.minute} ({status.label})",
	.order = "-created, -id",
	.nested = "created, status",
	.flags = RF_NOLOG | RF_READONLY | RF_NOEVENTS | RF_NOBULKEDIT,
	.fields = ROWS(webhook_delivery_fields),
};

/* ---- IX-API ---- */

static const struct field ixapi_fields[] = {
	{ "name", NULL, NULL, F_TEXT, FF_REQUIRED | FF_LIST | FF_FILTER | FF_SEARCH, .max = 100 },
	{ "api_url", "URL", NULL, F_TEXT, FF_REQUIRED | FF_LIST | FF_FILTER | FF_SEARCH, .max = 2000 },
	{ "api_key", "API key", NULL, F_TEXT, FF_REQUIRED | FF_LIST | FF_FILTER | FF_NOLOG, .max = 2000 },
	{ "api_secret", "API secret", NULL, F_SECRET, FF_REQUIRED | FF_NOCOLUMN, .max = 2000 },
	{ "identity", NULL, "Identity used to interact with the IX-API", F_TEXT, FF_REQUIRED | FF_NOCOLUMN, .max = 256 },
	{ "created", NULL, NULL, F_TIME, FF_READONLY | FF_NULL | FF_NOAPI | FF_FILTER },
	{ "updated", NULL, NULL, F_TIME, FF_READONLY | FF_NULL | FF_NOAPI | FF_FILTER | FF_NOLOG },
};

static const struct filter ixapi_filters[] = {
	FILTERS_REQUEST,
};

static const struct child ixapi_children[] = {
	{ &res_internet_exchange, "ixapi_endpoint", "internet-exchanges", "Internet Exchanges", 1000 },
};

const struct resource res_ixapi = {
	.name = "IX-API", .plural = "IX-APIs", .title = "IX-API",
	.table = "ixapi", .app = "extras", .model = "ixapi", .class_name = "IXAPI",
	.api = "extras/ix-api", .page = "extras/ix-api", .command = "ix-api",
	.display = "{name}",
	.order = "name, api_url, -created",
	.nested = "name",
	.search = "api_key",
	.form = "IX-API: name, api_url, api_key, api_secret, identity",
	.unique = "api_url, api_key",
	.flags = RF_NOEVENTS | RF_NOBULKEDIT,
	.fields = ROWS(ixapi_fields),
	.filters = ROWS(ixapi_filters),
	.children = ROWS(ixapi_children),
};
