/* pgtext.c: PostgreSQL's text format to values and back. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/limits.h"
#include "db/pgtext.h"

enum {          /* pg_type.oid of what is not simply text */
	OID_BOOL = 16, OID_INT8 = 20, OID_INT2 = 21, OID_INT4 = 23, OID_OID = 26, OID_JSON = 114, OID_FLOAT4 = 700, OID_FLOAT8 = 701,
	OID_TIMESTAMPTZ = 1184, OID_NUMERIC = 1700, OID_JSONB = 3802
};

static const struct { unsigned array, element; } arrays[] = {
	{ 1000, OID_BOOL }, { 1005, OID_INT2 }, { 1007, OID_INT4 }, { 1016, OID_INT8 }, { 1028, OID_OID }, { 199, OID_JSON },
	{ 1021, OID_FLOAT4 }, { 1022, OID_FLOAT8 }, { 1185, OID_TIMESTAMPTZ }, { 1231, OID_NUMERIC }, { 3807, OID_JSONB },
	{ 1009, 25 }, { 1015, 25 }, { 651, 25 }, { 1041, 25 }, { 1040, 25 }, { 2951, 25 }, { 1003, 25 },
};

static int64_t integer(const char *s) {
	uint64_t v = 0;
	bool minus = *s == '-';

	for (s += minus; *s >= '0' && *s <= '9'; s++)
		v = v * 10 + (uint64_t)(*s - '0');
	return (int64_t)(minus ? -v : v);
}

/* "2026-11-20 19:05:04.5+00", the zone being UTC, to "2026-11-20T19:05:04.500000Z". */
static struct val timestamp(struct arena *a, const char *s, size_t len) {
	char *out = arena_alloc(a, 40), *p = out;
	size_t i;

	if (len < 22 || len > 32 || s[10] != ' ')
		return val_mem(s, len);         /* infinity, a year before Christ */
	memcpy(p, s, 19);
	p[10] = 'T';
	p += 19;
	i = 19;
	if (s[i] == '.') {
		int n = 0;

		*p++ = '.';
		for (i++; s[i] >= '0' && s[i] <= '9' && n < 6; i++, n++)
			*p++ = s[i];
		for (; n < 6; n++)
			*p++ = '0';
	}
	*p++ = 'Z';
	*p = '\0';
	return val_mem(out, (size_t)(p - out));
}

static struct val json(struct arena *a, const char *s, size_t len) {
	struct val v;
	struct err e;

	if (len == 4 && memcmp(s, "null", 4) == 0)
		return val_null();
	if (len == 2 && memcmp(s, "{}", 2) == 0)
		return val_map(map_new(a, 0));
	return json_parse(a, s, len, LIMIT_JSON_DATA_DEPTH, &v, &e) ? v : val_null();
}

/* One item of an array's text from *s on; leaves *s at the comma or brace after it. */
static struct val array_item(struct arena *a, unsigned oid, const char **s) {
	struct sbuf b;
	const char *p = *s;

	if (*p != '"') {
		size_t n = strcspn(p, ",}");

		*s = p + n;
		if (n == 4 && memcmp(p, "NULL", 4) == 0)
			return val_null();
		return pg_value(a, oid, arena_strndup(a, p, n), n);
	}
	sb_init(&b, a);
	for (p++; *p != '"' && *p != '\0'; p++) {
		if (*p == '\\')
			p++;
		sb_chr(&b, *p);
	}
	*s = *p == '"' ? p + 1 : p;
	return pg_value(a, oid, b.s, b.len);
}

static struct val array(struct arena *a, unsigned element, const char *s) {
	struct list *l = list_new(a, 0);

	if (*s != '{')
		return val_list(l);
	for (s++; *s != '}' && *s != '\0';) {
		list_push(l, array_item(a, element, &s));
		if (*s == ',')
			s++;
	}
	return val_list(l);
}

struct val pg_value(struct arena *a, unsigned oid, const char *s, size_t len) {
	size_t i;

