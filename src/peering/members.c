/* members.c: see the header; and the actions of an exchange about it. */
#include "config.h"

#include "base/json.h"
#include "db/queries.h"
#include "model/tables/tables.h"
#include "peering/actions.h"
#include "peering/members.h"

bool members_rows(struct db *db, struct arena *a, struct members_query *q, struct list **out, struct err *e) {
	static const char *const keys[] = { "address", "name", "export_asn", "peeringdb_asn", "book_asn", "sessions", "own", "export_speed",
		"peeringdb_speed", "export_as_set", "book_as_set", "export_max_prefixes", "book_max_prefixes", "export_route_server",
		"peeringdb_route_server", "differences", "state", NULL };
	struct result r;

	if (!db_named(db, a, Q_EURO_IX_ROWS, (struct val[]){ val_int(q->exchange), val_bool(q->sees_book), val_str(q->state), val_str(q->pattern),
	    val_int(q->limit), val_int(q->offset) }, &r, e))
		return false;
	*out = result_maps(a, &r, keys).u.list;
	q->total = r.n == 0 ? 0 : result_at(&r, 0, r.cols - 1).u.i;
	return true;
}

bool members_states(struct db *db, struct arena *a, int64_t exchange, bool sees_book, struct map **out, struct err *e) {
	struct result r;

	if (!db_named(db, a, Q_EURO_IX_STATES, (struct val[]){ val_int(exchange), val_bool(sees_book) }, &r, e))
		return false;
	*out = map_new(a, r.n);
	for (size_t i = 0; i < r.n; i++)
		map_put(*out, result_at(&r, i, 0), result_at(&r, i, 1));
	return true;
}

bool members_copy(struct db *db, struct arena *a, int64_t exchange, struct map **out, struct err *e) {
	static const char *const keys[] = { "url", "tried", "fetched", "error", "version", "generated", "members", "ports" };
	struct result r;

	if (!db_named(db, a, Q_EURO_IX_COPY, (struct val[]){ val_int(exchange) }, &r, e))
		return false;
	*out = map_new(a, ARRAY_LEN(keys));
	for (size_t k = 0; k < ARRAY_LEN(keys); k++)
		map_set(*out, keys[k], r.n == 0 ? val_null() : result_at(&r, 0, k));
	return true;
}

/* ---- actions ---- */

bool exchange_has_export(const struct row *r) {
	return *val_cstr(row_get(r, "euro_ix_url"), "") != '\0';
}

bool act_members_fetch(struct action_call *c, struct err *e) {
	if (!exchange_has_export(c->object))
		return err_set(e, ERR_CONFLICT, NULL, "The exchange has no address of a member export; set euro_ix_url.");
	c->plain_job = true;
	return action_job(c, &(struct job_request){ .name = "peering.internet_exchange.fetch_members" }, e);
}

/* {"export": the last reading, "states": {...}, "addresses": [...]} */
bool act_members(struct action_call *c, struct err *e) {
	const char *state = val_cstr(map_get(c->input, "state"), "");
	struct members_query q = { .exchange = c->object->id, .state = state, .pattern = "%%", .limit = INT32_MAX };
	struct map *m = map_new(c->s->a, 3), *copy, *states;
	struct list *rows;

	q.sees_book = may(c->s, &res_internet_exchange_peering_session, "view");
	if (!members_copy(c->s->db, c->s->a, q.exchange, &copy, e) || !members_states(c->s->db, c->s->a, q.exchange, q.sees_book, &states, e) ||
	    !members_rows(c->s->db, c->s->a, &q, &rows, e))
		return false;
	map_set(m, "export", val_map(copy));
	map_set(m, "states", val_map(states));
	map_set(m, "addresses", val_list(rows));
	json_write(c->body, val_map(m));
	return true;
}
