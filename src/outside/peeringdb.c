/* peeringdb.c: a run, from the lock to the last link. */
#include "config.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/utf8.h"
#include "db/queries.h"
#include "outside/peeringdb_merge.h"
#include "outside/peeringdb_read.h"
#include "outside/peeringdb_source.h"
#include "outside/peeringdb_stage.h"
#include "outside/peeringdb_way.h"

enum { LOOK_BACK = 120 };       /* seconds before the latest change: what was being written when we last asked */

struct sync {
	struct arena *a;
	struct db *db;
	struct store *store;
	const struct peeringdb_options *o;
	struct peeringdb_report *report;
	struct source source;
	struct pdb_plan plan[PEERINGDB_KINDS];
	struct state {
		int64_t since;          /* 0: never */
		bool whole, staged;     /* everything is to be read; an interrupted run has read it, */
		int64_t rows;           /* so many of them */
	} state[PEERINGDB_KINDS];
	struct peeringdb_held held[PEERINGDB_KINDS];    /* types over the brake */
	struct way way;         /* what is left to others */
	size_t at;              /* the type at work, for messages; PEERINGDB_KINDS: none */
	struct arena *scratch;
};

static void tell(struct sync *s, const char *what, int64_t rows, int64_t total) {
	struct peeringdb_progress p = { .what = what, .step = s->at, .steps = PEERINGDB_KINDS, .rows = rows, .total = total,
		.estimated = strcmp(what, "reading") == 0 && rows < total };

	p.tag = s->at < PEERINGDB_KINDS ? pdb_kinds[s->at].tag : "";
	if (s->o->progress != NULL)
		s->o->progress(s->o->arg, &p);
}

static void fetching(void *arg, int64_t bytes) {
	struct sync *s = arg;
	const struct peeringdb_progress p = { .tag = pdb_kinds[s->at].tag, .what = "fetching", .step = s->at, .steps = PEERINGDB_KINDS, .bytes = bytes };

	if (s->o->progress != NULL)
		s->o->progress(s->o->arg, &p);
}

static bool sql(struct sync *s, const char *text, struct err *e) {
	return db_query(s->db, s->scratch, text, NULL, 0, NULL, e);
}

static bool named(struct sync *s, unsigned id, struct val p1, int64_t *affected, struct err *e) {
	struct result r;

	if (!db_named(s->db, s->scratch, id, &p1, &r, e))
		return false;
	if (affected != NULL)
		*affected += (int64_t)r.affected;
	return true;
}

static bool locked(const struct result *r, struct err *e) {
	return result_at(r, 0, 0).u.b || err_set(e, ERR_CONFLICT, NULL, "another synchronisation with PeeringDB is at work");
}

/* A run takes longer than a page may; LIMIT_STATEMENT_SECONDS is for those. The lock of the run went with its connection if that was lost. */
static bool begin(struct sync *s, struct err *e) {
	struct result r;

	if (!db_begin(s->db, DB_WRITE, e))
		return false;
	if (sql(s, "SET LOCAL statement_timeout = 0", e) && sql(s, "SET LOCAL idle_in_transaction_session_timeout = 0", e) &&
	    db_named(s->db, s->scratch, Q_PEERINGDB_LOCK_RUN, NULL, &r, e) && locked(&r, e))
		return true;
	db_rollback(s->db);
	return false;
}

/* ---- reading ---- */

static bool load_state(struct sync *s, struct err *e) {
	bool keyed = *s->source.key != '\0';
	struct result r;
	size_t i;

	if (!db_named(s->db, s->a, Q_PEERINGDB_STATE, (struct val[]){ val_str(s->source.name), val_bool(keyed) }, &r, e))
		return false;
	if (r.n != PEERINGDB_KINDS)
		return err_set(e, ERR_INTERNAL, NULL, "peeringdb_namespace has %zu types, not %d", r.n, PEERINGDB_KINDS);
	for (i = 0; i < PEERINGDB_KINDS; i++) {
		struct state *t = &s->state[i];
		bool stale = result_at(&r, i, 2).u.b, had_key = result_at(&r, i, 3).u.b;

		t->since = result_at(&r, i, 1).type == V_INT ? result_at(&r, i, 1).u.i : 0;
		t->whole = (s->source.dir != NULL && !s->o->partial) || s->o->reconcile || t->since == 0 || (stale && !s->o->partial) ||
		    (keyed && !had_key && strcmp(pdb_kinds[i].tag, "poc") == 0);
		t->staged = s->source.dir == NULL && result_at(&r, i, 4).u.b && result_at(&r, i, 5).u.b >= t->whole;
		if (t->staged)
			t->whole = result_at(&r, i, 5).u.b;
		t->rows = t->staged ? result_at(&r, i, 6).u.i : 0;
		if (!pdb_plan(s->a, s->db, &pdb_kinds[i], &s->plan[i], e))
			return false;
	}
	return true;
}

