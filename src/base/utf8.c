/* utf8.c: decoding and checking UTF-8. */
#include "config.h"

#include "base/base.h"
#include "base/utf8.h"

size_t utf8_len(const char *str, size_t n) {
	const unsigned char *s = (const unsigned char *)str;
	size_t need, i;

	if (n == 0)
		return 0;
	if (s[0] < 0x80)
		return 1;
	need = s[0] >= 0xC2 && s[0] <= 0xDF ? 2 : (s[0] & 0xF0) == 0xE0 ? 3 : s[0] >= 0xF0 && s[0] <= 0xF4 ? 4 : 0;
	if (need == 0 || need > n)
		return 0;
	for (i = 1; i < need; i++) {
		if ((s[i] & 0xC0) != 0x80)
			return 0;
	}
	if ((s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xED && s[1] > 0x9F) || (s[0] == 0xF0 && s[1] < 0x90) ||
	    (s[0] == 0xF4 && s[1] > 0x8F))
		return 0;
	return need;
}

uint32_t utf8_get(const char *str, size_t n, size_t *len) {
	const unsigned char *s = (const unsigned char *)str;
	size_t l;

	if (n > 0 && s[0] < 0x80) {
		*len = 1;
		return s[0];
	}
	l = utf8_len(str, n);
	*len = l == 0 ? 1 : l;
	switch (l) {
	case 1: return s[0];
	case 2: return (uint32_t)(s[0] & 0x1F) << 6 | (s[1] & 0x3F);
	case 3: return (uint32_t)(s[0] & 0x0F) << 12 | (uint32_t)(s[1] & 0x3F) << 6 | (s[2] & 0x3F);
	case 4:
		return (uint32_t)(s[0] & 0x07) << 18 | (uint32_t)(s[1] & 0x3F) << 12 | (uint32_t)(s[2] & 0x3F) << 6 | (s[3] & 0x3F);
	default: return 0xFFFD;
	}
}

size_t utf8_put(char *out, uint32_t c) {
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3F));
		out[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3F));
	out[2] = (char)(0x80 | (c >> 6 & 0x3F));
	out[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

/* How many bytes at the start are ASCII, counted in eights: most text is nothing else. */
static size_t ascii_start(const char *s, size_t n) {
	size_t i;
	uint64_t eight;

	for (i = 0; i + 8 <= n; i += 8) {
		memcpy(&eight, s + i, 8);
		if ((eight & 0x8080808080808080u) != 0)
			break;
	}
	return i;
}

bool utf8_valid(const char *s, size_t n) {
	size_t l;

	for (; n > 0; s += l, n -= l) {
		if ((l = ascii_start(s, n)) > 0)
			continue;
		if ((l = utf8_len(s, n)) == 0)
			return false;
	}
	return true;
}

size_t utf8_count(const char *s, size_t n) {
	size_t count = 0, l;

	for (; n > 0; s += l, n -= l) {
		if ((l = ascii_start(s, n)) > 0) {
			count += l;
			continue;
		}
		(void)utf8_get(s, n, &l);
		count++;
	}
	return count;
}
