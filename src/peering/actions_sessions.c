/* actions_sessions.c: what is done with a session, one or many. */
#include "config.h"

#include "model/tables/tables.h"
#include "peering/actions.h"
#include "peering/session_keys.h"

/* Every write does it; here it is all that is written. */
bool act_encrypt_password(struct action_call *c, struct err *e) {
	bool wanted;

	if (!session_key_wanted(c->s, c->object, &wanted, e))
		return false;
	if (!wanted) {
		c->status = 503;
		c->said = "The session has no router, or its router or platform does not want passwords encrypted.";
		return true;
	}
	c->said = "The password stands as the router's platform writes it.";
	return action_write(c, map_new(c->s->a, 0), e);
}

static bool has_status(const struct row *r, const char *status) {
	return strcmp(val_cstr(row_get(r, "status"), ""), status) == 0;
}

bool session_is_enabled(const struct row *r) {
	return !has_status(r, "disabled");
}

bool session_is_not_enabled(const struct row *r) {
	return !has_status(r, "enabled");
}

bool act_session_enable(struct action_call *c, struct err *e) {
	struct map *m = map_new(c->s->a, 1);

	map_set(m, "status", val_str("enabled"));
	c->said = "Enabled.";
	return action_write(c, m, e);
}

/* What it had learnt is gone with it. */
bool act_session_disable(struct action_call *c, struct err *e) {
	static const char *const counts[] = { "received_prefix_count", "accepted_prefix_count", "advertised_prefix_count" };
	struct map *m = map_new(c->s->a, 5);

	map_set(m, "status", val_str("disabled"));
	map_set(m, "bgp_state", val_str("idle"));
	for (size_t i = 0; i < ARRAY_LEN(counts); i++)
		map_set(m, counts[i], val_int(0));
	c->said = "Disabled.";
	return action_write(c, m, e);
}