struct reading {
	struct sync *s;
	struct stage stage;
	FILE *file;             /* at hand */
	struct val generated;   /* state of PeeringDB that a whole answer shows, in seconds since 1970 */
};

/* By the share of the document that is behind us. */
static int64_t rows_about(const struct reading *r) {
	struct stat st;
	long at = ftell(r->file);

	if (at <= 0 || fstat(fileno(r->file), &st) != 0 || st.st_size < at)
		return 0;
	return (int64_t)((double)r->stage.rows * (double)st.st_size / (double)at);
}

static bool take_row(void *arg, struct val row, struct err *e) {
	struct reading *r = arg;

	if (r->stage.rows % 1000 == 0 && r->stage.rows > 0)
		tell(r->s, "reading", r->stage.rows, rows_about(r));
	if (r->stage.rows % 100 == 0)
		way_step(&r->s->way);
	return stage_row(&r->stage, row, e);
}

/* Rows that waited come first, so that whatever is received of them counts more. With everything on its way they are not needed. */
static bool waiting_rows(struct sync *s, struct result *r, struct err *e) {
	*r = (struct result){ 0 };
	return s->state[s->at].whole || db_named(s->db, s->scratch, Q_PEERINGDB_WAITING, (struct val[]){ val_str(pdb_kinds[s->at].tag) }, r, e);
}

static bool read_answers(struct sync *s, struct reading *r, struct question *q, FILE *f, struct err *e) {
	for (;;) {
		struct answer answer = { .row = take_row, .arg = r };
		struct err why;
		bool more;

		r->file = f;
		stage_answer(&r->stage);
		if (!answer_read(s->scratch, f, &answer, &why))
			return err_kind(e, why.code, why.kind, "%s: %.400s", q->tag, why.msg);
		if (q->page == 0 && q->whole && answer.meta != NULL)
			r->generated = map_get(answer.meta, "generated");
		if (q->page > 0 && answer.rows == 0)
			return err_set(e, ERR_UPSTREAM, NULL, "%s: page %lld is empty and yet there is a next one", q->tag, (long long)q->page);
		if (!source_next(&s->source, q, answer.meta, &more, e))
			return false;
		if (!more)
			return true;
		if (!source_ask(&s->source, s->scratch, q, &f, e))
			return false;
	}
}

static bool copy_rows(struct sync *s, struct reading *r, struct question *q, FILE *f, struct err *e) {
	struct result waiting;
	bool ok;
	size_t i;

	if (!waiting_rows(s, &waiting, e) || !stage_begin(&r->stage, s->scratch, s->db, &s->plan[s->at], e))
		return false;
	for (i = 0, ok = true; i < waiting.n && ok; i++)
		ok = stage_row(&r->stage, result_at(&waiting, i, 0), e);
	ok = ok && read_answers(s, r, q, f, e);
	if (ok)
		ok = stage_end(&r->stage, e);
	else
		db_copy_abort(s->db);
	s->report->line[s->at].rows = r->stage.rows - (int64_t)waiting.n;
	stage_free(&r->stage);
	return ok;
}

/* In one answer a row stands once; between pages it may move. */
static bool no_doubles(struct sync *s, struct err *e) {
	const char *tag = pdb_kinds[s->at].tag;
	struct result r;

	if (!db_query(s->db, s->scratch, arena_printf(s->scratch, "SELECT id FROM peeringdb_stage_%s GROUP BY id, seq >> 32 HAVING count(*) > 1 LIMIT 1", tag),
	        NULL, 0, &r, e))
		return false;
	return r.n == 0 || err_set(e, ERR_UPSTREAM, NULL, "%s: the answer has id %lld twice", tag, (long long)result_at(&r, 0, 0).u.i);
}

static bool stage_type(struct sync *s, struct question *q, FILE *f, struct err *e) {
	const char *tag = pdb_kinds[s->at].tag;
	struct reading r = { .s = s, .generated = val_null() };

	if (!sql(s, arena_printf(s->scratch, "TRUNCATE peeringdb_stage_%s", tag), e) || !copy_rows(s, &r, q, f, e) ||
	    !sql(s, arena_printf(s->scratch, "ANALYZE peeringdb_stage_%s", tag), e) || !no_doubles(s, e))
		return false;
	return db_named(s->db, s->scratch, Q_PEERINGDB_STAGED, (struct val[]){ val_str(tag), val_str(s->source.name), val_bool(s->state[s->at].whole),
	    val_bool(*s->source.key != '\0'), r.generated.type == V_FLOAT || r.generated.type == V_INT ? r.generated : val_null(),
	    val_int(s->report->line[s->at].rows) }, NULL, e);
}