	switch (oid) {
	case OID_BOOL: return val_bool(s[0] == 't');
	case OID_INT2:
	case OID_INT4:
	case OID_INT8:
	case OID_OID: return val_int(integer(s));
	case OID_FLOAT4:
	case OID_FLOAT8:
	case OID_NUMERIC: return val_float(strtod(s, NULL));
	case OID_TIMESTAMPTZ: return timestamp(a, s, len);
	case OID_JSON:
	case OID_JSONB: return json(a, s, len);
	default: break;
	}
	if (s[0] == '{' && len > 1) {
		for (i = 0; i < ARRAY_LEN(arrays); i++) {
			if (arrays[i].array == oid)
				return array(a, arrays[i].element, s);
		}
	}
	return val_mem(s, len);
}

static void array_text(struct sbuf *b, const char *s) {
	sb_chr(b, '"');
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			sb_chr(b, '\\');
		sb_chr(b, *s);
	}
	sb_chr(b, '"');
}

static const char *list_param(struct arena *a, const struct list *l) {
	struct sbuf b;
	size_t i;

	sb_init(&b, a);
	sb_reserve(&b, 2 + l->n * 8);
	sb_chr(&b, '{');
	for (i = 0; i < l->n; i++) {
		const char *s;

		if (i > 0)
			sb_chr(&b, ',');
		if (l->v[i].type == V_INT)
			sb_int(&b, l->v[i].u.i);
		else if ((s = pg_param(a, l->v[i])) == NULL)
			sb_str(&b, "NULL");
		else
			array_text(&b, s);
	}
	sb_chr(&b, '}');
	return b.s;
}

const char *pg_param(struct arena *a, struct val v) {
	struct sbuf b;

	switch ((enum vtype)v.type) {
	case V_BOOL: return v.u.b ? "t" : "f";
	case V_STR: return v.u.s;
	case V_LIST: return list_param(a, v.u.list);
	case V_INT:
		sb_init(&b, a);
		sb_int(&b, v.u.i);
		return b.s;
	case V_FLOAT:
		sb_init(&b, a);
		json_float(&b, v.u.f);
		return b.s;
	case V_MAP:
		sb_init(&b, a);
		json_write(&b, v);
		return b.s;
	case V_UNDEF:
	case V_NULL:
	case V_OBJ:
	case V__COUNT: break;
	}
	return NULL;
}

void pg_copy_text(struct sbuf *b, const char *s, size_t n) {
	size_t i, from = 0;

	for (i = 0; i < n; i++) {
		char c = s[i];

		if (c != '\\' && c != '\t' && c != '\n' && c != '\r')
			continue;
		sb_mem(b, s + from, i - from);
		sb_chr(b, '\\');
		sb_chr(b, c == '\t' ? 't' : c == '\n' ? 'n' : c == '\r' ? 'r' : c);
		from = i + 1;
	}
	sb_mem(b, s + from, n - from);
}

void pg_copy_line(struct sbuf *b, struct arena *a, const struct val *columns, size_t n) {
	for (size_t i = 0; i < n; i++) {
		const char *text;

		if (i > 0)
			sb_chr(b, '\t');
		if (columns[i].type == V_STR)
			pg_copy_text(b, columns[i].u.s, columns[i].len);
		else if (columns[i].type == V_INT)
			sb_int(b, columns[i].u.i);
		else if ((text = pg_param(a, columns[i])) == NULL)
			sb_str(b, "\\N");
		else
			pg_copy_text(b, text, strlen(text));
	}
	sb_chr(b, '\n');
}

struct val pg_like(struct arena *a, const char *text, bool open_start, bool open_end) {
	struct sbuf b;

	sb_init(&b, a);
	if (open_start)
		sb_chr(&b, '%');
	for (; *text != '\0'; text++) {
		if (strchr("%_\\", *text) != NULL)
			sb_chr(&b, '\\');
		sb_chr(&b, *text);
	}
	if (open_end)
		sb_chr(&b, '%');
	return val_mem(b.s, b.len);
}
