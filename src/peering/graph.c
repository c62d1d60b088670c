/* graph.c: reading the tables of the graph, and finding rows, references and links in memory. */
#include "config.h"

#include <stdlib.h>

#include "db/queries.h"
#include "peering/graph.h"

enum { KEY_SHIFT = 48 };        /* object_key: the object's type above, its id below */

/* Whether a table has no smaller reach than all of it. */
static bool always_whole(const struct graph *g, enum table_id t) {
	const struct gtable *gt = &gtables[t];

	return !gt->by_asn && (g->router_id == 0 || gt->scope_query == gt->all_query);
}

static uint32_t slot_of(int64_t id, size_t nslots) {
	return (uint32_t)(((uint64_t)id * 0x9E3779B97F4A7C15u) >> 32) & (uint32_t)(nslots - 1);
}

static struct gobj *loaded_find(const struct loaded *l, int64_t id) {
	uint32_t s;

	if (l->nslots == 0)
		return NULL;
	for (s = slot_of(id, l->nslots); l->slots[s] != 0; s = (s + 1) & (uint32_t)(l->nslots - 1)) {
		if (l->o[l->slots[s] - 1]->id == id)
			return l->o[l->slots[s] - 1];
	}
	return NULL;
}

static void loaded_hash(struct arena *a, struct loaded *l) {
	size_t i;
	uint32_t s;

	for (l->nslots = 16; l->nslots < 2 * l->n; l->nslots *= 2)
		;
	l->slots = arena_new(a, uint32_t, l->nslots);
	for (i = 0; i < l->n; i++) {
		for (s = slot_of(l->o[i]->id, l->nslots); l->slots[s] != 0; s = (s + 1) & (uint32_t)(l->nslots - 1))
			;
		l->slots[s] = (uint32_t)i + 1;
	}
}

/* The numbers of the autonomous systems in memory. */
static struct val as_numbers(struct graph *g, enum reach reach) {
	const struct loaded *l = &g->tab[T_AS];
	struct list *out = list_new(g->a, l->n + 1);
	size_t i;

	for (i = 0; i < l->n; i++) {
		if (reach >= REACH_ALL || l->o[i]->in_scope)
			list_push(out, l->o[i]->v[AS_ASN]);
	}
	if (g->also_asn != 0)
		list_push(out, val_int(g->also_asn));
	return val_list(out);
}

static struct val scope_ids(struct graph *g, enum table_id t) {
	const struct loaded *l = &g->tab[t];
	struct list *out = list_new(g->a, l->n);
	size_t i;

	for (i = 0; i < l->n; i++) {
		if (l->o[i]->in_scope)
			list_push(out, val_int(l->o[i]->id));
	}
	return val_list(out);
}

static void push_refs(const struct loaded *l, int column, struct list *out) {
	size_t i;

	for (i = 0; i < l->n; i++) {
		if (l->o[i]->v[column].type == V_INT)
			list_push(out, l->o[i]->v[column]);
	}
}

/* The autonomous systems at either end of the router's sessions, and its own. */
static bool session_systems(struct graph *g, struct val *out, struct err *e) {
	struct list *l;

	if (!graph_need(g, T_IX, REACH_SCOPE, e) || !graph_need(g, T_DIRECT, REACH_SCOPE, e))
		return false;
	l = list_new(g->a, g->tab[T_IX].n + 2 * g->tab[T_DIRECT].n + 1);
	push_refs(&g->tab[T_IX], SESSION_AS, l);
	push_refs(&g->tab[T_DIRECT], SESSION_AS, l);
	push_refs(&g->tab[T_DIRECT], DIRECT_LOCAL_AS, l);
	if (g->router != NULL && g->router->v[ROUTER_AS].type == V_INT)
		list_push(l, g->router->v[ROUTER_AS]);
	*out = val_list(l);
	return true;
}

/* What the statement of a table takes. */
static bool query_params(struct graph *g, enum table_id t, enum reach reach, struct val out[2], struct err *e) {
	size_t n = 0;

	if (t == T_AS && reach == REACH_SCOPE)
		return session_systems(g, &out[0], e);
	if (gtables[t].by_asn)
		out[n++] = as_numbers(g, reach);
	out[n] = val_int(gtables[t].outward ? (int64_t)reach : g->router_id);
	return true;
}

