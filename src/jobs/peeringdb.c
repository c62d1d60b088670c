/* peeringdb.c: the synchronisation with PeeringDB as a job. Parameters: "reconcile", "force" (true or false). */
#include "config.h"

#include "jobs/jobs.h"
#include "outside/peeringdb.h"

static void progress(void *arg, const struct peeringdb_progress *p) {
	struct job *j = arg;
	struct arena_mark mark = arena_mark(j->a);
	bool reading = strcmp(p->what, "fetching") == 0 || strcmp(p->what, "reading") == 0;
	size_t done = reading ? p->step : strcmp(p->what, "merging") == 0 ? p->steps + p->step : 2 * p->steps;

	/* fetching and reading are one half of the way, merging the other */
	job_progress(j, (int64_t)done, 2 * (int64_t)p->steps, peeringdb_progress_text(j->a, p));
	arena_rewind(j->a, mark);
}

static bool asked(const struct job *j, const char *name) {
	struct val v = map_get(j->parameters, name);

	return v.type == V_BOOL && v.u.b;
}

static void tell_refused(struct job *j, const struct list *refused) {
	for (size_t i = 0; i < refused->n; i++)
		job_log(j, JOB_WARNING, "Not written: %s", val_cstr(refused->v[i], ""));
}

static void tell(struct job *j, const struct peeringdb_report *r) {
	const struct pdb_applied *p = &r->applied;
	bool any = r->created + r->updated + r->deleted > 0;

	if (!any) {
		job_log(j, JOB_SUCCESS, "Nothing to synchronise.");
	} else {
		job_log(j, JOB_INFO, "Created %lld objects", (long long)r->created);
		job_log(j, JOB_INFO, "Updated %lld objects", (long long)r->updated);
		job_log(j, JOB_INFO, "Deleted %lld objects", (long long)r->deleted);
	}
	if (r->pending > 0)
		job_log(j, JOB_INFO, "%lld rows wait for another or cannot be stored", (long long)r->pending);
	if (r->linked > 0)
		job_log(j, JOB_INFO, "%lld objects of this book are linked otherwise", (long long)r->linked);
	if (r->changes > 0)
		job_log(j, JOB_INFO, "%lld changes concern this book", (long long)r->changes);
	job_log(j, JOB_INFO, "Updating values for %lld autonomous systems", (long long)p->systems);
	if (p->accepted + p->ignored > 0)
		job_log(j, JOB_INFO, "%lld changes accepted and %lld ignored by rule", (long long)p->accepted, (long long)p->ignored);
	tell_refused(j, r->refused);
	tell_refused(j, p->refused);
	if (any)
		job_log(j, JOB_SUCCESS, "Synchronisation finished.");
	job_result(j, peeringdb_report_value(j->a, r));
}

bool job_peeringdb(struct job *j, struct err *e) {
	const struct peeringdb_options o = { .conf = j->conf, .reconcile = asked(j, "reconcile"), .force = asked(j, "force"), .progress = progress, .arg = j };
	struct peeringdb_report report;
	struct store *s;

	job_log(j, JOB_INFO, "Synchronising PeeringDB local data.");
	if (!job_store(j, JOB_AS_SYSTEM, &s, e))
		return false;
	if (!peeringdb_sync(s, &o, &report, e)) {
		job_again(j, report.retry_after);
		return false;
	}
	tell(j, &report);
	return true;
}
