/*
 * deploy_run.c: routers are given what was planned. All of a run are prepared before one is committed, all have passed the gate before one is
 * confirmed: what is wrong with one of them keeps the others as they were, or brings them back.
 */
#include "config.h"

#include <time.h>

#include "base/secret.h"
#include "db/queries.h"
#include "jobs/deploy.h"
#include "peering/render.h"

static void pause_ms(int64_t ms) {
	const struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

/* ---- the connection ---- */

void unit_close(struct unit *u) {
	if (u->device != NULL && u->open)
		device_close(u->device);
	u->open = false;
}

bool unit_connect(struct unit *u, struct err *e) {
	const struct device_watch watch = unit_watch(u);

	unit_close(u);
	if (u->device == NULL && !device_load(u->run->j->a, u->run->db, u->run->j->conf, u->router_id, &watch, &u->device, e))
		return false;
	u->open = device_open(u->device, e);
	return u->open;
}

bool unit_running(struct unit *u, const char **text, struct err *e) {
	struct sbuf b;

	sb_init(&b, u->run->j->a);
	if (!device_running(u->device, &b, e))
		return false;
	*text = b.s;
	return true;
}

/* ---- may it still be run? ---- */

static bool allowed(struct run *r, struct err *e) {
	struct result q;
	const char *reason;

	if (!book_do(r, Q_DEPLOY_STOP_STATE, NULL, &q, e))
		return false;
	reason = q.n == 0 ? "" : val_cstr(result_at(&q, 0, 2), "");
	if (q.n > 0 && result_at(&q, 0, 0).u.b)
		return err_set(e, ERR_CONFLICT, NULL, "the emergency stop was pressed by %s%s%s", result_at(&q, 0, 1).u.s, *reason == '\0' ? "" : ": ", reason);
	return !r->heed || !job_cancelled(r->j) || err_set(e, ERR_CONFLICT, NULL, "it was cancelled");
}

/* The book has moved when it was changed since and gives another text now. */
static bool book_same(struct unit *u, struct err *e) {
	struct run *r = u->run;
	struct render_report report = { .milliseconds = 0 };
	struct tmpl_err te = { .line = 0 };
	char hex[SHA256_HEX];
	struct result q;
	struct sbuf b;

	if (u->restores != 0)
		return true;
	if (!book_do(r, Q_DEPLOY_REVISION, NULL, &q, e))
		return false;
	if (result_at(&q, 0, 0).u.i == u->book_revision)
		return true;
	sb_init(&b, r->j->a);
	if (!render_router(r->store, u->router_id, NULL, &b, &report, &te)) {
		*e = te.e;
		return false;
	}
	if (strcmp(sha256_hex(b.s, b.len, hex), u->rendered_hex) == 0)
		return true;
	return err_kind(e, ERR_CONFLICT, "stale", "the book has changed since the plan (change %lld, now %lld) and gives another configuration; plan again",
	    (long long)u->book_revision, (long long)result_at(&q, 0, 0).u.i);
}

static bool window_open(const struct unit *u, struct err *e) {
	if (u->over)
		return err_kind(e, ERR_CONFLICT, "stale", "its change window has ended");
	return !u->early || err_set(e, ERR_CONFLICT, NULL, "its change window has not begun");
}

static bool router_same(struct unit *u, struct err *e) {
	const char *running;

	if (!unit_running(u, &running, e))
		return false;
	if (u->running != NULL && same_configuration(u->run->j->a, running, u->running, false))
		return true;
	return err_kind(e, ERR_CONFLICT, "stale", "the router runs another configuration than when this was planned; plan again");
}

/* ---- preparing ---- */

static bool stage(struct unit *u, bool *nothing, struct err *e) {
	struct sbuf diff;
	int64_t n;

	sb_init(&diff, u->run->j->a);
	if (!step_begin(u, "stage", &n, e))
		return false;
	if (!device_stage(u->device, u->change, u->candidate, strlen(u->candidate), u->mode, e) || !device_check(u->device, e) ||
	    !device_diff(u->device, &diff, e)) {
		step_end(u, n, false, e->msg);
		return false;
	}
	*nothing = diff.len == 0;
	if (!*nothing && !same_configuration(u->run->j->a, diff.s, u->diff, false)) {
		err_kind(e, ERR_CONFLICT, "stale", "the router's difference is not the one that was approved; plan again");
		step_end(u, n, false, e->msg);
		return false;
	}
	step_end(u, n, true, "staged and checked; the difference is the one that was approved");
	return true;
}

bool discard_anew(struct device *d, struct err *e) {
	device_close(d);
	return device_open(d, e) && device_discard(d, e);
}

void unstage(struct unit *u) {
	struct err e;

	if (u->open && !device_discard(u->device, &e) && e.kind != NULL && strcmp(e.kind, "cut") == 0)
		discard_anew(u->device, &e);
	unit_close(u);
}

static bool prepare(struct unit *u, struct err *e) {
	bool nothing = false;

	if (u->candidate == NULL || u->router_id == 0)
		return err_set(e, ERR_NOT_FOUND, NULL, "the router or what was planned for it is gone");
	if (!allowed(u->run, e) || !window_open(u, e) || !book_same(u, e))
		return false;
	if (!unit_connect(u, e))
		return false;
	step(u, "connect", true, "%s", u->device->driver->label);
	if (!router_same(u, e) || !device_neighbours(u->device, u->run->j->a, &u->before, e) || !neighbours_keep(u, true, e) || !stage(u, &nothing, e))
		return false;
	if (!nothing)
		return true;
	unstage(u);
	return unit_end(u, "unchanged", NULL, "The router runs it already");
}

static bool prepare_all(struct run *r, struct err *e) {
	for (size_t i = 0; i < r->n; i++) {
		struct unit *u = &r->u[i];

		job_progress(r->j, (int64_t)i, (int64_t)r->n * 4, arena_printf(r->j->a, "Preparing %s", u->router));
		if (!u->ended && !prepare(u, e)) {
			unstage(u);
			step(u, "prepare", false, "%s", e->msg);
			unit_end(u, e->kind != NULL && strcmp(e->kind, "stale") == 0 ? "stale" : "failed", NULL, "Nothing was changed: %s", e->msg);
			return false;
		}
	}
	return true;
}

/* ---- committing ---- */

static bool commit(struct unit *u, struct err *e) {
	struct run *r = u->run;
	const char *comment = arena_printf(r->j->a, "%s by %s", u->change, *u->by == '\0' ? "peerage" : u->by);
	unsigned given = (unsigned)u->confirm;
	int64_t n;

	if (!allowed(r, e) || !step_begin(u, "commit", &n, e) ||
	    !book_do(r, Q_DEPLOY_COMMITTING, (struct val[]){ val_int(u->id), val_int(u->confirm) }, NULL, e))
		return false;
	u->revert_at = clock_ms() + u->confirm * 1000;
	u->committed = true;            /* from here on it may be */
	if (!device_commit(u->device, (unsigned)u->confirm, comment, &given, e)) {
		u->refused = e->code == ERR_INVALID || (e->kind != NULL && (strcmp(e->kind, "commit") == 0 || strcmp(e->kind, "locked") == 0));
		step_end(u, n, false, e->msg);
		return false;
	}
	u->revert_at = clock_ms() + (int64_t)given * 1000;
	unit_close(u);                  /* what proves that it can be reached comes after it */
	step_end(u, n, true, arena_printf(r->j->a, "committed; the router goes back in %u seconds unless it is confirmed", given));
	return book_do(r, Q_DEPLOY_COMMITTED, (struct val[]){ val_int(u->id), val_int(given) }, NULL, e);
}

static bool commit_all(struct run *r, struct err *e) {
	for (size_t i = 0; i < r->n; i++) {
		job_progress(r->j, (int64_t)(r->n + i), (int64_t)r->n * 4, arena_printf(r->j->a, "Committing on %s", r->u[i].router));
		if (!r->u[i].ended && !commit(&r->u[i], e))
			return false;
	}
	return true;
}

/* ---- the gate ---- */

static const struct neighbour *find(const struct neighbours *all, const struct neighbour *n) {
	for (size_t i = 0; i < all->n; i++) {
		if (strcmp(all->v[i].address, n->address) == 0 && strcmp(all->v[i].vrf, n->vrf) == 0)
			return &all->v[i];
	}
	return NULL;
}

/* Those accepted; of a platform that does not count them (OpenBGPD) those received. */
static int64_t prefixes(const struct neighbour *n) {
	return n->accepted >= 0 ? n->accepted : n->received;
}

/* Why the gate does not let this one pass; NULL: it does. */
static const char *lacking(struct unit *u, const struct neighbour *was) {
	struct arena *a = u->run->j->a;
	const struct neighbour *is = find(&u->after, was);

	if (was->state != BGP_ESTABLISHED || map_get(u->removed, arena_printf(a, "%s %s", was->address, was->vrf)).type != V_UNDEF)
		return NULL;
	if (is == NULL)
		return arena_printf(a, "%s is gone", was->address);
	if (is->state != BGP_ESTABLISHED)
		return arena_printf(a, "%s is %s%s%s", was->address, is->shutdown ? "shut down" : bgp_state_name(is->state), *is->last_reset == '\0' ? "" : ": ",
		    is->last_reset);
	if (u->share > 0 && prefixes(was) > 0 && prefixes(is) >= 0 && prefixes(is) * 100 < prefixes(was) * u->share)
		return arena_printf(a, "%s has %lld prefixes accepted of %lld before", was->address, (long long)prefixes(is), (long long)prefixes(was));
	return NULL;
}

static void look(struct unit *u) {
	size_t missing = 0, i;
	struct err e;

	if (u->look == NULL)
		u->look = arena_new_root();
	arena_reset(u->look);
	u->after.n = 0;
	u->lacks = NULL;
	if ((!u->open && !unit_connect(u, &e)) || !device_neighbours(u->device, u->look, &u->after, &e)) {
		unit_close(u);
		u->lacks = arena_printf(u->run->j->a, "%s cannot be asked: %s", u->router, e.msg);
		return;
	}
	for (i = 0; i < u->before.n; i++) {
		const char *why = lacking(u, &u->before.v[i]);

		missing += why != NULL;
		u->lacks = u->lacks == NULL ? why : u->lacks;
	}
	if (missing > 1)
		u->lacks = arena_printf(u->run->j->a, "%s, and %zu more", u->lacks, missing - 1);
}

struct gate {
	int64_t began, until, settled;
	const char *told;               /* what was said last */
};

/* When the gate closes: by then all are up, and there is time to confirm before the first router goes back. */
static struct gate gate_of(const struct run *r) {
	struct gate g = { .began = clock_ms(), .until = INT64_MAX, .told = "" };
	int64_t longest = 0, settle = DEPLOY_SETTLE_MS;

	for (size_t i = 0; i < r->n; i++) {
		const struct unit *u = &r->u[i];

		if (u->ended)
			continue;
		if (u->device != NULL && u->device->driver->settle * 1000 > settle)
			settle = u->device->driver->settle * 1000;
		longest = u->gate > longest ? u->gate : longest;
		if (u->revert_at < g.until)
			g.until = u->revert_at;
	}
	g.until -= (g.until - g.began) / 8;
	if (g.began + longest * 1000 < g.until)
		g.until = g.began + longest * 1000;
	g.settled = g.began + (longest * 500 < settle ? longest * 500 : settle);
	return g;
}

static const char *look_at_all(struct run *r, struct err *e) {
	const char *lacks = NULL;

	for (size_t i = 0; i < r->n; i++) {
		struct unit *u = &r->u[i];

		if (u->ended)
			continue;
		look(u);
		if (u->after.n > 0 && !neighbours_keep(u, false, e))
			return NULL;
		lacks = lacks == NULL ? u->lacks : lacks;
	}
	e->code = ERR_NONE;
	return lacks == NULL ? "" : lacks;
}

/* On each router's page stands whether it was this one. */
static bool gate_closed(struct run *r, int64_t began, const char *lacks, struct err *e) {
	for (size_t i = 0; i < r->n; i++) {
		const struct unit *u = &r->u[i];

		if (!u->ended)
			step(&r->u[i], "gate", u->lacks == NULL, "%s", u->lacks == NULL ? "its neighbours are up; it goes back with the others" : u->lacks);
	}
	return err_set(e, ERR_UPSTREAM, NULL, "%s, %lld seconds after the commit", *lacks == '\0' ? "the time is over" : lacks, (long long)(clock_ms() - began) / 1000);
}

static bool gate(struct run *r, struct err *e) {
	struct gate g = gate_of(r);
	const char *lacks;
	size_t i;

	for (;;) {
		job_progress(r->j, (int64_t)r->n * 2, (int64_t)r->n * 4, "Looking at the neighbours");
		lacks = look_at_all(r, e);
		if (lacks == NULL || !allowed(r, e))
			return false;
		if (*lacks == '\0' && clock_ms() >= g.settled)
			break;
		if (strcmp(lacks, g.told) != 0)
			job_log(r->j, JOB_INFO, "%s", *lacks == '\0' ? "All neighbours that were up are up" : lacks);
		g.told = lacks;
		if (clock_ms() >= g.until)
			return gate_closed(r, g.began, lacks, e);
		pause_ms(DEPLOY_LOOK_MS);
	}
	for (i = 0; i < r->n; i++) {
		if (!r->u[i].ended)
			step(&r->u[i], "gate", true, "on a new connection, after %.1f seconds: all neighbours that were up are up",
			    (double)(clock_ms() - g.began) / 1000);
	}
	return true;
}

/* ---- confirming ---- */

static bool decide(struct run *r, const char *decision, struct err *e) {
	struct list *ids = list_new(r->j->a, r->n);

	for (size_t i = 0; i < r->n; i++) {
		if (!r->u[i].ended)
			list_push(ids, val_int(r->u[i].id));
	}
	return book_do(r, Q_DEPLOY_DECIDE, (struct val[]){ val_list(ids), val_str(decision) }, NULL, e);
}

static bool confirm(struct unit *u, struct err *e) {
	const char *running = NULL;
	struct err ignored;
	int64_t n = 0;
	bool ok;

	step_begin(u, "confirm", &n, &ignored);
	do {
		ok = (u->open || unit_connect(u, e)) && device_confirm(u->device, u->change, e);
		if (ok || (e->kind != NULL && strcmp(e->kind, "none") == 0) || clock_ms() >= u->revert_at)
			break;
		unit_close(u);
		pause_ms(DEPLOY_LOOK_MS);
	} while (clock_ms() < u->revert_at);
	step_end(u, n, ok, ok ? "confirmed" : e->msg);
	if (!ok)
		return false;
	if (!unit_running(u, &running, &ignored))
		running = NULL;
	return unit_end(u, "confirmed", running, "Confirmed: the router keeps it");
}

/* The decision stands: each router is asked, whatever the others say. */
static bool confirm_all(struct run *r, struct err *e) {
	bool ok = true;
	struct err one;

	r->heed = false;
	for (size_t i = 0; i < r->n; i++) {
		job_progress(r->j, (int64_t)(r->n * 3 + i), (int64_t)r->n * 4, arena_printf(r->j->a, "Confirming on %s", r->u[i].router));
		if (!r->u[i].ended && !confirm(&r->u[i], &one)) {
			ok = false;
			*e = one;
		}
	}
	return ok;
}

/* ---- the run ---- */

static bool begin(struct run *r, struct err *e) {
	struct list *ids = list_new(r->j->a, r->n);
	struct result begun;
	size_t i;

	for (i = 0; i < r->n; i++) {
		r->u[i].ended = strcmp(r->u[i].status, "queued") != 0 && strcmp(r->u[i].status, "approved") != 0;
		if (!r->u[i].ended)
			list_push(ids, val_int(r->u[i].id));
	}
	if (ids->n == 0)
		return err_set(e, ERR_CONFLICT, NULL, "there is nothing to run: what this job was asked for has ended");
	if (!book_do(r, Q_DEPLOY_BEGIN, (struct val[]){ val_list(ids), val_int(r->j->id) }, &begun, e)) {
		struct err why = *e;

		if (e->code == ERR_CONFLICT)
			err_set(&why, ERR_CONFLICT, NULL, "another deployment is under way on one of the routers");
		for (i = 0; i < r->n; i++) {
			if (!r->u[i].ended)
				unit_end(&r->u[i], "failed", NULL, "Nothing was changed: %s", why.msg);
		}
		*e = why;
		return false;
	}
	return begun.n == ids->n || err_set(e, ERR_CONFLICT, NULL, "a deployment of this job was decided about otherwise in the meantime");
}

static void close_all(struct run *r) {
	for (size_t i = 0; i < r->n; i++) {
		unit_close(&r->u[i]);
		if (r->u[i].look != NULL)
			arena_free(r->u[i].look);
		r->u[i].look = NULL;
		r->u[i].after.n = 0;
	}
}

static bool anything_to_do(const struct run *r) {
	for (size_t i = 0; i < r->n; i++) {
		if (!r->u[i].ended)
			return true;
	}
	return false;
}

bool run_deployments(struct run *r, struct err *e) {
	bool ok;

	if (!begin(r, e))
		return false;
	ok = prepare_all(r, e);
	if (ok && !anything_to_do(r)) {
		close_all(r);
		return true;
	}
	ok = ok && commit_all(r, e) && gate(r, e) && decide(r, "confirm", e);
	r->passed = ok;
	ok = ok && confirm_all(r, e);
	if (!ok)
		go_back(r, e);
	close_all(r);
	return ok;
}