/* Where each column of the table stands in the result. */
static bool columns_of(const struct gtable *gt, const struct result *r, size_t at[], struct err *e) {
	size_t c, i;

	for (c = 0; c < gt->ncolumns; c++) {
		for (i = 0; i < r->cols && strcmp(r->names[i], gt->columns[c].name) != 0; i++)
			;
		if (i == r->cols)
			return err_set(e, ERR_INTERNAL, NULL, "the query of %s has no column %s", gt->class_name, gt->columns[c].name);
		at[c] = i;
	}
	return true;
}

enum { COLUMNS_MAX = 64 };

/*
 * The statement that reads a table. What belongs to one router may be ten sessions of twenty thousand or half of them, and a reach is a part
 * of PeeringDB or all of it: the planner is to know which.
 */
static bool ask(struct graph *g, enum table_id t, enum reach reach, struct db_call *c, struct err *e) {
	unsigned id = reach == REACH_SCOPE ? gtables[t].scope_query : gtables[t].all_query;
	struct val *params = arena_new(g->a, struct val, 2);

	*c = (struct db_call){ .sql = named_queries[id].sql, .params = params, .nparams = named_queries[id].nparams,
	    .planned_anew = reach == REACH_SCOPE || gtables[t].outward };
	return query_params(g, t, reach, params, e);
}

static bool take(struct graph *g, enum table_id t, enum reach reach, const struct result *r, struct err *e) {
	const struct gtable *gt = &gtables[t];
	struct loaded *l = &g->tab[t], old = *l;
	size_t at[COLUMNS_MAX], i, c;

	if (!columns_of(gt, r, at, e))
		return false;
	l->o = arena_new(g->a, struct gobj *, r->n);
	l->n = r->n;
	l->reach = reach;
	l->index = arena_new(g->a, struct gindex, gt->ncolumns);
	for (i = 0; i < r->n; i++) {
		int64_t id = result_at(r, i, at[COL_ID]).u.i;
		struct gobj *o = old.n == 0 ? NULL : loaded_find(&old, id);

		if (o == NULL) {
			o = arena_new(g->a, struct gobj, 1);
			*o = (struct gobj){ .obj = { &gclasses[t] }, .g = g, .id = id, .table = (uint8_t)t, .reach = (uint8_t)reach };
			o->in_scope = reach == REACH_SCOPE || (gt->scope_query == gt->all_query && !gt->by_asn);
			o->v = arena_new(g->a, struct val, gt->ncolumns);
			for (c = 0; c < gt->ncolumns; c++)
				o->v[c] = result_at(r, i, at[c]);
		}
		o->rank = (uint32_t)i;
		l->o[i] = o;
	}
	loaded_hash(g->a, l);
	return true;
}

static bool load(struct graph *g, enum table_id t, enum reach reach, struct err *e) {
	struct db_call c;

	return ask(g, t, reach, &c, e) && db_batch(g->db, g->a, &c, 1, e) && take(g, t, reach, &c.result, e);
}

bool graph_need(struct graph *g, enum table_id t, enum reach reach, struct err *e) {
	if (reach < REACH_ALL ? always_whole(g, t) : !gtables[t].outward)
		reach = REACH_ALL;
	if (g->tab[t].reach >= reach)
		return true;
	if (gtables[t].by_asn && !graph_need(g, T_AS, reach, e))
		return false;
	return load(g, t, reach, e);
}

bool graph_find(struct graph *g, enum table_id t, int64_t id, struct gobj **out, struct err *e) {
	enum reach reach, last = gtables[t].outward ? REACH_WORLD : REACH_ALL;
	struct gobj *o = loaded_find(&g->tab[t], id);

	for (reach = REACH_SCOPE; o == NULL && reach <= last; reach++) {
		if (g->tab[t].reach >= reach)
			continue;
		if (!graph_need(g, t, reach, e))
			return false;
		o = loaded_find(&g->tab[t], id);
	}
	*out = o;
	return true;
}

