/* net.c: addresses, MAC addresses, AS numbers and communities as text and back. */
#include "config.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/net.h"

static unsigned addr_bits(const struct addr *a) {
	return a->family == 4 ? 32 : 128;
}

/* All digits, at least one, no more than `digits`, no leading zero; the value through *out. */
static bool decimal(const char *s, size_t n, size_t digits, uint64_t *out) {
	uint64_t v = 0;
	size_t i;

	if (n == 0 || n > digits || (n > 1 && s[0] == '0'))
		return false;
	for (i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		v = v * 10 + (uint64_t)(s[i] - '0');
	}
	*out = v;
	return true;
}

/* inet_pton of some systems takes what RFC 4291 does not; a zone or a blank is never taken here. */
bool addr_parse(const char *text, size_t len, struct addr *out) {
	struct addr a = { .family = 0 };
	const char *slash = memchr(text, '/', len);
	size_t host = slash == NULL ? len : (size_t)(slash - text);
	char buf[ADDR_TEXT_MAX];
	uint64_t plen;

	if (host == 0 || host >= sizeof(buf) || memchr(text, '\0', len) != NULL)
		return false;
	memcpy(buf, text, host);
	buf[host] = '\0';
	if (strspn(buf, "0123456789.") == host && inet_pton(AF_INET, buf, a.b) == 1)
		a.family = 4;
	else if (strspn(buf, "0123456789abcdefABCDEF:.") == host && inet_pton(AF_INET6, buf, a.b) == 1)
		a.family = 6;
	else
		return false;
	plen = addr_bits(&a);
	if (slash != NULL && (!decimal(slash + 1, len - host - 1, 3, &plen) || plen > addr_bits(&a)))
		return false;
	a.plen = (uint8_t)plen;
	*out = a;
	return true;
}

char *addr_text(const struct addr *a, enum addr_form form, char out[ADDR_TEXT_MAX]) {
	out[0] = '\0';
	if (a->family != 4 && a->family != 6)
		return out;
	inet_ntop(a->family == 4 ? AF_INET : AF_INET6, a->b, out, ADDR_TEXT_MAX);
	if (form == ADDR_WITH_LENGTH)
		snprintf(out + strlen(out), ADDR_TEXT_MAX - strlen(out), "/%u", a->plen);
	return out;
}

int addr_compare(const struct addr *a, const struct addr *b) {
	int order;

	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	order = memcmp(a->b, b->b, a->family == 4 ? 4 : 16);
	return order != 0 ? order : (int)a->plen - (int)b->plen;
}

/* Set or clear what lies beyond the prefix. */
static struct addr addr_fill(const struct addr *a, bool ones) {
	struct addr out = *a;
	unsigned bit;

	for (bit = a->plen; bit < addr_bits(a); bit++) {
		uint8_t mask = (uint8_t)(0x80u >> (bit % 8));

		if (ones)
			out.b[bit / 8] |= mask;
		else
			out.b[bit / 8] &= (uint8_t)~mask;
	}
	return out;
}

struct addr addr_network(const struct addr *a) {
	return addr_fill(a, false);
}

struct addr addr_broadcast(const struct addr *a) {
	return addr_fill(a, true);
}

bool addr_contains(const struct addr *net, const struct addr *a) {
	struct addr x = *a, y;

	if (net->family != a->family)
		return false;
	x.plen = net->plen;
	x = addr_network(&x);
	y = addr_network(net);
	return memcmp(x.b, y.b, sizeof(x.b)) == 0;
}

bool addr_is_host(const struct addr *a) {
	return a->plen == addr_bits(a);
}

bool mac_parse(const char *text, size_t len, uint8_t out[6]) {
	char hex[12];
	size_t n = 0, i;
	static const struct { size_t len, every; const char *marks; } forms[] = {
		{ 12, 13, "" }, { 17, 3, ":-" }, { 14, 5, ".:-" }, { 13, 7, "-:" },
	};
	const char *marks = NULL;
	size_t every = 0;

	for (i = 0; i < ARRAY_LEN(forms); i++) {
		if (forms[i].len == len) {
			marks = forms[i].marks;
			every = forms[i].every;
		}
	}
	if (marks == NULL)
		return false;
	for (i = 0; i < len; i++) {
		if ((i + 1) % every == 0) {
			if (text[i] == '\0' || strchr(marks, text[i]) == NULL || (i >= every && text[i] != text[every - 1]))
				return false;
		} else if (!isxdigit((unsigned char)text[i]) || n == 12) {
			return false;
		} else {
			hex[n++] = text[i];
		}
	}
	if (n != 12)
		return false;
	for (i = 0; i < 6; i++)
		out[i] = (uint8_t)strtoul((char[]){ hex[2 * i], hex[2 * i + 1], '\0' }, NULL, 16);
	return true;
}

