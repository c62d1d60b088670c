/* driver.c: the steps of a change in their order, whatever the platform; and the words that drivers share. */
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/diff.h"
#include "base/net.h"
#include "devices/driver.h"
#include "devices/transport.h"

static const char *const state_names[BGP__COUNT] = {
	[BGP_UNKNOWN] = "", [BGP_IDLE] = "idle", [BGP_CONNECT] = "connect", [BGP_ACTIVE] = "active", [BGP_OPENSENT] = "opensent",
	[BGP_OPENCONFIRM] = "openconfirm", [BGP_ESTABLISHED] = "established"
};

const char *bgp_state_name(enum bgp_state s) {
	return (unsigned)s < BGP__COUNT ? state_names[s] : "";
}

enum bgp_state bgp_state_of(const char *word) {
	size_t i;

	for (i = BGP_IDLE; i < BGP__COUNT; i++) {
		if (strcasecmp(state_names[i], word) == 0)
			return (enum bgp_state)i;
	}
	return BGP_UNKNOWN;
}

int64_t span_seconds(const char *s) {
	static const struct { char unit; int64_t seconds; } units[] = { { 'y', 365 * 86400 }, { 'w', 7 * 86400 }, { 'd', 86400 }, { 'h', 3600 }, { 'm', 60 }, { 's', 1 } };
	int64_t all = 0;
	unsigned h, m, sec;
	bool any = false;
	size_t i;

	if (sscanf(s, "%u:%u:%u", &h, &m, &sec) == 3)
		return (int64_t)h * 3600 + m * 60 + sec;
	for (s += strspn(s, " P"); isdigit((unsigned char)*s); s += strspn(s, " T")) {
		char *end;
		int64_t n = strtoll(s, &end, 10);

		for (i = 0; i < ARRAY_LEN(units) && units[i].unit != tolower((unsigned char)*end); i++)
			;
		if (i == ARRAY_LEN(units) || n > INT32_MAX)
			return -1;
		all += n * units[i].seconds;
		any = true;
		s = end + 1;
	}
	return any ? all : -1;
}

struct neighbour *neighbours_add(struct neighbours *list, struct arena *a) {
	struct neighbour *n;

	if ((list->n & (list->n - 1)) == 0)
		list->v = arena_grow(a, list->v, list->n * sizeof(*list->v), (list->n == 0 ? 1 : list->n * 2) * sizeof(*list->v));
	n = &list->v[list->n++];
	*n = (struct neighbour){ .address = "", .vrf = "", .received = -1, .accepted = -1, .advertised = -1, .uptime = -1, .last_reset = "", .description = "" };
	return n;
}

struct neighbour *neighbours_at(struct neighbours *list, struct arena *a, const char *address) {
	char canonical[ADDR_TEXT_MAX];
	struct neighbour *n;
	struct addr ip;

	if (!addr_parse(address, strcspn(address, "%"), &ip))
		return NULL;
	n = neighbours_add(list, a);
	n->address = arena_strdup(a, addr_text(&ip, ADDR_HOST, canonical));
	return n;
}

static bool cannot(const struct device *d, const char *what, struct err *e) {
	return err_kind(e, ERR_METHOD, "cannot", "%s: the driver %s cannot %s", d->name, d->driver->name, what);
}

static bool is_open(const struct device *d, struct err *e) {
	return d->transport != NULL || (d->driver->transport == VIA_HTTPS && d->state != NULL) || err_kind(e, ERR_UPSTREAM, "cut", "%s: there is no connection", d->name);
}

/* ---- a connection ---- */

bool device_offered(struct device *d, struct err *e) {
	d->offered = "";
	return d->driver->offered != NULL ? d->driver->offered(d, e) : transport_offered(d, e);
}

bool device_open(struct device *d, struct err *e) {
	if (d->driver->transport != VIA_HTTPS && d->transport == NULL && !transport_open(d, &d->transport, e))
		return false;
	if (d->driver->open == NULL || d->driver->open(d, e))
		return true;
	device_close(d);
	return false;
}

void device_close(struct device *d) {
	if (d->driver->close != NULL && (d->transport != NULL || d->state != NULL))
		d->driver->close(d);
	if (d->transport != NULL)
		transport_close(d->transport);
	d->transport = NULL;
	d->netconf = NULL;
	d->state = NULL;
	d->staged = NULL;
	d->checked = false;
}

bool device_facts(struct device *d, struct arena *a, struct facts *out, struct err *e) {
	*out = (struct facts){ .vendor = "", .model = "", .version = "", .serial = "", .hostname = "", .uptime = -1 };
	return !is_open(d, e) ? false : d->driver->facts == NULL ? cannot(d, "tell facts", e) : d->driver->facts(d, a, out, e);
}

bool device_neighbours(struct device *d, struct arena *a, struct neighbours *out, struct err *e) {
	*out = (struct neighbours){ .n = 0 };
	return !is_open(d, e) ? false : d->driver->neighbours == NULL ? cannot(d, "list neighbours", e) : d->driver->neighbours(d, a, out, e);
}

bool device_running(struct device *d, struct sbuf *out, struct err *e) {
	return !is_open(d, e) ? false : d->driver->running == NULL ? cannot(d, "print the running configuration", e) : d->driver->running(d, out, e);
}

/* ---- a change ---- */

static bool take_id(struct device *d, const char *id, struct err *e) {
	size_t n = strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

	if (n == 0 || id[n] != '\0' || n > CHANGE_ID_MAX || id[0] == '-')
		return err_set(e, ERR_INVALID, "id", "\"%s\" cannot name a change: it takes 1 to %d letters, digits, - and _", id, CHANGE_ID_MAX);
	memcpy(d->change, id, n + 1);
	return true;
}

