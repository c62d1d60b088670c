/* core: the API's roots, status and document; change log, jobs, data sources. */
#include "config.h"

#include <stdlib.h>

#include "core_observe.h"
#include "db/queries.h"
#include "handlers.h"
#include "model/tables/tables.h"
#include "peering/actions.h"
#include "peering/peering.h"
#include "web/openapi.h"
#include "web/pages.h"

/* ---- the roots ---- */

static const char *const apps[] = { "bgp", "core", "devices", "extras", "messaging", "net", "peering", "peeringdb", "users" };

static bool api_root(struct req *r) {
	struct map *m = map_new(r->a, ARRAY_LEN(apps) + 2);

	for (size_t i = 0; i < ARRAY_LEN(apps); i++)
		map_set(m, apps[i], val_str(req_url(r, arena_printf(r->a, "/api/%s/", apps[i]))));
	map_set(m, "status", val_str(req_url(r, "/api/status/")));
	map_set(m, "schema", val_str(req_url(r, "/api/schema/")));
	return req_json(r, val_map(m));
}

static int by_text(const void *a, const void *b) {
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

static bool api_app(struct req *r) {
	const char *names[128];
	size_t n = 0, len = strlen(r->slug);
	struct map *m;

	for (const struct resource *const *res = all_resources; *res != NULL && n < ARRAY_LEN(names) - 1; res++) {
		if (((*res)->flags & RF_NOAPI) == 0 && strncmp((*res)->api, r->slug, len) == 0 && (*res)->api[len] == '/')
			names[n++] = (*res)->api + len + 1;
	}
	if (n == 0)
		return req_fail(r, ERR_NOT_FOUND, "Not found.");
	if (strcmp(r->slug, "users") == 0)
		names[n++] = "userpref";
	qsort(names, n, sizeof(*names), by_text);
	m = map_new(r->a, n);
	for (size_t i = 0; i < n; i++)
		map_set(m, names[i], val_str(req_url(r, arena_printf(r->a, "/api/%s/%s/", r->slug, names[i]))));
	return req_json(r, val_map(m));
}

static bool api_status(struct req *r) {
	struct map *m = map_new(r->a, 5);
	struct result q;

	if (!db_named(r->db, r->a, Q_WORKERS_RUNNING, NULL, &q, &r->err))
		return false;
	map_set(m, "installed-apps", val_map(map_new(r->a, 0)));
	map_set(m, "peering-manager-version", val_str("1.10.5"));       /* whose API this is */
	map_set(m, "peerage-version", val_str(PACKAGE_VERSION));
	map_set(m, "postgresql-version", result_at(&q, 0, 1));
	map_set(m, "rq-workers-running", result_at(&q, 0, 0));
	return req_json(r, val_map(m));
}

static bool api_schema(struct req *r) {
	struct val doc = openapi_document(r->a, all_handlers);

	if (r->media != MEDIA_JSON) {
		r->response_type = "application/vnd.oai.openapi; version=3.1; charset=utf-8";
		yaml_write(&r->body, doc);
		return true;
	}
	req_json(r, doc);
	r->response_type = "application/vnd.oai.openapi+json; version=3.1";
	return true;
}

static const struct resource *const resources[] = {
	&res_data_file,
	&res_data_source,
	&res_job,
	&res_object_change,
	&res_schedule,
	NULL
};

static const struct route routes[] = {
	{ M_GET, "/api/", NULL, NULL, api_root, ROUTE_OPEN | ROUTE_NO_DB, "The apps", NULL },
	{ M_GET, "/api/status/", NULL, NULL, api_status, ROUTE_OPEN, "Versions and workers",
	    "A lightweight read-only endpoint for conveying the current operational status." },
	{ M_GET, "/api/schema/", NULL, NULL, api_schema, ROUTE_PUBLIC | ROUTE_NO_DB, "This document", NULL },
	{ M_GET, "/health/live", NULL, NULL, health_live, ROUTE_PUBLIC | ROUTE_NO_DB, "Does this program answer?", NULL },
	{ M_GET, "/health/ready", NULL, NULL, health_ready, ROUTE_PUBLIC | ROUTE_NO_DB, "Can it do its work?", NULL },
	{ M_GET, "/api/core/metrics/", NULL, NULL, metrics, ROUTE_STAFF, "Metrics",
	    "The text of /metrics in OpenMetrics 1.0, for a scraper that signs in by token." },
	{ M_GET, "/metrics", NULL, NULL, metrics, ROUTE_PUBLIC, "Metrics", NULL },
	{ M_GET, "/core/jobs/{id}/log/", &res_job, "view", page_job_log, 0, "Log", NULL },
	PAGE_ROUTES_CORE,
	{ M_GET, "/api/{slug}/", NULL, NULL, api_app, ROUTE_OPEN | ROUTE_NO_DB, "The endpoints of an app", NULL },
	{ 0 }
};

const struct handler handler_core = { "core", resources, routes, peering_behaviours, peering_actions };
