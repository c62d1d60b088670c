/* types.c: the table of types, and reading text as times, UUIDs and numbers. */
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/types.h"

static const struct type_info types[F__COUNT] = {
	[F_ID]       = { "integer", "int64",     "integer",       "none",           FILTER_NUMBER, 1, INT64_MAX },
	[F_BOOL]     = { "boolean", NULL,        "boolean",       "checkbox",       FILTER_BOOL, 0, 0 },
	[F_INT]      = { "integer", "int64",     "integer",       "number",         FILTER_NUMBER, 0, INT32_MAX },
	[F_FLOAT]    = { "number",  "double",    "float",         "number",         FILTER_NUMBER, 0, 0 },
	[F_ASN]      = { "integer", "int64",     "integer",       "number",         FILTER_NUMBER, 1, 4294967295 },
	[F_TEXT]     = { "string",  NULL,        "string",        "text",           FILTER_TEXT, 0, 0 },
	[F_LONGTEXT] = { "string",  NULL,        "string",        "textarea",       FILTER_TEXT, 0, 0 },
	[F_SLUG]     = { "string",  NULL,        "slug",          "text",           FILTER_TEXT, 0, 100 },
	[F_EMAIL]    = { "string",  "email",     "email",         "email",          FILTER_TEXT, 0, 254 },
	[F_URL]      = { "string",  "uri",       "url",           "url",            FILTER_TEXT, 0, 2000 },
	[F_COLOR]    = { "string",  NULL,        "string",        "color",          FILTER_TEXT, 0, 6 },
	[F_ENUM]     = { "string",  NULL,        "field",         "select",         FILTER_CHOICE, 0, 0 },
	[F_INET]     = { "string",  "ip",        "field",         "text",           FILTER_TEXT, 0, 0 },
	[F_IFACE]    = { "string",  "ip",        "field",         "text",           FILTER_TEXT, 0, 0 },
	[F_CIDR]     = { "string",  "cidr",      "field",         "text",           FILTER_TEXT, 0, 0 },
	[F_MAC]      = { "string",  "mac",       "field",         "text",           FILTER_TEXT, 0, 0 },
	[F_TIME]     = { "string",  "date-time", "datetime",      "datetime-local", FILTER_TIME, 0, 0 },
	[F_DATE]     = { "string",  "date",      "date",          "date",           FILTER_TIME, 0, 0 },
	[F_UUID]     = { "string",  "uuid",      "string",        "text",           FILTER_UUID, 0, 0 },
	[F_JSON]     = { NULL,      NULL,        "field",         "json",           -1, 0, 0 },
	[F_SECRET]   = { "string",  NULL,        "string",        "password",       -1, 0, 0 },
	[F_PASSWORD] = { "string",  "password",  "string",        "password",       -1, 0, 128 },
	[F_REF]      = { "object",  NULL,        "nested object", "select",         FILTER_REF, 0, 0 },
	[F_REFS]     = { "array",   NULL,        "field",         "multiple",       FILTER_REF, 0, 0 },
	[F_TAGS]     = { "array",   NULL,        "list",          "multiple",       FILTER_TAG, 0, 0 },
	[F_OBJTYPE]  = { "string",  NULL,        "field",         "select",         FILTER_OBJTYPE, 0, 0 },
	[F_OBJTYPES] = { "array",   NULL,        "field",         "multiple",       -1, 0, 0 },
	[F_OBJECT]   = { "object",  NULL,        "field",         "none",           -1, 0, 0 },
	[F_ASNS]     = { "array",   NULL,        "list",          "text",           -1, 0, 0 },
	[F_CIDRS]    = { "array",   NULL,        "list",          "text",           -1, 0, 0 },
	[F_TEXTS]    = { "array",   NULL,        "list",          "text",           -1, 0, 0 },
	[F_COUNT]    = { "integer", "int64",     "integer",       "none",           -1, 0, 0 },
	[F_PATH]     = { NULL,      NULL,        "field",         "none",           -1, 0, 0 },
	[F_DISPLAY]  = { "string",  NULL,        "string",        "none",           -1, 0, 0 },
	[F_IN]       = { "boolean", NULL,        "boolean",       "none",           FILTER_BOOL, 0, 0 },
	[F_FUNC]     = { NULL,      NULL,        "field",         "none",           -1, 0, 0 },
	[F_COMPUTED] = { NULL,      NULL,        "field",         "none",           -1, 0, 0 },
};

const struct type_info *type_info(enum ftype t) {
	return &types[t];
}

/* Exactly n digits at *s; moves on. */
static bool take_digits(const char **s, const char *end, int n, int *out) {
	int i;

	*out = 0;
	for (i = 0; i < n; i++, ++*s) {
		if (*s >= end || !isdigit((unsigned char)**s))
			return false;
		*out = *out * 10 + (**s - '0');
	}
	return true;
}

