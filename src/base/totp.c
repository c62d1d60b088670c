/* totp.c: RFC 4226's truncation over RFC 6238's clock. */
#include "config.h"

#include <ctype.h>
#include <stdio.h>

#include "base/secret.h"
#include "base/totp.h"

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

char *base32_text(struct arena *a, const uint8_t *in, size_t n) {
	char *out = arena_alloc(a, (n * 8 + 4) / 5 + 1), *p = out;
	unsigned bits = 0, have = 0;

	for (size_t i = 0; i < n; i++) {
		bits = (bits << 8 | in[i]) & 0xFFFF;
		for (have += 8; have >= 5; have -= 5)
			*p++ = letters[bits >> (have - 5) & 31];
	}
	if (have > 0)
		*p++ = letters[bits << (5 - have) & 31];
	*p = '\0';
	return out;
}

bool base32_parse(const char *text, uint8_t *out, size_t room, size_t *n) {
	unsigned bits = 0, have = 0;

	for (*n = 0; *text != '\0'; text++) {
		const char *at = strchr(letters, toupper((unsigned char)*text));

		if (at == NULL)
			return false;
		bits = (bits << 5 | (unsigned)(at - letters)) & 0xFFFF;
		have += 5;
		if (have < 8)
			continue;
		if (*n == room)
			return false;
		have -= 8;
		out[(*n)++] = (uint8_t)(bits >> have & 0xFF);
	}
	return true;
}

void totp_code(const uint8_t *secret, size_t n, uint64_t step, unsigned digits, char out[9]) {
	uint8_t message[8], mac[SHA1_LEN];
	uint32_t number, modulus = 1;
	size_t at;

	for (size_t i = 0; i < sizeof(message); i++)
		message[i] = (uint8_t)(step >> (56 - 8 * i) & 0xFF);
	hmac_sha1(secret, n, message, sizeof(message), mac);
	at = mac[SHA1_LEN - 1] & 15;
	number = ((uint32_t)mac[at] & 127) << 24 | (uint32_t)mac[at + 1] << 16 | (uint32_t)mac[at + 2] << 8 | mac[at + 3];
	for (unsigned i = 0; i < digits; i++)
		modulus *= 10;
	snprintf(out, 9, "%0*u", (int)digits, (unsigned)(number % modulus));
}

bool totp_check(const char *secret, const char *code, int64_t now, int64_t last, int64_t *step) {
	uint8_t raw[64];
	size_t n;
	bool right = false;

	if (strlen(code) != TOTP_DIGITS || !base32_parse(secret, raw, sizeof(raw), &n))
		return false;
	for (int64_t s = now / TOTP_STEP - TOTP_SLACK; s <= now / TOTP_STEP + TOTP_SLACK; s++) {
		char want[9];

		if (s <= last || s < 0)
			continue;
		totp_code(raw, n, (uint64_t)s, TOTP_DIGITS, want);
		if (secret_equal(want, code, TOTP_DIGITS)) {
			*step = s;
			right = true;
		}
	}
	return right;
}

const char *totp_uri(struct arena *a, const char *issuer, const char *account, const char *secret) {
	struct sbuf sb;

	sb_init(&sb, a);
	sb_str(&sb, "otpauth://totp/");
	sb_url(&sb, issuer, strlen(issuer));
	sb_chr(&sb, ':');
	sb_url(&sb, account, strlen(account));
	sb_fmt(&sb, "?secret=%s&issuer=", secret);
	sb_url(&sb, issuer, strlen(issuer));
	sb_fmt(&sb, "&algorithm=SHA1&digits=%d&period=%d", TOTP_DIGITS, TOTP_STEP);
	return sb.s;
}
