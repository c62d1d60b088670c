/* test_devices.c: what drivers share and needs no router: differences, words, identifiers, the order of the steps. */
#include "config.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "devices/openbgpd_reset.h"
#include "devices/transport.h"

/* Apply a unified difference to the old text, line by line, holding each context and removed line against it. */
static bool apply(struct sbuf *out, const char *old, const char *diff) {
	const char *at = old;
	size_t line = 0;

	while (*diff != '\0') {
		size_t n = strcspn(diff, "\n"), k = strcspn(at, "\n");

		if (*diff == '@') {
			size_t from = strtoul(strchr(diff, '-') + 1, NULL, 10), count = strtoul(strchr(diff, ',') + 1, NULL, 10);

			for (from -= count > 0; line < from; line++) {
				k = strcspn(at, "\n");
				sb_mem(out, at, k + 1);
				at += k + 1;
			}
		} else if (*diff == '+') {
			sb_mem(out, diff + 1, n);
		} else {
			if (n - 1 != k || memcmp(diff + 1, at, k) != 0)
				return false;
			if (*diff == ' ')
				sb_mem(out, at, k + 1);
			at += k + 1;
			line++;
		}
		diff += n + 1;
	}
	sb_str(out, at);
	return true;
}

static void some_text(struct sbuf *b, unsigned *seed, unsigned lines, unsigned words) {
	while (lines-- > 0)
		sb_fmt(b, "line %u\n", (unsigned)rand_r(seed) % words);
}

Test(devices, difference_applies) {
	struct arena *a = arena_new_root();
	unsigned seed = 7, i;

	for (i = 0; i < 1000; i++) {
		struct sbuf old, new, diff, got;

		sb_init(&old, a);
		sb_init(&new, a);
		sb_init(&diff, a);
		sb_init(&got, a);
		some_text(&old, &seed, (unsigned)rand_r(&seed) % 40, 1 + (unsigned)rand_r(&seed) % 12);
		some_text(&new, &seed, (unsigned)rand_r(&seed) % 40, 1 + (unsigned)rand_r(&seed) % 12);
		text_diff(&diff, old.s, old.len, new.s, new.len);
		if (!apply(&got, old.s, diff.s) || strcmp(got.s, new.s) != 0 || (diff.len == 0) != (strcmp(old.s, new.s) == 0))
			cr_assert_fail("round %u: old\n%s\nnew\n%s\ndifference\n%s", i, old.s, new.s, diff.s);
		arena_reset(a);
	}
	arena_free(a);
}

Test(devices, difference_is_small) {
	struct arena *a = arena_new_root();
	struct sbuf old, new, diff;
	unsigned i;

	sb_init(&old, a);
	sb_init(&new, a);
	sb_init(&diff, a);
	for (i = 0; i < 20000; i++) {
		sb_fmt(&old, "line %u\n", i);
		if (i != 9000)
			sb_fmt(&new, i == 15000 ? "other %u\n" : "line %u\n", i);
	}
	text_diff(&diff, old.s, old.len, new.s, new.len);
	cr_assert_str_eq(diff.s, "@@ -8998,7 +8998,6 @@\n line 8997\n line 8998\n line 8999\n-line 9000\n line 9001\n line 9002\n line 9003\n"
	    "@@ -14998,7 +14997,7 @@\n line 14997\n line 14998\n line 14999\n-line 15000\n+other 15000\n line 15001\n line 15002\n line 15003\n");
	arena_free(a);
}

Test(devices, drivers_are_whole) {
	const struct driver *const *d;
	const char *const *alias;

	for (d = drivers; *d != NULL; d++) {
		cr_assert_eq(driver_find((*d)->name), *d);
		for (alias = (*d)->aliases; alias != NULL && *alias != NULL; alias++)
			cr_assert_eq(driver_find(*alias), *d, "%s", *alias);
		cr_assert((*d)->label != NULL && (*d)->port != 0 && (*d)->facts != NULL && (*d)->neighbours != NULL && (*d)->running != NULL, "%s", (*d)->name);
		if (((*d)->can & (CAN_REPLACE | CAN_MERGE)) != 0)
			cr_assert((*d)->stage != NULL && (*d)->commit != NULL && (*d)->discard != NULL, "%s", (*d)->name);
		if (((*d)->can & CAN_DIFF) != 0)
			cr_assert_not_null((*d)->diff, "%s", (*d)->name);
		if (((*d)->can & (CAN_TIMER | CAN_UNDO)) != 0)
			cr_assert((*d)->pending != NULL && (*d)->confirm != NULL && (*d)->rollback != NULL, "%s", (*d)->name);
	}
	cr_assert_null(driver_find("nothing"));
	cr_assert_eq(driver_find("BIRD2"), driver_find("bird"));
}

Test(devices, checks_before_it_runs) {
	struct arena *a = arena_new_root();

	cr_expect(device_checks(device_new(a, driver_find("sros")), STAGE_MERGE));
	cr_expect(device_checks(device_new(a, driver_find("nxos")), STAGE_REPLACE));
	cr_expect_not(device_checks(device_new(a, driver_find("nxos")), STAGE_MERGE));
	cr_expect_not(device_checks(device_new(a, driver_find("cisco_ios")), STAGE_REPLACE));
	arena_free(a);
}