/* The first answer is fetched before the transaction: one that fails costs the database nothing. */
static bool read_type(struct sync *s, struct err *e) {
	const struct state *t = &s->state[s->at];
	struct question q = source_question(&s->source, pdb_kinds[s->at].tag, t->whole, t->since - LOOK_BACK);
	FILE *f;

	tell(s, "reading", 0, 0);
	s->source.progress = fetching;
	s->source.arg = s;
	if (!source_ask(&s->source, s->scratch, &q, &f, e))
		return false;
	if (f == NULL)
		return true;
	if (!begin(s, e))
		return false;
	if (!stage_type(s, &q, f, e)) {
		db_rollback(s->db);
		return false;
	}
	s->report->line[s->at].read = true;
	tell(s, "reading", s->report->line[s->at].rows, s->report->line[s->at].rows);
	return db_commit(s->db, e);
}

static bool read_all(struct sync *s, struct err *e) {
	bool any = false;

	for (s->at = 0; s->at < PEERINGDB_KINDS; s->at++) {
		s->report->line[s->at] = (struct peeringdb_line){ .tag = pdb_kinds[s->at].tag, .read = s->state[s->at].staged, .whole = s->state[s->at].whole,
			.rows = s->state[s->at].rows };
		if (!s->state[s->at].staged && !read_type(s, e))
			return false;
		any = any || s->report->line[s->at].read;
		arena_reset(s->scratch);
	}
	s->at = PEERINGDB_KINDS;
	return any || err_set(e, ERR_INVALID, "from", "%s: none of PeeringDB's files (net.json, ix.json ...) is there", s->source.name);
}

/* ---- merging ---- */

static bool merge_one(struct sync *s, const char *what, bool (*step)(struct merge *, struct err *), struct err *e) {
	struct merge m = { .a = s->scratch, .keep = s->a, .db = s->db, .plan = &s->plan[s->at], .line = &s->report->line[s->at],
		.whole = s->state[s->at].whole, .feed = s->state[s->at].since > 0, .brake = s->o->force ? 100 : s->o->conf->peeringdb_brake,
		.held = &s->held[s->at], .way = &s->way };
	bool ok;

	if (!m.line->read)
		return true;
	tell(s, what, 0, m.line->rows);
	/* a table that is empty now would be joined row by row, and is not empty while it is being filled */
	ok = sql(s, m.whole ? "SET LOCAL enable_nestloop = off" : "SET LOCAL enable_nestloop = on", e) && step(&m, e);
	tell(s, what, m.line->rows, m.line->rows);
	s->report->changes += m.changes;
	arena_reset(s->scratch);
	return ok;
}

static bool brake_open(struct sync *s, struct err *e) {
	struct sbuf b;
	size_t i;

	sb_init(&b, s->a);
	for (i = 0; i < PEERINGDB_KINDS; i++) {
		const struct peeringdb_held *h = &s->held[i];

		if (h->tag != NULL)
			sb_fmt(&b, "%sof %lld rows of %s this run would remove %lld and change %lld", b.len == 0 ? "" : "; ", (long long)h->rows, h->tag,
			    (long long)h->gone, (long long)h->changed);
	}
	return b.len == 0 || err_kind(e, ERR_CONFLICT, "brake", "stopped: %s, more than %lld %%; if that is right, go on with `peerage peeringdb sync --force`"
	    " or on the page of the cache", b.s, (long long)s->o->conf->peeringdb_brake);
}

/* Between what comes and what goes: a link passes from a port to the one that takes its place. */
static bool link_all(struct sync *s, struct err *e) {
	s->at = PEERINGDB_KINDS;
	tell(s, "linking", 0, 0);
	return sql(s, "SET LOCAL enable_nestloop = on", e) && pdb_link_all(s->store, &s->report->linked, s->report->refused, e);
}

/* A type that was not read may still have rows of an interrupted run from elsewhere. */
static bool clear_unread(struct sync *s, struct err *e) {
	for (size_t i = 0; i < PEERINGDB_KINDS; i++) {
		if (!s->report->line[i].read && !sql(s, arena_printf(s->scratch, "TRUNCATE peeringdb_stage_%s", pdb_kinds[i].tag), e))
			return false;
	}
	return true;
}

