#!/bin/bash
# The conformance corpus: each feature's cases go through `peerage template --batch`, compare holds the answers against what
# the real Jinja2 gave. Names of features as arguments: only these. TABLE=FILE also writes the counts as a Markdown table.
set -u
top=${PEERAGE_TOP:-$(cd "$(dirname "$0")/../.." && pwd)}
build=${PEERAGE_BUILD:-$top/build}
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 known=0
[ $# -gt 0 ] || set -- $(cd "$top/tests/template/corpus" && ls *.jsonl | sed 's/\.jsonl$//')
[ -x "$build/peerage" ] && [ -x "$build/tests/template/compare" ] || { echo "build first: make all check-programs"; exit 2; }

rows=
for feature; do
	cases=$top/tests/template/corpus/$feature.jsonl
	"$build/peerage" template --batch < "$cases" > "$work/answers" 2> "$work/errors"
	status=$?
	"$build/tests/template/compare" "$cases" "$work/answers" "$top/tests/template/known.txt" > "$work/result"
	line=$(tail -1 "$work/result")
	p=$(echo "$line" | sed -n 's/^\([0-9]*\) passed.*/\1/p') f=$(echo "$line" | sed -n 's/.* \([0-9]*\) failed$/\1/p')
	k=$(sed -n 's/^\([0-9]*\) known differences$/\1/p' "$work/result")
	p=${p:-0} f=${f:-1} k=${k:-0}
	if [ "$status" != 0 ]; then
		echo "$feature: the command ended with status $status: $(tail -c 600 "$work/errors")"
		f=$((f > 0 ? f : 1))
	fi
	[ "$f" = 0 ] || sed '$d' "$work/result"
	printf '%-24s %5d passed, %4d failed, %3d known differences\n' "$feature" "$p" "$f" "$k"
	rows="$rows| $feature | $((p + f + k)) | $p | $f | $k |"$'\n'
	passed=$((passed + p)) failed=$((failed + f)) known=$((known + k))
done

if [ -n "${TABLE:-}" ]; then
	printf '| feature | cases | passed | failed | known differences |\n|---|---:|---:|---:|---:|\n%s| **all** | %d | %d | %d | %d |\n' \
		"$rows" $((passed + failed + known)) $passed $failed $known > "$TABLE"
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
