/* page_change.c: one change: before and after side by side, with what else the same request did. */
#include "config.h"

#include "base/json.h"
#include "db/queries.h"
#include "model/tables/tables.h"
#include "web/page.h"
#include "web/pages.h"

static const char *shown(struct req *r, struct val v) {
	struct sbuf sb;

	if (v.type == V_STR)
		return v.u.s;
	if (v.type == V_UNDEF)
		return "";
	sb_init(&sb, r->a);
	if (v.type == V_MAP || v.type == V_LIST)
		json_write_pretty(&sb, v, 2, JSON_AS_IS);
	else
		json_write(&sb, v);
	return sb.s;
}

static void diff_row(struct req *r, struct list *out, struct val key, struct val before, struct val after) {
	struct map *m = map_new(r->a, 4);

	map_set(m, "name", key);
	put_str(m, "before", before.type == V_UNDEF ? NULL : shown(r, before));
	put_str(m, "after", after.type == V_UNDEF ? NULL : shown(r, after));
	put_bool(m, "changed", !val_equal(before, after));
	list_push(out, val_map(m));
}

struct val diff_rows(struct req *r, struct val before, struct val after) {
	struct list *out = list_new(r->a, 24);
	const struct map *none = map_new(r->a, 0);
	const struct map *b = before.type == V_MAP ? before.u.map : none, *c = after.type == V_MAP ? after.u.map : none;

	for (size_t i = 0; i < b->n; i++) {
		struct val *now = map_find(c, map_key(b, i));

		diff_row(r, out, map_key(b, i), map_val(b, i), now == NULL ? val_undef() : *now);
	}
	for (size_t i = 0; i < c->n; i++) {
		if (map_find(b, map_key(c, i)) == NULL)
			diff_row(r, out, map_key(c, i), val_undef(), map_val(c, i));
	}
	return val_list(out);
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
	map_set(ctx, "diff", diff_rows(r, row_get(row, "prechange_data"), row_get(row, "postchange_data")));
	return neighbours(r, row, ctx) && page_render(r, "change.html", ctx);
}
