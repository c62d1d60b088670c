/* cron.c: reading cron's five fields and walking the calendar along them. */
#include "config.h"

#include <stdlib.h>
#include <strings.h>

#include "base/cron.h"

static const char *const month_names[] = { "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", NULL };
static const char *const day_names[] = { "sun", "mon", "tue", "wed", "thu", "fri", "sat", NULL };

static const struct field_rule {
	const char *name;
	unsigned min, max;
	const char *const *names;       /* the first one means min */
} rules[] = {
	{ "minute", 0, 59, NULL },
	{ "hour", 0, 23, NULL },
	{ "day of month", 1, 31, NULL },
	{ "month", 1, 12, month_names },
	{ "day of week", 0, 7, day_names },
};

static const struct { const char *name, *means; } nicknames[] = {
	{ "@hourly", "0 * * * *" }, { "@daily", "0 0 * * *" }, { "@midnight", "0 0 * * *" }, { "@weekly", "0 0 * * 0" },
	{ "@monthly", "0 0 1 * *" }, { "@yearly", "0 0 1 1 *" }, { "@annually", "0 0 1 1 *" },
};

static bool complain(const struct field_rule *f, const char *text, size_t len, struct err *e) {
	return err_set(e, ERR_INVALID, "cron", "the %s \"%.*s\" is not understood; right are *, a number from %u to %u, a range as %u-%u, a list as %u,%u"
	    " and a step as */%u%s", f->name, (int)(len > 80 ? 80 : len), text, f->min, f->max, f->min, f->max, f->min, f->max, 2u,
	    f->names == NULL ? "" : ", and English names of three letters");
}

/* A number or a name; *s is moved behind it. */
static bool one_value(const struct field_rule *f, const char **s, unsigned *out) {
	char *end;
	size_t i;

	for (i = 0; f->names != NULL && f->names[i] != NULL; i++) {
		if (strncasecmp(*s, f->names[i], 3) == 0) {
			*s += 3;
			*out = f->min + (unsigned)i;
			return true;
		}
	}
	if (**s < '0' || **s > '9')
		return false;
	*out = (unsigned)strtoul(*s, &end, 10);
	if (end - *s > 2 || *out < f->min || *out > f->max)
		return false;
	*s = end;
	return true;
}

/* One item of a list: "*", "5", "1-7", "8-18/2", "*" with a step. */
static bool one_item(const struct field_rule *f, const char **s, uint64_t *bits) {
	unsigned from, to, step = 1, i;
	bool wide = true;

	if (**s == '*') {
		from = f->min;
		to = f->max;
		(*s)++;
	} else {
		if (!one_value(f, s, &from))
			return false;
		to = from;
		wide = **s == '-';
		if (wide && ((*s)++, !one_value(f, s, &to) || to < from))
			return false;
	}
	if (**s == '/') {
		char *end;

		step = (unsigned)strtoul(*s + 1, &end, 10);
		if (!wide || end == *s + 1 || end - *s > 3 || step == 0)
			return false;
		*s = end;
	}
	for (i = from; i <= to; i += step)
		*bits |= (uint64_t)1 << i;
	return true;
}

static bool one_field(const struct field_rule *f, const char *s, size_t len, uint64_t *bits, struct err *e) {
	const char *p = s, *end = s + len;

	*bits = 0;
	for (;;) {
		if (!one_item(f, &p, bits))
			return complain(f, s, len, e);
		if (p == end)
			return true;
		if (*p++ != ',')
			return complain(f, s, len, e);
	}
}

bool cron_parse(const char *text, struct cron *c, struct err *e) {
	uint64_t bits[5];
	bool star[5];
	const char *s = text;
	int64_t ignored;
	size_t i, len;

	for (i = 0; i < ARRAY_LEN(nicknames); i++) {
		if (strcasecmp(text, nicknames[i].name) == 0)
			s = nicknames[i].means;
	}
	if (*s == '@')
		return err_set(e, ERR_INVALID, "cron", "\"%.80s\" is not known; right are @hourly, @daily, @weekly, @monthly, @yearly, or five fields", text);
	for (i = 0; i < 5; i++) {
		s += strspn(s, " \t");
		len = strcspn(s, " \t");
		if (len == 0)
			return err_set(e, ERR_INVALID, "cron", "\"%.80s\" has %zu fields; five are needed: minute, hour, day of month, month, day of week;"
			    " or one of @hourly, @daily, @weekly, @monthly, @yearly", text, i);
		star[i] = *s == '*';
		if (!one_field(&rules[i], s, len, &bits[i], e))
			return false;
		s += len;
	}
	if (s[strspn(s, " \t")] != '\0')
		return err_set(e, ERR_INVALID, "cron", "\"%.80s\" has more than five fields: minute, hour, day of month, month, day of week", text);
	*c = (struct cron){ .minute = bits[0], .hour = (uint32_t)bits[1], .day = (uint32_t)bits[2], .month = (uint32_t)bits[3],
	    .weekday = (uint32_t)((bits[4] | bits[4] >> 7) & 0x7f), .either = !star[2] && !star[4], .hourly = bits[1] == 0xffffff };
	return cron_next(c, 0, &ignored) || err_set(e, ERR_INVALID, "cron", "\"%.80s\" names a day that never comes", text);
}

/* Month and day of a day since 1970-01-01; the reckoning in years from March of RFC 3339's appendix, shifted to 0000-03-01. */
static void calendar(int64_t day, unsigned *month, unsigned *mday) {
	int64_t z = day + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
	unsigned doe = (unsigned)(z - era * 146097);
	unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	unsigned mp = (5 * doy + 2) / 153;

	*mday = doy - (153 * mp + 2) / 5 + 1;
	*month = mp < 10 ? mp + 3 : mp - 9;
}

static bool day_matches(const struct cron *c, int64_t day) {
	unsigned month, mday, weekday = (unsigned)((day % 7 + 11) % 7);  /* the first was a Thursday */
	bool by_month, by_week;

	calendar(day, &month, &mday);
	if ((c->month >> month & 1) == 0)
		return false;
	by_month = (c->day >> mday & 1) != 0;
	by_week = (c->weekday >> weekday & 1) != 0;
	return c->either ? by_month || by_week : by_month && by_week;
}

static bool within_day(const struct cron *c, int from, int *minute) {
	int m;

	for (m = from; m < 1440; m++) {
		if ((c->hour >> (m / 60) & 1) == 0) {
			m += 59 - m % 60;
			continue;
		}
		if ((c->minute >> (m % 60) & 1) != 0) {
			*minute = m;
			return true;
		}
	}
	return false;
}

bool cron_next(const struct cron *c, int64_t from, int64_t *next) {
	int64_t day = from / 1440 - (from % 1440 < 0), last = day + 9 * 366;
	int start = (int)(from - day * 1440), minute;

	for (; day <= last; day++, start = 0) {
		if (day_matches(c, day) && within_day(c, start, &minute)) {
			*next = day * 1440 + minute;
			return true;
		}
	}
	return false;
}
