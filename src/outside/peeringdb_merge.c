/* peeringdb_merge.c: see the header. Identifiers come from our tables and the catalogue, never from what was read. */
#include "config.h"

#include <stdarg.h>

#include "db/queries.h"
#include "outside/peeringdb_merge.h"
#include "outside/peeringdb_source.h"
#include "outside/peeringdb_way.h"

enum {
	BRAKE_LEAST = 20,               /* rows: fewer than so many never stop a run */
	SLICE = 128, SLICE_ALONE = 2048 /* pages of the stage that one statement merges: where others want the processors too, and else */
};

static bool run(struct merge *m, int64_t *affected, struct err *e, const char *fmt, ...) PRINTF(4, 5);
static bool run(struct merge *m, int64_t *affected, struct err *e, const char *fmt, ...) {
	int64_t began = source_now();
	struct result r;
	va_list ap;
	char *sql;

	va_start(ap, fmt);
	sql = arena_vprintf(m->a, fmt, ap);
	va_end(ap);
	if (!db_query(m->db, m->a, sql, NULL, 0, &r, e))
		return false;
	if (affected != NULL)
		*affected = (int64_t)r.affected;
	if (m->way != NULL)
		way_after(m->way, source_now() - began);
	return true;
}

/* ---- what cannot be stored ---- */

static bool drop_repeated(struct merge *m, struct err *e) {
	const char *tag = m->plan->kind->tag;

	return run(m, NULL, e, "DELETE FROM peeringdb_stage_%s s USING (SELECT id, max(seq) AS seq FROM peeringdb_stage_%s GROUP BY id HAVING count(*) > 1) d"
	    " WHERE s.id = d.id AND s.seq < d.seq", tag, tag);
}

/* Reading everything says what is gone by leaving it out. */
static bool mark_absent(struct merge *m, struct err *e) {
	const struct pdb_kind *k = m->plan->kind;

	return !m->whole || run(m, NULL, e, "INSERT INTO peeringdb_stage_%s (id, gone) SELECT t.id, true FROM %s t"
	    " WHERE NOT EXISTS (SELECT FROM peeringdb_stage_%s s WHERE s.id = t.id)", k->tag, k->table, k->tag);
}

static bool hold_by_checks(struct merge *m, struct err *e) {
	const struct pdb_plan *p = m->plan;
	size_t i;

	for (i = 0; i < p->nchecks; i++) {
		if (!run(m, NULL, e, "UPDATE peeringdb_stage_%s SET why = 'breaks the rule %s' WHERE NOT gone AND why IS NULL AND NOT (%s)",
		        p->kind->tag, p->check[i].name, p->check[i].expression))
			return false;
	}
	return true;
}

/* A parent is missing when it is not here, or will not be. */
static const char *orphan(struct merge *m, const struct pdb_parent *parent) {
	return arena_printf(m->a, "NOT s.gone AND s.why IS NULL AND s.%s IS NOT NULL AND (NOT EXISTS (SELECT FROM %s p WHERE p.id = s.%s)"
	    " OR EXISTS (SELECT FROM peeringdb_stage_%s p WHERE p.id = s.%s AND p.gone))", parent->column, parent->table, parent->column, parent->tag,
	    parent->column);
}

static bool hold_orphans(struct merge *m, struct err *e) {
	const struct pdb_plan *p = m->plan;
	size_t i;

	for (i = 0; i < p->nparents; i++) {
		const struct pdb_parent *f = &p->parent[i];

		if (!f->optional && !run(m, NULL, e, "UPDATE peeringdb_stage_%s s SET why = '%s ' || s.%s || ' is missing' WHERE %s", p->kind->tag, f->tag,
		        f->column, orphan(m, f)))
			return false;
	}
	return true;
}

/* Two networks cannot have one AS number: the one that was changed last has it. */
static bool hold_doubled_asn(struct merge *m, struct err *e) {
	if (strcmp(m->plan->kind->tag, "net") != 0)
		return true;
	return run(m, NULL, e, "UPDATE peeringdb_stage_net s SET why = 'AS' || s.asn || ' is also that of net ' || o.id FROM peeringdb_stage_net o"
	    " WHERE o.asn = s.asn AND o.id <> s.id AND NOT s.gone AND NOT o.gone AND s.why IS NULL AND o.why IS NULL AND (o.updated, o.id) > (s.updated, s.id)") &&
	    run(m, NULL, e, "UPDATE peeringdb_stage_net s SET why = 'AS' || s.asn || ' is also that of net ' || o.id FROM peeringdb_network o"
	    " WHERE o.asn = s.asn AND o.id <> s.id AND NOT s.gone AND s.why IS NULL"
	    " AND NOT EXISTS (SELECT FROM peeringdb_stage_net n WHERE n.id = o.id AND (n.gone OR (n.why IS NULL AND n.asn <> o.asn)))");
}

