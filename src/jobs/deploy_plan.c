/* deploy_plan.c: what a deployment will be: rendered from the book, or taken from the archive; shown to the router, which tells what would change. */
#include "config.h"

#include "db/queries.h"
#include "jobs/deploy.h"
#include "peering/deploy.h"
#include "peering/render.h"

/* ---- asking the router ---- */

static bool choose_mode(struct preview *p, struct err *e) {
	const char *want = p->mode != NULL ? p->mode : device_arg(p->device, "deploy", NULL);
	unsigned can = p->device->driver->can;

	if (want == NULL)
		p->staged = (can & CAN_MERGE) != 0 ? STAGE_MERGE : STAGE_REPLACE;
	else if (strcmp(want, "merge") == 0)
		p->staged = STAGE_MERGE;
	else if (strcmp(want, "replace") == 0)
		p->staged = STAGE_REPLACE;
	else
		return err_set(e, ERR_INVALID, "napalm_args", "the driver argument \"deploy\" of %s is \"%.40s\"; it may be \"merge\" or \"replace\"", p->device->name, want);
	return true;
}

/* What is given to the router: in front of what was rendered, what takes away what is no longer wanted. */
static bool make_candidate(struct run *r, struct preview *p, struct err *e) {
	size_t len = strlen(p->rendered);
	struct result last;
	struct sbuf b;

	/* templates lose the newline at their end, routers want it */
	p->candidate = len > 0 && p->rendered[len - 1] != '\n' ? arena_printf(r->j->a, "%s\n", p->rendered) : p->rendered;
	if (p->staged != STAGE_MERGE || p->exact)
		return true;
	if (!book_do(r, Q_DEPLOY_LAST_RENDERED, (struct val[]){ val_int(p->device->router_id) }, &last, e))
		return false;
	if (last.n == 0)
		return true;
	sb_init(&b, r->j->a);
	deploy_removal(r->j->a, p->device->driver->removal, result_at(&last, 0, 0).u.s, p->rendered, &b);
	if (b.len > 0)
		p->candidate = arena_printf(r->j->a, "%s%s", b.s, p->candidate);
	return true;
}

static bool ask(struct run *r, struct preview *p, struct err *e) {
	struct device *d = p->device;
	struct sbuf running, diff;
	struct err ignored;
	bool ok;

	sb_init(&running, r->j->a);
	sb_init(&diff, r->j->a);
	job_progress(r->j, 1, 4, "Reading the router");
	if (!device_running(d, &running, e) || !device_neighbours(d, r->j->a, &p->neighbours, e))
		return false;
	p->running = running.s;
	job_progress(r->j, 2, 4, "Checking the configuration");
	if (!device_stage(d, p->change, p->candidate, strlen(p->candidate), p->staged, e))
		return false;
	ok = device_check(d, e);
	job_progress(r->j, 3, 4, "Asking what would change");
	ok = ok && device_diff(d, &diff, e);
	if (!device_discard(d, ok ? e : &ignored))
		return false;
	p->diff = diff.s;
	return ok;
}

bool preview(struct run *r, struct preview *p, struct err *e) {
	bool ok;

	if (!choose_mode(p, e) || !make_candidate(r, p, e) || !device_open(p->device, e))
		return false;
	ok = ask(r, p, e);
	if (!ok && e->kind != NULL && strcmp(e->kind, "cut") == 0 && p->device->change[0] != '\0') {
		struct err ignored;

		discard_anew(p->device, &ignored);
	}
	device_close(p->device);
	return ok;
}

/* ---- the text ---- */

