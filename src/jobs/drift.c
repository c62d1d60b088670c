/* drift.c: whether routers run what the book gives: a dry run of each, that changes nothing. */
#include "config.h"

#include "db/queries.h"
#include "jobs/deploy.h"
#include "model/job.h"
#include "model/tables/tables.h"
#include "peering/deploy.h"
#include "peering/render.h"

/* ---- one router ---- */

struct look {
	struct run *r;
	int64_t router;
	const char *state, *message;
	int64_t added, removed;
	const char *diff;               /* NULL: none */
};

static bool keep(struct look *l, struct err *e) {
	if (l->diff != NULL && !keep_text(l->r, l->diff, e))
		return false;
	return book_do(l->r, Q_DRIFT_SET, (struct val[]){ val_int(l->router), val_str(l->state), val_int(l->added), val_int(l->removed),
	    val_str(l->message), val_str_or_null(l->diff) }, NULL, e);
}

static bool keep_versions(struct look *l, const struct preview *p, struct err *e) {
	const struct { const char *kind, *text; } texts[] = { { "rendered", p->rendered }, { "running", p->running }, { "diff", p->diff } };
	size_t i;

	for (i = 0; i < ARRAY_LEN(texts); i++) {
		if (*texts[i].text != '\0' && (!keep_text(l->r, texts[i].text, e) ||
		    !book_do(l->r, Q_DRIFT_ARCHIVE, (struct val[]){ val_int(l->router), val_str(texts[i].kind), val_str(texts[i].text) }, NULL, e)))
			return false;
	}
	return true;
}

/* How it stands when the router could not be shown the text. */
static const char *state_of(const struct err *e) {
	if (e->code == ERR_TEMPLATE)
		return "template-fails";
	return e->code == ERR_INVALID ? "refused" : "unreachable";
}

static bool compare(struct look *l, struct preview *p, struct err *e) {
	struct touched none = { .rendered = p->rendered };
	struct map *summary;

	if (!keep_versions(l, p, e))
		return false;
	summary = deploy_touched(l->r->j->a, p->diff, &none);
	l->state = *p->diff == '\0' ? "as-intended" : "differs";
	l->diff = *p->diff == '\0' ? NULL : p->diff;
	l->added = map_get(summary, "lines_added").u.i;
	l->removed = map_get(summary, "lines_removed").u.i;
	return keep(l, e);
}

bool job_router_drift(struct job *j, struct err *e) {
	struct render_report report = { .milliseconds = 0 };
	struct tmpl_err te = { .line = 0 };
	struct look l = { .router = j->object_id, .message = "" };
	struct preview p = { .change = arena_printf(j->a, "peerage-drift-%lld", (long long)j->object_id) };
	struct unit u = { .router = "" };
	struct device_watch watch;
	struct sbuf text;
	struct err why;

	sb_init(&text, j->a);
	if (!run_load(j, &l.r, e))
		return false;
	u.run = l.r;
	watch = unit_watch(&u);
	if (!render_router(l.r->store, l.router, NULL, &text, &report, &te)) {
		l.state = state_of(&te.e);
		l.message = te.e.msg;
		return te.e.code == ERR_TEMPLATE ? keep(&l, e) : err_set(e, te.e.code, NULL, "%s", te.e.msg);
	}
	p.rendered = text.s;
	if (text.len == 0) {
		l.state = "no-configuration";
		return keep(&l, e);
	}
	if (device_load(j->a, l.r->db, j->conf, l.router, &watch, &p.device, &why) && preview(l.r, &p, &why))
		return compare(&l, &p, e);
	l.state = state_of(&why);
	l.message = why.msg;
	job_log(j, JOB_WARNING, "%s", why.msg);
	return keep(&l, e);
}

/* ---- all of them ---- */

bool job_drift(struct job *j, struct err *e) {
	struct result routers;
	struct db *db;
	int64_t id;
	size_t i;

	if (!job_db(j, &db, e) || !db_named(db, j->a, Q_DRIFT_ROUTERS, NULL, &routers, e))
		return false;
	for (i = 0; i < routers.n; i++) {
		int64_t router = result_at(&routers, i, 0).u.i;

		if (!job_enqueue(db, j->a, &(struct job_request){ .name = "devices.router.drift", .res = &res_router, .object_id = router, .queue = "low",
		    .lock_key = job_lock(j->a, &res_router, router) }, &id, e))
			return false;
	}
	job_log(j, JOB_INFO, "%zu routers are looked at, each by a job of its own", routers.n);
	return true;
}
