/* peeringdb_cache.c: the cache of PeeringDB as a whole: how it stands, bringing it up to date, emptying it, answering its brake. */
#include "config.h"

#include "db/queries.h"
#include "model/tables/tables.h"
#include "peering/peeringdb.h"
#include "peeringdb_pages.h"
#include "web/page.h"

static const struct { const char *tag; const struct resource *res; } kinds[] = {
	{ "org", &res_peeringdb_organization }, { "campus", &res_peeringdb_campus }, { "fac", &res_peeringdb_facility },
	{ "carrier", &res_peeringdb_carrier }, { "carrierfac", &res_peeringdb_carrier_facility }, { "net", &res_peeringdb_network },
	{ "ix", &res_peeringdb_internet_exchange }, { "ixfac", &res_peeringdb_internet_exchange_facility }, { "ixlan", &res_peeringdb_ixlan },
	{ "ixpfx", &res_peeringdb_ixlan_prefix }, { "netfac", &res_peeringdb_network_facility }, { "netixlan", &res_peeringdb_network_ixlan },
	{ "poc", &res_peeringdb_network_contact },
};

/* ---- what is asked for ---- */

static bool enqueue(struct req *r, bool reconcile, bool force, int64_t *id) {
	struct map *p = map_new(r->a, 2);
	const struct job_request ask = { .name = "peeringdb.synchronise", .res = &res_peeringdb_synchronisation, .parameters = p, .lock_key = "peeringdb",
		.user_id = r->actor.user_id, .request_id = r->request_id };

	put_bool(p, "reconcile", reconcile);
	put_bool(p, "force", force);
	r->news = JOB_NEW;
	return job_enqueue(r->db, r->a, &ask, id, &r->err);
}

static bool drop(struct req *r) {
	return db_named(r->db, r->a, Q_PEERINGDB_STAGE_DONE, NULL, NULL, &r->err) && db_named(r->db, r->a, Q_PEERINGDB_BRAKE_CLEAR, NULL, NULL, &r->err);
}

/* ---- API ---- */

bool cache_statistics(struct req *r) {
	struct map *m = map_new(r->a, 16);
	struct result q;

	if (!db_named(r->db, r->a, Q_CACHE_STATISTICS, NULL, &q, &r->err))
		return false;
	for (size_t i = 0; i < q.cols; i++)
		map_set(m, q.names[i], result_at(&q, 0, i));
	return req_json(r, val_map(m));
}

static bool wants(struct val in, const char *name) {
	struct val v = in.type == V_MAP ? map_get(in.u.map, name) : val_undef();

	return v.type == V_BOOL && v.u.b;
}

/* No body, or an object. */
static bool options_of(struct req *r, struct val *in) {
	*in = val_null();
	if (r->body_in_len == 0)
		return true;
	if (!req_input(r, in))
		return false;
	return in->type == V_MAP || req_fail(r, ERR_INVALID, "The body is an object such as {\"reconcile\": true}, or there is none.");
}

/* The job is for who asked for it, whether or not they may see all jobs. */
bool cache_update(struct req *r) {
	const struct actor anyone = { .authenticated = true, .superuser = true };
	struct store all = r->store;
	struct row *job;
	struct val in;
	int64_t id;

	if (!options_of(r, &in))
		return false;
	all.actor = &anyone;
	if (!enqueue(r, wants(in, "reconcile"), wants(in, "force"), &id) || !store_get(&all, &res_job, id, "view", &job, &r->err))
		return false;
	r->status = 202;
	r->response_type = "application/json";
	row_json(&all, &r->body, job, FORM_FULL, NULL, NULL);
	return true;
}

bool cache_clear(struct req *r) {
	struct map *m = map_new(r->a, 1);
	int64_t removed;
	struct val in;

	put_str(m, "status", "success");
	return options_of(r, &in) && pdb_flush(&r->store, &removed, &r->err) && req_json(r, val_map(m));
}

/* ---- the page ---- */

/* What a run that is at work does, "reading net: 500 of about 34000 rows", and which of the types in their order that is. */
struct at_work {
	const char *what;       /* NULL: no run is */
	const char *rest;       /* what follows the type, "" when nothing does */
	size_t type;            /* the number of types: none of them */
};

static struct at_work at_work(struct req *r, bool going, const char *label, const struct result *q) {
	size_t what = strcspn(label, " "), tag = strcspn(label + what + (label[what] == ' '), ": ");
	const char *name = label + what + (label[what] == ' ');
	struct at_work w = { .what = going ? arena_strndup(r->a, label, what) : NULL, .rest = name + tag + strspn(name + tag, ": ") };

	while (w.type < q->n && (strlen(val_cstr(result_at(q, w.type, 0), "")) != tag || memcmp(val_cstr(result_at(q, w.type, 0), ""), name, tag) != 0))
		w.type++;
	return w;
}

/* How far it is with the i-th type. */
static const char *how_far(struct req *r, const struct at_work *w, const struct result *q, size_t i) {
	bool reads = w->what != NULL && (strcmp(w->what, "reading") == 0 || strcmp(w->what, "fetching") == 0), staged = !val_is_null(result_at(q, i, 9));
	const char *rows = val_is_null(result_at(q, i, 10)) ? "" : arena_printf(r->a, "%lld rows", (long long)result_at(q, i, 10).u.i);

	if (w->what == NULL)
		return staged ? arena_printf(r->a, "%s, %s", rows, time_text(r, result_at(q, i, 9))) : "";
	if (i == w->type)
		return arena_printf(r->a, "%s %s", w->what, w->rest);
	if (reads || *w->what == '\0')
		return staged ? arena_printf(r->a, "%s read", rows) : "waits";
	return strcmp(w->what, "merging") == 0 && i > w->type ? arena_printf(r->a, "%s read", rows) : arena_printf(r->a, "%s merged", rows);
}

