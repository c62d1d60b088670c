/* deploy.c: asking for changes of routers, deciding about them, stopping them. */
#include "config.h"

#include "base/conf.h"
#include "db/queries.h"
#include "model/job.h"
#include "model/tables/tables.h"
#include "peering/deploy.h"

enum { RUN_SPARE_SECONDS = 240 };       /* what a run may take beyond the router's timer: reading, staging, going back */

static struct val user_or_null(const struct store *s) {
	return s->actor->user_id == 0 ? val_null() : val_int(s->actor->user_id);
}

/* ---- asking ---- */

static bool seconds_ok(int64_t n, int64_t max, const char *field, struct err *e) {
	return (n >= 1 && n <= max) || err_set(e, ERR_INVALID, field, "%s must be between 1 and %lld", field, (long long)max);
}

static bool ask_ok(struct store *s, struct deploy_ask *q, struct err *e) {
	if (q->confirm_seconds == 0)
		q->confirm_seconds = s->conf->deploy_confirm_seconds;
	if (q->gate_seconds == 0)
		q->gate_seconds = s->conf->deploy_gate_seconds;
	if (q->gate_share < 0)
		q->gate_share = s->conf->deploy_gate_share;
	if (!seconds_ok(q->confirm_seconds, DEPLOY_CONFIRM_MAX, "confirm_seconds", e) || !seconds_ok(q->gate_seconds, DEPLOY_GATE_MAX, "gate_seconds", e))
		return false;
	if (q->gate_share > 100)
		return err_set(e, ERR_INVALID, "gate_share", "gate_share must be between 0 and 100 percent");
	if (q->gate_seconds >= q->confirm_seconds)
		return err_set(e, ERR_INVALID, "gate_seconds", "gate_seconds (%lld) must be less than confirm_seconds (%lld): the router goes back before it is known",
		    (long long)q->gate_seconds, (long long)q->confirm_seconds);
	if (q->mode != NULL && strcmp(q->mode, "merge") != 0 && strcmp(q->mode, "replace") != 0)
		return err_set(e, ERR_INVALID, "mode", "mode must be \"merge\" or \"replace\", not \"%.40s\"", q->mode);
	return true;
}

/* What is gone back to must be a text of that router that can be given to it. */
static bool restore_ok(struct store *s, const struct deploy_ask *q, struct err *e) {
	struct result r;

	if (q->restores == 0)
		return true;
	if (!db_named(s->db, s->a, Q_DEPLOY_VERSION, (struct val[]){ val_int(q->restores) }, &r, e))
		return false;
	if (r.n == 0)
		return err_set(e, ERR_NOT_FOUND, "restores", "there is no archived configuration %lld", (long long)q->restores);
	if (strcmp(val_cstr(result_at(&r, 0, 3), ""), "diff") == 0)
		return err_set(e, ERR_INVALID, "restores", "a difference cannot be gone back to; choose a rendered or running configuration");
	if (q->nrouters != 1 || result_at(&r, 0, 1).type != V_INT || result_at(&r, 0, 1).u.i != q->routers[0])
		return err_set(e, ERR_INVALID, "restores", "archived configuration %lld is of the router %s", (long long)q->restores,
		    val_cstr(result_at(&r, 0, 2), ""));
	return true;
}

static bool add(struct store *s, const struct deploy_ask *q, int64_t router_id, int64_t together, int64_t *id, struct err *e) {
	struct result r;

	if (!db_named(s->db, s->a, Q_DEPLOY_ADD, (struct val[]){ val_int(router_id), user_or_null(s), val_str(s->actor->user_name),
	    val_str(q->reason == NULL ? "" : q->reason), val_str_or_null(q->not_before), val_str_or_null(q->not_after), val_int(q->confirm_seconds),
	    val_int(q->gate_seconds), val_int(q->gate_share), together == 0 ? val_null() : val_int(together),
	    q->restores == 0 ? val_null() : val_int(q->restores) }, &r, e))
		return false;
	if (r.n == 0)
		return err_set(e, ERR_NOT_FOUND, "routers", "there is no router %lld", (long long)router_id);
	*id = result_at(&r, 0, 0).u.i;
	return true;
}

