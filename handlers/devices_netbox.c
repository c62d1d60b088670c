/* devices_netbox.c: devices of NetBox beside our routers: to be made, or linked. */
#include "config.h"

#include <stdlib.h>

#include "devices_netbox.h"
#include "model/tables/tables.h"
#include "peering/actions.h"
#include "peering/netbox.h"
#include "web/page.h"

/* What ticking it would do: "make", "link", "update"; or why it cannot be. */
static void dress(struct req *r, struct list *devices) {
	const char *root = netbox_root(r->a, r->conf->netbox_api);

	for (size_t i = 0; i < devices->n; i++) {
		struct map *m = devices->v[i].u.map;
		bool linked = map_get(m, "router").type == V_INT, known = map_get(m, "same_name").type == V_INT;
		struct val router = linked ? map_get(m, "router") : map_get(m, "same_name");

		put_str(m, "does", linked ? "update" : known ? "link" : map_get(m, "platform_id").type == V_INT ? "make" : NULL);
		put_str(m, "href", router.type == V_INT ? page_href(r, "/devices/routers/%lld/", (long long)router.u.i) : NULL);
		put_str(m, "text", val_cstr(map_get(m, linked ? "router_name" : "same_name_name"), NULL));
		put_str(m, "netbox", *r->conf->netbox_api == '\0' ? NULL :
		    arena_printf(r->a, "%s/dcim/devices/%lld/", root, (long long)map_get(m, "id").u.i));
	}
}

bool page_netbox(struct req *r) {
	struct map *ctx = page_new(r, "NetBox"), *reading;
	struct list *devices;

	page_crumb(r, ctx, "Routers", "/devices/routers/");
	page_crumb(r, ctx, "NetBox", NULL);
	put_str(ctx, "active", "/devices/routers/");
	if (!netbox_reading(r->db, r->a, &reading, &r->err) || !netbox_devices(r->db, r->a, NULL, &devices, &r->err))
		return false;
	dress(r, devices);
	put_str(reading, "tried", time_text(r, map_get(reading, "tried")));
	put_str(reading, "fetched", time_text(r, map_get(reading, "fetched")));
	map_set(ctx, "reading", val_map(reading));
	map_set(ctx, "devices", val_list(devices));
	put_bool(ctx, "known", *r->conf->netbox_api != '\0');
	put_str(ctx, "action", page_href(r, "/devices/routers/netbox/"));
	return page_render(r, "netbox.html", ctx);
}

bool page_netbox_post(struct req *r) {
	static const struct map none = { 0 };
	struct action_call c = { .s = &r->store, .res = &res_router, .input = &none, .said = "", .problems = { .a = r->a }, .jobs = list_new(r->a, 1) };
	struct list *ids = list_new(r->a, 16);
	struct map *input = map_new(r->a, 1);
	struct sbuf body;
	bool reads = req_form(r, "read") != NULL;

	sb_init(&body, r->a);
	c.body = &body;
	for (size_t i = 0; i < r->nform; i++) {
		if (strcmp(r->form[i].name, "pk") == 0)
			list_push(ids, val_int(strtoll(r->form[i].value, NULL, 10)));
	}
	map_set(input, "devices", val_list(ids));
	c.input = input;
	if (reads ? act_netbox_read(&c, &r->err) : act_netbox_import(&c, &r->err)) {
		if (reads) {
			r->news = JOB_NEW;
			return req_redirect(r, arena_printf(r->a, "/core/jobs/%lld/log/", (long long)c.jobs->v[0].u.i));
		}
		page_flash(r, "success", "%s", c.said);
		return req_redirect(r, "/devices/routers/netbox/");
	}
	if (r->err.code != ERR_INVALID && r->err.code != ERR_CONFLICT && r->err.code != ERR_NOT_FOUND)
		return false;
	db_rollback(r->db);
	page_flash(r, "danger", "%s", ids->n == 0 && !reads ? "Nothing was ticked." : r->err.msg);
	r->err = (struct err){ 0 };
	return req_redirect(r, "/devices/routers/netbox/");
}
