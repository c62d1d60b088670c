#!/bin/bash
# People: the second factor, sessions, the log of sign-ins, what somebody can see and do, predicates of permissions, sign-in through a
# web server that asks a directory.
. "$(dirname "$0")/../lib.sh"
start_postgres
start_redis
start_handlers 1
start_nginx
admin=$(user admin true true)
ann=$(user ann)

# web JAR PATH [curl options ...]: as a browser with that jar of cookies; sets $status, $body, $location
web() {
	local jar=$work/$1 path=$2
	shift 2
	status=$(curl -s -b "$jar" -c "$jar" -o "$work/body" -D "$work/headers" -w '%{http_code}' "$@" "$url$path")
	body=$(tr -d '\0' < "$work/body")
	location=$(header Location)
}
cookie() { awk -v n="$2" '$6 == n { print $7 }' "$work/$1"; }
post() { local jar=$1 path=$2; shift 2; web "$jar" "$path" -d "csrfmiddlewaretoken=$(cookie "$jar" csrftoken)" "$@"; }
sign_in() { rm -f "$work/$1"; web "$1" /login/; post "$1" /login/ -d "username=$2" -d "password=$password"; }
has() { holds "$1" grep -qF -- "$2" "$work/body"; }
forget_failures() { redis-cli -s "$work/redis.sock" flushall > /dev/null; }     # those that the throttle counts
events() { sql "SELECT string_agg(event, ' ' ORDER BY id) FROM sign_in_event WHERE user_id = $1"; }
# code SECRET [STEPS]: the code now, or so many steps away, by RFC 6238
code() {
	python3 - "$1" "${2:-0}" <<-'P'
	import base64, hashlib, hmac, struct, sys, time
	s = sys.argv[1]
	k = base64.b32decode(s + '=' * (-len(s) % 8))
	m = hmac.new(k, struct.pack('>Q', int(time.time()) // 30 + int(sys.argv[2])), hashlib.sha1).digest()
	o = m[19] & 15
	print('%06d' % ((struct.unpack('>I', m[o:o + 4])[0] & 0x7fffffff) % 1000000))
	P
}
wrong_code() { for c in 000000 111111 222222 333333 444444; do case " $(code "$1" -1) $(code "$1") $(code "$1" 1) $(code "$1" 2) " in *" $c "*) ;; *) echo $c; return ;; esac; done; }

# ---- the second factor ----
sign_in one ann
want "one who has none signs in with the password" 302
web one /user/two-factor/
has "the page offers it" 'name="do" value="begin"'
post one /user/two-factor/ -d do=begin -d password=wrong-horse
want "setting it up asks for the password" 400
same "and nothing is kept without it" 0 "$(sql 'SELECT count(*) FROM auth_totp')"
post one /user/two-factor/ -d do=begin -d "password=$password"
want "set up" 302
web one /user/two-factor/
secret=$(sed -n 's/.*<code id="secret">\([A-Z2-7]*\)<.*/\1/p' "$work/body")
same "the secret has 160 bits" 32 "${#secret}"
has "the address for an authenticator" "otpauth://totp/Peerage:ann?secret=$secret&amp;issuer=Peerage&amp;algorithm=SHA1&amp;digits=6&amp;period=30"
has "and its picture" '<svg class="qr"'
same "the secret is sealed in the database" "t|f" "$(sql "SELECT secret LIKE 'seal1:%', secret LIKE '%$secret%' FROM auth_totp")"
sign_in two ann
want "it is not in force before a code was right" 302
post one /user/two-factor/ -d do=confirm -d "code=$(wrong_code "$secret")"
want "a wrong code does not confirm it" 400
first=$(code "$secret")
post one /user/two-factor/ -d do=confirm -d "code=${first:0:3} ${first:3}"
want "a right one does, however it is spaced" 200
grep -oE '<li><code>[a-z2-7-]+' "$work/body" | sed 's/.*>//' > "$work/codes"
same "ten recovery codes are shown" 10 "$(sort -u "$work/codes" | wc -l)"
web one /user/two-factor/
same "this once" 0 "$(grep -cF "$(head -1 "$work/codes")" "$work/body")"
same "hashes are kept" "10|f" "$(sql "SELECT count(*), bool_or(encode(code_hash, 'escape') LIKE '%$(head -1 "$work/codes" | tr -d -)%') FROM auth_recovery_code")"
same "and the secret is shown no more" 0 "$(grep -cF "$secret" "$work/body")"

