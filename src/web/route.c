/* route.c: from a path to a route: what a handler does beyond, then what every resource has. */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/limits.h"
#include "web/private.h"

/* Paths of older releases that clients still use. Nested addresses come back in today's form. */
static const struct {
	const char *old, *now;
} aliases[] = {
	{ "/api/peering/routers", "/api/devices/routers" },
	{ "/api/peering/configurations", "/api/devices/configurations" },
	{ "/api/peering/communities", "/api/bgp/communities" },
	{ "/api/peering/email-templates", "/api/messaging/emails" },
	{ "/api/extras/object-changes", "/api/core/object-changes" },
	{ "/api/extras/jobs", "/api/core/jobs" },
	{ "/api/utils/tags", "/api/extras/tags" },
	{ "/api/peeringdb/synchronizations", "/api/peeringdb/synchronisations" },
};

const struct standard api_routes[] = {
	{ M_GET, "", "view", api_list, 0, RF_NOAPI, "List" },
	{ M_POST, "", "add", api_create, ROUTE_WRITES, RF_NOAPI | RF_READONLY, "Create one, or several as a list" },
	{ M_PUT | M_PATCH, "", "change", api_bulk, ROUTE_WRITES, RF_NOAPI | RF_READONLY, "Change several" },
	{ M_DELETE, "", "delete", api_bulk, ROUTE_WRITES, RF_NOAPI | RF_READONLY, "Delete several" },
	{ M_OPTIONS, "", "view", api_options, 0, RF_NOAPI, "Describe the fields" },
	{ M_GET, "{id}/", "view", api_detail, 0, RF_NOAPI, "Read one" },
	{ M_PUT | M_PATCH, "{id}/", "change", api_update, ROUTE_WRITES, RF_NOAPI | RF_READONLY, "Change one" },
	{ M_DELETE, "{id}/", "delete", api_delete, ROUTE_WRITES, RF_NOAPI | RF_READONLY, "Delete one" },
	{ M_OPTIONS, "{id}/", "view", api_options, 0, RF_NOAPI, "Describe the fields" },
	{ 0, NULL, NULL, NULL, 0, 0, NULL }
};

/* What a pattern matched. */
struct match {
	int64_t id;
	const char *slug;
	size_t slug_len;
};

/* Match the rest of a path with the rest of a pattern; {id} is digits that fit, {slug} one segment. */
static bool pattern_matches(const char *pattern, const char *path, struct match *m) {
	while (*pattern != '\0') {
		if (strncmp(pattern, "{id}", 4) == 0) {
			char *end;

			if (!isdigit((unsigned char)*path) || strspn(path, "0123456789") > 18)
				return false;
			m->id = (int64_t)strtoll(path, &end, 10);
			path = end;
			pattern += 4;
		} else if (strncmp(pattern, "{slug}", 6) == 0) {
			m->slug = path;
			m->slug_len = strcspn(path, "/");
			if (m->slug_len == 0)
				return false;
			path += m->slug_len;
			pattern += 6;
		} else if (*pattern++ != *path++) {
			return false;
		}
	}
	return *path == '\0';
}

/* HEAD is answered as GET; OPTIONS of an API path without its own row is answered from the others. */
static bool method_fits(const struct req *r, unsigned methods) {
	return (methods & (r->method == M_HEAD ? M_GET : r->method)) != 0;
}

/* A standard row as a route, kept for the request. */
static const struct route *as_route(struct req *r, const struct standard *s, const struct resource *res) {
	struct route *route = arena_new(r->a, struct route, 1);

	*route = (struct route){ s->methods, s->suffix, res, s->verb, s->fn, s->flags, s->label, NULL };
	return route;
}

static void take(struct req *r, const struct resource *res, const struct match *m) {
	r->res = res;
	r->id = m->id;
	r->slug = m->slug == NULL ? NULL : arena_strndup(r->a, m->slug, m->slug_len);
}

static void find_own(struct req *r, const char *path) {
	for (const struct route *own = r->handler->routes; own != NULL && own->pattern != NULL; own++) {
		struct match m = { 0 };

		if (own->pattern[1] != path[1] || !pattern_matches(own->pattern, path, &m))
			continue;
		r->allow |= own->methods;
		if (r->route == NULL && method_fits(r, own->methods)) {
			r->route = own;
			take(r, own->res, &m);
		} else if (r->res == NULL) {
			take(r, own->res, &m);
		}
	}
}

