#!/bin/bash
# What every request goes through: sign-in, tokens, CSRF, negotiation, paging, limits, two web servers, a program that dies.
. "$(dirname "$0")/../lib.sh"
start_postgres
start_redis
start_handlers 2
start_nginx
admin=$(user admin true true)
plain=$(user plain)
detail() { same "$1" "$2 $3" "$status $(j .detail)"; }

# ---- headers ----
api GET /api/extras/tags/
want "a list" 200 '{"count":0,"next":null,"previous":null,"results":[]}'
same "API-Version" 1.10 "$(header API-Version)"
same "Vary" "Accept, Cookie" "$(header Vary)"
same "Allow" "GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS" "$(header Allow)"
holds "X-Request-ID is a version 4 UUID" grep -qE '^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' <(header X-Request-ID)
first=$(header X-Request-ID)
api GET /api/extras/tags/ "" -H "X-Request-ID: $first"
holds "X-Request-ID is ours, not the client's" test "$first" != "$(header X-Request-ID)"
api HEAD /api/extras/tags/
want "HEAD" 200 ""
same "HEAD's length is GET's" 52 "$(header Content-Length)"
api GET /api/extras/tags
same "a path without its slash" "301 /api/extras/tags/" "$status $(header Location)"
api POST /api/extras/tags '{"name":"core","slug":"core"}'
want "a write without the slash is taken" 201
api GET /api/extras/tags/1/
etag=$(header ETag)
holds "there is an ETag" test -n "$etag"
api GET /api/extras/tags/1/ "" -H "If-None-Match: $etag"
want "If-None-Match" 304 ""
api GET /api/nothing/here/
detail "no such path" 404 "Not found."
api GET /api/extras/tags/999999999/
detail "no such object" 404 "No Tag matches the given query."
api GET /api/extras/tags/99999999999999999999/
detail "an id that fits in no number" 404 "Not found."
api DELETE /api/status/
detail "a method that is not there" 405 'Method "DELETE" not allowed.'
api BREW /api/status/
detail "a method that nobody knows" 405 'Method "BREW" not allowed.'

# ---- negotiation ----
api GET /api/extras/tags/ "" -H "Accept: image/png"
detail "Accept that we do not speak" 406 "Could not satisfy the request Accept header."
api GET /api/extras/tags/ "" -H "Accept: application/json; version=9.9"
detail "another version" 406 'Invalid version in "Accept" header.'
api GET /api/extras/tags/ "" -H "Accept: application/json; version=1.10"
want "this version" 200
api GET /api/extras/tags/ "" -H "Accept: application/json;"
want "a trailing semicolon, as pynetbox sends it" 200
api GET /api/extras/tags/ "" -H "Accept: text/html,application/xhtml+xml,*/*;q=0.8"
want "a browser" 200
api GET "/api/extras/tags/?format=nope"
detail "?format= of nothing" 404 "Not found."
api GET "/api/extras/tags/" "" -H "Accept: text/csv"
same "CSV" "text/csv; charset=utf-8|id,display,name,slug,color,description,tagged_items" "$(header Content-Type)|$(head -1 "$work/body" | tr -d '\r')"
api GET "/api/schema/?format=json"
same "the document is public, and OpenAPI 3.1" "200 3.1.0" "$status $(j .openapi)"
api POST /api/extras/tags/ '<x/>' -H "Content-Type: application/xml"
detail "another media type" 415 'Unsupported media type "application/xml" in request.'
api POST /api/extras/tags/ '{"name":"sc","slug":"sc"}' -H "Content-Type: application/json;"
want "a media type with a trailing semicolon" 201
api POST /api/extras/tags/ 'name=form&slug=form' -H "Content-Type: application/x-www-form-urlencoded"
want "a form" 201
api POST /api/extras/tags/ "" -F name=multi -F slug=multi -F color=00ff00
want "a multipart form" 201

