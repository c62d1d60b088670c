/* page_change.c: one change: before and after side by side, with what else the same request did. */
#include "config.h"

#include "base/json.h"
#include "db/queries.h"
#include "model/tables/tables.h"
#include "web/page.h"
#include "web/pages.h"

enum { NAMES_MAX = 500 };         /* objects of one kind that are told by name */

/* ---- what the numbers of references are called ---- */

static const struct resource *target_of(const struct field *f) {
	return f->type == F_REF || f->type == F_REFS ? f->ref : NULL;
}

static struct val name_key(struct req *r, const struct resource *res, int64_t id) {
	return val_printf(r->a, "%s %lld", res->table, (long long)id);
}

static void ids_of(struct val v, int64_t *ids, size_t *n, size_t room) {
	for (size_t i = 0; v.type == V_LIST && i < v.u.list->n; i++)
		ids_of(v.u.list->v[i], ids, n, room);
	if (v.type == V_INT && *n < room)
		ids[(*n)++] = v.u.i;
}

/* Names of all objects of one kind that the fields of `res` point at, before or after; one statement. Those that may not be seen have none. */
static bool learn_names(struct req *r, const struct resource *res, const struct resource *target, const struct map *sides[2], struct map *names) {
	int64_t ids[NAMES_MAX];
	struct query q = { .res = target, .ids = ids, .form = FORM_BRIEF };
	struct rows rows;

	for (size_t i = 0; i < res->nfields; i++) {
		for (size_t k = 0; target_of(&res->fields[i]) == target && k < 2; k++)
			ids_of(map_get(sides[k], res->fields[i].name), ids, &q.nids, NAMES_MAX);
	}
	if (q.nids == 0 || !may(&r->store, target, "view"))
		return true;
	if (!store_list(&r->store, &q, &rows, NULL, &r->err))
		return false;
	for (size_t i = 0; i < rows.n; i++)
		map_put(names, name_key(r, target, rows.row[i]->id), val_str(row_text(r, rows.row[i])));
	return true;
}

static bool learn_all_names(struct req *r, const struct resource *res, const struct map *sides[2], struct map *names) {
	for (size_t i = 0; res != NULL && i < res->nfields; i++) {
		const struct resource *target = target_of(&res->fields[i]);
		size_t k = 0;

		while (k < i && target_of(&res->fields[k]) != target)
			k++;
		if (target != NULL && k == i && !learn_names(r, res, target, sides, names))
			return false;
	}
	return true;
}

/* ---- before and after ---- */

struct diff {
	struct req *r;
	const struct resource *res;     /* of the object; NULL: no longer known */
	struct map *names;              /* name_key() -> text */
	struct list *out;
};

static void number_shown(struct diff *d, const struct field *f, struct val v, struct sbuf *b) {
	const struct val *name = v.type == V_INT ? map_find(d->names, name_key(d->r, f->ref, v.u.i)) : NULL;

	if (name == NULL)
		json_write(b, v);
	else
		sb_fmt(b, "%s (%lld)", name->u.s, (long long)v.u.i);
}

static const char *shown(struct diff *d, struct val key, struct val v) {
	int field = d->res == NULL ? -1 : res_field(d->res, val_cstr(key, ""));
	const struct field *f = field >= 0 && target_of(&d->res->fields[field]) != NULL ? &d->res->fields[field] : NULL;
	struct sbuf sb;

	if (v.type == V_STR)
		return v.u.s;
	if (v.type == V_UNDEF)
		return "";
	sb_init(&sb, d->r->a);
	if (f != NULL && v.type == V_LIST && v.u.list->n > 0) {
		for (size_t i = 0; i < v.u.list->n; i++) {
			sb_str(&sb, i == 0 ? "" : "\n");
			number_shown(d, f, v.u.list->v[i], &sb);
		}
	} else if (f != NULL && v.type == V_INT) {
		number_shown(d, f, v, &sb);
	} else if (v.type == V_MAP || v.type == V_LIST) {
		json_write_pretty(&sb, v, 2, JSON_AS_IS);
	} else {
		json_write(&sb, v);
	}
	return sb.s;
}

static void diff_row(struct diff *d, struct val key, struct val before, struct val after) {
	struct map *m = map_new(d->r->a, 4);

	map_set(m, "name", key);
	put_str(m, "before", before.type == V_UNDEF ? NULL : shown(d, key, before));
	put_str(m, "after", after.type == V_UNDEF ? NULL : shown(d, key, after));
	put_bool(m, "changed", !val_equal(before, after));
	list_push(d->out, val_map(m));
}

