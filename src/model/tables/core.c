/* core.c: data sources and their files, jobs, schedules, the change log. */
#include "model/tables/tables.h"

static const struct choice data_source_types[] = {
	{ "local", "Local", NULL },
	{ "git", "Git", NULL },
	{ 0 }
};

static const struct choice data_source_status[] = {
	{ "new", "New", "primary" },
	{ "queued", "Queued", "secondary" },
	{ "synchronising", "Synchronising", "warning" },
	{ "pushing", "Pushing", "warning" },
	{ "completed", "Completed", "success" },
	{ "failed", "Failed", "danger" },
	{ 0 }
};

static const struct field data_source_fields[] = {
	FIELD_NAME(FF_FILTER),
	{ "type", NULL, NULL, F_ENUM, FF_REQUIRED | FF_LIST | FF_FILTER | FF_BULK, .choices = data_source_types },
	{ "source_url", "URL", "/folder or file:///folder; git: https://, ssh://, user@host:path or file://", F_TEXT, FF_REQUIRED, .max = 200 },
	{ "enabled", NULL, NULL, F_BOOL, FF_LIST | FF_FILTER | FF_BULK, .def = "true" },
	{ "status", NULL, NULL, F_ENUM, FF_READONLY | FF_LIST | FF_NOLOG, .def = "new", .choices = data_source_status },
	FIELD_DESCRIPTION(FF_LIST | FF_FILTER | FF_BULK),
	FIELD_COMMENTS(FF_SEARCH),
	{ "parameters", NULL, "Git: username and branch; a password given here is sealed and not shown again", F_JSON, FF_NULL | FF_OBJECT },
	{ "ignore_rules", NULL, "Patterns (one per line) matching files to ignore when synchronising; with a slash they match the whole path", F_LONGTEXT, FF_BULK },
	FIELD_CREATED(0),
	FIELD_UPDATED(0),
	{ "file_count", NULL, NULL, F_COUNT, FF_READONLY | FF_LIST | FF_NOLOG, .ref = &res_data_file, .via = "source" },
	{ "last_synchronised", NULL, NULL, F_TIME, FF_READONLY | FF_NULL | FF_NOAPI | FF_NOLOG },
	{ "password", NULL, "Password or token to sign in with, the passphrase where there is a key", F_SECRET, FF_NULL | FF_NOAPI | FF_NOCOLUMN, .max = 1000 },
	{ "private_key", NULL, "OpenSSH or PEM private key for ssh addresses: ed25519 or ECDSA", F_SECRET, FF_NULL | FF_NOAPI | FF_NOCOLUMN, .max = 16384 },
	{ "host_key", NULL, "Fingerprint of the SSH server's host key, as SHA256:...; no other is accepted", F_TEXT, FF_NOAPI | FF_NOCOLUMN, .max = 100 },
	{ "revision", NULL, "Commit that was last read or pushed", F_TEXT, FF_READONLY | FF_NOAPI | FF_NOLOG, .max = 64 },
	{ "error", "Last error", "Why the last synchronisation or push failed", F_LONGTEXT, FF_READONLY | FF_NOAPI | FF_NOCOLUMN | FF_NOLOG },
	{ "tags", NULL, NULL, F_TAGS, FF_NOAPI | FF_BULK },
	FIELDS_CONTEXT_HIDDEN,
};

static const struct filter data_source_filters[] = {
	{ "status", FILTER_CHOICE, "status", FILTERF_NO_NULL },
	FILTERS_COMMON,
};

static const struct child data_source_children[] = {
	{ &res_data_file, "source", "files", "Files", 1000 },
};

const struct resource res_data_source = {
	.name = "data source", .plural = "data sources",
	.table = "data_source", .app = "core", .model = "datasource", .class_name = "DataSource",
	.api = "core/data-sources", .page = "core/data-sources", .command = "data-source",
	.display = "{name}",
	.order = "name",
	.nested = "name",
	.form = "Data Source: name, type, source_url, enabled, description, ignore_rules; Parameters: parameters, password, private_key, host_key; Tags: tags; Comments: comments",
	.flags = RF_CONTEXTS | RF_JOBS | RF_TEMPLATES,
	.fields = ROWS(data_source_fields),
	.filters = ROWS(data_source_filters),
	.children = ROWS(data_source_children),
};

/* ---- file of a data source ---- */

