/* recall.c: the last answers to a few named queries, each in an arena of its own. */
#include "config.h"

#include "base/json.h"
#include "db/queries.h"
#include "db/recall.h"

enum {
	SLOTS = 64,             /* answers kept; two whose hashes meet take turns */
	ASKED_MAX = 5           /* taken from memory within one request, and the moment */
};

struct memory {
	struct arena *a;
	const char *key;        /* the query and its parameters; NULL: nothing yet */
	struct result r;
};

struct recall {
	struct db *db;
	struct arena *a;                /* of this request's answers: who asks first may be in memory that is gone when they are compared */
	bool trust;
	struct memory slot[SLOTS];
	struct memory *of[ASKED_MAX];   /* NULL: the moment */
	struct db_call asked[ASKED_MAX];
	size_t n;
	const char *moment;             /* of this request, in `a` */
};

struct recall *recall_new(struct arena *root, struct db *db) {
	struct recall *rc = arena_new(root, struct recall, 1);

	rc->db = db;
	rc->a = arena_new_root();
	rc->moment = "";
	return rc;
}

void recall_begin(struct recall *rc, bool trust) {
	rc->trust = trust;
	rc->n = 0;
	rc->moment = "";
	arena_reset(rc->a);
	db_ahead(rc->db, NULL, 0);
}

static bool in_use(const struct recall *rc, const struct memory *m) {
	size_t i;

	for (i = 0; i < rc->n; i++) {
		if (rc->of[i] == m)
			return true;
	}
	return false;
}

static void keep(struct memory *m, const char *key, const struct result *r) {
	struct arena *a;
	size_t i;

	if (m->a == NULL)
		m->a = arena_new_root();
	arena_reset(m->a);
	a = m->a;
	m->key = arena_strdup(a, key);
	m->r = *r;
	m->r.names = arena_new(a, const char *, r->cols);
	for (i = 0; i < r->cols; i++)
		m->r.names[i] = arena_strdup(a, r->names[i]);
	m->r.v = arena_new(a, struct val, r->n * r->cols);
	for (i = 0; i < r->n * r->cols; i++)
		m->r.v[i] = val_keep(a, r->v[i]);
}

static bool same(const struct result *x, const struct result *y) {
	size_t i;

	if (x->n != y->n || x->cols != y->cols)
		return false;
	for (i = 0; i < x->n * x->cols; i++) {
		if (!val_equal(x->v[i], y->v[i]))
			return false;
	}
	return true;
}

/* FNV-1a of the key. */
static struct memory *slot_of(struct recall *rc, const struct sbuf *key) {
	uint32_t h = 2166136261u;
	size_t i;

	for (i = 0; i < key->len; i++)
		h = (h ^ (unsigned char)key->s[i]) * 16777619u;
	return &rc->slot[h % SLOTS];
}

bool recall_named(struct recall *rc, struct arena *a, unsigned id, const struct val *params, struct result *out, struct err *e) {
	size_t nparams = named_queries[id].nparams, i;
	struct val *own = arena_new(rc->a, struct val, nparams);
	struct memory *m;
	struct sbuf key;

	sb_init(&key, a);
	sb_int(&key, id);
	for (i = 0; i < nparams; i++) {
		own[i] = val_keep(rc->a, params[i]);    /* it goes out later */
		sb_chr(&key, ' ');
		json_write(&key, params[i]);
	}
	m = slot_of(rc, &key);
	if (rc->trust && rc->n < ASKED_MAX && m->key != NULL && strcmp(m->key, key.s) == 0) {
		rc->asked[rc->n] = (struct db_call){ .sql = named_queries[id].sql, .params = own, .nparams = nparams, .a = rc->a };
		rc->of[rc->n++] = m;
		db_ahead(rc->db, rc->asked, rc->n);
		*out = m->r;
		return true;
	}
	if (!db_named(rc->db, a, id, params, out, e))
		return false;
	if (!in_use(rc, m))
		keep(m, key.s, out);
	return true;
}

void recall_mark(struct recall *rc) {
	if (rc->n == ASKED_MAX)
		return;
	rc->asked[rc->n] = (struct db_call){ .sql = named_queries[Q_MOMENT].sql, .a = rc->a };
	rc->of[rc->n++] = NULL;
	db_ahead(rc->db, rc->asked, rc->n);
}

bool recall_ask(struct recall *rc, struct arena *a, struct err *e) {
	size_t i;

	if (rc->n == 0)
		return true;
	db_ahead(rc->db, NULL, 0);
	if (rc->asked[rc->n - 1].result.names == NULL && !db_batch(rc->db, a, rc->asked, rc->n, e))
		return false;
	for (i = 0; i < rc->n; i++) {
		if (rc->of[i] == NULL)
			rc->moment = val_cstr(result_at(&rc->asked[i].result, 0, 0), "");
	}
	return true;
}

const char *recall_moment(const struct recall *rc) {
	return rc->moment;
}

bool recall_holds(struct recall *rc, struct arena *a, bool *holds, struct err *e) {
	size_t i;

	*holds = true;
	if (!recall_ask(rc, a, e))
		return false;
	for (i = 0; i < rc->n; i++) {
		if (rc->of[i] != NULL && !same(&rc->of[i]->r, &rc->asked[i].result)) {
			rc->of[i]->key = NULL;
			*holds = false;
		}
	}
	rc->n = 0;
	return true;
}
