/* page_detail.c: the page of one object, and the tabs beside it: children, config context, journal, jobs. */
#include "config.h"

#include "base/json.h"
#include "db/queries.h"
#include "model/tables/tables.h"
#include "web/page.h"

bool detail_load(struct req *r, struct row **out) {
	if (r->object != NULL && r->object->res == r->res) {
		*out = r->object;
		return true;
	}
	return store_get(&r->store, r->res, r->id, "view", out, &r->err);
}

/* ---- tabs ---- */

static void tab(struct req *r, struct list *out, const struct row *row, const char *slug, const char *label, const char *open, int64_t count) {
	struct map *m = map_new(r->a, 4);

	put_str(m, "label", label);
	put_str(m, "href", page_href(r, "/%s/%lld/%s%s", row->res->page, (long long)row->id, slug, *slug == '\0' ? "" : "/"));
	put_bool(m, "now", strcmp(slug, open) == 0);
	map_set(m, "count", count < 0 ? val_null() : val_int(count));
	list_push(out, val_map(m));
}

/* The field that counts what a tab lists, or -1. */
static int count_field(const struct resource *res, const struct child *c) {
	for (size_t f = 0; f < res->nfields; f++) {
		if (res->fields[f].type == F_COUNT && res->fields[f].ref == c->res && res->fields[f].via != NULL && strcmp(res->fields[f].via, c->via) == 0)
			return (int)f;
	}
	return -1;
}

/* A field whose value the API's form has not, or has as a number alone. */
static bool lacking(const struct row *row, size_t i) {
	const struct field *f = &row->res->fields[i];

	return f->type == F_REF ? row->v[i].type == V_INT :
	    row->v[i].type == V_UNDEF && (f->type == F_OBJECT || f->type == F_PATH || (f->flags & FF_WARNING) != 0);
}

/*
 * What the API's form leaves out but the page shows: the counts of the tabs, the object that a row is about, warnings, the names of what is there as a
 * number. One statement more.
 */
static bool complete(struct req *r, struct row *row) {
	const struct resource *res = row->res;
	const char **names = arena_new(r->a, const char *, res->nfields + res->nchildren + 1);
	struct query q = { .res = res, .ids = &row->id, .nids = 1, .form = FORM_COLUMNS, .columns = names, .limit = 1 };
	struct rows rows;
	size_t n = 0;

	for (size_t i = 0; i < res->nchildren; i++) {
		int f = count_field(res, &res->children[i]);

		if (f >= 0)
			names[n++] = res->fields[f].name;
	}
	for (size_t i = 0; i < res->nfields; i++) {
		if (lacking(row, i))
			names[n++] = res->fields[i].name;
	}
	if (n == 0)
		return true;
	if (!store_list(&r->store, &q, &rows, NULL, &r->err))
		return false;
	for (size_t i = 0; rows.n == 1 && i < res->nfields; i++) {
		if (row->v[i].type == V_UNDEF || lacking(row, i))
			row->v[i] = rows.row[0]->v[i];
	}
	return true;
}

/* How many rows each child has: what the table does not count is counted here. */
static bool child_counts(struct req *r, const struct row *row, int64_t *counts) {
	for (size_t i = 0; i < row->res->nchildren; i++) {
		const struct child *c = &row->res->children[i];
		struct query one = { .res = c->res, .child = c, .child_of = row->id, .form = FORM_ID, .count = true, .limit = 1 };
		int field = count_field(row->res, c);
		struct rows some;

		counts[i] = -1;
		if (field >= 0 && row->v[field].type == V_INT) {
			counts[i] = row->v[field].u.i;
		} else if (may(&r->store, c->res, "view")) {
			if (!store_list(&r->store, &one, &some, NULL, &r->err))
				return false;
			counts[i] = some.total;
		}
	}
	return true;
}

