/* peering_actions.c: what the API tells of an autonomous system or an exchange beyond its fields, all of it from the database. */
#include "config.h"

#include "db/queries.h"
#include "model/tables/tables.h"
#include "peering_actions.h"

/* Rows of `res` with these ids, within the caller's right to view them, as a plain list. */
static bool answer_rows(struct req *r, const struct resource *res, const struct result *ids, enum form form) {
	struct query q = { .res = res, .nids = ids->n, .form = form };
	int64_t *id = arena_new(r->a, int64_t, ids->n);
	struct rows rows = { 0 };

	for (size_t i = 0; i < ids->n; i++)
		id[i] = result_at(ids, i, 0).u.i;
	q.ids = id;
	if (ids->n > 0 && may(&r->store, res, "view") && !store_list(&r->store, &q, &rows, NULL, &r->err))
		return false;
	r->response_type = "application/json";
	sb_chr(&r->body, '[');
	for (size_t i = 0; i < rows.n; i++) {
		if (i > 0)
			sb_chr(&r->body, ',');
		row_json(&r->store, &r->body, rows.row[i], form, NULL, NULL);
	}
	sb_chr(&r->body, ']');
	return true;
}

/* The AS that the user works for (preference context.as). */
static bool own_as(struct req *r, int64_t *id) {
	struct val user = val_int(r->actor.user_id), v = val_undef();
	struct result q;

	if (!db_named(r->db, r->a, Q_PREFERENCES, &user, &q, &r->err))
		return false;
	if (q.n > 0)
		v = val_path(r->a, result_at(&q, 0, 0), "context.as");
	if (v.type != V_INT)
		return req_fail(r, ERR_PRECONDITION, "User did not choose an affiliated AS.");
	*id = v.u.i;
	return true;
}

/* Clients know this refusal as 503. */
static bool unchosen(struct req *r) {
	if (r->err.code != ERR_PRECONDITION)
		return false;
	r->status = 503;
	sb_str(&r->body, "{\"detail\":\"User did not choose an affiliated AS.\"}");
	r->response_type = "application/json";
	return true;
}

static bool shared(struct req *r, unsigned query, const struct resource *res, enum form form) {
	struct result ids;
	int64_t ours = 0;

	if (!own_as(r, &ours))
		return unchosen(r);
	return db_named(r->db, r->a, query, (struct val[]){ val_int(ours), val_int(r->id) }, &ids, &r->err) && answer_rows(r, res, &ids, form);
}

bool as_shared_ixps(struct req *r) {
	return shared(r, Q_SHARED_EXCHANGES, &res_internet_exchange, FORM_BRIEF);
}

bool as_shared_facilities(struct req *r) {
	return shared(r, Q_SHARED_FACILITIES, &res_peeringdb_facility, FORM_FULL);
}

/* Both families, empty where nothing is known. */
static bool answer_families(struct req *r, struct val known, bool both) {
	static const char *const families[] = { "ipv6", "ipv4" };
	struct map *m = map_new(r->a, 2);

	for (size_t i = 0; i < ARRAY_LEN(families); i++) {
		struct val v = known.type == V_MAP ? map_get(known.u.map, families[i]) : val_undef();

		if (v.type != V_UNDEF)
			map_set(m, families[i], v);
		else if (both)
			map_set(m, families[i], val_list(list_new(r->a, 0)));
	}
	return req_json(r, val_map(m));
}

bool as_set_prefixes(struct req *r) {
	return answer_families(r, row_get(r->object, "prefixes"), true);
}

bool exchange_prefixes(struct req *r) {
	return answer_families(r, row_get(r->object, "peeringdb_prefixes"), false);
}

bool exchange_available_peers(struct req *r) {
	struct val id = val_int(r->id);
	struct result ids;

	return db_named(r->db, r->a, Q_AVAILABLE_PEERS, &id, &ids, &r->err) && answer_rows(r, &res_peeringdb_network_ixlan, &ids, FORM_FULL);
}
