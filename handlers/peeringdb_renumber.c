/* peeringdb_renumber.c: addresses that moved, looked at and written as one change; and our own record in PeeringDB against the book. */
#include "config.h"

#include <stdlib.h>

#include "db/queries.h"
#include "model/tables/tables.h"
#include "peering/peeringdb.h"
#include "peeringdb_pages.h"
#include "web/page.h"

static bool exchange_of(struct req *r, const char *text, int64_t *id) {
	*id = 0;
	if (text == NULL || *text == '\0')
		return true;
	if (text[strspn(text, "0123456789")] != '\0' || strlen(text) > 18)
		return req_fail(r, ERR_INVALID, "internet_exchange_id: a number is wanted.");
	*id = strtoll(text, NULL, 10);
	return true;
}

/* What was looked at and is asked for must be what is proposed now, to the last address. */
static bool is_same(struct val a, struct val b) {
	static const char *const keys[] = { "type", "id", "field", "old", "new" };

	for (size_t k = 0; k < ARRAY_LEN(keys); k++) {
		if (a.type != V_MAP || b.type != V_MAP || !val_equal(map_get(a.u.map, keys[k]), map_get(b.u.map, keys[k])))
			return false;
	}
	return true;
}

static bool write_asked(struct req *r, const struct list *asked, int64_t *objects) {
	struct list *now, *chosen = list_new(r->a, asked->n);

	if (!pdb_renumbering(&r->store, 0, &now, &r->err))
		return false;
	for (size_t i = 0; i < asked->n; i++) {
		size_t k = 0;

		while (k < now->n && !is_same(asked->v[i], now->v[k]))
			k++;
		if (k == now->n)
			return req_fail(r, ERR_CONFLICT, "What is proposed has changed since it was looked at; look again.");
		list_push(chosen, now->v[k]);
	}
	return pdb_write(&r->store, chosen, objects, &r->problems, &r->err);
}

/* ---- API ---- */

bool api_renumbering(struct req *r) {
	struct list *l;
	int64_t exchange;

	return exchange_of(r, req_param(r, "internet_exchange_id"), &exchange) && pdb_renumbering(&r->store, exchange, &l, &r->err) &&
	    req_json(r, val_list(l));
}

bool api_renumber(struct req *r) {
	struct map *m = map_new(r->a, 1);
	int64_t objects = 0;
	struct val in;

	if (!req_input(r, &in))
		return false;
	if (in.type != V_LIST)
		return req_fail(r, ERR_INVALID, "A list of proposals is wanted, as GET gives them: [{\"type\", \"id\", \"field\", \"old\", \"new\"}].");
	if (!write_asked(r, in.u.list, &objects))
		return false;
	put_int(m, "objects", objects);
	return req_json(r, val_map(m));
}

/* ---- pages ---- */

static struct val proposal_map(struct req *r, struct val v, size_t i) {
	static const struct { const char *reason, *text; bool sure; } reasons[] = {
		{ "moved", "PeeringDB said that it moved", true }, { "listed", "PeeringDB lists it there", true },
		{ "only", "the only address that PeeringDB lists for it", true }, { "place", "a guess: the same place in the new prefix", false },
	};
	struct map *m = map_new(r->a, 14);
	const char *type = val_cstr(map_get(v.u.map, "type"), "");
	const struct resource *res = res_by_model(type);

	for (size_t k = 0; k < v.u.map->n; k++)
		map_put(m, map_key(v.u.map, k), map_val(v.u.map, k));
	put_str(m, "href", res == NULL ? NULL : page_href(r, "/%s/%lld/", res->page, (long long)map_get(v.u.map, "id").u.i));
	put_str(m, "exchange_href", page_href(r, "/internet-exchanges/%lld/", (long long)map_get(v.u.map, "exchange").u.i));
	put_str(m, "key", arena_printf(r->a, "%s %lld %s %s %s", type, (long long)map_get(v.u.map, "id").u.i, val_cstr(map_get(v.u.map, "field"), ""),
	    val_cstr(map_get(v.u.map, "old"), ""), val_cstr(map_get(v.u.map, "new"), "")));
	put_int(m, "n", (int64_t)i);
	for (size_t k = 0; k < ARRAY_LEN(reasons); k++) {
		if (strcmp(reasons[k].reason, val_cstr(map_get(v.u.map, "reason"), "")) == 0) {
			put_str(m, "why", reasons[k].text);
			put_bool(m, "sure", reasons[k].sure);
		}
	}
	return val_map(m);
}

