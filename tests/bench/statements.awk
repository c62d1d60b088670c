# From PostgreSQL's log of one request (log_statement = all): the statements with their parameters written in, one a line.
function put(i, v,   at, rest, done, len) {
	done = ""
	rest = sql
	len = length("$" i)
	while ((at = index(rest, "$" i)) > 0) {
		if (substr(rest, at + len, 1) ~ /[0-9]/) {
			done = done substr(rest, 1, at + len - 1)
		} else {
			done = done substr(rest, 1, at - 1) v
		}
		rest = substr(rest, at + len)
	}
	sql = done rest
}
function flush_one(   n, i, p) {
	if (sql == "") return
	sub(/^\$1 = /, "", params)
	n = split(params, p, /, \$[0-9]+ = /)
	for (i = n; i >= 1; i--) put(i, p[i])
	gsub(/[ \t\n]+/, " ", sql)
	if (sql !~ /^ *(SET|ALTER|SELECT pg_reload)/) print sql ";"
	sql = params = mode = ""
}
/LOG:  (execute [^:]*|statement): / { flush_one(); sql = $0; sub(/^.*LOG:  (execute [^:]*|statement): /, "", sql); mode = "sql"; next }
/DETAIL:  [Pp]arameters: / { params = $0; sub(/^.*DETAIL:  [Pp]arameters: /, "", params); mode = "params"; next }
/(LOG|ERROR|STATEMENT|HINT|CONTEXT):  / { flush_one(); next }
mode == "sql" { sql = sql " " $0 }
mode == "params" { params = params " " $0 }
END { flush_one() }
