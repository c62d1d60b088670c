#!/bin/bash
# `peerage template` as a tool for people: errors in one line and explained, --check, --ast, --print, the switches, and the document of
# filters, tests and functions, whose examples are run.
set -u
top=${PEERAGE_TOP:-$(cd "$(dirname "$0")/../.." && pwd)}
build=${PEERAGE_BUILD:-$top/build}
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=0}
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
passed=0 failed=0
# same NAME WANTED GOT
same() {
	if [ "$2" = "$3" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf '%s\n  wanted %q\n  got    %q\n' "$1" "$2" "$3"
	fi
}
t() { "$build/peerage" template "$@" 2>&1; echo "status $?"; }

printf '{%% import "lib.j2" as lib %%}\nfirst\n{{ lib.line(router) }}\n' > main.j2
printf '{%% macro line(r) %%}\n  host {{ r.hostname.uper() }}\n{%% endmacro %%}\n' > lib.j2
printf 'x\n{%% include "main.j2" %%}\n' > outer.j2
echo '{"router": {"hostname": "edge1"}, "names": ["a", "b"]}' > data.json
said="lib.j2:2:26: UndefinedError: 'str object' has no attribute 'uper'"
same "an error is one line for programs" "$said
status 1" "$(t outer.j2 --dir . --data data.json)"
explained=$(t outer.j2 --dir . --data data.json --explain)
same "the same line first" "$said" "$(head -1 <<< "$explained")"
same "the line itself" 1 "$(grep -c '^      host {{ r.hostname.uper() }}$' <<< "$explained")"
same "a caret below it" 1 "$(grep -c '^ *^$' <<< "$explained")"
same "what was meant" 1 "$(grep -ci 'did you mean.*upper' <<< "$explained")"
same "the macro of the chain" 1 "$(grep -c 'in macro line of lib.j2' <<< "$explained")"
same "the template that includes" 1 "$(grep -c 'outer.j2' <<< "$explained")"

printf '{{ nmaes|jion }}' > wrong.j2
same "an unknown filter" "wrong.j2:1:10: TemplateAssertionError: No filter named 'jion'.
status 1" "$(t wrong.j2 --data data.json)"
printf '{{ nmaes }}{%% for n in names %%}{{ n }}{{ loop.index }}{%% endfor %%}{%% set x = 1 %%}{{ x }}' > unknown.j2
same "--check names what nothing defines" 1 "$(t unknown.j2 --data data.json --check | grep -c '^unknown.j2:1:4: .*nmaes')"
same "--check fails then" "status 1" "$(t unknown.j2 --data data.json --check | tail -1)"
printf '{%% for n in names %%}{{ n|upper }}{%% endfor %%}' > good.j2
same "--check says nothing of a good one" "status 0" "$(t good.j2 --data data.json --check)"
printf '{{ 1 + x }}' > tree.j2
same "--ast" "Output
  Binary +
    Const 1
    Name x
status 0" "$(t tree.j2 --ast)"
same "--print" "{{ 1 + x }}status 0" "$(t tree.j2 --print)"

# switch NAME TEMPLATE WANTED SWITCH...
switch() {
	printf '%b' "$2" > switch.j2
	same "$1" "$3" "$("$build/peerage" template switch.j2 --data data.json "${@:4}" 2>&1)"
}
switch "--do" '{% do names.append(1) %}{{ names }}' "['a', 'b', 1]" --do
switch "--loopcontrols" '{% for n in names %}{{ n }}{% break %}{% endfor %}' a --loopcontrols
switch "--i18n" '{% trans %}x{% endtrans %}' x --i18n
switch "--trim-blocks" '{% if 1 %}\nx{% endif %}' x --trim-blocks
switch "--lstrip-blocks" 'a{% if 1 %}\n  {% endif %}b' $'a\nb' --lstrip-blocks
switch "--keep-trailing-newline" '{{ 1 }}\n.' $'1\n.' --keep-trailing-newline
switch "--autoescape" '{{ "<" }}' '&lt;' --autoescape
switch "--strict" '{{ nothing }}' "switch.j2:1:4: UndefinedError: 'nothing' is undefined" --strict

# every filter, test and function says what it is for and shows it; the examples run
"$build/peerage" --json schema filters > filters.json || echo "schema filters failed"
jq -c '.[] | select(.from == "jinja2") | {id: (.kind + " " + .name), template: (.example // ""),
	options: {extensions: ["do", "loopcontrols", "i18n"]},
	context: {names: ["b", "a"], x: 5, name: "edge1", text: "some <b>text</b> here", peers: [{asn: 1, name: "a", up: true}, {asn: 2, name: "b"}],
	    sessions: [{asn: 1, name: "a", enabled: true}], d: {a: 1, b: 2}, n: 3}}' filters.json > examples.jsonl
"$build/peerage" template --batch < examples.jsonl > answers.jsonl
same "an answer for each example" "$(wc -l < examples.jsonl)" "$(wc -l < answers.jsonl)"
while read -r id; do
	failed=$((failed + 1))
	echo "the example of $id fails or is empty: $(jq -c --arg id "$id" 'select(.id == $id) | .error' answers.jsonl)"
done < <(jq -r 'select(.output == null or .output == "") | .id' answers.jsonl)
passed=$((passed + $(jq -r 'select(.output != null and .output != "") | .id' answers.jsonl | wc -l)))
same "each has a text of what it does" 0 "$(jq '[.[] | select((.help // "") == "")] | length' filters.json)"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
