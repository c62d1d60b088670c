/* route_list.c: every route of a handler with what it asks for, one a line: what a test and an operator look at. */
#include "config.h"

#include <stdio.h>

#include "web/private.h"

static void line(struct arena *a, unsigned methods, const char *path, const char *right) {
	printf("%-28s %-72s %s\n", route_allow(a, methods), path, right);
}

static const char *right_of(struct arena *a, const struct resource *res, const char *verb, unsigned flags) {
	if (flags & ROUTE_PUBLIC)
		return "public";
	if (verb != NULL && res != NULL)
		return res_perm(a, res, verb);
	if (flags & ROUTE_STAFF)
		return "staff";
	return flags & ROUTE_OPEN ? "open" : "user";
}

static void standard(struct arena *a, const struct resource *res, const struct standard *rows, const char *prefix) {
	for (const struct standard *s = rows; s->suffix != NULL; s++) {
		if ((s->not_for & res->flags) == 0)
			line(a, s->methods, arena_printf(a, "%s/%s", prefix, s->suffix), right_of(a, res, s->verb, s->flags));
	}
}

static void of_action(void *arg, const struct action *t, const struct route *route) {
	line(arg, route->methods, route->pattern, right_of(arg, t->res, t->verb, route->flags));
}

void routes_print(struct arena *a, const struct handler *h) {
	for (const struct route *t = h->routes; t != NULL && t->pattern != NULL; t++)
		line(a, t->methods, t->pattern, right_of(a, t->res, t->verb, t->flags));
	actions_each(a, h, NULL, of_action, a);
	for (const struct resource *const *res = h->resources; *res != NULL; res++) {
		if ((*res)->api != NULL)
			standard(a, *res, api_routes, arena_printf(a, "/api/%s", (*res)->api));
		if ((*res)->page != NULL)
			standard(a, *res, page_routes, arena_printf(a, "/%s", (*res)->page));
	}
}
