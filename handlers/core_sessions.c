/*
 * core_sessions.c: the metrics of sessions. A large book has 25,000, which makes a text of 20 MB: rows are taken as they come from the
 * database, which goes on with the next ones meanwhile, and the labels of each are written once.
 */
#include "config.h"

#include <stdlib.h>

#include "core_observe.h"
#include "db/queries.h"
#include "web/tally.h"

enum { NAME_LEN = 48 };         /* about as long as they are, with the number, so that the text does not move as it grows */

enum { C_ID, C_PLACE, C_ASN, C_ADDRESS, C_STATUS, C_STATE, C_RECEIVED, C_ACCEPTED, C_ADVERTISED, C_ESTABLISHED, C__COUNT };      /* as asked for */

enum { G_ENABLED, G_UP, G_RECEIVED, G_ACCEPTED, G_ADVERTISED, G_ESTABLISHED, G_FLAPS, G__COUNT };

static const struct {
	const char *name, *help;
} gauges[G__COUNT] = {
	[G_ENABLED] = { "peerage_bgp_session_enabled", "1: the book wants this session up." },
	[G_UP] = { "peerage_bgp_session_up", "1: established when the router was last asked; 0: in another state." },
	[G_RECEIVED] = { "peerage_bgp_session_received_prefixes", "Prefixes received." },
	[G_ACCEPTED] = { "peerage_bgp_session_accepted_prefixes", "Prefixes accepted." },
	[G_ADVERTISED] = { "peerage_bgp_session_advertised_prefixes", "Prefixes advertised." },
	[G_ESTABLISHED] = { "peerage_bgp_session_last_established_timestamp_seconds", "When it was last seen established." },
	[G_FLAPS] = { "peerage_bgp_session_flaps_last_day", "Times that it went down in the last 24 hours." },
};

struct column {
	const char *s;
	size_t len;             /* SIZE_MAX: null */
};

struct series {
	size_t end;             /* of its labels */
	int64_t n[G__COUNT];    /* ABSENT: it has none */
};

static const int64_t ABSENT = INT64_MIN;

struct reading {
	struct req *r;
	const char *kind;       /* "exchange" or "direct" */
	struct map *place, *flaps;      /* of that kind, by id: labels; times */
	struct sbuf labels;
	struct series *series;
	size_t n, cap;
};

void metric_head(struct sbuf *b, const char *name, const char *help) {
	sb_fmt(b, "# TYPE %s gauge\n", name);
	if (strlen(name) > 8 && strcmp(name + strlen(name) - 8, "_seconds") == 0)
		sb_fmt(b, "# UNIT %s seconds\n", name);
	else if (strlen(name) > 6 && strcmp(name + strlen(name) - 6, "_bytes") == 0)
		sb_fmt(b, "# UNIT %s bytes\n", name);
	sb_fmt(b, "# HELP %s %s\n", name, help);
}

/* ---- one row ---- */

static bool split(const char *line, size_t len, struct column out[C__COUNT]) {
	const char *end = line + len, *tab;
	size_t i;

	for (i = 0; i < C__COUNT; i++, line = tab + 1) {
		tab = memchr(line, i + 1 < C__COUNT ? '\t' : '\n', (size_t)(end - line));
		if (tab == NULL)
			return false;
		out[i] = (struct column){ line, tab - line == 2 && memcmp(line, "\\N", 2) == 0 ? SIZE_MAX : (size_t)(tab - line) };
	}
	return true;
}

static bool is(struct column c, const char *word) {
	return c.len == strlen(word) && memcmp(c.s, word, c.len) == 0;
}

static int64_t number(struct column c) {
	return c.len == SIZE_MAX ? ABSENT : strtoll(c.s, NULL, 10);
}

static void put(struct sbuf *b, const char *before, struct column c) {
	sb_str(b, before);
	sb_mem(b, c.s, c.len);
}

/* What begins a line after the name of its metric. */
static void write_labels(struct reading *w, const struct column *c) {
	const struct val *place = c[C_PLACE].len == SIZE_MAX ? NULL : map_find(w->place, val_int(number(c[C_PLACE])));
	const char *slash = memchr(c[C_ADDRESS].s, '/', c[C_ADDRESS].len);
	struct column address = { c[C_ADDRESS].s, slash == NULL ? c[C_ADDRESS].len : (size_t)(slash - c[C_ADDRESS].s) };
	struct sbuf *b = &w->labels;

	sb_str(b, "{type=\"");
	sb_str(b, w->kind);
	put(b, "\",id=\"", c[C_ID]);
	if (place == NULL)
		sb_str(b, "\",router=\"\",exchange=\"");
	else
		sb_mem(b, place->u.s, place->len);
	put(b, "\",asn=\"", c[C_ASN]);
	put(b, "\",address=\"", address);
	sb_str(b, "\"} ");
}

