/*
 * totp.h: one-time codes from a shared secret and the time: RFC 6238 with HMAC-SHA-1, six digits and steps of 30 seconds, which
 * is what every authenticator speaks; the secret is written in base32 (RFC 4648) without padding.
 */
#ifndef PEERAGE_TOTP_H
#define PEERAGE_TOTP_H

#include "base/base.h"

enum { TOTP_SECRET = 20, TOTP_STEP = 30, TOTP_DIGITS = 6, TOTP_SLACK = 1 };

/* `n` bytes as base32 letters. */
char *base32_text(struct arena *, const uint8_t *, size_t n);
/* The bytes of base32 letters, upper or lower case; false when there is something else in it or more than `room` bytes come out. */
bool base32_parse(const char *text, uint8_t *out, size_t room, size_t *n);

/* The code of time step `step`: `digits` (6 to 8) digits. */
void totp_code(const uint8_t *secret, size_t n, uint64_t step, unsigned digits, char out[9]);
/* Is `code` that of a step within TOTP_SLACK of the time `now`, and later than `last`? Then *step is that one. */
bool totp_check(const char *secret, const char *code, int64_t now, int64_t last, int64_t *step);
/* otpauth://totp/ISSUER:ACCOUNT?..., as authenticators read it from a QR code. */
const char *totp_uri(struct arena *, const char *issuer, const char *account, const char *secret);

#endif
