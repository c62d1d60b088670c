/* read.c: rows by id with all that their form names, in a number of statements that does not depend on how many rows there are. */
#include "config.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/net.h"
#include "model/engine.h"

enum { HUNDREDS = 300 };        /* so many rows, and joining whole tables is less work than looking up what they point at */

/* ---- one table's part of a result row ---- */

/* Rows that several others point at are made once: a small hash by id for each node. */
struct seen {
	struct row **slot;
	size_t slots;
};

struct reading {
	struct store *s;
	struct model *m;
	struct plan *p;
	const struct result *r;
	size_t first;                   /* column of it where the plan's own begin */
	struct seen *seen;              /* by alias */
	struct row **of;                /* by alias: the rows of the result row at hand */
};

static struct val address(struct store *s, const struct field *f, struct val v) {
	struct addr a;
	char text[ADDR_TEXT_MAX];

	if (v.type != V_STR)
		return v;
	if (f->type == F_INET) {
		const char *slash = memchr(v.u.s, '/', v.len);

		return slash == NULL ? v : val_copy(s->a, v.u.s, (size_t)(slash - v.u.s));
	}
	if (memchr(v.u.s, '/', v.len) != NULL || !addr_parse(v.u.s, v.len, &a))
		return v;
	return val_str(arena_strdup(s->a, addr_text(&a, ADDR_WITH_LENGTH, text)));
}

/* What is sealed is opened for those who may see it; for all others there is nothing. */
static struct val secret(const struct reading *g, const struct resource *res, struct val v) {
	const char *clear;
	struct err e;

	if (v.type != V_STR || v.len == 0)
		return v;
	if (g->s->actor != NULL && !may(g->s, res, "view_secrets"))
		return val_null();
	if (!seal_is_sealed(v.u.s))
		return v;
	if (g->m->seal == NULL || !unseal_text(g->m->seal, g->s->a, v.u.s, &clear, &e)) {
		log_msg(LOG_LEVEL_WARNING, "a secret of %s cannot be opened: %s", res->name, g->m->seal == NULL ? "no key" : e.msg);
		return val_null();
	}
	return val_str(clear);
}

static struct val convert(const struct reading *g, const struct resource *res, const struct field *f, struct val v) {
	const struct object_type *t;

	switch (f->type) {
	case F_INET:
	case F_IFACE: return address(g->s, f, v);
	case F_SECRET: return secret(g, res, v);
	case F_OBJTYPE:
		t = v.type == V_INT ? otype_by_id(g->m, v.u.i) : NULL;
		return t == NULL ? val_null() : val_str(t->name);
	case F_ID: case F_BOOL: case F_INT: case F_FLOAT: case F_ASN: case F_TEXT: case F_LONGTEXT: case F_SLUG: case F_EMAIL: case F_URL:
	case F_COLOR: case F_ENUM: case F_CIDR: case F_MAC: case F_TIME: case F_DATE: case F_UUID: case F_JSON: case F_PASSWORD: case F_REF:
	case F_REFS: case F_TAGS: case F_OBJTYPES: case F_OBJECT: case F_ASNS: case F_CIDRS: case F_TEXTS: case F_COUNT: case F_PATH:
	case F_DISPLAY: case F_IN: case F_FUNC: case F_COMPUTED: case F__COUNT: break;
	}
	return v;
}

static void seen_init(struct reading *g, size_t rows) {
	unsigned i;

	g->seen = arena_new(g->s->a, struct seen, g->p->naliases);
	g->of = arena_new(g->s->a, struct row *, g->p->naliases);
	for (i = 0; i < g->p->naliases; i++) {
		g->seen[i].slots = 4;
		while (g->seen[i].slots < rows * 2)
			g->seen[i].slots *= 2;
		g->seen[i].slot = arena_new(g->s->a, struct row *, g->seen[i].slots);
	}
}

static struct row **seen_at(struct seen *h, int64_t id) {
	size_t i = ((uint64_t)id * 0x9E3779B97F4A7C15u >> 32) & (h->slots - 1);

	while (h->slot[i] != NULL && h->slot[i]->id != id)
		i = (i + 1) & (h->slots - 1);
	return &h->slot[i];
}

