/* page_time.c: times as the user wants to read them. The book's are UTC; a zone's rules are the C library's (TZ, tzdata). */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "web/page.h"

enum { ZONE_MAX = 64, TABLE_MAX = 64 * 1024 };

const struct choice date_forms[] = {
	{ "iso", "2026-03-01", NULL }, { "dmy", "01.03.2026", NULL }, { "dmys", "01/03/2026", NULL }, { "mdy", "03/01/2026", NULL },
	{ "words", "1 Mar 2026", NULL }, { NULL, NULL, NULL }
};

bool zone_known(const char *name) {
	char path[128];

	if (strcmp(name, "UTC") == 0)
		return true;
	if (*name == '\0' || strlen(name) > ZONE_MAX || *name == '/' || strstr(name, "..") != NULL ||
	    name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/")] != '\0')
		return false;
	snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name);
	return access(path, R_OK) == 0 && name[strlen(name) - 1] != '/';
}

/* The names of the zones that are in use, from tzdata's own table; without it there is UTC alone. */
struct val zone_names(struct req *r) {
	FILE *f = fopen("/usr/share/zoneinfo/zone1970.tab", "re");
	struct list *out = list_new(r->a, 512);
	char line[512];

	list_push(out, val_str("UTC"));
	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		const char *name = *line == '#' ? NULL : strchr(line, '\t');

		name = name == NULL ? NULL : strchr(name + 1, '\t');
		if (name != NULL)
			list_push(out, val_copy(r->a, name + 1, strcspn(name + 1, "\t\n")));
	}
	if (f != NULL)
		fclose(f);
	return val_list(out);
}

const char *zone_of(const struct req *r) {
	const char *zone = val_cstr(prefs_get(r, "time.zone"), "");

	return *zone == '\0' || !zone_known(zone) ? "UTC" : zone;
}

/* The zone becomes the process's, which reads it no other way; false: UTC, for which nothing need be asked. */
static bool zone_set(struct req *r) {
	const char *zone = zone_of(r), *now = getenv("TZ");
	char tz[ZONE_MAX + 2];

	if (strcmp(zone, "UTC") == 0)
		return false;
	snprintf(tz, sizeof(tz), ":%s", zone);
	if (now == NULL || strcmp(now, tz) != 0) {
		setenv("TZ", tz, 1);
		tzset();
	}
	return true;
}

static bool parse(const char *s, struct tm *tm) {
	int y, mo, d, h, mi;

	if (sscanf(s, "%4d-%2d-%2d%*1[T ]%2d:%2d", &y, &mo, &d, &h, &mi) != 5)
		return false;
	*tm = (struct tm){ .tm_year = y - 1900, .tm_mon = mo - 1, .tm_mday = d, .tm_hour = h, .tm_min = mi, .tm_isdst = -1 };
	return true;
}

static const char *text16(struct req *r, const struct tm *tm) {
	return arena_printf(r->a, "%04d-%02d-%02dT%02d:%02d", tm->tm_year + 1900, tm->tm_mon + 1, tm->tm_mday, tm->tm_hour, tm->tm_min);
}

const char *time_local(struct req *r, const char *iso) {
	struct tm tm;
	time_t t;

	if (zone_set(r) && parse(iso, &tm)) {
		t = timegm(&tm);
		if (localtime_r(&t, &tm) != NULL)
			return text16(r, &tm);
	}
	return arena_printf(r->a, "%.10sT%.5s", iso, iso + 11);
}

const char *time_utc(struct req *r, const char *local) {
	struct tm tm;
	time_t t;

	if (zone_set(r) && parse(local, &tm) && (t = mktime(&tm)) != (time_t)-1 && gmtime_r(&t, &tm) != NULL)
		return text16(r, &tm);
	return arena_printf(r->a, "%.10sT%.5s", local, local + 11);
}

const char *date_text(struct req *r, const char *iso) {
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	const char *form = val_cstr(prefs_get(r, "time.form"), "iso");
	int y, m, d;

	if (strcmp(form, "iso") == 0 || sscanf(iso, "%4d-%2d-%2d", &y, &m, &d) != 3 || m < 1 || m > 12)
		return arena_printf(r->a, "%.10s", iso);
	if (strcmp(form, "words") == 0)
		return arena_printf(r->a, "%d %s %04d", d, months[m - 1], y);
	if (strcmp(form, "mdy") == 0)
		return arena_printf(r->a, "%02d/%02d/%04d", m, d, y);
	return arena_printf(r->a, strcmp(form, "dmys") == 0 ? "%02d/%02d/%04d" : "%02d.%02d.%04d", d, m, y);
}

const char *time_text(struct req *r, struct val iso) {
	const char *here;

	if (iso.type != V_STR || iso.len < 16)
		return val_cstr(iso, "");
	here = time_local(r, iso.u.s);
	return arena_printf(r->a, "%s %s", date_text(r, here), here + 11);
}
