/*
 * plan.c: from a resource and a form to the statements that read it: one SELECT with a join for each reference whose nested form or
 * display text is shown, and one statement for all that hangs on the rows by id (links, tags, counts).
 */
#include "config.h"

#include "model/engine.h"

enum { NEST_MAX = 3 };          /* references within references; PeeringDB's nested forms hold all their fields */

struct builder {
	struct model *m;
	struct plan *p;
	struct sbuf select, joins;
};

static struct node *node_new(struct builder *b, const struct resource *res, struct node *parent, int parent_field) {
	struct node *n = arena_new(b->m->a, struct node, 1);
	size_t i;

	n->info = info_of(b->m, res);
	n->alias = b->p->naliases++;
	n->parent = parent;
	n->parent_field = parent_field;
	n->col = arena_new(b->m->a, int, res->nfields);
	n->child = arena_new(b->m->a, struct node *, res->nfields);
	for (i = 0; i < res->nfields; i++)
		n->col[i] = -1;
	if (b->p->last != NULL)
		b->p->last->next = n;
	else
		b->p->root = n;
	b->p->last = n;
	if (parent != NULL)
		sb_fmt(&b->joins, " LEFT JOIN %s t%u ON t%u.id = t%u.%s", res->table, n->alias, n->alias, parent->alias,
		    field_column(b->m->a, &parent->info->res->fields[parent_field]));
	sb_fmt(&b->select, "%st%u.id", b->p->ncols == 0 ? "" : ", ", n->alias);
	n->id_col = b->p->ncols++;
	return n;
}

static void want_column(struct builder *b, struct node *n, int field) {
	const struct field *f = &n->info->res->fields[field];

	if (n->col[field] >= 0)
		return;
	if (f->type == F_FUNC)
		sb_fmt(&b->select, ", %s(t%u)", f->via, n->alias);
	else
		sb_fmt(&b->select, ", t%u.%s", n->alias, field_column(b->m->a, f));
	n->col[field] = b->p->ncols++;
}

static struct node *want_child(struct builder *b, struct node *n, int field) {
	if (n->child[field] == NULL)
		n->child[field] = node_new(b, n->info->res->fields[field].ref, n, field);
	return n->child[field];
}

static void want_display(struct builder *b, struct node *n, unsigned depth);

/* All that a path needs; a reference at its end is shown by its display text. */
static void want_path(struct builder *b, struct node *n, const struct path *p, unsigned depth) {
	size_t i;

	for (i = 0; i < p->n && p->step[i] != PATH_ID; i++) {
		const struct field *f = &n->info->res->fields[p->step[i]];

		if (f->type == F_REF) {
			n = want_child(b, n, p->step[i]);
			if (i + 1 == p->n)
				want_display(b, n, depth + 1);
		} else if (field_is_column(f) || f->type == F_FUNC) {
			want_column(b, n, p->step[i]);
		}
	}
}

static void want_display(struct builder *b, struct node *n, unsigned depth) {
	size_t i;

	if (n->display || depth > NEST_MAX + 2)
		return;
	n->display = true;
	for (i = 0; i < n->info->ndisplay; i++) {
		if (n->info->display[i].kind == PIECE_PATH)
			want_path(b, n, &n->info->display[i].path, depth);
	}
}

static void want_nested(struct builder *b, struct node *n, unsigned depth);

static void want_ref(struct builder *b, struct node *n, int field, unsigned depth) {
	bool bare = (n->info->res->fields[field].flags & FF_BARE) != 0;

	if (bare && depth == 0 && b->p->form == FORM_COLUMNS)
		want_display(b, want_child(b, n, field), depth + 1);    /* a column is looked at: a number says nothing */
	else if (bare || depth >= NEST_MAX)
		want_column(b, n, field);
	else
		want_nested(b, want_child(b, n, field), depth + 1);
}