static bool rendered(struct run *r, struct unit *u, const char **text, struct err *e) {
	struct render_report report = { .milliseconds = 0 };
	struct tmpl_err te = { .line = 0 };
	struct result q;
	struct sbuf b;

	if (u->restores != 0) {
		if (!book_do(r, Q_DEPLOY_VERSION, (struct val[]){ val_int(u->restores) }, &q, e))
			return false;
		*text = q.n == 0 ? "" : result_at(&q, 0, 0).u.s;
		return q.n > 0 || err_set(e, ERR_NOT_FOUND, NULL, "the archived configuration is gone");
	}
	sb_init(&b, r->j->a);
	if (!render_router(r->store, u->router_id, NULL, &b, &report, &te))
		return render_failed(&te, e);
	*text = b.s;
	return b.len > 0 || err_set(e, ERR_INVALID, NULL, "there is no configuration for %s, or it is empty: choose a template for it", u->router);
}

/* ---- what it touches ---- */

static bool known_neighbours(struct run *r, struct unit *u, const struct neighbours *running, struct touched *t, struct err *e) {
	struct arena *a = r->j->a;
	struct map *seen = map_new(a, 16);
	struct result q;
	size_t i;

	if (!book_do(r, Q_DEPLOY_SESSIONS, (struct val[]){ val_int(u->router_id) }, &q, e))
		return false;
	t->n = arena_new(a, struct touched_neighbour, running->n + q.n + 1);
	for (i = 0; i < running->n; i++) {
		if (map_get(seen, running->v[i].address).type == V_UNDEF)
			t->n[t->nn++] = (struct touched_neighbour){ .address = running->v[i].address, .running = true };
		map_set(seen, running->v[i].address, val_bool(true));
	}
	for (i = 0; i < q.n; i++) {
		const char *address = result_at(&q, i, 0).u.s;

		if (map_get(seen, address).type == V_UNDEF)
			t->n[t->nn++] = (struct touched_neighbour){ .address = address, .asn = result_at(&q, i, 1).type == V_INT ? result_at(&q, i, 1).u.i : 0 };
		map_set(seen, address, val_int(result_at(&q, i, 1).type == V_INT ? result_at(&q, i, 1).u.i : 0));
	}
	return true;
}

static const char *touch_name(enum touch t) {
	static const char *const names[] = { "", "added", "removed", "changed" };

	return names[t];
}

static enum touch touch_at(const struct touched *t, const char *address) {
	for (size_t i = 0; i < t->nn; i++) {
		if (strcmp(t->n[i].address, address) == 0)
			return t->n[i].touch;
	}
	return TOUCH_NONE;
}

/* Those of the router, and those that come. */
static bool keep_neighbours(struct run *r, struct unit *u, const struct neighbours *running, const struct touched *t, struct err *e) {
	struct arena *a = r->j->a;
	struct list *col[6];
	size_t i;

	for (i = 0; i < ARRAY_LEN(col); i++)
		col[i] = list_new(a, running->n);
	for (i = 0; i < running->n + t->nn; i++) {
		const struct neighbour *n = i < running->n ? &running->v[i] : NULL;
		const struct touched_neighbour *x = n == NULL ? &t->n[i - running->n] : NULL;

		if (x != NULL && (x->running || x->touch == TOUCH_NONE))
			continue;
		list_push(col[0], val_str(n != NULL ? n->address : x->address));
		list_push(col[1], val_str(n != NULL ? n->vrf : ""));
		list_push(col[2], n != NULL && n->asn != 0 ? val_int(n->asn) : x != NULL && x->asn != 0 ? val_int(x->asn) : val_null());
		list_push(col[3], n != NULL ? val_str(n->shutdown ? "shutdown" : bgp_state_name(n->state)) : val_null());
		list_push(col[4], n != NULL && n->accepted >= 0 ? val_int(n->accepted) : val_null());
		list_push(col[5], val_str(touch_name(n != NULL ? touch_at(t, n->address) : x->touch)));
	}
	return book_do(r, Q_DEPLOY_NEIGHBOURS_BEFORE, (struct val[]){ val_int(u->id), val_list(col[0]), val_list(col[1]), val_list(col[2]),
	    val_list(col[3]), val_list(col[4]), val_list(col[5]) }, NULL, e);
}

