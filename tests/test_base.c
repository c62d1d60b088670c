/* test_base.c: memory, text, values and JSON. */
#include "config.h"

#include <criterion/criterion.h>

#include "base/json.h"
#include "base/utf8.h"

static struct arena *a;

static void setup(void) {
	a = arena_new_root();
}

static void teardown(void) {
	arena_free(a);
}

TestSuite(base, .init = setup, .fini = teardown);

static void note(void *p) {
	++*(int *)p;
}

Test(base, arena_runs_cleanups_newest_first_and_rewinds) {
	int count = 0;
	struct arena_mark m;

	arena_defer(a, note, &count);
	m = arena_mark(a);
	arena_defer(a, note, &count);
	cr_assert_not_null(arena_alloc(a, 200000));
	arena_rewind(a, m);
	cr_assert_eq(count, 1);
	arena_reset(a);
	cr_assert_eq(count, 2);
	cr_assert_eq(arena_used(a), 0);
}

Test(base, sbuf_escapes_by_place) {
	struct sbuf b;

	sb_init(&b, a);
	cr_assert_str_eq(b.s, "");
	sb_html(&b, "<a href=\"x\">'&", 14);
	cr_assert_str_eq(b.s, "&lt;a href=&#34;x&#34;&gt;&#39;&amp;");
	sb_reset(&b);
	sb_json(&b, "a\"\\\n\x01\xff", 6);
	cr_assert_str_eq(b.s, "\"a\\\"\\\\\\n\\u0001\xEF\xBF\xBD\"");
	sb_reset(&b);
	sb_url(&b, "a b/~", 5);
	cr_assert_str_eq(b.s, "a%20b%2F~");
	sb_reset(&b);
	sb_csv(&b, "a,\"b\"", 5);
	cr_assert_str_eq(b.s, "\"a,\"\"b\"\"\"");
	sb_reset(&b);
	sb_int(&b, INT64_MIN);
	cr_assert_str_eq(b.s, "-9223372036854775808");
}

Test(base, json_round_trip) {
	static const struct { const char *in, *want; } rows[] = {
		{ "{\"b\":1,\"a\":[true,false,null,1.5,\"x\\u00e9\"]}", "{\"b\":1,\"a\":[true,false,null,1.5,\"xé\"]}" },
		{ " 12 ", "12" }, { "1e16", "1e+16" }, { "0.1", "0.1" }, { "-0.00001", "-1e-05" }, { "123456789012345.0", "123456789012345.0" },
		{ "9223372036854775807", "9223372036854775807" }, { "{\"a\":1,\"a\":2}", "{\"a\":2}" }, { "\"\"", "\"\"" }, { "[]", "[]" },
	};
	static const char *const bad[] = { "", "{", "[1,]", "{\"a\":1}x", "'a'", "nul", "\"\xff\"", "[[[[1]]]]", "01" };
	struct err e;
	struct val v;
	struct sbuf b;
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		sb_init(&b, a);
		cr_assert(json_parse(a, rows[i].in, strlen(rows[i].in), 10, &v, &e), "%s: %s", rows[i].in, e.msg);
		json_write(&b, v);
		cr_assert_str_eq(b.s, rows[i].want);
	}
	for (i = 0; i < ARRAY_LEN(bad); i++)
		cr_expect_not(json_parse(a, bad[i], strlen(bad[i]), 3, &v, &e), "%s is accepted", bad[i]);
}

Test(base, map_keeps_order_and_finds_after_deletion) {
	struct map *m = map_new(a, 0);
	int64_t i;

	for (i = 0; i < 100; i++)
		map_put(m, val_int(i), val_int(i * i));
	cr_assert(map_del(m, val_int(50)));
	cr_assert_not(map_del(m, val_int(50)));
	cr_assert_eq(m->n, 99);
	cr_assert_eq(map_find(m, val_int(99))->u.i, 9801);
	cr_assert_eq(map_find(m, val_float(7.0))->u.i, 49, "1 and 1.0 are one key, as in Python");
	cr_assert_null(map_find(m, val_int(50)));
	cr_assert_eq(map_key(m, 50).u.i, 51);
}

Test(base, utf8_refuses_what_rfc_3629_refuses) {
	cr_assert(utf8_valid("aé€😀", strlen("aé€😀")));
	cr_assert_eq(utf8_count("aé€😀", strlen("aé€😀")), 4);
	cr_assert_not(utf8_valid("\xC0\x80", 2), "overlong");
	cr_assert_not(utf8_valid("\xED\xA0\x80", 3), "surrogate");
	cr_assert_not(utf8_valid("\xF4\x90\x80\x80", 4), "above U+10FFFF");
	cr_assert_not(utf8_valid("\xE2\x82", 2), "cut short");
}