/* Tabs that a program adds: its routes below "/<page>/{id}/" that are read and have a label. */
static void own_tabs(struct req *r, struct list *out, const struct row *row, const char *open) {
	size_t n = strlen(row->res->page);

	for (const struct route *own = r->handler->routes; own != NULL && own->pattern != NULL; own++) {
		const char *rest = own->pattern + 1 + n + strlen("/{id}/");
		const char *slug;

		if (own->res != row->res || (own->methods & M_GET) == 0 || own->label == NULL || own->pattern[0] != '/' ||
		    strncmp(own->pattern + 1, row->res->page, n) != 0 || strncmp(own->pattern + 1 + n, "/{id}/", 6) != 0 || *rest == '\0' ||
		    strchr(rest, '{') != NULL || (own->verb != NULL && !may(&r->store, row->res, own->verb)))
			continue;
		slug = arena_strndup(r->a, rest, strlen(rest) - 1);
		if (strchr(slug, '/') == NULL && (own->shown == NULL || own->shown(r, row)))
			tab(r, out, row, slug, own->label, open, -1);
	}
}

static bool tabs_put(struct req *r, const struct row *row, const char *open, struct list *out) {
	const struct resource *res = row->res;
	int64_t *counts = arena_new(r->a, int64_t, res->nchildren);

	if (res_has_page(res))
		tab(r, out, row, "", res_title(r->a, res), open, -1);
	own_tabs(r, out, row, open);
	if (!child_counts(r, row, counts))
		return false;
	for (size_t i = 0; i < res->nchildren; i++) {
		if (may(&r->store, res->children[i].res, "view"))
			tab(r, out, row, res->children[i].slug, res->children[i].label, open, counts[i]);
	}
	if ((res->flags & RF_CONTEXTS) != 0 && res_field(res, "config_context") >= 0 && may(&r->store, &res_config_context, "view"))
		tab(r, out, row, "config-context", "Config Context", open, -1);
	if ((res->flags & RF_JOURNAL) != 0 && may(&r->store, &res_journal_entry, "view"))
		tab(r, out, row, "journal", "Journal", open, -1);
	if ((res->flags & RF_NOLOG) == 0 && may(&r->store, &res_object_change, "view"))
		tab(r, out, row, "changelog", "Changelog", open, -1);
	if ((res->flags & RF_JOBS) != 0 && may(&r->store, &res_job, "view"))
		tab(r, out, row, "jobs", "Jobs", open, -1);
	return true;
}

/* ---- actions: routes of the program that are posted to ---- */

static struct val actions(struct req *r, const struct row *row) {
	struct list *out = action_buttons(r, row->res, row).u.list;
	size_t n = strlen(row->res->page);

	for (const struct route *own = r->handler->routes; own != NULL && own->pattern != NULL; own++) {
		struct map *m;
		const char *rest = own->pattern + 1 + n + strlen("/{id}/");

		if (own->res != row->res || (own->methods & M_POST) == 0 || own->label == NULL || own->verb == NULL ||
		    strncmp(own->pattern + 1, row->res->page, n) != 0 || strncmp(own->pattern + 1 + n, "/{id}/", 6) != 0 || *rest == '\0' ||
		    strchr(rest, '{') != NULL || !may(&r->store, row->res, own->verb))
			continue;
		m = map_new(r->a, 3);
		put_str(m, "label", own->label);
		put_str(m, "help", own->help == NULL ? "" : own->help);
		put_str(m, "href", page_href(r, "/%s/%lld/%s", row->res->page, (long long)row->id, rest));
		list_push(out, val_map(m));
	}
	return val_list(out);
}

static bool last_change(struct req *r, const struct row *row, struct map *ctx) {
	struct val params[2] = { val_str(row->res->table), val_int(row->id) };
	struct result q;
	struct map *m = map_new(r->a, 4);

	map_set(ctx, "changed", val_null());
	if ((row->res->flags & RF_NOLOG) != 0)
		return true;
	if (!db_named(r->db, r->a, Q_CHANGE_LAST, params, &q, &r->err))
		return false;
	if (q.n == 0)
		return true;
	put_str(m, "by", val_cstr(result_at(&q, 0, 1), ""));
	put_str(m, "at", time_text(r, result_at(&q, 0, 2)));
	put_str(m, "iso", val_cstr(result_at(&q, 0, 2), ""));
	put_str(m, "href", may(&r->store, &res_object_change, "view") ? page_href(r, "/core/changelog/%lld/", (long long)result_at(&q, 0, 0).u.i) : NULL);
	map_set(ctx, "changed", val_map(m));
	return true;
}

