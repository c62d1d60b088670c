/* test_totp.c: one-time codes against the vectors of RFC 6238, appendix B, and RFC 4226, appendix D; base32 against RFC 4648, 10. */
#include "config.h"

#include <criterion/criterion.h>

#include "base/totp.h"

static const char key[] = "12345678901234567890";

Test(totp, vectors_of_rfc_6238) {
	static const struct { int64_t time; const char *code; } rows[] = {
		{ 59, "94287082" }, { 1111111109, "07081804" }, { 1111111111, "14050471" }, { 1234567890, "89005924" },
		{ 2000000000, "69279037" }, { 20000000000, "65353130" },
	};
	char code[9];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		totp_code((const uint8_t *)key, sizeof(key) - 1, (uint64_t)rows[i].time / TOTP_STEP, 8, code);
		cr_expect_str_eq(code, rows[i].code, "at %lld", (long long)rows[i].time);
	}
}

Test(totp, vectors_of_rfc_4226) {
	static const char *const codes[] = { "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489" };
	char code[9];

	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		totp_code((const uint8_t *)key, sizeof(key) - 1, i, TOTP_DIGITS, code);
		cr_expect_str_eq(code, codes[i], "counter %zu", i);
	}
}

Test(totp, base32_of_rfc_4648) {
	static const char *const rows[][2] = { { "", "" }, { "f", "MY" }, { "fo", "MZXQ" }, { "foo", "MZXW6" }, { "foob", "MZXW6YQ" }, { "fooba", "MZXW6YTB" },
		{ "foobar", "MZXW6YTBOI" } };
	struct arena *a = arena_new_root();
	uint8_t raw[8];
	size_t n;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		cr_expect_str_eq(base32_text(a, (const uint8_t *)rows[i][0], strlen(rows[i][0])), rows[i][1]);
		cr_assert(base32_parse(rows[i][1], raw, sizeof(raw), &n));
		cr_expect(n == strlen(rows[i][0]) && memcmp(raw, rows[i][0], n) == 0, "%s", rows[i][1]);
	}
	cr_expect_not(base32_parse("MZXW1", raw, sizeof(raw), &n), "1 is no letter");
	cr_expect_not(base32_parse("MZXW6YTBOIMZXW6YTBOI", raw, sizeof(raw), &n), "too long");
	arena_free(a);
}

/* The secret is RFC 6238's in base32; at 1111111111 the step is 37037037, its code 050471, the one before 081804. */
Test(totp, check_takes_each_step_once) {
	static const char secret[] = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
	const int64_t now = 1111111111, step = now / TOTP_STEP;
	int64_t got;

	cr_assert(totp_check(secret, "050471", now, 0, &got));
	cr_expect_eq(got, step);
	cr_expect(totp_check(secret, "081804", now, 0, &got), "one step of slack");
	cr_expect_eq(got, step - 1);
	cr_expect_not(totp_check(secret, "050471", now, step, &got), "taken before");
	cr_expect_not(totp_check(secret, "081804", now, step, &got), "older than the last one");
	cr_expect_not(totp_check(secret, "081804", now + TOTP_STEP, 0, &got), "two steps ago");
	cr_expect_not(totp_check(secret, "50471", now, 0, &got));
	cr_expect_not(totp_check(secret, "14050471", now, 0, &got));
	cr_expect_not(totp_check(secret, "", now, 0, &got));
}

Test(totp, uri) {
	struct arena *a = arena_new_root();

	cr_expect_str_eq(totp_uri(a, "Peerage", "ann@example.net", "MZXW6YTBOI"),
	    "otpauth://totp/Peerage:ann%40example.net?secret=MZXW6YTBOI&issuer=Peerage&algorithm=SHA1&digits=6&period=30");
	arena_free(a);
}
