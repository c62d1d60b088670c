/* devices_configuration.c: a router's configuration through the API: rendered at once, answered as the job that clients expect. */
#include "config.h"

#include "db/queries.h"
#include "handlers.h"
#include "devices_configuration.h"
#include "model/tables/tables.h"
#include "peering/render.h"

/* errored: the template or its input is wrong; failed: we could not. */
static const char *status_of(const struct tmpl_err *te) {
	return te->e.code == ERR_TEMPLATE || te->e.code == ERR_TOO_LARGE || te->e.code == ERR_TIMEOUT ? "errored" : "failed";
}

/* The job's row, whoever may see jobs: the answer is to the one who asked for it. */
static bool answer(struct req *r, int64_t job) {
	struct actor anyone = { .authenticated = true, .superuser = true };
	struct store s = r->store;
	struct row *row;

	s.actor = &anyone;
	if (!store_get(&s, &res_job, job, "view", &row, &r->err))
		return false;
	row_json(&s, &r->body, row, FORM_FULL, NULL, NULL);
	r->response_type = "application/json";
	r->status = 202;
	return true;
}

bool router_configuration(struct req *r) {
	struct render_report report = { .milliseconds = 0 };
	struct tmpl_err te = { .line = 0 };
	struct sbuf text;
	struct result rows;
	bool ok;

	sb_init(&text, r->a);
	ok = render_router(&r->store, r->id, NULL, &text, &report, &te);
	if (!ok && te.e.code == ERR_NOT_FOUND)
		return req_fail(r, ERR_NOT_FOUND, "%s", te.e.msg);
	if (!ok && te.e.code == ERR_UNAVAILABLE) {
		r->err = te.e;
		return false;
	}
	/* it was read in a transaction that may only read; the job is written in one of its own */
	db_rollback(r->db);
	if (!db_begin(r->db, DB_WRITE, &r->err))
		return false;
	if (!db_named(r->db, r->a, Q_RENDER_JOB, (struct val[]){
	    val_int(r->id),
	    r->actor.user_id == 0 ? val_null() : val_int(r->actor.user_id),
	    val_str_or_null(r->request_id),
	    val_str(ok ? "completed" : status_of(&te)),
	    ok ? val_mem(text.s, text.len) : val_str(te.text != NULL ? te.text : te.e.msg),
	    ok ? val_null() : val_str(te.e.msg),
	    val_int(report.milliseconds) }, &rows, &r->err))
		return false;
	return answer(r, result_at(&rows, 0, 0).u.i);
}
