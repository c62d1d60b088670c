/* page_prefixes.c: what an autonomous system may announce, as the registries have it. */
#include "config.h"

#include "db/queries.h"
#include "model/tables/tables.h"
#include "web/page.h"
#include "web/pages.h"

enum { PREFIXES_SHOWN = 2000 };

static struct val family(struct req *r, struct val prefixes, const char *name, const char *q) {
	struct map *m = map_new(r->a, 4);
	struct list *out = list_new(r->a, 64);
	struct val all = prefixes.type == V_MAP ? map_get(prefixes.u.map, name) : val_undef();
	size_t found = 0;

	for (size_t i = 0; all.type == V_LIST && i < all.u.list->n; i++) {
		struct val p = all.u.list->v[i];

		if (p.type != V_MAP || strncmp(val_cstr(map_get(p.u.map, "prefix"), ""), q, strlen(q)) != 0)
			continue;
		if (found++ < PREFIXES_SHOWN) {
			struct map *one = map_new(r->a, 3);

			map_set(one, "prefix", map_get(p.u.map, "prefix"));
			map_set(one, "least", val_is_null(map_get(p.u.map, "greater-equal")) ? val_null() : map_get(p.u.map, "greater-equal"));
			map_set(one, "most", val_is_null(map_get(p.u.map, "less-equal")) ? val_null() : map_get(p.u.map, "less-equal"));
			list_push(out, val_map(one));
		}
	}
	put_str(m, "name", strcmp(name, "ipv6") == 0 ? "IPv6" : "IPv4");
	put_int(m, "total", all.type == V_LIST ? (int64_t)all.u.list->n : 0);
	put_int(m, "found", (int64_t)found);
	map_set(m, "prefixes", val_list(out));
	return val_map(m);
}

/* The versions of its lists, those that wait for somebody first, and what went wrong last. */
static bool versions_put(struct req *r, int64_t id, struct map *ctx) {
	static const char *const names[] = { "id", "kind", "status", "time", "source", "entries", "added", "removed", "by", "go", "come", NULL };
	int status = res_field(&res_irr_list, "status"), kind = res_field(&res_irr_list, "kind");
	struct list *out = list_new(r->a, 12), *failures = list_new(r->a, 3);
	bool sees = may(&r->store, &res_irr_list, "view");
	struct val param = val_int(id);
	struct result q, f;

	if (!db_named(r->db, r->a, Q_IRR_PAGE, &param, &q, &r->err) || !db_named(r->db, r->a, Q_IRR_LAST_FAILURE, &param, &f, &r->err))
		return false;
	for (size_t i = 0; sees && i < q.n; i++) {
		struct map *m = result_map(r->a, &q, i, names);
		const struct choice *c = choice_of(&res_irr_list.fields[status], result_at(&q, i, 2));

		put_bool(m, "held", strcmp(val_cstr(result_at(&q, i, 2), ""), "held") == 0);
		put_str(m, "status", c->label);
		put_str(m, "tone", c->badge);
		put_str(m, "kind", choice_of(&res_irr_list.fields[kind], result_at(&q, i, 1))->label);
		put_str(m, "time", time_text(r, result_at(&q, i, 3)));
		put_str(m, "href", page_href(r, "/irr-lists/%lld/", (long long)result_at(&q, i, 0).u.i));
		list_push(out, val_map(m));
	}
	for (size_t i = 0; i < f.n; i++) {
		struct map *m = map_new(r->a, 3);

		put_str(m, "kind", choice_of(&res_irr_list.fields[kind], result_at(&f, i, 0))->label);
		put_str(m, "time", time_text(r, result_at(&f, i, 1)));
		map_set(m, "error", result_at(&f, i, 2));
		list_push(failures, val_map(m));
	}
	map_set(ctx, "versions", val_list(out));
	map_set(ctx, "failures", val_list(failures));
	put_bool(ctx, "can_decide", may(&r->store, &res_irr_list, "change"));
	return true;
}

bool page_prefixes(struct req *r) {
	const char *q = req_param(r, "q") == NULL ? "" : req_param(r, "q");
	struct list *families = list_new(r->a, 2);
	struct val prefixes, members;
	struct row *row;
	struct map *ctx;

	if (!detail_load(r, &row) || (ctx = detail_new(r, row, "prefixes")) == NULL)
		return false;
	page_crumb(r, ctx, "Prefixes", NULL);
	prefixes = row_get(row, "prefixes");
	members = row_get(row, "as_list");
	list_push(families, family(r, prefixes, "ipv6", q));
	list_push(families, family(r, prefixes, "ipv4", q));
	map_set(ctx, "families", val_list(families));
	map_set(ctx, "members", members.type == V_LIST ? members : val_list(list_new(r->a, 0)));
	put_bool(ctx, "known", prefixes.type == V_MAP);
	put_str(ctx, "updated", time_text(r, row_get(row, "prefixes_updated")));
	put_str(ctx, "source", val_cstr(row_get(row, "prefixes_source"), ""));
	put_str(ctx, "q", q);
	return versions_put(r, row->id, ctx) && page_render(r, "prefixes.html", ctx);
}
