/* peeringdb.c: see the header. */
#include "config.h"

#include "db/queries.h"
#include "model/tables/tables.h"
#include "peering/peeringdb.h"

static struct val get(struct val proposal, const char *key) {
	return proposal.type == V_MAP ? map_get(proposal.u.map, key) : val_undef();
}

/* ---- writing proposals ---- */

static bool same_object(struct val a, struct val b) {
	return val_equal(get(a, "type"), get(b, "type")) && val_equal(get(a, "id"), get(b, "id"));
}

/* As the API prints it, so that an address compares with its length left out or not. */
static bool is_still(struct store *s, const struct row *row, struct val proposal) {
	struct val now = row_get(row, val_cstr(get(proposal, "field"), "")), old = get(proposal, "old");
	const char *a = val_cstr(now, NULL), *b = val_cstr(old, NULL);
	size_t n;

	(void)s;
	if (a == NULL || b == NULL)
		return val_is_null(now) ? val_is_null(old) || (b != NULL && *b == '\0') : val_equal(now, old);
	n = strlen(b);
	return strcmp(a, b) == 0 || (strncmp(a, b, n) == 0 && a[n] == '/' && strchr(b, '/') == NULL);
}

static bool write_object(struct store *s, const struct list *proposals, size_t first, struct problems *p, struct err *e) {
	struct val id = get(proposals->v[first], "id");
	const struct resource *res = res_by_model(val_cstr(get(proposals->v[first], "type"), ""));
	struct map *input = map_new(s->a, 4);
	struct row *row;
	size_t i;

	if (res == NULL || id.type != V_INT)
		return err_set(e, ERR_INVALID, "type", "a proposal names its object by type (such as net.connection) and id");
	if (!store_get(s, res, id.u.i, "change", &row, e))
		return false;
	for (i = first; i < proposals->n; i++) {
		struct val q = proposals->v[i];

		if (!same_object(q, proposals->v[first]))
			continue;
		if (!is_still(s, row, q))
			return err_set(e, ERR_CONFLICT, val_cstr(get(q, "field"), ""), "%s: %s has been changed meanwhile; look again",
			    val_cstr(row->display, "the object"), val_cstr(get(q, "field"), ""));
		map_set(input, val_cstr(get(q, "field"), ""), get(q, "new"));
	}
	return store_update(s, res, id.u.i, input, WRITE_PATCH, &row, p, e);
}

bool pdb_write(struct store *s, const struct list *proposals, int64_t *objects, struct problems *p, struct err *e) {
	size_t i, k;

	for (i = 0; i < proposals->n; i++) {
		for (k = 0; k < i && !same_object(proposals->v[k], proposals->v[i]); k++)
			;
		if (k < i)
			continue;
		if (!write_object(s, proposals, i, p, e))
			return false;
		++*objects;
	}
	return true;
}

/* ---- one autonomous system ---- */

/* Rows of the view of what differs, as proposals; they begin with id, field, ours, theirs. */
static struct list *as_proposals(struct arena *a, const struct result *r, size_t from, size_t to) {
	static const char *const keys[] = { "id", "field", "old", "new" };
	struct list *out = list_new(a, to - from);
	size_t i, k;

	for (i = from; i < to; i++) {
		struct map *m = map_new(a, 5);

		map_set(m, "type", val_str("peering.autonomoussystem"));
		for (k = 0; k < ARRAY_LEN(keys); k++)
			map_set(m, keys[k], result_at(r, i, k));
		list_push(out, val_map(m));
	}
	return out;
}

