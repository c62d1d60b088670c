/* irr.c: AS-SETs as people write them. */
#include "config.h"

#include "peering/rules.h"

static bool separates(char c) {
	return c == '/' || c == ',' || c == '&' || c == ' ' || (c >= '\t' && c <= '\r');
}

/* The registry that an element begins with ("RIPE::AS-FOO", "RADB:AS-FOO"), and where the rest begins; NULL when it names none. */
static const char *source_of(struct arena *a, const char *s, size_t n, const char *sources, size_t *skip) {
	const char *p = sources;

	while (*p != '\0') {
		size_t len = strcspn(p, ",");

		if (len > 0 && len < n && memcmp(s, p, len) == 0 && s[len] == ':') {
			for (*skip = len; *skip < n && s[*skip] == ':'; ++*skip)
				;
			return arena_strndup(a, p, len);
		}
		p += len + (p[len] == ',');
	}
	return NULL;
}

static struct as_set parse(struct arena *a, const char *s, size_t n, const char *sources) {
	size_t skip = 0;
	const char *source = source_of(a, s, n, sources, &skip);

	s += skip;
	n -= skip;
	if (n >= 5 && (memcmp(s, "ipv4:", 5) == 0 || memcmp(s, "ipv6:", 5) == 0)) {
		s += 5;
		n -= 5;
	}
	return (struct as_set){ source == NULL ? "" : source, arena_strndup(a, s, n) };
}

size_t as_sets(struct arena *a, const char *text, int64_t asn, const char *sources, struct as_set **out) {
	const char *p = text == NULL ? "" : text;
	struct as_set *sets = arena_new(a, struct as_set, strlen(p) / 2 + 2);
	size_t n = 0;

	while (*p != '\0') {
		const char *from = p;

		while (*p != '\0' && !separates(*p))
			p++;
		if (p > from)
			sets[n++] = parse(a, from, (size_t)(p - from), sources);
		while (separates(*p))
			p++;
	}
	if (n == 0)
		sets[n++] = (struct as_set){ "", arena_printf(a, "AS%lld", (long long)asn) };
	*out = sets;
	return n;
}
