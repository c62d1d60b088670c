/* actions_jobs.c: what may be done with jobs and schedules: cancel, ask for again, run now. */
#include "config.h"

#include "model/schedule.h"
#include "peering/actions.h"

bool job_is_going(const struct row *job) {
	const char *status = val_cstr(row_get(job, "status"), "");

	return strcmp(status, "pending") == 0 || strcmp(status, "running") == 0;
}

bool job_is_over(const struct row *job) {
	return !job_is_going(job);
}

/* The answer is the one job. */
static bool answer(struct action_call *c, int64_t id) {
	list_push(c->jobs, val_int(id));
	c->plain_job = true;
	return true;
}

bool act_job_cancel(struct action_call *c, struct err *e) {
	bool running;

	if (!job_cancel(c->s->db, c->s->a, c->object->id, c->s->actor->user_name, &running, e))
		return false;
	c->stops = true;
	c->status = running ? 202 : 200;
	c->said = running ? "The job is asked to end." : "The job is cancelled.";
	return answer(c, c->object->id);
}

bool act_job_retry(struct action_call *c, struct err *e) {
	int64_t id;

	return job_retry(c->s->db, c->s->a, c->object->id, c->s->actor->user_id, &id, e) && answer(c, id);
}

bool act_schedule_run(struct action_call *c, struct err *e) {
	int64_t id;

	return schedule_run_now(c->s->db, c->s->a, c->object->id, c->s->actor->user_id, &id, e) && answer(c, id);
}