bool pdb_synchronise_as(struct store *s, int64_t as, enum pdb_as *out, struct problems *p, struct err *e) {
	struct val id = val_int(as);
	struct result known, differs;
	int64_t n = 0;

	if (!db_named(s->db, s->a, Q_PDB_AS_KNOWN, &id, &known, e) || !db_named(s->db, s->a, Q_PDB_AS_SWITCHED, &id, &differs, e))
		return false;
	if (known.n == 0)
		return err_set(e, ERR_NOT_FOUND, NULL, "there is no autonomous system %lld", (long long)as);
	*out = result_at(&known, 0, 0).u.b ? PDB_AS_PRIVATE : !result_at(&known, 0, 1).u.b ? PDB_AS_UNKNOWN : differs.n == 0 ? PDB_AS_SAME : PDB_AS_WRITTEN;
	return *out != PDB_AS_WRITTEN || pdb_write(s, as_proposals(s->a, &differs, 0, differs.n), &n, p, e);
}

/* ---- links ---- */

static struct list *link_proposals(struct arena *a, const struct result *r) {
	static const char *const keys[] = { "type", "id", "field", "old", "new" };
	struct list *l = list_new(a, r->n);
	size_t i, k;

	for (i = 0; i < r->n; i++) {
		struct map *m = map_new(a, ARRAY_LEN(keys));

		for (k = 0; k < ARRAY_LEN(keys); k++)
			map_set(m, keys[k], result_at(r, i, k));
		list_push(l, val_map(m));
	}
	return l;
}

bool pdb_link(struct store *s, int64_t exchange, bool *linked, struct problems *p, struct err *e) {
	struct row *row;
	struct result r;
	int64_t n = 0;

	if (!db_named(s->db, s->a, Q_PEERINGDB_LINKS, (struct val[]){ val_int(exchange), val_bool(false) }, &r, e) ||
	    !pdb_write(s, link_proposals(s->a, &r), &n, p, e) || !store_get(s, &res_internet_exchange, exchange, "view", &row, e))
		return false;
	*linked = !val_is_null(row_get(row, "peeringdb_ixlan"));
	return true;
}

static void tell_refused(struct store *s, const struct resource *res, const struct put *p, struct list *refused) {
	const char *field, *why = problems_first(&p->problems, &field);

	list_push(refused, why == NULL ? val_printf(s->a, "%s %lld: %s", res->name, (long long)p->id, p->err.msg) :
	    val_printf(s->a, "%s %lld: %s: %s", res->name, (long long)p->id, field, why));
}

/* The links of one kind of objects: proposals `from` to `to`, those of an object beside each other. */
static bool put_links(struct store *s, const struct list *l, size_t from, size_t to, int64_t *written, struct list *refused, struct err *e) {
	const struct resource *res = res_by_model(val_cstr(get(l->v[from], "type"), ""));
	struct put *put = arena_new(s->a, struct put, to - from);
	struct map *input = NULL;
	size_t n = 0, i;

	for (i = from; i < to; i++) {
		int64_t id = get(l->v[i], "id").u.i;

		if (n == 0 || put[n - 1].id != id) {
			input = map_new(s->a, 2);
			put[n++] = (struct put){ .id = id, .input = input, .key = map_new(s->a, 0) };
		}
		map_set(input, val_cstr(get(l->v[i], "field"), ""), get(l->v[i], "new"));
	}
	if (!store_put_many(s, res, put, n, e))
		return false;
	for (i = 0; i < n; i++) {
		*written += put[i].outcome == PUT_UPDATED;
		if (put[i].outcome == PUT_REFUSED)
			tell_refused(s, res, &put[i], refused);
	}
	return true;
}

static bool write_links(struct store *s, const struct result *r, int64_t *written, struct list *refused, struct err *e) {
	const struct list *l = link_proposals(s->a, r);
	size_t i, k;

	for (i = 0; i < l->n; i = k) {
		for (k = i + 1; k < l->n && val_equal(get(l->v[k], "type"), get(l->v[i], "type")); k++)
			;
		if (!put_links(s, l, i, k, written, refused, e))
			return false;
	}
	return true;
}

bool pdb_link_all(struct store *s, int64_t *written, struct list *refused, struct err *e) {
	struct result r;

	return db_named(s->db, s->a, Q_PEERINGDB_LINKS, (struct val[]){ val_null(), val_bool(true) }, &r, e) && write_links(s, &r, written, refused, e);
}