static const char keep_sql[] =
	"INSERT INTO peeringdb_pending AS p (tag, id, row_data, reason) SELECT '%s', s.id, coalesce(s.raw, to_jsonb(s) - '{seq,gone,why,raw,extra}'::text[] || s.extra), %s"
	" FROM peeringdb_stage_%s s WHERE %s"
	" ON CONFLICT (tag, id) DO UPDATE SET row_data = excluded.row_data, reason = excluded.reason, attempt = p.attempt + 1";

/* Rows that wait, and rows stored without a parent that they may lack, are noted; what waited and is no longer held leaves. */
static bool keep_aside(struct merge *m, struct err *e) {
	const struct pdb_plan *p = m->plan;
	const char *tag = p->kind->tag;
	int64_t n;
	size_t i;

	if (!run(m, NULL, e, "DELETE FROM peeringdb_pending w USING peeringdb_stage_%s s WHERE w.tag = '%s' AND w.id = s.id AND s.gone", tag, tag) ||
	    !run(m, &m->line->pending, e, keep_sql, tag, "s.why", tag, "s.why IS NOT NULL AND NOT s.gone"))
		return false;
	for (i = 0; i < p->nparents; i++) {
		const struct pdb_parent *f = &p->parent[i];

		if (!f->optional)
			continue;
		if (!run(m, &n, e, keep_sql, tag, arena_printf(m->a, "'%s ' || s.%s || ' is missing; stored without'", f->tag, f->column), tag, orphan(m, f)) ||
		    (n > 0 && !run(m, NULL, e, "UPDATE peeringdb_stage_%s s SET %s = NULL WHERE %s", tag, f->column, orphan(m, f))))
			return false;
		m->line->pending += n;
	}
	return true;
}

/* All that waited came by again: in the stage, or the whole table came without it. */
static bool release(struct merge *m, struct err *e) {
	return run(m, NULL, e, "DELETE FROM peeringdb_pending w WHERE w.tag = '%s' AND w.xmin <> pg_current_xact_id()::xid AND (%s OR EXISTS"
	    " (SELECT FROM peeringdb_stage_%s s WHERE s.id = w.id))", m->plan->kind->tag, m->whole ? "true" : "false", m->plan->kind->tag);
}

/* ---- the brake ---- */

static const char examples_sql[] =
	"SELECT string_agg(coalesce(nullif(j ->> 'name', ''), 'AS' || (j ->> 'asn') || coalesce(' ' || coalesce(j ->> 'ipaddr6', j ->> 'ipaddr4'), ''),"
	" j ->> 'prefix', 'number ' || (j ->> 'id')), ', ' ORDER BY n)"
	" FROM (SELECT to_jsonb(t) AS j, row_number() OVER () AS n FROM %s t JOIN peeringdb_stage_%s s USING (id) WHERE %s ORDER BY t.id LIMIT 5) x";

/* It is only noted here: the run goes on to see what else there is, and ends without effect. */
static bool brake(struct merge *m, struct err *e) {
	const struct pdb_kind *k = m->plan->kind;
	int64_t gone, changed, have;
	struct result r;

	if (m->brake >= 100)
		return true;
	if (!db_query(m->db, m->a, arena_printf(m->a, "SELECT count(*) FILTER (WHERE s.gone), count(*) FILTER (WHERE NOT s.gone AND s.updated > t.updated),"
	        " (SELECT count(*) FROM %s) FROM peeringdb_stage_%s s JOIN %s t USING (id)", k->table, k->tag, k->table), NULL, 0, &r, e))
		return false;
	gone = result_at(&r, 0, 0).u.i;
	changed = result_at(&r, 0, 1).u.i;
	have = result_at(&r, 0, 2).u.i;
	if (gone + changed <= BRAKE_LEAST || (gone + changed) * 100 <= have * m->brake)
		return true;
	if (!db_query(m->db, m->a, arena_printf(m->a, examples_sql, k->table, k->tag, gone > 0 ? "s.gone" : "s.updated > t.updated"), NULL, 0, &r, e))
		return false;
	*m->held = (struct peeringdb_held){ .tag = k->tag, .rows = have, .gone = gone, .changed = changed,
		.examples = arena_strdup(m->keep, val_cstr(result_at(&r, 0, 0), "")) };
	return true;
}

