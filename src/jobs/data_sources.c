/* data_sources.c: reading data sources and what follows their files; pushing configurations to them. */
#include "config.h"

#include "db/queries.h"
#include "jobs/jobs.h"
#include "model/job.h"
#include "model/tables/tables.h"
#include "outside/data_source.h"
#include "peering/render.h"

/* ---- what follows ---- */

static const char *first_problem(struct arena *a, const struct problems *p) {
	struct map_entry x;

	if (p->fields == NULL || p->fields->n == 0)
		return NULL;
	x = map_pair(p->fields, 0);
	return x.val.type == V_LIST && x.val.u.list->n > 0 ? arena_printf(a, "%s: %s", val_cstr(x.key, ""), val_cstr(x.val.u.list->v[0], "")) : NULL;
}

/* An object that its file no longer fits keeps what it has, and the log says why. */
static bool follow_one(struct job *j, struct store *s, const struct val *v, bool *fits, struct err *e) {
	const struct resource *res = res_by_model(v[0].u.s);
	struct problems p = { .a = j->a };
	const char *url, *why;
	struct row *after;
	struct err no;

	*fits = true;
	if (res == NULL)
		return true;
	url = arena_printf(j->a, "/%s/%lld/", res->page, (long long)v[1].u.i);
	if (!db_begin(s->db, DB_WRITE, e))
		return false;
	if (store_update(s, res, v[1].u.i, map_new(j->a, 0), WRITE_PATCH, &after, &p, &no)) {
		job_log_line(j, &(struct job_line){ .level = JOB_SUCCESS, .object = val_cstr(after->display, res->name), .url = url,
		    .message = arena_printf(j->a, "has the text of %s", v[2].u.s) });
		return db_commit(s->db, e);
	}
	db_rollback(s->db);
	if (no.code == ERR_UNAVAILABLE)
		return *e = no, false;
	*fits = false;
	why = first_problem(j->a, &p);
	job_log_line(j, &(struct job_line){ .level = JOB_WARNING, .object = res->name, .url = url,
	    .message = arena_printf(j->a, "keeps its text: %s", why == NULL ? no.msg : why) });
	return true;
}

static bool follow(struct job *j, struct store *s, int64_t source, size_t *followed, size_t *unfit, struct err *e) {
	struct result r;
	bool fits;

	if (!db_named(s->db, j->a, Q_DATA_FOLLOWERS, (struct val[]){ val_int(source) }, &r, e))
		return false;
	for (size_t i = 0; i < r.n; i++) {
		if (!follow_one(j, s, &r.v[i * r.cols], &fits, e))
			return false;
		*followed += fits;
		*unfit += !fits;
	}
	return true;
}

/* ---- synchronise ---- */

static bool synchronise(struct job *j, struct store *s, int64_t id, const char *name, struct err *e) {
	const char *url = arena_printf(j->a, "/core/data-sources/%lld/", (long long)id);
	size_t followed = 0, unfit = 0;
	struct data_sync d;
	struct map *m;

	if (!data_source_sync(s, id, &d, e)) {
		struct err why = *e;

		job_log_line(j, &(struct job_line){ .level = JOB_FAILURE, .object = name, .url = url, .message = why.msg });
		return false;
	}
	for (size_t i = 0; i < d.left->n; i++)
		job_log_line(j, &(struct job_line){ .level = JOB_WARNING, .object = name, .url = url, .message = d.left->v[i].u.s });
	if (!follow(j, s, id, &followed, &unfit, e))
		return false;
	job_log_line(j, &(struct job_line){ .level = JOB_SUCCESS, .object = name, .url = url, .message = arena_printf(j->a,
	    "%zu files, %zu new or changed, %zu gone, %zu objects follow%s%s", d.files, d.changed, d.gone, followed, *d.revision == '\0' ? "" : "; commit ",
	    d.revision) });
	m = map_new(j->a, 6);
	map_set(m, "files", val_int((int64_t)d.files));
	map_set(m, "changed", val_int((int64_t)d.changed));
	map_set(m, "gone", val_int((int64_t)d.gone));
	map_set(m, "followed", val_int((int64_t)followed));
	map_set(m, "unfit", val_int((int64_t)unfit));
	map_set(m, "revision", val_str(d.revision));
	job_result(j, val_map(m));
	return true;
}

bool job_data_sources(struct job *j, struct err *e) {
	int64_t one = job_object(j, "core.datasource");
	size_t failed = 0;
	struct store *s;
	struct result r;

	if (!job_store(j, JOB_AS_SYSTEM, &s, e) || !db_named(s->db, j->a, Q_DATA_SOURCES_WANTED, (struct val[]){ one != 0 ? val_int(one) : val_null() }, &r, e))
		return false;
	for (size_t i = 0; i < r.n; i++) {
		job_progress(j, (int64_t)i, (int64_t)r.n, result_at(&r, i, 1).u.s);
		if (!synchronise(j, s, result_at(&r, i, 0).u.i, result_at(&r, i, 1).u.s, e))
			failed++;
	}
	if (r.n == 0)
		job_log(j, JOB_INFO, "There is no data source that is enabled");
	return failed == 0 || (r.n == 1 ? false : err_set(e, ERR_UPSTREAM, NULL, "%zu of %zu data sources could not be read; what was read before stays",
	    failed, r.n));
}

