/* peering_members.c: an exchange's member export, PeeringDB and our sessions side by side. */
#include "config.h"

#include "model/tables/tables.h"
#include "peering_members.h"
#include "peering/members.h"
#include "web/page.h"

/* Every way in which an address can stand, in the order of the page. */
static const struct {
	const char *state, *label, *tone;
} states[] = {
	{ "agrees", "Agree", "success" },
	{ "differs", "Differs", "warning" },
	{ "no-session", "No session of ours", "info" },
	{ "not-in-export", "Not in the export", "warning" },
	{ "not-in-peeringdb", "Not in PeeringDB", "warning" },
	{ "only-in-export", "Only in the export", "secondary" },
	{ "only-in-peeringdb", "Only in PeeringDB", "secondary" },
	{ "only-in-book", "Only here", "danger" },
};

static void states_put(struct req *r, struct map *ctx, const struct map *counts, const struct row *row, const char *open) {
	struct list *out = list_new(r->a, ARRAY_LEN(states));

	for (size_t i = 0; i < ARRAY_LEN(states); i++) {
		struct map *m = map_new(r->a, 6);
		struct val n = map_get(counts, states[i].state);

		put_str(m, "state", states[i].state);
		put_str(m, "label", states[i].label);
		put_str(m, "tone", states[i].tone);
		put_bool(m, "now", strcmp(states[i].state, open) == 0);
		put_str(m, "href", page_href(r, "/internet-exchanges/%lld/members/?state=%s", (long long)row->id, states[i].state));
		map_set(m, "count", n.type == V_INT ? n : val_int(0));
		list_push(out, val_map(m));
	}
	map_set(ctx, "states", val_list(out));
}

static void labels_put(struct list *rows) {
	for (size_t i = 0; i < rows->n; i++) {
		struct map *m = rows->v[i].u.map;

		for (size_t k = 0; k < ARRAY_LEN(states); k++) {
			if (strcmp(val_cstr(map_get(m, "state"), ""), states[k].state) == 0) {
				put_str(m, "label", states[k].label);
				put_str(m, "tone", states[k].tone);
			}
		}
	}
}

bool page_members(struct req *r) {
	const char *state = req_param(r, "state") == NULL ? "" : req_param(r, "state"), *q = req_param(r, "q") == NULL ? "" : req_param(r, "q");
	struct members_query query = { .state = state, .pattern = search_pattern(r, q).u.s };
	struct map *ctx, *copy, *counts;
	struct list *rows;
	struct row *row;

	if (!detail_load(r, &row) || (ctx = detail_new(r, row, "members")) == NULL)
		return false;
	page_crumb(r, ctx, "Members", NULL);
	query.exchange = row->id;
	query.sees_book = may(&r->store, &res_internet_exchange_peering_session, "view");
	query.limit = list_size(r);
	query.offset = (list_page(r) - 1) * query.limit;
	if (!members_copy(r->db, r->a, row->id, &copy, &r->err) || !members_states(r->db, r->a, row->id, query.sees_book, &counts, &r->err) ||
	    !members_rows(r->db, r->a, &query, &rows, &r->err))
		return false;
	labels_put(rows);
	put_str(copy, "tried", time_text(r, map_get(copy, "tried")));
	put_str(copy, "fetched", time_text(r, map_get(copy, "fetched")));
	states_put(r, ctx, counts, row, state);
	map_set(ctx, "copy", val_map(copy));
	map_set(ctx, "rows", val_list(rows));
	map_set(ctx, "pager", list_pager(r, list_page(r), query.limit, query.total, rows->n));
	put_str(ctx, "all_href", page_href(r, "/internet-exchanges/%lld/members/", (long long)row->id));
	put_str(ctx, "state", state);
	put_str(ctx, "q", q);
	put_bool(ctx, "has_url", *val_cstr(row_get(row, "euro_ix_url"), "") != '\0');
	put_bool(ctx, "linked", row_get(row, "peeringdb_ixlan").type != V_NULL);
	put_bool(ctx, "sees_book", query.sees_book);
	return page_render_for(r, &res_internet_exchange, "members.html", ctx);
}
