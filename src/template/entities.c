/* entities.c: &name; and &#number; back into characters, as a browser (and Python's html.unescape) reads them. */
#include "config.h"

#include <ctype.h>

#include "template/engine.h"

struct entity {
	const char *name, *text;        /* the name with its semicolon where it must have one */
};

#include "template/entities.h"

static const struct entity *find(const char *s, size_t n) {
	size_t low = 0, high = ARRAY_LEN(entities);

	while (low < high) {
		size_t mid = (low + high) / 2;
		int d = strncmp(entities[mid].name, s, n);

		if (d == 0)
			d = entities[mid].name[n] == '\0' ? 0 : 1;
		if (d == 0)
			return &entities[mid];
		if (d < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

/* What Windows-1252 has where Unicode has controls: a browser shows these. */
static uint32_t repair(uint32_t c) {
	static const uint16_t windows[32] = {
		0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F,
		0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
	};

	if (c >= 0x80 && c < 0xA0)
		return windows[c - 0x80];
	return c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF) ? 0xFFFD : c;
}

static bool is_nothing(uint32_t c) {
	return (c >= 1 && c <= 8) || (c >= 0xE && c <= 0x1F) || c == 0x7F || c == 0xB || (c >= 0xFDD0 && c <= 0xFDEF) ||
	       ((c & 0xFFFE) == 0xFFFE && c <= 0x10FFFF);
}

/* `&#...` at s; bytes read, 0 when it is none. */
static size_t numeric(struct sbuf *b, const char *s, size_t n) {
	bool hex = n > 2 && (s[2] | 0x20) == 'x';
	size_t i = hex ? 3 : 2, first = i;
	uint32_t c = 0;
	char u[4];

	for (; i < n && (hex ? isxdigit((unsigned char)s[i]) : isdigit((unsigned char)s[i])); i++) {
		unsigned d = isdigit((unsigned char)s[i]) ? (unsigned)(s[i] - '0') : (unsigned)((s[i] | 0x20) - 'a') + 10;

		c = c > 0x110000 ? c : c * (hex ? 16 : 10) + d;
	}
	if (i == first)
		return 0;
	if (c < 0x80 || c >= 0xA0 ? !is_nothing(c) || c == 0 : true)
		sb_mem(b, u, utf8_put(u, repair(c)));
	return i + (i < n && s[i] == ';' ? 1 : 0);
}

static size_t named(struct sbuf *b, const char *s, size_t n) {
	const struct entity *e;
	size_t len = 1;

	while (len < n && len < 34 && strchr("\t\n\f <&#;", s[len]) == NULL)
		len++;
	len += len < n && s[len] == ';' ? 1 : 0;
	for (; len > 1; len--) {
		if ((e = find(s + 1, len - 1)) != NULL) {
			sb_str(b, e->text);
			return len;
		}
	}
	return 0;
}

struct val html_unescape(struct arena *a, struct val v) {
	struct sbuf b;
	size_t i = 0, used;

	if (memchr(v.u.s, '&', v.len) == NULL)
		return v;
	sb_init(&b, a);
	while (i < v.len) {
		used = 0;
		if (v.u.s[i] == '&' && i + 1 < v.len)
			used = v.u.s[i + 1] == '#' ? numeric(&b, v.u.s + i, v.len - i) : named(&b, v.u.s + i, v.len - i);
		if (used == 0)
			sb_chr(&b, v.u.s[i]);
		i += used == 0 ? 1 : used;
	}
	return val_mem(b.s, b.len);
}
