# suite_pages.sh: the pages as a person uses them: forms posted with curl, what comes back looked at with headless Chromium.
# shellcheck shell=bash source=../lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

jar=$work/jar
page=$work/page.html
# get PATH [curl options ...]; post PATH [curl options ...]: sets $status; the page is in $page
get() { local p=$1; shift; status=$(curl -s -b "$jar" -c "$jar" -o "$page" -D "$work/headers" -w '%{http_code}' "$@" "$url$p"); }
csrf() { awk '$6 == "csrftoken" { print $7 }' "$jar"; }
post() { local p=$1; shift; get "$p" --data-urlencode "csrfmiddlewaretoken=$(csrf)" "$@"; }
has() { grep -qF -- "$2" "$page" && pass || { fail "$1: no \"$2\""; grep -o '<main.*' "$page" | head -c 300; }; }
has_not() { if grep -qF -- "$2" "$page"; then fail "$1: there is \"$2\""; else pass; fi; }
sign_in() { # NAME PASSWORD
	rm -f "$jar"
	get /login/
	post /login/ --data-urlencode "username=$1" --data-urlencode "password=$2"
}
make() { # PATH JSON: an object through the API, its id in $id
	api POST "/api/$1/" "$2"
	id=$(j .id)
	[ "$status" = 201 ] || { fail "cannot make $1: $body"; die "$1"; }
}

start_postgres
echo "log_level = info" >> "$work/peerage.conf"
start_redis
start_handlers
start_nginx
user admin true true > /dev/null
reader=$(user reader)
grant "$reader" view "" peering.internetexchangepeeringsession peering.autonomoussystem

# ---- what there is ----
make peering/autonomous-systems '{"asn": 64500, "name": "Own Network", "affiliated": true}'; own=$id
make peering/autonomous-systems '{"asn": 64501, "name": "Peer <b>One</b>", "comments": "**bold** <script>alert(1)</script>"}'; peer=$id
make devices/platforms '{"name": "Test OS", "slug": "test-os"}'; platform=$id
make devices/configurations '{"name": "Lines", "template": "{% for s in router.get_ixp_autonomous_systems() %}{{ s }}\n{% endfor %}hostname {{ router.hostname }}\n"}'; template=$id
make devices/routers "{\"name\": \"edge1\", \"hostname\": \"edge1.example.net\", \"platform\": $platform, \"status\": \"enabled\", \"local_autonomous_system\": $own, \"configuration_template\": $template}"; router=$id
make peering/internet-exchanges "{\"name\": \"Test-IX\", \"slug\": \"test-ix\", \"status\": \"enabled\", \"local_autonomous_system\": $own}"; ix=$id
make net/connections "{\"internet_exchange_point\": $ix, \"router\": $router, \"status\": \"enabled\", \"ipv4_address\": \"192.0.2.1/24\", \"ipv6_address\": \"2001:db8::1/64\"}"; connection=$id

# ---- signing in ----
get /autonomous-systems/
same "without a session the way leads to the sign-in" 302 "$status"
sign_in admin wrong-password
same "a wrong password is refused" 403 "$status"
has "and says so" "The name or the password is wrong."
get /login/
get /login/ -d username=admin -d "password=$password"
same "a form without its secret is refused" 403 "$status"
sign_in admin "$password"
same "the right one opens" 302 "$status"
get /
same "home" 200 "$status"
has "home counts" "Autonomous systems"
has "home has the last changes" "Last changes"

# ---- a session, from the form to everywhere ----
s=/internet-exchange-peering-sessions
get $s/add/?ixp_connection=$connection
same "the form" 200 "$status"
has "the query fills in" "<option value=\"$connection\" selected>"
post $s/add/ -d ixp_connection=$connection -d autonomous_system=AS64501 -d ip_address=192.0.2.77 -d status=enabled -d multihop_ttl=1 \
	-d "tags.new=first tag" --data-urlencode "comments=said by hand" -d password=s3cret-key