static void want_field(struct builder *b, struct node *n, int field, unsigned depth) {
	const struct field *f = &n->info->res->fields[field];
	struct path via;

	switch (f->type) {
	case F_REF: want_ref(b, n, field, depth); break;
	case F_DISPLAY: want_display(b, n, depth); break;
	case F_FUNC: want_column(b, n, field); break;
	case F_PATH:
		if (depth == 0 && path_parse(n->info->res, f->via, strlen(f->via), &via))
			want_path(b, n, &via, depth);
		break;
	case F_OBJECT:
		if (depth == 0 && path_parse(n->info->res, f->via, strlen(f->via), &via)) {
			want_column(b, n, via.step[0]);
			want_column(b, n, via.step[0] + 1);
		}
		break;
	case F_SECRET:
		if ((f->flags & FF_CLEAR) != 0 && depth == 0)
			want_column(b, n, field);
		break;
	case F_PASSWORD:
	case F_REFS: case F_TAGS: case F_OBJTYPES: case F_COUNT: case F_IN: case F_COMPUTED: break;
	case F_ID: case F_BOOL: case F_INT: case F_FLOAT: case F_ASN: case F_TEXT: case F_LONGTEXT: case F_SLUG: case F_EMAIL: case F_URL:
	case F_COLOR: case F_ENUM: case F_INET: case F_IFACE: case F_CIDR: case F_MAC: case F_TIME: case F_DATE: case F_UUID: case F_JSON:
	case F_OBJTYPE: case F_ASNS: case F_CIDRS: case F_TEXTS:
		if (field_is_column(f))
			want_column(b, n, field);
		break;
	case F__COUNT: break;
	}
}

static void want_nested(struct builder *b, struct node *n, unsigned depth) {
	size_t i;

	want_display(b, n, depth);
	for (i = 0; i < n->info->res->nfields; i++) {
		if (n->info->nested[i])
			want_field(b, n, (int)i, depth);
	}
}

/* ---- what hangs on the rows by id: one statement of (side, id of the row, id or number) ---- */

static const char *with_ids(struct arena *a, const char *sql, const char *condition) {
	static const char any[] = " = ANY($1)";
	struct sbuf b;
	const char *at;

	sb_init(&b, a);
	for (; (at = strstr(sql, any)) != NULL; sql = at + sizeof(any) - 1) {
		sb_mem(&b, sql, (size_t)(at - sql));
		sb_str(&b, condition);
	}
	sb_str(&b, sql);
	return b.s;
}

/*
 * Statements are planned once, for whatever ids come: " = ANY($1)" tells PostgreSQL to expect some ten. For a single row, and for
 * hundreds, which it should not look up one after the other in every table joined, the same is said so that it expects that.
 */
static const char *for_one(struct arena *a, const char *sql) {
	return with_ids(a, sql, " = $1");
}

static const char *for_hundreds(struct arena *a, const char *sql) {
	return with_ids(a, sql, " IN (SELECT ($1::bigint[])[i] FROM generate_subscripts($1::bigint[], 1) i)");
}

static void side_begin(struct plan *p, struct sbuf *b, enum side_kind kind, int field) {
	p->sides[p->nsides] = (struct side){ .kind = kind, .field = field };
	sb_fmt(b, "%sSELECT %zu::smallint, ", b->len == 0 || kind == SIDE_LINK ? "" : " UNION ALL ", p->nsides);
	p->nsides++;
}

/* Counts through a path walk from the table that is counted towards this one: o.<first>_id = x1.id ... */
static void side_count(struct builder *b, struct sbuf *sql, const struct field *f) {
	struct path via;
	const struct resource *r = f->ref;
	size_t i;

	if (f->link != NULL) {
		sb_fmt(sql, "%s::bigint, count(*) FROM %s WHERE %s = ANY($1) GROUP BY 2", f->via, f->link, f->via);
		return;
	}
	if (!path_parse(f->ref, f->via, strlen(f->via), &via))
		return;
	sb_fmt(sql, "x%zu.%s, count(*) FROM %s x0", via.n - 1, field_column(b->m->a, path_field(f->ref, &via)), r->table);
	for (i = 0; i + 1 < via.n; i++) {
		const struct field *step = &r->fields[via.step[i]];

		sb_fmt(sql, " JOIN %s x%zu ON x%zu.id = x%zu.%s", step->ref->table, i + 1, i + 1, i, field_column(b->m->a, step));
		r = step->ref;
	}
	sb_fmt(sql, " WHERE x%zu.%s = ANY($1) GROUP BY 2", via.n - 1, field_column(b->m->a, path_field(f->ref, &via)));
}