Test(devices, spans) {
	cr_expect_eq(span_seconds("00:41:47"), 2507);
	cr_expect_eq(span_seconds("1d13h"), 133200);
	cr_expect_eq(span_seconds("1y4w"), 365 * 86400 + 4 * 7 * 86400);
	cr_expect_eq(span_seconds("5h 3m 2s"), 5 * 3600 + 182);
	cr_expect_eq(span_seconds("P17DT7H42M42S"), 17 * 86400 + 7 * 3600 + 42 * 60 + 42);
	cr_expect_eq(span_seconds("0s"), 0);
	cr_expect_eq(span_seconds("never"), -1);
	cr_expect_eq(span_seconds("12"), -1);
	cr_expect_eq(span_seconds("99999999999999999999d"), -1);
	cr_expect_eq(span_seconds(""), -1);
}

Test(devices, states) {
	unsigned s;

	for (s = BGP_IDLE; s < BGP__COUNT; s++)
		cr_assert_eq(bgp_state_of(bgp_state_name((enum bgp_state)s)), (enum bgp_state)s);
	cr_assert_eq(bgp_state_of("OpenConfirm"), BGP_OPENCONFIRM);
	cr_assert_eq(bgp_state_of("Clearing"), BGP_UNKNOWN);
}

Test(devices, shell_words) {
	struct arena *a = arena_new_root();
	struct sbuf b;

	sb_init(&b, a);
	sb_shell(&b, "it's $(x)", 9);
	cr_assert_str_eq(b.s, "'it'\\''s $(x)'");
	arena_free(a);
}

Test(devices, without_connection) {
	struct arena *a = arena_new_root();
	struct device *d = device_new(a, driver_find("bird"));
	struct neighbours n;
	struct err e = { .code = ERR_NONE };

	cr_assert_not(device_neighbours(d, a, &n, &e));
	cr_assert_str_eq(e.kind, "cut");
	cr_assert_not(device_stage(d, "bad id; rm -rf /", "x", 1, STAGE_REPLACE, &e));
	cr_assert_eq(e.code, ERR_INVALID);
	cr_assert_not(device_commit(d, 10, "x", NULL, &e));
	arena_free(a);
}

/* ---- OpenBGPD: which sessions a change resets ---- */

static const char *resets(struct arena *a, const char *text, const char *parsed, const char *new_text, const char *new_parsed) {
	const struct list *l = openbgpd_resets(a, &(struct openbgpd_text){ text, parsed }, &(struct openbgpd_text){ new_text, new_parsed });
	struct sbuf b;

	sb_init(&b, a);
	for (size_t i = 0; i < l->n; i++)
		sb_fmt(&b, "%s%s", i == 0 ? "" : " ", l->v[i].u.s);
	return b.s;
}

#define PARSED(own, first, second) "AS 65003\nrouter-id " own "\n\nneighbor 192.0.2.1 {\n\tdescr \"one\"\n" first "}\n" \
	"group \"g\" {\n\tneighbor 2001:db8::2 {\n\t\tremote-as 65002\n" second "\t}\n}\nneighbor 10.0.0.0/8 {\n\tremote-as 65009\n}\nallow from any\n"

Test(openbgpd, sessions_are_reset_for_what_they_were_opened_with) {
	static const char old[] = PARSED("10.0.0.3", "\tremote-as 65001\n", "\t\ttcp md5sig\n");
	static const char text[] = "secret = \"abc\"\nneighbor 192.0.2.1 {\n}\ngroup \"g\" {\n tcp md5sig password $secret # here\n neighbor 2001:DB8:0::2 { }\n}\n";
	struct arena *a = arena_new_root();

	cr_expect_str_eq(resets(a, text, old, text, old), "");
	cr_expect_str_eq(resets(a, text, old, text, PARSED("10.0.0.3", "\tremote-as 65009\n", "\t\ttcp md5sig\n")), "192.0.2.1");
	cr_expect_str_eq(resets(a, text, old, text, PARSED("10.0.0.3", "\tremote-as 65001\n\tmax-prefix 5\n\tdescr \"x\"\n", "\t\ttcp md5sig\n")), "",
	    "what a reload applies resets nothing");
	cr_expect_str_eq(resets(a, text, old, text, PARSED("10.0.0.9", "\tremote-as 65001\n", "\t\ttcp md5sig\n")), "192.0.2.1 2001:db8::2");
	cr_expect_str_eq(resets(a, text, old, "secret = \"abd\"\ngroup \"g\" { tcp md5sig password $secret neighbor 2001:db8::2 { } }", old), "2001:db8::2",
	    "a macro's password");
	cr_expect_str_eq(resets(a, text, old, "neighbor 2001:db8::2 { tcp md5sig password abc }", old), "", "the same written otherwise: %s",
	    resets(a, text, old, "neighbor 2001:db8::2 { tcp md5sig password abc }", old));
	cr_expect_str_eq(resets(a, text, old, text, "AS 65003\nrouter-id 10.0.0.3\nneighbor 2001:db8::2 {\n\tremote-as 65002\n\ttcp md5sig\n}\n"), "",
	    "one that goes is not reset");
	cr_expect_str_eq(resets(a, text, "", text, old), "", "nothing known of the old one");
	arena_free(a);
}
