#!/bin/bash
# Answers that are given again: only while nothing has changed, and only to who may have them.
. "$(dirname "$0")/../lib.sh"
start_postgres
start_handlers 1
start_nginx
user admin true true > /dev/null
reader=$(user reader)
grant "$reader" view
AS=/api/peering/autonomous-systems/
api POST $AS '[{"asn": 64501, "name": "One"}, {"asn": 64502, "name": "Two"}]'
want "two systems" 201

# spent: what the request asked of the database
spent() { api GET "$1"; sed -n '$s/.*statements=\([0-9]*\).*/\1/p' "$work/handlers.log"; }
again() { for _ in 1 2 3; do api GET "$1"; done; first=$body; }

for path in "$AS" "${AS}1/" "${AS}?asn=64501&fields=id,name" "${AS}?limit=1&offset=1" "${AS}1/?brief=1"; do
	again "$path"
	same "$path: who asks and the moment, nothing else" 2 "$(spent "$path")"
	api GET "$path"
	same "$path: the same answer" "$first" "$body"
	sql "UPDATE autonomous_system SET name = name || '+', comments = 'y'" > /dev/null
	api GET "$path"
	if [ "$first" = "$body" ]; then fail "$path: the change is not seen"; else pass; fi
	sql "UPDATE autonomous_system SET name = rtrim(name, '+')" > /dev/null
done

# ---- an open transaction makes no new moment, its end does ----
again "${AS}1/"
coproc psql -X -qAt -h "$work" -U peerage -d peerage
echo "BEGIN; UPDATE peerage.autonomous_system SET name = 'Open' WHERE id = 1; SELECT 'there';" >&"${COPROC[1]}"
read -r _ <&"${COPROC[0]}"
api GET "${AS}1/"
same "what is not committed is not seen" One "$(j .name)"
echo "COMMIT; SELECT 'done';" >&"${COPROC[1]}"
read -r _ <&"${COPROC[0]}"
api GET "${AS}1/"
same "what is committed is" Open "$(j .name)"

echo '\q' >&"${COPROC[1]}"

# ---- ETag ----
again "${AS}2/"
etag=$(header ETag)
holds "a revision" test -n "$etag"
api GET "${AS}2/" '' -H "If-None-Match: $etag"
want "who has it gets nothing" 304 ''
api GET "${AS}2/" '' -H 'If-None-Match: "x"'
want "another does" 200

again "$AS?export=json"
holds "a file stays one" test -n "$(header Content-Disposition)"

# ---- who ----
again "$AS"
who=reader
again "$AS"
want "a reader reads" 200
sql "DELETE FROM auth_permission" > /dev/null
api GET "$AS"
want "and no longer" 403
who=admin
again "$AS"
sql "UPDATE auth_user SET is_active = false WHERE username = 'admin'" > /dev/null
api GET "$AS"
want "who was switched off" 403
sql "UPDATE auth_user SET is_active = true WHERE username = 'admin'; UPDATE auth_token SET expires = now() + interval '1 second'" > /dev/null
again "$AS"
want "a token's last second" 200
until_true 5 eval 'api GET "$AS"; [ "$status" = 403 ]'
want "and its end" 403
