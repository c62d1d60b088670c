/* housekeeping.c: what is older than it is to be kept goes. */
#include "config.h"

#include "db/queries.h"
#include "jobs/jobs.h"

enum {
	EVENT_DAYS = 30,                /* events that were told, with their deliveries */
	CHANGES_LEAST_DAYS = 7          /* the database lets no younger change go */
};

static const struct chore {
	const char *what;
	enum query_id query;
	size_t days;                    /* offset in struct conf of the days to keep; 0: `fixed` */
	int64_t fixed;                  /* days; 0: the query has no parameter */
	int64_t least;
} chores[] = {
	{ "changes", Q_HOUSEKEEPING_CHANGES, offsetof(struct conf, changelog_retention), 0, CHANGES_LEAST_DAYS },
	{ "jobs", Q_HOUSEKEEPING_JOBS, offsetof(struct conf, job_retention), 0, 1 },
	{ "session states", Q_HOUSEKEEPING_STATES, offsetof(struct conf, history_retention), 0, 1 },
	{ "prefix counts", Q_HOUSEKEEPING_HISTORY, offsetof(struct conf, history_retention), 0, 1 },
	{ "IRR lists", Q_HOUSEKEEPING_IRR, offsetof(struct conf, changelog_retention), 0, 1 },
	{ "sessions", Q_HOUSEKEEPING_SESSIONS, 0, 0, 0 },
	{ "sign-in events", Q_HOUSEKEEPING_SIGN_INS, offsetof(struct conf, changelog_retention), 0, CHANGES_LEAST_DAYS },
	{ "events", Q_HOUSEKEEPING_EVENTS, 0, EVENT_DAYS, 0 },
	{ "hidden peers", Q_HOUSEKEEPING_HIDDEN_PEERS, 0, 0, 0 },
	{ "tried files", Q_HOUSEKEEPING_UPLOADS, 0, 0, 0 },
	{ "count rows", Q_HOUSEKEEPING_COUNTS, 0, 0, 0 },
};

static int64_t days_of(const struct job *j, const struct chore *c) {
	int64_t days;

	if (c->days == 0)
		return c->fixed;
	memcpy(&days, (const char *)j->conf + c->days, sizeof(days));
	return days > 0 && days < c->least ? c->least : days;
}

static bool do_chore(struct job *j, struct db *db, const struct chore *c, int64_t *gone, struct err *e) {
	int64_t days = days_of(j, c);
	struct result r;

	*gone = 0;
	if (c->days != 0 && days == 0)
		return true;            /* for ever */
	if (!db_named(db, j->a, c->query, (struct val[]){ val_int(days) }, &r, e))
		return false;
	*gone = r.n == 1 ? result_at(&r, 0, 0).u.i : (int64_t)r.affected;
	return true;
}

bool job_housekeeping(struct job *j, struct err *e) {
	struct map *result = map_new(j->a, ARRAY_LEN(chores));
	struct db *db;
	int64_t gone;
	size_t i;

	if (!job_db(j, &db, e))
		return false;
	for (i = 0; i < ARRAY_LEN(chores); i++) {
		job_progress(j, (int64_t)i, ARRAY_LEN(chores), chores[i].what);
		if (!do_chore(j, db, &chores[i], &gone, e))
			return false;
		map_set(result, chores[i].what, val_int(gone));
		if (gone > 0)
			job_log(j, JOB_INFO, "Removed %lld old %s", (long long)gone, chores[i].what);
	}
	job_progress(j, ARRAY_LEN(chores), ARRAY_LEN(chores), "");
	job_result(j, val_map(result));
	return true;
}
