/* test_template.c: what the corpus cannot say of the template engine: places of errors, suggestions, limits, printing back. */
#include "config.h"

#include <criterion/criterion.h>

#include "base/base.h"
#include "template/template.h"

struct bench {
	struct arena *a, *scratch;
	struct tmpl_options o;
	struct tmpl_err e;
	struct sbuf out;
};

static bool render(struct bench *b, const char *text, struct map *context) {
	struct tmpl *t;

	if (b->a == NULL) {
		b->a = arena_new_root();
		b->scratch = arena_new_root();
	}
	sb_init(&b->out, b->a);
	return tmpl_parse(tmpl_env_new(b->a, &b->o), "t.j2", text, strlen(text), &t, &b->e) &&
	       tmpl_render(t, b->scratch, context == NULL ? map_new(b->a, 0) : context, NULL, &b->out, &b->e);
}

static void done(struct bench *b) {
	arena_free(b->scratch);
	arena_free(b->a);
}

Test(template, errors_tell_place_and_cause) {
	static const struct {
		const char *text, *kind;
		unsigned line, column;
		const char *says;
	} rows[] = {
		{ "a\n{{ x.y }}", "UndefinedError", 2, 5, "'x' is undefined" },
		{ "{% if %}", "TemplateSyntaxError", 1, 7, "Expected an expression, got 'end of statement block'" },
		{ "\n\n  {{ 1 | uper }}", "TemplateAssertionError", 3, 10, "Did you mean \"upper\"?" },
		{ "{% set r = {'hostname': 1, 'platform': 2} %}\n{{ r.hostnme.x }}", "UndefinedError", 2, 13, "Did you mean \"hostname\"?" },
		{ "{% set r = {'hostname': 1} %}{{ r['hostnam'].x }}", "UndefinedError", 1, 45, "Did you mean \"hostname\"?" },
		{ "{{ 'a'.uper() }}", "UndefinedError", 1, 12, "Did you mean \"upper\"?" },
		{ "{% macro m(r) %}{{ r.nmae.x }}{% endmacro %}\n{{ m({'name': 1}) }}", "UndefinedError", 1, 26, "Did you mean \"name\"?" },
		{ "{{ 1 // 0 }}", "ZeroDivisionError", 1, 4, "{{ 1 // 0 }}\n       ^" },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		struct bench b = { 0 };

		cr_assert_not(render(&b, rows[i].text, NULL), "%s renders", rows[i].text);
		cr_expect_str_eq(b.e.e.kind, rows[i].kind);
		cr_expect(b.e.line == rows[i].line && b.e.column == rows[i].column, "%s: %u:%u", rows[i].text, b.e.line, b.e.column);
		cr_expect(strstr(b.e.text, rows[i].says) != NULL, "%s: %s", rows[i].text, b.e.text);
		cr_expect_eq(b.out.len, 0);
		done(&b);
	}
}

Test(template, limits_end_in_errors) {
	static const struct { const char *text, *kind; } rows[] = {
		{ "{% for i in range(100000000) %}{% endfor %}", "LimitError" },
		{ "{{ 'x' * 1000000000 }}", "MemoryError" },
		{ "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "RecursionError" },
		{ "{% for i in range(100000) %}0123456789{% endfor %}", "LimitError" },
		{ "{{ 'x' * 20000 }}", "LimitError" },          /* too few steps to be looked at on the way */
		{ "{{ [1] * 1000000000 }}", "MemoryError" },
		{ "{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = ns.l + ns.l %}{% endfor %}", "MemoryError" },
		{ "{% set ns = namespace(s='x') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}", "MemoryError" },
		{ "{{ range(1000000000)|list|length }}", "MemoryError" },
		{ "{{ 10 ** 100000000 }}", "OverflowError" },
		{ "{{ '%1000000000d' % 1 }}", "MemoryError" },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		struct bench b = { .o.limits = { .steps = 50000, .output = 10000, .memory = 1 << 20, .depth = 50 } };

		cr_assert_not(render(&b, rows[i].text, NULL), "%s renders", rows[i].text);
		cr_expect_str_eq(b.e.e.kind, rows[i].kind, "%s: %s", rows[i].text, b.e.e.msg);
		done(&b);
	}
}

static void repeated(const char *before, const char *piece, size_t times, const char *kind) {
	struct bench b = { .o.limits = { .output = 1 << 20 } };
	struct arena *a = arena_new_root();
	struct sbuf text;
	size_t i;

	sb_init(&text, a);
	sb_str(&text, before);
	for (i = 0; i < times; i++)
		sb_str(&text, piece);
	cr_assert_not(render(&b, text.s, NULL), "%zu times \"%s\" renders", times, piece);
	cr_expect_str_eq(b.e.e.kind, kind, "%s: %s", piece, b.e.e.msg);
	done(&b);
	arena_free(a);
}

Test(template, long_sources_end_in_errors) {
	repeated("{{ ", "[", 100000, "TemplateSyntaxError");
	repeated("{{ ", "(", 100000, "TemplateSyntaxError");
	repeated("", "{% if 1 %}", 50000, "TemplateSyntaxError");
	repeated("", "0123456789abcdef", 65537, "LimitError");
}

Test(template, memory_is_given_back_between_texts) {
	struct bench b = { 0 };

	cr_assert(render(&b, "{% set ns = namespace(l=[]) %}{% for i in range(20000) %}{{ ('%06d' % i)|upper ~ '-' }}{% endfor %}", NULL), "%s", b.e.e.msg);
	cr_expect_eq(b.out.len, 140000);
	cr_expect_lt(arena_used(b.scratch), 64 * 1024);
	done(&b);
}

/* What a list or namespace keeps must outlive the text in which it was made. */
Test(template, what_is_kept_stays) {
	struct bench b = { 0 };

	cr_assert(render(&b, "{% set l = [] %}{% for i in range(3) %}{{ l.append('n' ~ i) or '' }}{% if l.append('m' ~ i) %}{% endif %}{% endfor %}"
		"{{ l|join(' ') }}", NULL));
	cr_expect_str_eq(b.out.s, "n0 m0 n1 m1 n2 m2");
	done(&b);
}

Test(template, prints_back_to_the_same) {
	static const char text[] = "a {{ -x|abs + y.z['k'][1:2] }}{% for a, b in l if a recursive %}{{ loop(b) }}{% else %}-{% endfor %}"
		"{% macro m(a, b=1) %}{{ caller(*a, **b) }}{% endmacro %}{% raw %}{{ no }}{% endraw %}{{ a is not defined }}\n";
	struct arena *a = arena_new_root();
	struct tmpl_options o = { .trim_blocks = true, .lstrip_blocks = true };
	struct tmpl_err e;
	struct sbuf printed, tree[2];
	struct tmpl *t;
	int i;

	cr_assert(tmpl_parse(tmpl_env_new(a, &o), NULL, text, strlen(text), &t, &e), "%s", e.e.msg);
	for (i = 0; i < 2; i++) {
		sb_init(&printed, a);
		sb_init(&tree[i], a);
		tmpl_dump(t, &tree[i]);
		tmpl_print(t, &printed);
		cr_assert(tmpl_parse(tmpl_env_new(a, &o), NULL, printed.s, printed.len, &t, &e), "%s: %s", printed.s, e.e.msg);
	}
	cr_expect_str_eq(tree[0].s, tree[1].s);
	arena_free(a);
}
