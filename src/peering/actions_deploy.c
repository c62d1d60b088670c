/* actions_deploy.c: what may be done with deployments: plan, approve, run, reject, stop. */
#include "config.h"

#include <stdio.h>

#include "base/json.h"
#include "db/queries.h"
#include "model/tables/tables.h"
#include "peering/actions.h"
#include "peering/deploy.h"

static const char *page_of(struct action_call *c, int64_t id) {
	return arena_printf(c->s->a, "/devices/deployments/%lld/", (long long)id);
}

static bool status_in(const struct row *d, const char *const *words) {
	const char *status = val_cstr(row_get(d, "status"), "");

	for (; *words != NULL; words++) {
		if (strcmp(*words, status) == 0)
			return true;
	}
	return false;
}

bool deployment_is_planned(const struct row *d) {
	return status_in(d, (const char *const[]){ "planned", NULL });
}

bool deployment_is_approved(const struct row *d) {
	return status_in(d, (const char *const[]){ "approved", NULL });
}

bool deployment_may_run(const struct row *d) {
	return status_in(d, (const char *const[]){ "planning", "planned", "approved", "queued", NULL });
}

bool deployment_runs(const struct row *d) {
	return status_in(d, (const char *const[]){ "applying", "waiting", NULL });
}

bool deployment_is_over(const struct row *d) {
	return !deployment_may_run(d) && !deployment_runs(d);
}

/* ---- reading the input ---- */

static const char *text(const struct action_call *c, const char *name) {
	const char *s = val_cstr(map_get(c->input, name), "");

	return *s == '\0' ? NULL : s;
}

/* A number of JSON, or typed into a form. */
static bool number(struct action_call *c, const char *name, int64_t *n, struct err *e) {
	struct val v = map_get(c->input, name);
	long long typed;
	char rest;

	if (val_is_null(v) || (v.type == V_STR && v.len == 0))
		return true;
	if (v.type == V_INT)
		*n = v.u.i;
	else if (v.type == V_STR && sscanf(v.u.s, "%lld%c", &typed, &rest) == 1)
		*n = typed;
	else
		return err_set(e, ERR_INVALID, name, "%s must be a whole number", name);
	return true;
}

static bool settings(struct action_call *c, struct deploy_ask *q, struct err *e) {
	q->gate_share = -1;
	q->reason = text(c, "reason");
	q->not_before = text(c, "not_before");
	q->not_after = text(c, "not_after");
	q->mode = text(c, "mode");
	return number(c, "confirm_seconds", &q->confirm_seconds, e) && number(c, "gate_seconds", &q->gate_seconds, e) &&
	    number(c, "gate_share", &q->gate_share, e);
}

static bool router_id(struct action_call *c, struct val v, int64_t *id, struct err *e) {
	struct map *m = map_new(c->s->a, 1);
	long long typed;
	char rest;

	if (v.type == V_INT)
		*id = v.u.i;
	else if (v.type == V_MAP)
		return store_find(c->s, &res_router, v.u.map, id, e);
	else if (v.type == V_STR && sscanf(v.u.s, "%lld%c", &typed, &rest) == 1)
		*id = typed;
	else if (v.type == V_STR) {
		map_set(m, "name", v);
		return store_find(c->s, &res_router, m, id, e);
	} else
		return err_set(e, ERR_INVALID, "routers", "a router is named by its number or its name");
	return true;
}

/* "routers": a list, or one. */
static bool routers(struct action_call *c, int64_t **ids, size_t *n, struct err *e) {
	struct val v = map_get(c->input, "routers");
	size_t i;

	*n = v.type == V_LIST ? v.u.list->n : v.type == V_UNDEF || (v.type == V_STR && v.len == 0) ? 0 : 1;
	if (*n > DEPLOY_ROUTERS_MAX)
		return err_set(e, ERR_INVALID, "routers", "name between 1 and %d routers", DEPLOY_ROUTERS_MAX);
	*ids = arena_new(c->s->a, int64_t, *n + 1);
	for (i = 0; i < *n; i++) {
		if (!router_id(c, v.type == V_LIST ? v.u.list->v[i] : v, &(*ids)[i], e))
			return false;
	}
	return true;
}

/* ---- plan ---- */

static bool answer(struct action_call *c, const int64_t *ids, size_t n, struct err *e) {
	struct result rows = { .n = n, .cols = 1, .v = arena_new(c->s->a, struct val, n + 1) };
	struct actor anyone = { .authenticated = true, .superuser = true };
	struct store s = *c->s;
	struct action_call as = *c;

	for (size_t i = 0; i < n; i++)
		rows.v[i] = val_int(ids[i]);
	s.actor = &anyone;
	as.s = &s;
	c->status = 202;
	return action_rows(&as, &res_deployment, &rows, FORM_FULL, e);
}

