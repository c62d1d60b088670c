/* times.c: moments as Python's datetime shows them to templates, and now() in a time zone. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "peering/values.h"

struct time_obj {
	struct obj obj;
	struct tm tm;           /* UTC */
	long micro;
};

enum time_attr { TA_YEAR, TA_MONTH, TA_DAY, TA_HOUR, TA_MINUTE, TA_SECOND, TA_MICROSECOND, TA_STRFTIME, TA_ISOFORMAT, TA_TIMESTAMP, TA__COUNT };

static const char *const time_attrs[TA__COUNT] = {
	[TA_YEAR] = "year", [TA_MONTH] = "month", [TA_DAY] = "day", [TA_HOUR] = "hour", [TA_MINUTE] = "minute", [TA_SECOND] = "second",
	[TA_MICROSECOND] = "microsecond", [TA_STRFTIME] = "strftime", [TA_ISOFORMAT] = "isoformat", [TA_TIMESTAMP] = "timestamp",
};

/* strftime() into the arena, as long as it needs. A format may come from a user: any is safe, what is unknown is undefined text. */
static struct val format_time(struct arena *a, const char *format, const struct tm *tm) {
	size_t room = strlen(format) * 8 + 256, n;
	char *text = arena_alloc(a, room);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	n = strftime(text, room, format, tm);
#pragma GCC diagnostic pop
	return val_mem(text, n);
}

static void iso(const struct time_obj *t, char between, struct sbuf *out) {
	sb_fmt(out, "%04d-%02d-%02d%c%02d:%02d:%02d", t->tm.tm_year + 1900, t->tm.tm_mon + 1, t->tm.tm_mday, between, t->tm.tm_hour,
	    t->tm.tm_min, t->tm.tm_sec);
	if (t->micro != 0)
		sb_fmt(out, ".%06ld", t->micro);
	sb_str(out, "+00:00");
}

static bool time_text(struct obj *obj, struct sbuf *out, struct err *e) {
	(void)e;
	iso((const struct time_obj *)obj, ' ', out);
	return true;
}

static int time_find(const struct obj *obj, const char *name, size_t len) {
	int i;

	(void)obj;
	for (i = 0; i < TA__COUNT; i++) {
		if (strlen(time_attrs[i]) == len && memcmp(time_attrs[i], name, len) == 0)
			return i;
	}
	return -1;
}

static bool time_strftime(void *self, struct call *c, struct val *out) {
	struct val format;

	if (!call_bind(c, "strftime", "format", &format, 1))
		return false;
	if (format.type != V_STR)
		return err_kind(c->e, ERR_TEMPLATE, "TypeError", "strftime() needs a format, like '%%Y-%%m-%%d'");
	*out = format_time(c->a, format.u.s, &((struct time_obj *)self)->tm);
	return true;
}

static bool time_isoformat(void *self, struct call *c, struct val *out) {
	struct sbuf b;

	sb_init(&b, c->a);
	iso(self, 'T', &b);
	*out = val_mem(b.s, b.len);
	return true;
}

static bool time_timestamp(void *self, struct call *c, struct val *out) {
	struct time_obj *t = self;
	struct tm tm = t->tm;

	(void)c;
	*out = val_float((double)timegm(&tm) + (double)t->micro / 1e6);
	return true;
}

static bool time_get(struct obj *obj, int slot, struct arena *a, struct val *out, struct err *e) {
	struct time_obj *t = (struct time_obj *)obj;

	(void)e;
	switch ((enum time_attr)slot) {
	case TA_YEAR: *out = val_int(t->tm.tm_year + 1900); break;
	case TA_MONTH: *out = val_int(t->tm.tm_mon + 1); break;
	case TA_DAY: *out = val_int(t->tm.tm_mday); break;
	case TA_HOUR: *out = val_int(t->tm.tm_hour); break;
	case TA_MINUTE: *out = val_int(t->tm.tm_min); break;
	case TA_SECOND: *out = val_int(t->tm.tm_sec); break;
	case TA_MICROSECOND: *out = val_int(t->micro); break;
	case TA_STRFTIME: *out = bound_val(a, "strftime", t, time_strftime); break;
	case TA_ISOFORMAT: *out = bound_val(a, "isoformat", t, time_isoformat); break;
	case TA_TIMESTAMP: *out = bound_val(a, "timestamp", t, time_timestamp); break;
	case TA__COUNT: break;
	}
	return true;
}

