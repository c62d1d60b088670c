#!/bin/bash
# What people make of lists: saved filters, columns, preferences, changing many at once and taking it back; by page and by API.
. "$(dirname "$0")/../lib.sh"
start_postgres
start_redis
start_handlers 1
start_nginx
admin=$(user admin true true)
bob=$(user bob) eve=$(user eve)
grant "$bob" view,change,add,delete "" extras.tag
grant "$bob" view "" devices.router peering.autonomoussystem core.objectchange
grant "$eve" view "" extras.tag
for p in admin bob eve; do
	sql "INSERT INTO auth_session (id_hash, user_id, expires, csrf) SELECT sha256('session-$p'), id, now() + interval '1 day', repeat('c', 64) FROM auth_user WHERE username = '$p'"
done
csrf=cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc
# web WHO PATH [curl options ...]; post the same with the session's secret: $status, $body, $location
web() {
	local p=$1 path=$2
	shift 2
	status=$(curl -s -H "Cookie: sessionid=session-$p; csrftoken=$csrf" -o "$work/body" -D "$work/headers" -w '%{http_code}' "$@" "$url$path")
	body=$(tr -d '\0' < "$work/body")
	location=$(header Location)
}
post() { local p=$1 path=$2; shift 2; web "$p" "$path" -d "csrfmiddlewaretoken=$csrf" "$@"; }
has() { holds "$1" grep -qF -- "$2" "$work/body"; }
has_not() { if grep -qF -- "$2" "$work/body"; then fail "$1"; else pass; fi; }
slugs() { api GET "$1"; j '[.results[].slug] | sort | join(" ")'; }

# ---- saved filters ----
api POST /api/extras/tags/ '[{"name":"core","slug":"core"},{"name":"edge","slug":"edge","description":"at the side"},{"name":"other","slug":"other","description":"at the side"}]'
F=/api/extras/saved-filters/ T=/api/extras/tags/
web bob "/extras/tags/?description__ic=side"
has "a filtered list offers to save its query" 'action="/extras/tags/filters/"'
has_not "for oneself, where one has no right to share" 'name="shared"'
web bob /extras/tags/
has_not "one that is not filtered has nothing to save" 'action="/extras/tags/filters/"'
post bob /extras/tags/filters/ -d name="At the side" --data-urlencode "query=description__ic=side&sort=-name&page=3&per_page=20"
want "saved" 302
same "and applied" "/extras/tags/?filter=at-the-side" "${location#"$url"}"
same "as the filters, not as the order and the page" '{"description__ic": "side"}' "$(sql "SELECT parameters FROM saved_filter")"
same "it is his, and his alone" "bob f t 100" "$(sql "SELECT u.username, f.shared, f.enabled, f.weight FROM saved_filter f JOIN auth_user u ON u.id = f.user_id" | tr '|' ' ')"
same "the change log has it" "bob create" "$(sql "SELECT user_name, action FROM object_change ORDER BY id DESC LIMIT 1" | tr '|' ' ')"
web bob "/extras/tags/?filter=at-the-side"
has "the page applies it" 'Tick other'
has_not "to all rows" 'Tick core'
has "and says so" 'tone-primary"><i class="i i-filter"></i>At the side'
has "links keep it" 'filter=at-the-side&amp;sort='
has "so does the form of further filters" '<input type="hidden" name="filter" value="at-the-side">'
who=bob
same "the API applies it" "edge other" "$(slugs "$T?filter=at-the-side")"
same "with other filters" "other" "$(slugs "$T?filter=at-the-side&slug=other")"
same "by its number" "edge other" "$(slugs "$T?filter_id=1")"
api GET "$T?filter=no-such"
want "one that there is not is refused" 400 '{"filter":["Select a valid choice. no-such is not one of the available choices."]}'
api GET "/api/peering/autonomous-systems/?filter=at-the-side"
want "so is one of another list" 400
web bob "/extras/tags/?filter=no-such"
has "on a page it selects nothing" "Nothing matches"
who=eve
api GET "$T?filter=at-the-side"
want "another's is not there" 400
same "nor in the list of them" "" "$(slugs $F)"
api GET ${F}1/
want "nor by its number" 404
api PATCH ${F}1/ '{"name":"x"}'
want "nor to be changed" 404
web eve /extras/tags/
has_not "nor in the menu" "At the side"
who=bob
api POST $F '{"name":"x","slug":"x","object_types":["extras.tag"],"parameters":{"description__ic":"side"},"shared":true}'
want "sharing wants a right" 403
api PATCH ${F}1/ '{"shared":true}'
want "afterwards as well" 403
api POST $F '{"name":"x","slug":"x","object_types":["extras.tag"],"parameters":{"colour":"red"}}'
same "what is no filter is refused with its name" '"colour" is no filter of the list of tags' "$(j '.parameters[0] | split(".")[0]')"
api POST $F '{"name":"x","slug":"x","object_types":["extras.tag"],"parameters":[{"slug":"core"}]}'
want "a list is no query" 400
api POST $F '{"name":"x","slug":"x","object_types":["extras.tag"],"parameters":{"filter":"at-the-side"}}'
want "nor does one ask for another" 400
api POST $F "{\"name\":\"mine\",\"slug\":\"mine\",\"user\":$eve,\"object_types\":[\"extras.tag\"],\"parameters\":{\"slug\":[\"core\",\"edge\"]}}"
same "nobody makes one for somebody else" "201 bob" "$status $(j .user.username)"
same "a list of values is any of them" "core edge" "$(slugs "$T?filter=mine")"
same "two filters are both" "edge" "$(slugs "$T?filter=mine&filter=at-the-side")"
who=admin
api PATCH ${F}1/ '{"shared":true,"weight":5}'
want "who may shares it" 200
who=eve
same "then it is everybody's" "edge other" "$(slugs "$T?filter=at-the-side")"
same "and in their list" "at-the-side" "$(slugs $F)"
web eve /extras/tags/
has "and menu" '?filter=at-the-side'
who=bob
api DELETE ${F}1/
want "who made it may no longer remove it" 404
post bob /extras/tags/filters/ -d name="At the side" --data-urlencode "query=slug=core"
same "another of that name has a slug of its own" "/extras/tags/?filter=at-the-side-2" "${location#"$url"}"
post bob /extras/tags/filters/ -d name="mine" --data-urlencode "query=filter=at-the-side&slug=edge"
same "saved under the name of one's own it is written anew, with what the applied one asked for" '{"slug": "edge", "description__ic": "side"}' \
	"$(sql "SELECT parameters FROM saved_filter WHERE slug = 'mine'")"
