/* core_observe.c: /metrics and /health. */
#include "config.h"

#include <string.h>

#include "base/net.h"
#include "core_observe.h"
#include "db/queries.h"
#include "web/tally.h"

/* ---- metrics ---- */

static const struct gauge {
	const char *name, *help;
	size_t column;
} totals[] = {
	{ "peerage_jobs", "Jobs that wait or run.", 0 },
	{ "peerage_jobs_failed_last_day", "Jobs of the last 24 hours that failed.", 0 },
	{ "peerage_job_wait_seconds", "How long the job that waits longest could have begun.", 0 },
	{ "peerage_runners", "Job runners connected to the database.", 0 },
	{ "peerage_events_waiting", "Events that were not handed on yet.", 0 },
	{ "peerage_event_wait_seconds", "Age of the oldest of them.", 0 },
	{ "peerage_peeringdb_age_seconds", "Time since the last synchronisation with PeeringDB.", 0 },
	{ "peerage_database_bytes", "Size of the database.", 0 },
	{ "peerage_database_connections", "Connections to it.", 0 },
};

static bool allowed(struct req *r) {
	const char *s = r->conf->metrics_allow;
	struct addr client, net;

	if (r->actor.staff || r->actor.superuser)
		return true;
	if (!addr_parse(r->client, strlen(r->client), &client))
		return false;
	for (s += strspn(s, ", "); *s != '\0'; s += strspn(s, ", ")) {
		size_t n = strcspn(s, ", ");

		if (addr_parse(s, n, &net) && addr_contains(&net, &client))
			return true;
		s += n;
	}
	return false;
}

static bool numbers(struct req *r) {
	struct result q;

	if (!db_named(r->db, r->a, Q_METRICS_TOTALS, NULL, &q, &r->err))
		return false;
	for (const struct gauge *g = totals; g < totals + ARRAY_LEN(totals); g++) {
		metric_head(&r->body, g->name, g->help);
		for (size_t i = 0; i < q.n; i++) {
			if (strcmp(val_cstr(result_at(&q, i, 0), ""), g->name) != 0)
				continue;
			if (result_at(&q, i, 1).type == V_NULL)
				sb_fmt(&r->body, "%s %.15g\n", g->name, result_at(&q, i, 2).u.f);
			else
				sb_fmt(&r->body, "%s{%s} %.15g\n", g->name, val_cstr(result_at(&q, i, 1), ""), result_at(&q, i, 2).u.f);
		}
	}
	return true;
}

static const struct gauge polls[] = {
	{ "peerage_router_poll_timestamp_seconds", "When the router was last asked how its sessions are.", 1 },
	{ "peerage_router_poll_last_answer_timestamp_seconds", "When it last answered.", 2 },
	{ "peerage_router_poll_success", "1: it answered the last time; 0: it did not.", 3 },
	{ "peerage_router_poll_duration_seconds", "How long the last poll took.", 4 },
	{ "peerage_router_neighbours", "BGP neighbours that it told of.", 5 },
	{ NULL, NULL, 0 }
};
static const struct gauge schedules[] = {
	{ "peerage_schedule_last_run_timestamp_seconds", "When it last ran.", 1 },
	{ "peerage_schedule_last_success", "1: its last run ended well; 0: it failed.", 2 },
	{ NULL, NULL, 0 }
};
static const struct gauge webhooks[] = {
	{ "peerage_webhook_enabled", "1: it is told of events; 0: it is not, perhaps because it was given up.", 1 },
	{ "peerage_webhook_failures", "Deliveries given up, one after the other, since the last that arrived.", 2 },
	{ "peerage_webhook_deliveries_waiting", "Deliveries that did not arrive yet.", 3 },
	{ "peerage_webhook_delivery_wait_seconds", "Age of the oldest of them.", 4 },
	{ NULL, NULL, 0 }
};

/* One sample for each row of the query, labelled with its first column; null: none. */
static bool labelled(struct req *r, unsigned query, const char *label, const struct gauge *gauges) {
	struct result q;

	if (!db_named(r->db, r->a, query, NULL, &q, &r->err))
		return false;
	for (const struct gauge *g = gauges; g->name != NULL; g++) {
		metric_head(&r->body, g->name, g->help);
		for (size_t i = 0; i < q.n; i++) {
			if (result_at(&q, i, g->column).type == V_NULL)
				continue;
			sb_fmt(&r->body, "%s{%s=\"", g->name, label);
			tally_label(&r->body, val_cstr(result_at(&q, i, 0), ""));
			sb_fmt(&r->body, "\"} %.15g\n", result_at(&q, i, g->column).u.f);
		}
	}
	return true;
}

bool metrics(struct req *r) {
	if (!allowed(r))
		return req_fail(r, ERR_DENIED, "%s may not read the metrics: no network of the setting metrics_allow has it.", r->client);
	sb_str(&r->body, "# TYPE peerage_build info\n# HELP peerage_build Version of this program.\npeerage_build_info{version=\"" PACKAGE_VERSION "\"} 1\n");
	tally_write(r->tally, &r->body);
	if (!numbers(r) || !labelled(r, Q_METRICS_SCHEDULES, "schedule", schedules) || !labelled(r, Q_METRICS_POLLS, "router", polls) ||
	    !labelled(r, Q_METRICS_WEBHOOKS, "webhook", webhooks) || !session_metrics(r))
		return false;
	sb_str(&r->body, "# EOF\n");
	r->response_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
	return true;
}

/* ---- health ---- */

static bool health_answer(struct req *r, bool ok, struct map *checks) {
	struct map *m = map_new(r->a, 2);

	map_set(m, "status", val_str(ok ? "ok" : "unavailable"));
	if (checks != NULL)
		map_set(m, "checks", val_map(checks));
	req_header(r, "Cache-Control", "no-store");
	r->status = ok ? 200 : 503;
	return req_json(r, val_map(m));
}

bool health_live(struct req *r) {
	return health_answer(r, true, NULL);
}

bool health_ready(struct req *r) {
	struct map *checks = map_new(r->a, 3);
	const char *database = "ok";
	struct err e = { 0 };
	struct result q;
	bool ok = true;

	if (!db_named(r->db, r->a, Q_HEALTH, NULL, &q, &e))
		database = "unreachable", ok = false;
	else if (q.n == 0 || result_at(&q, 0, 1).type == V_NULL)
		database = "without schema: peerage migrate makes it", ok = false;
	else if (result_at(&q, 0, 0).u.b)
		database = "read only: this server follows another one", ok = false;
	map_set(checks, "database", val_str(database));
	map_set(checks, "redis", val_str(r->redis != NULL && redis_set(r->redis, "peerage:health", "1", 1, 60) ? "ok" :
	    "unreachable: jobs begin later, sign-ins are not throttled"));
	return health_answer(r, ok, checks);
}
