#!/bin/bash
# Every route of every program for nobody, somebody without rights, one who may view, one who may write, a superuser: pages,
# single and bulk API, OPTIONS. The routes come from the programs themselves, so that a new one is tried as well.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/http/setup.sh"
serve_everything 2
sql "INSERT INTO peeringdb_synchronisation DEFAULT VALUES; INSERT INTO peeringdb_change (kind, tag, peeringdb_id, field) VALUES ('name', 'net', 1, 'name');
	INSERT INTO data_file (source_id, path, size, hash, data) VALUES (1, 'x', 1, repeat('a', 64), '');
	INSERT INTO irr_list (autonomous_system_id, kind, status, entries, added, removed, hash, list) VALUES (2, 'as-list', 'current', 0, 0, 0, '', '[]');
	INSERT INTO sign_in_event (user_name, event) VALUES ('x', 'sign-in');
	INSERT INTO job (object_type_id, object_id, name) VALUES (32, 1, 'x')" > /dev/null || fail "rows by SQL"
user none > /dev/null
grant "$(user viewer)" view
grant "$(user writer)" view,add,change,delete
sql "INSERT INTO user_preference (user_id, data) SELECT id, '{\"context\": {\"as\": 1}}' FROM auth_user"
for p in none viewer writer admin; do
	sql "INSERT INTO auth_session (id_hash, user_id, expires, csrf) SELECT sha256('session-$p'), id, now() + interval '1 day', repeat('c', 64) FROM auth_user WHERE username = '$p'"
done

for f in $families; do "$build/handlers/$f" -r; done > "$work/routes"
holds "there are routes" test "$(wc -l < "$work/routes")" -gt 300
same "what is public" "/api/schema/ /health/live /health/ready /login/ /logout/ /metrics" "$(awk '$NF == "public" { print $(NF - 1) }' "$work/routes" | sort | paste -sd' ')"