static bool merge_types(struct sync *s, struct err *e) {
	for (s->at = 0; s->at < PEERINGDB_KINDS; s->at++) {
		if (!merge_one(s, "merging", merge_rows, e))
			return false;
	}
	if (!brake_open(s, e) || !link_all(s, e))
		return false;
	while (s->at-- > 0) {
		if (!merge_one(s, "removing", merge_deletions, e))
			return false;
	}
	s->at = PEERINGDB_KINDS;
	return true;
}

/* What links and the feed leave behind. */
static bool tidy(struct sync *s, struct err *e) {
	return named(s, Q_PEERINGDB_LINK_FORGET, val_null(), NULL, e) && named(s, Q_PEERINGDB_BRAKE_CLEAR, val_null(), NULL, e) &&
	    (s->report->changes == 0 || named(s, Q_PEERINGDB_SUPERSEDE, val_null(), NULL, e));
}

/* The latest change of each type is where the next run goes on, that of a row that is gone included. */
static bool record_type(struct sync *s, size_t i, struct err *e) {
	const struct peeringdb_line *l = &s->report->line[i];
	struct result r;

	if (!l->read)
		return true;
	return db_query(s->db, s->scratch, arena_printf(s->scratch, "SELECT max(updated)::text FROM peeringdb_stage_%s", l->tag), NULL, 0, &r, e) &&
	    db_named(s->db, s->scratch, Q_PEERINGDB_MERGED, (struct val[]){ val_str(l->tag), val_bool(l->whole), result_at(&r, 0, 0) }, NULL, e) &&
	    sql(s, arena_printf(s->scratch, "TRUNCATE peeringdb_stage_%s", l->tag), e);
}

static bool record(struct sync *s, struct err *e) {
	struct peeringdb_report *r = s->report;
	size_t i;

	for (i = 0; i < PEERINGDB_KINDS; i++) {
		r->created += r->line[i].created;
		r->updated += r->line[i].updated;
		r->deleted += r->line[i].deleted;
		r->pending += r->line[i].pending;
		if (!record_type(s, i, e))
			return false;
	}
	r->n = PEERINGDB_KINDS;
	return db_named(s->db, s->scratch, Q_PEERINGDB_SYNCHRONISED, (struct val[]){ val_int(r->created), val_int(r->updated), val_int(r->deleted) }, NULL, e) &&
	    named(s, Q_PEERINGDB_STAGE_DONE, val_null(), NULL, e);
}

/* What is staged does not outlive a crash of the server, and an empty stage would say that everything is gone. */
static bool still_staged(struct sync *s, struct err *e) {
	struct result r;
	size_t i, k;

	if (!db_named(s->db, s->scratch, Q_PEERINGDB_STAGED_TYPES, NULL, &r, e))
		return false;
	for (i = 0; i < PEERINGDB_KINDS; i++) {
		for (k = 0; k < r.n && strcmp(result_at(&r, k, 0).u.s, pdb_kinds[i].tag) != 0; k++)
			;
		if (k == r.n && s->report->line[i].read)
			return err_kind(e, ERR_UNAVAILABLE, "again", "the database lost what was read of %s when it was restarted; the next run reads it again",
			    pdb_kinds[i].tag);
	}
	return true;
}

static bool merge_all(struct sync *s, struct err *e) {
	if (!begin(s, e))
		return false;
	if (still_staged(s, e) && clear_unread(s, e) && merge_types(s, e) && tidy(s, e) && record(s, e))
		return db_commit(s->db, e);
	db_rollback(s->db);
	return false;
}

/* ---- the run ---- */

static bool lock(struct db *db, struct arena *a, struct err *e) {
	struct result r;

	return db_named(db, a, Q_PEERINGDB_LOCK, NULL, &r, e) && locked(&r, e);
}

static void unlock(struct db *db, struct arena *a) {
	struct err ignored;

	if (!db_named(db, a, Q_PEERINGDB_UNLOCK, NULL, NULL, &ignored))
		log_msg(LOG_LEVEL_WARNING, "peeringdb: %s", ignored.msg);
}

