/* irr.c: reading the routing registries as jobs: for the book's autonomous systems, and for AS-SETs that somebody asks about. */
#include "config.h"

#include "base/json.h"
#include "db/queries.h"
#include "jobs/jobs.h"
#include "outside/irr.h"
#include "peering/rules.h"

enum { W_ID, W_ASN, W_NAME, W_SET, W_PREFIXES, W_AS_LIST, W_SOURCES, W_ARGS6, W_ARGS4 };

struct reading {
	struct job *j;
	struct db *db;
	struct arena *db_arena;
	size_t total, done, updated, unchanged, held, failed;
};

/* The autonomous system of a question. */
struct system {
	int64_t id;
	const char *label, *query;
};

static const char *text_of(struct arena *a, const struct val v) {
	struct sbuf b;

	sb_init(&b, a);
	json_write(&b, v);
	return b.s;
}

/* ---- one answer ---- */

static void log_about(struct reading *r, const struct system *s, enum job_level level, const char *message) {
	job_log_line(r->j, &(struct job_line){ .level = level, .object = s->label,
	    .url = arena_printf(r->j->a, "/autonomous-systems/%lld/prefixes/", (long long)s->id), .message = message });
}

static bool keep_failure(struct reading *r, struct arena *a, const struct irr_question *q, const struct irr_answer *answer, struct err *e) {
	const struct system *s = q->arg;
	struct result rows;

	r->failed++;
	log_about(r, s, JOB_WARNING, arena_printf(a, "%s: %s; what was known stays", irr_kind_names[q->kind], answer->why.msg));
	return db_named(r->db, a, Q_IRR_FAILED, (struct val[]){ val_int(s->id), val_str(irr_kind_names[q->kind]), val_str(s->query),
	    val_str(answer->source), val_str(answer->why.msg) }, &rows, e);
}

static bool keep_list(struct reading *r, struct arena *a, const struct irr_question *q, const struct irr_answer *answer, struct err *e) {
	const struct system *s = q->arg;
	const char *outcome, *kind = irr_kind_names[q->kind];
	struct result rows;
	long long was, n, added, removed;

	if (!db_named(r->db, a, Q_IRR_CAME, (struct val[]){ val_int(s->id), val_str(kind), val_str(s->query), val_str(answer->source),
	    val_str(text_of(a, answer->list)), val_int(r->j->conf->bgpq_brake >= 100 ? INT32_MAX : r->j->conf->bgpq_brake) }, &rows, e))
		return false;
	outcome = result_at(&rows, 0, 0).u.s;
	was = result_at(&rows, 0, 1).u.i;
	n = result_at(&rows, 0, 2).u.i;
	added = result_at(&rows, 0, 3).u.i;
	removed = result_at(&rows, 0, 4).u.i;
	if (strcmp(outcome, "refused") == 0) {
		r->held++;
		log_about(r, s, JOB_WARNING, arena_printf(a, "%s: held back, for of %lld entries %lld would go and %lld come: accept or reject it",
		    kind, was, removed, added));
	} else if (strcmp(outcome, "updated") == 0) {
		r->updated++;
		log_about(r, s, JOB_INFO, arena_printf(a, "%s: %lld entries, %lld new, %lld gone", kind, n, added, removed));
	} else {
		r->unchanged++;
	}
	return true;
}

static bool told(void *arg, struct arena *a, const struct irr_question *q, const struct irr_answer *answer, struct err *e) {
	struct reading *r = arg;
	const struct system *s = q->arg;

	job_progress(r->j, (int64_t)++r->done, (int64_t)r->total, s->label);
	return answer->ok ? keep_list(r, a, q, answer, e) : keep_failure(r, a, q, answer, e);
}

/* ---- what is asked ---- */

/* The AS-SETs of an autonomous system as bgpq takes them. */
static const char *const *sets_of(struct job *j, const char *text, int64_t asn, const char **query) {
	struct as_set *sets;
	size_t n = as_sets(j->a, text, asn, j->conf->bgpq_sources, &sets);
	const char **names = arena_new(j->a, const char *, n + 1);
	struct sbuf all;

	sb_init(&all, j->a);
	for (size_t i = 0; i < n; i++) {
		bool keep = j->conf->bgpq_keep_source && *sets[i].source != '\0';

		names[i] = keep ? arena_printf(j->a, "%s::%s", sets[i].source, sets[i].name) : sets[i].name;
		sb_fmt(&all, "%s%s", i == 0 ? "" : " ", names[i]);
	}
	*query = all.s;
	return names;
}

