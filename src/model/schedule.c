/* schedule.c: when a schedule is due, and the job that it then makes. PostgreSQL knows the time zones, base/cron the calendar. */
#include "config.h"

#include "base/cron.h"
#include "base/log.h"
#include "db/queries.h"
#include "model/job.h"
#include "model/schedule.h"
#include "model/tables/tables.h"

enum {
	LATE_SECONDS = 300,     /* a run that no runner made within this time was missed */
	CHANGES_MAX = 40        /* changes of the clock between two runs: nine years' worth at most */
};

/* ---- time zones ---- */

static bool zone_number(struct db *db, struct arena *a, enum query_id q, const struct val *params, int64_t *out, struct err *e) {
	struct result r;

	if (!db_named(db, a, q, params, &r, e)) {
		if (e->kind != NULL && strcmp(e->kind, "22023") == 0)
			return err_set(e, ERR_INVALID, "time_zone", "there is no time zone \"%s\"; right is a name as Europe/Berlin or UTC", params[0].u.s);
		return false;
	}
	*out = val_is_null(result_at(&r, 0, 0)) ? INT64_MIN : result_at(&r, 0, 0).u.i;
	return true;
}

static bool zone_offset(struct db *db, struct arena *a, const char *zone, int64_t at, int64_t *seconds, struct err *e) {
	return zone_number(db, a, Q_ZONE_OFFSET, (struct val[]){ val_str(zone), val_int(at) }, seconds, e);
}

static int64_t minutes_up(int64_t seconds) {
	return seconds / 60 + (seconds % 60 > 0);
}

bool schedule_next(struct db *db, struct arena *a, const char *text, const char *zone, int64_t after, int64_t *next, struct err *e) {
	struct cron c;
	int64_t at = after, offset, from, local, then, change, changed;
	int i;

	if (!cron_parse(text, &c, e) || !zone_offset(db, a, zone, at, &offset, e))
		return false;
	from = minutes_up(at + offset + 1);
	for (i = 0; i < CHANGES_MAX && cron_next(&c, from, &local); i++) {
		*next = local * 60 - offset;
		if (!zone_offset(db, a, zone, *next, &then, e))
			return false;
		if (then == offset)
			return true;
		/* the clock is changed before that: see what it shows then */
		at -= ((at % 900) + 900) % 900;
		if (!zone_number(db, a, Q_ZONE_CHANGE, (struct val[]){ val_str(zone), val_int(at), val_int(*next + 900) }, &change, e))
			return false;
		if (change == INT64_MIN)
			return true;
		if (!zone_offset(db, a, zone, change, &changed, e))
			return false;
		if (!c.hourly && local * 60 < change + changed) {       /* the clock jumps over that time */
			*next = change;
			return true;
		}
		at = change;
		from = minutes_up(change + (c.hourly || changed > offset ? changed : offset));
		offset = changed;
	}
	return err_set(e, ERR_INVALID, "cron", "\"%.80s\" names a time that never comes", text);
}

/* ---- making the job ---- */

enum { S_ID, S_NAME, S_JOB, S_PARAMETERS, S_CRON, S_ZONE, S_OVERLAP, S_MISSED, S_QUEUE, S_DEADLINE, S_LATE, S_NOW };

static bool choice(const struct result *r, int column, const char *value) {
	return strcmp(result_at(r, 0, (size_t)column).u.s, value) == 0;
}

/* *free: its rule for overlaps lets another job of it be made. */
static bool may_run(struct db *db, struct arena *a, const struct result *s, bool *is_free, struct err *e) {
	struct result busy;
	int64_t waiting, running;

	if (!db_named(db, a, Q_SCHEDULE_BUSY, (struct val[]){ result_at(s, 0, S_ID) }, &busy, e))
		return false;
	waiting = result_at(&busy, 0, 0).u.i;
	running = result_at(&busy, 0, 1).u.i;
	*is_free = choice(s, S_OVERLAP, "allow") || (waiting == 0 && (running == 0 || choice(s, S_OVERLAP, "wait")));
	return true;
}

static bool make_job(struct db *db, struct arena *a, const struct result *s, int64_t user_id, int64_t *job_id, struct err *e) {
	struct val parameters = result_at(s, 0, S_PARAMETERS), deadline = result_at(s, 0, S_DEADLINE), id = result_at(s, 0, S_ID);
	struct job_request q = {
		.name = result_at(s, 0, S_JOB).u.s, .res = &res_schedule, .object_id = id.u.i, .user_id = user_id,
		.parameters = parameters.type == V_MAP ? parameters.u.map : NULL, .queue = result_at(s, 0, S_QUEUE).u.s,
		.time_limit = deadline.type == V_FLOAT ? deadline.u.f : 0, .schedule_id = id.u.i,
		.lock_key = choice(s, S_OVERLAP, "allow") ? NULL : job_lock(a, &res_schedule, id.u.i),
	};

	return job_enqueue(db, a, &q, job_id, e) &&
	    db_named(db, a, Q_SCHEDULE_RAN, (struct val[]){ id, val_int(*job_id) }, NULL, e);
}