/* ---- the plan ---- */

static bool write_plan(struct run *r, struct unit *u, const struct preview *p, int64_t revision, struct err *e) {
	bool lines = p->staged == STAGE_REPLACE && strncmp(p->diff, "@@", 2) == 0, same = *p->diff == '\0';
	struct touched t = { .before = lines ? p->running : NULL, .after = lines ? p->candidate : NULL, .rendered = p->rendered };
	struct list *risks;
	struct map *summary;

	if (!known_neighbours(r, u, &p->neighbours, &t, e))
		return false;
	summary = deploy_touched(r->j->a, p->diff, &t);
	map_set(summary, "compared_here", val_bool((p->device->driver->can & CAN_DIFF) == 0));
	map_set(summary, "unchecked", val_bool(!device_checks(p->device, p->staged)));
	if (!deploy_risks(r->db, r->j->a, u->router_id, summary, u->restores != 0, &risks, e))
		return false;
	if (same)
		risks->n = 0;
	return keep_text(r, p->candidate, e) && archive(u, "running", "before", p->running, e) &&
	    (same ? keep_text(r, "", e) : archive(u, "diff", "plan", p->diff, e)) && keep_neighbours(r, u, &p->neighbours, &t, e) &&
	    book_do(r, Q_DEPLOY_PLANNED, (struct val[]){ val_int(u->id), val_str(same ? "unchanged" : "planned"),
	    val_str(p->staged == STAGE_REPLACE ? "replace" : "merge"), val_str(p->rendered), val_str(p->candidate), val_str(p->running), val_str(p->diff),
	    val_int(revision), val_map(summary), val_list(risks), val_str(same ? "The router runs it already" : "") }, NULL, e);
}

static bool plan(struct run *r, struct unit *u, const char *mode, struct err *e) {
	const struct device_watch watch = unit_watch(u);
	struct preview p = { .mode = mode, .change = u->change, .exact = u->restores != 0 };
	struct result revision;

	if (!book_do(r, Q_DEPLOY_REVISION, NULL, &revision, e) || !rendered(r, u, &p.rendered, e))
		return false;
	step(u, "render", true, "%zu bytes", strlen(p.rendered));
	if (!archive(u, "rendered", "plan", p.rendered, e))
		return false;
	if (!device_load(r->j->a, r->db, r->j->conf, u->router_id, &watch, &p.device, e))
		return false;
	if (!preview(r, &p, e)) {
		struct err ignored;

		if (e->code == ERR_DENIED)
			device_save_offered(r->db, p.device, &ignored);
		return false;
	}
	step(u, "diff", true, "%s", *p.diff == '\0' ? "nothing would change" : "the router tells what would change");
	if (!db_begin(r->db, DB_WRITE, e))
		return false;
	if (write_plan(r, u, &p, result_at(&revision, 0, 0).u.i, e) && db_commit(r->db, e))
		return true;
	db_rollback(r->db);
	return false;
}

bool plan_deployment(struct job *j, int64_t id, const char *mode, struct err *e) {
	struct run *r;
	struct unit *u = NULL;
	size_t i;

	if (!run_load(j, &r, e))
		return false;
	for (i = 0; i < r->n; i++)
		u = r->u[i].id == id ? &r->u[i] : u;
	if (u == NULL || strcmp(u->status, "planning") != 0)
		return err_set(e, ERR_CONFLICT, NULL, "deployment %lld is %s: it is not to be planned", (long long)id, u == NULL ? "another job's" : u->status);
	if (u->router_id == 0)
		err_set(e, ERR_NOT_FOUND, NULL, "the router %s is gone", u->router);
	else if (plan(r, u, mode, e))
		return true;
	step(u, "plan", false, "%s", e->msg);
	unit_end(u, "failed", NULL, "It could not be planned: %s", e->msg);
	return false;
}
