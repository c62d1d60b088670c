/* actions_routers.c: routers that another system tells of. */
#include "config.h"

#include "db/queries.h"
#include "model/tables/tables.h"
#include "peering/actions.h"

static struct val at(const struct action_call *c, const char *path) {
	return val_path(c->s->a, val_map((struct map *)(uintptr_t)c->input), path);
}

static bool refuse(struct action_call *c, int status, const char *why) {
	c->status = status;
	c->said = why;
	return true;
}

/* The router that stands for the device; 0 when there is none. */
static bool router_of(struct action_call *c, struct val device, int64_t *id, struct err *e) {
	struct map *m = map_new(c->s->a, 1);

	map_set(m, "netbox_device_id", device);
	*id = 0;
	if (store_find(c->s, &res_router, m, id, e))
		return true;
	return e->code == ERR_NOT_FOUND;
}

/* The platform by its slug; 0 when there is none. */
static bool platform_of(struct action_call *c, int64_t *id, struct err *e) {
	struct map *m = map_new(c->s->a, 1);

	*id = 0;
	map_set(m, "slug", at(c, "data.platform.slug"));
	if (store_find(c->s, &res_platform, m, id, e))
		return true;
	return e->code == ERR_NOT_FOUND || e->code == ERR_INVALID;
}

/* The AS that the caller works for, else our first one: a router of another system comes without one, and templates need it. */
static bool own_as(struct action_call *c, struct val *as, struct err *e) {
	struct val user = val_int(c->s->actor->user_id);
	struct result r;

	*as = at(c, "local_autonomous_system");
	if (as->type != V_UNDEF)
		return true;
	if (!db_named(c->s->db, c->s->a, Q_NETBOX_OWN_AS, &user, &r, e))
		return false;
	*as = r.n == 0 ? val_undef() : result_at(&r, 0, 0);
	return true;
}

static const struct map *router_input(struct action_call *c, int64_t platform, bool creating, struct val as) {
	struct map *m = map_new(c->s->a, 7);
	struct val status = at(c, "data.status.value"), context = at(c, "data.local_context_data");

	map_set(m, "name", at(c, "data.name"));
	map_set(m, "platform", val_int(platform));
	map_set(m, "status", val_str(strcmp(val_cstr(status, ""), "active") == 0 ? "enabled" : "disabled"));
	if (!creating)
		return m;
	map_set(m, "hostname", at(c, "data.name"));
	map_set(m, "netbox_device_id", at(c, "data.id"));
	map_set(m, "local_context_data", context.type == V_UNDEF ? val_null() : context);
	if (as.type != V_UNDEF)
		map_set(m, "local_autonomous_system", as);
	return m;
}

bool act_update_from_netbox(struct action_call *c, struct err *e) {
	static const char *const needed[] = { "data.id", "data.local_context_data", "data.name", "data.platform", "data.status" };
	struct val event = at(c, "event"), device = at(c, "data.id"), as;
	int64_t id, platform;
	struct row *row;

	for (size_t i = 0; i < ARRAY_LEN(needed); i++) {
		if (at(c, needed[i]).type == V_UNDEF)
			return refuse(c, 400, "An event of a device is wanted, with its id, name, platform, status and context.");
	}
	if (event.type != V_STR || device.type != V_INT || device.u.i <= 0)
		return refuse(c, 400, "An event of a device is wanted, with its id.");
	if (!router_of(c, device, &id, e))
		return false;
	if (strcmp(event.u.s, "deleted") == 0)
		return id == 0 ? refuse(c, 404, "No router stands for that device.") : store_delete(c->s, &res_router, id, e);
	if (!platform_of(c, &platform, e))
		return false;
	if (platform == 0)
		return refuse(c, 501, "There is no platform with that slug.");
	if (!own_as(c, &as, e))
		return false;
	c->status = id == 0 ? 201 : 200;
	return id == 0 ? store_create(c->s, &res_router, router_input(c, platform, true, as), &row, &c->problems, e) :
	    store_update(c->s, &res_router, id, router_input(c, platform, false, as), WRITE_PATCH, &row, &c->problems, e);
}

/* ---- host keys ---- */

/* The way goes through the jump host: its key comes first. */
static const struct shown_key {
	const char *offered, *pinned, *whose;
} shown_keys[] = {
	{ "jump_host_key_offered", "jump_host_key", "this router's jump host" },
	{ "host_key_offered", "host_key", "this router" },
};

static const char *text_of(const struct row *r, const char *field) {
	return val_cstr(row_get(r, field), "");
}

/* The key that waits for somebody to confirm it; NULL: none. */
static const struct shown_key *key_waiting(const struct row *r) {
	for (size_t i = 0; i < ARRAY_LEN(shown_keys); i++) {
		const char *offered = text_of(r, shown_keys[i].offered);

		if (offered[0] != '\0' && strcmp(offered, text_of(r, shown_keys[i].pinned)) != 0 && (i != 0 || text_of(r, "jump_host")[0] != '\0'))
			return &shown_keys[i];
	}
	return NULL;
}

bool router_offers_key(const struct row *r) {
	return key_waiting(r) != NULL;
}

bool act_trust_host_key(struct action_call *c, struct err *e) {
	const struct shown_key *key = key_waiting(c->object), *k = key == NULL ? &shown_keys[1] : key;
	const char *offered = text_of(c->object, k->offered), *meant = val_cstr(map_get(c->input, "host_key"), offered);
	struct map *m = map_new(c->s->a, 1);
	struct row *after;

	if (offered[0] == '\0')
		return refuse(c, 409, "The router has shown no host key yet: test the connection first.");
	if (strcmp(meant, offered) != 0)
		return refuse(c, 409, "The router shows another host key than that.");
	map_set(m, k->pinned, val_str(offered));
	c->said = arena_printf(c->s->a, "From now on %s is the host key of %s.", offered, k->whose);
	return store_update(c->s, &res_router, c->object->id, m, WRITE_PATCH, &after, &c->problems, e);
}