bool graph_all(struct graph *g, enum table_id t, struct gset **out, struct err *e) {
	struct gset *s;

	if (!graph_need(g, t, REACH_WORLD, e))
		return false;
	s = gset_new(g, t, 0);
	s->o = g->tab[t].o;
	s->n = g->tab[t].n;
	*out = s;
	return true;
}

bool gobj_ref(struct gobj *o, int column, struct gobj **out, struct err *e) {
	struct val v = o->v[column];

	*out = NULL;
	if (v.type != V_INT)
		return true;
	return graph_find(o->g, gtables[o->table].columns[column].ref, v.u.i, out, e);
}

/* ---- pairs: sorted, found by their key ---- */

static int pair_compare(const void *x, const void *y) {
	const struct pair *a = x, *b = y;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	return a->value < b->value ? -1 : a->value > b->value;
}

/* The pairs with this key: where they begin, and how many there are. */
static size_t pairs_range(const struct pairs *p, int64_t key, size_t *n) {
	size_t low = 0, high = p->n, end;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (p->p[mid].key < key)
			low = mid + 1;
		else
			high = mid;
	}
	for (end = low; end < p->n && p->p[end].key == key; end++)
		;
	*n = end - low;
	return low;
}

static const struct pairs *index_of(struct graph *g, enum table_id t, int column) {
	struct loaded *l = &g->tab[t];
	struct gindex *x = &l->index[column];
	size_t i;

	if (x->made)
		return &x->pairs;
	x->pairs.p = arena_new(g->a, struct pair, l->n);
	for (i = 0; i < l->n; i++) {
		if (l->o[i]->v[column].type == V_INT)
			x->pairs.p[x->pairs.n++] = (struct pair){ .key = l->o[i]->v[column].u.i, .value = (int64_t)i };
	}
	if (x->pairs.n > 0)
		qsort(x->pairs.p, x->pairs.n, sizeof(struct pair), pair_compare);
	x->made = true;
	return &x->pairs;
}

struct gset *graph_with(struct graph *g, enum table_id t, int column, int64_t key) {
	const struct pairs *p = index_of(g, t, column);
	size_t n, from = pairs_range(p, key, &n), i;
	struct gset *s = gset_new(g, t, n);

	for (i = 0; i < n; i++)
		gset_push(s, g->tab[t].o[p->p[from + i].value]);
	return s;
}

/* Whether one of our exchanges is on that LAN. */
static bool is_our_lan(struct gobj *o, bool *out, struct err *e) {
	if (!graph_need(o->g, T_IXP, REACH_ALL, e))
		return false;
	*out = graph_with(o->g, T_IXP, IXP_IXLAN, o->id)->n > 0;
	return true;
}

/* What must be in memory so that no row of PeeringDB is missing that points at o. */
static bool outward_reach(struct gobj *o, enum table_id t, enum reach *out, struct err *e) {
	bool ours;

	*out = REACH_WORLD;
	if (o->table == T_NETWORK && gtables[t].by_asn && o->reach <= REACH_ALL)
		*out = (enum reach)o->reach;
	if (o->table != T_IXLAN)
		return true;
	if (!is_our_lan(o, &ours, e))
		return false;
	if (ours)
		*out = t == T_IXLAN_PREFIX ? REACH_ALL : REACH_EXCHANGES;
	return true;
}

/* What must be in memory so that no row is missing that points at o through this column. */
static enum reach reach_for(struct gobj *o, enum table_id t, int column) {
	if (t == T_DIRECT && column == DIRECT_ROUTER && o == o->g->router)
		return REACH_SCOPE;
	if (t == T_IX && column == IX_CONNECTION && o->v[CONNECTION_ROUTER].type == V_INT &&
	    o->v[CONNECTION_ROUTER].u.i == o->g->router_id)
		return REACH_SCOPE;
	return REACH_ALL;
}

