/* page_system.c: what operators look at: versions, settings, what waits in the queue. */
#include "config.h"

#include "db/queries.h"
#include "web/page.h"
#include "web/pages.h"

bool page_system(struct req *r) {
	struct map *ctx = page_new(r, "System");
	struct list *facts = list_new(r->a, 12);
	struct result q;

	page_crumb(r, ctx, "System", NULL);
	if (!db_named(r->db, r->a, Q_SYSTEM_FACTS, NULL, &q, &r->err))
		return false;
	for (size_t i = 0; i < q.n; i++) {
		struct map *m = map_new(r->a, 2);

		map_set(m, "label", result_at(&q, i, 0));
		map_set(m, "value", result_at(&q, i, 1));
		list_push(facts, val_map(m));
	}
	put_str(ctx, "active", r->path);
	map_set(ctx, "facts", val_list(facts));
	map_set(ctx, "settings", val_list(conf_describe(r->a, r->conf)));
	return page_render(r, "system.html", ctx);
}