static const struct field data_file_fields[] = {
	{ "source", NULL, NULL, F_REF, FF_READONLY | FF_LIST | FF_FILTER, .ref = &res_data_source, .on_delete = DEL_CASCADE,
	    .related = "datafiles" },
	{ "path", NULL, "File path relative to the data source's root", F_TEXT, FF_READONLY | FF_LIST | FF_FILTER | FF_SEARCH, .max = 1000 },
	{ "updated", NULL, NULL, F_TIME, FF_READONLY | FF_LIST | FF_FILTER },
	{ "size", NULL, NULL, F_INT, FF_READONLY | FF_LIST | FF_FILTER, 0, INT32_MAX },
	{ "hash", NULL, "SHA256 hash of the file data", F_TEXT, FF_READONLY | FF_FILTER, 64, 64 },
	{ "created", NULL, NULL, F_TIME, FF_READONLY | FF_NOAPI | FF_FILTER },
};

static const struct filter data_file_filters[] = {
	FILTER_BY_NAME("source", "source.name"),
	FILTERS_REQUEST,
};

const struct resource res_data_file = {
	.name = "data file", .plural = "data files",
	.table = "data_file", .app = "core", .model = "datafile", .class_name = "DataFile",
	.api = "core/data-files", .page = "core/data-files", .command = "data-file",
	.display = "{path}",
	.order = "source, path",
	.nested = "path",
	.unique = "source, path",
	.flags = RF_NOLOG | RF_READONLY | RF_NOEVENTS | RF_NOBULKEDIT,
	.fields = ROWS(data_file_fields),
	.filters = ROWS(data_file_filters),
};

/* ---- job ---- */

static const struct field job_fields[] = {
	{ "object_type", NULL, NULL, F_OBJTYPE, FF_READONLY },
	{ "object_id", NULL, NULL, F_INT, FF_READONLY | FF_NULL | FF_FILTER, 0, INT64_MAX },
	{ "name", NULL, NULL, F_TEXT, FF_READONLY | FF_LIST | FF_FILTER | FF_SEARCH, .max = 200 },
	{ "status", NULL, NULL, F_ENUM, FF_READONLY | FF_LIST, .def = "pending", .choices = choices_job_status },
	{ "created", NULL, NULL, F_TIME, FF_READONLY | FF_LIST },
	{ "started", NULL, NULL, F_TIME, FF_READONLY | FF_NULL | FF_LIST },
	{ "completed", NULL, NULL, F_TIME, FF_READONLY | FF_NULL | FF_LIST },
	{ "user", NULL, NULL, F_REF, FF_READONLY | FF_NULL | FF_LIST, .ref = &res_auth_user, .on_delete = DEL_SET_NULL, .related = "" },
	{ "data", NULL, NULL, F_FUNC, FF_READONLY | FF_NULL | FF_NOCOLUMN, .via = "job_data" },
	{ "job_id", NULL, NULL, F_UUID, FF_READONLY | FF_UNIQUE, .caption = "Job ID" },
	{ "output", NULL, NULL, F_LONGTEXT, FF_READONLY | FF_NOCOLUMN },
	{ "object", NULL, NULL, F_OBJECT, FF_READONLY | FF_NULL | FF_NOAPI | FF_LIST, .via = "object_type" },
	{ "queue", NULL, NULL, F_ENUM, FF_READONLY | FF_NOAPI, .def = "default", .choices = choices_queue },
	{ "priority", NULL, NULL, F_INT, FF_READONLY | FF_NOAPI, INT16_MIN, INT16_MAX },
	{ "run_after", NULL, NULL, F_TIME, FF_READONLY | FF_NOAPI },
	{ "deadline", NULL, NULL, F_TIME, FF_READONLY | FF_NULL | FF_NOAPI },
	{ "attempt", NULL, NULL, F_INT, FF_READONLY | FF_NOAPI, 0, INT16_MAX },
	{ "max_attempts", NULL, NULL, F_INT, FF_READONLY | FF_NOAPI, 1, INT16_MAX },
	{ "owner", NULL, NULL, F_TEXT, FF_READONLY | FF_NULL | FF_NOAPI, .caption = "Runner" },
	{ "progress_done", NULL, NULL, F_INT, FF_READONLY | FF_NOAPI | FF_NOCOLUMN, 0, INT32_MAX },
	{ "progress_total", NULL, NULL, F_INT, FF_READONLY | FF_NULL | FF_NOAPI | FF_NOCOLUMN, 0, INT32_MAX },
	{ "progress_label", NULL, NULL, F_TEXT, FF_READONLY | FF_NOAPI | FF_NOCOLUMN, .max = 200 },
	{ "progress", NULL, NULL, F_FUNC, FF_READONLY | FF_NULL | FF_NOAPI | FF_LIST | FF_NOLOG, .via = "job_progress" },
	{ "result", NULL, NULL, F_JSON, FF_READONLY | FF_NULL | FF_NOAPI | FF_NOCOLUMN },
	{ "error", NULL, NULL, F_LONGTEXT, FF_READONLY | FF_NULL | FF_NOAPI | FF_NOCOLUMN },
	{ "cancel_requested", NULL, NULL, F_BOOL, FF_READONLY | FF_NOAPI | FF_NOCOLUMN },
	{ "schedule", NULL, NULL, F_REF, FF_READONLY | FF_NULL | FF_NOAPI | FF_NOCOLUMN, .ref = &res_schedule, .on_delete = DEL_SET_NULL,
	    .related = "" },
};

