/* schema.c: what the tables of templates say of themselves: filters, tests, functions, and what hangs off each object. */
#include "config.h"

#include <stdio.h>

#include "cli/schema.h"
#include "peering/graph.h"
#include "peering/peering.h"

static struct val def_value(struct arena *a, const struct tmpl_def *d, const char *kind, const char *from) {
	struct map *m = map_new(a, 6);

	map_set(m, "name", val_str(d->name));
	map_set(m, "kind", val_str(kind));
	map_set(m, "from", val_str(from));
	map_set(m, "parameters", val_str(d->params == NULL ? "**" : d->params));
	map_set(m, "help", val_str_or_null(d->help));
	map_set(m, "example", val_str_or_null(d->example));
	return val_map(m);
}

static void add_table(struct arena *a, struct list *l, const struct tmpl_def *d, const char *kind, const char *from) {
	for (; d->name != NULL; d++)
		list_push(l, def_value(a, d, kind, from));
}

static void add_tables(struct arena *a, struct list *l, const struct tmpl_def *const *tables, const char *kind, const char *from) {
	for (; *tables != NULL; tables++)
		add_table(a, l, *tables, kind, from);
}

int schema_filters(struct cli *c) {
	struct list *l = list_new(c->a, 200);
	size_t i;

	add_tables(c->a, l, peering_filters, "filter", "peering");
	add_tables(c->a, l, peering_globals, "function", "peering");
	add_table(c->a, l, tmpl_filters, "filter", "jinja2");
	add_table(c->a, l, tmpl_tests, "test", "jinja2");
	add_table(c->a, l, tmpl_globals, "function", "jinja2");
	if (c->json) {
		cli_json(c, val_list(l));
		return 0;
	}
	for (i = 0; i < l->n; i++) {
		const struct map *m = l->v[i].u.map;

		printf("%-8s %-24s %s\n", map_get(m, "kind").u.s, map_get(m, "name").u.s, map_get(m, "parameters").u.s);
		if (map_get(m, "help").type == V_STR && map_get(m, "help").len > 0)
			printf("%33s %s\n", "", map_get(m, "help").u.s);
		if (map_get(m, "example").type == V_STR && map_get(m, "example").len > 0)
			printf("%33s %s\n", "", map_get(m, "example").u.s);
	}
	return 0;
}

static void add_name(struct arena *a, struct list *l, const char *name, const char *after) {
	list_push(l, val_printf(a, "%s%s", name, after));
}

/* Every attribute of a table's objects, as a template writes it. */
static struct val attributes(struct arena *a, const struct gtable *t) {
	struct list *l = list_new(a, 64);
	const struct attr *x;
	size_t i;

	for (i = 0; i < t->ncolumns; i++) {
		const struct column *col = &t->columns[i];

		if (col->kind == K_HIDDEN)
			continue;
		if (col->kind == K_REF)
			list_push(l, val_mem(arena_strndup(a, col->name, strlen(col->name) - 3), strlen(col->name) - 3));
		else
			add_name(a, l, col->name, "");
		if (col->kind == K_CHOICE)
			list_push(l, val_printf(a, "get_%s_display()", col->name));
	}
	for (x = t->attrs; x->name != NULL; x++)
		add_name(a, l, x->name, x->kind == ATTR_METHOD ? "()" : x->kind == ATTR_PROPERTY ? "" : ".all()");
	return val_list(l);
}

int schema_objects(struct cli *c) {
	struct list *l = list_new(c->a, T__COUNT);
	size_t i, k;

	for (i = 0; i < T__COUNT; i++) {
		struct val names = attributes(c->a, &gtables[i]);
		struct map *m = map_new(c->a, 3);

		map_set(m, "class", val_str(gtables[i].class_name));
		map_set(m, "model", val_str(gtables[i].model));
		map_set(m, "attributes", names);
		list_push(l, val_map(m));
		if (c->json)
			continue;
		printf("%s (%s)\n", gtables[i].class_name, gtables[i].model);
		for (k = 0; k < names.u.list->n; k++)
			printf("    %s\n", names.u.list->v[k].u.s);
	}
	if (c->json)
		cli_json(c, val_list(l));
	return 0;
}