static size_t questions_of(struct job *j, const struct result *w, size_t i, struct irr_question *out) {
	const char *set = val_cstr(result_at(w, i, W_SET), "");
	struct system *s = arena_new(j->a, struct system, 1);
	struct irr_question q = { .asn = result_at(w, i, W_ASN).u.i, .sources = val_cstr(result_at(w, i, W_SOURCES), ""), .arg = s };
	size_t n = 0;

	*s = (struct system){ .id = result_at(w, i, W_ID).u.i };
	s->label = arena_printf(j->a, "AS%lld - %s", (long long)q.asn, val_cstr(result_at(w, i, W_NAME), ""));
	q.sets = sets_of(j, set, q.asn, &s->query);
	if (result_at(w, i, W_PREFIXES).u.b) {
		q.kind = IRR_IPV6;
		q.args = val_cstr(result_at(w, i, W_ARGS6), "");
		out[n++] = q;
		q.kind = IRR_IPV4;
		q.args = val_cstr(result_at(w, i, W_ARGS4), "");
		out[n++] = q;
	}
	if (result_at(w, i, W_AS_LIST).u.b && *set != '\0') {
		q.kind = IRR_AS_LIST;
		out[n++] = q;
	}
	return n;
}

static void tell_all(struct reading *r, size_t systems) {
	struct map *m = map_new(r->j->a, 6);

	map_set(m, "autonomous_systems", val_int((int64_t)systems));
	map_set(m, "updated", val_int((int64_t)r->updated));
	map_set(m, "unchanged", val_int((int64_t)r->unchanged));
	map_set(m, "held", val_int((int64_t)r->held));
	map_set(m, "failed", val_int((int64_t)r->failed));
	job_result(r->j, val_map(m));
	job_log(r->j, r->failed + r->held > 0 ? JOB_WARNING : JOB_SUCCESS, "%zu lists updated, %zu unchanged, %zu held back, %zu failed", r->updated,
	    r->unchanged, r->held, r->failed);
}

bool job_irr(struct job *j, struct err *e) {
	int64_t as = job_object(j, "peering.autonomoussystem");
	struct reading r = { .j = j };
	struct irr_question *questions;
	struct result wanted;

	if (!job_db(j, &r.db, e) ||
	    !db_named(r.db, j->a, Q_IRR_WANTED, (struct val[]){ as == 0 ? val_null() : val_int(as) }, &wanted, e))
		return false;
	job_log(j, JOB_INFO, "Fetching IRR data for autonomous systems");
	questions = arena_new(j->a, struct irr_question, 3 * wanted.n + 1);
	for (size_t i = 0; i < wanted.n; i++)
		r.total += questions_of(j, &wanted, i, questions + r.total);
	if (r.total == 0) {
		job_log(j, JOB_INFO, "Nothing is to be read: retrieval is switched off, or nobody else has that number");
		return true;
	}
	if (!irr_ask(j->conf, questions, r.total, told, &r, e))
		return false;
	tell_all(&r, wanted.n);
	return r.failed < r.total || err_set(e, ERR_UPSTREAM, NULL, "no registry answered; what was known stays");
}

/* ---- AS-SETs that somebody asks about: parameters "sets", "families" ---- */

static bool told_answer(void *arg, struct arena *a, const struct irr_question *q, const struct irr_answer *answer, struct err *e) {
	struct reading *r = arg;
	const char *name = q->sets[0];
	struct result rows;

	job_progress(r->j, (int64_t)++r->done, (int64_t)r->total, name);
	r->failed += !answer->ok;
	if (!answer->ok)
		job_log(r->j, JOB_WARNING, "%s: %s", name, answer->why.msg);
	return db_named(r->db, a, Q_IRR_ANSWER_PUT, (struct val[]){ val_str(name), val_int(q->kind == IRR_IPV6 ? 6 : 4),
	    val_str(arena_printf(a, "%s %s", r->j->conf->bgpq_host, r->j->conf->bgpq_sources)),
	    val_str(answer->ok ? text_of(a, answer->list) : "[]"), val_str(answer->ok ? "" : answer->why.msg) }, &rows, e);
}

bool job_prefix_list(struct job *j, struct err *e) {
	struct val sets = map_get(j->parameters, "sets"), families = map_get(j->parameters, "families");
	struct reading r = { .j = j };
	struct irr_question *questions;

	if (sets.type != V_LIST || families.type != V_LIST)
		return err_set(e, ERR_INVALID, NULL, "the parameters \"sets\" and \"families\" are lists");
	if (!job_db(j, &r.db, e))
		return false;
	questions = arena_new(j->a, struct irr_question, sets.u.list->n * families.u.list->n + 1);
	for (size_t i = 0; i < sets.u.list->n; i++) {
		const char **names = arena_new(j->a, const char *, 2);

		names[0] = val_cstr(sets.u.list->v[i], "");
		for (size_t k = 0; k < families.u.list->n; k++)
			questions[r.total++] = (struct irr_question){ .sets = names,
			    .kind = families.u.list->v[k].type == V_INT && families.u.list->v[k].u.i == 6 ? IRR_IPV6 : IRR_IPV4 };
	}
	return irr_ask(j->conf, questions, r.total, told_answer, &r, e);
}
