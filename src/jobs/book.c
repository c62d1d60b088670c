/* book.c: what the runner reads from and writes to the database. The only writer of a running job's row is the runner that has it. */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/log.h"
#include "db/queries.h"
#include "jobs/runner.h"
#include "model/schedule.h"

enum { CLAIM_TRIES = 5, BACKOFF_MAX = 3600 };

/* Remember that the database is away; the loop goes on without it. */
static bool away(struct runner *r, const struct err *e) {
	if (!r->away)
		log_msg(LOG_LEVEL_WARNING, "%s; what runs goes on, the database is tried again", e->msg);
	r->away = true;
	r->away_until = r->now + AWAY_MS;
	return false;
}

static bool named(struct runner *r, enum query_id q, const struct val *params, struct result *out, struct err *e) {
	if (!db_named(r->db, r->scratch, q, params, out, e))
		return false;
	if (r->away)
		log_msg(LOG_LEVEL_INFO, "the database is back");
	r->away = false;
	return true;
}

/* ---- claiming ---- */

static void kinds(struct list *names, struct list *seconds, struct list *tries) {
	const struct job_type *t;

	for (t = job_types; t->name != NULL; t++) {
		list_push(names, val_str(t->name));
		list_push(seconds, val_int(t->seconds == 0 ? 300 : t->seconds));
		list_push(tries, val_int(t->tries == 0 ? 1 : t->tries));
	}
}

static struct slot *free_slot(struct runner *r) {
	size_t i;

	for (i = 0; i < r->nslots; i++) {
		if (!slot_used(&r->slot[i]))
			return &r->slot[i];
	}
	return NULL;
}

static int64_t int_or(struct val v, int64_t other) {
	return v.type == V_INT ? v.u.i : other;
}

static void take_job(struct runner *r, const struct val *v) {
	struct slot *s = free_slot(r);
	struct arena *a = arena_new_root();
	struct sbuf parameters;
	struct val copy;
	struct err e;

	*s = (struct slot){ .fd = -1, .line_arena = arena_new_root(), .line_n = int_or(v[11], 0), .job = {
		.a = a, .conf = &r->conf, .id = v[0].u.i, .name = arena_strdup(a, v[1].u.s), .object_type = arena_strdup(a, v[2].u.s),
		.object_id = int_or(v[3], 0), .user_id = int_or(v[5], 0), .request_id = v[6].type == V_STR ? arena_strdup(a, v[6].u.s) : NULL,
		.attempt = (unsigned)v[7].u.i, .max_attempts = (unsigned)v[8].u.i, .seconds = v[9].u.f, .schedule_id = int_or(v[10], 0) } };
	s->type = job_type_find(s->job.name);
	sb_init(&s->in, a);
	sb_init(&parameters, a);
	json_write(&parameters, v[4]);
	s->job.parameters = json_parse(a, parameters.s, parameters.len, LIMIT_JSON_DATA_DEPTH, &copy, &e) && copy.type == V_MAP ? copy.u.map : map_new(a, 0);
	if (s->job.max_attempts > 1)
		slot_line(r, s, JOB_INFO, "Started by %s, try %u of %u", r->owner, s->job.attempt, s->job.max_attempts);
	else
		slot_line(r, s, JOB_INFO, "Started by %s", r->owner);
}

bool book_claim(struct runner *r, size_t room, size_t *taken) {
	struct list *names = list_new(r->scratch, 16), *seconds = list_new(r->scratch, 16), *tries = list_new(r->scratch, 16);
	struct val params[] = { val_str(r->owner), val_list(r->opt.queues), val_int((int64_t)room), val_list(names), val_list(seconds), val_list(tries) };
	struct result got = { .n = 0 };
	struct err e;
	size_t i;
	int n;

	kinds(names, seconds, tries);
	/* another runner may take a job with the same lock at the same moment: the index refuses the second one */
	for (n = 0; n < CLAIM_TRIES && !named(r, Q_JOB_CLAIM, params, &got, &e); n++) {
		if (e.code != ERR_CONFLICT)
			return away(r, &e);
		got.n = 0;
	}
	for (i = 0; i < got.n; i++)
		take_job(r, &got.v[i * got.cols]);
	*taken = got.n;
	return true;
}

/* ---- our hold ---- */

bool book_beat(struct runner *r) {
	struct list *ids = list_new(r->scratch, r->nslots);
	struct result ours;
	struct err e;
	size_t i, k;

	for (i = 0; i < r->nslots; i++) {
		if (slot_used(&r->slot[i]))
			list_push(ids, val_int(r->slot[i].job.id));
	}
	if (ids->n > 0 && !named(r, Q_JOB_BEAT, (struct val[]){ val_str(r->owner), val_list(ids) }, &ours, &e))
		return away(r, &e);
	r->held_until = r->now + r->opt.lease_ms * 3 / 4;
	for (i = 0; i < r->nslots && ids->n > 0; i++) {
		struct slot *s = &r->slot[i];
		bool held = false;

		for (k = 0; slot_used(s) && k < ours.n; k++) {
			if (result_at(&ours, k, 0).u.i != s->job.id || result_at(&ours, k, 1).u.i != (int64_t)s->job.attempt)
				continue;
			held = true;
			if (result_at(&ours, k, 2).u.b)
				slot_end(r, s, WHY_CANCEL);
		}
		if (slot_used(s) && !held && !s->over && s->why == WHY_NONE) {
			log_msg(LOG_LEVEL_WARNING, "job %lld is no longer ours; ending it", (long long)s->job.id);
			slot_end(r, s, WHY_LOST_HOLD);
		}
	}
	return true;
}

