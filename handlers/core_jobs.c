/* core_jobs.c: what may be done with a job and a schedule: cancel, retry, run now; on the pages and in the API alike. */
#include "config.h"

#include "core_jobs.h"
#include "db/queries.h"
#include "model/schedule.h"

static bool cancel(struct req *r, bool *running) {
	r->news = JOB_STOP;
	return job_cancel(r->db, r->a, r->id, r->actor.user_name, running, &r->err);
}

static bool retry(struct req *r, int64_t *id) {
	r->news = JOB_NEW;
	return job_retry(r->db, r->a, r->id, r->actor.user_id, id, &r->err);
}

static bool run_now(struct req *r, int64_t *id) {
	r->news = JOB_NEW;
	return schedule_run_now(r->db, r->a, r->id, r->actor.user_id, id, &r->err);
}

/* ---- API: the job as it now is ---- */

static bool answer_job(struct req *r, int64_t id, int status) {
	const char *path = arena_printf(r->a, "/api/core/jobs/%lld/", (long long)id);
	struct map *m = map_new(r->a, 3);

	map_set(m, "id", val_int(id));
	map_set(m, "url", val_str(req_url(r, path)));
	map_set(m, "display_url", val_str(req_url(r, arena_printf(r->a, "/core/jobs/%lld/", (long long)id))));
	r->status = status;
	return req_json(r, val_map(m));
}

bool api_job_cancel(struct req *r) {
	bool running;

	return cancel(r, &running) && answer_job(r, r->id, running ? 202 : 200);
}

bool api_job_retry(struct req *r) {
	int64_t id;

	return retry(r, &id) && answer_job(r, id, 202);
}

bool api_schedule_run(struct req *r) {
	int64_t id;

	return run_now(r, &id) && answer_job(r, id, 202);
}

/* ---- pages ---- */

static bool to_log(struct req *r, int64_t id) {
	return req_redirect(r, arena_printf(r->a, "/core/jobs/%lld/log/", (long long)id));
}

/* It cannot be done, and the page it was asked on says why. */
static bool to_page(struct req *r, const char *page) {
	if (r->err.code != ERR_CONFLICT)
		return false;
	r->news = JOB_QUIET;
	page_flash(r, "danger", "%s", r->err.msg);
	return req_redirect(r, arena_printf(r->a, "/%s/%lld/", page, (long long)r->id));
}

bool page_job_cancel(struct req *r) {
	bool running;

	if (!cancel(r, &running))
		return to_page(r, "core/jobs");
	page_flash(r, "success", running ? "The job is asked to end." : "The job is cancelled.");
	return to_log(r, r->id);
}

bool page_job_retry(struct req *r) {
	int64_t id;

	return retry(r, &id) ? to_log(r, id) : to_page(r, "core/jobs");
}

bool page_schedule_run(struct req *r) {
	int64_t id;

	return run_now(r, &id) ? to_log(r, id) : to_page(r, "core/schedules");
}