static struct row *row_new(struct store *s, struct info *info, int64_t id) {
	struct row *row = arena_new(s->a, struct row, 1);

	row->obj.class = &info->class;
	row->res = info->res;
	row->id = id;
	row->v = arena_new(s->a, struct val, info->res->nfields);       /* zeroed: V_UNDEF */
	row->display = val_null();
	return row;
}

static struct row *node_row(struct reading *g, const struct node *n, size_t at) {
	const struct val *v = g->r->v + at * g->r->cols + g->first;
	const struct resource *res = n->info->res;
	struct row **known, *row;
	size_t i;

	if (v[n->id_col].type != V_INT)
		return NULL;
	known = seen_at(&g->seen[n->alias], v[n->id_col].u.i);
	if (*known != NULL)
		return *known;
	row = *known = row_new(g->s, n->info, v[n->id_col].u.i);
	for (i = 0; i < res->nfields; i++) {
		if (n->col[i] >= 0)
			row->v[i] = convert(g, res, &res->fields[i], v[n->col[i]]);
	}
	return row;
}

/* References point at their rows; display texts of what is pointed at come first. */
static void link_children(struct reading *g) {
	const struct node *n;

	for (n = g->p->root->next; n != NULL; n = n->next) {
		struct row *child = g->of[n->alias], *parent = g->of[n->parent->alias];

		if (parent != NULL)
			parent->v[n->parent_field] = child == NULL ? val_null() : val_obj(&child->obj);
	}
}

static void display_node(struct reading *g, const struct node *n) {
	struct row *row = g->of[n->alias];
	struct sbuf b;
	size_t i;

	for (i = 0; i < n->info->res->nfields; i++) {
		if (n->child[i] != NULL)
			display_node(g, n->child[i]);
	}
	if (row == NULL || !n->display || row->display.type == V_STR)
		return;
	sb_init(&b, g->s->a);
	sb_reserve(&b, 60);
	display_text(g->m, n->info, row, &b);
	row->display = val_mem(b.s, b.len);
	for (i = 0; i < n->info->res->nfields; i++) {
		if (n->info->res->fields[i].type == F_DISPLAY)
			row->v[i] = row->display;
	}
}

void take_rows(struct store *s, struct model *m, struct plan *p, const struct result *r, size_t first, struct rows *out) {
	struct reading g = { .s = s, .m = m, .p = p, .r = r, .first = first };
	const struct node *n;
	size_t i;

	seen_init(&g, r->n);
	*out = (struct rows){ .row = arena_new(s->a, struct row *, r->n), .n = r->n, .total = -1 };
	for (i = 0; i < r->n; i++) {
		for (n = p->root; n != NULL; n = n->next)
			g.of[n->alias] = node_row(&g, n, i);
		link_children(&g);
		display_node(&g, p->root);
		out->row[i] = g.of[0];
	}
}

static void order_as_given(struct store *s, struct rows *rows, const int64_t *ids, size_t n) {
	struct seen h = { .slots = 4 };
	struct row **sorted = arena_new(s->a, struct row *, n);
	size_t i, k = 0;

	while (h.slots < rows->n * 2)
		h.slots *= 2;
	h.slot = arena_new(s->a, struct row *, h.slots);
	for (i = 0; i < rows->n; i++)
		*seen_at(&h, rows->row[i]->id) = rows->row[i];
	for (i = 0; i < n; i++) {
		struct row *row = *seen_at(&h, ids[i]);

		if (row != NULL)
			sorted[k++] = row;
	}
	rows->row = sorted;
	rows->n = k;
}

struct row *rows_find(const struct rows *rows, int64_t id) {
	size_t i;

	for (i = 0; i < rows->n; i++) {
		if (rows->row[i]->id == id)
			return rows->row[i];
	}
	return NULL;
}

#define CONTEXTS(ids) "SELECT a.object_id, c.data FROM config_context_assignment a JOIN config_context c ON c.id = a.config_context_id" \
	" WHERE a.content_type_id = $2 AND a.object_id = " ids " AND c.is_active ORDER BY a.object_id, a.weight, c.name"