bool book_sweep(struct runner *r) {
	struct list *names = list_new(r->scratch, 16), *hurts = list_new(r->scratch, 16), *recovers = list_new(r->scratch, 16);
	const struct job_type *t;
	struct result lost;
	struct err e;
	size_t i;

	for (t = job_types; t->name != NULL; t++) {
		list_push(names, val_str(t->name));
		list_push(hurts, val_str_or_null(t->twice));
		list_push(recovers, val_bool(t->recover != NULL));
	}
	if (!named(r, Q_JOB_LOST, (struct val[]){ val_float((double)r->opt.lease_ms / 1000), val_list(names), val_list(hurts), val_list(recovers),
	    val_int(LOST_MAX) }, &lost, &e))
		return away(r, &e);
	for (i = 0; i < lost.n; i++) {
		log_msg(LOG_LEVEL_WARNING, "job %lld: %s", (long long)result_at(&lost, i, 0).u.i, val_cstr(result_at(&lost, i, 2), ""));
		r->look = true;
	}
	return true;
}

bool book_schedule(struct runner *r) {
	struct err e;
	size_t made;

	if (!schedule_tick(r->db, r->scratch, &made, &e)) {
		if (e.code == ERR_UNAVAILABLE)
			return away(r, &e);
		log_msg(LOG_LEVEL_ERROR, "schedule: %s", e.msg);
	}
	if (made > 0)
		r->look = true;
	return true;
}

/* ---- ends ---- */

static const char *how_it_ended(struct slot *s) {
	int sig = WIFSIGNALED(s->wait_status) ? WTERMSIG(s->wait_status) : 0;
	const char *name = sig == 0 ? NULL : sigabbrev_np(sig);

	if (sig != 0)
		return arena_printf(s->job.a, "Its process was ended by the signal SIG%s%s", name == NULL ? "?" : name,
		    WCOREDUMP(s->wait_status) ? ", leaving a core" : "");
	if (WEXITSTATUS(s->wait_status) == 0)
		return "Its process left without a word";
	return arena_printf(s->job.a, "Its process left with status %d", WEXITSTATUS(s->wait_status));
}

/* A kind that fails may have tries left. */
static void try_again(const struct slot *s, struct slot_end *end) {
	double seconds = s->type == NULL ? 0 : s->type->backoff;
	bool recovers = s->type != NULL && s->type->recover != NULL;
	unsigned tries = recovers && s->job.max_attempts < LOST_MAX ? LOST_MAX : s->job.max_attempts, i;

	/* a process that ended without a word left something to recover */
	if (s->type == NULL || s->again < 0 || s->job.attempt >= tries || (s->type->twice != NULL && !recovers) || (recovers && s->status != NULL))
		return;
	for (i = 1; i < s->job.attempt && seconds < BACKOFF_MAX; i++)
		seconds *= 2;
	end->status = "pending";
	end->again = seconds < (double)s->again ? (double)s->again : seconds;
}

static struct slot_end end_of(struct slot *s) {
	bool never_twice = s->type != NULL && s->type->twice != NULL && s->type->recover == NULL;
	struct slot_end end = { .status = s->status == NULL ? "errored" : s->status, .error = s->error };

	if (s->status != NULL && strcmp(s->status, "completed") == 0)
		return (struct slot_end){ .status = "completed" };
	switch (s->why) {
	case WHY_CANCEL:
		return (struct slot_end){ .status = "failed", .error = s->error == NULL ? "Cancelled" : arena_printf(s->job.a, "Cancelled: %s", s->error) };
	case WHY_DEADLINE:
		end.status = "errored";
		end.error = arena_printf(s->job.a, "It took longer than its %g seconds and was ended", s->job.seconds);
		break;
	case WHY_STOP:
	case WHY_LOST_HOLD:
		if (never_twice)
			return (struct slot_end){ .status = "errored", .error = arena_printf(s->job.a, "Its runner was stopped; it is not run again: %s", s->type->twice) };
		return (struct slot_end){ .status = "pending", .error = "Its runner was stopped" };
	case WHY_NONE:
		break;
	}
	if (s->pid != 0 && s->status == NULL && s->why == WHY_NONE)
		end.error = how_it_ended(s);
	try_again(s, &end);
	return end;
}

