/* actions_changes.c: going back: one object to before a change, or all that a request changed. */
#include "config.h"

#include "model/restore.h"
#include "peering/actions.h"

bool change_has_before(const struct row *change) {
	return row_get(change, "prechange_data").type == V_MAP;
}

bool act_change_restore(struct action_call *c, struct err *e) {
	struct row *row;

	if (!store_restore(c->s, c->object, &row, &c->problems, e))
		return false;
	row_json(c->s, c->body, row, FORM_FULL, NULL, NULL);
	return true;
}

bool act_change_undo(struct action_call *c, struct err *e) {
	const char *request = val_cstr(row_get(c->object, "request_id"), "");
	size_t n = 0;

	if (!store_undo(c->s, request, &n, &c->problems, e))
		return false;
	c->said = arena_printf(c->s->a, "%zu changes taken back", n);
	c->go = "/core/changelog/";
	sb_fmt(c->body, "{\"request_id\":\"%s\",\"undone\":%zu}", request, n);
	return true;
}
