/* peeringdb.c: the synchronisation with PeeringDB as a job. Parameters: "reconcile", "force" (true or false). */
#include "config.h"

#include <stdio.h>

#include "jobs/jobs.h"
#include "outside/peeringdb.h"
#include "peering/peeringdb.h"

static void progress(void *arg, const struct peeringdb_progress *p) {
	struct job *j = arg;

	char rows[80] = "";

	if (p->total > 0)
		snprintf(rows, sizeof(rows), ": %lld of %s%lld rows", (long long)p->rows, p->estimated ? "about " : "", (long long)p->total);
	/* reading is one half of the way, merging the other */
	job_progress(j, (int64_t)p->step + (strcmp(p->what, "reading") == 0 ? 0 : (int64_t)p->steps), 2 * (int64_t)p->steps,
	    arena_printf(j->a, "%s %s%s", p->what, p->tag, rows));
}

static bool asked(const struct job *j, const char *name) {
	struct val v = map_get(j->parameters, name);

	return v.type == V_BOOL && v.u.b;
}

static struct val types_of(struct job *j, const struct peeringdb_report *r) {
	struct list *out = list_new(j->a, r->n);

	for (size_t i = 0; i < r->n; i++) {
		const struct peeringdb_line *l = &r->line[i];
		struct map *m = map_new(j->a, 6);

		if (!l->read)
			continue;
		map_set(m, "type", val_str(l->tag));
		map_set(m, "read", val_int(l->rows));
		map_set(m, "created", val_int(l->created));
		map_set(m, "updated", val_int(l->updated));
		map_set(m, "deleted", val_int(l->deleted));
		map_set(m, "pending", val_int(l->pending));
		list_push(out, val_map(m));
	}
	return val_list(out);
}

static void tell_applied(struct job *j, const struct pdb_applied *p) {
	job_log(j, JOB_INFO, "Updating values for %lld autonomous systems", (long long)p->systems);
	if (p->accepted + p->ignored > 0)
		job_log(j, JOB_INFO, "%lld changes accepted and %lld ignored by rule", (long long)p->accepted, (long long)p->ignored);
	for (size_t i = 0; i < p->refused->n; i++)
		job_log(j, JOB_WARNING, "Not written: %s", val_cstr(p->refused->v[i], ""));
}

static void tell(struct job *j, const struct peeringdb_report *r, const struct pdb_applied *p) {
	struct map *m = map_new(j->a, 8);

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
	tell_applied(j, p);
	if (r->created + r->updated + r->deleted > 0)
		job_log(j, JOB_SUCCESS, "Synchronisation finished.");
	map_set(m, "created", val_int(r->created));
	map_set(m, "updated", val_int(r->updated));
	map_set(m, "deleted", val_int(r->deleted));
	map_set(m, "pending", val_int(r->pending));
	map_set(m, "linked", val_int(r->linked));
	map_set(m, "changes", val_int(r->changes));
	map_set(m, "systems", val_int(p->systems));
	map_set(m, "types", types_of(j, r));
	job_result(j, val_map(m));
}

bool job_peeringdb(struct job *j, struct err *e) {
	const struct peeringdb_options o = { .conf = j->conf, .reconcile = asked(j, "reconcile"), .force = asked(j, "force"), .progress = progress, .arg = j };
	struct peeringdb_report report;
	struct pdb_applied applied;
	struct store *s;
	struct db *db;

	if (!job_db(j, &db, e))
		return false;
	job_log(j, JOB_INFO, "Synchronising PeeringDB local data.");
	if (!peeringdb_sync(j->a, db, &o, &report, e) || !job_store(j, JOB_AS_SYSTEM, &s, e) || !pdb_apply_rules(s, &applied, e))
		return false;
	tell(j, &report, &applied);
	return true;
}