who=admin
api PATCH ${F}1/ '{"enabled":false}'
who=eve api GET "$T?filter=at-the-side"
want "turned off it cannot be applied" 400
api DELETE /api/users/users/$eve/
who=admin
same "statements do not depend on how many rows it selects" 0 "$(sql "SELECT count(*) FROM saved_filter f WHERE f.user_id = $eve")"

# ---- many at once: what was ticked, all that match over several pages, set to none, and back ----
sql "INSERT INTO tag (name, slug, description) SELECT 'many ' || n, 'many-' || n, 'before' FROM generate_series(1, 75) n" > /dev/null
web bob "/extras/tags/?slug__isw=many-"
has "a list of several pages offers all that match" '<input class="form-check-input" type="checkbox" name="_all" value="1"> All 75'
post bob /extras/tags/edit/ -d _all=1 --data-urlencode "query=slug__isw=many-"
want "the form" 200
has "for all of them" "Change 75"
has "carries the query" 'name="query" value="slug__isw=many-"'
has "and can empty a field" 'name="_nullify" value="description"'
post bob /extras/tags/edit/ -d _all=1 --data-urlencode "query=slug__isw=many-" -d color=ff0000 -d _nullify=description -d _apply=1
want "changed" 302
same "beyond the first page, and nothing else" "75 75 0" "$(sql "SELECT count(*) FILTER (WHERE color = 'ff0000'), count(*) FILTER (WHERE color = 'ff0000' AND description = ''),
	count(*) FILTER (WHERE color = 'ff0000' AND slug NOT LIKE 'many-%') FROM tag" | tr '|' ' ')"
same "one request, a change each" "1 75" "$(sql "SELECT count(DISTINCT request_id), count(*) FROM object_change WHERE postchange_data->>'color' = 'ff0000' AND action = 'update'" | tr '|' ' ')"
change=$(sql "SELECT max(id) FROM object_change")
web admin "/core/changelog/$change/"
has "the change's page offers to take all of it back" "/core/changelog/$change/undo/"
has "and to put the one back" "?change=$change"
post admin "/core/changelog/$change/undo/"
want "taken back" 302
same "all 75 are as they were" "75 0" "$(sql "SELECT count(*) FILTER (WHERE description = 'before'), count(*) FILTER (WHERE color = 'ff0000') FROM tag" | tr '|' ' ')"
web admin "/core/changelog/$change/"
post admin "/core/changelog/$change/undo/"
same "once" 75 "$(sql "SELECT count(*) FROM tag WHERE description = 'before'")"
post bob /extras/tags/edit/ -d _all=1 -d query= --data-urlencode color=nonsense -d _apply=1
want "a wrong value changes none" 400
same "not one" 0 "$(sql "SELECT count(*) FROM tag WHERE color LIKE 'nons%'")"
post bob /extras/tags/delete/ -d _all=1 --data-urlencode "query=filter=at-the-side-2"
has "a saved filter is a query too" "Delete 1"
post bob /extras/tags/delete/ -d _all=1 --data-urlencode "query=slug__isw=many-" -d _confirm=1
same "all that match are deleted" 0 "$(sql "SELECT count(*) FROM tag WHERE slug LIKE 'many-%'")"
change=$(sql "SELECT max(id) FROM object_change")
api POST "/api/core/object-changes/$change/undo/"
same "and come back" "200 75 75" "$status $(j .undone) $(sql "SELECT count(*) FROM tag WHERE slug LIKE 'many-%'")"
api PATCH $T "$(sql "SELECT json_agg(json_build_object('id', id, 'description', NULL)) FROM tag WHERE slug LIKE 'many-1%'")"
same "null is no text" 400 "$status"
api PATCH $T "$(sql "SELECT json_agg(json_build_object('id', id, 'description', '')) FROM tag WHERE slug LIKE 'many-1%'")"
same "the API empties many too" "200 11" "$status $(sql "SELECT count(*) FROM tag WHERE slug LIKE 'many-%' AND description = ''")"