# ---- tokens ----
token() { curl -s -o "$work/body" -w '%{http_code}' -H "Authorization: $1" "$url/api/extras/tags/" > "$work/status"; status=$(cat "$work/status"); body=$(cat "$work/body"); }
sha() { printf %s "$1" | sha256sum | cut -d' ' -f1; }
add_token() { sql "INSERT INTO auth_token (user_id, key_hash, key_hint, expires, write_enabled, allowed_ips) VALUES ($1, decode('$(sha "$2")', 'hex'), 'x', $3, $4, $5) RETURNING id"; }
who=
api GET /api/extras/tags/
detail "nobody" 403 "Authentication credentials were not provided."
token Token
detail "Token alone" 403 "Invalid token header. No credentials provided."
token "Token a b"
detail "Token with spaces" 403 "Invalid token header. Token string should not contain spaces."
token "Token nope"
detail "an unknown token" 403 "Invalid token"
token "Bearer $(token_of admin)"
detail "Bearer is nothing" 403 "Authentication credentials were not provided."
token "tOkEn $(token_of admin)"
want "any case of Token" 200
add_token "$admin" expired "now() - interval '1 minute'" true NULL > /dev/null
token "Token expired"
detail "an expired token" 403 "Token expired"
used=$(add_token "$admin" elsewhere NULL true "'{192.0.2.0/24}'")
token "Token elsewhere"
detail "a token of elsewhere" 403 "Source IP 127.0.0.1 is not permitted to authenticate using this token."
same "its use is noted all the same" t "$(sql "SELECT last_used IS NOT NULL FROM auth_token WHERE id = $used")"
curl -s -o "$work/body" -H "Authorization: Token elsewhere" -H "X-Forwarded-For: 192.0.2.1" -H "X-Real-IP: 192.0.2.1" "$url/api/extras/tags/"
same "an address that the client claims does not count" "Source IP 127.0.0.1 is not permitted to authenticate using this token." "$(jq -r .detail "$work/body")"
add_token "$admin" here NULL true "'{127.0.0.0/8,::1/128}'" > /dev/null
token "Token here"
want "a token of here" 200
add_token "$admin" readonly NULL false NULL > /dev/null
token "Token readonly"
want "a token that may not write reads" 200
curl -s -o "$work/body" -X POST -H "Authorization: Token readonly" -H "Content-Type: application/json" -d '{"name":"r","slug":"r"}' "$url/api/extras/tags/"
same "and does not write" "You do not have permission to perform this action." "$(jq -r .detail "$work/body")"
sql "INSERT INTO auth_user (username, is_active) VALUES ('gone', false)"
add_token "(SELECT id FROM auth_user WHERE username = 'gone')" gone NULL true NULL > /dev/null
token "Token gone"
detail "an inactive user" 403 "User inactive"
same "keys are not in the database" 0 "$(sql "SELECT count(*) FROM auth_token t WHERE t::text LIKE '%$(token_of admin)%'")"