static bool ask(struct action_call *c, struct deploy_ask *q, struct err *e) {
	int64_t *ids = arena_new(c->s->a, int64_t, q->nrouters + 1);
	struct result r;

	if (!deploy_ask(c->s, q, ids, e))
		return false;
	for (size_t i = 0; i < q->nrouters; i++) {
		if (!db_named(c->s->db, c->s->a, Q_DEPLOY_JOB_OF, (struct val[]){ val_int(ids[i]) }, &r, e))
			return false;
		list_push(c->jobs, result_at(&r, 0, 0));
	}
	c->go = page_of(c, ids[0]);
	c->said = arena_printf(c->s->a, "Deployment %lld is planned; the router is asked what would change.", (long long)ids[0]);
	return answer(c, ids, q->nrouters, e);
}

bool act_plan(struct action_call *c, struct err *e) {
	struct deploy_ask q = { .routers = &c->object->id, .nrouters = 1 };

	return settings(c, &q, e) && ask(c, &q, e);
}

bool act_deployment_plan(struct action_call *c, struct err *e) {
	struct deploy_ask q = { 0 };
	int64_t *ids;

	if (!settings(c, &q, e) || !routers(c, &ids, &q.nrouters, e) || !number(c, "restores", &q.restores, e))
		return false;
	q.routers = ids;
	return ask(c, &q, e);
}

bool act_replan(struct action_call *c, struct err *e) {
	struct deploy_ask q = { .gate_share = -1 };
	struct result r;
	int64_t *ids;
	size_t i;

	if (!db_named(c->s->db, c->s->a, Q_DEPLOY_AGAIN, (struct val[]){ val_int(c->object->id) }, &r, e))
		return false;
	ids = arena_new(c->s->a, int64_t, r.n + 1);
	for (i = 0; i < r.n; i++) {
		if (result_at(&r, i, 0).type != V_INT)
			return err_set(e, ERR_CONFLICT, NULL, "the router %s is gone", val_cstr(result_at(&r, i, 1), ""));
		ids[i] = result_at(&r, i, 0).u.i;
	}
	q.routers = ids;
	q.nrouters = r.n;
	q.reason = val_cstr(result_at(&r, 0, 2), NULL);
	q.confirm_seconds = result_at(&r, 0, 3).type == V_INT ? result_at(&r, 0, 3).u.i : 0;
	q.gate_seconds = result_at(&r, 0, 4).u.i;
	q.gate_share = result_at(&r, 0, 5).u.i;
	q.restores = result_at(&r, 0, 6).type == V_INT ? result_at(&r, 0, 6).u.i : 0;
	return ask(c, &q, e);
}

/* ---- decide ---- */

/* The deployment as it is now. */
static bool answer_one(struct action_call *c, int status, struct err *e) {
	struct row *row;

	if (!store_get(c->s, &res_deployment, c->object->id, "view", &row, e))
		return e->code == ERR_NOT_FOUND;
	row_json(c->s, c->body, row, FORM_FULL, NULL, NULL);
	c->status = status;
	c->go = page_of(c, c->object->id);
	return true;
}

bool act_deployment_approve(struct action_call *c, struct err *e) {
	const char *already;

	if (!deploy_approve(c->s, c->object->id, &already, e)) {
		if (e->code != ERR_DENIED)
			return false;
		c->status = 403;
		c->said = arena_strdup(c->s->a, e->msg);
		sb_str(c->body, "{\"detail\":");
		sb_json(c->body, e->msg, strlen(e->msg));
		sb_chr(c->body, '}');
		return true;
	}
	c->said = already == NULL ? "Approved." : arena_printf(c->s->a, "Approved by %s already, with those planned together.", already);
	return answer_one(c, 200, e);
}

bool act_deployment_run(struct action_call *c, struct err *e) {
	int64_t job;

	if (!deploy_run(c->s, c->object->id, &job, e))
		return false;
	list_push(c->jobs, val_int(job));
	return answer_one(c, 202, e);
}

bool act_deployment_reject(struct action_call *c, struct err *e) {
	bool running;

	if (!deploy_reject(c->s, c->object->id, text(c, "reason"), &running, e))
		return false;
	c->said = running ? "It is asked to go back." : "Rejected.";
	c->stops = true;
	return answer_one(c, running ? 202 : 200, e);
}

/* ---- reading ---- */