static bool take_char(const char **s, const char *end, const char *any) {
	if (*s >= end || **s == '\0' || strchr(any, **s) == NULL)
		return false;
	++*s;
	return true;
}

static bool day_exists(int y, int m, int d) {
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;

	return y >= 1 && m >= 1 && m <= 12 && d >= 1 && d <= days[m - 1] + (leap && m == 2);
}

static bool take_date(const char **s, const char *end, int ymd[3]) {
	return take_digits(s, end, 4, &ymd[0]) && take_char(s, end, "-") && take_digits(s, end, 2, &ymd[1]) && take_char(s, end, "-") &&
	    take_digits(s, end, 2, &ymd[2]) && day_exists(ymd[0], ymd[1], ymd[2]);
}

bool date_parse(const char *text, size_t len) {
	const char *s = text;
	int ymd[3];

	return take_date(&s, text + len, ymd) && s == text + len;
}

/* Z, +HH, +HHMM, +HH:MM; minutes east of UTC. */
static bool take_zone(const char **s, const char *end, int *minutes) {
	int sign, h, m = 0;

	*minutes = 0;
	if (take_char(s, end, "Zz"))
		return true;
	if (*s >= end || (**s != '+' && **s != '-'))
		return false;
	sign = **s == '-' ? -1 : 1;
	++*s;
	if (!take_digits(s, end, 2, &h))
		return false;
	take_char(s, end, ":");
	if (*s < end && !take_digits(s, end, 2, &m))
		return false;
	*minutes = sign * (h * 60 + m);
	return h < 15 && m < 60;
}

/* As PostgreSQL's times are printed when it is UTC, so that a time that comes back unchanged is equal to what was read. */
static const char *time_text(struct arena *a, const int ymd[3], int h, int m, int sec, const char *fraction, int digits, int zone) {
	char six[8] = "000000", where[8] = "Z";

	memcpy(six, fraction, (size_t)digits);
	if (zone != 0)
		snprintf(where, sizeof(where), "%c%02d:%02d", zone < 0 ? '-' : '+', abs(zone) / 60 % 100, abs(zone) % 60);
	return arena_printf(a, "%04d-%02d-%02dT%02d:%02d:%02d%s%s%s", ymd[0], ymd[1], ymd[2], h, m, sec, strcmp(six, "000000") == 0 ? "" : ".",
	    strcmp(six, "000000") == 0 ? "" : six, where);
}

bool time_parse(struct arena *a, const char *text, size_t len, const char **out) {
	const char *s = text, *end = text + len, *fraction = "0";
	int ymd[3], h = 0, m = 0, sec = 0, zone = 0, n = 0;

	if (!take_date(&s, end, ymd))
		return false;
	if (s < end) {
		if (!take_char(&s, end, "Tt ") || !take_digits(&s, end, 2, &h) || !take_char(&s, end, ":") || !take_digits(&s, end, 2, &m))
			return false;
		if (take_char(&s, end, ":") && !take_digits(&s, end, 2, &sec))
			return false;
		if (take_char(&s, end, ".,")) {
			for (fraction = s; s < end && isdigit((unsigned char)*s); s++)
				n++;
			if (n == 0)
				return false;
		}
		take_char(&s, end, " ");
		if (s < end && !take_zone(&s, end, &zone))
			return false;
	}
	if (s != end || h > 23 || m > 59 || sec > 59)
		return false;
	*out = time_text(a, ymd, h, m, sec, fraction, n > 6 ? 6 : n, zone);
	return true;
}

bool uuid_parse(struct arena *a, const char *text, size_t len, const char **out) {
	char hex[33];
	size_t i, n = 0;

	if (len > 2 && text[0] == '{' && text[len - 1] == '}') {
		text++;
		len -= 2;
	}
	for (i = 0; i < len; i++) {
		if (text[i] == '-')
			continue;
		if (n == 32 || !isxdigit((unsigned char)text[i]))
			return false;
		hex[n++] = (char)tolower((unsigned char)text[i]);
	}
	if (n != 32)
		return false;
	*out = arena_printf(a, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
	return true;
}

bool int_parse(const char *text, size_t len, int64_t *out) {
	bool minus = len > 0 && text[0] == '-';
	uint64_t v = 0, most = (uint64_t)INT64_MAX;
	size_t i = minus || (len > 0 && text[0] == '+');

	if (i == len)
		return false;
	for (; i < len; i++) {
		unsigned digit = (unsigned)(text[i] - '0');

		if (digit > 9 || v > (most - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	*out = minus ? -(int64_t)v : (int64_t)v;
	return true;
}