# ---- sign-in by form ----
jar=$work/jar
web() { status=$(curl -s -b "$jar" -c "$jar" -D "$work/headers" -o "$work/body" -w '%{http_code}' "$@"); body=$(cat "$work/body"); }
cookie() { awk -v n="$1" '$6 == n { print $7 }' "$jar"; }
web "$url/login/"
want "the sign-in page" 200
web "$url/login/" -d username=admin -d "password=$password"
want "sign-in without the form's secret" 403
web "$url/login/" -d username=admin -d "password=$password" -d csrfmiddlewaretoken=0000000000000000000000000000000000000000000000000000000000000000
want "sign-in with another secret" 403
web "$url/login/" -d username=admin -d password=wrong -d "csrfmiddlewaretoken=$(cookie csrftoken)"
want "a wrong password" 403
same "no session for a wrong password" "" "$(cookie sessionid)"
web "$url/login/" -d username=admin -d "password=$password" -d "next=/core/jobs/" -d "csrfmiddlewaretoken=$(cookie csrftoken)"
same "sign-in" "302 /core/jobs/" "$status $(header Location)"
holds "the session cookie is HttpOnly, SameSite=Lax" grep -qi '^set-cookie: sessionid=[0-9a-f]\{64\}; Path=/; Max-Age=[0-9]*; SameSite=Lax; HttpOnly' "$work/headers"
same "the session's id is not in the database" 0 "$(sql "SELECT count(*) FROM auth_session WHERE encode(id_hash, 'hex') = '$(cookie sessionid)'")"
web "$url/api/extras/tags/"
want "a session reads the API" 200
web "$url/api/extras/tags/" -X POST -H "Content-Type: application/json" -d '{"name":"s","slug":"s"}'
same "a session's write needs the secret" "403 CSRF Failed: CSRF token missing." "$status $(j .detail)"
web "$url/api/extras/tags/" -X POST -H "Content-Type: application/json" -H "X-CSRFToken: nope" -d '{"name":"s","slug":"s"}'
same "and the right one" "403 CSRF Failed: CSRF token incorrect." "$status $(j .detail)"
status=$(curl -s -o "$work/body" -w '%{http_code}' -H "Cookie: sessionid=$(cookie sessionid)" -H "Content-Type: application/json" -d '{}' "$url/api/extras/tags/")
body=$(cat "$work/body")
same "and the cookie" "403 CSRF Failed: CSRF cookie not set." "$status $(j .detail)"
web "$url/api/extras/tags/" -X POST -H "Content-Type: application/json" -H "X-CSRFToken: $(cookie csrftoken)" -d '{"name":"s","slug":"s"}'
want "a session's write" 201
web "$url/login/" -d username=admin -d "password=$password" -d "next=//evil.example/" -d "csrfmiddlewaretoken=$(cookie csrftoken)"
same "next= leads nowhere else" "302 /" "$status $(header Location)"
web "$url/logout/"
want "sign-out is no GET" 405
old=$(cookie sessionid)
web "$url/logout/" -d "csrfmiddlewaretoken=$(cookie csrftoken)"
want "sign-out" 302
status=$(curl -s -o /dev/null -w '%{http_code}' -H "Cookie: sessionid=$old" "$url/api/extras/tags/")
same "the session is gone" 403 "$status"

# hashes of a migrated system, and what is tried too often
sql "UPDATE auth_user SET password = '$password_django' WHERE username = 'plain'"
web "$url/login/"
web "$url/login/" -d username=plain -d "password=$password" -d "csrfmiddlewaretoken=$(cookie csrftoken)"
want "a PBKDF2 hash signs in" 302
same "and is replaced by yescrypt" '$y$' "$(sql "SELECT left(password, 3) FROM auth_user WHERE username = 'plain'")"
web "$url/user/password/" -d old_password=nope -d new_password=short -d new_password_again=short -d "csrfmiddlewaretoken=$(cookie csrftoken)"
want "a bad change of password" 400
web "$url/user/password/" -d "old_password=$password" -d new_password=sunken-meadow-7 -d new_password_again=sunken-meadow-7 -d "csrfmiddlewaretoken=$(cookie csrftoken)"
want "a change of password" 302
rm -f "$jar"
web "$url/login/"
for i in $(seq 11); do web "$url/login/" -d username=admin -d password=wrong -d "csrfmiddlewaretoken=$(cookie csrftoken)"; done
want "too many failures" 429
web "$url/login/" -d username=plain -d password=sunken-meadow-7 -d "csrfmiddlewaretoken=$(cookie csrftoken)"
want "others are not shut out" 302
stop_redis
rm -f "$jar"
web "$url/login/"
web "$url/login/" -d username=admin -d "password=$password" -d "csrfmiddlewaretoken=$(cookie csrftoken)"
want "sign-in without Redis" 302

