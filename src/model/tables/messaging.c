/* messaging.c: contacts, their roles and assignments, e-mail templates, e-mails sent. */
#include "model/tables/tables.h"

static const struct field contact_role_fields[] = {
	FIELD_NAME(FF_FILTER),
	FIELD_SLUG(FF_FILTER),
	FIELD_DESCRIPTION(FF_LIST | FF_BULK),
	FIELD_TAGS,
	FIELD_CREATED(0),
	FIELD_UPDATED(0),
	FIELDS_CONTEXT_HIDDEN,
};

static const struct filter contact_role_filters[] = {
	FILTERS_COMMON,
};

static const struct child contact_role_children[] = {
	{ &res_contact_assignment, "role", "assignments", "Assignments", 1000 },
};

const struct resource res_contact_role = {
	.name = "contact role", .plural = "contact roles",
	.table = "contact_role", .app = "messaging", .model = "contactrole", .class_name = "ContactRole",
	.api = "messaging/contact-roles", .page = "messaging/contact-roles", .command = "contact-role",
	.display = "{name}",
	.order = "name",
	.nested = "name, slug",
	.form = "Contact Role: name, slug, description; Tags: tags",
	.flags = RF_CONTEXTS | RF_TEMPLATES,
	.fields = ROWS(contact_role_fields),
	.filters = ROWS(contact_role_filters),
	.children = ROWS(contact_role_children),
};

/* ---- contact ---- */

static const struct field contact_fields[] = {
	{ "name", NULL, NULL, F_TEXT, FF_REQUIRED | FF_LIST | FF_FILTER | FF_SEARCH, .max = 100 },
	{ "title", NULL, NULL, F_TEXT, FF_LIST | FF_FILTER | FF_SEARCH | FF_BULK, .max = 100 },
	{ "phone", NULL, NULL, F_TEXT, FF_LIST | FF_FILTER | FF_SEARCH | FF_BULK, .max = 50 },
	{ "email", NULL, NULL, F_EMAIL, FF_LIST | FF_FILTER | FF_SEARCH | FF_BULK, .max = 254, .caption = "E-mail" },
	{ "address", NULL, NULL, F_TEXT, FF_FILTER | FF_SEARCH | FF_BULK, .max = 200 },
	{ "description", NULL, NULL, F_TEXT, FF_BULK, .max = 200 },
	FIELD_COMMENTS(FF_SEARCH),
	FIELD_TAGS,
	FIELD_CREATED(0),
	FIELD_UPDATED(0),
	FIELDS_CONTEXT_HIDDEN,
	{ "assignment_count", "Assignments", NULL, F_COUNT, FF_READONLY | FF_NOAPI | FF_LIST | FF_NOLOG, .ref = &res_contact_assignment,
	    .via = "contact" },
};

static const struct filter contact_filters[] = {
	FILTERS_COMMON,
};

static const struct child contact_children[] = {
	{ &res_contact_assignment, "contact", "assignments", "Assignments", 1000 },
};

const struct resource res_contact = {
	.name = "contact", .plural = "contacts",
	.table = "contact", .app = "messaging", .model = "contact", .class_name = "Contact",
	.api = "messaging/contacts", .page = "messaging/contacts", .command = "contact",
	.display = "{name}",
	.order = "name",
	.nested = "name",
	.form = "Contact: name, title, phone, email, address, description; Tags: tags; Comments: comments",
	.flags = RF_CONTEXTS | RF_TEMPLATES,
	.fields = ROWS(contact_fields),
	.filters = ROWS(contact_filters),
	.children = ROWS(contact_children),
};

/* ---- who has which role for what ---- */

static const struct field contact_assignment_fields[] = {
	{ "content_type", NULL, NULL, F_OBJTYPE, FF_REQUIRED | FF_LIST | FF_FILTER },
	{ "object_id", NULL, NULL, F_INT, FF_REQUIRED | FF_FILTER | FF_NOCOLUMN, 0, INT64_MAX },
	{ "object", NULL, NULL, F_OBJECT, FF_READONLY | FF_NULL | FF_BARE | FF_LIST | FF_NOLOG, .via = "content_type" },
	{ "contact", NULL, NULL, F_REF, FF_REQUIRED | FF_LIST | FF_FILTER, .ref = &res_contact, .on_delete = DEL_PROTECT,
	    .related = "assignments" },
	{ "role", NULL, NULL, F_REF, FF_REQUIRED | FF_LIST | FF_FILTER, .ref = &res_contact_role, .on_delete = DEL_PROTECT,
	    .related = "assignments" },
	FIELD_CREATED(0),
	FIELD_UPDATED(0),
};

static const struct filter contact_assignment_filters[] = {
	FILTER_BY_NAME("role", "role.slug"),
	FILTERS_REQUEST,
};

const struct resource res_contact_assignment = {
	.name = "contact assignment", .plural = "contact assignments",
	.table = "contact_assignment", .app = "messaging", .model = "contactassignment", .class_name = "ContactAssignment",
	.api = "messaging/contact-assignments", .page = "messaging/contact-assignments", .command = "contact-assignment",
	.display = "{contact}",
	.order = "contact",
	.head = "id, url, display",
	.nested = "contact, role",
	.form = "Contact: content_type, object_id, contact, role",
	.unique = "content_type, object_id, contact, role",
	.flags = RF_NOEVENTS | RF_NODETAIL | RF_NOBULKEDIT,
	.fields = ROWS(contact_assignment_fields),
	.filters = ROWS(contact_assignment_filters),
};

