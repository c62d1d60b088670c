# Make C of sql/queries/*.sql: awk -v out=h|c -f mksql.awk FILES. A query begins with "-- name: some_name"; comments that follow are
# its description and are left out; it ends at the next name. Its parameters are $1, $2 ...; they are counted.
function flush() {
	if (name == "") return
	sub(/;[ \t\n]*$/, "", text)
	names[++n] = name; texts[n] = text; params[n] = max
	name = text = ""; max = 0
}
/^-- name:/ { flush(); name = $3; if (name in seen) { print FILENAME ": " name " twice" > "/dev/stderr"; exit bad = 1 } seen[name] = 1; next }
/^[ \t]*--/ || name == "" { next }
{
	line = $0
	rest = $0
	while (match(rest, /\$[0-9]+/)) {
		v = substr(rest, RSTART + 1, RLENGTH - 1) + 0
		if (v > max) max = v
		rest = substr(rest, RSTART + RLENGTH)
	}
	sub(/[ \t]+$/, "", line)
	sub(/^[ \t]+/, "", line)
	if (line != "") text = text (text == "" ? "" : " ") line
}
END {
	if (bad) exit 1
	flush()
	print "/* Made from sql/queries by tools/mksql.awk. */"
	if (out == "h") {
		print "#ifndef PEERAGE_QUERIES_H\n#define PEERAGE_QUERIES_H\n\n#include <stddef.h>\n\nenum query_id {"
		for (i = 1; i <= n; i++) print "\tQ_" toupper(names[i]) ","
		print "\tQ__COUNT\n};\n\nstruct named_query {\n\tconst char *name, *sql;\n\tsize_t nparams;\n};\n\nextern const struct named_query named_queries[Q__COUNT + 1];\n\n#endif"
		exit 0
	}
	print "#include \"db/queries.h\"\n\nconst struct named_query named_queries[Q__COUNT + 1] = {"
	for (i = 1; i <= n; i++) {
		gsub(/\\/, "\\\\", texts[i]); gsub(/"/, "\\\"", texts[i])
		print "\t[Q_" toupper(names[i]) "] = { \"" names[i] "\",\n\t\t\"" texts[i] "\", " params[i] " },"
	}
	print "};"
}
