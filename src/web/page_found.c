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

/* The AS of the number in the form, else of the router. */
static bool system_input(struct req *r, struct val row, const char *typed, struct map **out) {
	long long asn = typed != NULL && *typed != '\0' ? strtoll(typed, NULL, 10) : at(row, "asn").type == V_INT ? at(row, "asn").u.i : 0;
	const char *name = val_cstr(at(row, "name"), "");

	if (asn < 1 || asn > UINT32_MAX)
		return req_fail(r, ERR_INVALID, "%s: an AS number from 1 to 4294967295 is wanted.", val_cstr(at(row, "address"), ""));
	*out = map_new(r->a, 2);
	map_set(*out, "asn", val_int(asn));
	put_str(*out, "name", *name == '\0' ? arena_printf(r->a, "AS%lld", asn) : name);
	return true;
}

static struct val choice(struct req *r, const char *name) {
	const char *s = req_form(r, name);

	return s == NULL || *s == '\0' || s[strspn(s, "0123456789")] != '\0' || strlen(s) > 18 ? val_null() : val_int(strtoll(s, NULL, 10));
}

/* Sessions of one kind that are to be made. */
struct making {
	const struct resource *res;
	struct put *put;
	const char **names;
	size_t n;
};

static void session_input(struct req *r, struct val row, struct val as, struct making *m) {
	bool ix = m->res == &res_internet_exchange_peering_session;
	struct map *input = map_new(r->a, 8);

	map_set(input, "autonomous_system", as);
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
	m->names[m->n] = val_cstr(at(row, "address"), "");
	m->put[m->n++] = (struct put){ .input = input, .key = map_new(r->a, 0) };
}

static struct making making(struct req *r, const struct resource *res, size_t n) {
	return (struct making){ .res = res, .put = arena_new(r->a, struct put, n), .names = arena_new(r->a, const char *, n) };
}

/* In as many statements for many as for one. */
static bool make(struct req *r, const struct val *rows, struct map *const *systems, size_t n) {
	struct making kind[2] = { making(r, &res_direct_peering_session, n), making(r, &res_internet_exchange_peering_session, n) };
	struct map *ids = map_new(r->a, n);

	if (!page_systems(r, systems, n, ids))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct making *m = &kind[at(rows[i], "connection_id").type == V_INT];

		if (!may(&r->store, m->res, "add"))
			return req_fail(r, ERR_DENIED, "You may not add %s.", res_titles(r->a, m->res));
		session_input(r, rows[i], *map_find(ids, map_get(systems[i], "asn")), m);
	}
	return page_put_all(r, kind[0].res, kind[0].put, kind[0].n, kind[0].names) && page_put_all(r, kind[1].res, kind[1].put, kind[1].n, kind[1].names);
}

bool page_found_post(struct req *r) {
	struct map **systems;
	struct val *rows;
	struct found f;
	size_t n = 0;

	if (!found_load(r, req_form(r, "job"), &f))
		return false;
	systems = arena_new(r->a, struct map *, f.rows.u.list->n);
	rows = arena_new(r->a, struct val, f.rows.u.list->n);
	for (size_t i = 0; i < f.rows.u.list->n; i++) {
		if (!ticked(r, arena_printf(r->a, "%zu", i)))
			continue;
		if (n == LIMIT_BULK)
			return req_fail(r, ERR_TOO_LARGE, "At most %d sessions are made in one go.", LIMIT_BULK);
		rows[n] = f.rows.u.list->v[i];
		if (!system_input(r, rows[n], req_form(r, arena_printf(r->a, "asn.%zu", i)), &systems[n]))
			return false;
		n++;
	}
	if (!make(r, rows, systems, n))
		return false;
	page_flash(r, n == 0 ? "warning" : "success", "Created %zu sessions.", n);
	return req_redirect(r, arena_printf(r->a, "/core/jobs/%lld/", (long long)f.job));
}