#define FILTERS_WHEN(field) \
	{ field, FILTER_EXACT, field, FILTERF_NOFORM }, \
	{ field "__before", FILTER_BEFORE, field }, \
	{ field "__after", FILTER_AFTER, field }

static const struct filter job_filters[] = {
	{ "object_type", FILTER_OBJTYPE_ID, "object_type" },
	{ "status", FILTER_CHOICE, "status", FILTERF_NO_NULL },
	{ "user", FILTER_REF, "user", FILTERF_ONE | FILTERF_NO_NULL },
	FILTERS_WHEN("created"),
	FILTERS_WHEN("started"),
	FILTERS_WHEN("completed"),
};

const struct resource res_job = {
	.name = "job", .plural = "jobs",
	.table = "job", .app = "core", .model = "job", .class_name = "Job",
	.api = "core/jobs", .page = "core/jobs", .command = "job",
	.display = "{job_id}",
	.order = "-created, -id",
	.nested = "created, completed, user, status",
	.search = "user.username",
	.flags = RF_NOLOG | RF_READONLY | RF_NOEVENTS | RF_NOBULKEDIT,
	.fields = ROWS(job_fields),
	.filters = ROWS(job_filters),
};

/* ---- schedule ---- */

static const struct choice schedule_overlap[] = {
	{ "skip", "Leave this run out", NULL },
	{ "wait", "Run after the one before", NULL },
	{ "allow", "Run both", NULL },
	{ 0 }
};

static const struct choice schedule_missed[] = {
	{ "skip", "Leave it out", NULL },
	{ "once", "Run once as soon as possible", NULL },
	{ 0 }
};

static const struct field schedule_fields[] = {
	FIELD_NAME(FF_FILTER),
	FIELD_DESCRIPTION(0),
	{ "job", NULL, "Name of the job to run", F_TEXT, FF_REQUIRED | FF_LIST | FF_FILTER, .max = 200 },
	{ "parameters", NULL, "Arguments of the job", F_JSON, FF_OBJECT | FF_NOCOLUMN, .def = "{}" },
	{ "cron", NULL, "Minute, hour, day of month, month, day of week", F_TEXT, FF_REQUIRED | FF_LIST, .max = 100, .caption = "When" },
	{ "time_zone", NULL, NULL, F_TEXT, 0, .max = 64, .def = "UTC" },
	{ "enabled", NULL, NULL, F_BOOL, FF_LIST | FF_FILTER | FF_BULK, .def = "true" },
	{ "overlap", NULL, "What to do when the run before is still going", F_ENUM, FF_BULK | FF_NOCOLUMN, .def = "skip",
	    .choices = schedule_overlap },
	{ "missed", NULL, "What to do when nothing could run at the time", F_ENUM, FF_BULK | FF_NOCOLUMN, .def = "once",
	    .choices = schedule_missed },
	{ "queue", NULL, NULL, F_ENUM, FF_BULK | FF_NOCOLUMN, .def = "default", .choices = choices_queue },
	{ "last_run", NULL, NULL, F_TIME, FF_READONLY | FF_NULL | FF_LIST | FF_NOLOG },
	{ "next_run", NULL, NULL, F_TIME, FF_READONLY | FF_NULL | FF_LIST | FF_NOLOG },
	{ "last_job", NULL, NULL, F_REF, FF_READONLY | FF_NULL | FF_NOLOG | FF_NOCOLUMN, .ref = &res_job, .on_delete = DEL_SET_NULL,
	    .related = "" },
	{ "last_status", NULL, NULL, F_ENUM, FF_READONLY | FF_NULL | FF_LIST | FF_NOLOG, .choices = choices_job_status },
	FIELD_CREATED(0),
	FIELD_UPDATED(0),
};