/* ---- push ---- */

/* What the commit is about: the router, who asked, and what changed in the book since the last push. */
static bool message(struct job *j, struct store *s, const struct result *router, const char **out, struct err *e) {
	struct val since = result_at(router, 0, 3);
	struct actor who = { .user_name = "the schedule" };
	struct sbuf b;
	struct result r;

	if (j->user_id != 0 && !actor_load(j->a, s->db, j->user_id, &who, e))
		return false;
	sb_init(&b, j->a);
	sb_fmt(&b, "%s: configuration pushed by %s", result_at(router, 0, 0).u.s, who.user_name);
	if (!db_named(s->db, j->a, Q_DATA_CHANGES_SINCE, (struct val[]){ since }, &r, e))
		return false;
	if (r.n > 0)
		sb_fmt(&b, "\n\n%lld changes in the book since %s:\n", (long long)result_at(&r, 0, 4).u.i, since.u.s);
	for (size_t i = 0; i < r.n; i++)
		sb_fmt(&b, "- %s %s (%s), by %s\n", result_at(&r, i, 0).u.s, result_at(&r, i, 1).u.s, result_at(&r, i, 3).u.s, result_at(&r, i, 2).u.s);
	if (r.n > 0 && result_at(&r, 0, 4).u.i > (int64_t)r.n)
		sb_str(&b, "- ...\n");
	*out = b.s;
	return true;
}

static bool render(struct job *j, struct store *s, struct sbuf *text, struct err *e) {
	struct render_report report = { .milliseconds = 0 };
	struct tmpl_err te = { .line = 0 };

	sb_init(text, j->a);
	if (render_router(s, j->object_id, NULL, text, &report, &te))
		return text->len > 0 || err_set(e, ERR_CONFLICT, NULL, "the router has no configuration template, or its configuration is empty");
	return render_failed(&te, e);
}

bool job_push_router(struct job *j, struct err *e) {
	struct repo_text text = { .path = "" };
	struct data_push p = { .texts = &text, .n = 1 };
	struct store *s;
	struct result r;
	struct sbuf b;

	if (!job_store(j, JOB_AS_SYSTEM, &s, e) || !db_named(s->db, j->a, Q_DATA_SOURCE_OF_ROUTER, (struct val[]){ val_int(j->object_id) }, &r, e))
		return false;
	if (r.n == 0)
		return err_set(e, ERR_NOT_FOUND, NULL, "there is no router %lld", (long long)j->object_id);
	text.path = val_cstr(result_at(&r, 0, 2), "");
	if (result_at(&r, 0, 1).type != V_INT || *text.path == '\0') {
		job_log(j, JOB_INFO, "No data source and file to push configuration to");
		return true;
	}
	p.source = result_at(&r, 0, 1).u.i;
	job_log(j, JOB_INFO, "Pushing router configuration to %s:%s.", val_cstr(result_at(&r, 0, 4), ""), text.path);
	if (!render(j, s, &b, e) || !message(j, s, &r, &p.message, e))
		return false;
	text.text = b.s;
	text.len = b.len;
	if (!data_source_push(s, &p, e) ||
	    !db_named(s->db, j->a, Q_DATA_PUSHED, (struct val[]){ val_int(j->object_id), val_int(p.source), val_str(text.path) }, NULL, e))
		return false;
	if (!p.changed)
		job_log(j, JOB_SUCCESS, "The same configuration stands there already.");
	else if (*p.revision != '\0')
		job_log(j, JOB_SUCCESS, "Router configuration pushed: commit %s on %s.", p.revision, p.branch);
	else
		job_log(j, JOB_SUCCESS, "Router configuration pushed.");
	return true;
}

bool job_push_all(struct job *j, struct err *e) {
	struct db *db;
	struct result r;
	int64_t id;

	if (!job_db(j, &db, e) || !db_named(db, j->a, Q_DATA_PUSH_WANTED, NULL, &r, e))
		return false;
	for (size_t i = 0; i < r.n; i++) {
		if (!job_enqueue(db, j->a, &(struct job_request){ .name = "devices.router.push_to_data_source", .res = &res_router,
		    .object_id = result_at(&r, i, 0).u.i, .user_id = j->user_id, .request_id = j->request_id,
		    .lock_key = job_lock(j->a, &res_data_source, result_at(&r, i, 1).u.i) }, &id, e))
			return false;
	}
	job_log(j, JOB_INFO, "%zu routers have a data source to push to", r.n);
	return true;
}
