/*
 * poll.c: asking routers how their sessions are: one connection a router, one statement that writes all that it told. States and counts
 * are what a router says, not what a person changed: they stand in no change log.
 */
#include "config.h"

#include <time.h>

#include "db/queries.h"
#include "devices/driver.h"
#include "jobs/jobs.h"
#include "model/job.h"
#include "model/tables/tables.h"

enum { TEXT_MAX = 500 };

static int64_t now_ms(void) {
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void say(void *arg, enum device_level level, const char *message) {
	if (level != DEVICE_DEBUG)
		job_log(arg, level == DEVICE_WARNING ? JOB_WARNING : JOB_INFO, "%s", message);
}

static bool enough(void *arg) {
	return job_cancelled(arg);
}

/* ---- one router ---- */

enum { P_ROUTER, P_ADDRESS, P_VRF, P_ASN, P_STATE, P_RECEIVED, P_ACCEPTED, P_ADVERTISED, P_SECONDS, P_REASON, P_MILLISECONDS, P__COUNT };

/* What a router says may be anything. */
static struct val clean(struct arena *a, const char *s) {
	struct sbuf b;

	sb_init(&b, a);
	sb_utf8(&b, s, strlen(s), TEXT_MAX);
	return val_mem(b.s, b.len);
}

/* Counts are columns of 32 bits. */
static struct val count(int64_t n) {
	return val_int(n < 0 ? 0 : n > INT32_MAX ? INT32_MAX : n);
}

static bool record(struct job *j, struct db *db, const struct neighbours *all, int64_t took, struct err *e) {
	struct map *m = map_new(j->a, 4);
	struct list *col[P__COUNT];
	struct val params[P__COUNT];
	struct result r;

	for (size_t k = P_ADDRESS; k < P_MILLISECONDS; k++) {
		col[k] = list_new(j->a, all->n);
		params[k] = val_list(col[k]);
	}
	for (size_t i = 0; i < all->n; i++) {
		const struct neighbour *n = &all->v[i];

		list_push(col[P_ADDRESS], clean(j->a, n->address));
		list_push(col[P_VRF], clean(j->a, n->vrf));
		list_push(col[P_ASN], val_int(n->asn));
		list_push(col[P_STATE], val_str(bgp_state_name(n->state)));
		/* not told (BIRD without import keep filtered): no fewer than were accepted */
		list_push(col[P_RECEIVED], count(n->received < 0 ? n->accepted : n->received));
		list_push(col[P_ACCEPTED], count(n->accepted));
		list_push(col[P_ADVERTISED], count(n->advertised));
		list_push(col[P_SECONDS], val_int(n->uptime));
		list_push(col[P_REASON], clean(j->a, n->shutdown ? "Shut down on the router" : n->last_reset));
	}
	params[P_ROUTER] = val_int(j->object_id);
	params[P_MILLISECONDS] = count(took);
	if (!db_named(db, j->a, Q_POLL_RECORD, params, &r, e))
		return false;
	map_set(m, "neighbours", val_int((int64_t)all->n));
	map_set(m, "sessions", result_at(&r, 0, 0));
	map_set(m, "not_on_the_router", result_at(&r, 0, 1));
	map_set(m, "changed", result_at(&r, 0, 2));
	map_set(m, "milliseconds", val_int(took));
	job_result(j, val_map(m));
	job_log(j, JOB_SUCCESS, "Successfully polled BGP %lld session(s) state.", (long long)result_at(&r, 0, 0).u.i);
	return true;
}

static bool poll_usable(struct job *j, struct db *db, int64_t router, bool *ok, struct err *e) {
	struct val id = val_int(router);
	struct result r;

	if (!db_named(db, j->a, Q_POLL_ROUTER, &id, &r, e))
		return false;
	if (r.n == 0)
		return err_set(e, ERR_NOT_FOUND, NULL, "there is no router %lld", (long long)router);
	*ok = result_at(&r, 0, 0).type == V_NULL;
	if (!*ok) {
		job_log(j, JOB_WARNING, "%s", val_cstr(result_at(&r, 0, 0), ""));
		job_log(j, JOB_WARNING, "Task cancelled");
	}
	return true;
}

bool poll_read(struct job *j, struct db *db, int64_t router, struct neighbours *out, struct err *e) {
	const struct device_watch watch = { say, enough, j };
	struct device *d = NULL;
	struct err ignored;
	bool ok;

	*out = (struct neighbours){ NULL, 0 };
	ok = device_load(j->a, db, j->conf, router, &watch, &d, e) && device_open(d, e) && device_neighbours(d, j->a, out, e);
	if (!ok && d != NULL && e->code == ERR_DENIED)
		device_save_offered(db, d, &ignored);
	if (d != NULL)
		device_close(d);
	return ok;
}

bool job_poll(struct job *j, struct err *e) {
	int64_t begin = now_ms();
	struct neighbours all;
	struct err ignored;
	struct db *db;
	bool ok;

	if (!job_db(j, &db, e) || !poll_usable(j, db, j->object_id, &ok, e))
		return false;
	if (!ok)
		return err_set(e, ERR_CONFLICT, NULL, "the router cannot be polled");
	job_log(j, JOB_INFO, "Polling BGP sessions state.");
	if (poll_read(j, db, j->object_id, &all, e))
		return record(j, db, &all, now_ms() - begin, e);
	job_log(j, JOB_FAILURE, "Error while polling BGP sessions state.");
	db_named(db, j->a, Q_POLL_FAILED, (struct val[]){ val_int(j->object_id), clean(j->a, e->msg), count(now_ms() - begin) }, NULL, &ignored);
	return false;
}

/* ---- all of them ---- */

bool job_poll_all(struct job *j, struct err *e) {
	struct result routers;
	struct db *db;
	int64_t id;

	if (!job_db(j, &db, e) || !db_begin(db, DB_WRITE, e))
		return false;
	job_log(j, JOB_INFO, "Polling BGP sessions state.");
	if (!db_named(db, j->a, Q_POLL_ROUTERS, NULL, &routers, e)) {
		db_rollback(db);
		return false;
	}
	for (size_t i = 0; i < routers.n; i++) {
		int64_t router = result_at(&routers, i, 0).u.i;

		if (!job_enqueue(db, j->a, &(struct job_request){ .name = "devices.router.poll_bgp_sessions", .res = &res_router, .object_id = router,
		    .queue = "low", .lock_key = job_lock(j->a, &res_router, router), .user_id = j->user_id }, &id, e)) {
			db_rollback(db);
			return false;
		}
	}
	if (!db_commit(db, e))
		return false;
	job_wake(redis_new(j->a, j->conf->redis), JOB_NEW);
	job_log(j, JOB_INFO, "%zu routers are polled, each by a job of its own", routers.n);
	return true;
}
