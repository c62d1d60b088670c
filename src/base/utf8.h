/* utf8.h: UTF-8 as RFC 3629 defines it: no overlong form, no surrogate, nothing above U+10FFFF. */
#ifndef PEERAGE_UTF8_H
#define PEERAGE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the sequence at s (1 to 4), or 0 when it is not valid within n bytes. */
size_t utf8_len(const char *s, size_t n);

/* The code point at s, and its length through *len; U+FFFD and 1 for an invalid byte. n must be at least 1. */
uint32_t utf8_get(const char *s, size_t n, size_t *len);

/* Encode c into out (4 bytes of room); returns the bytes written. */
size_t utf8_put(char *out, uint32_t c);

bool utf8_valid(const char *s, size_t n);

/* How many code points: what Python calls len() of a str, and what a maximum length counts. */
size_t utf8_count(const char *s, size_t n);

#endif