bool gobj_reverse(struct gobj *o, enum table_id t, int column, struct gset **out, struct err *e) {
	enum reach reach = reach_for(o, t, column);

	if ((gtables[t].outward && !outward_reach(o, t, &reach, e)) || !graph_need(o->g, t, reach, e))
		return false;
	*out = graph_with(o->g, t, column, o->id);
	return true;
}

static int64_t object_key(const struct gobj *o) {
	return (int64_t)gtables[o->table].object_type << KEY_SHIFT | o->id;
}

bool graph_object(struct graph *g, int64_t key, struct gobj **out, struct err *e) {
	int type = (int)(key >> KEY_SHIFT), t;

	*out = NULL;
	for (t = 0; t < T__COUNT && type != 0; t++) {
		if (gtables[t].object_type == type)
			return graph_find(g, (enum table_id)t, key & (((int64_t)1 << KEY_SHIFT) - 1), out, e);
	}
	return true;
}

bool gobj_assigned(struct gobj *o, enum table_id t, struct gset **out, struct err *e) {
	if (!graph_need(o->g, t, REACH_ALL, e))
		return false;
	*out = graph_with(o->g, t, ASSIGNMENT_KEY, object_key(o));
	return true;
}

/* ---- links ---- */

static const enum table_id link_targets[L__COUNT] = {
	[L_TAGS] = T_TAG,
	[L_AS_IMPORT] = T_POLICY, [L_AS_EXPORT] = T_POLICY, [L_AS_COMMUNITIES] = T_COMMUNITY,
	[L_GROUP_IMPORT] = T_POLICY, [L_GROUP_EXPORT] = T_POLICY, [L_GROUP_COMMUNITIES] = T_COMMUNITY,
	[L_IXP_IMPORT] = T_POLICY, [L_IXP_EXPORT] = T_POLICY, [L_IXP_COMMUNITIES] = T_COMMUNITY,
	[L_DIRECT_IMPORT] = T_POLICY, [L_DIRECT_EXPORT] = T_POLICY, [L_DIRECT_COMMUNITIES] = T_COMMUNITY,
	[L_IX_IMPORT] = T_POLICY, [L_IX_EXPORT] = T_POLICY, [L_IX_COMMUNITIES] = T_COMMUNITY,
	[L_ROUTER_COMMUNITIES] = T_COMMUNITY, [L_POLICY_COMMUNITIES] = T_COMMUNITY,
};

enum table_id link_target(enum link_id link) {
	return link_targets[link];
}

static bool links_ask(struct graph *g, enum reach reach, struct db_call *c, struct err *e) {
	unsigned id = reach == REACH_SCOPE ? Q_RENDER_ROUTER_LINKS : Q_RENDER_LINKS;
	struct val *params = arena_new(g->a, struct val, 3);

	*c = (struct db_call){ .sql = named_queries[id].sql, .params = params, .nparams = named_queries[id].nparams };
	if (reach == REACH_ALL)
		return true;
	if (!session_systems(g, &params[2], e))
		return false;
	params[0] = scope_ids(g, T_IX);
	params[1] = scope_ids(g, T_DIRECT);
	return true;
}

static void links_take(struct graph *g, enum reach reach, const struct result *r) {
	size_t i, counts[L__COUNT] = { 0 };

	for (i = 0; i < r->n; i++)
		counts[result_at(r, i, 0).u.i]++;
	for (i = 0; i < L__COUNT; i++)
		g->links[i] = (struct pairs){ .p = arena_new(g->a, struct pair, counts[i]), .reach = reach };
	for (i = 0; i < r->n; i++) {
		struct pairs *p = &g->links[result_at(r, i, 0).u.i];

		p->p[p->n++] = (struct pair){ result_at(r, i, 1).u.i, result_at(r, i, 2).u.i, result_at(r, i, 3).u.i };
	}
	for (i = 0; i < L__COUNT; i++) {
		if (g->links[i].n > 0)
			qsort(g->links[i].p, g->links[i].n, sizeof(struct pair), pair_compare);
	}
	g->link_reach = reach;
}