sign_in three ann
want "now the password leads to the code" 200
has "which is asked for" 'name="code"'
same "and there is no session yet" "" "$(cookie three sessionid)"
web three /user/profile/
want "so nothing is open" 302
post three /login/ -d "code=$first"
want "the code that was taken before is refused" 403
has "and says so" "wrong or was used before"
second=$(code "$secret" 1)
post three /login/ -d "code=$second" -d next=/user/sessions/
want "the next one is taken" 302
same "and leads where one was going" /user/sessions/ "$location"
holds "the cookie of the step is taken back" grep -q '^Set-Cookie: signin=; Path=/; Max-Age=0;' "$work/headers"
web three /user/sessions/
want "signed in" 200
sign_in four ann
post four /login/ -d "code=$second"
want "the same code does not open a second session" 403
recovery=$(head -1 "$work/codes")
post four /login/ -d "code=${recovery^^}"
want "a recovery code does" 302
sign_in five ann
post five /login/ -d "code=$recovery"
want "once" 403
for i in 1 2 3; do post five /login/ -d "code=$(wrong_code "$secret")"; done
want "a wrong code can be given again" 403
post five /login/ -d "code=$(wrong_code "$secret")"
has "but not for ever" "Sign in again"
post five /login/ -d "code=$(code "$secret" 1)"
has "then the password is asked for" "Sign in again"
forget_failures
web six /login/
post six /login/ -d username=ann -d password=wrong-horse
no_such=$(sed -n 's/.*role="alert">\([^<]*\)<.*/\1/p' "$work/body")
post six /login/ -d username=nobody-here -d password=wrong-horse
same "who has a second factor answers like who is not there" "$no_such" "$(sed -n 's/.*role="alert">\([^<]*\)<.*/\1/p' "$work/body")"
sql "UPDATE auth_totp SET failures = 10, failed = now()" > /dev/null
sign_in five ann
post five /login/ -d "code=$(code "$secret" 1)"
want "after ten wrong codes nobody guesses on, wherever they are" 429
sql "UPDATE auth_totp SET failed = now() - interval '16 minutes', last_step = 0" > /dev/null
post five /login/ -d "code=$(code "$secret" 1)"
want "for a quarter of an hour" 302
post five /user/two-factor/ -d do=codes -d "password=$password"
want "new recovery codes" 200
old=$(sed -n 2p "$work/codes")
sign_in six ann
post six /login/ -d "code=$old"
want "end the old ones" 403
holds "the log tells" grep -q "recovery-code .*refused-code .*recovery-codes-made" <(events "$ann")

forget_failures

# ---- somebody else resets it ----
keeper=$(user keeper)
grant "$keeper" view,change '' auth.user
who=keeper api POST "/api/users/users/$ann/reset-second-factor/" '{}'
want "who may change users may not reset it" 403
api GET "/api/users/users/?second_factor=true"
same "users can be found by it" ann "$(j '.results[].username' | paste -sd' ')"
api POST "/api/users/users/$ann/reset-second-factor/" '{}'
want "a superuser may" 200
api POST "/api/users/users/$ann/reset-second-factor/" '{}'
want "there is none any more" 409
sign_in six ann
want "the password is enough again" 302
sql "INSERT INTO auth_totp (user_id, secret, confirmed) VALUES ($ann, 'seal1:x', now())" > /dev/null
same "the command resets as well" "ann signs in with the password alone until a new second factor is set up" "$("$build/peerage" user reset-totp ann 2>&1)"
holds "and tells when there is none" grep -q 'has no second factor' <("$build/peerage" user reset-totp ann 2>&1)
holds "or no such user" grep -q 'there is no user "nobody"' <("$build/peerage" user reset-totp nobody 2>&1)
same "all of it is in the log" "by admin|by the command peerage" "$(sql "SELECT string_agg(user_agent, '|' ORDER BY id) FROM sign_in_event WHERE event = 'second-factor-reset'")"
sql "INSERT INTO auth_totp (user_id, secret, confirmed) VALUES ($admin, 'seal1:x', now())" > /dev/null
grant "$keeper" reset_second_factor,end_sessions '' auth.user
who=keeper api POST "/api/users/users/$admin/reset-second-factor/" '{}'
want "a right below the superuser does not reach one" 403
sql "DELETE FROM auth_totp" > /dev/null

