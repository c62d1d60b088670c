/* peeringdb_book.c: from a row of PeeringDB to our own objects, and from an autonomous system of ours to its network there. */
#include "config.h"

#include "db/queries.h"
#include "model/tables/tables.h"
#include "peeringdb_pages.h"
#include "web/page.h"

static const struct { const struct resource *res; unsigned query; } books[] = {
	{ &res_peeringdb_campus, Q_PDB_BOOK_CAMPUS }, { &res_peeringdb_carrier, Q_PDB_BOOK_CARRIER }, { &res_peeringdb_facility, Q_PDB_BOOK_FACILITY },
	{ &res_peeringdb_internet_exchange, Q_PDB_BOOK_EXCHANGE }, { &res_peeringdb_network, Q_PDB_BOOK_NETWORK },
	{ &res_peeringdb_organization, Q_PDB_BOOK_ORGANIZATION },
};

/* Rows of those that the user may see. */
static struct val rows_shown(struct req *r, const struct result *q) {
	struct list *out = list_new(r->a, q->n);

	for (size_t i = 0; i < q->n; i++) {
		const struct resource *res = res_by_model(val_cstr(result_at(q, i, 0), ""));
		struct map *m = map_new(r->a, 4);

		if (res == NULL || !may(&r->store, res, "view"))
			continue;
		put_str(m, "title", res_title(r->a, res));
		put_str(m, "href", page_href(r, "/%s/%lld/", res->page, (long long)result_at(q, i, 1).u.i));
		map_set(m, "display", result_at(q, i, 2));
		map_set(m, "why", result_at(q, i, 3));
		list_push(out, val_map(m));
	}
	return val_list(out);
}

static bool objects_put(struct req *r, struct map *ctx) {
	struct val id = val_int(r->id);
	struct result q = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(books); i++) {
		if (books[i].res == r->res && !db_named(r->db, r->a, books[i].query, &id, &q, &r->err))
			return false;
	}
	map_set(ctx, "objects", rows_shown(r, &q));
	return true;
}

/* How what the book does not have comes into it: {href, text}. */
static void offer_put(struct req *r, struct map *ctx) {
	struct map *m = map_new(r->a, 2);

	map_set(ctx, "offer", val_null());
	if (r->res == &res_peeringdb_network && may(&r->store, &res_autonomous_system, "add")) {
		long long asn = row_get(r->object, "asn").u.i;

		put_str(m, "href", page_href(r, "/autonomous-systems/add/?asn=%lld", asn));
		put_str(m, "text", arena_printf(r->a, "Add AS%lld to this book", asn));
	} else if (r->res == &res_peeringdb_internet_exchange && may(&r->store, &res_internet_exchange, "add")) {
		put_str(m, "href", page_href(r, "/internet-exchanges/import-from-peeringdb/"));
		put_str(m, "text", "Import our exchanges from PeeringDB");
	}
	if (m->n > 0)
		map_set(ctx, "offer", val_map(m));
}

/* The object's page, with what it has to do with us above all else. */
bool page_pdb_object(struct req *r) {
	struct map *ctx = detail_page(r);

	if (ctx == NULL || !objects_put(r, ctx))
		return false;
	offer_put(r, ctx);
	put_str(ctx, "book_href", page_href(r, "/%s/%lld/in-book/", r->res->page, (long long)r->id));
	return page_render(r, "peeringdb/object.html", ctx);
}

bool page_in_book(struct req *r) {
	struct row *row;
	struct map *ctx;

	if (!detail_load(r, &row) || (ctx = detail_new(r, row, "in-book")) == NULL)
		return false;
	page_crumb(r, ctx, "In This Book", NULL);
	if (!objects_put(r, ctx))
		return false;
	return page_render(r, "peeringdb/book.html", ctx);
}

/* ---- an autonomous system's network ---- */

bool pdb_proposals_put(struct req *r, int64_t as, struct map *ctx) {
	struct val id = as == 0 ? val_null() : val_int(as);
	struct list *out;
	struct result q;

	if (!db_named(r->db, r->a, Q_PDB_PROPOSE, &id, &q, &r->err))
		return false;
	out = list_new(r->a, q.n);
	for (size_t i = 0; i < q.n; i++) {
		struct map *m = map_new(r->a, 2);
		struct sbuf b;

		sb_init(&b, r->a);
		sb_str(&b, page_peeringdb(r, "verified-update/?p="));
		sb_url(&b, result_at(&q, i, 2).u.s, result_at(&q, i, 2).len);
		map_set(m, "asn", result_at(&q, i, 1));
		put_str(m, "href", b.s);
		list_push(out, val_map(m));
	}
	map_set(ctx, "proposals", val_list(out));
	return true;
}

bool page_as_peeringdb(struct req *r) {
	static const char *const names[] = { "net", "name", "policy", "policy_url", "prefixes6", "prefixes4", "as_set", "type", "traffic", "website", "looking_glass",
		"differences", "contacts", "facilities", "exchanges" };
	struct val id = val_int(r->id);
	struct result q;
	struct row *row;
	struct map *ctx;

	if (!detail_load(r, &row) || (ctx = detail_new(r, row, "peeringdb")) == NULL || !db_named(r->db, r->a, Q_PDB_OF_AS, &id, &q, &r->err))
		return false;
	page_crumb(r, ctx, "PeeringDB", NULL);
	put_bool(ctx, "known", q.n > 0);
	put_bool(ctx, "ours", row_get(row, "affiliated").type == V_BOOL && row_get(row, "affiliated").u.b);
	for (size_t k = 0; k < ARRAY_LEN(names) && q.n > 0; k++)
		map_set(ctx, names[k], result_at(&q, 0, k));
	if (!pdb_proposals_put(r, r->id, ctx))
		return false;
	put_str(ctx, "there", q.n == 0 ? NULL : page_peeringdb(r, arena_printf(r->a, "net/%lld", (long long)result_at(&q, 0, 0).u.i)));
	put_bool(ctx, "may_contacts", may(&r->store, &res_peeringdb_network_contact, "view"));
	return page_render(r, "peeringdb/as.html", ctx);
}