static void add_side(struct builder *b, struct sbuf *sql, int field) {
	struct plan *p = b->p;
	const struct resource *r = p->info->res;
	const struct field *f = &r->fields[field];

	switch (f->type) {
	case F_OBJTYPES:
		side_begin(p, sql, SIDE_TYPES, field);
		sb_fmt(sql, "%s_id, object_type_id::bigint FROM %s WHERE %s_id = ANY($1)", r->table, f->link, r->table);
		break;
	case F_COUNT:
		side_begin(p, sql, SIDE_COUNT, field);
		side_count(b, sql, f);
		break;
	case F_IN:
		side_begin(p, sql, SIDE_IN, field);
		sb_fmt(sql, "id, 1::bigint FROM %s WHERE id = ANY($1)", f->link);
		break;
	case F_REFS: case F_TAGS:               /* links: below */
	case F_ID: case F_BOOL: case F_INT: case F_FLOAT: case F_ASN: case F_TEXT: case F_LONGTEXT: case F_SLUG: case F_EMAIL: case F_URL:
	case F_COLOR: case F_ENUM: case F_INET: case F_IFACE: case F_CIDR: case F_MAC: case F_TIME: case F_DATE: case F_UUID: case F_JSON:
	case F_SECRET: case F_PASSWORD: case F_REF: case F_OBJTYPE: case F_OBJECT: case F_ASNS: case F_CIDRS: case F_TEXTS: case F_PATH:
	case F_DISPLAY: case F_FUNC: case F_COMPUTED: case F__COUNT: break;
	}
}

static void build_sides(struct builder *b) {
	struct plan *p = b->p;
	struct sbuf sql;
	size_t i;

	sb_init(&sql, b->m->a);
	for (i = 0; i < p->info->res->nfields; i++) {
		if (p->want[i])
			add_side(b, &sql, (int)i);
	}
	if (p->nsides == 0)
		return;
	p->sides_sql = sql.s;
	p->sides_one = for_one(b->m->a, sql.s);
}

/* ---- links: for each resource that they lead to, one statement of (side, id of the row, the target's columns) ---- */

static const struct resource *link_target(const struct field *f) {
	return f->type == F_TAGS ? res_by_model("extras.tag") : f->type == F_REFS ? f->ref : NULL;
}

static void add_link(struct builder *b, struct sbuf *sql, int field) {
	struct plan *p = b->p;
	const struct resource *r = p->info->res;
	const struct field *f = &r->fields[field];

	side_begin(p, sql, SIDE_LINK, field);
	if (f->type == F_TAGS)
		sb_fmt(sql, "object_id, tag_id FROM tagged_item WHERE object_type_id = %lld AND object_id = ANY($1)", (long long)p->info->otype);
	else
		sb_fmt(sql, "%s_id, %s_id FROM %s WHERE %s_id = ANY($1)", r->table, f->ref->table, f->link, r->table);
}

static void links_to(struct builder *b, const struct resource *target) {
	struct plan *p = b->p, *t = plan_get(b->m, target, (enum form)FORM_NESTED, NULL);
	const char *all;
	struct sbuf sql;
	size_t i;

	sb_init(&sql, b->m->a);
	for (i = 0; i < p->info->res->nfields; i++) {
		if (p->want[i] && link_target(&p->info->res->fields[i]) == target) {
			sb_str(&sql, sql.len == 0 ? "" : " UNION ALL ");
			add_link(b, &sql, (int)i);
		}
	}
	all = arena_printf(b->m->a, "SELECT l.side, l.owner, %s FROM (%s) l(side, owner, target) JOIN %s t0 ON t0.id = l.target%s%s ORDER BY %s",
	    t->select, sql.s, target->table, t->joins, t->order_joins, t->order);
	p->links[p->nlinks++] = (struct links){ .target = t, .sql = all, .one = for_one(b->m->a, all) };
}

static void build_links(struct builder *b) {
	struct plan *p = b->p;
	size_t i, k;

	p->links = arena_new(b->m->a, struct links, LINKS_MAX);
	for (i = 0; i < p->info->res->nfields; i++) {
		const struct resource *target = p->want[i] ? link_target(&p->info->res->fields[i]) : NULL;

		for (k = 0; k < p->nlinks && p->links[k].target->info->res != target; k++)
			;
		if (target != NULL && k == p->nlinks && k < LINKS_MAX)
			links_to(b, target);
	}
}

/* ---- the whole ---- */

/* Derived fields that the API does not show cost a statement or a function each: only who names them gets them. */
static bool costly(const struct field *f) {
	return (f->flags & FF_NOAPI) != 0 && !field_is_column(f) && f->type != F_REFS && f->type != F_TAGS && f->type != F_OBJTYPES;
}