/* The rows and all that hangs on them, in one round trip. */
static bool fetch(struct store *s, struct model *m, struct plan *p, const char *sql, struct val ids, bool one, struct rows *out, struct err *e) {
	struct val *params = arena_new(s->a, struct val, 2);
	struct db_call calls[3 + LINKS_MAX], *last = calls;
	struct answers got = { .sides = { .n = 0 } };
	size_t i;

	params[0] = ids;
	params[1] = val_int(p->info->otype);
	*last++ = (struct db_call){ .sql = sql, .params = params, .nparams = 1 };
	for (i = 0; i < p->nlinks; i++)
		*last++ = (struct db_call){ .sql = one ? p->links[i].one : p->links[i].sql, .params = params, .nparams = 1 };
	if (p->sides_sql != NULL)
		*last++ = (struct db_call){ .sql = one ? p->sides_one : p->sides_sql, .params = params, .nparams = 1 };
	if (p->contexts)
		*last++ = (struct db_call){ .sql = one ? CONTEXTS("$1") : CONTEXTS("ANY($1)"), .params = params, .nparams = 2 };
	if (s->last && p->alone)
		db_last(s->db);
	if (!db_batch(s->db, s->a, calls, (size_t)(last - calls), e))
		return false;
	if (p->contexts)
		got.contexts = (--last)->result;
	if (p->sides_sql != NULL)
		got.sides = (--last)->result;
	for (i = 0; i < p->nlinks; i++)
		got.links[i] = calls[1 + i].result;
	take_rows(s, m, p, &calls[0].result, 0, out);
	return out->n == 0 || fill_rows(s, m, p, out, &got, e);
}

bool read_rows(struct store *s, struct model *m, struct plan *p, const int64_t *ids, size_t n, enum read_order order, struct rows *out, struct err *e) {
	const char *sql = order == READ_ORDERED ? p->ordered : n < HUNDREDS ? p->many : p->hundreds;

	if (n == 0) {
		*out = (struct rows){ .total = -1 };
		return true;
	}
	if (!fetch(s, m, p, sql, val_ints(s->a, ids, n), false, out, e))
		return false;
	if (order == READ_AS_GIVEN)
		order_as_given(s, out, ids, n);
	return true;
}

bool read_one(struct store *s, struct model *m, struct plan *p, int64_t id, struct row **row, struct err *e) {
	struct rows rows;

	if (!fetch(s, m, p, p->one, val_int(id), true, &rows, e))
		return false;
	*row = rows.n == 0 ? NULL : rows.row[0];
	return true;
}

/* ---- lists and single objects ---- */

/* The limit stands in the text: few are in use, and the planner then knows that it need not sort all. */
static const char *limits(struct where *w, const struct query *q) {
	struct arena *a = w->store->a;
	const char *limit = q->limit == 0 ? "" : arena_printf(a, " LIMIT %zu", q->limit);

	return q->offset == 0 ? limit : arena_printf(a, "%s OFFSET %s", limit, where_param(w, val_int((int64_t)q->offset)));
}

static void child_where(struct where *w, const struct query *q) {
	struct path p;
	struct reach reach;

	if (!path_parse(q->res, q->child->via, strlen(q->child->via), &p))
		return;
	where_and(w);
	reach_open(w, q->res, &p, &reach);
	sb_fmt(&w->sql, "%s = %s", reach.column, where_param(w, val_int(q->child_of)));
	reach_close(w, &reach);
}

/* All that restricts the list. *plain: nothing does, so that the kept count is the total. */
static bool restrict_rows(struct where *w, const struct query *q, struct problems *bad, bool *plain, struct err *e) {
	if (q->ids != NULL) {
		where_and(w);
		sb_fmt(&w->sql, "t0.id = ANY(%s)", where_param(w, val_ints(w->store->a, q->ids, q->nids)));
	}
	if (q->child != NULL)
		child_where(w, q);
	if (!filter_apply(w, q->params, q->nparams, bad, NULL, e) || !right_where(w, q->action == NULL ? "view" : q->action, e))
		return false;
	*plain = w->sql.len == 0;
	return true;
}

