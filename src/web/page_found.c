/* page_found.c: sessions that a job found on routers and that the book lacks: looked at, ticked, made. */
#include "config.h"

#include <stdlib.h>

#include "base/limits.h"
#include "db/queries.h"
#include "model/tables/tables.h"
#include "web/page.h"
#include "web/pages.h"

struct found {
	struct val rows;                /* list of maps, as the job has them */
	const char *type;               /* what it was asked about */
	int64_t object_id, job;
};

static bool found_load(struct req *r, const char *job, struct found *f) {
	struct val id = val_int(job == NULL || strlen(job) > 18 ? 0 : strtoll(job, NULL, 10));
	struct result q;

	if (!db_named(r->db, r->a, Q_IMPORT_FOUND, &id, &q, &r->err))
		return false;
	if (q.n == 0)
		return req_fail(r, ERR_NOT_FOUND, "There is no job %s that looked for sessions.", job == NULL ? "" : job);
	f->job = id.u.i;
	f->rows = result_at(&q, 0, 0).type == V_MAP ? map_get(result_at(&q, 0, 0).u.map, "found") : val_undef();
	f->type = val_cstr(result_at(&q, 0, 1), "");
	f->object_id = result_at(&q, 0, 2).type == V_INT ? result_at(&q, 0, 2).u.i : 0;
	if (f->rows.type != V_LIST)
		return req_fail(r, ERR_CONFLICT, "Job %lld has found nothing yet: its page says how far it is.", (long long)f->job);
	return true;
}

/* {id, name} of all of a table, for a menu. */
static bool menu(struct req *r, const struct resource *res, struct map *ctx, const char *key) {
	struct query q = { .res = res, .form = FORM_BRIEF, .limit = PAGE_SELECT_MAX };
	struct list *l = list_new(r->a, 16);
	struct rows rows = { 0 };

	if (may(&r->store, res, "view") && !store_list(&r->store, &q, &rows, NULL, &r->err))
		return false;
	for (size_t i = 0; i < rows.n; i++) {
		struct map *m = map_new(r->a, 2);

		put_int(m, "id", rows.row[i]->id);
		put_str(m, "name", row_text(r, rows.row[i]));
		list_push(l, val_map(m));
	}
	map_set(ctx, key, val_list(l));
	return true;
}

bool page_found(struct req *r) {
	struct map *ctx = page_new(r, "Sessions found on routers");
	struct found f;

	if (!found_load(r, req_param(r, "job"), &f) || !menu(r, &res_relationship, ctx, "relationships") || !menu(r, &res_bgp_group, ctx, "groups"))
		return false;
	page_crumb(r, ctx, "Sessions found on routers", NULL);
	map_set(ctx, "sessions", f.rows);
	put_int(ctx, "job", f.job);
	put_int(ctx, "group", strcmp(f.type, "peering.bgpgroup") == 0 ? f.object_id : 0);
	return page_render(r, "found.html", ctx);
}

/* ---- making them ---- */

static struct val at(struct val row, const char *key) {
	return row.type == V_MAP ? map_get(row.u.map, key) : val_undef();
}

static bool ticked(const struct req *r, const char *value) {
	for (size_t i = 0; i < r->nform; i++) {
		if (strcmp(r->form[i].name, "session") == 0 && strcmp(r->form[i].value, value) == 0)
			return true;
	}
	return false;
}

/* The AS of the number in the form, else of the router; made when the book does not have it. */
static bool as_of(struct req *r, struct val row, const char *typed, int64_t *id) {
	long long asn = typed != NULL && *typed != '\0' ? strtoll(typed, NULL, 10) : at(row, "asn").type == V_INT ? at(row, "asn").u.i : 0;
	struct map *input = map_new(r->a, 2);
	const char *name = val_cstr(at(row, "name"), "");
	struct row *made;
	size_t n = 0;

	if (asn < 1 || asn > UINT32_MAX)
		return req_fail(r, ERR_INVALID, "%s: an AS number from 1 to 4294967295 is wanted.", val_cstr(at(row, "address"), ""));
	if (!refs_find(r, &res_autonomous_system, arena_printf(r->a, "AS%lld", asn), id, 1, &n) || n > 0)
		return n > 0;
	if (!may(&r->store, &res_autonomous_system, "add"))
		return req_fail(r, ERR_DENIED, "AS%lld is not in the book, and you may not add it.", asn);
	map_set(input, "asn", val_int(asn));
	put_str(input, "name", *name == '\0' ? arena_printf(r->a, "AS%lld", asn) : name);
	if (!store_create(&r->store, &res_autonomous_system, input, &made, &r->problems, &r->err))
		return false;
	*id = made->id;
	return true;
}

static struct val choice(struct req *r, const char *name) {
	const char *s = req_form(r, name);

	return s == NULL || *s == '\0' || s[strspn(s, "0123456789")] != '\0' || strlen(s) > 18 ? val_null() : val_int(strtoll(s, NULL, 10));
}

static bool make(struct req *r, struct val row, int64_t as) {
	bool ix = at(row, "connection_id").type == V_INT;
	const struct resource *res = ix ? &res_internet_exchange_peering_session : &res_direct_peering_session;
	struct map *input = map_new(r->a, 8);
	struct row *made;

	if (!may(&r->store, res, "add"))
		return req_fail(r, ERR_DENIED, "You may not add %s.", res_titles(r->a, res));
	put_int(input, "autonomous_system", as);
	map_set(input, "ip_address", at(row, "address"));
	put_str(input, "status", "enabled");
	if (ix) {
		map_set(input, "ixp_connection", at(row, "connection_id"));
	} else {
		map_set(input, "router", at(row, "router_id"));
		map_set(input, "local_autonomous_system", at(row, "local_as_id"));
		map_set(input, "relationship", choice(r, "relationship"));
		map_set(input, "bgp_group", choice(r, "bgp_group"));
	}
	return store_create(&r->store, res, input, &made, &r->problems, &r->err);
}

static bool first_problem(struct req *r, struct val row) {
	const char *field, *why = problems_first(&r->problems, &field);

	return r->err.code == ERR_INVALID && why != NULL && req_fail(r, ERR_INVALID, "%s: %s: %s", val_cstr(at(row, "address"), ""), field, why);
}

bool page_found_post(struct req *r) {
	struct found f;
	size_t made = 0;

	if (!found_load(r, req_form(r, "job"), &f))
		return false;
	for (size_t i = 0; i < f.rows.u.list->n; i++) {
		struct val row = f.rows.u.list->v[i];
		int64_t as;

		if (!ticked(r, arena_printf(r->a, "%zu", i)))
			continue;
		if (made == LIMIT_BULK)
			return req_fail(r, ERR_TOO_LARGE, "At most %d sessions are made in one go.", LIMIT_BULK);
		if (!as_of(r, row, req_form(r, arena_printf(r->a, "asn.%zu", i)), &as) || !make(r, row, as))
			return first_problem(r, row);
		made++;
	}
	page_flash(r, made == 0 ? "warning" : "success", "Created %zu sessions.", made);
	return req_redirect(r, arena_printf(r->a, "/core/jobs/%lld/", (long long)f.job));
}
