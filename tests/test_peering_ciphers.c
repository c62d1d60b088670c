/* test_peering_ciphers.c: session keys as platforms write them, and AS-SETs as people do. */
#include "config.h"

#include <criterion/criterion.h>

#include "peering/ciphers.h"
#include "peering/rules.h"

static struct arena *a;

static void setup(void) {
	a = arena_new_root();
}

static void teardown(void) {
	arena_free(a);
}

TestSuite(ciphers, .init = setup, .fini = teardown);
TestSuite(as_sets, .init = setup, .fini = teardown);

/* What the platforms themselves write for these. */
static const struct { const char *algorithm, *clear, *key, *text; } known[] = {
	{ "arista-type7", "mypassword", "192.0.2.1", "7 y+H7lLFzp/YsDHHDOkvsCg==" },
	{ "arista-type7", "mypassword", "2001:db8::1", "7 MvaoTUNIrHU4N6c3nmp5gg==" },
	{ "arista-type7", "secret", "198.51.100.2/30", "7 GTCQuPdgAUBuLhctfy5BTQ==" },
	{ "arista-type7", "a", "192.0.2.1", "7 LeHWJj32m50=" },
	{ "arista-type7", "xxxxxxxxxxxxxxxxxxxx", "10.0.0.1", "7 zvjv8dn90LLvc/dtccWYBlx01eEaZdkX" },
	{ "arista-type7", "p@ss w\xc3\xb6rd", "192.0.2.1", "7 jLNkAy5iaPnOhy9CnPpQbA==" },
	{ "juniper-type9", "mypassword", "192.0.2.1", "$9$ikPQtu1IhrqmBEyrLXk.PQnCp0ISyK" },
	{ "juniper-type9", "mypassword", "2001:db8::1", "$9$lqlK87goGUi.vWZjq.F3KM87VY4aUkqf" },
	{ "juniper-type9", "secret", "198.51.100.2/30", "$9$xjsdYoDjqf5FDiPQz3pu" },
	{ "juniper-type9", "a", "192.0.2.1", "$9$ikqf" },
	{ "juniper-type9", "xxxxxxxxxxxxxxxxxxxx", "10.0.0.1", "$9$ZnGqf/Cu0Ic0Bb2gaHkIEcSMXs2aJDkJGpB1EKvDikqQn0BEhrvhSoGUi5T" },
};

Test(ciphers, write_what_the_platforms_write) {
	const char *out;
	struct err e;
	size_t i;

	for (i = 0; i < ARRAY_LEN(known); i++) {
		cr_assert(cipher_encrypt(a, known[i].algorithm, known[i].clear, known[i].key, &out, &e), "%s", e.msg);
		cr_expect_str_eq(out, known[i].text, "%s %s: %s, not %s", known[i].algorithm, known[i].clear, out, known[i].text);
	}
}

Test(ciphers, read_what_the_platforms_write) {
	static const struct { const char *text, *clear; } cisco[] = {
		{ "7 094F471A1A0A", "cisco" }, { "7 13061E010803", "cisco" },
		{ "7 00090A1605481811003348", "mypassword" }, { "7 045612160E325F59060B01", "mypassword" },
		{ "7 082C555E080A16001D1908", "mypassword" }, { "7 141A0B1B0D17393C2B3A37", "mypassword" },
	};
	const char *out;
	struct err e;
	size_t i;

	for (i = 0; i < ARRAY_LEN(known); i++) {
		cr_assert(cipher_decrypt(a, known[i].algorithm, known[i].text, known[i].key, &out, &e), "%s", e.msg);
		cr_expect_str_eq(out, known[i].clear);
	}
	for (i = 0; i < ARRAY_LEN(cisco); i++) {
		cr_assert(cipher_decrypt(a, "cisco-type7", cisco[i].text, "", &out, &e), "%s", e.msg);
		cr_expect_str_eq(out, cisco[i].clear);
	}
}

Test(ciphers, come_back_at_every_length) {
	static const char *const algorithms[] = { "arista-type7", "cisco-type7", "juniper-type9" };
	char clear[81];
	const char *text, *back;
	struct err e;
	size_t i, n;

	for (i = 0; i < ARRAY_LEN(algorithms); i++) {
		for (n = 1; n <= 80; n++) {
			memset(clear, 'a' + (int)(n % 26), n);
			clear[n / 2] = (char)0xe9;
			clear[n] = '\0';
			cr_assert(cipher_encrypt(a, algorithms[i], clear, "2001:db8::7", &text, &e), "%s", e.msg);
			cr_assert(cipher_marked(algorithms[i], text));
			cr_assert(cipher_decrypt(a, algorithms[i], text, "2001:db8::7", &back, &e), "%s: %s", algorithms[i], e.msg);
			cr_assert_str_eq(back, clear);
		}
	}
}

Test(ciphers, leave_what_is_marked_or_empty) {
	const char *out;
	struct err e;

	cr_assert(cipher_encrypt(a, "cisco-type7", "7 0448", "", &out, &e));
	cr_expect_str_eq(out, "7 0448");
	cr_assert(cipher_encrypt(a, "arista-type7", "", "192.0.2.1", &out, &e));
	cr_expect_str_eq(out, "");
	cr_assert(cipher_decrypt(a, "juniper-type9", "clear", "", &out, &e));
	cr_expect_str_eq(out, "clear");
}

Test(ciphers, refuse_what_is_damaged) {
	static const struct { const char *algorithm, *text; } bad[] = {
		{ "arista-type7", "7 y+H7lLFzp/YsDHHDOkvsCh==" }, { "arista-type7", "7 ????" }, { "cisco-type7", "7 0" }, { "cisco-type7", "7 04zz" },
		{ "cisco-type7", "7 0A0A" }, { "juniper-type9", "$9$" }, { "juniper-type9", "$9$i!" }, { "juniper-type9", "$9$ikq" },
		{ "rot13", "x" },
	};
	const char *out;
	struct err e;
	size_t i;

	for (i = 0; i < ARRAY_LEN(bad); i++) {
		cr_expect_not(cipher_decrypt(a, bad[i].algorithm, bad[i].text, "192.0.2.9", &out, &e), "%s %s", bad[i].algorithm, bad[i].text);
		cr_expect_eq(e.code, ERR_INVALID);
	}
}

static void expect_sets(const char *text, const char *want) {
	struct as_set *sets;
	struct sbuf b;
	size_t n = as_sets(a, text, 64500, "RIPE,RADB,RIPE-NONAUTH", &sets), i;

	sb_init(&b, a);
	for (i = 0; i < n; i++)
		sb_fmt(&b, "%s|%s;", sets[i].source, sets[i].name);
	cr_expect_str_eq(b.s, want, "%s gives %s, not %s", text, b.s, want);
}

Test(as_sets, are_parsed) {
	expect_sets("RIPE::AS65535:AS-FOO", "RIPE|AS65535:AS-FOO;");
	expect_sets("AS-BAR AS-BARv6", "|AS-BAR;|AS-BARv6;");
	expect_sets("AS65535:AS-MEMBERS", "|AS65535:AS-MEMBERS;");
	expect_sets("", "|AS64500;");
	expect_sets(NULL, "|AS64500;");
	expect_sets(" \t", "|AS64500;");
	expect_sets("RADB:AS-X, RIPE-NONAUTH::AS-Y & AS-Z/ipv6:AS-V6", "RADB|AS-X;RIPE-NONAUTH|AS-Y;|AS-Z;|AS-V6;");
	expect_sets("FOO::AS-X", "|FOO::AS-X;");
}