char *mac_text(const uint8_t m[6], char out[18]) {
	snprintf(out, 18, "%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4], m[5]);
	return out;
}

bool asn_parse(const char *text, size_t len, uint32_t *out) {
	const char *dot;
	uint64_t high = 0, low = 0;

	if (len > 2 && (text[0] == 'A' || text[0] == 'a') && (text[1] == 'S' || text[1] == 's')) {
		text += 2;
		len -= 2;
	}
	dot = memchr(text, '.', len);
	if (dot != NULL) {
		size_t n = (size_t)(dot - text);

		if (!decimal(text, n, 5, &high) || !decimal(dot + 1, len - n - 1, 5, &low) || high > 65535 || low > 65535)
			return false;
		low += high << 16;
	} else if (!decimal(text, len, 10, &low)) {
		return false;
	}
	if (low == 0 || low > 4294967295)
		return false;
	*out = (uint32_t)low;
	return true;
}

bool asn_is_private(uint32_t asn) {
	static const struct { uint32_t first, last; } ranges[] = {
		{ 0, 0 }, { 23456, 23456 }, { 64496, 64511 }, { 64512, 65534 }, { 65535, 65535 }, { 65536, 65551 }, { 65552, 131071 },
		{ 4200000000, 4294967294 }, { 4294967295, 4294967295 },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(ranges); i++) {
		if (asn >= ranges[i].first && asn <= ranges[i].last)
			return true;
	}
	return false;
}

/* Digits as Python's str.isdigit() takes them, leading zeros included. */
static bool digits(const char *s, size_t n, uint64_t *out) {
	while (n > 1 && *s == '0') {
		s++;
		n--;
	}
	return decimal(s, n, 19, out);
}

static enum community_kind community_extended(const char *s, const char *const part[3], const size_t len[3]) {
	uint64_t admin, number;
	struct addr a;

	if (!(len[0] == 6 && (memcmp(s, "origin", 6) == 0 || memcmp(s, "target", 6) == 0)))
		return COMMUNITY_INVALID;
	if (!digits(part[1], len[1], &admin)) {
		if (memchr(part[1], '/', len[1]) != NULL || !addr_parse(part[1], len[1], &a) || a.family != 4)
			return COMMUNITY_INVALID;
		admin = 65536;
	}
	if (!digits(part[2], len[2], &number) || number < 1 || number > (admin > 65535 ? 65535u : 4294967295u))
		return COMMUNITY_INVALID;
	return COMMUNITY_EXTENDED;
}

enum community_kind community_kind(const char *text) {
	const char *part[3] = { text };
	size_t len[3], n = 0;
	uint64_t v[3];
	const char *s = text;

	for (;;) {
		if (n == 3)
			return COMMUNITY_INVALID;
		part[n] = s;
		len[n] = strcspn(s, ":");
		s += len[n++];
		if (*s == '\0')
			break;
		s++;
	}
	if (n == 2) {
		bool ok = digits(part[0], len[0], &v[0]) && digits(part[1], len[1], &v[1]) && v[0] >= 1 && v[0] <= 65535 && v[1] <= 65535;

		return ok ? COMMUNITY_STANDARD : COMMUNITY_INVALID;
	}
	if (n != 3)
		return COMMUNITY_INVALID;
	if (!digits(part[0], len[0], &v[0]))
		return community_extended(text, part, len);
	if (!digits(part[1], len[1], &v[1]) || !digits(part[2], len[2], &v[2]))
		return COMMUNITY_INVALID;
	return v[0] >= 1 && v[0] <= 4294967295 && v[1] <= 4294967295 && v[2] <= 4294967295 ? COMMUNITY_LARGE : COMMUNITY_INVALID;
}
