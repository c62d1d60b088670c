/* page_deployment.c: deployments, the archive of configurations and drift as pages: differences side by side, neighbours, steps, decisions. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/diff.h"
#include "db/queries.h"
#include "model/tables/tables.h"
#include "web/page.h"
#include "web/pages.h"

enum { SIDES_SHOWN = 4000, VERSIONS_SHOWN = 60, ROUTERS_SHOWN = 500 };

static bool may_read_texts(struct req *r) {
	return may(&r->store, &res_router, "view_router_configuration");
}

/* ---- a difference, side by side ---- */

struct sides {
	struct req *r;
	struct list *rows;
	const char *gone[256], *came[256];      /* a run of lines that went and came, beside one another */
	size_t ngone, ncame, left_out;
};

static void side_row(struct sides *s, const char *kind, const char *before, const char *after) {
	struct map *m = map_new(s->r->a, 3);

	if (s->rows->n >= SIDES_SHOWN) {
		s->left_out++;
		return;
	}
	put_str(m, "kind", kind);
	put_str(m, "before", before);
	put_str(m, "after", after);
	list_push(s->rows, val_map(m));
}

static void flush(struct sides *s) {
	for (size_t i = 0; i < s->ngone || i < s->ncame; i++)
		side_row(s, "change", i < s->ngone ? s->gone[i] : NULL, i < s->ncame ? s->came[i] : NULL);
	s->ngone = s->ncame = 0;
}

/* Lines that begin with "-" went, with "+" came, with a blank stayed; all else heads what follows. */
static void side_line(struct sides *s, const char *line, size_t len) {
	const char *rest = arena_strndup(s->r->a, len > 0 ? line + 1 : line, len > 0 ? len - 1 : 0);

	if (len > 0 && *line == '-') {
		if (s->ncame > 0 || s->ngone == ARRAY_LEN(s->gone))
			flush(s);
		s->gone[s->ngone++] = rest;
		return;
	}
	if (len > 0 && *line == '+') {
		if (s->ncame == ARRAY_LEN(s->came))
			flush(s);
		s->came[s->ncame++] = rest;
		return;
	}
	flush(s);
	if (len == 0 || *line == ' ')
		side_row(s, "same", rest, rest);
	else
		side_row(s, "head", arena_strndup(s->r->a, line, len), NULL);
}

/* Put "sides": rows {kind, before, after}, and "sides_left_out". */
static void sides_put(struct req *r, const char *diff, struct map *ctx) {
	struct sides *s = arena_new(r->a, struct sides, 1);

	s->r = r;
	s->rows = list_new(r->a, 64);
	for (; *diff != '\0'; diff += strcspn(diff, "\n"), diff += *diff == '\n')
		side_line(s, diff, strcspn(diff, "\n"));
	flush(s);
	map_set(ctx, "sides", val_list(s->rows));
	put_int(ctx, "sides_left_out", (int64_t)s->left_out);
}

/* ---- the emergency stop ---- */

static bool stop_put(struct req *r, struct map *ctx) {
	struct result q;

	if (!db_named(r->db, r->a, Q_DEPLOY_STOP_STATE, NULL, &q, &r->err))
		return false;
	put_bool(ctx, "stopped", q.n > 0 && result_at(&q, 0, 0).u.b);
	put_str(ctx, "stopped_by", q.n > 0 ? val_cstr(result_at(&q, 0, 1), "") : "");
	put_str(ctx, "stopped_why", q.n > 0 ? val_cstr(result_at(&q, 0, 2), "") : "");
	put_str(ctx, "stopped_since", q.n > 0 ? time_text(r, result_at(&q, 0, 3)) : "");
	put_bool(ctx, "can_stop", may(&r->store, &res_deployment, "stop"));
	put_bool(ctx, "can_plan", may(&r->store, &res_router, "deploy_router_configuration"));
	return true;
}

static bool list_with(struct req *r, const struct resource *res, bool (*more)(struct req *, struct map *)) {
	struct table t = { .res = res };
	struct map *ctx = page_new(r, res_titles(r->a, res));

	page_crumb(r, ctx, res_titles(r->a, res), NULL);
	return table_put(r, &t, ctx) && more(r, ctx) && page_render_for(r, res, "list.html", ctx);
}

bool page_deployments(struct req *r) {
	return list_with(r, &res_deployment, stop_put);
}

