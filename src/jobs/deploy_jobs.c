/* deploy_jobs.c: deployments as kinds of jobs: plan, run, and the one that Peering Manager knows, which does both; and the test of a connection. */
#include "config.h"

#include "db/queries.h"
#include "jobs/deploy.h"
#include "model/tables/tables.h"
#include "peering/deploy.h"

/* ---- what came out ---- */

static void tell(struct run *r) {
	struct list *l = list_new(r->j->a, r->n);
	struct map *out = map_new(r->j->a, 1);

	for (size_t i = 0; i < r->n; i++) {
		struct map *m = map_new(r->j->a, 4);

		map_set(m, "id", val_int(r->u[i].id));
		map_set(m, "router", val_str(r->u[i].router));
		map_set(m, "status", val_str(r->u[i].status));
		map_set(m, "outcome", val_str(r->u[i].outcome));
		list_push(l, val_map(m));
	}
	map_set(out, "deployments", val_list(l));
	job_result(r->j, val_map(out));
}

/* ---- plan ---- */

bool job_deployment_plan(struct job *j, struct err *e) {
	struct err again;
	struct run *r;
	bool ok = plan_deployment(j, j->object_id, job_text(j, "mode", NULL), e);

	if (run_load(j, &r, ok ? e : &again))
		tell(r);
	return ok;
}

/* ---- run ---- */

bool job_deployment_run(struct job *j, struct err *e) {
	struct run *r;
	bool ok;

	if (!run_load(j, &r, e))
		return false;
	ok = run_deployments(r, e);
	tell(r);
	return ok;
}

bool job_deployment_recover(struct job *j, struct err *e) {
	struct run *r;
	bool ok;

	if (!run_load(j, &r, e))
		return false;
	ok = run_recover(r, e);
	tell(r);
	return ok;
}

/* ---- configure: as Peering Manager has it ---- */

/* *why: what makes a router unusable, NULL: nothing. */
static bool usable(struct run *r, int64_t router, const char **why, struct err *e) {
	struct result q;

	if (!book_do(r, Q_DEPLOY_USABLE, (struct val[]){ val_int(router) }, &q, e))
		return false;
	*why = q.n == 0 ? "Router is gone." : val_cstr(result_at(&q, 0, 0), NULL);
	return true;
}

static bool add(struct job *j, struct store *s, int64_t *id, struct err *e) {
	const struct deploy_ask q = { .reason = job_text(j, "reason", NULL), .gate_share = -1 };

	if (!db_begin(s->db, DB_WRITE, e))
		return false;
	if (deploy_add(s, &q, j->object_id, 0, id, e) &&
	    db_named(s->db, j->a, Q_DEPLOY_JOB, (struct val[]){ val_int(*id), val_int(j->id) }, NULL, e) && db_commit(s->db, e))
		return true;
	db_rollback(s->db);
	return false;
}

static bool approve(struct store *s, int64_t id, struct err *e) {
	const char *already;

	if (!db_begin(s->db, DB_WRITE, e))
		return false;
	if (deploy_approve(s, id, &already, e) && db_commit(s->db, e))
		return true;
	db_rollback(s->db);
	return false;
}

static bool not_installed(struct job *j, const struct err *e) {
	struct err ignored;

	job_output(j, e->msg, strlen(e->msg), &ignored);
	job_log(j, JOB_FAILURE, "Failed to install configuration.");
	return false;
}

/* The plan is there: approve and run it where that was asked for. */
static bool go_on(struct job *j, struct store *s, int64_t id, struct err *e) {
	struct run *r;
	struct unit *u;
	bool ok;

	if (!run_load(j, &r, e))
		return false;
	u = &r->u[r->n - 1];
	if (!job_output(j, u->diff, strlen(u->diff), e))
		return false;
	if (strcmp(u->status, "unchanged") == 0)
		job_log(j, JOB_INFO, "No configuration to install.");
	else if (map_get(j->parameters, "commit").type != V_BOOL || !map_get(j->parameters, "commit").u.b)
		job_log(j, JOB_INFO, "Configuration differences found.");
	else {
		if (!approve(s, id, e) || !run_load(j, &r, e))
			return not_installed(j, e);
		ok = run_deployments(r, e);
		tell(r);
		if (!ok)
			return not_installed(j, e);
		job_log(j, JOB_SUCCESS, "Configuration installed.");
		return true;
	}
	tell(r);
	return true;
}

bool job_configure(struct job *j, struct err *e) {
	struct run *r;
	struct store *s;
	int64_t id = 0;
	const char *why;

	if (!run_load(j, &r, e) || !job_store(j, JOB_AS_USER, &s, e) || !usable(r, j->object_id, &why, e))
		return false;
	if (why != NULL) {
		job_log(j, JOB_WARNING, "%s", why);
		job_log(j, JOB_WARNING, "Task cancelled");
		return true;
	}
	job_log(j, JOB_INFO, "Trying to install configuration.");
	if (!add(j, s, &id, e) || !plan_deployment(j, id, NULL, e))
		return not_installed(j, e);
	return go_on(j, s, id, e);
}

bool job_configure_recover(struct job *j, struct err *e) {
	struct run *r;
	size_t i;

	if (!run_load(j, &r, e))
		return false;
	if (r->n == 0)
		return job_configure(j, e);
	for (i = 0; i < r->n; i++) {
		if (strcmp(r->u[i].status, "planning") == 0 || strcmp(r->u[i].status, "planned") == 0)
			return err_set(e, ERR_CONFLICT, NULL, "its runner was lost while it was planned; ask again");
	}
	return job_deployment_recover(j, e) || not_installed(j, e);
}

/* ---- test of a connection ---- */

bool job_test_connection(struct job *j, struct err *e) {
	struct run *r;
	struct unit *u;
	struct facts f;
	struct err ignored;

	if (!run_load(j, &r, e))
		return false;
	u = arena_new(j->a, struct unit, 1);
	*u = (struct unit){ .run = r, .router_id = j->object_id, .router = "" };
	job_log(j, JOB_INFO, "Trying to connect...");
	if (!unit_connect(u, e) || !device_facts(u->device, j->a, &f, e)) {
		if (u->device != NULL && e->code == ERR_DENIED)
			device_save_offered(r->db, u->device, &ignored);
		job_log(j, JOB_FAILURE, "Connection failure.");
		unit_close(u);
		return job_output(j, e->msg, strlen(e->msg), &ignored) && false;
	}
	unit_close(u);
	job_log(j, JOB_SUCCESS, "Connection successful.");
	if (*f.version != '\0')
		job_log(j, JOB_INFO, "%s %s %s", f.vendor, f.model, f.version);
	return true;
}
