/* sbuf.c: growing strings and their escaping sinks. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "base/utf8.h"

static const char empty[1];

void sb_init(struct sbuf *b, struct arena *a) {
	*b = (struct sbuf){ .a = a, .s = (char *)(uintptr_t)empty };    /* cap 0: never written through */
}

void sb_reset(struct sbuf *b) {
	b->len = 0;
	if (b->cap > 0)
		b->s[0] = '\0';
}

void sb_cut(struct sbuf *b, size_t len) {
	if (len >= b->len)
		return;
	b->len = len;
	b->s[len] = '\0';
}

void sb_reserve(struct sbuf *b, size_t more) {
	size_t want = b->len + more + 1, cap = b->cap == 0 ? 256 : b->cap;

	if (want <= b->cap)
		return;
	while (cap < want)
		cap += cap;
	b->s = arena_grow_raw(b->a, b->cap == 0 ? NULL : b->s, b->cap, cap);
	b->cap = cap;
	b->s[b->len] = '\0';
}

void sb_str(struct sbuf *b, const char *s) {
	sb_mem(b, s, strlen(s));
}

void sb_int(struct sbuf *b, int64_t v) {
	char digits[20];
	size_t n = sizeof(digits);
	uint64_t u = v < 0 ? -(uint64_t)v : (uint64_t)v;
	uint32_t low;

	for (; u > UINT32_MAX; u /= 10)
		digits[--n] = (char)('0' + u % 10);
	low = (uint32_t)u;              /* division is cheaper in 32 bits */
	do
		digits[--n] = (char)('0' + low % 10);
	while ((low /= 10) != 0);
	if (v < 0)
		digits[--n] = '-';
	sb_mem(b, digits + n, sizeof(digits) - n);
}

void sb_fmt(struct sbuf *b, const char *fmt, ...) {
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n > 0) {
		sb_reserve(b, (size_t)n);
		vsnprintf(b->s + b->len, (size_t)n + 1, fmt, ap);
		b->len += (size_t)n;
	}
	va_end(ap);
}

void sb_html(struct sbuf *b, const char *s, size_t n) {
	size_t i, done = 0;

	for (i = 0; i < n; i++) {
		const char *e;

		switch (s[i]) {
		case '&': e = "&amp;"; break;
		case '<': e = "&lt;"; break;
		case '>': e = "&gt;"; break;
		case '"': e = "&#34;"; break;
		case '\'': e = "&#39;"; break;
		default: continue;
		}
		sb_mem(b, s + done, i - done);
		sb_str(b, e);
		done = i + 1;
	}
	sb_mem(b, s + done, n - done);
}

static void json_escape(struct sbuf *b, unsigned char c) {
	switch (c) {
	case '"': sb_mem(b, "\\\"", 2); break;
	case '\\': sb_mem(b, "\\\\", 2); break;
	case '\b': sb_mem(b, "\\b", 2); break;
	case '\f': sb_mem(b, "\\f", 2); break;
	case '\n': sb_mem(b, "\\n", 2); break;
	case '\r': sb_mem(b, "\\r", 2); break;
	case '\t': sb_mem(b, "\\t", 2); break;
	default: sb_fmt(b, "\\u%04x", c);
	}
}

void sb_json(struct sbuf *b, const char *s, size_t n) {
	size_t i = 0, done = 0;

	sb_reserve(b, n + 2);
	sb_chr(b, '"');
	while (i < n) {
		unsigned char c = (unsigned char)s[i];
		size_t l;

		if (c >= 0x20 && c < 0x80 && c != '"' && c != '\\') {
			i++;
			continue;
		}
		l = c < 0x80 ? 0 : utf8_len(s + i, n - i);
		if (l > 0) {
			i += l;
			continue;
		}
		sb_mem(b, s + done, i - done);
		if (c < 0x80)
			json_escape(b, c);
		else
			sb_mem(b, "\xEF\xBF\xBD", 3);
		done = ++i;
	}
	sb_mem(b, s + done, n - done);
	sb_chr(b, '"');
}

void sb_url(struct sbuf *b, const char *s, size_t n) {
	static const char hex[] = "0123456789ABCDEF", plain[] = "-._~";
	size_t i;

	for (i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		    (c != '\0' && strchr(plain, c) != NULL)) {
			sb_chr(b, (char)c);
		} else {
			sb_chr(b, '%');
			sb_chr(b, hex[c >> 4]);
			sb_chr(b, hex[c & 15]);
		}
	}
}

void sb_csv(struct sbuf *b, const char *s, size_t n) {
	size_t i;

	if (memchr(s, ',', n) == NULL && memchr(s, '"', n) == NULL && memchr(s, '\n', n) == NULL && memchr(s, '\r', n) == NULL) {
		sb_mem(b, s, n);
		return;
	}
	sb_chr(b, '"');
	for (i = 0; i < n; i++) {
		if (s[i] == '"')
			sb_chr(b, '"');
		sb_chr(b, s[i]);
	}
	sb_chr(b, '"');
}

void sb_utf8(struct sbuf *b, const char *s, size_t len, size_t max) {
	size_t i, n, count;

	for (i = 0, count = 0; i < len && count < max; i += n, count++) {
		n = utf8_len(s + i, len - i);
		if (n == 0 || s[i] == '\0')
			sb_str(b, "\xEF\xBF\xBD");
		else
			sb_mem(b, s + i, n);
		n = n == 0 ? 1 : n;
	}
}