static bool drift_more(struct req *r, struct map *ctx) {
	put_bool(ctx, "can_check", may(&r->store, &res_drift, "check"));
	return true;
}

bool page_drifts(struct req *r) {
	return list_with(r, &res_drift, drift_more);
}

/* ---- the form of a plan ---- */

bool page_deployment_new(struct req *r) {
	struct query q = { .res = &res_router, .action = "deploy_router_configuration", .form = FORM_BRIEF, .limit = ROUTERS_SHOWN };
	const char *chosen = req_param(r, "router");
	struct map *ctx = page_new(r, "Plan a deployment");
	struct list *routers = list_new(r->a, 16);
	struct rows rows;

	page_crumb(r, ctx, "Deployments", "/devices/deployments/");
	page_crumb(r, ctx, "Plan", NULL);
	if (!store_list(&r->store, &q, &rows, NULL, &r->err))
		return false;
	for (size_t i = 0; i < rows.n; i++) {
		struct map *m = map_new(r->a, 3);

		put_int(m, "id", rows.row[i]->id);
		put_str(m, "name", row_text(r, rows.row[i]));
		put_bool(m, "chosen", chosen != NULL && strtoll(chosen, NULL, 10) == rows.row[i]->id);
		list_push(routers, val_map(m));
	}
	map_set(ctx, "routers", val_list(routers));
	put_int(ctx, "confirm_seconds", r->conf->deploy_confirm_seconds);
	put_int(ctx, "gate_seconds", r->conf->deploy_gate_seconds);
	put_int(ctx, "gate_share", r->conf->deploy_gate_share);
	return page_render(r, "deployment/new.html", ctx);
}

/* ---- one deployment ---- */

static const char *seconds_text(struct req *r, struct val iso) {
	return iso.type == V_STR && iso.len > 19 ? arena_printf(r->a, "%.8s", iso.u.s + 11) : "";
}

static bool steps_put(struct req *r, struct map *ctx) {
	struct val id = val_int(r->id);
	struct list *out = list_new(r->a, 8);
	struct result q;

	if (!db_named(r->db, r->a, Q_DEPLOY_STEPS, &id, &q, &r->err))
		return false;
	for (size_t i = 0; i < q.n; i++) {
		struct map *m = map_new(r->a, 5);
		struct val ok = result_at(&q, i, 3);

		put_str(m, "time", seconds_text(r, result_at(&q, i, 1)));
		map_set(m, "step", result_at(&q, i, 2));
		put_str(m, "tone", ok.type != V_BOOL ? "warning" : ok.u.b ? "success" : "danger");
		put_str(m, "state", ok.type != V_BOOL ? "under way" : ok.u.b ? "done" : "failed");
		map_set(m, "message", result_at(&q, i, 4));
		list_push(out, val_map(m));
	}
	map_set(ctx, "steps", val_list(out));
	return true;
}

static const char *state_tone(const char *state) {
	if (strcmp(state, "established") == 0)
		return "success";
	return *state == '\0' ? "secondary" : "danger";
}

static bool neighbours_put(struct req *r, struct map *ctx) {
	static const char *const names[] = { "address", "vrf", "asn", "before", "after", "accepted_before", "accepted_after", "change", "name", NULL };
	struct val id = val_int(r->id);
	struct list *touched = list_new(r->a, 8), *others = list_new(r->a, 8);
	struct result q;

	if (!db_named(r->db, r->a, Q_DEPLOY_NEIGHBOURS, &id, &q, &r->err))
		return false;
	for (size_t i = 0; i < q.n; i++) {
		struct map *m = result_map(r->a, &q, i, names);

		put_str(m, "href", result_at(&q, i, 9).type == V_INT ? page_href(r, "/autonomous-systems/%lld/", (long long)result_at(&q, i, 9).u.i) : NULL);
		put_str(m, "before_tone", state_tone(val_cstr(result_at(&q, i, 3), "")));
		put_str(m, "after_tone", state_tone(val_cstr(result_at(&q, i, 4), "")));
		list_push(*val_cstr(result_at(&q, i, 7), "") == '\0' ? others : touched, val_map(m));
	}
	map_set(ctx, "touched", val_list(touched));
	map_set(ctx, "others", val_list(others));
	return true;
}

