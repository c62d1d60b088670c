/* action.c: actions (model/action.h) as routes: the API's endpoint of each, the button of a page, the same for several at once. */
#include "config.h"

#include "base/limits.h"
#include "model/action.h"
#include "web/page.h"

/* ---- which ---- */

static bool serves(const struct handler *h, const struct resource *res) {
	for (const struct resource *const *p = h->resources; *p != NULL; p++) {
		if (*p == res)
			return true;
	}
	return false;
}

static struct route route_to(const struct action *t, const char *pattern, bool api) {
	bool reads = (t->flags & ACTION_READS) != 0, many = (t->flags & ACTION_TYPE) == 0 && strstr(pattern, "{id}") == NULL;

	return (struct route){
		.methods = api && action_gets(t) ? M_GET : M_POST,
		.pattern = pattern, .res = t->res, .verb = t->verb,
		.fn = api ? many ? api_action_many : api_action : many ? page_action_many : page_action,
		.flags = (reads ? 0 : ROUTE_WRITES) | (t->flags & ACTION_GET_JOB ? ROUTE_GET_WRITES : 0) | (strstr(pattern, "{id}") ? ROUTE_OBJECT : 0),
		.label = t->label, .help = t->help,
	};
}

void actions_each(struct arena *a, const struct handler *h, const char *name, action_route_fn *fn, void *arg) {
	for (const struct action *t = h->actions; t != NULL && t->name != NULL; t++) {
		if ((name != NULL && strcmp(name, t->name) != 0) || !serves(h, t->res))
			continue;
		for (int api = 1; api >= 0; api--) {
			const char *paths[2] = { action_path(a, t, api, false), t->flags & ACTION_MANY ? action_path(a, t, api, true) : NULL };

			for (size_t i = 0; i < ARRAY_LEN(paths) && (api || action_button(t)); i++) {
				struct route route;

				if (paths[i] == NULL)
					continue;
				route = route_to(t, paths[i], api);
				fn(arg, t, &route);
			}
		}
	}
}

/* ---- running ---- */

/* Query, form or JSON as one map. */
static bool input_of(struct req *r, struct val *in) {
	struct map *m;

	if (method_writes(r->method))
		return r->body_in_len == 0 ? (*in = val_map(map_new(r->a, 0)), true) : req_input(r, in);
	m = map_new(r->a, r->nparams);
	for (size_t i = 0; i < r->nparams; i++)
		map_set(m, r->params[i].name, val_str(r->params[i].value));
	*in = val_map(m);
	return true;
}

static bool run(struct req *r, struct action_call *c) {
	if (!action_may(&r->store, r->action))
		return req_fail(r, ERR_DENIED, r->json ? "You do not have permission to perform this action." : "You may not do this.");
	if (!action_run(c, r->action, &r->err)) {
		r->problems = c->problems;
		return false;
	}
	r->news = c->stops ? JOB_STOP : c->jobs->n > 0 ? JOB_NEW : JOB_QUIET;
	return true;
}

static bool answer(struct req *r, const struct action_call *c) {
	r->status = c->status != 0 ? c->status : c->jobs->n > 0 ? 202 : 200;
	r->body = *c->body;
	if (c->body->len > 0)
		r->response_type = "application/json";
	return true;
}

/* After the commit: the jobs may be through in a moment, and then the answer is what they found. */
static bool later(struct req *r) {
	struct action_call *c = r->call;
	bool ended;

	if (!action_wait(c, &ended, &r->err))
		return false;
	if (!ended)
		return true;
	sb_reset(c->body);
	c->status = 0;
	if (!db_begin(r->db, DB_READ, &r->err) ||
	    (c->object != NULL && !store_get(&r->store, r->res, r->id, r->action->verb, &c->object, &r->err)))
		return false;
	if (!r->action->then(c, &r->err) || !db_commit(r->db, &r->err))
		return false;
	r->status = c->status == 0 ? 200 : c->status;
	r->body = *c->body;
	return true;
}

