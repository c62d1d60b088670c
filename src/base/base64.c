/* base64.c: bytes for where only letters may go. */
#include "config.h"

#include "base/base64.h"

void sb_base64(struct sbuf *b, const char *s, size_t n) {
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t i;

	for (i = 0; i < n; i += 3) {
		unsigned v = (unsigned)(unsigned char)s[i] << 16 | (i + 1 < n ? (unsigned)(unsigned char)s[i + 1] << 8 : 0) |
		    (i + 2 < n ? (unsigned)(unsigned char)s[i + 2] : 0);

		sb_chr(b, digits[v >> 18]);
		sb_chr(b, digits[v >> 12 & 63]);
		sb_chr(b, i + 1 < n ? digits[v >> 6 & 63] : '=');
		sb_chr(b, i + 2 < n ? digits[v & 63] : '=');
	}
}