static bool wanted(const struct plan *p, const struct info *info, size_t i) {
	switch ((int)p->form) {
	case FORM_FULL: return !costly(&info->res->fields[i]);
	case FORM_BRIEF: return info->nested[i];
	default: return false;
	}
}

static void want_all(struct builder *b, const char *const *columns) {
	struct plan *p = b->p;
	const struct resource *r = p->info->res;
	size_t i;

	for (i = 0; i < r->nfields; i++)
		p->want[i] = wanted(p, p->info, i);
	for (; p->form == FORM_COLUMNS && columns != NULL && *columns != NULL; columns++) {
		int f = res_field(r, *columns);

		if (f >= 0)
			p->want[f] = true;
	}
	if ((int)p->form == FORM_NESTED) {
		want_nested(b, p->root, 1);
		return;
	}
	if (p->form != FORM_ID)
		want_display(b, p->root, 0);
	for (i = 0; i < r->nfields; i++) {
		if (p->want[i])
			want_field(b, p->root, (int)i, 0);
	}
}

/* Objects of any type and what behaviours compute take statements of their own. */
static bool one_trip(const struct plan *p, int context) {
	size_t i;

	for (i = 0; i < p->info->res->nfields; i++) {
		enum ftype t = p->info->res->fields[i].type;

		if (p->want[i] && (t == F_OBJECT || (t == F_COMPUTED && (int)i != context)))
			return false;
	}
	return true;
}

static struct plan *build(struct model *m, const struct resource *res, enum form form, const char *const *columns, const char *names) {
	struct plan *p = arena_new(m->a, struct plan, 1);
	struct builder b = { .m = m, .p = p };
	struct sbuf joins, order;
	int context;

	sb_init(&b.select, m->a);
	sb_init(&b.joins, m->a);
	p->info = info_of(m, res);
	p->form = form;
	p->columns = arena_strdup(m->a, names);
	p->want = arena_new(m->a, bool, res->nfields);
	p->sides = arena_new(m->a, struct side, res->nfields);
	node_new(&b, res, NULL, 0);
	want_all(&b, columns);
	sb_init(&joins, m->a);
	sb_init(&order, m->a);
	order_build(m, res, NULL, &joins, &order);
	p->select = b.select.s;
	p->joins = b.joins.s;
	p->order_joins = joins.s;
	p->order = order.s;
	build_sides(&b);
	build_links(&b);
	context = res_field(res, "config_context");
	p->contexts = (res->flags & RF_CONTEXTS) != 0 && context >= 0 && p->want[context];
	p->alone = one_trip(p, context);
	p->many = arena_printf(m->a, "SELECT %s FROM %s t0%s WHERE t0.id = ANY($1)", b.select.s, res->table, b.joins.s);
	p->one = for_one(m->a, p->many);
	p->hundreds = for_hundreds(m->a, p->many);
	p->ordered = arena_printf(m->a, "SELECT %s FROM %s t0%s%s WHERE t0.id = ANY($1) ORDER BY %s", b.select.s, res->table, b.joins.s, joins.s, order.s);
	p->next = m->plans;
	m->plans = p;
	return p;
}

static bool same_columns(const char *joined, const char *const *columns) {
	for (; columns != NULL && *columns != NULL; columns++) {
		size_t n = strlen(*columns);

		if (strncmp(joined, *columns, n) != 0 || joined[n] != ',')
			return false;
		joined += n + 1;
	}
	return *joined == '\0';
}

struct plan *plan_get(struct model *m, const struct resource *res, enum form form, const char *const *columns) {
	struct plan *p, **at;
	struct sbuf names;
	size_t i;

	if (form != FORM_COLUMNS)
		columns = NULL;
	for (at = &m->plans; (p = *at) != NULL; at = &p->next) {
		if (p->info->res == res && p->form == form && same_columns(p->columns, columns)) {
			*at = p->next;          /* to the front: few forms are read again and again */
			p->next = m->plans;
			m->plans = p;
			return p;
		}
	}
	sb_init(&names, m->a);
	for (i = 0; columns != NULL && columns[i] != NULL; i++)
		sb_fmt(&names, "%s,", columns[i]);
	return build(m, res, form, columns, names.s);
}
