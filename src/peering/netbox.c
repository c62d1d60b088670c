/* netbox.c: see the header; and the actions about it. */
#include "config.h"

#include "base/conf.h"
#include "base/json.h"
#include "db/queries.h"
#include "model/tables/tables.h"
#include "peering/actions.h"
#include "peering/netbox.h"

enum { IMPORT_MOST = 1000 };

const char *netbox_root(struct arena *a, const char *url) {
	size_t n = strlen(url);

	while (n > 0 && url[n - 1] == '/')
		n--;
	if (n > 4 && strncmp(url + n - 4, "/api", 4) == 0)
		n -= 4;
	return arena_strndup(a, url, n);
}

bool netbox_reading(struct db *db, struct arena *a, struct map **out, struct err *e) {
	static const char *const keys[] = { "tried", "fetched", "error", "count" };
	struct result r;

	if (!db_named(db, a, Q_NETBOX_READING, NULL, &r, e))
		return false;
	*out = map_new(a, ARRAY_LEN(keys));
	for (size_t k = 0; k < ARRAY_LEN(keys); k++)
		map_set(*out, keys[k], result_at(&r, 0, k));
	return true;
}

bool netbox_devices(struct db *db, struct arena *a, const struct list *ids, struct list **out, struct err *e) {
	static const char *const keys[] = { "id", "name", "status", "platform", "role", "site", "primary_ip", "router", "router_name", "same_name",
		"same_name_name", "platform_id", "data", NULL };
	struct val some = val_null();
	struct result r;

	if (ids != NULL)
		some = (struct val){ .type = V_LIST, .u.list = (struct list *)(uintptr_t)ids };
	if (!db_named(db, a, Q_NETBOX_DEVICES, &some, &r, e))
		return false;
	*out = result_maps(a, &r, keys).u.list;
	return true;
}

/* ---- actions ---- */

bool act_netbox_read(struct action_call *c, struct err *e) {
	if (*c->s->conf->netbox_api == '\0')
		return err_set(e, ERR_CONFLICT, NULL, "The settings name no NetBox: set netbox_api and netbox_api_token.");
	c->plain_job = true;
	return action_job(c, &(struct job_request){ .name = "devices.netbox.synchronise", .lock_key = "devices.netbox" }, e);
}

bool act_netbox_devices(struct action_call *c, struct err *e) {
	struct map *m = map_new(c->s->a, 2), *reading;
	struct list *devices;

	if (!netbox_reading(c->s->db, c->s->a, &reading, e) || !netbox_devices(c->s->db, c->s->a, NULL, &devices, e))
		return false;
	for (size_t i = 0; i < devices->n; i++)
		map_del(devices->v[i].u.map, val_str("data"));
	map_set(m, "reading", val_map(reading));
	map_set(m, "devices", val_list(devices));
	json_write(c->body, val_map(m));
	return true;
}

static bool link_router(struct action_call *c, const struct map *device, struct err *e) {
	struct map *input = map_new(c->s->a, 1);
	struct row *row;

	map_set(input, "netbox_device_id", map_get(device, "id"));
	return store_update(c->s, &res_router, map_get(device, "same_name").u.i, input, WRITE_PATCH, &row, &c->problems, e);
}

/* As an event of the device: a router that is linked is brought up to date, a new one is made. */
static bool take(struct action_call *c, const struct map *device, struct err *e) {
	struct action_call one = *c;
	struct map *input = map_new(c->s->a, 3);

	map_set(input, "event", val_str("updated"));
	map_set(input, "data", map_get(device, "data"));
	if (map_get(c->input, "local_autonomous_system").type != V_UNDEF)
		map_set(input, "local_autonomous_system", map_get(c->input, "local_autonomous_system"));
	one.input = input;
	one.status = 0;
	if (!act_update_from_netbox(&one, e)) {
		c->problems = one.problems;
		return false;
	}
	return one.status < 400 || err_set(e, ERR_INVALID, NULL, "%s: %s", val_cstr(map_get(device, "name"), ""), one.said);
}

static bool import_one(struct action_call *c, const struct map *device, int64_t done[3], struct err *e) {
	bool linked = map_get(device, "router").type == V_INT, known = map_get(device, "same_name").type == V_INT;

	if (known) {
		done[1]++;
		return link_router(c, device, e);
	}
	if (map_get(device, "platform_id").type != V_INT)
		return err_set(e, ERR_INVALID, NULL, "%s: there is no platform with the slug \"%s\"; add it first.", val_cstr(map_get(device, "name"), ""),
		    val_cstr(map_get(device, "platform"), ""));
	done[linked ? 2 : 0]++;
	return take(c, device, e);
}

/* All of them or none. */
bool act_netbox_import(struct action_call *c, struct err *e) {
	static const char *const keys[] = { "created", "linked", "updated" };
	struct val ids = map_get(c->input, "devices");
	struct map *m = map_new(c->s->a, 3);
	struct list *devices;
	int64_t done[3] = { 0, 0, 0 };

	if (ids.type != V_LIST || ids.u.list->n == 0 || ids.u.list->n > IMPORT_MOST)
		return err_set(e, ERR_INVALID, NULL, "devices: a list of numbers of devices in NetBox is wanted.");
	for (size_t i = 0; i < ids.u.list->n; i++) {
		if (ids.u.list->v[i].type != V_INT)
			return err_set(e, ERR_INVALID, NULL, "devices: every item must be a number.");
	}
	if (!netbox_devices(c->s->db, c->s->a, ids.u.list, &devices, e))
		return false;
	if (devices->n < ids.u.list->n)
		return err_set(e, ERR_NOT_FOUND, NULL, "NetBox was not read to have all of these devices.");
	for (size_t i = 0; i < devices->n; i++) {
		if (!import_one(c, devices->v[i].u.map, done, e))
			return false;
	}
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		map_set(m, keys[i], val_int(done[i]));
	c->said = arena_printf(c->s->a, "%lld made, %lld linked, %lld brought up to date.", (long long)done[0], (long long)done[1], (long long)done[2]);
	json_write(c->body, val_map(m));
	return true;
}
