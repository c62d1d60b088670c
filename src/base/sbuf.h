/*
 * sbuf.h: a string that grows, and the escaping for each place a string may land in.
 *
 * s is never NULL and always ends in NUL, also when nothing was added. It may contain NULs; len counts.
 */
#ifndef PEERAGE_SBUF_H
#define PEERAGE_SBUF_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct arena;

struct sbuf {
	struct arena *a;
	char *s;
	size_t len, cap;
};

void sb_init(struct sbuf *, struct arena *);
void sb_reset(struct sbuf *);                           /* empty again, memory kept */
void sb_cut(struct sbuf *, size_t len);                 /* shorter again: what was added after `len` is gone */
void sb_reserve(struct sbuf *, size_t more);            /* room for `more` bytes without moving */
void sb_str(struct sbuf *, const char *);
void sb_int(struct sbuf *, int64_t);
void sb_fmt(struct sbuf *, const char *, ...) __attribute__((format(printf, 2, 3)));

static inline void sb_mem(struct sbuf *b, const void *p, size_t n) {
	if (n == 0)
		return;
	if (b->cap - b->len <= n)
		sb_reserve(b, n);
	memcpy(b->s + b->len, p, n);
	b->len += n;
	b->s[b->len] = '\0';
}

static inline void sb_chr(struct sbuf *b, char c) {
	if (b->cap - b->len <= 1)
		sb_reserve(b, 1);
	b->s[b->len++] = c;
	b->s[b->len] = '\0';
}

/* One function a place. All take text in UTF-8. */
void sb_html(struct sbuf *, const char *, size_t);      /* text and quoted attributes; as MarkupSafe: & < > ' " */
void sb_json(struct sbuf *, const char *, size_t);      /* with the quotes; invalid UTF-8 becomes U+FFFD */
void sb_url(struct sbuf *, const char *, size_t);       /* a query's name or value: all but unreserved is %XX (RFC 3986) */
void sb_csv(struct sbuf *, const char *, size_t);       /* a field, quoted where RFC 4180 asks for it */

/* What others sent, as text that the database takes: UTF-8 without NUL, invalid bytes as U+FFFD, at most `max` characters. */
void sb_utf8(struct sbuf *, const char *s, size_t len, size_t max);

#endif