static const char *ordering(const struct query *q) {
	size_t i;

	for (i = 0; q->order == NULL && i < q->nparams; i++) {
		if (strcmp(q->params[i].name, "ordering") == 0)
			return q->params[i].value;
	}
	return q->order;
}

static bool list_ids(struct where *w, const struct query *q, bool plain, int64_t **ids, size_t *n, int64_t *total, struct err *e) {
	struct store *s = w->store;
	struct db_call calls[2];
	struct sbuf joins, order;
	const char *where = w->sql.len == 0 ? "" : arena_printf(s->a, " WHERE %s", w->sql.s), *limit;
	size_t counted = w->params->n, i, ncalls = 1;

	sb_init(&joins, s->a);
	sb_init(&order, s->a);
	order_build(w->model, q->res, ordering(q), &joins, &order);
	limit = limits(w, q);
	calls[0] = (struct db_call){ .params = w->params->v, .nparams = w->params->n, .planned_anew = w->skewed, .as_written = w->skewed };
	calls[0].sql = arena_printf(s->a, "SELECT t0.id FROM %s t0%s%s ORDER BY %s%s", q->res->table, joins.s, where, order.s, limit);
	if (q->count) {
		calls[ncalls] = (struct db_call){ .params = w->params->v, .nparams = counted, .planned_anew = w->skewed };
		calls[ncalls++].sql = plain ? arena_printf(s->a,
		    "SELECT coalesce((SELECT sum(n)::bigint FROM table_count WHERE table_name = '%s'), (SELECT count(*) FROM %s))", q->res->table, q->res->table) :
		    q->count_most > 0 ? arena_printf(s->a, "SELECT count(*) FROM (SELECT FROM %s t0%s LIMIT %zu) x", q->res->table, where, q->count_most + 1) :
		    arena_printf(s->a, "SELECT count(*) FROM %s t0%s", q->res->table, where);
	}
	if (!db_batch(s->db, s->a, calls, ncalls, e))
		return false;
	*n = calls[0].result.n;
	*ids = arena_new(s->a, int64_t, *n);
	for (i = 0; i < *n; i++)
		(*ids)[i] = result_at(&calls[0].result, i, 0).u.i;
	*total = q->count ? result_at(&calls[1].result, 0, 0).u.i : -1;
	return true;
}

bool store_list(struct store *s, const struct query *q, struct rows *out, struct problems *bad, struct err *e) {
	struct model *m = model_of(s, e);
	const char *action = q->action == NULL ? "view" : q->action;
	struct where w;
	int64_t *ids, total;
	size_t n;
	bool plain;

	if (m == NULL)
		return false;
	if (right_to(s, q->res, action) == RIGHT_NONE)
		return err_set(e, s->actor->authenticated ? ERR_DENIED : ERR_UNAUTHENTICATED, NULL, "%s", s->actor->authenticated ?
		    "You do not have permission to perform this action." : "Authentication credentials were not provided.");
	where_init(&w, s, m, q->res);
	if (!restrict_rows(&w, q, bad, &plain, e))
		return false;
	if (bad != NULL && problems_any(bad))
		return err_set(e, ERR_INVALID, NULL, "a filter has a value that it cannot take");
	if (!list_ids(&w, q, plain, &ids, &n, &total, e) ||
	    !read_rows(s, m, plan_get(m, q->res, q->form, q->columns), ids, n, READ_AS_GIVEN, out, e))
		return false;
	out->total = total;
	return true;
}

bool store_get(struct store *s, const struct resource *res, int64_t id, const char *action, struct row **out, struct err *e) {
	struct query q = { .res = res, .ids = &id, .nids = 1, .action = action, .form = FORM_FULL };
	struct model *m = model_of(s, e);
	struct rows rows;

	if (m == NULL)
		return false;
	if (right_to(s, res, action) == RIGHT_ALL) {
		if (!read_one(s, m, plan_get(m, res, FORM_FULL, NULL), id, out, e))
			return false;
	} else {
		if (!store_list(s, &q, &rows, NULL, e))
			return false;
		*out = rows.n == 0 ? NULL : rows.row[0];
	}
	return *out != NULL || err_set(e, ERR_NOT_FOUND, NULL, "No %s matches the given query.", res->class_name);
}