# ---- paging and what is shown ----
who=admin
for i in $(seq 30); do printf '{"name":"t%02d","slug":"t%02d"},' "$i" "$i"; done | sed 's/^/[/;s/,$/]/' > "$work/thirty"
api POST /api/extras/tags/ "$(cat "$work/thirty")"
same "thirty at once, in order" "201 30 t01 t30" "$status $(j 'length, .[0].name, .[29].name' | paste -sd' ')"
api GET "/api/extras/tags/?name__isw=t&limit=10&offset=10"
same "a page" "30 $url/api/extras/tags/?limit=10&name__isw=t&offset=20 $url/api/extras/tags/?limit=10&name__isw=t 10" "$(j '.count, .next, .previous, (.results | length)' | paste -sd' ')"
api GET "/api/extras/tags/?name__isw=t&limit=abc&offset=-3"
same "nonsense is the default" "20 null" "$(j '(.results | length), .previous' | paste -sd' ')"
api GET "/api/extras/tags/?limit=5&offset=1000"
same "past the end" "0 $url/api/extras/tags/?limit=5&offset=995" "$(j '(.results | length), .previous' | paste -sd' ')"
api GET "/api/extras/tags/?limit=0"
same "limit=0 is all" null "$(j .next)"
api GET "/api/extras/tags/?ordering=-name&name__isw=t&limit=1"
same "ordering" t30 "$(j '.results[0].name')"
n=0 next="/api/extras/tags/?cursor=&limit=7"
: > "$work/seen"
while [ "$next" != null ] && [ $n -lt 20 ]; do api GET "$next"; j '.results[].id' >> "$work/seen"; next=$(j .next); next=${next#"$url"}; n=$((n + 1)); done
same "a cursor sees each once" "$(sql 'SELECT id FROM tag ORDER BY id')" "$(cat "$work/seen")"
api GET "/api/extras/tags/1/?fields=slug,id,nope"
want "fields" 200 '{"id":1,"slug":"core"}'
api GET "/api/extras/tags/?exclude=url,display_url&limit=1&name=core"
same "exclude" "id display name slug color description tagged_items" "$(j '.results[0] | keys_unsorted | join(" ")')"
api GET "/api/extras/tags/1/?brief=false"
same "brief=anything" "id url display_url display name slug color" "$(j 'keys_unsorted | join(" ")')"

# ---- statements: as many for thirty rows as for one ----
statements() { api GET "$1"; grep -F " $(header X-Request-ID): " "$work/handlers.log" | sed -n 's/.* statements=\([0-9]*\) .*/\1/p'; }
for p in extras/tags core/object-changes; do
	statements "/api/$p/?limit=1" > /dev/null
	statements "/api/$p/?limit=2" > /dev/null
	# addresses that were not asked for yet: one that was is looked up among the answers that are kept
	same "$p: statements of a list" "$(statements "/api/$p/?limit=1&_=new")" "$(statements "/api/$p/?limit=30&_=new")"
done

# ---- who somebody is and what they may is remembered by a process, and true all the same ----
known=$(user known)
again() { who=known; for _ in 1 2 3; do api GET "/api/extras/tags/${1-1/}"; done; who=admin; }
again; want "no rights yet" 403
grant "$known" view '' extras.tag
again; want "a right counts at once" 200
api GET /api/extras/tags/1/
revision=$(header ETag)
sql "UPDATE auth_permission SET constraints = '{\"slug\": \"none\"}' WHERE id = (SELECT max(id) FROM auth_permission)"
again; want "so does its end at some objects" 404
again ""; same "in a list too" 0 "$(j .count)"
sql "UPDATE auth_permission SET enabled = false WHERE id = (SELECT max(id) FROM auth_permission)"
again; want "a right taken away" 403
again 999999/; want "nothing is told of what there is" 403
sql "UPDATE auth_user SET is_superuser = true WHERE id = $known"
again; want "a superuser from now on" 200
same "sees what others see" "$revision" "$(header ETag)"
sql "UPDATE auth_token SET allowed_ips = '{192.0.2.0/24}' WHERE user_id = $known"
again; want "a token for other networks" 403
sql "UPDATE auth_token SET allowed_ips = '{}', expires = now() - interval '1 second' WHERE user_id = $known"
again; want "an expired token" 403 '{"detail":"Token expired"}'
sql "UPDATE auth_token SET expires = NULL WHERE user_id = $known"
again; want "a token again" 200
sql "UPDATE auth_user SET is_active = false WHERE id = $known"
again; want "a user who is gone" 403 '{"detail":"User inactive"}'
sql "UPDATE auth_user SET is_active = true WHERE id = $known"
again; want "and back" 200
sql "DELETE FROM auth_token WHERE user_id = $known"
again; want "a revoked token" 403 '{"detail":"Invalid token"}'

# ---- writes ----
api PATCH /api/extras/tags/1/ '{"description":"x"}' -H 'If-Match: "0"'
want "If-Match of another revision" 412
api GET /api/extras/tags/1/
etag=$(header ETag)
api PATCH /api/extras/tags/1/ '{"description":"y"}' -H "If-Match: $etag"
want "If-Match" 200
api PATCH /api/extras/tags/1/ '{"description":"z"}' -H "If-Match: $etag"
want "of two who save the same form the second is told" 412
api DELETE /api/extras/tags/1/ "" -H "If-Match: $etag"
want "If-Match on DELETE" 412
changes=$(sql 'SELECT count(*) FROM object_change')
api PATCH "/api/extras/tags/1/?dry_run=1" '{"description":"dry"}'
same "a dry run shows the change" "200 true dry y dry" "$status $(j '.dry_run, .result.description, .changes[0].prechange_data.description, .changes[0].postchange_data.description' | paste -sd' ')"
same "and keeps nothing" "y $changes" "$(sql "SELECT description || ' ' || (SELECT count(*) FROM object_change) FROM tag WHERE id = 1")"
api DELETE "/api/extras/tags/1/?dry_run=1"
same "a dry deletion" "204 delete" "$(j '.status, .changes[0].action' | paste -sd' ')"
api PATCH /api/extras/tags/ '[{"id":1,"description":"b"},{"id":999999999}]'
same "bulk change skips what is not there" "200 1" "$status $(j length)"
api PATCH /api/extras/tags/ '[{"id":1,"description":"c"},{"id":2,"name":""}]'
want "the first wrong item ends it" 400 '{"name":["This field may not be blank."]}'
same "and tells its place in the list" 1 "$(header X-Item-Index)"
same "all or none" b "$(sql 'SELECT description FROM tag WHERE id = 1')"
api PATCH /api/extras/tags/ '{"id":1}'
want "bulk wants a list" 400 '{"non_field_errors":["Expected a list of items but got type \"dict\"."]}'
api PATCH /api/extras/tags/ '[{"description":"b"}]'
want "bulk wants ids" 400 '[{"id":["This field is required."]}]'
api DELETE /api/extras/tags/
want "bulk delete wants a list" 400 '{"non_field_errors":["Expected a list of items but got type \"dict\"."]}'
api DELETE /api/extras/tags/ '[{"id":999999999}]'
want "bulk delete of nothing" 204 ""
api POST /api/extras/tags/ '[{"name":"u1","slug":"u1"},{"name":"u2"},{"name":"core","slug":"u3"}]'
want "bulk create's errors stand in line" 400 '[{},{"slug":["This field is required."]},{"name":["tag with this name already exists."]}]'
same "and nothing was made" 0 "$(sql "SELECT count(*) FROM tag WHERE name = 'u1'")"

# ---- preferences ----
api GET /api/users/userpref/
want "preferences" 200 '{}'
api PATCH /api/users/userpref/ '{"pagination":{"per_page":50},"tables":{"X":{"columns":["a"]}}}'
api PATCH /api/users/userpref/ '{"tables":{"X":{"ordering":["b"]}}}'
same "are merged" '{"pagination":{"per_page":50},"tables":{"X":{"columns":["a"],"ordering":["b"]}}}' "$(j -cS .)"
api PATCH /api/users/userpref/ '[1]'
want "and are an object" 400

# ---- a program that is killed costs the request at hand ----
multi=$(pgrep -P "$handler_extras" -x multiwatch || echo "$handler_extras")
for i in 1 2 3 4; do
	kill -KILL $(pgrep -P "$multi") 2> /dev/null
	until_true 5 pgrep -P "$multi" || fail "no program came back"
	api GET /api/extras/tags/1/
	[ "$status" != 502 ] || api GET /api/extras/tags/1/
	want "after a SIGKILL" 200
done
locks() { sql "SELECT count(*) FROM pg_locks WHERE granted = $1 AND relation = 'tag'::regclass AND mode <> 'AccessShareLock'" | grep -qx 1; }
sql "BEGIN; LOCK TABLE tag IN EXCLUSIVE MODE; SELECT pg_sleep(2)" > /dev/null &
locker=$!
until_true 5 locks true
curl -s -o /dev/null --max-time 10 -X PATCH -H "Authorization: Token $(token_of admin)" -H "Content-Type: application/json" -d '{"description":"cut off"}' "$url/api/extras/tags/1/" &
writer=$!
until_true 5 locks false || fail "the write does not wait"
kill -KILL $(pgrep -P "$multi") 2> /dev/null
wait $locker $writer
until_true 5 pgrep -P "$multi"
api GET /api/extras/tags/1/
[ "$status" != 502 ] || api GET /api/extras/tags/1/
same "a program killed within a write leaves nothing behind" "200 b" "$status $(j .description)"

# ---- Apache ----
start_apache
nginx_url=$url url=$apache_url
api GET "/api/extras/tags/1/?brief=1"
same "Apache says what nginx says" 200 "$status"
head -c 20000000 /dev/zero > "$work/huge"
api POST /api/extras/tags/ "" --data-binary "@$work/huge" -H "Content-Type: text/csv" -H "Expect:"
same "what is too large for Apache is refused in words" "413 1" "$status $(grep -c 'send it in parts' "$work/body")"
api POST /api/extras/tags/ '{"name":"apache","slug":"apache"}'
want "a write through Apache" 201
api POST /api/extras/tags/ '{"name":"chunked","slug":"chunked"}' -H "Transfer-Encoding: chunked"
want "a chunked body through Apache" 201
url=$nginx_url
api POST /api/extras/tags/ '{"name":"chunked2","slug":"chunked2"}' -H "Transfer-Encoding: chunked"
want "a chunked body through nginx" 201

# ---- who the web server says it is ----
stop_handlers
cat >> "$work/peerage.conf" <<C
remote_user = yes
remote_groups_header = PEERAGE_GROUPS
remote_create_users = yes
remote_superuser_groups = noc
C
sed -i "s|fastcgi_param REMOTE_ADDR .remote_addr;|&\nfastcgi_param REMOTE_USER \$http_x_test_user;\nfastcgi_param PEERAGE_GROUPS \$http_x_test_groups;|" "$work/nginx.conf"
kill -HUP "$(cat "$work/nginx.pid")"
start_handlers
sql "INSERT INTO auth_group (name) VALUES ('Readers'), ('Writers')"
who=
api GET /api/extras/tags/ "" -H "X-Test-User: kim" -H "X-Test-Groups: Readers|nope"
want "a user of the web server without rights" 403
same "is made, with their groups" "kim t Readers" "$(sql "SELECT u.username || ' ' || u.is_remote::text::char || ' ' || string_agg(g.name, ',') FROM auth_user u JOIN auth_user_group m ON m.auth_user_id = u.id JOIN auth_group g ON g.id = m.auth_group_id WHERE u.username = 'kim' GROUP BY u.username, u.is_remote")"
api GET /api/extras/tags/ "" -H "X-Test-User: kim" -H "X-Test-Groups: Writers|noc"
want "a group makes a superuser" 200
same "groups follow the header" Writers "$(sql "SELECT string_agg(g.name, ',') FROM auth_user u JOIN auth_user_group m ON m.auth_user_id = u.id JOIN auth_group g ON g.id = m.auth_group_id WHERE u.username = 'kim'")"
api GET /api/extras/tags/ "" -H "X-Test-User: kim" -H "X-Test-Groups: Writers"
want "and no longer" 403
api POST /api/extras/tags/ '{"name":"k","slug":"k"}' -H "X-Test-User: kim" -H "X-Test-Groups: noc"
detail "their writes need the secret too" 403 "CSRF Failed: CSRF cookie not set."
api POST /api/extras/tags/ '{"name":"k","slug":"k"}' -H "X-Test-User: kim" -H "X-Test-Groups: noc" -H "Cookie: csrftoken=$(sha x)" -H "X-CSRFToken: $(sha x)"
want "and then are taken" 201

# ---- nothing broke on the way ----
same "no error in the log" "" "$(grep ' error ' "$work/handlers.log" | grep -v 'connection' | head -5)"
same "no secret in the log" "" "$(grep -E "$password|$(token_of admin)|sunken-meadow" "$work/handlers.log" | head -3)"