static bool members_put(struct req *r, struct map *ctx) {
	struct val id = val_int(r->id);
	struct list *out = list_new(r->a, 4);
	struct result q;

	if (!db_named(r->db, r->a, Q_DEPLOY_MEMBERS, &id, &q, &r->err))
		return false;
	for (size_t i = 0; i < q.n; i++) {
		struct map *m = map_new(r->a, 4);
		const struct choice *c = choice_of(&res_deployment.fields[res_field(&res_deployment, "status")], result_at(&q, i, 2));

		put_str(m, "href", page_href(r, "/devices/deployments/%lld/", (long long)result_at(&q, i, 0).u.i));
		map_set(m, "router", result_at(&q, i, 1));
		put_str(m, "status", c == NULL ? "" : c->label);
		put_str(m, "tone", c == NULL || c->badge == NULL ? "secondary" : c->badge);
		list_push(out, val_map(m));
	}
	map_set(ctx, "members", val_list(out));
	return true;
}

static bool texts_put(struct req *r, struct map *ctx) {
	struct val id = val_int(r->id);
	struct result q;

	put_bool(ctx, "can_read", may_read_texts(r));
	map_set(ctx, "candidate", val_null());
	sides_put(r, "", ctx);
	if (!may_read_texts(r))
		return true;
	if (!db_named(r->db, r->a, Q_DEPLOY_TEXT_OF, &id, &q, &r->err))
		return false;
	if (q.n > 0) {
		map_set(ctx, "candidate", result_at(&q, 0, 1));
		sides_put(r, val_cstr(result_at(&q, 0, 3), ""), ctx);
	}
	return true;
}

static bool job_put(struct req *r, struct row *d, struct map *ctx) {
	struct row *job = row_of_val(row_get(d, "job"));
	struct result q;

	put_str(ctx, "job", NULL);
	put_str(ctx, "doing", "");
	if (job == NULL)
		return true;
	put_str(ctx, "job", may(&r->store, &res_job, "view") ? page_href(r, "/core/jobs/%lld/log/", (long long)job->id) : NULL);
	if (!db_named(r->db, r->a, Q_JOB_PROGRESS_OF, (struct val[]){ val_int(job->id) }, &q, &r->err))
		return false;
	if (q.n > 0 && strcmp(val_cstr(result_at(&q, 0, 5), ""), "pending") == 0)
		put_str(ctx, "doing", "Waiting for a runner");
	else if (q.n > 0)
		map_set(ctx, "doing", result_at(&q, 0, 6));
	return true;
}

bool page_deployment(struct req *r) {
	static const char *const times[] = { "created", "approved", "started", "committed", "revert_by", "finished", "not_before", "not_after" };
	struct row *row;
	struct map *ctx;
	const char *status;

	if (!detail_load(r, &row))
		return false;
	ctx = detail_new(r, row, "");
	if (ctx == NULL || !stop_put(r, ctx) || !steps_put(r, ctx) || !neighbours_put(r, ctx) || !members_put(r, ctx) || !texts_put(r, ctx) ||
	    !job_put(r, row, ctx))
		return false;
	status = val_cstr(row_get(row, "status"), "");
	for (size_t i = 0; i < ARRAY_LEN(times); i++)
		put_str(ctx, times[i], time_text(r, row_get(row, times[i])));
	map_set(ctx, "object", val_obj(&row->obj));
	map_set(ctx, "status", cell_of(r, row, res_field(row->res, "status")));
	map_set(ctx, "router", cell_of(r, row, res_field(row->res, "router")));
	put_bool(ctx, "going", deployment_under_way(status));
	return page_render_for(r, row->res, "detail.html", ctx);
}

/* ---- the archive ---- */

static bool version_text(struct req *r, int64_t id, const char **text) {
	struct result q;

	if (!db_named(r->db, r->a, Q_DEPLOY_VERSION, (struct val[]){ val_int(id) }, &q, &r->err))
		return false;
	*text = q.n == 0 ? "" : result_at(&q, 0, 0).u.s;
	return true;
}