/* ---- e-mail template ---- */

static const struct field email_fields[] = {
	{ "name", NULL, NULL, F_TEXT, FF_REQUIRED | FF_LIST | FF_SEARCH, .max = 100 },
	{ "subject", NULL, NULL, F_TEXT, FF_REQUIRED | FF_SEARCH, .max = 512 },
	{ "template", NULL, NULL, F_LONGTEXT, FF_REQUIRED | FF_SEARCH },
	FIELDS_JINJA2(FF_FILTER),
	FIELD_COMMENTS(0),
	FIELD_TAGS,
	FIELD_CREATED(0),
	FIELD_UPDATED(FF_LIST),
	{ "description", NULL, NULL, F_TEXT, FF_NOAPI, .max = 200 },
	FIELDS_CONTEXT_HIDDEN,
	FIELDS_SYNCHRONISED,
};

static const struct filter email_filters[] = {
	FILTERS_COMMON,
};

const struct resource res_email = {
	.name = "email", .plural = "emails",
	.table = "email", .app = "messaging", .model = "email", .class_name = "Email",
	.api = "messaging/emails", .page = "messaging/emails", .command = "email",
	.display = "{name}",
	.order = "name",
	.nested = "name",
	.form = "Email: name, description, subject, jinja2_trim, jinja2_lstrip, template;"
	    " Data Source: data_source, data_file, auto_synchronisation_enabled; Tags: tags; Comments: comments",
	.flags = RF_CONTEXTS | RF_TEMPLATES | RF_NOBULKEDIT,
	.fields = ROWS(email_fields),
	.filters = ROWS(email_filters),
};

/* ---- e-mails sent ---- */

static const struct choice email_message_status[] = {
	{ "pending", "Pending", "primary" },
	{ "sending", "Sending", "warning" },
	{ "sent", "Sent", "success" },
	{ "failed", "Failed", "danger" },
	{ 0 }
};

static const struct field email_message_fields[] = {
	{ "created", NULL, NULL, F_TIME, FF_READONLY | FF_LIST | FF_FILTER },
	{ "user", NULL, NULL, F_REF, FF_READONLY | FF_NULL | FF_LIST | FF_FILTER, .ref = &res_auth_user, .on_delete = DEL_SET_NULL,
	    .related = "" },
	{ "email", NULL, NULL, F_REF, FF_READONLY | FF_NULL | FF_FILTER, .ref = &res_email, .on_delete = DEL_SET_NULL, .related = "",
	    .caption = "Template" },
	{ "object_type", NULL, NULL, F_OBJTYPE, FF_READONLY | FF_NULL | FF_FILTER },
	{ "object_id", NULL, NULL, F_INT, FF_READONLY | FF_NULL | FF_FILTER | FF_NOCOLUMN, 0, INT64_MAX },
	{ "object", NULL, NULL, F_OBJECT, FF_READONLY | FF_NULL | FF_LIST, .via = "object_type" },
	{ "sender", NULL, NULL, F_TEXT, FF_READONLY, .max = 320, .caption = "From" },
	{ "recipients", NULL, NULL, F_TEXTS, FF_READONLY | FF_LIST, .caption = "To" },
	{ "cc", "CC", NULL, F_TEXTS, FF_READONLY },
	{ "subject", NULL, NULL, F_TEXT, FF_READONLY | FF_LIST | FF_FILTER | FF_SEARCH, .max = 998 },
	{ "body", NULL, NULL, F_LONGTEXT, FF_READONLY | FF_NOCOLUMN },
	{ "status", NULL, NULL, F_ENUM, FF_READONLY | FF_LIST | FF_FILTER, .def = "pending", .choices = email_message_status },
	{ "attempt", NULL, NULL, F_INT, FF_READONLY, 0, INT16_MAX },
	{ "sent", NULL, NULL, F_TIME, FF_READONLY | FF_NULL | FF_LIST },
	{ "message_id", NULL, NULL, F_TEXT, FF_READONLY, .max = 250 },
	{ "error", NULL, NULL, F_LONGTEXT, FF_READONLY },
	{ "asn", "ASN", "Network that it is to", F_ASN, FF_READONLY | FF_NULL | FF_LIST | FF_FILTER },
	{ "accepted", NULL, "Recipients that the server took", F_TEXTS, FF_READONLY },
	{ "refused", NULL, "Recipients that the server did not take, and what it said", F_TEXTS, FF_READONLY | FF_LIST },
	{ "next_attempt", NULL, NULL, F_TIME, FF_READONLY | FF_NULL },
};

const struct resource res_email_message = {
	.name = "sent email", .plural = "sent emails",
	.table = "email_message", .app = "messaging", .model = "emailmessage", .class_name = "EmailMessage",
	.api = "messaging/email-messages", .page = "messaging/email-messages", .command = "email-message",
	.display = "{subject}",
	.order = "-created, -id",
	.nested = "subject, status",
	.flags = RF_NOLOG | RF_READONLY | RF_NOEVENTS | RF_NOBULKEDIT,
	.fields = ROWS(email_message_fields),
};
