#!/bin/bash
# Templates that would take all memory or never end: each ends with an error that names what it hit, in a bounded time and memory.
# PEERAGE_SECONDS: how many are allowed for one (the promise is one second, for a build that is optimised, on a machine that is idle).
set -u
top=${PEERAGE_TOP:-$(cd "$(dirname "$0")/../.." && pwd)}
build=${PEERAGE_BUILD:-$top/build}
seconds=${PEERAGE_SECONDS:-20}
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
# memory an optimised or devel build may map; the sanitizers map terabytes
grep -q __asan_init "$build/peerage-command" && room=unlimited || room=$((1024 * 1024))

# hits CLASS TEXT: the template on standard input fails with an error of that class that has this text
hits() {
	cat > "$work/t.j2"
	(ulimit -v "$room"; cd "$work" && exec timeout "$seconds" "$build/peerage" template t.j2 --dir . --do) > "$work/out" 2> "$work/err"
	status=$?
	if [ "$status" = 1 ] && [ ! -s "$work/out" ] && [ "$(wc -l < "$work/err")" = 1 ] && grep -qE ":[0-9]+:[0-9]+: ($1): .*($2)" "$work/err"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "$(head -c 150 "$work/t.j2") ended with status $status, wanted $1: $2, got $(head -c 300 "$work/err")"
	fi
}

while IFS='@' read -r class text template; do
	[ -z "$class" ] || hits "$class" "$text" <<< "${template# }"
done <<'TABLE'
MemoryError@limit@ {{ 'x' * 10**9 }}
MemoryError@limit@ {{ [1] * 10**9 }}
MemoryError@limit@ {{ (1, 2) * 10**9 }}
MemoryError@limit@ {{ '%1000000000d' % 1 }}
ValueError@precision too large@ {{ '%.1000000000f' % 1 }}
MemoryError@limit@ {{ '{:1000000000}'.format(1) }}
MemoryError@limit@ {{ '%*d' % (10**9, 1) }}
MemoryError@limit@ {{ 'x'|center(10**9) }}
MemoryError@limit@ {{ 'x'.center(10**9) }}
MemoryError@limit@ {{ 'x'.ljust(10**9) }}
MemoryError@limit@ {{ 'x'.zfill(10**9) }}
MemoryError@limit@ {{ 'a\tb'.expandtabs(10**9) }}
MemoryError@limit@ {{ 'a\nb'|indent(10**9) }}
MemoryError@limit@ {{ ('ab' * 10**6).replace('a', 'x' * 10**6) }}
MemoryError@limit@ {{ ('ab' * 10**6)|replace('a', 'x' * 10**6) }}
MemoryError@limit@ {{ ('x' * 10**6).join('y' * 10**6) }}
LimitError|MemoryError@limit|memory@ {{ range(10**6)|join('x' * 10**6) }}
MemoryError@limit@ {{ ['x' * 10**7]|batch(10**9, 'y')|list }}
MemoryError@limit@ {{ [1]|batch(10**9, 'y')|list }}
MemoryError@limit@ {{ range(10**9)|list|length }}
MemoryError@limit@ {{ range(10**9)|sort|length }}
MemoryError@limit@ {{ range(10**9)|reverse|list }}
LimitError|MemoryError@limit|steps|memory@ {{ range(10**9)|unique|list }}
LimitError|MemoryError@limit|steps|memory@ {{ range(10**9)|map('string')|list }}
LimitError|MemoryError@limit|steps|memory@ {{ range(10**9)|select('odd')|list }}
LimitError@steps@ {{ range(10**9)|sum }}
LimitError@steps@ {% for i in range(10**9) %}{% endfor %}
LimitError@steps@ {% for i in range(10**5) %}{% for j in range(10**5) %}{% endfor %}{% endfor %}
LimitError@output@ {% for i in range(10**6) %}{{ 'x' * 10**5 }}{% endfor %}
LimitError|MemoryError@limit|steps|memory@ {% set l = [] %}{% for i in range(10**9) %}{% do l.append('x' * 1000) %}{% endfor %}
LimitError|MemoryError@limit|steps|memory@ {% set d = {} %}{% for i in range(10**9) %}{% do d.update({i: 'x' * 1000}) %}{% endfor %}
LimitError|MemoryError@limit|steps|memory@ {% set ns = namespace(s='x') %}{% for i in range(100) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}
LimitError|MemoryError@limit|steps|memory@ {% set ns = namespace(l=[1]) %}{% for i in range(100) %}{% set ns.l = ns.l + ns.l %}{% endfor %}
OverflowError@digits@ {% set ns = namespace(n=3) %}{% for i in range(100) %}{% set ns.n = ns.n * ns.n %}{% endfor %}{{ ns.n }}
OverflowError@digits@ {{ 9 ** (9 ** 9) }}
OverflowError@digits@ {{ 10 ** (10 ** 8) }}
RecursionError@deep@ {% macro m() %}{{ m() }}{% endmacro %}{{ m() }}
RecursionError@deep@ {% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}
RecursionError@deep@ {% macro m() %}{{ caller() }}{% call m() %}{% endcall %}{% endmacro %}{% call m() %}{% endcall %}
RecursionError@deep@ {% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}
RecursionError@deep@ {% include 't.j2' %}
RecursionError@deep@ {% import 't.j2' as t %}{{ t }}
RecursionError|LimitError@deep|memory@ {% extends 't.j2' %}
RecursionError@deep@ {% block a %}{{ self.a() }}{% endblock %}
LimitError|MemoryError@limit|steps|memory@ {{ lipsum(n=10**9) }}
LimitError|MemoryError@limit|steps|memory@ {{ lipsum(n=1, min=10**9, max=10**9 + 1) }}
LimitError|MemoryError@limit|steps|memory@ {{ ('a ' * 10**7)|wordwrap(1)|wordwrap(1, wrapstring='x' * 1000) }}
TABLE
printf '{{ %s1%s }}' "$(printf '(%.0s' $(seq 100000))" "$(printf ')%.0s' $(seq 100000))" | hits TemplateSyntaxError "nested deeper"
printf '{{ %s1%s }}' "$(printf '[%.0s' $(seq 100000))" "$(printf ']%.0s' $(seq 100000))" | hits TemplateSyntaxError "nested deeper"
printf '{{ %s1 }}' "$(printf -- '-%.0s' $(seq 100000))" | hits TemplateSyntaxError "nested deeper"
printf '{{ %s1 }}' "$(printf -- 'not %.0s' $(seq 100000))" | hits TemplateSyntaxError "nested deeper"
printf '%sx%s' "$(printf -- '{%% if 1 %%}%.0s' $(seq 20000))" "$(printf -- '{%% endif %%}%.0s' $(seq 20000))" | hits TemplateSyntaxError "nested deeper"
{ printf "{{ '"; head -c 100000000 /dev/zero | tr '\0' x; printf "'|length }}"; } | hits 'LimitError|TemplateSyntaxError' bytes
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
