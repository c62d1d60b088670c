/* actions_users.c: what somebody who looks after users does to how they sign in. */
#include "config.h"

#include "db/queries.h"
#include "peering/actions.h"

bool user_has_second_factor(const struct row *user) {
	struct val v = row_get(user, "second_factor");

	return v.type == V_BOOL && v.u.b;
}

/* A right that ends below the superuser must not reach one. */
static bool above(struct action_call *c, struct err *e) {
	struct val super = row_get(c->object, "is_superuser");

	if (super.type == V_BOOL && super.u.b && !c->s->actor->superuser)
		return err_set(e, ERR_DENIED, NULL, "Only a superuser does this to a superuser.");
	return true;
}

static bool note(struct action_call *c, const char *event, struct err *e) {
	const char *by = arena_printf(c->s->a, "by %s", c->s->actor->user_name);
	struct val p[5] = { val_int(c->object->id), row_get(c->object, "username"), val_str(event), val_null(), val_str(by) };
	struct result q;

	return db_named(c->s->db, c->s->a, Q_SIGN_IN_NOTE, p, &q, e);
}

bool act_user_reset_second_factor(struct action_call *c, struct err *e) {
	struct val id = val_int(c->object->id);
	struct result q;

	if (!above(c, e) || !db_named(c->s->db, c->s->a, Q_TOTP_DROP, &id, &q, e))
		return false;
	if (q.n == 0) {
		c->status = 409;
		c->said = "The user has no second factor.";
		sb_str(c->body, "{\"detail\":\"The user has no second factor.\"}");
		return true;
	}
	c->said = "The second factor is forgotten.";
	return note(c, "second-factor-reset", e);
}

bool act_user_end_sessions(struct action_call *c, struct err *e) {
	struct result q;

	if (!above(c, e) || !db_named(c->s->db, c->s->a, Q_SESSION_DROP_OTHERS, (struct val[]){ val_int(c->object->id), val_null() }, &q, e))
		return false;
	c->said = "All sessions are ended.";
	return note(c, "sessions-ended", e);
}