bool pdb_flush(struct store *s, int64_t *removed, struct err *e) {
	struct actor actor = *s->actor;
	struct store all = *s;
	struct result r;
	int64_t n = 0;

	actor.superuser = true;
	all.actor = &actor;
	if (!db_query(s->db, s->a, "SET LOCAL statement_timeout = 0", NULL, 0, NULL, e) || !db_named(s->db, s->a, Q_PEERINGDB_LOCK_RUN, NULL, &r, e))
		return false;
	if (!result_at(&r, 0, 0).u.b)
		return err_set(e, ERR_CONFLICT, NULL, "A synchronisation is at work: wait for its end, or cancel its job.");
	/* what is refused here loses its link with the row that it leads to */
	if (!db_named(s->db, s->a, Q_PEERINGDB_LINK_REMEMBER, NULL, NULL, e) || !db_named(s->db, s->a, Q_PEERINGDB_UNLINKS, NULL, &r, e) ||
	    !write_links(&all, &r, &n, list_new(s->a, 0), e) || !db_named(s->db, s->a, Q_PEERINGDB_FLUSH, NULL, &r, e))
		return false;
	*removed = result_at(&r, 0, 0).u.i;
	return true;
}

/* ---- the feed ---- */

/* The open changes among them with what follows from each; locked. */
static bool take_open(struct store *s, const int64_t *ids, size_t n, struct result *r, struct err *e) {
	struct val list = val_ints(s->a, ids, n);
	size_t i;

	if (!db_named(s->db, s->a, Q_PDB_CHANGES_TAKE, &list, r, e))
		return false;
	for (i = 0; i < r->n; i++) {
		if (strcmp(val_cstr(result_at(r, i, 1), ""), "open") != 0)
			return err_set(e, ERR_CONFLICT, NULL, "change %lld is %s already", (long long)result_at(r, i, 0).u.i, val_cstr(result_at(r, i, 1), ""));
	}
	return r->n > 0 || n == 0 || err_set(e, ERR_NOT_FOUND, NULL, "there is no change %lld", (long long)ids[0]);
}

static bool decide(struct store *s, struct val ids, const char *state, int64_t *n, struct err *e) {
	struct result r;

	if (!db_named(s->db, s->a, Q_PDB_CHANGES_DECIDE, (struct val[]){ ids, val_str(state), s->actor->user_id == 0 ? val_null() : val_int(s->actor->user_id) },
	        &r, e))
		return false;
	*n += (int64_t)r.affected;
	return true;
}

bool pdb_accept(struct store *s, const int64_t *ids, size_t n, struct pdb_decided *out, struct problems *p, struct err *e) {
	struct result r;
	size_t i;

	if (!take_open(s, ids, n, &r, e))
		return false;
	for (i = 0; i < r.n; i++) {
		struct val id = result_at(&r, i, 0), follows = val_undef();
		struct result one;

		/* an earlier one may have written the same object: what follows is asked at its turn */
		if (!db_named(s->db, s->a, Q_PDB_CHANGE_FOLLOWS, &id, &one, e))
			return false;
		if (one.n == 1)
			follows = result_at(&one, 0, 0);
		if (follows.type == V_LIST && !pdb_write(s, follows.u.list, &out->objects, p, e))
			return false;
		if (!decide(s, val_ints(s->a, &id.u.i, 1), "accepted", &out->changes, e))
			return false;
	}
	return true;
}

bool pdb_ignore(struct store *s, const int64_t *ids, size_t n, struct pdb_decided *out, struct err *e) {
	struct result r;

	return take_open(s, ids, n, &r, e) && (r.n == 0 || decide(s, val_ints(s->a, ids, n), "ignored", &out->changes, e));
}

/* ---- by rule ---- */