same "adding leads to its page" 302 "$status"
location=$(header Location)
holds "its page is one of sessions" grep -qE "^(http://[^/]*)?$s/[0-9]+/$" <<< "$location"
session=${location%/}; session=${session##*/}
get "$s/$session/"
has "a message tells it" "Created internet exchange peering session"
has "the page has the address" "192.0.2.77"
has "the page has the tag" "first tag"
has "its buttons lead to its form" "href=\"$s/$session/edit/\""
has "and to its end" "href=\"$s/$session/delete/\""
has "a name is text, not markup" "Peer &lt;b&gt;One&lt;/b&gt;"
get "$s/$session/"
has_not "the message is shown once" "Created internet exchange peering session"
get "$s/?ip_address=192.0.2.77"
has "the list has it" "192.0.2.77"
has_not "an address in the LAN is not doubted" "alert-warning"
post $s/add/ -d ixp_connection=$connection -d autonomous_system=AS64501 -d ip_address=198.51.100.9 -d status=enabled -d multihop_ttl=1
slip=$(header Location | sed 's,^http://[^/]*,,')
get "$slip"
has "an address outside the exchange's LAN is taken, and said" "It lies outside the LAN of the exchange, 192.0.2.0/24."
has "its page leads to its form" "href=\"${slip}edit/\""
get "$s/?address_in_doubt=true"
has "such are found" "198.51.100.9"
has_not "and only they" "192.0.2.77"
api GET "/api/peering/internet-exchange-peering-sessions/?address_in_doubt=true"
same "by the API too" 1 "$(j .count)"
api DELETE "/api/peering/internet-exchange-peering-sessions/$(j .results[0].id)/"
make peering/autonomous-systems '{"asn": 64502, "name": "Peer Two"}'; second=$id
make net/connections "{\"internet_exchange_point\": $ix, \"router\": $router, \"status\": \"enabled\", \"ipv4_address\": \"192.0.2.2/24\"}"; other=$id
make peering/internet-exchange-peering-sessions "{\"ixp_connection\": $other, \"autonomous_system\": {\"asn\": 64502}, \"ip_address\": \"192.0.2.77\"}"
get "$s/$id/"
has "an address that another has there is said too" "At this exchange it is also the address of AS64501."
api DELETE "/api/net/connections/$other/"
api DELETE "/api/peering/autonomous-systems/$second/"
get "$s/?autonomous_system_id=AS64501"
has "the list is filtered by a name that was typed" "192.0.2.77"
get "$s/?autonomous_system_id=AS64500"
has_not "and by another" "192.0.2.77"
get "$s/$session/changelog/"
has "the change log has it" "Created"
get /core/changelog/
has "so has the one of all" "192.0.2.77"
get "/search/?q=192.0.2.77"
has "the search finds it" "$s/$session/"
get "/search/?q=AS64501"
has "the search finds AS numbers" "/autonomous-systems/$peer/"

# ---- mistakes stand beside their fields and nothing is saved ----
before=$(sql "SELECT count(*) FROM internet_exchange_peering_session")
post $s/add/ -d ixp_connection= -d autonomous_system=Nobody -d ip_address=nonsense -d status=enabled -d multihop_ttl=900 --data-urlencode 'local_context_data={"a":'
same "a wrong form comes back" 400 "$status"
has "a missing field" "This field is required."
has "an unknown peer" "There is no autonomous system"
has "a bad address" "does not appear to be an IPv4 or IPv6"
has "a number out of range" "less than or equal to 255"
has "bad JSON" "This is not JSON"
has "what was typed is still there" 'value="nonsense"'
post $s/add/ -d ixp_connection=$connection -d autonomous_system=AS64501 -d ip_address=192.0.2.77 -d status=enabled -d multihop_ttl=1
same "the same session twice is refused" 400 "$status"
same "nothing was saved" "$before" "$(sql "SELECT count(*) FROM internet_exchange_peering_session")"

# ---- editing, several at once, deleting ----
post "$s/$session/edit/" -d ixp_connection=$connection -d autonomous_system=AS64501 -d ip_address=192.0.2.78 -d status=disabled -d multihop_ttl=1 -d password= -d password.keep=1
same "editing" 302 "$status"
same "is saved" "192.0.2.78 disabled" "$(sql "SELECT host(ip_address) || ' ' || status FROM internet_exchange_peering_session WHERE id = $session")"
same "an untouched password is kept" t "$(sql "SELECT password <> '' FROM internet_exchange_peering_session WHERE id = $session")"
sql "INSERT INTO internet_exchange_peering_session (autonomous_system_id, ixp_connection_id, ip_address)
	SELECT $peer, $connection, ('192.0.2.' || n)::inet FROM generate_series(100, 160) n" > /dev/null
post $s/edit/ -d pk=$session -d pk=$((session + 1))
same "the bulk form" 200 "$status"
has "names what it is about" "What to change"
has "tags can be set to none as well" 'name="_nullify" value="tags"'
post $s/edit/ -d pk="$session" -d status=maintenance -d _apply=1
same "the bulk change" 302 "$status"
same "is saved too" maintenance "$(sql "SELECT status FROM internet_exchange_peering_session WHERE id = $session")"
api PATCH "/api/peering/internet-exchange-peering-sessions/$session/" '{"tags": [{"name": "first tag"}]}'
post $s/edit/ -d pk="$session" -d _nullify=tags -d _apply=1
same "which takes them away" "302 0" "$status $(sql "SELECT count(*) FROM tagged_item WHERE object_id = $session AND object_type_id = 74")"
get "$(header Location | sed 's,^http://[^/]*,,')"
has "the message leads to the change" "Look at the changes or undo them"
way=$(grep -o 'class="alert-link" href="[^"]*"' "$page" | cut -d'"' -f4)
get "$way"
has "which offers to undo it" "${way}undo/"
post "${way}undo/"
same "and it is undone" 1 "$(sql "SELECT count(*) FROM tagged_item WHERE object_id = $session AND object_type_id = 74")"
post $s/edit/ -d _all=1 --data-urlencode "query=status=enabled" -d status=disabled -d _apply=1
same "all that a query finds" 0 "$(sql "SELECT count(*) FROM internet_exchange_peering_session WHERE status = 'enabled'")"
get "/autonomous-systems/$peer/delete/"
has "deleting tells what goes along" "internet exchange peering sessions"
post $s/delete/ -d pk=$session
has "several are deleted after a question" "Delete 1"
post $s/delete/ -d pk="$session" -d _confirm=1
same "then they are gone" 0 "$(sql "SELECT count(*) FROM internet_exchange_peering_session WHERE id = $session")"
get "$s/$session/"
same "and so is the page" 404 "$status"
has "with the request's id" "Request <code>"

# ---- columns, preferences, tokens ----
post /autonomous-systems/columns/ -d column=name -d column=irr_as_set
get /autonomous-systems/
has_not "columns are kept" '<a href="?sort=asn">'
post /user/preferences/ -d per_page=50 -d context_as=0
same "the page size is kept" 50 "$(sql "SELECT data #>> '{pagination,per_page}' FROM user_preference")"
get $s/
has "and used" "1–50 of"
post /user/api-tokens/add/ -d description=by-hand -d write_enabled=true
key=$(grep -o 'id="key">[0-9a-f]*' "$page" | cut -d'>' -f2)
same "a new token's key is shown" 40 ${#key}
same "and opens the API" 200 "$(curl -s -o /dev/null -w '%{http_code}' -H "Authorization: Token $key" "$url/api/bgp/communities/")"
get /user/api-tokens/
has_not "but only once" "$key"

# ---- every kind of page answers, and holds no script, style or handler of its own ----
for p in / /autonomous-systems/ "/autonomous-systems/$peer/" "/autonomous-systems/$peer/edit/" "/autonomous-systems/$peer/journal/" \
	"/autonomous-systems/$peer/config-context/" "/autonomous-systems/$peer/ix-peering-sessions/" "/internet-exchanges/$ix/" \
	"/internet-exchanges/$ix/connections/" "/internet-exchanges/$ix/peering-sessions/" "/devices/routers/$router/" \
	"/devices/routers/$router/configuration/" "/devices/routers/$router/jobs/" /devices/platforms/ /extras/tags/ /extras/webhooks/add/ \
	/users/permissions/add/ /core/jobs/ /core/schedules/ /user/profile/ /user/preferences/ /user/password/ /user/api-tokens/add/ "/search/?q=own"; do
	get "$p"
	same "$p" 200 "$status"
	if grep -qE '<[^>]* (style|on[a-z]+)=|<script>|javascript:' "$page"; then fail "$p has inline script or style"; else pass; fi
	for i in $(grep -oE '<label[^>]* for="[^"]*"' "$page" | sed 's/.* for="//; s/"$//' | sort -u); do
		grep -qF "id=\"$i\"" "$page" || fail "$p: a label is for $i, which is not there"
	done
done
get "/autonomous-systems/$peer/"
has "comments are Markdown" "<strong>bold</strong>"
has_not "without markup of their own" "<script>alert"
get "/devices/routers/$router/configuration/"
has "the configuration" "hostname edge1.example.net"
get "/devices/routers/$router/configuration/?raw=1"
same "as a file" text/plain "$(header Content-Type | cut -d';' -f1)"
api PATCH "/api/devices/configurations/$template/" '{"template": "one\n{{ nothing.at_all }}\n"}'
get "/devices/routers/$router/configuration/"
has "a template that fails is an error" "There is no configuration"
has "with its line" "line 2"

# ---- what is installed ----
while IFS= read -r f; do
	grep -qF "	${f#"$top/"}" "$top/Makefile.am" || fail "${f#"$top/"} is not in Makefile.am: it would not be installed"
done < <(find "$top/html" -type f)

# ---- networks that could be peered with ----
sql "INSERT INTO peeringdb_organization (id, name) VALUES (1, 'Org');
	INSERT INTO peeringdb_network (id, org_id, asn, name, irr_as_set, info_prefixes4, info_prefixes6) VALUES (1, 1, 64510, 'Candidate Net', 'AS-CAND', 10, 20);
	INSERT INTO peeringdb_internet_exchange (id, org_id, name) VALUES (1, 1, 'Test-IX');
	INSERT INTO peeringdb_ixlan (id, ix_id) VALUES (1, 1);
	INSERT INTO peeringdb_network_ixlan (id, net_id, ixlan_id, asn, ipaddr4, ipaddr6, speed) VALUES (1, 1, 1, 64510, '192.0.2.200', '2001:db8::200', 10000);
	UPDATE internet_exchange SET peeringdb_ixlan_id = 1 WHERE id = $ix" > /dev/null || die "no PeeringDB rows"
get "/internet-exchanges/$ix/peers/"
has "a network at the exchange is offered" "Candidate Net"
get /peeringdb/available-ixp-peers/
has "also among all exchanges" "192.0.2.200"
post $s/add_from_peeringdb/ -d pk=1 -d internet_exchange_id=$ix -d status=requested
same "both its sessions are made" 2 "$(sql "SELECT count(*) FROM internet_exchange_peering_session WHERE asn = 64510 AND status = 'requested'")"
same "with its autonomous system" "AS-CAND 20 10" "$(sql "SELECT irr_as_set || ' ' || ipv6_max_prefixes || ' ' || ipv4_max_prefixes FROM autonomous_system WHERE asn = 64510")"
get "/internet-exchanges/$ix/peers/"
has_not "then it is no longer offered" "Candidate Net"

# ---- a list costs a fixed number of statements ----
lines() { grep -cF "GET $s/ 200" "$work/handlers.log"; }
one_more() { [ "$(lines)" -gt "$n" ]; }
statements() { # PATH: how many it took, once the log has it
	n=$(lines)
	get "$1"
	until_true 5 one_more
	grep -F "GET $s/ 200" "$work/handlers.log" | tail -1 | grep -oE 'statements=[0-9]+'
}
few=$(statements "$s/?per_page=5")
many=$(statements "$s/?per_page=50")
same "5 rows cost as many statements as 50" "$few" "$many"

# ---- who may only look sees no buttons ----
sign_in reader "$password"
get /autonomous-systems/
same "the reader's list" 200 "$status"
has_not "has no way to add" "/autonomous-systems/add/"
has_not "and the menu shows no routers" "/devices/routers/"
get /autonomous-systems/add/
same "nor is it open" 403 "$status"
post /autonomous-systems/add/ -d asn=64999 -d name=x
same "not even to a form" 403 "$status"

# ---- in a browser: a second nginx carries the session ----
sign_in admin "$password"
if command -v chromium > /dev/null; then
	port2=$(free_port)
	cookie="sessionid=$(awk '$6 == "sessionid" { print $7 }' "$jar"); csrftoken=$(csrf)"
	sed -e "s|access_log off;|access_log off; include /etc/nginx/mime.types;|" -e "s|listen 127.0.0.1:[0-9]*;|listen 127.0.0.1:$port2; fastcgi_param HTTP_COOKIE \"$cookie\";|" -e "s|$work/nginx.pid|$work/nginx2.pid|" "$work/nginx.conf" > "$work/nginx2.conf"
	/usr/sbin/nginx -e "$work/nginx2.log" -p "$work" -c "$work/nginx2.conf" &
	pids+=($!)
	browser=http://127.0.0.1:$port2
	until_true 10 curl -s -o /dev/null "$browser/api/"
	chrome() { HOME=$work timeout 60 chromium --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --user-data-dir="$work/chrome" --enable-logging=stderr \
		--virtual-time-budget=3000 "$@" 2> "$work/chrome.log"; }
	chrome --dump-dom "$browser$s/" > "$page"
	has "the browser has the list" "Internet Exchange Peering Sessions"
	has "signed in" ">admin<"
	has "the script set light or dark" "data-bs-theme="
	if grep -qE "CONSOLE.*(Refused|Error|violates)" "$work/chrome.log"; then fail "the browser complains"; grep CONSOLE "$work/chrome.log" | head -5; else pass; fi
	api PATCH "/api/devices/configurations/$template/" '{"template": "hostname x\n"}'
	chrome --dump-dom "$browser/devices/routers/$router/configuration/" > "$page"
	has "lines are numbered" 'data-n="1"'
	for theme in dark light; do
		post /user/preferences/ -d theme=$theme -d zone=Asia/Tokyo
		chrome --dump-dom "$browser/autonomous-systems/?q=one" > "$page"
		has "the user's theme is the browser's: $theme" "data-bs-theme=\"$theme\""
	done
	has "and so is the time zone" "Times are Asia/Tokyo"
	has "a filtered list offers to save its query" 'id="saved-name"'
	post /autonomous-systems/filters/ -d name=Ones --data-urlencode query=q=one
	chrome --dump-dom "$browser/autonomous-systems/?filter=ones" > "$page"
	has "the saved filter is in force" "without it"
	has "and finds what it found" "Peer &lt;b&gt;One&lt;/b&gt;"
	chrome --dump-dom "$browser/users/permissions/add/?object_types=extras.tag" > "$page"
	has "the editor of predicates offers the filters of the type" '<option value="slug">'
	post /user/preferences/ -d theme= -d zone=UTC
	for size in 1280,800 390,844; do
		chrome --window-size=$size --screenshot="$work/shot.png" "$browser/" > /dev/null
		holds "a picture at $size" test "$(stat -c %s "$work/shot.png")" -gt 15000
	done

	# ---- what is typed: keys come from chromedriver ----
	driver=http://127.0.0.1:$(free_port)/session
	HOME=$work chromedriver --port="$(grep -o '[0-9]*/session' <<< "$driver" | cut -d/ -f1)" > "$work/driver.log" 2>&1 &
	pids+=($!)
	until_true 10 curl -s -o /dev/null "${driver%/session}/status"
	tell() { curl -s -m 30 -H 'Content-Type: application/json' -d "$2" "$driver$1" | jq -r '.value | if type == "object" then .sessionId // .message else . end'; }
	keys() { # KEY...: one after the other
		local k list=
		for k; do list="$list,{\"type\":\"keyDown\",\"value\":\"$k\"},{\"type\":\"keyUp\",\"value\":\"$k\"}"; done
		tell "/$tab/actions" "{\"actions\":[{\"type\":\"key\",\"id\":\"k\",\"actions\":[${list#,}]}]}" > /dev/null
	}
	sees() { tell "/$tab/execute/sync" "{\"script\":\"return $1\",\"args\":[]}"; }
	is() { [ "$(sees "$1")" = "$2" ]; }
	tab=$(tell "" '{"capabilities":{"alwaysMatch":{"goog:chromeOptions":{"args":["--headless=new","--no-sandbox","--disable-gpu","--disable-dev-shm-usage","--window-size=1280,800"]}}}}')
	tell "/$tab/url" "{\"url\":\"$browser/autonomous-systems/\"}" > /dev/null
	keys /
	same "a slash goes to the search" search "$(sees document.activeElement.id)"
	keys 6 4 5 0 1
	holds "what is found so far is shown" until_true 10 is "!document.getElementById('search-found').hidden" true
	same "by type" "Autonomous Systems" "$(sees "document.querySelector('.found [role=group]').getAttribute('aria-label')")"
	same "with the word marked" 64501 "$(sees "document.querySelector('.found mark').textContent")"
	keys \\uE00C
	same "Escape closes it" true "$(sees "document.getElementById('search-found').hidden")"
	keys \\uE003 1
	holds "more letters open it again" until_true 10 is "!document.getElementById('search-found').hidden" true
	keys \\uE015
	same "an arrow chooses the first" "$(sees "document.querySelector('.found a').id")" "$(sees "document.getElementById('search').getAttribute('aria-activedescendant')")"
	keys \\uE007
	holds "and Enter goes there" until_true 10 is location.pathname "/autonomous-systems/$peer/"

	# ---- from an exchange's page to sessions with everyone who is there, in four clicks ----
	sql "INSERT INTO peeringdb_network (id, org_id, asn, name) VALUES (2, 1, 64511, 'Second Net'), (3, 1, 64512, 'Third Net');
		INSERT INTO peeringdb_network_ixlan (id, net_id, ixlan_id, asn, ipaddr4, ipaddr6, speed) VALUES
		(2, 2, 1, 64511, '192.0.2.201', '2001:db8::201', 10000), (3, 3, 1, 64512, '192.0.2.202', NULL, 10000)" > /dev/null
	click() { # CSS: what a person clicks
		local e
		e=$(curl -s -m 30 -H 'Content-Type: application/json' -d "$(jq -n --arg c "$1" '{using: "css selector", value: $c}')" "$driver/$tab/element" | jq -r '.value | to_entries[0].value')
		same "a click on $1" null "$(tell "/$tab/element/$e/click" '{}')"
	}
	tell "/$tab/url" "{\"url\":\"$browser/internet-exchanges/$ix/\"}" > /dev/null
	click ".nav-tabs a[href\$='/peers/']"
	holds "1: the candidates" until_true 10 is "document.querySelectorAll('td.tick input').length" 2
	click "[data-tick-all]"
	same "2: all of them ticked" 2 "$(sees "document.querySelectorAll('td.tick input:checked').length")"
	click "button[name=_review]"
	holds "3: the sessions, to be looked at" until_true 10 is "document.querySelectorAll('td.tick input:checked').length" 3
	click "[data-tick-all]"
	same "all can be left out" 0 "$(sees "document.querySelectorAll('td.tick input:checked').length")"
	click "[data-tick-all]"
	click "form[data-list] .under button"
	holds "4: nobody is left to peer with" until_true 10 is "document.querySelectorAll('td.empty').length" 1
	same "the sessions are there, as requested" 3 "$(sql "SELECT count(*) FROM internet_exchange_peering_session WHERE asn IN (64511, 64512) AND status = 'requested'")"
	curl -s -m 10 -X DELETE "$driver/$tab" > /dev/null
else
	echo "chromium is not here: the browser's part is left out"
fi