bool api_action(struct req *r) {
	struct action_call *c = arena_new(r->a, struct action_call, 1);
	struct val in;

	if (!input_of(r, &in))
		return false;
	/* a body that is no object says nothing to an action, as its clients send the object itself */
	*c = action_call(&r->store, r->action, r->object, in.type == V_MAP ? in.u.map : map_new(r->a, 0));
	if (!run(r, c))
		return false;
	if (c->jobs->n > 0 && c->wait > 0 && r->action->then != NULL && !r->dry_run) {
		r->call = c;
		r->after = later;
	}
	return answer(r, c);
}

/* ---- several ---- */

struct outcome {
	size_t done, refused;
	const char *why;                /* of the first refusal */
	struct list *jobs;
};

/* What the objects are to be changed to, in pieces. */
static bool write_all(struct req *r, struct put *put, size_t n) {
	size_t bad;

	for (size_t i = 0; i < n; i += PUT_PIECE) {
		if (!store_put_all(&r->store, r->res, put + i, n - i < PUT_PIECE ? n - i : PUT_PIECE, &bad, &r->problems, &r->err))
			return false;
	}
	return true;
}

/* One after the other; what they write is kept for later. */
static bool ask_each(struct req *r, const struct rows *rows, struct put *put, size_t *n, struct outcome *sum) {
	for (size_t i = 0; i < rows->n; i++) {
		struct action_call c = action_call(&r->store, r->action, rows->row[i], map_new(r->a, 0));

		c.writes = list_new(r->a, 1);
		if (!r->action->fn(&c, &r->err)) {
			r->problems = c.problems;
			return false;
		}
		for (size_t k = 0; k < c.writes->n; k++)
			put[(*n)++] = (struct put){ .id = rows->row[i]->id, .input = c.writes->v[k].u.map, .key = map_new(r->a, 0), .checked = true };
		for (size_t k = 0; k < c.jobs->n; k++)
			list_push(sum->jobs, c.jobs->v[k]);
		sum->done += c.status < 400;
		sum->refused += c.status >= 400;
		if (c.status >= 400 && sum->why == NULL)
			sum->why = arena_printf(r->a, "%s: %s", row_text(r, rows->row[i]), c.said);
	}
	return true;
}

/* All of them or none: a mistake ends it; one that refuses is told. */
static bool each(struct req *r, const struct rows *rows, struct outcome *sum) {
	struct refs_memo memo = { .a = r->a, .known = map_new(r->a, 8) };
	struct put *put = arena_new(r->a, struct put, rows->n);
	size_t n = 0;
	bool ok;

	if (!action_may(&r->store, r->action))
		return req_fail(r, ERR_DENIED, "You do not have permission to perform this action.");
	r->store.memo = &memo;
	ok = store_prepare(&r->store, r->res, rows, &r->err) && ask_each(r, rows, put, &n, sum) && write_all(r, put, n);
	r->store.memo = NULL;
	if (!ok)
		return false;
	r->news = sum->jobs->n > 0 ? JOB_NEW : JOB_QUIET;
	return true;
}

/* [{"id": 1}, {"id": 2}] */
static bool ids_of(struct req *r, struct val in, int64_t **ids, size_t *n) {
	if (in.type != V_LIST || in.u.list->n > LIMIT_BULK)
		return req_fail(r, ERR_INVALID, "A list of at most %d objects, as [{\"id\": 1}], is wanted.", LIMIT_BULK);
	*n = in.u.list->n;
	*ids = arena_new(r->a, int64_t, *n + 1);
	for (size_t i = 0; i < *n; i++) {
		struct val one = in.u.list->v[i], id = one.type == V_MAP ? map_get(one.u.map, "id") : one;

		if (id.type != V_INT)
			return req_fail(r, ERR_INVALID, "Object %zu of the list has no \"id\" that is a number.", i);
		(*ids)[i] = id.u.i;
	}
	return true;
}

bool api_action_many(struct req *r) {
	struct query q = { .res = r->res, .form = FORM_FULL, .action = r->route->verb };
	struct outcome sum = { .jobs = list_new(r->a, 8) };
	struct rows rows = { 0 };
	struct map *m = map_new(r->a, 4);
	struct val in;
	int64_t *ids = NULL;

	if (!req_input(r, &in) || !ids_of(r, in, &ids, &q.nids))
		return false;
	q.ids = ids;
	if ((q.nids > 0 && !store_list(&r->store, &q, &rows, NULL, &r->err)) || !each(r, &rows, &sum))
		return false;
	put_int(m, "done", (int64_t)sum.done);
	put_int(m, "refused", (int64_t)sum.refused);
	put_str(m, "detail", sum.why);
	map_set(m, "jobs", val_list(sum.jobs));
	r->status = sum.jobs->n > 0 ? 202 : 200;
	return req_json(r, val_map(m));
}