static struct val kind_map(struct req *r, const struct result *q, size_t i, const struct result *counts) {
	const char *tag = val_cstr(result_at(q, i, 0), "");
	struct map *m = map_new(r->a, 14);

	put_str(m, "tag", tag);
	put_str(m, "since", time_text(r, result_at(q, i, 1)));
	put_str(m, "synchronised", time_text(r, result_at(q, i, 2)));
	put_str(m, "reconciled", time_text(r, result_at(q, i, 3)));
	put_str(m, "error", val_cstr(result_at(q, i, 4), ""));
	map_set(m, "asks", result_at(q, i, 5));
	map_set(m, "gone", result_at(q, i, 6));
	map_set(m, "changed", result_at(q, i, 7));
	put_str(m, "examples", val_cstr(result_at(q, i, 11), ""));
	map_set(m, "pending", result_at(q, i, 8));
	for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
		if (strcmp(kinds[k].tag, tag) == 0) {
			put_str(m, "text", res_titles(r->a, kinds[k].res));
			put_str(m, "href", page_href(r, "/%s/", kinds[k].res->page));
		}
	}
	for (size_t k = 0; k < counts->cols; k++) {
		if (strncmp(counts->names[k], tag, strlen(tag)) == 0 && strcmp(counts->names[k] + strlen(tag), "-count") == 0)
			map_set(m, "rows", result_at(counts, 0, k));
	}
	return val_map(m);
}

static bool types_put(struct req *r, struct map *ctx, bool going, const char *label) {
	struct list *types = list_new(r->a, ARRAY_LEN(kinds));
	struct result q, counts;
	bool asks = false, staged = going;
	struct at_work now;
	const char *error = "";

	if (!db_named(r->db, r->a, Q_PDB_CACHE, NULL, &q, &r->err) || !db_named(r->db, r->a, Q_CACHE_STATISTICS, NULL, &counts, &r->err))
		return false;
	now = at_work(r, going, label, &q);
	for (size_t i = 0; i < q.n; i++) {
		list_push(types, kind_map(r, &q, i, &counts));
		put_str(types->v[i].u.map, "far", how_far(r, &now, &q, i));
		put_bool(types->v[i].u.map, "now", going && i == now.type);
		asks = asks || !val_is_null(result_at(&q, i, 5));
		staged = staged || !val_is_null(result_at(&q, i, 9));
		error = *val_cstr(result_at(&q, i, 4), "") == '\0' ? error : val_cstr(result_at(&q, i, 4), "");
	}
	map_set(ctx, "types", val_list(types));
	put_bool(ctx, "asks", asks);
	put_bool(ctx, "staged", staged);
	put_str(ctx, "error", error);
	put_int(ctx, "brake", r->conf->peeringdb_brake);
	return true;
}

bool page_cache(struct req *r) {
	static const char *const names[] = { "job", "status", "done", "total", "doing", "fault", "going" };
	struct map *ctx = page_new(r, "PeeringDB Cache");
	struct result q;
	bool going;

	page_crumb(r, ctx, "PeeringDB Cache", NULL);
	if (!db_named(r->db, r->a, Q_PDB_CACHE_JOB, NULL, &q, &r->err))
		return false;
	going = result_at(&q, 0, 6).type == V_BOOL && result_at(&q, 0, 6).u.b;
	if (!types_put(r, ctx, going, val_cstr(result_at(&q, 0, 4), "")))
		return false;
	for (size_t k = 0; k < ARRAY_LEN(names); k++)
		map_set(ctx, names[k], result_at(&q, 0, k));
	put_bool(ctx, "going", going);
	put_str(ctx, "again", time_text(r, result_at(&q, 0, 7)));
	put_str(ctx, "time", time_text(r, result_at(&q, 0, 8)));
	map_set(ctx, "open", result_at(&q, 0, 9));
	put_str(ctx, "active", r->path);
	if (going)
		req_header(r, "Refresh", "3");
	return page_render(r, "peeringdb/cache.html", ctx);
}

bool page_cache_update(struct req *r) {
	int64_t id;

	return enqueue(r, req_form(r, "reconcile") != NULL, false, &id) && req_redirect(r, "/peeringdb/cache/");
}

bool page_cache_clear(struct req *r) {
	int64_t removed;

	if (req_form(r, "confirm") == NULL) {
		page_flash(r, "warning", "Emptying the cache has to be confirmed.");
		return req_redirect(r, "/peeringdb/cache/");
	}
	if (!pdb_flush(&r->store, &removed, &r->err))
		return false;
	page_flash(r, "success", "The cache is empty: %lld rows removed.", (long long)removed);
	return req_redirect(r, "/peeringdb/cache/");
}

bool page_cache_go_on(struct req *r) {
	int64_t id;

	page_flash(r, "success", "The run goes on with what was read.");
	return enqueue(r, false, true, &id) && req_redirect(r, "/peeringdb/cache/");
}

bool page_cache_drop(struct req *r) {
	if (!drop(r))
		return false;
	page_flash(r, "success", "What was read is thrown away; the cache is as it was.");
	return req_redirect(r, "/peeringdb/cache/");
}