static void last_words(struct runner *r, struct slot *s, const struct slot_end *end) {
	if (strcmp(end->status, "completed") == 0)
		slot_line(r, s, JOB_SUCCESS, "Completed");
	else if (strcmp(end->status, "pending") == 0)
		slot_line(r, s, JOB_WARNING, "%s; it is run again in %g seconds", end->error == NULL ? "It failed" : end->error, end->again);
	else
		slot_line(r, s, JOB_FAILURE, "%s", end->error == NULL ? "It failed" : end->error);
	log_msg(strcmp(end->status, "completed") == 0 ? LOG_LEVEL_DEBUG : LOG_LEVEL_WARNING, "job %lld %s: %s%s%s", (long long)s->job.id, s->job.name,
	    end->status, end->error == NULL ? "" : ": ", end->error == NULL ? "" : end->error);
}

/* ---- writing ---- */

static struct val column(struct arena *a, const struct list *lines, size_t n) {
	struct list *l = list_new(a, lines->n);
	size_t i;

	for (i = 0; i < lines->n; i++)
		list_push(l, lines->v[i].u.list->v[n]);
	return val_list(l);
}

static struct db_call call(struct arena *a, enum query_id q, const struct val *params) {
	size_t n = named_queries[q].nparams;
	struct val *copy = arena_new(a, struct val, n);

	memcpy(copy, params, n * sizeof(*copy));
	return (struct db_call){ .sql = named_queries[q].sql, .params = copy, .nparams = n };
}

/* At most three statements a slot. */
static size_t slot_calls(struct runner *r, struct slot *s, struct db_call *out) {
	struct arena *a = r->scratch;
	struct val id = val_int(s->job.id), owner = val_str(r->owner), attempt = val_int(s->job.attempt);
	size_t n = 0;

	if (s->over && s->end.status == NULL) {
		s->end = end_of(s);
		last_words(r, s, &s->end);
	}
	if (s->progressed)
		out[n++] = call(a, Q_JOB_PROGRESS, (struct val[]){ id, owner, attempt, s->progress[0], s->progress[1], s->progress[2] });
	if (s->lines != NULL)
		out[n++] = call(a, Q_JOB_LINES, (struct val[]){ id, owner, attempt, column(a, s->lines, 0), column(a, s->lines, 1),
		    column(a, s->lines, 2), column(a, s->lines, 3), column(a, s->lines, 4), column(a, s->lines, 5), column(a, s->lines, 6) });
	if (s->over)
		out[n++] = call(a, Q_JOB_SETTLE, (struct val[]){ id, owner, attempt, val_str(s->end.status), val_float(s->end.again),
		    val_str_or_null(s->end.error), s->result, s->output });
	return n;
}

static void written(struct runner *r, struct slot *s) {
	if (s->over) {
		slot_free(s);
		r->done++;
		r->look = true;
		return;
	}
	arena_reset(s->line_arena);
	s->lines = NULL;
	s->progressed = false;
	s->dirty_since = 0;
}

/* The database refuses what this one wrote: without its lines and texts it will take the end. */
static bool write_less(struct runner *r, struct slot *s, const struct err *why) {
	struct err e;

	log_msg(LOG_LEVEL_ERROR, "job %lld: what it wrote is refused: %s", (long long)s->job.id, why->msg);
	if (s->over && !named(r, Q_JOB_SETTLE, (struct val[]){ val_int(s->job.id), val_str(r->owner), val_int(s->job.attempt), val_str("errored"),
	    val_int(0), val_printf(r->scratch, "What it wrote was refused: %s", why->msg), val_null(), val_null() }, NULL, &e))
		return away(r, &e);
	written(r, s);
	return true;
}

static bool write_slots(struct runner *r, struct slot *const *s, size_t n) {
	struct db_call *calls = arena_new(r->scratch, struct db_call, n * 3);
	size_t ncalls = 0, i;
	struct err e;

	for (i = 0; i < n; i++)
		ncalls += slot_calls(r, s[i], calls + ncalls);
	if (!db_batch(r->db, r->scratch, calls, ncalls, &e)) {
		if (e.code == ERR_UNAVAILABLE || e.code == ERR_TIMEOUT || n > 1)
			return e.code == ERR_UNAVAILABLE || e.code == ERR_TIMEOUT ? away(r, &e) : false;
		return write_less(r, s[0], &e);
	}
	for (i = 0; i < n; i++)
		written(r, s[i]);
	return true;
}

bool book_write(struct runner *r) {
	struct slot **due = arena_new(r->scratch, struct slot *, r->nslots);
	size_t n = 0, i;

	for (i = 0; i < r->nslots; i++) {
		struct slot *s = &r->slot[i];

		if (slot_used(s) && (s->over || (s->dirty_since != 0 && r->now >= s->dirty_since + QUIET_MS)))
			due[n++] = s;
	}
	if (n == 0 || write_slots(r, due, n))
		return true;
	if (r->now < r->away_until)
		return false;
	for (i = 0; i < n; i++) {
		if (!write_slots(r, &due[i], 1))
			return false;
	}
	return true;
}