struct map *detail_new(struct req *r, struct row *row, const char *open) {
	const char *text = row_text(r, row), *path = row_path(r, row);
	struct map *ctx = page_new(r, text);
	struct list *tabs = list_new(r->a, 8);

	page_crumb(r, ctx, res_titles(r->a, row->res), arena_printf(r->a, "/%s/", row->res->page));
	page_crumb(r, ctx, text, *open == '\0' ? NULL : path);
	put_str(ctx, "heading", text);
	put_int(ctx, "id", row->id);
	put_str(ctx, "object_href", page_href(r, "/%s/%lld/", row->res->page, (long long)row->id));
	put_str(ctx, "self_path", arena_printf(r->a, "/%s/%lld/", row->res->page, (long long)row->id));
	put_str(ctx, "outside", row->res->peeringdb == NULL ? NULL :
	    page_peeringdb(r, arena_printf(r->a, "%s/%lld", row->res->peeringdb, (long long)row->id)));
	map_set(ctx, "object_res", res_map(r, row->res));
	map_set(ctx, "actions", actions(r, row));
	map_set(ctx, "tabs", val_list(tabs));
	if (!complete(r, row) || !tabs_put(r, row, open, tabs) || !last_change(r, row, ctx))
		return NULL;
	return ctx;
}

/* ---- panels ---- */

/* What was sent and what was answered stand below the panels, in the template of their kind. */
static bool is_text_below(const struct field *f) {
	return (f->flags & FF_READONLY) != 0 && (strcmp(f->name, "body") == 0 || strcmp(f->name, "response") == 0);
}

static bool hidden(const struct field *f) {
	return f->type == F_TAGS || f->type == F_PASSWORD || f->type == F_COMPUTED || strcmp(f->name, "comments") == 0 ||
	    strcmp(f->name, "local_context_data") == 0 || strcmp(f->name, "created") == 0 || strcmp(f->name, "updated") == 0 ||
	    strcmp(f->name, "template") == 0 || is_text_below(f) || f->type == F_DISPLAY || f->type == F_UUID || (f->flags & FF_WARNING) != 0;
}

/* The number of an object that stands beside it by name. */
static bool told_by_name(const struct row *row, int field) {
	const struct resource *res = row->res;

	if (field == 0 || res->fields[field].type != F_INT || res->fields[field - 1].type != F_OBJTYPE)
		return false;
	for (size_t i = 0; i < res->nfields; i++) {
		if (res->fields[i].type == F_OBJECT && strcmp(res->fields[i].via, res->fields[field - 1].name) == 0 && row_of_val(row->v[i]) != NULL)
			return true;
	}
	return false;
}

static void panel_row(struct req *r, struct list *rows, const struct row *row, int field) {
	const struct field *f = &row->res->fields[field];
	struct val cell;
	struct map *m;

	if (hidden(f) || f->type == F_COUNT || row->v[field].type == V_UNDEF || told_by_name(row, field))
		return;
	cell = cell_of(r, row, field);
	if (f->type == F_INT && (strcmp(f->name, "received_prefix_count") == 0 || strcmp(f->name, "accepted_prefix_count") == 0))
		cell = picture_share(r, row, f->name, cell);
	m = map_new(r->a, 3);
	put_str(m, "label", field_caption(r->a, f));
	put_str(m, "name", f->name);
	map_set(m, "cell", cell);
	list_push(rows, val_map(m));
}

