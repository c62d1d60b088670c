/* actions_irr.c: what the routing registries say of an autonomous system: asked for, shown, accepted, rejected. */
#include "config.h"

#include "base/json.h"
#include "db/queries.h"
#include "model/tables/tables.h"
#include "peering/actions.h"

enum { WAIT_MS = 8000 };        /* a client that asks for prefixes waited for the registry itself */

/* The job that reads for it already, or a new one. */
static bool ask(struct action_call *c, struct err *e) {
	struct val id = val_int(c->object->id);
	struct result r;

	if (!db_named(c->s->db, c->s->a, Q_IRR_JOB_OF, &id, &r, e))
		return false;
	if (result_at(&r, 0, 0).type == V_INT) {
		list_push(c->jobs, result_at(&r, 0, 0));
		return true;
	}
	return action_job(c, &(struct job_request){ .name = "peering.autonomous_system.get_irr_data" }, e);
}

static void put_prefixes(struct action_call *c, struct val known) {
	static const char *const families[] = { "ipv6", "ipv4" };
	struct map *m = map_new(c->s->a, 2);

	for (size_t i = 0; i < ARRAY_LEN(families); i++) {
		struct val v = known.type == V_MAP ? map_get(known.u.map, families[i]) : val_undef();

		map_set(m, families[i], v.type == V_UNDEF ? val_list(list_new(c->s->a, 0)) : v);
	}
	json_write(c->body, val_map(m));
}

/* Nothing is to be read: switched off, or a number that nobody else has. */
static bool readable(const struct row *as) {
	struct val asn = row_get(as, "asn"), on = row_get(as, "retrieve_prefixes");
	int64_t n = asn.type == V_INT ? asn.u.i : 0;
	bool private = n == 0 || n == 23456 || (n >= 64496 && n <= 131071) || n >= 4200000000;

	return on.type == V_BOOL && on.u.b && (!private || *val_cstr(row_get(as, "irr_as_set"), "") != '\0');
}

bool act_as_set_prefixes(struct action_call *c, struct err *e) {
	struct val known = row_get(c->object, "prefixes");

	if (known.type == V_MAP || !readable(c->object)) {
		put_prefixes(c, known);
		return true;
	}
	c->plain_job = true;
	c->wait = WAIT_MS;
	return ask(c, e);
}

/* After the job: what it found, or why it found nothing. */
bool then_as_set_prefixes(struct action_call *c, struct err *e) {
	struct val known = row_get(c->object, "prefixes"), id = val_int(c->object->id);
	struct map *m = map_new(c->s->a, 1);
	struct result r;

	if (known.type == V_MAP) {
		put_prefixes(c, known);
		return true;
	}
	if (!db_named(c->s->db, c->s->a, Q_IRR_LAST_FAILURE, &id, &r, e))
		return false;
	c->status = 503;
	c->said = r.n == 0 ? "The routing registries gave no answer." : val_cstr(result_at(&r, 0, 2), "");
	map_set(m, "detail", val_str(c->said));
	json_write(c->body, val_map(m));
	return true;
}

bool act_irr_read(struct action_call *c, struct err *e) {
	c->plain_job = true;
	return ask(c, e);
}

/* ---- versions ---- */

static bool decide(struct action_call *c, bool use, struct err *e) {
	struct val user = c->s->actor->user_id == 0 ? val_null() : val_int(c->s->actor->user_id), id = val_int(c->object->id);
	struct result r;

	if (!db_named(c->s->db, c->s->a, Q_IRR_LIST_DECIDE, (struct val[]){ id, user, val_str(c->s->actor->user_name), val_bool(use) }, &r, e))
		return false;
	if (r.n == 0)
		return err_set(e, ERR_CONFLICT, NULL, use ? "This list is in use already." : "Only a list that is held can be rejected.");
	c->said = use ? "The list is in use now." : "The list is rejected; it is not asked about again while it stays the same.";
	return !use || db_named(c->s->db, c->s->a, Q_IRR_LIST_USE, &id, &r, e);
}

bool act_irr_accept(struct action_call *c, struct err *e) {
	return decide(c, true, e);
}

bool act_irr_reject(struct action_call *c, struct err *e) {
	return decide(c, false, e);
}

static bool has_status(const struct row *r, const char *status) {
	return strcmp(val_cstr(row_get(r, "status"), ""), status) == 0;
}

bool irr_list_held(const struct row *r) {
	return has_status(r, "held");
}

bool irr_list_unused(const struct row *r) {
	return !has_status(r, "current");
}
