/* page_history.c: the last days of a session, or of all sessions of an object, as numbers for the SVG that the template draws. */
#include "config.h"

#include "db/queries.h"
#include "model/tables/tables.h"
#include "web/page.h"

enum { DAYS = 30, WIDTH = 1000, HEIGHT = 100, ROOM = 96 };     /* ROOM: of the height, so that the highest line is seen whole */

static const char *state_tone(const char *state) {
	if (*state == '\0')
		return "secondary";
	return strcmp(state, "established") == 0 ? "success" : strcmp(state, "idle") == 0 ? "danger" : "warning";
}

/* "3 d 4 h", the two greatest units. */
static const char *span_text(struct arena *a, int64_t s) {
	static const struct { int64_t seconds; const char *unit; } units[] = { { 86400, "d" }, { 3600, "h" }, { 60, "min" }, { 1, "s" } };
	size_t i = 0;

	if (s <= 0)
		return "none";
	while (i + 1 < ARRAY_LEN(units) && s < units[i].seconds)
		i++;
	if (i + 1 == ARRAY_LEN(units) || s % units[i].seconds < units[i + 1].seconds)
		return arena_printf(a, "%lld %s", (long long)(s / units[i].seconds), units[i].unit);
	return arena_printf(a, "%lld %s %lld %s", (long long)(s / units[i].seconds), units[i].unit,
	    (long long)(s % units[i].seconds / units[i + 1].seconds), units[i + 1].unit);
}

/* A stepped line of one of the sums; *most and *now are its highest and last value. False: there is none. */
static bool line_of(struct req *r, const struct result *q, const char *what, int64_t scale, struct map *m, int64_t *most, int64_t *now) {
	struct sbuf b;
	double y = HEIGHT;
	bool any = false;

	*most = *now = 0;
	for (size_t i = 0; i < q->n; i++) {
		if (strcmp(val_cstr(result_at(q, i, 0), ""), what) == 0 && result_at(q, i, 2).u.i > *most)
			*most = result_at(q, i, 2).u.i;
	}
	if (scale < *most)
		scale = *most;
	sb_init(&b, r->a);
	for (size_t i = 0; i < q->n; i++) {
		if (strcmp(val_cstr(result_at(q, i, 0), ""), what) != 0)
			continue;
		if (any)
			sb_fmt(&b, " %lld,%.1f", (long long)result_at(q, i, 1).u.i, y);
		*now = result_at(q, i, 2).u.i;
		y = HEIGHT - (scale == 0 ? 0 : (double)ROOM * (double)*now / (double)scale);
		sb_fmt(&b, "%s%lld,%.1f", any ? " " : "", (long long)result_at(q, i, 1).u.i, y);
		any = true;
	}
	if (any)
		sb_fmt(&b, " %d,%.1f", WIDTH, y);
	put_str(m, what, any ? b.s : NULL);
	return any;
}

/* The strip of a session: a rectangle for each state. */
static bool spans(struct req *r, const struct val *p, struct map *m) {
	struct list *l = list_new(r->a, 16);
	struct result q;

	map_set(m, "spans", val_list(l));
	if (!db_named(r->db, r->a, Q_HISTORY_SPANS, p, &q, &r->err))
		return false;
	for (size_t i = 0; i < q.n; i++) {
		const char *state = val_cstr(result_at(&q, i, 2), ""), *reason = val_cstr(result_at(&q, i, 4), "");
		struct map *s = map_new(r->a, 4);

		map_set(s, "x", result_at(&q, i, 0));
		map_set(s, "w", val_float(result_at(&q, i, 1).u.f - result_at(&q, i, 0).u.f));
		put_str(s, "tone", state_tone(state));
		put_str(s, "title", arena_printf(r->a, "%s since %s%s%s", *state == '\0' ? "not on the router" : state, time_text(r, result_at(&q, i, 3)),
		    *reason == '\0' ? "" : ": ", reason));
		list_push(l, val_map(s));
	}
	return true;
}

static bool numbers(struct req *r, const struct val *p, struct map *m) {
	struct result q;
	int64_t known;

	if (!db_named(r->db, r->a, Q_HISTORY_NUMBERS, p, &q, &r->err))
		return false;
	known = result_at(&q, 0, 4).u.i;
	map_set(m, "flaps_day", result_at(&q, 0, 0));
	map_set(m, "flaps", result_at(&q, 0, 1));
	put_str(m, "outage", span_text(r->a, result_at(&q, 0, 2).u.i));
	put_str(m, "share", known == 0 ? NULL : arena_printf(r->a, "%.2f", 100.0 * (double)(known - result_at(&q, 0, 3).u.i) / (double)known));
	return true;
}