static bool is_nothing(struct val v) {
	if (v.type == V_MAP || v.type == V_LIST)
		return v.type == V_MAP ? v.u.map->n == 0 : v.u.list->n == 0;
	return val_is_null(v) || (v.type == V_STR && v.len == 0);
}

/* One card of the form as a panel. */
static void panel_of_card(struct req *r, const struct row *row, struct list *panels, const struct form_card *card, bool *shown) {
	struct list *rows = card_new(r, panels, card->title, "rows");

	for (size_t i = 0; i < card->n; i++) {
		int f = card->fields[i];

		/* who can write it wants to see what is empty */
		if ((row->res->flags & RF_READONLY) == 0 || !is_nothing(row->v[f]))
			panel_row(r, rows, row, f);
		shown[f] = true;
	}
	if (rows->n == 0)
		panels->n--;
}

/* How a session is comes before what it is. */
static void to_front(struct list *l, size_t at) {
	struct val v = l->v[at];

	for (; at > 0; at--)
		l->v[at] = l->v[at - 1];
	l->v[0] = v;
}

static struct val panels_of(struct req *r, const struct row *row) {
	struct list *panels = list_new(r->a, 8), *rest;
	bool *shown = arena_new(r->a, bool, row->res->nfields);
	const char *s = row->res->form;
	struct form_card card;
	size_t at;
	int state;

	while (s != NULL && form_card_next(r->a, row->res, &s, &card))
		panel_of_card(r, row, panels, &card, shown);
	state = res_field(row->res, "bgp_state");
	at = panels->n;
	rest = card_new(r, panels, row->res->form == NULL ? res_title(r->a, row->res) : state >= 0 ? "State" : "Further", "rows");
	if (state >= 0)
		panel_row(r, rest, row, state);
	for (size_t i = 0; i < row->res->nfields; i++) {
		const struct field *f = &row->res->fields[i];

		/* what only orders lists, or is not there, is not shown */
		if ((int)i == state || (f->type == F_ASN && (f->flags & FF_NOAPI) != 0) || is_nothing(row->v[i]))
			continue;
		if (!shown[i] && (f->type != F_FUNC || row->v[i].type == V_STR) && (f->type != F_SECRET || val_cstr(row->v[i], NULL) != NULL))
			panel_row(r, rest, row, (int)i);
	}
	if (rest->n == 0)
		panels->n--;
	else if (state >= 0)
		to_front(panels, at);
	return val_list(panels);
}

static struct val warnings_of(struct req *r, const struct row *row) {
	struct list *out = list_new(r->a, 1);

	for (size_t i = 0; i < row->res->nfields; i++) {
		if ((row->res->fields[i].flags & FF_WARNING) != 0 && row->v[i].type == V_STR)
			list_push(out, row->v[i]);
	}
	return val_list(out);
}

static const char *text_of(const struct row *row, const char *name) {
	return val_cstr(row_get(row, name), "");
}

/* Who is to be talked to, for what may have contacts. */
static bool contacts_put(struct req *r, const struct row *row, struct map *ctx) {
	struct param p[2] = { { "content_type", arena_printf(r->a, "%s.%s", row->res->app, row->res->model) },
		{ "object_id", arena_printf(r->a, "%lld", (long long)row->id) } };
	struct query q = { .res = &res_contact_assignment, .params = p, .nparams = 2, .form = FORM_FULL, .limit = 50 };
	struct list *out = list_new(r->a, 4);
	struct rows rows;

	map_set(ctx, "contacts", val_null());
	if ((row->res->flags & RF_CONTACTS) == 0 || !may(&r->store, &res_contact_assignment, "view"))
		return true;
	if (!store_list(&r->store, &q, &rows, NULL, &r->err))
		return false;
	for (size_t i = 0; i < rows.n; i++) {
		struct map *m = map_new(r->a, 3);

		put_int(m, "id", rows.row[i]->id);
		map_set(m, "contact", cell_of(r, rows.row[i], res_field(rows.row[i]->res, "contact")));
		map_set(m, "role", cell_of(r, rows.row[i], res_field(rows.row[i]->res, "role")));
		list_push(out, val_map(m));
	}
	map_set(ctx, "contacts", val_list(out));
	map_set(ctx, "contact_res", res_map(r, &res_contact_assignment));
	put_str(ctx, "contact_prefill", arena_printf(r->a, "content_type=%s&object_id=%s", p[0].value, p[1].value));
	return true;
}