bool page_renumbering(struct req *r) {
	struct map *ctx = page_new(r, "Renumbering");
	struct list *l, *out;
	int64_t exchange;

	page_crumb(r, ctx, "PeeringDB Changes", "/peeringdb/changes/");
	page_crumb(r, ctx, "Renumbering", NULL);
	if (!exchange_of(r, req_param(r, "internet_exchange_id"), &exchange) || !pdb_renumbering(&r->store, exchange, &l, &r->err))
		return false;
	out = list_new(r->a, l->n);
	for (size_t i = 0; i < l->n; i++)
		list_push(out, proposal_map(r, l->v[i], i));
	map_set(ctx, "proposals", val_list(out));
	put_bool(ctx, "can_write", may(&r->store, &res_connection, "change") || may(&r->store, &res_internet_exchange_peering_session, "change"));
	put_str(ctx, "active", "/peeringdb/changes/");
	return page_render(r, "peeringdb/renumbering.html", ctx);
}

/* "net.connection 5 ipv4_address OLD NEW", as the form has it. */
static struct val proposal_of(struct req *r, const char *text) {
	static const char *const keys[] = { "type", "id", "field", "old", "new" };
	struct map *m = map_new(r->a, ARRAY_LEN(keys));

	for (size_t k = 0; k < ARRAY_LEN(keys); k++) {
		size_t n = strcspn(text, " ");

		map_set(m, keys[k], strcmp(keys[k], "id") == 0 ? val_int(strtoll(text, NULL, 10)) : val_mem(arena_strndup(r->a, text, n), n));
		text += n + (text[n] == ' ');
	}
	return val_map(m);
}

bool page_renumber(struct req *r) {
	const char *back = page_return(r, "/peeringdb/renumbering/");
	struct list *asked = list_new(r->a, r->nform);
	const char *field, *problem;
	int64_t objects = 0;

	for (size_t i = 0; i < r->nform; i++) {
		if (strcmp(r->form[i].name, "proposal") == 0)
			list_push(asked, proposal_of(r, r->form[i].value));
	}
	if (write_asked(r, asked, &objects)) {
		page_flash(r, asked->n == 0 ? "warning" : "success", asked->n == 0 ? "Nothing was selected." : "%lld objects have their new addresses.", (long long)objects);
		return req_redirect(r, back);
	}
	if (r->err.code != ERR_CONFLICT && r->err.code != ERR_INVALID)
		return false;
	db_rollback(r->db);
	problem = problems_first(&r->problems, &field);
	page_flash(r, "danger", "Nothing was written: %s", problem == NULL ? r->err.msg : problem);
	r->err = (struct err){ 0 };
	r->problems.fields = NULL;
	return req_redirect(r, back);
}

/* ---- the report ---- */

static bool report(struct req *r, struct list **out) {
	struct result q;

	if (!db_named(r->db, r->a, Q_PDB_REPORT, NULL, &q, &r->err))
		return false;
	*out = result_maps(r->a, &q, NULL).u.list;
	return true;
}

bool api_report(struct req *r) {
	struct list *l;

	return report(r, &l) && req_json(r, val_list(l));
}

bool page_report(struct req *r) {
	struct map *ctx = page_new(r, "Our Record in PeeringDB");
	struct list *l;

	page_crumb(r, ctx, "Our Record in PeeringDB", NULL);
	if (!report(r, &l))
		return false;
	map_set(ctx, "differences", val_list(l));
	if (!pdb_proposals_put(r, 0, ctx))
		return false;
	put_str(ctx, "active", r->path);
	return page_render(r, "peeringdb/report.html", ctx);
}