bool act_deployment_steps(struct action_call *c, struct err *e) {
	static const char *const step[] = { "n", "time", "step", "ok", "message", NULL };
	static const char *const neighbour[] = { "address", "vrf", "asn", "state_before", "state_after", "accepted_before", "accepted_after", "change", NULL };
	static const char *const member[] = { "id", "router", "status", NULL };
	struct val id = val_int(c->object->id);
	struct map *m = map_new(c->s->a, 3);
	struct result r;

	if (!db_named(c->s->db, c->s->a, Q_DEPLOY_STEPS, &id, &r, e))
		return false;
	map_set(m, "steps", result_maps(c->s->a, &r, step));
	if (!db_named(c->s->db, c->s->a, Q_DEPLOY_NEIGHBOURS, &id, &r, e))
		return false;
	map_set(m, "neighbours", result_maps(c->s->a, &r, neighbour));
	if (!db_named(c->s->db, c->s->a, Q_DEPLOY_MEMBERS, &id, &r, e))
		return false;
	map_set(m, "together", result_maps(c->s->a, &r, member));
	json_write(c->body, val_map(m));
	return true;
}

bool act_deployment_texts(struct action_call *c, struct err *e) {
	static const char *const names[] = { "rendered", "candidate", "running", "diff", "after", NULL };
	struct result r;

	if (!db_named(c->s->db, c->s->a, Q_DEPLOY_TEXT_OF, (struct val[]){ val_int(c->object->id) }, &r, e))
		return false;
	json_write(c->body, result_maps(c->s->a, &r, names).u.list->v[0]);
	return true;
}

/* ---- the emergency stop ---- */

bool act_deployment_stopped(struct action_call *c, struct err *e) {
	struct map *m = map_new(c->s->a, 4);
	struct deploy_stop stop;

	if (!deploy_stop_read(c->s->db, c->s->a, &stop, e))
		return false;
	map_set(m, "stopped", val_bool(stop.stopped));
	map_set(m, "by", val_str(stop.by_name));
	map_set(m, "reason", val_str(stop.reason));
	map_set(m, "since", val_str(stop.since));
	json_write(c->body, val_map(m));
	c->said = stop.stopped ? "The emergency stop is pressed." : "The emergency stop is not pressed.";
	return true;
}

static bool set_stop(struct action_call *c, bool stopped, struct err *e) {
	c->go = "/devices/deployments/";
	c->stops = true;
	return deploy_stop_set(c->s, stopped, text(c, "reason"), e) && act_deployment_stopped(c, e);
}

bool act_deployment_stop(struct action_call *c, struct err *e) {
	return set_stop(c, true, e);
}

bool act_deployment_resume(struct action_call *c, struct err *e) {
	return set_stop(c, false, e);
}

/* ---- as Peering Manager has it ---- */

bool action_each_router(struct action_call *c, const char *verb, router_fn *fn, void *arg, struct err *e) {
	struct row *router;
	size_t n, there = 0;
	int64_t *ids;

	if (map_get(c->input, "routers").type != V_LIST)
		return problem_add(&c->problems, "routers", "This field is required."), err_set(e, ERR_INVALID, "routers", "routers must be a list of ids");
	if (!routers(c, &ids, &n, e))
		return false;
	if (n == 0) {
		c->status = 400;
		c->said = "routers list must not be empty";
		sb_str(c->body, "[\"routers list must not be empty\"]");
		return true;
	}
	for (size_t i = 0; i < n; i++) {
		if (!store_get(c->s, &res_router, ids[i], verb, &router, e)) {
			if (e->code == ERR_NOT_FOUND)
				continue;
			return false;
		}
		there++;
		if (!fn(c, router, arg, e))
			return false;
	}
	if (there == 0) {
		c->status = 404;
		c->said = "None of these routers is there.";
	}
	return true;
}

static bool configure(struct action_call *c, struct row *router, void *parameters, struct err *e) {
	return action_job(c, &(struct job_request){ .name = DEPLOY_CONFIGURE_JOB, .res = &res_router, .object_id = router->id, .parameters = parameters,
	    .queue = "high", .lock_key = job_lock(c->s->a, &res_router, router->id) }, e);
}

bool act_configure(struct action_call *c, struct err *e) {
	struct map *parameters = map_new(c->s->a, 2);
	struct val commit = map_get(c->input, "commit");

	map_set(parameters, "commit", val_bool(commit.type == V_BOOL ? commit.u.b : text(c, "commit") != NULL && strcmp(text(c, "commit"), "true") == 0));
	if (text(c, "reason") != NULL)
		map_set(parameters, "reason", val_str(text(c, "reason")));
	return action_each_router(c, "deploy_router_configuration", configure, parameters, e);
}

bool act_test_connection(struct action_call *c, struct err *e) {
	c->plain_job = true;
	return action_job(c, &(struct job_request){ .name = "devices.router.test_napalm_connection", .queue = "high",
	    .lock_key = job_lock(c->s->a, &res_router, c->object->id) }, e);
}
