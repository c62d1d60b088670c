/* extras_webhooks.c: a webhook's preview and test, and telling once more what was told; on the pages and in the API alike. */
#include "config.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/seal.h"
#include "db/queries.h"
#include "extras_webhooks.h"
#include "model/tables/tables.h"
#include "peering/webhook.h"
#include "web/page.h"

enum { EVENTS_SHOWN = 25 };

/* ---- the event of a trial: one that happened, or one made up ---- */

static const char *trial_data(struct req *r) {
	struct store plain = r->store;
	struct sbuf b;

	plain.base_url = "";
	sb_init(&b, r->a);
	row_json(&plain, &b, r->object, FORM_BRIEF, NULL, NULL);
	return b.s;
}

static bool made_up(struct req *r, struct webhook_event *ev) {
	const char *data = trial_data(r);

	*ev = (struct webhook_event){ .event = "test", .model = "webhook", .timestamp = "2026-01-01 00:00:00.000000+00:00", .username = r->actor.user_name,
		.request_id = r->request_id, .prechange = val_null(), .postchange = val_null() };
	return json_parse(r->a, data, strlen(data), LIMIT_JSON_DEPTH, &ev->data, &r->err);
}

/* The event asked for must be one that this webhook could be told: of its types. */
static bool find_event(struct req *r, const char *wanted, const struct result *events, int64_t *id) {
	*id = 0;
	if (wanted == NULL || *wanted == '\0')
		return true;
	for (size_t i = 0; i < events->n; i++) {
		if (result_at(events, i, 0).u.i == strtoll(wanted, NULL, 10))
			*id = result_at(events, i, 0).u.i;
	}
	return *id != 0 || req_fail(r, ERR_INVALID, "Event %.40s is not among the latest %d of this webhook's types.", wanted, EVENTS_SHOWN);
}

static bool event_of(struct req *r, int64_t id, struct webhook_event *ev) {
	struct result q;

	if (id == 0)
		return made_up(r, ev);
	if (!db_named(r->db, r->a, Q_EVENT_GET, (struct val[]){ val_int(id) }, &q, &r->err))
		return false;
	if (q.n == 0)
		return req_fail(r, ERR_NOT_FOUND, "Event %lld is gone.", (long long)id);
	*ev = (struct webhook_event){ .event = q.v[1].u.s, .model = q.v[2].u.s, .data = q.v[3], .prechange = q.v[4], .postchange = q.v[5],
		.username = q.v[6].u.s, .request_id = q.v[7].u.s, .timestamp = q.v[8].u.s };
	return true;
}

static bool events_of(struct req *r, struct result *out) {
	return db_named(r->db, r->a, Q_WEBHOOK_EVENTS, (struct val[]){ val_int(r->id), val_int(EVENTS_SHOWN) }, out, &r->err);
}

/* ---- preview ---- */

/* What would be sent. False with r->err of ERR_TEMPLATE: nothing would, and why. */
static bool compose(struct req *r, int64_t event, struct webhook_request *out) {
	struct webhook w = { .url = val_cstr(row_get(r->object, "payload_url"), ""), .content_type = val_cstr(row_get(r->object, "http_content_type"), ""),
		.headers = val_cstr(row_get(r->object, "additional_headers"), ""), .body = val_cstr(row_get(r->object, "body_template"), "") };
	struct webhook_event ev;
	struct result q;

	if (!event_of(r, event, &ev) || !db_named(r->db, r->a, Q_WEBHOOK_SECRET, (struct val[]){ val_int(r->id) }, &q, &r->err))
		return false;
	return unseal_text(seal_new(r->a, r->conf->secret_file), r->a, q.n == 0 ? "" : val_cstr(result_at(&q, 0, 0), ""), &w.secret, &r->err) &&
	    webhook_compose(&r->store, &w, &ev, out, &r->err);
}

static struct val request_map(struct req *r, const struct webhook_request *w) {
	struct map *m = map_new(r->a, 4);

	map_set(m, "url", val_str(w->url));
	map_set(m, "method", row_get(r->object, "http_method"));
	map_set(m, "headers", val_list(w->headers));
	map_set(m, "body", val_mem(w->body.s, w->body.len));
	return val_map(m);
}

bool api_webhook_preview(struct req *r) {
	struct webhook_request w;
	struct result events;
	int64_t id;

	return events_of(r, &events) && find_event(r, req_param(r, "event"), &events, &id) && compose(r, id, &w) && req_json(r, request_map(r, &w));
}

static struct val choices(struct req *r, const struct result *events, int64_t chosen) {
	struct list *l = list_new(r->a, events->n);