static bool due_job(struct db *db, struct arena *a, const struct result *s, size_t *made, struct err *e) {
	struct val late = result_at(s, 0, S_LATE);
	const char *name = result_at(s, 0, S_NAME).u.s;
	int64_t job_id;
	bool is_free;

	if (late.type != V_FLOAT)
		return true;            /* new, or changed: its time is still to come */
	if (late.u.f > LATE_SECONDS && choice(s, S_MISSED, "skip")) {
		log_msg(LOG_LEVEL_WARNING, "schedule \"%s\": missed %.0f s ago and left out", name, late.u.f);
		return true;
	}
	if (!may_run(db, a, s, &is_free, e))
		return false;
	if (!is_free) {
		log_msg(LOG_LEVEL_WARNING, "schedule \"%s\": left out, the run before still goes", name);
		return true;
	}
	(*made)++;
	return make_job(db, a, s, 0, &job_id, e);
}

/* One schedule, in the transaction that holds it. *none: there is none that is due. */
static bool tick_one(struct db *db, struct arena *a, size_t *made, bool *none, struct err *e) {
	struct result s;
	struct val id;
	struct err why;
	int64_t next;

	if (!db_named(db, a, Q_SCHEDULE_DUE, NULL, &s, e))
		return false;
	*none = s.n == 0;
	if (*none)
		return true;
	id = result_at(&s, 0, S_ID);
	/* a wrong zone fails the statement, which must not take the transaction along */
	if (!db_savepoint(db, "reckon", e))
		return false;
	if (!schedule_next(db, a, result_at(&s, 0, S_CRON).u.s, result_at(&s, 0, S_ZONE).u.s, result_at(&s, 0, S_NOW).u.i, &next, &why)) {
		if (why.code != ERR_INVALID) {
			*e = why;
			return false;
		}
		log_msg(LOG_LEVEL_ERROR, "schedule \"%s\" is switched off: %s", result_at(&s, 0, S_NAME).u.s, why.msg);
		return db_rollback_to(db, "reckon", e) && db_named(db, a, Q_SCHEDULE_ENABLE, (struct val[]){ id, val_bool(false) }, NULL, e);
	}
	return due_job(db, a, &s, made, e) && db_named(db, a, Q_SCHEDULE_NEXT, (struct val[]){ id, val_int(next) }, NULL, e);
}

bool schedule_tick(struct db *db, struct arena *a, size_t *made, struct err *e) {
	bool none = false;

	*made = 0;
	while (!none) {
		if (!db_begin(db, DB_WRITE, e))
			return false;
		if (!tick_one(db, a, made, &none, e)) {
			db_rollback(db);
			return false;
		}
		if (!db_commit(db, e))
			return false;
	}
	return true;
}

bool schedule_run_now(struct db *db, struct arena *a, int64_t id, int64_t user_id, int64_t *job_id, struct err *e) {
	struct result s;
	bool is_free;

	if (!db_named(db, a, Q_SCHEDULE_GET, (struct val[]){ val_int(id) }, &s, e))
		return false;
	if (s.n == 0)
		return err_set(e, ERR_NOT_FOUND, NULL, "there is no schedule %lld", (long long)id);
	if (!may_run(db, a, &s, &is_free, e))
		return false;
	if (!is_free)
		return err_set(e, ERR_CONFLICT, NULL, "the run before still goes, and \"%s\" is not to overlap", result_at(&s, 0, S_NAME).u.s);
	return make_job(db, a, &s, user_id, job_id, e);
}

/* ---- what a user writes ---- */

static bool check(struct store *s, const struct row *before, struct row *after, struct problems *p, struct err *e) {
	const char *text = val_cstr(row_val(after, res_field(&res_schedule, "cron")), "");
	const char *zone = val_cstr(row_val(after, res_field(&res_schedule, "time_zone")), "");
	struct cron c;
	struct err why;
	int64_t offset;

	(void)before;
	if (!cron_parse(text, &c, &why))
		problem_add(p, "cron", "%s", why.msg);
	/* PostgreSQL alone knows the zones, and a wrong one fails the statement */
	if (!db_savepoint(s->db, "zone", e))
		return false;
	if (zone_offset(s->db, s->a, zone, 0, &offset, &why))
		return true;
	if (why.code != ERR_INVALID) {
		*e = why;
		return false;
	}
	problem_add(p, "time_zone", "%s", why.msg);
	return db_rollback_to(s->db, "zone", e);
}

const struct behaviour schedule_behaviour = { .res = &res_schedule, .check = check };