bool deploy_add(struct store *s, const struct deploy_ask *asked, int64_t router_id, int64_t together, int64_t *id, struct err *e) {
	struct deploy_ask q = *asked;

	return ask_ok(s, &q, e) && restore_ok(s, &q, e) && add(s, &q, router_id, together, id, e);
}

static bool plan_job(struct store *s, const struct deploy_ask *q, int64_t router_id, int64_t deployment, struct err *e) {
	struct map *parameters = map_new(s->a, 1);
	int64_t job;

	if (q->mode != NULL)
		map_set(parameters, "mode", val_str(q->mode));
	return job_enqueue(s->db, s->a, &(struct job_request){ .name = DEPLOY_PLAN_JOB, .res = &res_deployment, .object_id = deployment,
	    .parameters = parameters, .user_id = s->actor->user_id, .request_id = s->request_id, .queue = "high",
	    .lock_key = job_lock(s->a, &res_router, router_id) }, &job, e) &&
	    db_named(s->db, s->a, Q_DEPLOY_JOB, (struct val[]){ val_int(deployment), val_int(job) }, NULL, e);
}

bool deploy_ask(struct store *s, const struct deploy_ask *asked, int64_t *ids, struct err *e) {
	struct deploy_ask q = *asked;
	struct row *router;
	size_t i, k;

	if (q.nrouters == 0 || q.nrouters > DEPLOY_ROUTERS_MAX)
		return err_set(e, ERR_INVALID, "routers", "name between 1 and %d routers", DEPLOY_ROUTERS_MAX);
	if (!ask_ok(s, &q, e) || !restore_ok(s, &q, e))
		return false;
	for (i = 0; i < q.nrouters; i++) {
		for (k = 0; k < i; k++) {
			if (q.routers[k] == q.routers[i])
				return err_set(e, ERR_INVALID, "routers", "router %lld is named twice", (long long)q.routers[i]);
		}
		if (!store_get(s, &res_router, q.routers[i], "deploy_router_configuration", &router, e))
			return false;
		if (!add(s, &q, q.routers[i], i == 0 ? 0 : ids[0], &ids[i], e) || !plan_job(s, &q, q.routers[i], ids[i], e))
			return false;
	}
	return q.nrouters == 1 || db_named(s->db, s->a, Q_DEPLOY_TOGETHER, (struct val[]){ val_int(ids[0]) }, NULL, e);
}

/* ---- deciding ---- */

enum { G_ID, G_ROUTER, G_NAME, G_STATUS, G_RISKS, G_BY_ID, G_BY_NAME, G_CONFIRM, G_GATE, G_WAIT, G_OVER, G_JOB, G_NOT_AFTER,
	G_APPROVED_BY };

static bool is(struct val v, const char *text) {
	return strcmp(val_cstr(v, ""), text) == 0;
}

static bool group(struct store *s, int64_t id, struct result *g, struct err *e) {
	if (!db_named(s->db, s->a, Q_DEPLOY_GROUP, (struct val[]){ val_int(id) }, g, e))
		return false;
	return g->n > 0 || err_set(e, ERR_NOT_FOUND, NULL, "there is no deployment %lld", (long long)id);
}

/* The ids of those with that status. */
static struct list *with_status(struct store *s, const struct result *g, const char *status) {
	struct list *l = list_new(s->a, g->n);

	for (size_t i = 0; i < g->n; i++) {
		if (is(result_at(g, i, G_STATUS), status))
			list_push(l, result_at(g, i, G_ID));
	}
	return l;
}

static const char *joined(struct store *s, struct val names) {
	struct sbuf b;

	sb_init(&b, s->a);
	for (size_t i = 0; names.type == V_LIST && i < names.u.list->n; i++)
		sb_fmt(&b, "%s\"%s\"", i == 0 ? "" : ", ", val_cstr(names.u.list->v[i], ""));
	return b.s;
}

static bool second_person(struct store *s, const struct result *g, size_t i, struct err *e) {
	struct val risks = result_at(g, i, G_RISKS), by = result_at(g, i, G_BY_ID);
	bool same = by.type == V_INT ? by.u.i == s->actor->user_id : s->actor->user_id == 0 && is(result_at(g, i, G_BY_NAME), s->actor->user_name);

	if (!same || risks.type != V_LIST || risks.u.list->n == 0)
		return true;
	return err_set(e, ERR_DENIED, NULL, "deployment %lld of %s needs the approval of somebody else than %s: %s", (long long)result_at(g, i, G_ID).u.i,
	    val_cstr(result_at(g, i, G_NAME), ""), s->actor->user_name, joined(s, risks));
}

