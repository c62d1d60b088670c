/*
 * deploy_back.c: going back, and finding out. A router is asked to go back through a new connection; where it cannot be reached its own timer
 * does it, and it is asked afterwards. A deployment ends as rolled back only when the router was seen to run what it ran before.
 */
#include "config.h"

#include <time.h>

#include "db/queries.h"
#include "jobs/deploy.h"

static void pause_ms(int64_t ms) {
	const struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

static bool kind_is(const struct err *e, const char *kind) {
	return e->kind != NULL && strcmp(e->kind, kind) == 0;
}

/* ---- before the commit ---- */

static void drop(struct unit *u) {
	struct pending p;
	struct err e;

	/* of a lost run the change is named by asking for it */
	if (u->run->lost && (!unit_connect(u, &e) || !device_pending(u->device, u->change, &p, &e) || p.running))
		unit_close(u);
	unstage(u);
}

/* ---- after it ---- */

enum back { BACK_NOT_YET, BACK_DONE, BACK_OTHER };

/* One try: connect, have it go back if its timer still runs, and see what it runs. *running is set when that is known. */
static enum back try_back(struct unit *u, const char **running, bool *asked) {
	struct pending p;
	struct err e;
	bool ok;

	ok = unit_connect(u, &e) && device_pending(u->device, u->change, &p, &e);
	if (ok && p.running) {
		ok = device_rollback(u->device, u->change, &e) || kind_is(&e, "none");
		*asked |= ok;
	}
	if (!ok || !unit_running(u, running, &e)) {
		u->trouble = arena_strdup(u->run->j->a, e.msg);
		unit_close(u);
		return BACK_NOT_YET;
	}
	if (u->running != NULL && same_configuration(u->run->j->a, *running, u->running, true))
		return BACK_DONE;
	u->trouble = "it runs something else than before";
	return BACK_OTHER;
}

static void back_ended(struct unit *u, enum back how, const char *running, bool asked, const char *why) {
	const char *by = asked ? "it went back when asked" : "it went back by itself";
	struct err ignored;

	if (u->open)
		device_discard(u->device, &ignored);
	if (how == BACK_DONE) {
		step(u, "go back", true, "%s; it runs what it ran before", u->refused && !asked ? "the commit was refused" : by);
		if (u->refused && !asked)
			unit_end(u, "failed", running, "Nothing was changed, the router refused the commit: %s", why);
		else
			unit_end(u, "rolled-back", running, "Rolled back, %s: %s", by, why);
	} else {
		step(u, "go back", false, "%s", u->trouble == NULL ? "" : u->trouble);
		unit_end(u, "unverified", running, "LOOK AT THE ROUTER. It could not be verified that it went back (%s). What happened before: %s",
		    u->trouble == NULL ? "" : u->trouble, why);
	}
}

/* All that are committed, in turns, until each is seen to be back or its time is long over. */
static void back_all(struct run *r, const char *why) {
	bool *asked = arena_new(r->j->a, bool, r->n), left = true;
	struct err e;

	while (left) {
		left = false;
		for (size_t i = 0; i < r->n; i++) {
			struct unit *u = &r->u[i];
			const char *running = NULL;
			enum back how;

			if (u->ended || !u->committed)
				continue;
			how = try_back(u, &running, &asked[i]);
			if (how == BACK_DONE || clock_ms() > u->revert_at + DEPLOY_SPARE_MS)
				back_ended(u, how, running, asked[i], why);
			else
				left = true;
			/* the neighbours as they then are, for who looks at it later */
			if (u->ended && u->open && device_neighbours(u->device, r->j->a, &u->after, &e))
				neighbours_keep(u, false, &e);
		}
		if (left)
			pause_ms(1000);
	}
}

void go_back(struct run *r, const struct err *why) {
	const char *text = arena_strdup(r->j->a, why->msg);
	struct list *ids = list_new(r->j->a, r->n);
	struct err e;
	size_t i;

	r->heed = false;
	for (i = 0; i < r->n; i++) {
		struct unit *u = &r->u[i];

		if (u->ended)
			continue;
		if (u->committed) {
			list_push(ids, val_int(u->id));
			continue;
		}
		drop(u);
		unit_end(u, "failed", NULL, "Nothing was changed: %s", text);
	}
	if (ids->n == 0)
		return;
	job_log(r->j, JOB_WARNING, "Going back: %s", text);
	job_progress(r->j, (int64_t)r->n * 3, (int64_t)r->n * 4, "Going back");
	/* routers come first: an answer of the database is not waited for */
	if (!r->passed)
		db_named(r->db, r->j->a, Q_DEPLOY_DECIDE, (struct val[]){ val_list(ids), val_str("go-back") }, NULL, &e);
	back_all(r, text);
}

/* ---- a run that was lost ---- */

static bool status_is(const struct unit *u, const char *status) {
	return strcmp(u->status, status) == 0;
}

/* Confirming was decided: it is done where the timer still runs, and found out where it does not. */
static void forward(struct unit *u) {
	const char *running = NULL;
	struct pending p;
	struct err e;

	for (; !u->ended; pause_ms(1000)) {
		bool ok = unit_connect(u, &e) && device_pending(u->device, u->change, &p, &e);

		if (ok && p.running)
			ok = device_confirm(u->device, u->change, &e);
		if (ok && unit_running(u, &running, &e)) {
			if (u->running == NULL || !same_configuration(u->run->j->a, running, u->running, true))
				unit_end(u, "confirmed", running, "Confirmed: the router keeps it; its runner was lost meanwhile");
			else
				unit_end(u, "rolled-back", running, "Rolled back: its runner was lost, and the router's time was over before it could be confirmed");
		} else if (clock_ms() > u->revert_at + DEPLOY_SPARE_MS) {
			unit_end(u, "unverified", NULL, "LOOK AT THE ROUTER. Its runner was lost while it was confirmed, and it cannot be asked: %s", e.msg);
		}
	}
	unit_close(u);
}

/* Not one router was touched. */
static bool not_begun(const struct run *r) {
	for (size_t i = 0; i < r->n; i++) {
		if (!status_is(&r->u[i], "queued") && !status_is(&r->u[i], "approved") && !status_is(&r->u[i], "unchanged"))
			return false;
	}
	return r->n > 0;
}

bool run_recover(struct run *r, struct err *e) {
	struct err why;
	size_t i, good = 0;

	if (not_begun(r))
		return run_deployments(r, e);
	job_log(r->j, JOB_WARNING, "The run was lost; looking at what became of the routers");
	r->heed = false;
	r->lost = true;
	err_set(&why, ERR_CONFLICT, NULL, "its runner was lost before it was confirmed");
	for (i = 0; i < r->n; i++) {
		struct unit *u = &r->u[i];

		u->ended = !status_is(u, "applying") && !status_is(u, "waiting") && !status_is(u, "queued");
		u->committed = u->commit_begun;
		if (!u->ended && u->commit_begun && strcmp(u->decision, "confirm") == 0)
			forward(u);
	}
	go_back(r, &why);
	for (i = 0; i < r->n; i++)
		good += status_is(&r->u[i], "confirmed") || status_is(&r->u[i], "unchanged");
	if (good == r->n)
		return true;
	for (i = 0; i < r->n; i++) {
		if (!status_is(&r->u[i], "confirmed") && !status_is(&r->u[i], "unchanged"))
			return err_set(e, ERR_CONFLICT, NULL, "%s: %.400s", r->u[i].router, r->u[i].outcome);
	}
	return true;
}