/* ---- pages ---- */

static const char *back_to(struct req *r) {
	return page_return(r, r->object == NULL ? arena_printf(r->a, "/%s/", r->res->page) : row_path(r, r->object) == NULL ?
	    arena_printf(r->a, "/%s/", r->res->page) : row_path(r, r->object));
}

static bool to_jobs(struct req *r, const struct list *jobs, const char *otherwise) {
	if (jobs->n == 1)
		return req_redirect(r, arena_printf(r->a, "/core/jobs/%lld/log/", (long long)jobs->v[0].u.i));
	return req_redirect(r, otherwise);
}

/* What was wrong, told on the page that the button was pressed on. */
static bool refused(struct req *r) {
	const struct map *m = r->problems.fields;

	if (r->err.code == ERR_INVALID && m != NULL && m->n > 0 && map_val(m, 0).type == V_LIST && map_val(m, 0).u.list->n > 0)
		err_set(&r->err, ERR_INVALID, NULL, "%s: %s", val_cstr(map_key(m, 0), ""), val_cstr(map_val(m, 0).u.list->v[0], ""));
	else if (r->err.code != ERR_CONFLICT && r->err.code != ERR_INVALID && r->err.code != ERR_PRECONDITION)
		return false;
	db_rollback(r->db);
	r->news = JOB_QUIET;
	page_flash(r, "danger", "%s", r->err.msg);
	r->err = (struct err){ 0 };
	r->problems.fields = NULL;
	return req_redirect(r, back_to(r));
}

bool page_action(struct req *r) {
	struct action_call c;
	struct val in;

	if (!input_of(r, &in))
		return false;
	c = action_call(&r->store, r->action, r->object, in.type == V_MAP ? in.u.map : map_new(r->a, 0));
	if (!run(r, &c))
		return refused(r);
	if (c.said != NULL && *c.said != '\0')
		page_flash(r, c.status >= 400 ? "danger" : "success", "%s", c.said);
	return c.go != NULL ? req_redirect(r, c.go) : to_jobs(r, c.jobs, back_to(r));
}

bool page_action_many(struct req *r) {
	struct outcome sum = { .jobs = list_new(r->a, 8) };
	struct rows rows;

	if (!page_selected(r, r->route->verb, FORM_FULL, &rows))
		return false;
	if (rows.n == 0)
		page_flash(r, "warning", "Nothing was selected.");
	else if (!each(r, &rows, &sum))
		return refused(r);
	if (sum.done > 0)
		page_flash(r, "success", "%s: %zu %s.", r->action->label, sum.done, sum.done == 1 ? r->res->name : r->res->plural);
	if (sum.refused > 0)
		page_flash(r, "warning", "%zu not done. %s", sum.refused, sum.why == NULL ? "" : sum.why);
	return to_jobs(r, sum.jobs, back_to(r));
}

/* {label, help, href}: what the actor may do with the object, or with several of a list. */
struct val action_buttons(struct req *r, const struct resource *res, const struct row *row) {
	struct list *out = list_new(r->a, 4);

	for (const struct action *t = r->handler->actions; t != NULL && t->name != NULL; t++) {
		struct map *m;

		if (t->res != res || !action_button(t) || (t->flags & ACTION_TYPE) || (row == NULL && (t->flags & ACTION_MANY) == 0) ||
		    (row != NULL && t->fits != NULL && !t->fits(row)) || !action_may(&r->store, t))
			continue;
		m = map_new(r->a, 3);
		put_str(m, "label", t->label);
		put_str(m, "help", t->help == NULL ? "" : t->help);
		put_str(m, "href", row == NULL ? page_href(r, "/%s/%s/", res->page, t->name) :
		    page_href(r, "/%s/%lld/%s/", res->page, (long long)row->id, t->name));
		list_push(out, val_map(m));
	}
	return val_list(out);
}