# ---- columns ----
post bob /extras/tags/columns/ -d column=slug -d column=name -d column=nonsense
want "columns" 302
same "are kept in the order of the table, and none that there is not" '["slug", "name"]' "$(sql "SELECT data #> '{tables,TagTable,columns}' FROM user_preference WHERE user_id = $bob")"
web bob /extras/tags/
has "and shown" '?sort=slug'
has_not "no others" '>Color'
web eve /extras/tags/ || true
web admin /extras/tags/
has "others see theirs" '>Color'
who=bob api PATCH /api/users/userpref/ '{"tables":{"TagTable":{"columns":["color"]}}}'
web bob /extras/tags/
has "the API keeps them as well" '>Color'
has_not "alone" '?sort=slug'
post bob /extras/tags/columns/ -d reset=1
web bob /extras/tags/
has "and back" '>Items'

# ---- preferences ----
P=/user/preferences/
sql "UPDATE auth_user SET date_joined = '2026-07-01T22:30:00Z' WHERE id = $bob" > /dev/null
web bob /user/profile/
has "times are UTC" "2026-07-01 22:30"
post bob $P -d per_page=25 -d theme=dark -d zone=Europe/Berlin -d form=dmy -d context_as=0
want "preferences" 302
same "are kept" '{"time": {"form": "dmy", "zone": "Europe/Berlin"}, "theme": "dark", "pagination": {"per_page": 25}}' \
	"$(sql "SELECT data - 'tables' - 'context' FROM user_preference WHERE user_id = $bob")"
web bob /user/profile/
has "a time is the zone's, of the next day, in the chosen form" "02.07.2026 00:30"
has "which the page names" "Times are Europe/Berlin"
has "the theme stands in the page" 'data-theme="dark"'
web bob /extras/tags/
has "a page has so many rows" "1–25 of"
web bob "/extras/tags/?per_page=20"
has "unless the address says" "1–20 of"
web admin /user/profile/
has "nobody else's change" "Times are UTC"
web bob $P
has "the form shows them" 'value="Europe/Berlin" list="zones"'
has "the theme too" '<option value="dark" selected>'
for bad in zone=Europe/Nowhere zone=../../etc/passwd zone=/etc/passwd theme=pink form=backwards per_page=0 per_page=999999; do
	post bob $P -d "$bad"
	want "$bad is refused" 400
done
has "beside its field" 'role="alert">'
same "and nothing is kept of it" '{"form": "dmy", "zone": "Europe/Berlin"}' "$(sql "SELECT data -> 'time' FROM user_preference WHERE user_id = $bob")"
for form in "words|2 Jul 2026 00:30" "mdy|07/02/2026 00:30" "dmys|02/07/2026 00:30" "iso|2026-07-02 00:30"; do
	post bob $P -d form="${form%|*}"
	web bob /user/profile/
	has "dates as ${form%|*}" "${form#*|}"
done
who=bob
api PATCH /api/users/userpref/ '{"theme":"light","time":{"zone":"America/New_York"}}'
same "the API keeps them too" "200 light" "$status $(j .theme)"
web bob /user/profile/
has "in force at once" "2026-07-01 18:30"
post bob /user/api-tokens/add/ -d description=zoned -d expires=2027-01-15T12:00
same "a time that is typed is the zone's" "2027-01-15 17:00" "$(sql "SELECT to_char(expires AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') FROM auth_token WHERE description = 'zoned'")"
api GET /api/users/users/$bob/
who=admin api GET /api/users/users/$bob/
same "the API speaks UTC" "2026-07-01T22:30:00Z" "$(j .date_joined)"
api PATCH /api/users/userpref/ '[]'
want "preferences are an object" 400
who=admin
api POST /api/peering/autonomous-systems/ '[{"asn":64500,"name":"Us","affiliated":true},{"asn":64501,"name":"Also us","affiliated":true}]'
post admin $P -d context_as=2
web admin /devices/routers/add/
has "the own AS is what forms propose" '<option value="2" selected>'
same "no error in the log" "" "$(grep ' error ' "$work/handlers.log" | head -5)"