/* What stands below all panels: a template, or what is in a file of a data source. */
static bool source_put(struct req *r, const struct row *row, struct map *ctx) {
	const char *text = *text_of(row, "template") == '\0' ? NULL : text_of(row, "template");
	struct val id = val_int(row->id);
	struct result file;

	put_str(ctx, "source_title", row->res == &res_data_file ? "Content" : "Template");
	if (row->res == &res_data_file) {
		if (!db_named(r->db, r->a, Q_DATA_FILE_TEXT, &id, &file, &r->err))
			return false;
		text = file.n == 0 ? NULL : val_cstr(result_at(&file, 0, 2), "This is no text in UTF-8: it cannot be shown.");
	}
	put_str(ctx, "source", text);
	return true;
}

struct map *detail_page(struct req *r) {
	struct row *row;
	struct map *ctx;
	int tags;

	if (!detail_load(r, &row))
		return NULL;
	ctx = detail_new(r, row, "");
	if (ctx == NULL || !picture_history(r, row, ctx) || !picture_sessions(r, row, ctx) || !contacts_put(r, row, ctx))
		return NULL;
	tags = res_field(r->res, "tags");
	map_set(ctx, "object", val_obj(&row->obj));
	map_set(ctx, "warnings", warnings_of(r, row));
	map_set(ctx, "panels", panels_of(r, row));
	map_set(ctx, "tags", tags < 0 ? cell_text(r, "none", "", NULL, NULL) : cell_of(r, row, tags));
	map_set(ctx, "comments", *text_of(row, "comments") == '\0' ? val_null() : markdown_html(r->a, text_of(row, "comments")));
	put_str(ctx, "created", time_text(r, row_get(row, "created")));
	return source_put(r, row, ctx) ? ctx : NULL;
}

bool page_detail(struct req *r) {
	struct map *ctx;

	if (!res_has_page(r->res))
		return req_redirect(r, arena_printf(r->a, "/%s/%lld/edit/", r->res->page, (long long)r->id));
	ctx = detail_page(r);
	return ctx != NULL && page_render_for(r, r->res, "detail.html", ctx);
}

/* ---- a tab with a list ---- */

bool page_child(struct req *r) {
	const struct child *c = NULL;
	struct row *row;
	struct map *ctx;
	struct table t;

	for (size_t i = 0; i < r->res->nchildren; i++)
		c = strcmp(r->res->children[i].slug, r->slug) == 0 ? &r->res->children[i] : c;
	if (c == NULL || !may(&r->store, c->res, "view"))
		return req_fail(r, ERR_NOT_FOUND, "The requested page does not exist.");
	if (!detail_load(r, &row) || (ctx = detail_new(r, row, c->slug)) == NULL)
		return false;
	page_crumb(r, ctx, c->label, NULL);
	t = (struct table){ .res = c->res, .child = c, .child_of = row->id };
	if (!table_put(r, &t, ctx))
		return false;
	/* a new one begins with the reference back to here, when it is a plain one */
	put_str(ctx, "prefill", strchr(c->via, '.') != NULL ? "" : arena_printf(r->a, "%s=%lld", c->via, (long long)row->id));
	return page_render_for(r, r->res, "child.html", ctx);
}

