/* euro_ix.c: reading the member exports of exchanges as a job: of one, or of all that have the address of one. */
#include "config.h"

#include "db/queries.h"
#include "jobs/jobs.h"
#include "outside/euro_ix.h"

static void tell(struct job *j, const char *name, int64_t id, enum job_level level, const char *message) {
	job_log_line(j, &(struct job_line){ .level = level, .object = name, .message = message,
	    .url = arena_printf(j->a, "/internet-exchanges/%lld/members/", (long long)id) });
}

bool job_members(struct job *j, struct err *e) {
	int64_t one = job_object(j, "peering.internetexchange");
	size_t failed = 0;
	struct result w;
	struct db *db;

	if (!job_db(j, &db, e) || !db_named(db, j->a, Q_EURO_IX_WANTED, (struct val[]){ one != 0 ? val_int(one) : val_null() }, &w, e))
		return false;
	for (size_t i = 0; i < w.n; i++) {
		const char *name = result_at(&w, i, 1).u.s;
		struct val ixp = result_at(&w, i, 3);
		struct euro_ix_exchange x = { .id = result_at(&w, i, 0).u.i, .url = result_at(&w, i, 2).u.s, .ixp_id = ixp.type == V_INT ? ixp.u.i : -1 };
		struct euro_ix_report r;

		job_progress(j, (int64_t)i, (int64_t)w.n, name);
		if (euro_ix_fetch(j->a, db, j->conf, &x, &r, e)) {
			tell(j, name, x.id, JOB_SUCCESS, arena_printf(j->a, "version %s: %lld members with %lld addresses", r.version, (long long)r.members,
			    (long long)r.ports));
		} else {
			failed++;
			tell(j, name, x.id, JOB_WARNING, arena_printf(j->a, "%s; the last good copy stays", e->msg));
		}
	}
	if (w.n == 0)
		job_log(j, JOB_INFO, "No exchange has the address of a member export");
	return failed == 0 || (w.n == 1 ? false : err_set(e, ERR_UPSTREAM, NULL, "%zu of %zu exports could not be read; their last good copies stay",
	    failed, w.n));
}
