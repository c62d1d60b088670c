/* peeringdb.c: the synchronisation with PeeringDB as a job. Parameters: "reconcile", "force" (true or false). */
#include "config.h"

#include "jobs/jobs.h"
#include "outside/peeringdb.h"

static void progress(void *arg, const struct peeringdb_progress *p) {
	struct job *j = arg;

	/* reading is one half of the way, merging the other */
	job_progress(j, (int64_t)p->step + (strcmp(p->what, "reading") == 0 ? 0 : (int64_t)p->steps), 2 * (int64_t)p->steps,
	    arena_printf(j->a, "%s %s", p->what, p->tag));
}

static bool asked(const struct job *j, const char *name) {
	struct val v = map_get(j->parameters, name);

	return v.type == V_BOOL && v.u.b;
}

static void tell(struct job *j, const struct peeringdb_report *r) {
	struct map *m = map_new(j->a, 6);

	if (r->created + r->updated + r->deleted == 0) {
		job_log(j, JOB_SUCCESS, "Nothing to synchronise.");
	} else {
		job_log(j, JOB_INFO, "Created %lld objects", (long long)r->created);
		job_log(j, JOB_INFO, "Updated %lld objects", (long long)r->updated);
		job_log(j, JOB_INFO, "Deleted %lld objects", (long long)r->deleted);
	}
	if (r->pending > 0)
		job_log(j, JOB_INFO, "%lld rows wait for another or cannot be stored", (long long)r->pending);
	if (r->changes > 0)
		job_log(j, JOB_INFO, "%lld changes concern this book", (long long)r->changes);
	if (r->created + r->updated + r->deleted > 0)
		job_log(j, JOB_SUCCESS, "Synchronisation finished.");
	map_set(m, "created", val_int(r->created));
	map_set(m, "updated", val_int(r->updated));
	map_set(m, "deleted", val_int(r->deleted));
	map_set(m, "pending", val_int(r->pending));
	map_set(m, "linked", val_int(r->linked));
	map_set(m, "changes", val_int(r->changes));
	job_result(j, val_map(m));
}

bool job_peeringdb(struct job *j, struct err *e) {
	const struct peeringdb_options o = { .conf = j->conf, .reconcile = asked(j, "reconcile"), .force = asked(j, "force"), .progress = progress, .arg = j };
	struct peeringdb_report report;
	struct db *db;

	if (!job_db(j, &db, e))
		return false;
	job_log(j, JOB_INFO, "Synchronising PeeringDB local data.");
	if (!peeringdb_sync(j->a, db, &o, &report, e))
		return false;
	tell(j, &report);
	return true;
}