static void find_standard(struct req *r, const struct resource *res, const struct standard *rows, const char *rest) {
	for (const struct standard *s = rows; s->suffix != NULL; s++) {
		struct match m = { 0 };

		if ((s->not_for & res->flags) != 0 || !pattern_matches(s->suffix, rest, &m))
			continue;
		r->allow |= s->methods;
		if (r->route == NULL && method_fits(r, s->methods)) {
			r->route = as_route(r, s, res);
			take(r, res, &m);
		} else if (r->res == NULL) {
			take(r, res, &m);
		}
	}
}

/* What of `path` follows "<prefix>/", or NULL. */
static const char *below(const char *path, const char *prefix) {
	size_t n = prefix == NULL ? 0 : strlen(prefix);

	return n > 0 && strncmp(path, prefix, n) == 0 && path[n] == '/' ? path + n + 1 : NULL;
}

struct looking {
	struct req *r;
	const char *path;
};

static void try_action(void *arg, const struct action *t, const struct route *route) {
	struct looking *l = arg;
	struct match m = { 0 };

	if ((strncmp(route->pattern, "/api/", 5) == 0) != l->r->json || !pattern_matches(route->pattern, l->path, &m))
		return;
	l->r->allow |= route->methods;
	if (l->r->route == NULL && method_fits(l->r, route->methods)) {
		struct route *kept = arena_new(l->r->a, struct route, 1);

		*kept = *route;
		l->r->route = kept;
		l->r->action = t;
	}
	take(l->r, t->res, &m);
}

/* By the last segment, which is its name. */
static void find_action(struct req *r, const char *path) {
	size_t n = strlen(path), from = n < 2 ? 0 : n - 1;

	while (from > 0 && path[from - 1] != '/')
		from--;
	if (from > 0 && path[n - 1] == '/')
		actions_each(r->a, r->handler, arena_strndup(r->a, path + from, n - from - 1), try_action, &(struct looking){ r, path });
}

static void find(struct req *r, const char *path) {
	const char *rest, *api = strlen(path) > strlen("/api/") ? path + strlen("/api/") : "";

	find_own(r, path);
	if (r->allow == 0)
		find_action(r, path);
	for (const struct resource *const *res = r->handler->resources; *res != NULL; res++) {
		if (r->json)
			rest = below(api, (*res)->api);
		else
			rest = below(path + 1, (*res)->page);
		if (rest == NULL)
			continue;
		/* an own route that knows the path knows it alone, but for the methods that it leaves to the standard ones */
		find_standard(r, *res, r->json ? api_routes : page_routes, rest);
	}
	if (r->allow != 0 && (r->allow & M_GET))
		r->allow |= M_HEAD;
	if (r->allow != 0 && r->json)
		r->allow |= M_OPTIONS;
}

static const char *today(struct req *r) {
	for (size_t i = 0; i < ARRAY_LEN(aliases); i++) {
		size_t n = strlen(aliases[i].old);

		if (strncmp(r->path, aliases[i].old, n) == 0 && (r->path[n] == '/' || r->path[n] == '\0'))
			return arena_printf(r->a, "%s%s", aliases[i].now, r->path + n);
	}
	return r->path;
}

const char *route_allow(struct arena *a, unsigned methods) {
	static const enum method order[] = { M_GET, M_POST, M_PUT, M_PATCH, M_DELETE, M_HEAD, M_OPTIONS };
	struct sbuf sb;

	sb_init(&sb, a);
	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		if (methods & order[i])
			sb_fmt(&sb, "%s%s", sb.len == 0 ? "" : ", ", method_name(order[i]));
	}
	return sb.s;
}

/* A path that lacks its last slash: a read is sent there, a write is simply taken, its body being here already. */
static bool find_slashed(struct req *r) {
	const char *slashed = arena_printf(r->a, "%s/", r->path);

	find(r, slashed);
	if (r->allow == 0)
		return true;
	if (r->json && r->route != NULL && method_writes(r->method)) {
		r->path = slashed;
		return true;
	}
	r->route = NULL;
	r->status = 301;
	req_header(r, "Location", arena_printf(r->a, "%s%s%s%s", r->conf->base_path, slashed, *r->raw_query == '\0' ? "" : "?", r->raw_query));
	return false;
}

bool route_find(struct req *r) {
	size_t n;

	if (r->json)
		r->path = today(r);
	n = strlen(r->path);
	find(r, r->path);
	if (r->allow == 0 && r->path[n - 1] != '/' && !find_slashed(r))
		return false;
	if (r->allow == 0)
		return req_fail(r, ERR_NOT_FOUND, r->json ? "Not found." : "The requested page does not exist.");
	return true;
}