/* When the router was last asked, for its own page. */
static bool polled(struct req *r, const struct row *row, struct map *m) {
	struct val id = val_int(row->id);
	struct result q;

	map_set(m, "polled", val_null());
	if (row->res != &res_router)
		return true;
	if (!db_named(r->db, r->a, Q_POLL_OF_ROUTER, &id, &q, &r->err))
		return false;
	if (q.n > 0) {
		const char *error = val_cstr(result_at(&q, 0, 2), "");

		put_str(m, "polled", *error == '\0' ? arena_printf(r->a, "Polled %s in %lld ms: %lld neighbours, %lld sessions of the book",
		    time_text(r, result_at(&q, 0, 0)), (long long)result_at(&q, 0, 4).u.i, (long long)result_at(&q, 0, 5).u.i, (long long)result_at(&q, 0, 6).u.i) :
		    arena_printf(r->a, "Poll failed %s (%lld times in a row): %s", time_text(r, result_at(&q, 0, 0)), (long long)result_at(&q, 0, 3).u.i, error));
		put_bool(m, "poll_failed", *error != '\0');
	}
	return true;
}

/* All of its sessions must be his to see: a sum tells of each. */
static bool shown(struct req *r, const struct row *row) {
	static const struct resource *const whole[] = { &res_autonomous_system, &res_bgp_group, &res_connection, &res_internet_exchange, &res_router };

	if (res_field(row->res, "bgp_state") >= 0)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(whole); i++) {
		if (row->res == whole[i])
			return may(&r->store, &res_internet_exchange_peering_session, "view") && may(&r->store, &res_direct_peering_session, "view");
	}
	return false;
}

/* How far back it is drawn: what is known of a new one would be a hair's breadth of 30 days. */
static bool window_of(struct req *r, const struct val *p, struct val *days, const char **label) {
	static const struct { double days; const char *label; } windows[] = { { 1.0 / 24, "Last hour" }, { 1, "Last day" }, { 7, "Last 7 days" }, { DAYS, "Last 30 days" } };
	struct result q;
	size_t i = 0;

	if (!db_named(r->db, r->a, Q_HISTORY_AGE, p, &q, &r->err))
		return false;
	while (i + 1 < ARRAY_LEN(windows) && (result_at(&q, 0, 0).type != V_FLOAT || result_at(&q, 0, 0).u.f > windows[i].days * 86400))
		i++;
	*days = val_float(windows[i].days);
	*label = windows[i].label;
	return true;
}

bool picture_history(struct req *r, const struct row *row, struct map *ctx) {
	const struct val p[] = { val_str(row->res->table), val_int(row->id), val_int(DAYS) };
	struct val drawn[] = { p[0], p[1], p[2] };
	const char *label;
	struct map *m = map_new(r->a, 16);
	int64_t most, now, known, most_known;
	struct result q;
	bool one = res_field(row->res, "bgp_state") >= 0, any, prefixes;

	map_set(ctx, "history", val_null());
	if (!shown(r, row))
		return true;
	if (!window_of(r, p, &drawn[2], &label) || !db_named(r->db, r->a, Q_HISTORY_SUMS, drawn, &q, &r->err) || !polled(r, row, m))
		return false;
	any = line_of(r, &q, "known", 0, m, &most_known, &known);
	line_of(r, &q, "up", most_known, m, &most, &now);
	put_str(m, "window", label);
	put_int(m, "most_known", most_known);
	put_int(m, "known_now", known);
	put_int(m, "up_now", now);
	prefixes = line_of(r, &q, "prefixes", 0, m, &most, &now);
	put_int(m, "most", most);
	put_int(m, "prefixes_now", now);
	put_bool(m, "one", one);
	put_bool(m, "any", any || prefixes);
	if (!any && !prefixes && map_get(m, "polled").type == V_NULL)
		return true;
	map_set(m, "spans", val_list(list_new(r->a, 0)));
	if (!numbers(r, p, m) || (one && !spans(r, drawn, m)))
		return false;
	map_set(ctx, "history", val_map(m));
	return true;
}