# ---- sessions ----
sql "DELETE FROM auth_session" > /dev/null
for jar in one two three; do sign_in $jar ann -A "Browser $jar"; done
curl -s -o /dev/null -A 'Browser "two"' -b "$work/two" "$url/user/profile/"
web one /user/sessions/
same "all sessions are listed" 3 "$(sed 's/<h2.*//' "$work/body" | grep -c 'this one\|>Sign out</button></form></td>')"
same "one of them is this" 1 "$(grep -c 'this one' "$work/body")"
has "with the address" 127.0.0.1
id=$(sed -n 's/.*name="id" value="\([0-9a-f]*\)".*/\1/p' "$work/body" | head -1)
sign_in other admin
post other /user/sessions/ -d "id=$id"
same "nobody ends another's" 3 "$(sql "SELECT count(*) FROM auth_session WHERE user_id = $ann")"
post one /user/sessions/ -d "id=$id"
want "one's own" 302
same "ends" 2 "$(sql "SELECT count(*) FROM auth_session WHERE user_id = $ann")"
post one /user/sessions/ -d others=1
same "or all others" 1 "$(sql "SELECT count(*) FROM auth_session WHERE user_id = $ann")"
web one /user/profile/
want "this one goes on" 200
web three /user/profile/
want "the others are out" 302
api POST "/api/users/users/$ann/end-sessions/" '{}'
want "a superuser ends them all" 200
web one /user/profile/
want "at once" 302

# ---- the log ----
sign_in one ann
post one /logout/
web one /login/
post one /login/ -d username=nobody-here -d password=wrong-horse
same "in, out and a wrong name" "sign-in sign-out refused-password" "$(sql "SELECT string_agg(event, ' ' ORDER BY id) FROM (SELECT * FROM sign_in_event ORDER BY id DESC LIMIT 3) e")"
api GET '/api/users/sign-ins/?event=refused-password&user_name=nobody-here&limit=1'
same "the API finds it" "nobody-here 127.0.0.1 null" "$(j '.results[0] | "\(.user_name) \(.address) \(.user)"')"
sign_in other admin
web other /users/sign-ins/
want "the page of staff" 200
has "shows it" "Wrong name or password"
who=keeper api GET /api/users/sign-ins/
want "others do not see it" 403
api DELETE /api/users/sign-ins/1/
holds "nobody removes a line" test "$status" = 405 -o "$status" = 403
same "the database does not let the handlers alter it" "f|f" "$(sql "SELECT has_table_privilege('peerage_web', 'peerage.sign_in_event', 'UPDATE'), has_table_privilege('peerage_web', 'peerage.sign_in_event', 'DELETE')")"

# ---- what somebody can see and do; predicates ----
who=admin
api POST /api/extras/tags/ '[{"name":"core","slug":"core"},{"name":"edge","slug":"edge"},{"name":"other","slug":"other"}]'
want "three tags" 201
bob=$(user bob)
predicate() { api POST /api/users/permissions/ "{\"name\":\"$1\",\"object_types\":[\"extras.tag\"],\"actions\":[\"view\",\"change\"],\"users\":[$bob],\"constraints\":$2}"; }
predicate wrong '{"colour":"red"}'
want "a predicate that names no filter" 400 '{"constraints":["\"colour\" is no filter of the list of tags. Its filters stand on that list'"'"'s page and in /api/schema/."]}'
predicate wrong '[{"slug":"core"},{"slugg":"edge"}]'
holds "is found in a list of them too" test "$status" = 400
predicate wrong '{"id":"x"}'
same "and a value that the filter does not take" "400 id, of tags: Enter a whole number." "$status $(j '.constraints[0]')"
predicate wrong '[1]'
want "what is no object" 400
predicate "Some tags" '[{"slug":"core"},{"slug__isw":"ed"}]'
want "a right one is kept" 201
api PATCH "/api/users/permissions/$(j .id)/" '{"object_types":["extras.tag","bgp.community","users.signinevent"]}'
same "it must be one of every list that the permission is about" 400 "$status"
api GET "/api/users/users/$bob/rights/?resource=extras.tag"
same "what he can see and do" "view some 2 Some tags,add none null ,change some 2 Some tags,delete none null " \
	"$(j '[.[0].rights[] | "\(.action) \(.right) \(.rows) \([.permissions[].name] | join("+"))"] | join(",")')"