/* ---- the feed ---- */

static bool note_changes(struct merge *m, struct err *e) {
	static const struct { const char *tag; unsigned query; } feeds[] = {
		{ "net", Q_PEERINGDB_CHANGED_NET }, { "ixpfx", Q_PEERINGDB_CHANGED_IXPFX }, { "netixlan", Q_PEERINGDB_CHANGED_NETIXLAN },
		{ "poc", Q_PEERINGDB_CHANGED_POC },
	};
	struct result r;
	size_t i;

	for (i = 0; i < ARRAY_LEN(feeds) && m->feed; i++) {
		if (strcmp(feeds[i].tag, m->plan->kind->tag) != 0)
			continue;
		if (!db_named(m->db, m->a, feeds[i].query, NULL, &r, e))
			return false;
		m->changes += (int64_t)r.affected;
	}
	return true;
}

/* ---- the merge ---- */

static const char *listed(struct merge *m, const char *before, bool values, bool id) {
	const struct pdb_plan *p = m->plan;
	struct sbuf b;
	size_t i;

	sb_init(&b, m->a);
	for (i = 0; i < p->ncolumns; i++) {
		if (id || strcmp(p->column[i].name, "id") != 0)
			sb_fmt(&b, "%s%s, ", values ? "" : before, values ? p->column[i].value : p->column[i].name);
	}
	sb_fmt(&b, "%sextra", values ? "s." : before);
	return b.s;
}

/* The statement, for some pages of the stage `s`. */
static bool slice(struct merge *m, const char *sql, int64_t from, int64_t to, int64_t *affected, struct err *e) {
	int64_t n = 0;
	bool ok = run(m, &n, e, "%s AND s.ctid >= '(%lld,0)' AND s.ctid < '(%lld,0)'", sql, (long long)from, (long long)to);

	*affected += n;
	return ok;
}

/* A statement over a large stage would keep a processor from readers for seconds: it is done piece by piece, with a pause after each where
 * there are any. */
static bool sliced(struct merge *m, const char *sql, int64_t *affected, struct err *e) {
	struct result r;
	int64_t pages, at = 0, to;

	if (!db_query(m->db, m->a, arena_printf(m->a, "SELECT pg_relation_size('peeringdb_stage_%s') / current_setting('block_size')::bigint", m->plan->kind->tag),
	        NULL, 0, &r, e))
		return false;
	pages = result_at(&r, 0, 0).u.i;
	for (; at < pages; at = to) {
		to = at + (m->way != NULL && way_crowded() ? SLICE : SLICE_ALONE);
		if (!slice(m, sql, at, to, affected, e))
			return false;
	}
	return true;
}

static bool update_rows(struct merge *m, struct err *e) {
	const struct pdb_kind *k = m->plan->kind;
	const char *values = listed(m, "", true, false);

	return sliced(m, arena_printf(m->a, "UPDATE %s t SET (%s) = ROW (%s) FROM peeringdb_stage_%s s WHERE t.id = s.id AND NOT s.gone AND s.why IS NULL"
	    " AND s.updated >= t.updated AND (%s) IS DISTINCT FROM (%s)", k->table, listed(m, "", false, false), values, k->tag, listed(m, "t.", false, false),
	    values), &m->line->updated, e);
}

static bool insert_rows(struct merge *m, struct err *e) {
	const struct pdb_kind *k = m->plan->kind;

	return sliced(m, arena_printf(m->a, "INSERT INTO %s (%s) SELECT %s FROM peeringdb_stage_%s s WHERE NOT s.gone AND s.why IS NULL"
	    " AND NOT EXISTS (SELECT FROM %s t WHERE t.id = s.id)", k->table, listed(m, "", false, true), listed(m, "", true, true), k->tag, k->table),
	    &m->line->created, e);
}

bool merge_rows(struct merge *m, struct err *e) {
	return drop_repeated(m, e) && mark_absent(m, e) && hold_by_checks(m, e) && hold_doubled_asn(m, e) && hold_orphans(m, e) && brake(m, e) &&
	    keep_aside(m, e) && release(m, e) && note_changes(m, e) && update_rows(m, e) && insert_rows(m, e);
}

bool merge_deletions(struct merge *m, struct err *e) {
	const struct pdb_kind *k = m->plan->kind;

	return run(m, &m->line->deleted, e, "DELETE FROM %s t USING peeringdb_stage_%s s WHERE t.id = s.id AND s.gone", k->table, k->tag);
}