static int time_compare(const struct obj *obj, struct val other, bool *comparable) {
	const struct time_obj *a = (const struct time_obj *)obj, *b;
	struct tm x, y;
	time_t s, t;

	*comparable = val_is_time(other);
	if (!*comparable)
		return 0;
	b = (const struct time_obj *)other.u.obj;
	x = a->tm;
	y = b->tm;
	s = timegm(&x);
	t = timegm(&y);
	if (s != t)
		return s < t ? -1 : 1;
	return a->micro < b->micro ? -1 : a->micro > b->micro;
}

static bool time_equal(const struct obj *obj, struct val other) {
	bool comparable;
	int order = time_compare(obj, other, &comparable);

	return comparable && order == 0;
}

static uint32_t time_hash(const struct obj *obj) {
	struct tm tm = ((const struct time_obj *)obj)->tm;

	return (uint32_t)timegm(&tm);
}

static const struct obj_class time_class = {
	.name = "datetime", .find = time_find, .get = time_get, .text = time_text, .equal = time_equal, .hash = time_hash,
	.compare = time_compare,
};

struct val time_val(struct arena *a, const char *text) {
	struct time_obj *t = arena_new(a, struct time_obj, 1);
	const char *rest;

	t->obj.class = &time_class;
	rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &t->tm);
	if (rest == NULL)
		return val_null();
	if (*rest == '.') {
		char digits[7] = "000000";
		size_t n = strspn(rest + 1, "0123456789");

		memcpy(digits, rest + 1, n > 6 ? 6 : n);
		t->micro = strtol(digits, NULL, 10);
	}
	return val_obj(&t->obj);
}

bool val_is_time(struct val v) {
	return v.type == V_OBJ && v.u.obj->class == &time_class;
}

void time_json(struct val v, struct sbuf *out) {
	const struct time_obj *t = (const struct time_obj *)v.u.obj;

	sb_fmt(out, "%04d-%02d-%02dT%02d:%02d:%02d", t->tm.tm_year + 1900, t->tm.tm_mon + 1, t->tm.tm_mday, t->tm.tm_hour, t->tm.tm_min,
	    t->tm.tm_sec);
	if (t->micro != 0)
		sb_fmt(out, ".%03ld", t->micro / 1000);
	sb_str(out, "Z");
}

/* A name of the zone database, not a path out of it and not a rule of POSIX. */
static bool zone_known(struct arena *a, const char *zone) {
	if (zone[0] == '\0' || zone[0] == '/' || zone[0] == '.' || strstr(zone, "..") != NULL || strlen(zone) > 64 ||
	    strspn(zone, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") != strlen(zone))
		return false;
	return strcmp(zone, "UTC") == 0 || access(arena_printf(a, "/usr/share/zoneinfo/%s", zone), R_OK) == 0;
}

/* libc knows one zone at a time, the process's: set it, use it, set it back. */
bool now_text(struct arena *a, const char *zone, const char *format, struct val *out, struct err *e) {
	const char *before = getenv("TZ"), *saved = before == NULL ? NULL : arena_strdup(a, before);
	time_t now = time(NULL);
	struct tm tm;

	if (zone[0] != '\0' && !zone_known(a, zone))
		return err_kind(e, ERR_TEMPLATE, "ZoneInfoNotFoundError", "'No time zone found with key %s'", zone);
	setenv("TZ", zone[0] == '\0' ? "UTC" : zone, 1);
	tzset();
	localtime_r(&now, &tm);
	*out = format_time(a, format, &tm);
	if (saved == NULL)
		unsetenv("TZ");
	else
		setenv("TZ", saved, 1);
	tzset();
	return true;
}