/* Prefixes and times say nothing of a session that no router was asked about. */
static bool take(void *arg, const char *line, size_t len, struct err *e) {
	struct reading *w = arg;
	const struct val *flaps;
	struct column c[C__COUNT];
	struct series *s;

	if (!split(line, len, c))
		return err_set(e, ERR_INTERNAL, NULL, "a line of sessions has not %d columns", C__COUNT);
	if (w->n == w->cap) {
		struct series *more = arena_new(w->r->a, struct series, w->cap * 2);

		memcpy(more, w->series, w->n * sizeof(*more));
		w->series = more;
		w->cap *= 2;
	}
	s = &w->series[w->n++];
	write_labels(w, c);
	s->end = w->labels.len;
	for (size_t i = 0; i < G__COUNT; i++)
		s->n[i] = ABSENT;
	s->n[G_ENABLED] = is(c[C_STATUS], "enabled");
	if (c[C_STATE].len == SIZE_MAX)
		return true;
	flaps = map_find(w->flaps, val_int(number(c[C_ID])));
	s->n[G_UP] = is(c[C_STATE], "established");
	s->n[G_RECEIVED] = number(c[C_RECEIVED]);
	s->n[G_ACCEPTED] = number(c[C_ACCEPTED]);
	s->n[G_ADVERTISED] = number(c[C_ADVERTISED]);
	s->n[G_ESTABLISHED] = number(c[C_ESTABLISHED]);
	s->n[G_FLAPS] = flaps == NULL ? 0 : flaps->u.i;
	return true;
}

/* ---- all of them ---- */

static const char *place_labels(struct req *r, struct val router, struct val exchange) {
	struct sbuf b;

	sb_init(&b, r->a);
	sb_str(&b, "\",router=\"");
	tally_label(&b, val_cstr(router, ""));
	sb_str(&b, "\",exchange=\"");
	tally_label(&b, val_cstr(exchange, ""));
	return b.s;
}

static bool read_kind(struct reading *w, const char *kind, enum query_id query, const struct result *places, const struct result *flaps) {
	struct req *r = w->r;

	w->kind = kind;
	w->place = map_new(r->a, places->n);
	w->flaps = map_new(r->a, flaps->n);
	for (size_t i = 0; i < places->n; i++) {
		if (strcmp(result_at(places, i, 0).u.s, kind) == 0)
			map_put(w->place, result_at(places, i, 1), val_str(place_labels(r, result_at(places, i, 2), result_at(places, i, 3))));
	}
	for (size_t i = 0; i < flaps->n; i++) {
		if (strcmp(result_at(flaps, i, 0).u.s, kind) == 0)
			map_put(w->flaps, result_at(flaps, i, 1), result_at(flaps, i, 2));
	}
	return db_copy_out(r->db, arena_printf(r->a, "COPY (%s) TO STDOUT", named_queries[query].sql), take, w, &r->err);
}

static void write_lines(const struct reading *w, struct sbuf *b, size_t gauge) {
	size_t len = strlen(gauges[gauge].name), from = 0;

	metric_head(b, gauges[gauge].name, gauges[gauge].help);
	for (size_t i = 0; i < w->n; from = w->series[i++].end) {
		if (w->series[i].n[gauge] == ABSENT)
			continue;
		sb_mem(b, gauges[gauge].name, len);
		sb_mem(b, w->labels.s + from, w->series[i].end - from);
		sb_int(b, w->series[i].n[gauge]);
		sb_chr(b, '\n');
	}
}

bool session_metrics(struct req *r) {
	struct reading w = { .r = r, .cap = 1024 };
	struct result places, flaps;

	if (!db_named(r->db, r->a, Q_METRICS_PLACES, NULL, &places, &r->err) || !db_named(r->db, r->a, Q_METRICS_FLAPS, NULL, &flaps, &r->err))
		return false;
	sb_init(&w.labels, r->a);
	w.series = arena_new(r->a, struct series, w.cap);
	if (!read_kind(&w, "exchange", Q_METRICS_EXCHANGE_SESSIONS, &places, &flaps) ||
	    !read_kind(&w, "direct", Q_METRICS_DIRECT_SESSIONS, &places, &flaps))
		return false;
	sb_reserve(&r->body, G__COUNT * (w.labels.len + w.n * NAME_LEN));
	for (size_t i = 0; i < G__COUNT; i++)
		write_lines(&w, &r->body, i);
	return true;
}
