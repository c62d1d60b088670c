/* user_can.c: `peerage user can`: what somebody can see and do, on a terminal. */
#include "config.h"

#include <stdio.h>

#include "base/json.h"
#include "cli/commands.h"
#include "cli/user.h"
#include "model/explain.h"
#include "peering/actions.h"

static const char *words(struct cli *c, const struct map *m) {
	const char *right = val_cstr(map_get(m, "right"), "");
	struct val rows = map_get(m, "rows");

	if (strcmp(right, "some") != 0)
		return strcmp(right, "all") == 0 ? "all" : "no";
	return arena_printf(c->a, "%lld of them", (long long)rows.u.i);
}

/* ' by Edge {"tag": "edge"} of the group NOC' */
static void print_source(struct cli *c, const struct map *by, const char *before) {
	const struct list *groups = map_get(by, "groups").u.list;
	struct val where = map_get(by, "constraints");
	struct sbuf b;

	sb_init(&b, c->a);
	if (where.type == V_MAP || where.type == V_LIST)
		json_write(&b, where);
	printf("%s%s%s%s", before, val_cstr(map_get(by, "name"), ""), b.len == 0 ? "" : " ", b.s);
	for (size_t i = 0; i < groups->n; i++)
		printf("%s%s", i == 0 ? " of the group " : " and ", val_cstr(groups->v[i], ""));
}

static void print_resource(struct cli *c, const struct map *res) {
	const struct list *rights = map_get(res, "rights").u.list;

	for (size_t i = 0; i < rights->n; i++) {
		const struct map *m = rights->v[i].u.map;
		const struct list *by = map_get(m, "permissions").u.list;

		printf("%-36s %-30s %-12s", val_cstr(map_get(res, "resource"), ""), val_cstr(map_get(m, "action"), ""), words(c, m));
		for (size_t k = 0; k < by->n; k++)
			print_source(c, by->v[k].u.map, k == 0 ? " by " : ", ");
		putchar('\n');
	}
}

int user_can(struct cli *c, struct world *w, int64_t id, const char *resource) {
	const struct resource *only = resource == NULL ? NULL : res_by_command(resource);
	struct list *out;
	struct err e;

	if (resource != NULL && only == NULL)
		only = res_by_model(resource);
	if (resource != NULL && only == NULL) {
		err_set(&e, ERR_NOT_FOUND, NULL, "there is no resource \"%s\"; `peerage list` names them", resource);
		return cli_fail(c, &e);
	}
	if (!rights_explain(&w->store, id, peering_actions, only, &out, &e))
		return cli_fail(c, &e);
	if (c->json)
		cli_json_line(c, val_list(out));
	for (size_t i = 0; !c->json && i < out->n; i++)
		print_resource(c, out->v[i].u.map);
	return 0;
}