/* A savepoint around one object: what the book refuses does not take the others along. */
static bool tried(struct store *s, bool (*one)(struct store *, void *, struct problems *, struct err *), void *arg, const char *name,
    struct pdb_applied *out, struct err *e) {
	struct problems p = { .a = s->a };
	const char *field, *said;
	struct err why;

	if (!db_query(s->db, s->a, "SAVEPOINT by_rule", NULL, 0, NULL, e))
		return false;
	if (one(s, arg, &p, &why))
		return db_query(s->db, s->a, "RELEASE by_rule", NULL, 0, NULL, e);
	if (why.code == ERR_INTERNAL || why.code == ERR_UNAVAILABLE) {
		*e = why;
		return false;
	}
	if (!db_query(s->db, s->a, "ROLLBACK TO by_rule", NULL, 0, NULL, e))
		return false;
	said = problems_first(&p, &field);
	list_push(out->refused, said == NULL ? val_printf(s->a, "%s: %s", name, why.msg) : val_printf(s->a, "%s: %s: %s", name, field, said));
	return true;
}

struct some {
	struct list *proposals;
	int64_t change, *objects;
};

static bool write_some(struct store *s, void *arg, struct problems *p, struct err *e) {
	struct some *w = arg;

	return pdb_write(s, w->proposals, w->objects, p, e);
}

static bool accept_one(struct store *s, void *arg, struct problems *p, struct err *e) {
	struct some *w = arg;
	struct pdb_decided d = { 0 };

	if (!pdb_accept(s, &w->change, 1, &d, p, e))
		return false;
	*w->objects += d.objects;
	return true;
}

static bool systems_by_rule(struct store *s, struct pdb_applied *out, struct err *e) {
	struct result r;
	size_t i, k;

	if (!db_named(s->db, s->a, Q_PDB_AS_BY_ITSELF, NULL, &r, e))
		return false;
	for (i = 0; i < r.n; i = k) {
		struct some w = { .objects = &out->systems };

		for (k = i + 1; k < r.n && result_at(&r, k, 0).u.i == result_at(&r, i, 0).u.i; k++)
			;
		w.proposals = as_proposals(s->a, &r, i, k);
		if (!tried(s, write_some, &w, arena_printf(s->a, "AS%lld", (long long)result_at(&r, i, 4).u.i), out, e))
			return false;
	}
	return true;
}

static bool apply_rules(struct store *s, struct pdb_applied *out, struct err *e) {
	struct result r;
	size_t i;

	if (!systems_by_rule(s, out, e) || !db_named(s->db, s->a, Q_PDB_CHANGES_SETTLED, NULL, &r, e))
		return false;
	out->accepted = (int64_t)r.affected;
	if (!db_named(s->db, s->a, Q_PDB_CHANGES_IGNORED, NULL, &r, e))
		return false;
	out->ignored = (int64_t)r.affected;
	if (!db_named(s->db, s->a, Q_PDB_CHANGES_BY_RULE, NULL, &r, e))
		return false;
	for (i = 0; i < r.n; i++) {
		struct some w = { .change = result_at(&r, i, 0).u.i, .objects = &out->objects };
		size_t before = out->refused->n;

		if (!tried(s, accept_one, &w, arena_printf(s->a, "change %lld", (long long)w.change), out, e))
			return false;
		out->accepted += out->refused->n == before;
	}
	return true;
}

bool pdb_apply_rules(struct store *s, struct pdb_applied *out, struct err *e) {
	*out = (struct pdb_applied){ .refused = list_new(s->a, 0) };
	if (!db_begin(s->db, DB_WRITE, e))
		return false;
	if (apply_rules(s, out, e))
		return db_commit(s->db, e);
	db_rollback(s->db);
	return false;
}

/* ---- renumbering ---- */

bool pdb_renumbering(struct store *s, int64_t exchange, struct list **out, struct err *e) {
	struct val id = exchange == 0 ? val_null() : val_int(exchange);
	struct result r;

	if (!db_named(s->db, s->a, Q_PDB_RENUMBERING, &id, &r, e))
		return false;
	*out = result_maps(s->a, &r, NULL).u.list;
	return true;
}
