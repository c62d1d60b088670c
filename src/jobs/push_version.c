/* push_version.c: an archived configuration put into the data source of its router, with a commit that tells whose change it was. */
#include "config.h"

#include "db/queries.h"
#include "jobs/jobs.h"
#include "outside/data_source.h"

enum { V_TEXT, V_ROUTER, V_KIND, V_ORIGIN, V_TAKEN, V_DEPLOYMENT, V_BY, V_APPROVED_BY, V_REASON, V_SOURCE, V_PATH, V_SOURCE_NAME };

static const char *text(const struct result *r, size_t column) {
	return val_cstr(result_at(r, 0, column), "");
}

static const char *message(struct job *j, const struct result *r) {
	struct sbuf b;

	sb_init(&b, j->a);
	sb_fmt(&b, "%s: %s configuration of %s (%s)", text(r, V_ROUTER), text(r, V_KIND), text(r, V_TAKEN), text(r, V_ORIGIN));
	if (result_at(r, 0, V_DEPLOYMENT).type == V_INT)
		sb_fmt(&b, "\n\nDeployment %lld", (long long)result_at(r, 0, V_DEPLOYMENT).u.i);
	if (*text(r, V_BY) != '\0')
		sb_fmt(&b, "%s by %s", result_at(r, 0, V_DEPLOYMENT).type == V_INT ? "" : "\n\nTaken", text(r, V_BY));
	if (*text(r, V_APPROVED_BY) != '\0')
		sb_fmt(&b, ", approved by %s", text(r, V_APPROVED_BY));
	if (*text(r, V_REASON) != '\0')
		sb_fmt(&b, "\n\n%s", text(r, V_REASON));
	return b.s;
}

bool job_push_version(struct job *j, struct err *e) {
	struct repo_text file = { .path = "" };
	struct data_push p = { .texts = &file, .n = 1 };
	struct store *s;
	struct result r;

	if (!job_store(j, JOB_AS_SYSTEM, &s, e) || !db_named(s->db, j->a, Q_DEPLOY_VERSION_PUSH, (struct val[]){ val_int(j->object_id) }, &r, e))
		return false;
	if (r.n == 0)
		return err_set(e, ERR_NOT_FOUND, NULL, "there is no archived configuration %lld", (long long)j->object_id);
	if (result_at(&r, 0, V_SOURCE).type != V_INT || *text(&r, V_PATH) == '\0')
		return err_set(e, ERR_CONFLICT, NULL, "the router %s has no data source and path to push to; set data_source and data_path", text(&r, V_ROUTER));
	p.source = result_at(&r, 0, V_SOURCE).u.i;
	p.message = message(j, &r);
	file = (struct repo_text){ arena_printf(j->a, "%s.%s", text(&r, V_PATH), text(&r, V_KIND)), result_at(&r, 0, V_TEXT).u.s, result_at(&r, 0, V_TEXT).len };
	job_log(j, JOB_INFO, "Pushing %s to %s.", file.path, text(&r, V_SOURCE_NAME));
	if (!data_source_push(s, &p, e))
		return false;
	if (!p.changed)
		job_log(j, JOB_SUCCESS, "The same text stands there already.");
	else
		job_log(j, JOB_SUCCESS, *p.revision == '\0' ? "Pushed." : "Pushed: commit %s on %s.", p.revision, p.branch);
	return true;
}
