/* page_import.c: our ports in PeeringDB that the book lacks, to be taken over. */
#include "config.h"

#include <stdlib.h>

#include "db/queries.h"
#include "model/tables/tables.h"
#include "web/page.h"
#include "web/pages.h"

bool page_peers_import(struct req *r) {
	static const char *const names[] = { "id", "asn", "as", "lan", "name", "exchange", "ipv6", "ipv4", "speed", NULL };
	struct map *ctx = page_new(r, "Import from PeeringDB");
	struct val all = val_null();
	struct result q;

	page_crumb(r, ctx, "Internet Exchanges", "/internet-exchanges/");
	page_crumb(r, ctx, "Import from PeeringDB", NULL);
	if (!db_named(r->db, r->a, Q_OUR_PORTS, &all, &q, &r->err))
		return false;
	map_set(ctx, "ports", result_maps(r->a, &q, names));
	return page_render(r, "peers_import.html", ctx);
}

bool page_peers_import_post(struct req *r) {
	const struct action *t = action_find(r->handler->actions, &res_internet_exchange, "import-from-peeringdb");
	struct list *ports = list_new(r->a, r->nform);
	struct map *input = map_new(r->a, 1);
	struct action_call c;

	for (size_t i = 0; i < r->nform; i++) {
		const char *s = r->form[i].value;

		if (strcmp(r->form[i].name, "pk") == 0 && *s != '\0' && s[strspn(s, "0123456789")] == '\0' && strlen(s) < 19)
			list_push(ports, val_int(strtoll(s, NULL, 10)));
	}
	if (t == NULL || !action_may(&r->store, t))
		return req_fail(r, ERR_DENIED, "You may not add exchanges and connections.");
	map_set(input, "ports", val_list(ports));
	c = action_call(&r->store, t, NULL, input);
	if (!action_run(&c, t, &r->err)) {
		r->problems = c.problems;
		return false;
	}
	page_flash(r, "success", "%s", ports->n == 0 ? "Nothing was selected." : c.said);
	return req_redirect(r, "/internet-exchanges/");
}
