/* unicode_names.c: \N{NAME} in a string: the names of the characters that people write so. */
#include "config.h"

#include <ctype.h>

#include "template/engine.h"

struct named {
	const char *name;
	uint32_t c;
};

#include "template/unicode_names.h"

size_t uc_named(struct sbuf *b, const char *s, size_t n) {
	const char *end = n > 1 && s[0] == '{' ? memchr(s, '}', n) : NULL;
	size_t low = 0, high = ARRAY_LEN(names), len, i;
	char name[64], u[4];

	if (end == NULL || (len = (size_t)(end - s) - 1) >= sizeof(name))
		return 0;
	for (i = 0; i < len; i++)
		name[i] = (char)toupper((unsigned char)s[i + 1]);
	name[len] = '\0';
	while (low < high) {
		size_t mid = (low + high) / 2;
		int d = strcmp(names[mid].name, name);

		if (d == 0) {
			sb_mem(b, u, utf8_put(u, names[mid].c));
			return len + 3;
		}
		if (d < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return 0;
}