	for (size_t i = 0; i < events->n; i++) {
		struct map *m = map_new(r->a, 3);
		struct val data = result_at(events, i, 6), display = data.type == V_MAP ? map_get(data.u.map, "display") : val_null();

		map_set(m, "id", result_at(events, i, 0));
		put_str(m, "text", arena_printf(r->a, "%s %s %s by %s, %s", result_at(events, i, 1).u.s, result_at(events, i, 2).u.s, val_cstr(display, ""),
		    result_at(events, i, 4).u.s, time_text(r, result_at(events, i, 5))));
		put_bool(m, "now", result_at(events, i, 0).u.i == chosen);
		list_push(l, val_map(m));
	}
	return val_list(l);
}

bool page_webhook_preview(struct req *r) {
	struct webhook_request w;
	struct result events;
	struct map *ctx;
	int64_t id;
	bool ok;

	if (!events_of(r, &events) || !find_event(r, req_param(r, "event"), &events, &id) || (ctx = detail_new(r, r->object, "preview")) == NULL)
		return false;
	page_crumb(r, ctx, "Preview", NULL);
	ok = compose(r, id, &w);
	if (!ok && r->err.code != ERR_TEMPLATE)
		return false;
	put_str(ctx, "error", ok ? "" : arena_strdup(r->a, r->err.msg));
	map_set(ctx, "sent", ok ? request_map(r, &w) : val_null());
	map_set(ctx, "events", choices(r, &events, id));
	put_int(ctx, "event", id);
	r->err = (struct err){ 0 };
	return page_render_for(r, r->res, "preview.html", ctx);
}

/* ---- test and replay ---- */

static bool ask_test(struct req *r, const char *wanted, int64_t *delivery) {
	struct result events, q;
	int64_t id;

	if (!events_of(r, &events) || !find_event(r, wanted, &events, &id))
		return false;
	if (id == 0) {
		if (!db_named(r->db, r->a, Q_WEBHOOK_TEST_EVENT, (struct val[]){ val_int(r->id), val_str(r->actor.user_name), val_str(r->request_id),
		    val_str(trial_data(r)) }, &q, &r->err))
			return false;
		id = result_at(&q, 0, 0).u.i;
	}
	if (!db_named(r->db, r->a, Q_WEBHOOK_TEST, (struct val[]){ val_int(r->id), val_int(id) }, &q, &r->err))
		return false;
	*delivery = result_at(&q, 0, 0).u.i;
	return true;
}

static bool ask_replay(struct req *r, int64_t *delivery) {
	struct result q;

	if (!db_named(r->db, r->a, Q_DELIVERY_REPLAY, (struct val[]){ val_int(r->id) }, &q, &r->err))
		return false;
	*delivery = result_at(&q, 0, 0).u.i;
	return true;
}

static bool answer(struct req *r, int64_t id) {
	struct map *m = map_new(r->a, 3);

	map_set(m, "id", val_int(id));
	map_set(m, "url", val_str(req_url(r, arena_printf(r->a, "/api/extras/webhook-deliveries/%lld/", (long long)id))));
	map_set(m, "display_url", val_str(req_url(r, arena_printf(r->a, "/extras/webhook-deliveries/%lld/", (long long)id))));
	r->status = 202;
	return req_json(r, val_map(m));
}

bool api_webhook_test(struct req *r) {
	struct val input;
	const char *event = NULL;
	int64_t id;

	if (r->body_in_len > 0) {
		if (!req_input(r, &input))
			return false;
		if (input.type == V_MAP && map_get(input.u.map, "event").type == V_INT)
			event = arena_printf(r->a, "%lld", (long long)map_get(input.u.map, "event").u.i);
	}
	return ask_test(r, event, &id) && answer(r, id);
}

bool api_delivery_replay(struct req *r) {
	int64_t id;

	return ask_replay(r, &id) && answer(r, id);
}

bool page_webhook_test(struct req *r) {
	int64_t id;

	if (!ask_test(r, req_form(r, "event"), &id))
		return false;
	page_flash(r, "success", "The test is on its way: this page shows what becomes of it.");
	return req_redirect(r, arena_printf(r->a, "/extras/webhook-deliveries/%lld/", (long long)id));
}

bool page_delivery_replay(struct req *r) {
	int64_t id;

	if (!ask_replay(r, &id))
		return false;
	page_flash(r, "success", "It is told once more: this page shows what becomes of it.");
	return req_redirect(r, arena_printf(r->a, "/extras/webhook-deliveries/%lld/", (long long)id));
}