# One block of curl's configuration a request; the answer's line begins with what is expected.
ask() { # EXPECT WHO METHOD PATH DATA
	echo next
	echo "url = \"$url$4\""
	echo "request = $3"
	echo 'output = /dev/null'
	echo "max-time = 20"
	echo "write-out = \"$1|$3 $4 as $2|%{http_code}|%{redirect_url}\\n\""
	case $4 in
	/api/*)
		[ "$2" = nobody ] || echo "header = \"Authorization: Token $(token_of "$2")\""
		[ -z "$5" ] || { echo "header = \"Content-Type: application/json\""; echo "data = \"${5//\"/\\\"}\""; } ;;
	*)
		[ "$2" = nobody ] || echo "header = \"Cookie: sessionid=session-$2; csrftoken=cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc\""
		[ "$3" != POST ] || echo 'data = "csrfmiddlewaretoken=cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"' ;;
	esac
}

# Writes with a body that is refused once the right has been looked at, so that nothing is changed here.
body_for() { # METHOD PATH
	case $1 in
	POST) echo '"x"' ;;
	PUT | PATCH | DELETE) case $2 in *'{id}'*) echo '"x"' ;; *) echo '{}' ;; esac ;;
	esac
}

expect() { # WHO RIGHT METHOD
	case $2 in
	public) echo any; return ;;
	open | user) [ "$1" = nobody ] && echo sign-in || echo may; return ;;
	staff) case $1 in nobody) echo sign-in ;; admin) echo may ;; *) echo not ;; esac; return ;;
	esac
	case $1 in
	nobody) echo sign-in ;;
	none) echo not ;;
	viewer) case $2 in *.view_*) case $2 in *.view_*_*) echo unsure ;; *) echo may ;; esac ;; *) echo not ;; esac ;;
	writer) case $2 in *.view_*_*) echo unsure ;; *.view_* | *.add_* | *.change_* | *.delete_*) echo may ;; *) echo not ;; esac ;;
	admin) [ "$3" = GET ] && echo reads || echo may ;;
	esac
}

while read -r line; do
	right=${line##* }
	rest=${line% *}
	path=$(echo "$rest" | awk '{ print $NF }')
	for method in $(echo "$rest" | grep -oE '\b(GET|POST|PUT|PATCH|DELETE|OPTIONS)\b'); do
		case "$path" in /login/ | /logout/) continue ;; esac
		to=${path//\{id\}/1}
		case $method in POST | DELETE) case $path in /api/*) [ "$method" = POST ] || to=${path//\{id\}/999999999} ;; *) to=${path//\{id\}/999999999} ;; esac ;; esac
		to=${to//\{slug\}/extras}
		case $path in */undo/ | */restore/ | */end-sessions/) to=${path//\{id\}/999999999} ;; esac	# they would, and what then?
		for p in nobody none viewer writer admin; do
			e=$(expect "$p" "$right" "$method")
			case "$p:$path" in viewer:/api/*/deployments/*/texts/ | writer:/api/*/deployments/*/texts/) e=not ;; esac	# texts of configurations: view_router_configuration
			case "$p:$path" in viewer:/api/*'{id}'/poll-bgp-sessions/) e=not ;; viewer:/api/*/poll-bgp-sessions/) e=unsure ;; viewer:/api/*/import-sessions/) e=not ;; esac	# of sessions: change_directpeeringsession and the other
			case "$p:$method:$path" in viewer:GET:/peeringdb/networks/*/email/ | writer:GET:/peeringdb/networks/*/email/) e=not ;; viewer:POST:/peeringdb/networks/*/email/ | writer:POST:/peeringdb/networks/*/email/) e=unsure ;; esac	# of mail: send_email_autonomoussystem
			case "$p:$method:$path" in viewer:POST:*/journal/) e=not ;; esac	# an entry of the journal is made: add_journalentry
			case "$e:$path" in reads:/api/extras/ix-api/accounts/ | reads:*/schedules/* | reads:*/deployments/* | reads:*/configuration-versions/* | reads:*/drift/* | reads:*/webhook-deliveries/* | reads:*/email-messages/* | reads:*'{slug}'* | reads:*/add/ | reads:*/edit/ | reads:*/delete/ | reads:*'{id}'*'/'?*) e=may ;; esac
			case "$p:$path" in none:*/saved-filters/* | viewer:*/saved-filters/*) e=unsure ;; esac	# everybody's own; suite_lists.sh tells what may be done with whose
			ask "$e" "$p" "$method" "$to" "$(body_for "$method" "$path")"
		done
	done
done < "$work/routes" > "$work/ask"
sed -i 1d "$work/ask"
curl -s -K "$work/ask" > "$work/answers" 2> "$work/curl.log"
same "all were answered" "$(grep -c '^write-out' "$work/ask")" "$(wc -l < "$work/answers")"
# These answer 503 to who may ask when there is nothing to be done.
awk -F'|' -v refuses='/(encrypt-password|link-to-peeringdb|poll)/ ' '
	{ right = 0; api = $2 ~ / \/api\// }
	$1 == "any" { right = $3 < 500 }
	$1 == "sign-in" { right = api ? $3 == 403 : $3 == 403 || ($3 == 302 && $4 ~ /\/login\//) }
	$1 == "not" { right = $3 == 403 }
	$1 == "may" || $1 == "reads" { right = $3 != 403 && ($3 < 500 || $3 == 503 && $2 ~ refuses) && $3 > 0 && !($3 == 302 && $4 ~ /\/login\//) }
	$1 == "reads" && api { right = $3 == 200 }
	$1 == "unsure" { right = $3 < 500 && $3 > 0 }
	{ if (right) ok++; else { bad++; if (bad <= 40) print "FAILED: " $2 ": " $3 " (" $1 ")" } }
	END { print ok + 0, bad + 0 > "/dev/stderr" }' "$work/answers" 2> "$work/sums"
read -r ok bad < "$work/sums"
passed=$((passed + ok)) failed=$((failed + bad))
same "nothing was changed by those without rights" "1 core" "$(sql 'SELECT id, name FROM tag' | tr '|' ' ')"

# ---- rights that end at an object ----
api POST /api/extras/tags/ '{"name":"edge","slug":"edge"}'
keeper=$(user keeper)
grant "$keeper" view,change,delete,add '{"slug":"edge"}' extras.tag
who=keeper
api GET /api/extras/tags/
same "a list shows what the right covers" "1 edge" "$(j '.count, .results[0].slug' | paste -sd' ')"
api GET /api/extras/tags/1/
want "the rest is not there" 404
api PATCH /api/extras/tags/1/ '{"description":"x"}'
want "and cannot be changed" 404
api DELETE /api/extras/tags/1/
want "nor deleted" 404
api PATCH /api/extras/tags/ '[{"id":1,"description":"x"}]'
want "nor in bulk" 200 '[]'
api DELETE /api/extras/tags/ '[{"id":1}]'
want "nor deleted in bulk" 204
api PATCH /api/extras/tags/2/ '{"description":"x"}'
want "what it covers can" 200
api POST /api/extras/tags/ '{"name":"other","slug":"other"}'
holds "what is made must lie within the right" test "$status" = 403 -o "$status" = 400
api PATCH /api/extras/tags/2/ '{"slug":"elsewhere"}'
holds "and may not leave it" test "$status" = 403 -o "$status" = 400
same "all as before" "core edge" "$(sql 'SELECT slug FROM tag ORDER BY id' | paste -sd' ')"
api OPTIONS /api/extras/tags/
same "OPTIONS tells the actions that one may do" "PUT POST" "$(j '.actions | keys_unsorted | join(" ")')"
who=viewer
api OPTIONS /api/extras/tags/
same "and no others" null "$(j .actions)"
who=admin
api GET /api/users/users/?limit=1
holds "no password is read" test "$(j '.results[0] | has("password")')" = false
python3 "$top/tests/http/links.py" "$url" "sessionid=session-admin" "$work/routes" > "$work/links"
grep ^FAILED "$work/links" | while IFS= read -r line; do fail "${line#FAILED: }"; done
holds "the pages hang together: $(tail -1 "$work/links")" grep -qE '^[0-9]{3,} passed, 0 failed' "$work/links"
same "no error in the log" "" "$(grep ' error ' "$work/handlers.log" | head -5)"