/* All of the group must be in `want`, or have nothing to do. */
static bool all_are(const struct result *g, const char *want, const char *todo, struct err *e) {
	size_t n = 0;

	for (size_t i = 0; i < g->n; i++) {
		struct val status = result_at(g, i, G_STATUS);

		if (is(status, want))
			n++;
		else if (!is(status, "unchanged"))
			return err_set(e, ERR_CONFLICT, NULL, "deployment %lld of %s is %s; only what is %s can be %s", (long long)result_at(g, i, G_ID).u.i,
			    val_cstr(result_at(g, i, G_NAME), ""), val_cstr(status, ""), want, todo);
	}
	return n > 0 || err_set(e, ERR_CONFLICT, NULL, "there is nothing to change");
}

/* By whom all that there is to do is approved already; NULL: it is not. */
static const char *approved_by(const struct result *g) {
	const char *who = NULL;

	for (size_t i = 0; i < g->n; i++) {
		if (is(result_at(g, i, G_STATUS), "approved"))
			who = val_cstr(result_at(g, i, G_APPROVED_BY), "");
		else if (!is(result_at(g, i, G_STATUS), "unchanged"))
			return NULL;
	}
	return who;
}

bool deploy_approve(struct store *s, int64_t id, const char **already, struct err *e) {
	struct result g;
	struct list *ids;

	if (!group(s, id, &g, e))
		return false;
	*already = approved_by(&g);
	if (*already != NULL)
		return true;
	if (!all_are(&g, "planned", "approved", e))
		return false;
	for (size_t i = 0; i < g.n; i++) {
		if (!second_person(s, &g, i, e))
			return false;
	}
	ids = with_status(s, &g, "planned");
	return db_named(s->db, s->a, Q_DEPLOY_APPROVE, (struct val[]){ val_list(ids), user_or_null(s), val_str(s->actor->user_name) }, NULL, e) &&
	    db_named(s->db, s->a, Q_DEPLOY_APPROVE_ARCHIVE, (struct val[]){ val_list(ids), val_str(s->actor->user_name) }, NULL, e);
}

static bool not_stopped(struct store *s, struct err *e) {
	struct deploy_stop stop;

	if (!deploy_stop_read(s->db, s->a, &stop, e))
		return false;
	return !stop.stopped || err_set(e, ERR_CONFLICT, NULL, "the emergency stop is pressed (%s%s%s); release it first", stop.by_name,
	    *stop.reason == '\0' ? "" : ": ", stop.reason);
}

bool deploy_run(struct store *s, int64_t id, int64_t *job_id, struct err *e) {
	struct job_request q = { .name = DEPLOY_RUN_JOB, .res = &res_deployment, .user_id = s->actor->user_id, .request_id = s->request_id, .queue = "high" };
	struct result g;
	struct list *ids;
	size_t i;

	if (!not_stopped(s, e) || !group(s, id, &g, e) || !all_are(&g, "approved", "run", e))
		return false;
	ids = with_status(s, &g, "approved");
	q.object_id = result_at(&g, 0, G_ID).u.i;
	for (i = 0; i < g.n; i++) {
		struct val wait = result_at(&g, i, G_WAIT), over = result_at(&g, i, G_OVER);

		if (over.type == V_BOOL && over.u.b)
			return err_set(e, ERR_CONFLICT, NULL, "the change window of deployment %lld ended at %s", (long long)result_at(&g, i, G_ID).u.i,
			    val_cstr(result_at(&g, i, G_NOT_AFTER), ""));
		if (wait.type == V_FLOAT && wait.u.f > q.delay)
			q.delay = wait.u.f;
		if ((double)result_at(&g, i, G_CONFIRM).u.i + RUN_SPARE_SECONDS > q.time_limit)
			q.time_limit = (double)result_at(&g, i, G_CONFIRM).u.i + RUN_SPARE_SECONDS;
	}
	/* nothing else works on any of the routers meanwhile */
	q.lock_keys = list_new(s->a, g.n);
	for (i = 0; i < g.n; i++) {
		if (is(result_at(&g, i, G_STATUS), "approved") && result_at(&g, i, G_ROUTER).type == V_INT)
			list_push(q.lock_keys, val_str(job_lock(s->a, &res_router, result_at(&g, i, G_ROUTER).u.i)));
	}
	return job_enqueue(s->db, s->a, &q, job_id, e) &&
	    db_named(s->db, s->a, Q_DEPLOY_QUEUE, (struct val[]){ val_list(ids), val_int(*job_id), val_str(s->actor->user_name) }, NULL, e);
}