static bool diff_put(struct req *r, const struct resource *res, const struct row *change, struct map *ctx) {
	struct diff d = { .r = r, .res = res, .names = map_new(r->a, 8), .out = list_new(r->a, 24) };
	struct val before = row_get(change, "prechange_data"), after = row_get(change, "postchange_data");
	const struct map *none = map_new(r->a, 0);
	const struct map *sides[2] = { before.type == V_MAP ? before.u.map : none, after.type == V_MAP ? after.u.map : none };
	const struct map *b = sides[0], *c = sides[1];

	if (!learn_all_names(r, res, sides, d.names))
		return false;
	for (size_t i = 0; i < b->n; i++) {
		struct val *now = map_find(c, map_key(b, i));

		diff_row(&d, map_key(b, i), map_val(b, i), now == NULL ? val_undef() : *now);
	}
	for (size_t i = 0; i < c->n; i++) {
		if (map_find(b, map_key(c, i)) == NULL)
			diff_row(&d, map_key(c, i), val_undef(), map_val(c, i));
	}
	map_set(ctx, "diff", val_list(d.out));
	return true;
}

/* The changes of the same object before and after this one, and the others of the same request. */
static bool neighbours(struct req *r, const struct row *row, struct map *ctx) {
	struct val params[1] = { val_int(row->id) };
	struct list *related = list_new(r->a, 8);
	struct result q;

	put_str(ctx, "older", NULL);
	put_str(ctx, "newer", NULL);
	if (!db_named(r->db, r->a, Q_CHANGE_NEIGHBOURS, params, &q, &r->err))
		return false;
	for (size_t i = 0; i < q.n; i++) {
		const char *what = val_cstr(result_at(&q, i, 0), "");
		const char *href = page_href(r, "/core/changelog/%lld/", (long long)result_at(&q, i, 1).u.i);
		struct map *m;

		if (strcmp(what, "all") == 0) {
			map_set(ctx, "nrelated", result_at(&q, i, 1));
			continue;
		}
		if (strcmp(what, "related") != 0) {
			put_str(ctx, what, href);
			continue;
		}
		m = map_new(r->a, 4);
		put_str(m, "href", href);
		put_str(m, "action", val_cstr(result_at(&q, i, 2), ""));
		put_str(m, "text", val_cstr(result_at(&q, i, 3), ""));
		list_push(related, val_map(m));
	}
	map_set(ctx, "related", val_list(related));
	return true;
}

/* The form that proposes the object as it was before; NULL where there was nothing before, or nobody may write it. */
static const char *restore_href(struct req *r, const struct row *change, const struct resource *res, const struct row *object) {
	bool writes = res != NULL && res->page != NULL && (res->flags & RF_READONLY) == 0 && may(&r->store, res, object == NULL ? "add" : "change");

	if (!writes || row_get(change, "prechange_data").type != V_MAP)
		return NULL;
	if (object == NULL)
		return page_href(r, "/%s/add/?change=%lld", res->page, (long long)change->id);
	return page_href(r, "/%s/%lld/edit/?change=%lld", res->page, (long long)object->id, (long long)change->id);
}

bool page_change(struct req *r) {
	struct row *row, *object;
	struct map *ctx;
	struct val type;
	const struct resource *res;

	if (!store_get(&r->store, &res_object_change, r->id, "view", &row, &r->err))
		return false;
	ctx = page_new(r, arena_printf(r->a, "Change %lld", (long long)row->id));
	page_crumb(r, ctx, "Change Log", "/core/changelog/");
	page_crumb(r, ctx, row_text(r, row), NULL);
	type = row_get(row, "changed_object_type");
	res = type.type == V_STR ? res_by_model(type.u.s) : NULL;
	object = row_of_val(row_get(row, "changed_object"));
	put_str(ctx, "type", res == NULL ? val_cstr(type, "") : res_title(r->a, res));
	put_str(ctx, "text", val_cstr(row_get(row, "object_repr"), ""));
	put_str(ctx, "href", object == NULL || row_path(r, object) == NULL ? NULL : page_href(r, "%s", row_path(r, object)));
	map_set(ctx, "action", cell_of(r, row, res_field(row->res, "action")));
	put_str(ctx, "restore", restore_href(r, row, res, object));
	map_set(ctx, "actions", action_buttons(r, row->res, row));
	put_str(ctx, "by", val_cstr(row_get(row, "user_name"), ""));
	put_str(ctx, "at", time_text(r, row_get(row, "time")));
	put_str(ctx, "request", val_cstr(row_get(row, "request_id"), ""));
	return diff_put(r, res, row, ctx) && neighbours(r, row, ctx) && page_render(r, "change.html", ctx);
}
