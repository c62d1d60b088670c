#!/bin/bash
# print(parse(x)) == x over the whole corpus: what the engine prints of a parsed template is parsed to the same tree, and prints the
# same again. Templates that cannot be parsed have no tree and are not counted.
set -u
top=${PEERAGE_TOP:-$(cd "$(dirname "$0")/../.." && pwd)}
build=${PEERAGE_BUILD:-$top/build}
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=0}
passed=0 failed=0
for cases in "$top"/tests/template/corpus/*.jsonl; do
	answers=$("$build/peerage" template --batch --print < "$cases") || { echo "$(basename "$cases"): the command failed"; failed=$((failed + 1)); }
	[ "$(wc -l <<< "$answers")" = "$(wc -l < "$cases")" ] || { echo "$(basename "$cases"): an answer is missing"; failed=$((failed + 1)); }
	passed=$((passed + $(grep -c '"same":true}$' <<< "$answers")))
	different=$(grep '"same":false}$' <<< "$answers" | cut -c 1-300)
	[ -z "$different" ] || { echo "$different"; failed=$((failed + $(wc -l <<< "$different"))); }
done
# what is nested nearly too deep is printed no deeper
deep() { printf -- "$1%.0s" {1..390}; }
for template in "0 != $(deep -)1" "$(deep 'not ')1" "$(deep '1+')1" "$(deep '1 if 0 else ')1" "$(deep 'a|d(')1$(deep ')')" "$(deep 'a[')1$(deep ']')" "$(deep '2*-' | head -c 590)1"; do
	answer=$(printf '{"id":"deep","template":"{{ %s }}"}\n' "$template" | "$build/peerage" template --batch --print)
	[[ $answer == *'"same":true}' ]] && passed=$((passed + 1)) || { echo "${answer:0:300}"; failed=$((failed + 1)); }
done
# an import of nothing says its context
answer=$(echo '{"id": "nothing", "template": "{% from \"lib\" import with context %}", "files": {"lib": ""}}' | "$build/peerage" template --batch --print)
[[ $answer == *'"same":true}' ]] && passed=$((passed + 1)) || { echo "$answer"; failed=$((failed + 1)); }
[ "$passed" -gt 6000 ] || { echo "only $passed templates were printed"; failed=$((failed + 1)); }
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