bool device_stage(struct device *d, const char *id, const char *text, size_t len, enum stage_mode mode, struct err *e) {
	unsigned need = mode == STAGE_REPLACE ? CAN_REPLACE : CAN_MERGE;

	if (!take_id(d, id, e) || !is_open(d, e))
		return false;
	if ((d->driver->can & need) == 0)
		return cannot(d, mode == STAGE_REPLACE ? "replace a configuration" : "merge into a configuration", e);
	if (len == 0 || memchr(text, '\0', len) != NULL)
		return err_kind(e, ERR_INVALID, "check", "%s: the configuration is %s", d->name, len == 0 ? "empty" : "not a text: it holds a NUL");
	d->checked = false;
	d->staged = NULL;
	if (!d->driver->stage(d, text, len, mode, e))
		return false;
	d->staged = arena_strndup(d->a, text, len);
	d->staged_len = len;
	d->staged_mode = mode;
	return true;
}

static bool need_staged(const struct device *d, struct err *e) {
	return is_open(d, e) && (d->staged != NULL || err_set(e, ERR_CONFLICT, NULL, "%s: nothing is staged on this connection", d->name));
}

bool device_check(struct device *d, struct err *e) {
	if (!need_staged(d, e))
		return false;
	d->checked = false;
	if (d->driver->check != NULL && !d->driver->check(d, e))
		return false;
	d->checked = true;
	return true;
}

bool device_checks(const struct device *d, enum stage_mode mode) {
	return (d->driver->can & (mode == STAGE_REPLACE ? CAN_CHECK | CAN_CHECK_REPLACE : CAN_CHECK)) != 0;
}

static bool diff_here(struct device *d, struct sbuf *out, struct err *e) {
	struct sbuf running;

	sb_init(&running, out->a);
	if (d->staged_mode != STAGE_REPLACE)
		return cannot(d, "tell what a merge would change", e);
	if (!device_running(d, &running, e))
		return false;
	text_diff(out, running.s, running.len, d->staged, d->staged_len);
	return true;
}

bool device_diff(struct device *d, struct sbuf *out, struct err *e) {
	if (!need_staged(d, e))
		return false;
	return d->driver->diff == NULL ? diff_here(d, out, e) : d->driver->diff(d, out, e);
}

static unsigned round_timer(const struct driver *r, unsigned seconds) {
	unsigned step = r->timer_step == 0 ? 1 : r->timer_step;

	if (seconds < r->timer_min)
		seconds = r->timer_min;
	return (seconds + step - 1) / step * step;
}

bool device_commit(struct device *d, unsigned seconds, const char *comment, unsigned *given, struct err *e) {
	if (!need_staged(d, e))
		return false;
	if (!d->checked)
		return err_set(e, ERR_CONFLICT, NULL, "%s: what is staged was not checked", d->name);
	if (seconds != 0) {
		if ((d->driver->can & (CAN_TIMER | CAN_UNDO)) == 0)
			return cannot(d, "commit with a timer", e);
		seconds = round_timer(d->driver, seconds);
		if (d->driver->timer_max != 0 && seconds > d->driver->timer_max)
			return err_set(e, ERR_INVALID, "confirm_seconds", "%s: the timer of %s can run %u seconds at most, not %u", d->name, d->driver->label,
			    d->driver->timer_max, seconds);
	}
	if (!d->driver->commit(d, seconds, comment == NULL ? "" : comment, e))
		return false;
	if (given != NULL)
		*given = seconds;
	d->staged = NULL;
	d->checked = false;
	return true;
}

bool device_discard(struct device *d, struct err *e) {
	d->staged = NULL;
	d->checked = false;
	return d->driver->discard == NULL || (is_open(d, e) && d->driver->discard(d, e));
}

bool device_pending(struct device *d, const char *id, struct pending *out, struct err *e) {
	*out = (struct pending){ .seconds = -1 };
	if (!take_id(d, id, e) || !is_open(d, e))
		return false;
	return d->driver->pending == NULL ? cannot(d, "tell whether a change waits", e) : d->driver->pending(d, out, e);
}

bool device_confirm(struct device *d, const char *id, struct err *e) {
	if (!take_id(d, id, e) || !is_open(d, e))
		return false;
	return d->driver->confirm == NULL ? cannot(d, "confirm a change", e) : d->driver->confirm(d, e);
}

bool device_rollback(struct device *d, const char *id, struct err *e) {
	if (!take_id(d, id, e) || !is_open(d, e))
		return false;
	return d->driver->rollback == NULL ? cannot(d, "roll back a change", e) : d->driver->rollback(d, e);
}

void text_diff(struct sbuf *out, const char *before, size_t before_len, const char *after, size_t after_len) {
	struct diff d;

	diff_lines(out->a, before, before_len, after, after_len, &d);
	diff_unified(out, &d, 3);
}

bool text_next(struct text_line *l, const char **at, const char *end) {
	while (*at < end) {
		const char *nl = memchr(*at, '\n', (size_t)(end - *at)), *last = nl == NULL ? end : nl;

		l->s = *at;
		l->number++;
		*at = nl == NULL ? end : nl + 1;
		while (l->s < last && (*l->s == ' ' || *l->s == '\t'))
			l->s++;
		while (last > l->s && (last[-1] == '\r' || last[-1] == ' ' || last[-1] == '\t'))
			last--;
		l->len = (size_t)(last - l->s);
		if (l->len > 0 && *l->s != '#')
			return true;
	}
	return false;
}

bool refused_as(struct err *e, enum err_code code, const char *kind) {
	if (e->kind != NULL && strcmp(e->kind, "rpc") == 0) {
		e->code = code;
		e->kind = kind;
	}
	return false;
}