static bool related_table(struct req *r, const struct resource *res, const char *type, const char *id, const char *slug, const char *label) {
	struct param extra[2];
	struct row *row;
	struct map *ctx;
	struct table t = { .res = res, .extra = extra, .nextra = 2, .bare = true };

	if (!may(&r->store, res, "view"))
		return req_fail(r, ERR_DENIED, "You don't have the permission to see this.");
	if (!detail_load(r, &row) || (ctx = detail_new(r, row, slug)) == NULL)
		return false;
	page_crumb(r, ctx, label, NULL);
	extra[0] = (struct param){ type, arena_printf(r->a, "%s.%s", r->res->app, r->res->model) };
	extra[1] = (struct param){ id, arena_printf(r->a, "%lld", (long long)row->id) };
	if (!table_put(r, &t, ctx))
		return false;
	put_str(ctx, "prefill", "");
	put_str(ctx, "object_type", extra[0].value);
	return page_render_for(r, r->res, arena_printf(r->a, "%s.html", slug), ctx);
}

bool page_changelog(struct req *r) {
	if ((r->res->flags & RF_NOLOG) != 0)
		return req_fail(r, ERR_NOT_FOUND, "The requested page does not exist.");
	return related_table(r, &res_object_change, "changed_object_type", "changed_object_id", "changelog", "Changelog");
}

bool page_journal(struct req *r) {
	return related_table(r, &res_journal_entry, "assigned_object_type", "assigned_object_id", "journal", "Journal");
}

bool page_jobs(struct req *r) {
	return related_table(r, &res_job, "object_type", "object_id", "jobs", "Jobs");
}

bool page_journal_add(struct req *r) {
	const char *kind = req_form(r, "kind"), *comments = req_form(r, "comments");
	struct map *input = map_new(r->a, 4);
	const char *back = arena_printf(r->a, "/%s/%lld/journal/", r->res->page, (long long)r->id);
	struct row *row;

	if (!may(&r->store, &res_journal_entry, "add"))
		return req_fail(r, ERR_DENIED, "You may not add journal entries.");
	if (!detail_load(r, &row))
		return false;
	put_str(input, "assigned_object_type", arena_printf(r->a, "%s.%s", r->res->app, r->res->model));
	put_int(input, "assigned_object_id", row->id);
	put_str(input, "kind", kind == NULL ? "info" : kind);
	put_str(input, "comments", comments == NULL ? "" : comments);
	if (store_create(&r->store, &res_journal_entry, input, &row, &r->problems, &r->err)) {
		page_flash(r, "success", "The entry stands in the journal.");
		return req_redirect(r, back);
	}
	if (!problems_any(&r->problems))
		return false;
	page_flash(r, "danger", "The entry needs a text.");
	db_rollback(r->db);
	r->err = (struct err){ 0 };
	return req_redirect(r, back);
}

bool page_context(struct req *r) {
	struct row *row;
	struct map *ctx;
	struct sbuf all, local;
	struct val context, own;

	if (!may(&r->store, &res_config_context, "view"))
		return req_fail(r, ERR_DENIED, "You don't have the permission to see this.");
	if (!detail_load(r, &row) || (ctx = detail_new(r, row, "config-context")) == NULL)
		return false;
	page_crumb(r, ctx, "Config Context", NULL);
	context = row_get(row, "config_context");
	own = row_get(row, "local_context_data");
	sb_init(&all, r->a);
	sb_init(&local, r->a);
	if (context.type == V_MAP)
		json_write_pretty(&all, context, 2, JSON_AS_IS);
	if (own.type == V_MAP)
		json_write_pretty(&local, own, 2, JSON_AS_IS);
	put_str(ctx, "context", all.s);
	put_str(ctx, "local", local.s);
	{
		struct param extra[2] = { { "content_type", arena_printf(r->a, "%s.%s", r->res->app, r->res->model) },
			{ "object_id", arena_printf(r->a, "%lld", (long long)row->id) } };
		struct table t = { .res = &res_config_context_assignment, .extra = extra, .nextra = 2, .bare = true };

		if (!table_put(r, &t, ctx))
			return false;
	}
	put_str(ctx, "prefill", arena_printf(r->a, "content_type=%s.%s&object_id=%lld", r->res->app, r->res->model, (long long)row->id));
	return page_render_for(r, r->res, "context.html", ctx);
}