api GET "/api/users/users/$bob/rights/"
same "all resources are walked" "$(sql "SELECT count(*) > 50 FROM peerage.object_type")" "$(j 'length > 50' | sed 's/true/t/')"
who=bob api GET "/api/users/rights/?resource=extras.tag"
same "and he may ask for himself" "some 2" "$(j '.[0].rights[0] | "\(.right) \(.rows)"')"
api GET "/api/users/users/$bob/rights/?resource=nothing.here"
want "no such resource" 400
who=bob api GET "/api/users/users/$bob/rights/"
want "not for everybody" 403
same "the command tells the same" 'extras.tag view 2 of them by Some tags [{"slug":"core"},{"slug__isw":"ed"}]' "$("$build/peerage" user can bob tag 2>&1 | head -1 | tr -s ' ')"
same "and of a superuser" "extras.tag delete all" "$("$build/peerage" user can admin extras.tag 2>&1 | grep delete | tr -s ' ' | sed 's/ $//')"
holds "no such resource" grep -q 'there is no resource "nothing"' <("$build/peerage" user can bob nothing 2>&1)
sign_in other admin
web other "/users/users/$bob/rights/"
want "the page" 200
has "shows how many" "2 of them"
web other "/users/users/$bob/"
has "and is reached from the user's" "/users/users/$bob/rights/"

# ---- the editor of predicates ----
want_rows() { same "$1" "$2" "$(sql "SELECT constraints FROM peerage.auth_permission WHERE name = 'By form'")"; }
type=$(sql "SELECT app_label || '.' || model FROM peerage.object_type WHERE model = 'tag'")
by_form() { post other "$1" -d name="By form" -d enabled=true -d object_types=$type -d actions=view -d actions=delete --data-urlencode "actions=do_this, do_that" -d "users=$bob" "${@:2}"; }
rule() { for p in or="$1" field="$2" lookup="$3" value="$4"; do printf '%s\n' --data-urlencode "constraints.$p"; done; }
mapfile -t rules < <(rule and slug "" core; rule and id gt 0; rule or slug isw "ed, ot"; rule and "" "" "")
by_form /users/permissions/add/ -d constraints.how=rows "${rules[@]}" -d _refresh=1
want "checking shows the form again" 200
has "with what it selects" 'Selects <b>3</b> of 3 tags'
has "offers the filters of the type" '<option value="slug"></option>'
has "keeps what was typed" 'value="ed, ot"'
same "and saves nothing" 0 "$(sql "SELECT count(*) FROM peerage.auth_permission WHERE name = 'By form'")"
by_form /users/permissions/add/ -d constraints.how=rows "${rules[@]}"
want "rows are saved" 302
want_rows "as an object for each group that \"or\" parts" '[{"slug": "core", "id__gt": 0}, {"slug__isw": ["ed", "ot"]}]'
same "with the boxes that are ticked and the words that are typed" "{view,delete,do_this,do_that}" "$(sql "SELECT actions FROM peerage.auth_permission WHERE name = 'By form'")"
who=bob api GET /api/extras/tags/
same "both conditions of a group hold" "core edge other" "$(j '[.results[].slug] | sort | join(" ")')"
mine=$(sql "SELECT id FROM peerage.auth_permission WHERE name = 'By form'")
web other "/users/permissions/$mine/edit/"
has "the form shows it as rows" 'name="constraints.field" value="id" '
has "told with their lookup" '<option value="gt" selected>'
mapfile -t rules < <(rule and colour "" red)
by_form "/users/permissions/$mine/edit/" -d constraints.how=rows "${rules[@]}"
want "a filter that is none is refused" 400
holds "with the type it is none of" grep -q 'colour.* is no filter of the list of tags' "$work/body"
has "and the row is still there" 'name="constraints.field" value="colour"'
mapfile -t rules < <(rule and slug "" a; rule and slug "" b)
by_form "/users/permissions/$mine/edit/" -d constraints.how=rows "${rules[@]}"
want "one filter twice in a group too" 400
by_form "/users/permissions/$mine/edit/" -d constraints.how=rows
want "and rows without any" 400
by_form "/users/permissions/$mine/edit/" -d constraints.how=json --data-urlencode 'constraints={"slug": ["a,b"]}'
want "JSON is taken as it is" 302
want_rows "and kept" '{"slug": ["a,b"]}'
web other "/users/permissions/$mine/edit/"
has "what rows cannot show is shown as JSON" 'value="json" checked'
by_form "/users/permissions/$mine/edit/" -d constraints.how=all
want_rows "all objects: no predicate" ""