static void note_failure(struct sync *s, const struct err *why) {
	const char *tag = s->at < PEERINGDB_KINDS ? pdb_kinds[s->at].tag : "";
	char *text = arena_strdup(s->scratch, why->msg), *p;
	struct err ignored;
	size_t i;

	/* a message that quotes what was received may end in half a character */
	for (p = text; !utf8_valid(text, strlen(text)) && *p != '\0'; p++)
		*p = (unsigned char)*p < 0x80 ? *p : '?';
	if (!db_named(s->db, s->scratch, Q_PEERINGDB_FAILED, (struct val[]){ val_str(tag), val_str(text) }, NULL, &ignored))
		log_msg(LOG_LEVEL_WARNING, "peeringdb: %s", ignored.msg);
	for (i = 0; i < PEERINGDB_KINDS; i++) {
		const struct peeringdb_held *h = &s->held[i];

		if (h->tag != NULL && !db_named(s->db, s->scratch, Q_PEERINGDB_BRAKE_ASKED, (struct val[]){ val_str(h->tag), val_int(h->rows), val_int(h->gone),
		        val_int(h->changed), val_str(h->examples) }, NULL, &ignored))
			log_msg(LOG_LEVEL_WARNING, "peeringdb: %s", ignored.msg);
	}
}

/* Parsing is half of the work, and nobody waits for it: who reads pages comes first. Not the very last, or on a busy machine it would take
 * hours. */
static void step_back(void) {
	if (setpriority(PRIO_PROCESS, 0, 10) != 0)
		log_msg(LOG_LEVEL_DEBUG, "peeringdb: no lower priority");
}

bool peeringdb_sync(struct store *store, const struct peeringdb_options *o, struct peeringdb_report *report, struct err *e) {
	struct arena *a = store->a;
	struct sync s = { .a = a, .db = store->db, .store = store, .o = o, .report = report, .at = PEERINGDB_KINDS, .scratch = arena_new_root() };
	bool ok = source_init(&s.source, a, o->conf, o->from, e) && lock(store->db, a, e);

	step_back();
	*report = (struct peeringdb_report){ .refused = list_new(a, 0) };
	if (!ok)
		report->retry_after = e->code == ERR_INVALID ? -1 : 0;
	if (ok) {
		ok = named(&s, Q_PEERINGDB_ERRORS_CLEAR, val_null(), NULL, e) && load_state(&s, e) && read_all(&s, e) && merge_all(&s, e);
		if (!ok) {
			note_failure(&s, e);
			report->retry_after = e->code == ERR_THROTTLED ? s.source.retry_after : e->code == ERR_DENIED || e->code == ERR_INVALID ||
			    e->code == ERR_CONFLICT ? -1 : 0;
		}
		if (ok)
			tell(&s, "applying rules", 0, 0);
		ok = ok && pdb_apply_rules(store, &report->applied, e);
		unlock(store->db, a);
	}
	arena_free(s.scratch);
	return ok;
}

/* ---- telling ---- */

const char *peeringdb_progress_text(struct arena *a, const struct peeringdb_progress *p) {
	if (p->bytes > 0)
		return arena_printf(a, "%s %s: %lld kB", p->what, p->tag, (long long)p->bytes / 1024);
	if (p->total > 0)
		return arena_printf(a, "%s %s: %lld of %s%lld rows", p->what, p->tag, (long long)p->rows, p->estimated ? "about " : "", (long long)p->total);
	return arena_printf(a, "%s%s%s", p->what, *p->tag == '\0' ? "" : " ", p->tag);
}

struct val peeringdb_report_value(struct arena *a, const struct peeringdb_report *r) {
	const struct { const char *key; int64_t n; } sums[] = {
		{ "created", r->created }, { "updated", r->updated }, { "deleted", r->deleted }, { "pending", r->pending }, { "linked", r->linked },
		{ "changes", r->changes }, { "systems", r->applied.systems }, { "accepted", r->applied.accepted }, { "ignored", r->applied.ignored },
	};
	struct map *m = map_new(a, 12);
	struct list *types = list_new(a, r->n), *refused = list_new(a, 0);
	size_t i;

	for (i = 0; i < ARRAY_LEN(sums); i++)
		map_set(m, sums[i].key, val_int(sums[i].n));
	for (i = 0; i < r->refused->n + r->applied.refused->n; i++)
		list_push(refused, i < r->refused->n ? r->refused->v[i] : r->applied.refused->v[i - r->refused->n]);
	for (i = 0; i < r->n; i++) {
		const struct peeringdb_line *l = &r->line[i];
		struct map *t = map_new(a, 8);

		if (!l->read)
			continue;
		map_set(t, "type", val_str(l->tag));
		map_set(t, "whole", val_bool(l->whole));
		map_set(t, "read", val_int(l->rows));
		map_set(t, "created", val_int(l->created));
		map_set(t, "updated", val_int(l->updated));
		map_set(t, "deleted", val_int(l->deleted));
		map_set(t, "pending", val_int(l->pending));
		list_push(types, val_map(t));
	}
	map_set(m, "refused", val_list(refused));
	map_set(m, "types", val_list(types));
	return val_map(m);
}