/* Those of the same router that it can be compared to. */
static bool versions_put(struct req *r, const struct row *row, int64_t with, struct map *ctx) {
	struct param p[1] = { { "router_name", val_cstr(row_get(row, "router_name"), "") } };
	struct query q = { .res = &res_configuration_version, .params = p, .nparams = 1, .form = FORM_FULL, .limit = VERSIONS_SHOWN };
	struct list *out = list_new(r->a, 16);
	struct rows rows;

	if (!store_list(&r->store, &q, &rows, NULL, &r->err))
		return false;
	for (size_t i = 0; i < rows.n; i++) {
		struct map *m = map_new(r->a, 3);

		if (rows.row[i]->id == row->id || strcmp(val_cstr(row_get(rows.row[i], "kind"), ""), "diff") == 0)
			continue;
		put_int(m, "id", rows.row[i]->id);
		put_str(m, "text", arena_printf(r->a, "%s, %s, %s", time_text(r, row_get(rows.row[i], "created")), val_cstr(row_get(rows.row[i], "kind"), ""),
		    val_cstr(row_get(rows.row[i], "origin"), "")));
		put_bool(m, "now", rows.row[i]->id == with);
		list_push(out, val_map(m));
	}
	map_set(ctx, "versions", val_list(out));
	return true;
}

bool page_version(struct req *r) {
	const char *with = req_param(r, "with"), *text = "", *other = "";
	int64_t id = with == NULL ? 0 : strtoll(with, NULL, 10);
	struct row *row, *before;
	struct map *ctx;
	struct diff d;
	struct sbuf b;

	if (!detail_load(r, &row))
		return false;
	ctx = detail_new(r, row, "");
	if (ctx == NULL || !versions_put(r, row, id, ctx))
		return false;
	put_bool(ctx, "can_read", may_read_texts(r));
	put_bool(ctx, "compared", false);
	sb_init(&b, r->a);
	if (may_read_texts(r) && !version_text(r, row->id, &text))
		return false;
	if (may_read_texts(r) && id != 0) {
		if (!store_get(&r->store, &res_configuration_version, id, "view", &before, &r->err) || !version_text(r, id, &other))
			return false;
		diff_lines(r->a, other, strlen(other), text, strlen(text), &d);
		diff_unified(&b, &d, 3);
		put_bool(ctx, "compared", true);
		put_int(ctx, "added", (int64_t)d.added);
		put_int(ctx, "removed", (int64_t)d.gone);
	}
	if (may_read_texts(r) && req_param(r, "raw") != NULL)
		return page_file(r, row_text(r, row), strcmp(val_cstr(row_get(row, "kind"), ""), "diff") == 0 || id != 0 ? ".diff" : ".conf",
		    id != 0 ? b.s : text, id != 0 ? b.len : strlen(text));
	put_bool(ctx, "is_diff", strcmp(val_cstr(row_get(row, "kind"), ""), "diff") == 0);
	sides_put(r, id != 0 ? b.s : strcmp(val_cstr(row_get(row, "kind"), ""), "diff") == 0 ? text : "", ctx);
	put_str(ctx, "text", text);
	map_set(ctx, "object", val_obj(&row->obj));
	map_set(ctx, "kind", cell_of(r, row, res_field(row->res, "kind")));
	map_set(ctx, "origin", cell_of(r, row, res_field(row->res, "origin")));
	map_set(ctx, "deployment", cell_of(r, row, res_field(row->res, "deployment")));
	put_str(ctx, "taken", time_text(r, row_get(row, "created")));
	return page_render_for(r, row->res, "detail.html", ctx);
}

/* ---- drift ---- */

bool page_drift(struct req *r) {
	struct val id = val_int(r->id);
	struct row *row;
	struct map *ctx;
	struct result q;

	if (!detail_load(r, &row))
		return false;
	ctx = detail_new(r, row, "");
	if (ctx == NULL)
		return false;
	put_bool(ctx, "can_read", may_read_texts(r));
	put_bool(ctx, "can_plan", may(&r->store, &res_router, "deploy_router_configuration"));
	sides_put(r, "", ctx);
	if (may_read_texts(r)) {
		if (!db_named(r->db, r->a, Q_DEPLOY_DRIFT_TEXT, &id, &q, &r->err))
			return false;
		sides_put(r, q.n == 0 ? "" : result_at(&q, 0, 0).u.s, ctx);
	}
	map_set(ctx, "object", val_obj(&row->obj));
	map_set(ctx, "state", cell_of(r, row, res_field(row->res, "state")));
	map_set(ctx, "router", cell_of(r, row, res_field(row->res, "router")));
	put_str(ctx, "since", time_text(r, row_get(row, "since")));
	put_str(ctx, "checked", time_text(r, row_get(row, "checked")));
	return page_render_for(r, row->res, "detail.html", ctx);
}
