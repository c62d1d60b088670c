/* actions_poll.c: asking routers how sessions are, and what is known of how they were. */
#include "config.h"

#include <stdlib.h>

#include "base/json.h"
#include "db/queries.h"
#include "model/tables/tables.h"
#include "peering/actions.h"

enum { WAIT_MS = 10000, DAYS = 30, DAYS_MOST = 400 };

static bool ask(struct action_call *c, int64_t router, struct err *e) {
	return action_job(c, &(struct job_request){ .name = "devices.router.poll_bgp_sessions", .res = &res_router, .object_id = router,
	    .lock_key = job_lock(c->s->a, &res_router, router) }, e);
}

bool act_poll_router(struct action_call *c, struct err *e) {
	c->plain_job = true;
	return ask(c, c->object->id, e);
}

static bool routers_of(struct action_call *c, struct result *r, struct err *e) {
	return db_named(c->s->db, c->s->a, Q_POLL_ROUTERS_OF, (struct val[]){ val_str(c->res->table), val_int(c->object->id) }, r, e);
}

/* One job for each router that has sessions of the object. */
bool act_poll_sessions(struct action_call *c, struct err *e) {
	struct result r;

	if (!routers_of(c, &r, e))
		return false;
	c->status = 202;
	for (size_t i = 0; i < r.n; i++) {
		if (!ask(c, result_at(&r, i, 0).u.i, e))
			return false;
	}
	if (r.n == 0)
		c->said = "No router has sessions of it.";
	return true;
}

/* ---- one session ---- */

static bool cannot(struct action_call *c, const char *why) {
	c->status = 503;
	c->said = why;
	return true;
}

bool act_poll_session(struct action_call *c, struct err *e) {
	struct result r, why;
	struct val router;

	if (!routers_of(c, &r, e))
		return false;
	if (r.n == 0)
		return cannot(c, "The session has no router.");
	router = result_at(&r, 0, 0);
	if (!db_named(c->s->db, c->s->a, Q_POLL_ROUTER, &router, &why, e))
		return false;
	if (why.n == 0 || result_at(&why, 0, 0).type != V_NULL)
		return cannot(c, why.n == 0 ? "The session has no router." : val_cstr(result_at(&why, 0, 0), ""));
	c->wait = WAIT_MS;
	return ask(c, router.u.i, e);
}

/* 200 and nothing when the router has told of it. */
bool then_poll_session(struct action_call *c, struct err *e) {
	struct val job = c->jobs->v[0];
	struct result r;

	if (!db_named(c->s->db, c->s->a, Q_POLL_OUTCOME, &job, &r, e))
		return false;
	if (r.n == 0 || strcmp(val_cstr(result_at(&r, 0, 0), ""), "completed") != 0)
		return cannot(c, r.n == 0 ? "The router was not asked." : val_cstr(result_at(&r, 0, 1), ""));
	if (row_get(c->object, "bgp_state").type != V_STR)
		return cannot(c, "The router does not have this session.");
	c->said = arena_printf(c->s->a, "The session is %s.", val_cstr(row_get(c->object, "bgp_state"), ""));
	return true;
}

/* ---- sessions that only routers know ---- */

/* A job that finds them; its page leads to where they are made. Of one router nothing else is done meanwhile. */
bool act_import_sessions(struct action_call *c, struct err *e) {
	c->plain_job = true;
	return action_job(c, &(struct job_request){ .name = "peering.internet_exchange.import_sessions",
	    .lock_key = c->res == &res_router ? job_lock(c->s->a, &res_router, c->object->id) : NULL }, e);
}

/* ---- what was ---- */

static int64_t days_of(const struct action_call *c) {
	struct val v = map_get(c->input, "days");
	long long n = v.type == V_INT ? v.u.i : strtoll(val_cstr(v, "0"), NULL, 10);

	return n < 1 ? DAYS : n > DAYS_MOST ? DAYS_MOST : n;
}

bool act_session_history(struct action_call *c, struct err *e) {
	static const char *const states[] = { "bgp_state", "began", "ended", "seconds", "reason", NULL };
	static const char *const counts[] = { "time", "received_prefix_count", "accepted_prefix_count", "advertised_prefix_count", NULL };
	static const char *const numbers[] = { "flaps_day", "flaps", "longest_outage", "seconds_down", "seconds_known" };
	struct val p[] = { val_str(c->res->table), val_int(c->object->id), val_int(days_of(c)) };
	struct map *m = map_new(c->s->a, 8);
	struct result r;

	map_set(m, "days", p[2]);
	if (!db_named(c->s->db, c->s->a, Q_HISTORY_NUMBERS, p, &r, e))
		return false;
	for (size_t k = 0; k < ARRAY_LEN(numbers); k++)
		map_set(m, numbers[k], result_at(&r, 0, k));
	if (!db_named(c->s->db, c->s->a, Q_HISTORY_STATES, p, &r, e))
		return false;
	map_set(m, "states", result_maps(c->s->a, &r, states));
	if (!db_named(c->s->db, c->s->a, Q_HISTORY_COUNTS, p, &r, e))
		return false;
	map_set(m, "prefixes", result_maps(c->s->a, &r, counts));
	json_write(c->body, val_map(m));
	return true;
}
