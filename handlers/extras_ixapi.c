/* extras_ixapi.c: what an IX-API says, as it was last read: health, accounts, services, connections and ports. */
#include "config.h"

#include "extras_ixapi.h"
#include "peering/ix_api.h"
#include "web/page.h"

bool page_ixapi_objects(struct req *r) {
	static const struct { const char *kind, *key; } shown[] = { { "network-services", "services" }, { "connections", "connections" }, { "ports", "ports" } };
	static const char *const times[] = { "tried", "fetched" };
	struct map *ctx, *reading;
	struct list *l;
	struct row *row;

	if (!detail_load(r, &row) || (ctx = detail_new(r, row, "objects")) == NULL)
		return false;
	page_crumb(r, ctx, "What it says", NULL);
	if (!ixapi_reading(r->db, r->a, row->id, &reading, &r->err) || !ixapi_accounts(r->db, r->a, row->id, &l, &r->err))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(times); i++)
		put_str(reading, times[i], time_text(r, map_get(reading, times[i])));
	put_str(reading, "href", NULL);
	put_str(reading, "synchronise", NULL);
	map_set(ctx, "reading", val_map(reading));
	map_set(ctx, "accounts", val_list(l));
	for (size_t i = 0; i < ARRAY_LEN(shown); i++) {
		if (!ixapi_objects(r->db, r->a, row->id, shown[i].kind, &l, &r->err))
			return false;
		map_set(ctx, shown[i].key, val_list(l));
	}
	return page_render_for(r, row->res, "objects.html", ctx);
}