/* Those in a router's reach came with the router. */
static bool links_need(struct graph *g, enum reach reach, struct err *e) {
	struct db_call c;

	if (g->link_reach >= reach)
		return true;
	if (!links_ask(g, REACH_ALL, &c, e) || !db_batch(g->db, g->a, &c, 1, e))
		return false;
	links_take(g, REACH_ALL, &c.result);
	return true;
}

bool gobj_linked(struct gobj *o, enum link_id link, struct gset **out, struct err *e) {
	struct graph *g = o->g;
	enum table_id t = link_targets[link];
	const struct pairs *p = &g->links[link];
	struct gset *s;
	size_t from, n, i;

	if (!links_need(g, o->in_scope ? REACH_SCOPE : REACH_ALL, e) || !graph_need(g, t, REACH_ALL, e))
		return false;
	from = pairs_range(p, link == L_TAGS ? object_key(o) : o->id, &n);
	s = gset_new(g, t, n);
	for (i = 0; i < n; i++) {
		struct gobj *target = loaded_find(&g->tab[t], p->p[from + i].value);

		if (target != NULL)
			gset_push(s, target);
	}
	if (link != L_TAGS)     /* tags stay as they were put on the object */
		gset_sort(s);
	*out = s;
	return true;
}

bool gobj_linked_from(struct gobj *o, enum table_id t, enum link_id link, struct gset **out, struct err *e) {
	struct graph *g = o->g;
	const struct pairs *p = &g->links[link];
	struct gset *s;
	size_t i;

	if (!links_need(g, REACH_ALL, e) || !graph_need(g, t, REACH_ALL, e))
		return false;
	s = gset_new(g, t, p->n);
	for (i = 0; i < p->n; i++) {
		struct gobj *owner;

		if (p->p[i].value != o->id)
			continue;
		owner = loaded_find(&g->tab[t], p->p[i].key);
		if (owner != NULL)
			gset_push(s, owner);
	}
	gset_sort(s);
	*out = s;
	return true;
}

/* ---- what every configuration is made of ---- */

/*
 * In two round trips: what the router alone decides, then what its sessions decide. The server reads the next table while we take
 * in the last one; so the largest come first.
 */
static bool read_router(struct graph *g, struct err *e) {
	static const enum table_id first[] = { T_IX, T_DIRECT, T_COMMUNITY, T_CONNECTION, T_ROUTER, T_CONFIGURATION, T_GROUP, T_IXP, T_POLICY };
	enum { SYSTEMS, LINKS, SECOND };
	struct db_call calls[ARRAY_LEN(first)], more[SECOND];
	enum reach reaches[ARRAY_LEN(first)];
	size_t i;

	for (i = 0; i < ARRAY_LEN(first); i++) {
		reaches[i] = always_whole(g, first[i]) ? REACH_ALL : REACH_SCOPE;
		if (!ask(g, first[i], reaches[i], &calls[i], e))
			return false;
	}
	if (!db_batch(g->db, g->a, calls, ARRAY_LEN(first), e))
		return false;
	for (i = 0; i < ARRAY_LEN(first); i++) {
		if (!take(g, first[i], reaches[i], &calls[i].result, e))
			return false;
	}
	if (!graph_find(g, T_ROUTER, g->router_id, &g->router, e))
		return false;
	if (g->router == NULL)
		return err_set(e, ERR_NOT_FOUND, NULL, "there is no router with the id %lld", (long long)g->router_id);
	if (!ask(g, T_AS, REACH_SCOPE, &more[SYSTEMS], e) || !links_ask(g, REACH_SCOPE, &more[LINKS], e) ||
	    !db_batch(g->db, g->a, more, SECOND, e) || !take(g, T_AS, REACH_SCOPE, &more[SYSTEMS].result, e))
		return false;
	links_take(g, REACH_SCOPE, &more[LINKS].result);
	return true;
}

bool graph_new(struct arena *a, struct db *db, const struct conf *conf, int64_t router_id, struct graph **out, struct err *e) {
	struct graph *g = *out = arena_new(a, struct graph, 1);

	*g = (struct graph){ .a = a, .db = db, .conf = conf, .router_id = router_id };
	return router_id == 0 || read_router(g, e);
}
