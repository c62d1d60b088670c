#!/bin/bash
# The fuzz targets for a few seconds each under ASan and UBSan: a part of the corpus, then mutations of it. The engine, the base
# and the reader of PeeringDB's answers are all they need, so clang makes them here, beside the build that ./check tests. Long runs: README.md.
set -u
top=${PEERAGE_TOP:-$(cd "$(dirname "$0")/../.." && pwd)} build=${PEERAGE_BUILD:-$top/build}
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
flags="-std=c11 -O0 -fno-omit-frame-pointer -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=undefined -w -I$top/src -I$build"
passed=0 failed=0

for f in "$top"/src/template/*.c "$top"/src/base/{arena,err,json,sbuf,utf8,val}.c; do echo "$f"; done |
	xargs -P "$(nproc)" -I{} sh -c 'clang '"$flags"' -c "$1" -o "$2/$(basename "$1" .c).o"' sh {} "$work" ||
	{ echo "clang cannot build the engine"; echo "0 passed, 1 failed"; exit 1; }

mkdir "$work/seeds" "$work/all"
clang ${flags//,fuzzer-no-link/} -o "$work/seeds_of" "$top/tests/fuzz/seeds.c" "$work"/*.o -fsanitize=fuzzer-no-link -lm &&
	"$work/seeds_of" "$work/all" "$top"/tests/template/corpus/*.jsonl > /dev/null || { echo "no seeds"; echo "0 passed, 1 failed"; exit 1; }
n=0
for f in "$work"/all/*; do
	n=$((n + 1))
	[ $((n % 60)) != 0 ] || mv "$f" "$work/seeds/"
done

# PeeringDB's answers: the reader is a file of its own; a few rows of each type are what it begins with
clang $flags -c "$top/src/outside/peeringdb_read.c" -o "$work/peeringdb_read.o" || { echo "clang cannot build the reader"; echo "0 passed, 1 failed"; exit 1; }
mkdir "$work/answers"
for f in "$top"/demo.d/peeringdb/*.json; do head -c 4000 "$f" > "$work/answers/${f##*/}"; done
echo '{"data": [{"id": 1, "n": "\u00e4\"]}"}, {"id": 2}], "meta": {"generated": 1.5, "pagination": {"page": 1, "has_next": true}}}' > "$work/answers/whole"
echo '{"data": [], "meta": {}}' > "$work/answers/empty"

# fuzz TARGET SEEDS [DICTIONARY]
fuzz() {
	local target=$1 seeds=$2 dict=${3:-}
	mkdir "$work/found.$target"
	if clang ${flags//fuzzer-no-link/fuzzer} -o "$work/$target" "$top/tests/fuzz/$target.c" "$work"/*.o -lm &&
		"$work/$target" ${dict:+"-dict=$dict"} -seed=1 -max_total_time=4 -timeout=20 -rss_limit_mb=2000 \
			-artifact_prefix="$work/" "$work/found.$target" "$seeds" > "$work/log" 2>&1 && grep -q '^Done [1-9]' "$work/log"; then
		echo "$target: $(grep '^Done' "$work/log")"
		passed=$((passed + 1))
	else
		echo "$target:"
		tail -40 "$work/log"
		for f in "$work"/crash-* "$work"/timeout-* "$work"/oom-*; do [ ! -f "$f" ] || base64 "$f"; done
		failed=$((failed + 1))
	fi
}
for target in fuzz_template fuzz_template_parse fuzz_template_render; do fuzz "$target" "$work/seeds" "$top/tests/fuzz/template.dict"; done
fuzz fuzz_peeringdb "$work/answers"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
