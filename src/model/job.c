/* job.c: the rows of jobs as those see them who ask for work. */
#include "config.h"

#include "base/json.h"
#include "db/queries.h"
#include "model/job.h"
#include "model/tables/tables.h"

const char *job_lock(struct arena *a, const struct resource *res, int64_t object_id) {
	return arena_printf(a, "%s.%s:%lld", res->app, res->model, (long long)object_id);
}

static struct val id_or_null(int64_t id) {
	return id == 0 ? val_null() : val_int(id);
}

bool job_enqueue(struct db *db, struct arena *a, const struct job_request *q, int64_t *id, struct err *e) {
	const struct resource *res = q->res == NULL ? &res_job : q->res;
	struct sbuf parameters;
	struct result r;

	sb_init(&parameters, a);
	if (q->parameters == NULL)
		sb_str(&parameters, "{}");
	else
		json_write(&parameters, (struct val){ .type = V_MAP, .u.map = (struct map *)(uintptr_t)q->parameters });
	if (!db_named(db, a, Q_JOB_ADD, (struct val[]){ val_str(res->app), val_str(res->model), id_or_null(q->object_id), val_str(q->name),
	    id_or_null(q->user_id), val_str_or_null(q->request_id), val_mem(parameters.s, parameters.len),
	    val_str(q->queue == NULL ? "default" : q->queue), val_int(q->priority), val_float(q->delay),
	    q->time_limit == 0 ? val_null() : val_float(q->time_limit), val_str_or_null(q->lock_key), id_or_null(q->schedule_id),
	    q->lock_keys == NULL || q->lock_keys->n == 0 ? val_null() : val_list(q->lock_keys) }, &r, e))
		return false;
	if (r.n == 0)
		return err_set(e, ERR_INTERNAL, NULL, "the database does not know objects of the type %s.%s", res->app, res->model);
	*id = result_at(&r, 0, 0).u.i;
	return true;
}

void job_wake(struct redis *redis, enum job_news news) {
	if (redis != NULL && news != JOB_QUIET)
		redis_publish(redis, JOB_CHANNEL, news == JOB_STOP ? "stop" : "new");
}

static bool not_so(struct db *db, struct arena *a, int64_t id, const char *what, struct err *e) {
	struct result r;

	if (!db_named(db, a, Q_JOB_STATUS, (struct val[]){ val_int(id) }, &r, e))
		return false;
	if (r.n == 0)
		return err_set(e, ERR_NOT_FOUND, NULL, "there is no job %lld", (long long)id);
	return err_set(e, ERR_CONFLICT, NULL, "job %lld is %s and cannot be %s", (long long)id, result_at(&r, 0, 0).u.s, what);
}

bool job_cancel(struct db *db, struct arena *a, int64_t id, const char *by, bool *running, struct err *e) {
	struct result r;

	if (!db_named(db, a, Q_JOB_CANCEL, (struct val[]){ val_int(id), val_str(by) }, &r, e))
		return false;
	if (r.n == 0)
		return not_so(db, a, id, "cancelled", e);
	*running = strcmp(result_at(&r, 0, 0).u.s, "running") == 0;
	return true;
}

bool job_retry(struct db *db, struct arena *a, int64_t id, int64_t user_id, int64_t *again, struct err *e) {
	struct result r;

	if (!db_named(db, a, Q_JOB_AGAIN, (struct val[]){ val_int(id), id_or_null(user_id) }, &r, e))
		return false;
	if (r.n == 0)
		return not_so(db, a, id, "retried", e);
	*again = result_at(&r, 0, 0).u.i;
	return true;
}