# ---- the same by API: second factor, sessions, password ----
tess=$(user tess)
who=tess
S=/api/users/second-factor/
api GET $S
same "no second factor" "200 off null" "$status $(j .state) $(j .secret)"
api POST $S '{"do":"begin","password":"wrong-horse"}'
want "it asks for the password as well" 400 '{"detail":"The password is wrong."}'
api POST $S "{\"do\":\"begin\",\"password\":\"$password\"}"
same "set up" "200 pending 32" "$status $(j .state) $(j '.secret | length')"
secret=$(j .secret)
api POST $S "{\"do\":\"confirm\",\"code\":\"$(wrong_code "$secret")\"}"
want "a wrong code" 400
same "is counted" 1 "$(sql "SELECT failures FROM auth_totp WHERE user_id = $tess")"
api POST $S "{\"do\":\"confirm\",\"code\":\"$(code "$secret")\"}"
same "a right one puts it in force" "200 on 10 10" "$status $(j .state) $(j .recovery_codes_left) $(j '.recovery_codes | length')"
api GET $S
same "which tells neither secret nor codes again" "on null null" "$(j '"\(.state) \(.secret) \(.recovery_codes)"')"
api POST $S "{\"do\":\"codes\",\"password\":\"$password\"}"
same "new codes" "200 10" "$status $(j '.recovery_codes | length')"
api POST $S '{"do":"dance"}'
want "what is none of it" 400
api POST $S "{\"do\":\"off\",\"password\":\"$password\"}"
same "and off" "200 off" "$status $(j .state)"
same "all of it is in the log" "second-factor-on recovery-codes-made second-factor-off" "$(events "$tess")"
for jar in one two; do sign_in $jar tess -A "Browser $jar"; done
api GET /api/users/sessions/
same "sessions" "2 false 127.0.0.1" "$(j '"\(length) \(.[0].here) \(.[0].address)"')"
holds "with times as the API has them" grep -q 'T..:..:..' <(j '.[0].created')
api POST /api/users/sessions/ "{\"id\":\"$(j '.[0].id')\"}"
same "one ends" "200 1" "$status $(j length)"
api POST /api/users/sessions/ '{"id":"nothing"}'
want "one that there is not" 404
api POST /api/users/sessions/ '{}'
want "or none" 400
api POST /api/users/sessions/ '{"others":true}'
same "all" "200 0" "$status $(j length)"
api POST /api/users/password/ '{"old_password":"wrong-horse","new_password":"gravel-lantern-41"}'
want "the old password must be right" 400 '{"old_password":["Your old password was entered incorrectly. Please enter it again."]}'
api POST /api/users/password/ "{\"old_password\":\"$password\",\"new_password\":\"short\"}"
holds "the new one good" test "$status" = 400 -a "$(j '.new_password | length')" != 0
api POST /api/users/password/ '{"new_password":"x"}'
want "both are needed" 400
api POST /api/users/password/ "{\"old_password\":\"$password\",\"new_password\":\"gravel-lantern-41\"}"
want "then it is changed" 200 '{}'
sign_in one tess
want "the old one opens nothing" 403
web one /login/
post one /login/ -d username=tess -d password=gravel-lantern-41
want "the new one does" 302
who= api POST /api/users/password/ '{}'
want "nobody's is not changed" 403