static const struct filter schedule_filters[] = {
	FILTERS_REQUEST,
};

static const struct child schedule_children[] = {
	{ &res_job, "schedule", "jobs", "Jobs", 1000 },
};

const struct resource res_schedule = {
	.name = "schedule", .plural = "schedules",
	.table = "schedule", .app = "core", .model = "schedule", .class_name = "Schedule",
	.api = "core/schedules", .page = "core/schedules", .command = "schedule",
	.display = "{name}",
	.order = "name",
	.nested = "name",
	.form = "Schedule: name, description, enabled; Job: job, parameters, queue; When: cron, time_zone, overlap, missed",
	.flags = RF_NOEVENTS,
	.fields = ROWS(schedule_fields),
	.filters = ROWS(schedule_filters),
	.children = ROWS(schedule_children),
};

/* ---- change log ---- */

static const struct choice object_change_actions[] = {
	{ "create", "Created", "success" },
	{ "update", "Updated", "primary" },
	{ "delete", "Deleted", "danger" },
	{ 0 }
};

static const struct field object_change_fields[] = {
	{ "time", NULL, NULL, F_TIME, FF_READONLY | FF_LIST },
	{ "user", NULL, NULL, F_REF, FF_READONLY | FF_NULL | FF_FILTER | FF_NOCOLUMN, .ref = &res_auth_user, .on_delete = DEL_SET_NULL,
	    .related = "changes" },
	{ "user_name", NULL, NULL, F_TEXT, FF_READONLY | FF_LIST | FF_FILTER | FF_SEARCH, .max = 150 },
	{ "request_id", NULL, NULL, F_UUID, FF_READONLY | FF_LIST | FF_FILTER },
	{ "action", NULL, NULL, F_ENUM, FF_READONLY | FF_LIST, .choices = object_change_actions },
	{ "changed_object_type", NULL, NULL, F_OBJTYPE, FF_READONLY | FF_LIST | FF_FILTER },
	{ "changed_object_id", NULL, NULL, F_INT, FF_READONLY | FF_FILTER | FF_NOCOLUMN, 0, INT64_MAX },
	{ "changed_object", NULL, NULL, F_OBJECT, FF_READONLY | FF_NULL | FF_NOCOLUMN, .via = "changed_object_type" },
	{ "prechange_data", NULL, NULL, F_JSON, FF_READONLY | FF_NULL | FF_NOCOLUMN },
	{ "postchange_data", NULL, NULL, F_JSON, FF_READONLY | FF_NULL | FF_NOCOLUMN },
	{ "object_repr", NULL, NULL, F_TEXT, FF_READONLY | FF_NOAPI | FF_LIST | FF_FILTER | FF_SEARCH, .max = 200, .caption = "Object" },
	{ "related_object_type", NULL, NULL, F_OBJTYPE, FF_READONLY | FF_NULL | FF_NOAPI | FF_NOCOLUMN },
	{ "related_object_id", NULL, NULL, F_INT, FF_READONLY | FF_NULL | FF_NOAPI | FF_NOCOLUMN, 0, INT64_MAX },
};

static const struct filter object_change_filters[] = {
	FILTER_BY_NAME("user", "user.username"),
	{ "action", FILTER_CHOICE, "action", FILTERF_NO_NULL },
	{ "time_after", FILTER_AFTER, "time" },
	{ "time_before", FILTER_BEFORE, "time" },
};

const struct resource res_object_change = {
	.name = "object change", .plural = "object changes",
	.table = "object_change", .app = "core", .model = "objectchange", .class_name = "ObjectChange",
	.api = "core/object-changes", .page = "core/changelog", .command = "change",
	.display = "{changed_object_type.title} {object_repr} {action.lower} by {user_name}",
	.order = "-time, -id",
	.nested = "time, action",
	.flags = RF_NOLOG | RF_READONLY | RF_NOEVENTS | RF_NOBULKEDIT,
	.fields = ROWS(object_change_fields),
	.filters = ROWS(object_change_filters),
};