/* ---- ending ---- */

/* One that has ended in between is no mistake. */
static bool cancel(struct store *s, int64_t job, bool *running, struct err *e) {
	bool runs = false;

	if (!job_cancel(s->db, s->a, job, s->actor->user_name, &runs, e))
		return e->code == ERR_CONFLICT || e->code == ERR_NOT_FOUND;
	*running |= runs;
	return true;
}

bool deploy_reject(struct store *s, int64_t id, const char *why, bool *running, struct err *e) {
	static const char *const waiting[] = { "planning", "planned", "approved", "queued" };
	const char *text = arena_printf(s->a, "Rejected by %s%s%s", s->actor->user_name, why == NULL || *why == '\0' ? "" : ": ", why == NULL ? "" : why);
	struct list *ids = list_new(s->a, 4);
	struct result g;
	size_t i, k, under_way = 0;

	*running = false;
	if (!group(s, id, &g, e))
		return false;
	for (i = 0; i < g.n; i++) {
		for (k = 0; k < ARRAY_LEN(waiting); k++) {
			if (is(result_at(&g, i, G_STATUS), waiting[k]))
				list_push(ids, result_at(&g, i, G_ID));
		}
		under_way += is(result_at(&g, i, G_STATUS), "applying") || is(result_at(&g, i, G_STATUS), "waiting");
	}
	if (ids->n == 0 && under_way == 0)
		return err_set(e, ERR_CONFLICT, NULL, "deployment %lld is %s: it has ended", (long long)id, val_cstr(result_at(&g, 0, G_STATUS), ""));
	if (!db_named(s->db, s->a, Q_DEPLOY_REJECT, (struct val[]){ val_list(ids), user_or_null(s), val_str(s->actor->user_name), val_str(text) }, NULL, e))
		return false;
	for (i = 0; i < g.n; i++) {
		struct val job = result_at(&g, i, G_JOB), status = result_at(&g, i, G_STATUS);

		if (job.type == V_INT && !is(status, "planned") && !is(status, "approved") && !cancel(s, job.u.i, running, e))
			return false;
	}
	return true;
}

bool deploy_stop_read(struct db *db, struct arena *a, struct deploy_stop *out, struct err *e) {
	struct result r;

	if (!db_named(db, a, Q_DEPLOY_STOP_STATE, NULL, &r, e))
		return false;
	*out = (struct deploy_stop){ false, "", "", "" };
	if (r.n > 0)
		*out = (struct deploy_stop){ result_at(&r, 0, 0).u.b, result_at(&r, 0, 1).u.s, result_at(&r, 0, 2).u.s, result_at(&r, 0, 3).u.s };
	return true;
}

bool deploy_stop_set(struct store *s, bool stopped, const char *reason, struct err *e) {
	struct result jobs;
	bool running = false;

	if (reason != NULL && strlen(reason) > 500)
		return err_set(e, ERR_INVALID, "reason", "the reason may have 500 characters");
	if (!db_named(s->db, s->a, Q_DEPLOY_STOP_SET, (struct val[]){ val_bool(stopped), val_str(s->actor->user_name), val_str(reason == NULL ? "" : reason) },
	    NULL, e))
		return false;
	if (!stopped)
		return true;
	if (!db_named(s->db, s->a, Q_DEPLOY_RUNNING_JOBS, NULL, &jobs, e))
		return false;
	for (size_t i = 0; i < jobs.n; i++) {
		if (!cancel(s, result_at(&jobs, i, 0).u.i, &running, e))
			return false;
	}
	return true;
}
