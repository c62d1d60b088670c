/* actions_peeringdb.c: actions that take over what PeeringDB says. */
#include "config.h"

#include "peering/actions.h"
#include "peering/peeringdb.h"

bool act_synchronise_as(struct action_call *c, struct err *e) {
	static const char *const said[] = {
		[PDB_AS_SAME] = "It is as in PeeringDB.", [PDB_AS_WRITTEN] = "It was brought in line with PeeringDB.",
		[PDB_AS_PRIVATE] = "A private number is nobody's in PeeringDB.", [PDB_AS_UNKNOWN] = "PeeringDB does not know this number.",
	};
	enum pdb_as how;

	if (!pdb_synchronise_as(c->s, c->object->id, &how, &c->problems, e))
		return false;
	c->status = how == PDB_AS_UNKNOWN ? 204 : 200;
	c->said = said[how];
	return true;
}

bool exchange_is_not_linked(const struct row *row) {
	return val_is_null(row_get(row, "peeringdb_ixlan"));
}

bool act_link_exchange(struct action_call *c, struct err *e) {
	bool linked;

	if (!pdb_link(c->s, c->object->id, &linked, &c->problems, e))
		return false;
	c->status = linked ? 200 : 503;
	c->said = linked ? "It is linked to its LAN in PeeringDB." : "PeeringDB has no port with the addresses of its connections and our AS number.";
	return true;
}

/* ---- the feed ---- */

bool change_is_open(const struct row *row) {
	return strcmp(val_cstr(row_get(row, "state"), ""), "open") == 0;
}

bool act_change_accept(struct action_call *c, struct err *e) {
	struct pdb_decided d = { 0 };

	if (!pdb_accept(c->s, &c->object->id, 1, &d, &c->problems, e))
		return false;
	c->said = arena_printf(c->s->a, "Accepted: %lld %s written.", (long long)d.objects, d.objects == 1 ? "object" : "objects");
	return true;
}

bool act_change_ignore(struct action_call *c, struct err *e) {
	struct pdb_decided d = { 0 };

	c->said = "Ignored: everything is as it was.";
	return pdb_ignore(c->s, &c->object->id, 1, &d, e);
}
