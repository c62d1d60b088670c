#!/bin/bash
# Files in and out: the book exported and applied to another, tables imported, what is broken refused with its place, over command,
# API and page.
. "$(dirname "$0")/lib.sh"
peerage=$build/peerage
start_postgres

# says NAME STATUS TEXT COMMAND...: the exit status, and a text in what it prints
says() {
	local name=$1 status=$2 text=$3 out got
	shift 3
	out=$("$peerage" "$@" 2>&1 < /dev/null)
	got=$?
	[ "$got" = "$status" ] && case $out in *"$text"*) pass; return ;; esac
	fail "$name: status $got, wanted $status; $(printf '%.600s' "$out")"
}
count() { sql "SELECT count(*) FROM peerage.$1"; }
f=$work/in

cat > "$f.yaml" <<'Y'
peerage: 1
tag:
  - {name: Core, slug: core, color: aa1409}
autonomous-system:
  - asn: 64500
    name: Ours
    affiliated: true
  - asn: 64501
    name: "Norway: no"
    tags: [{slug: core}]
internet-exchange:
  - name: IX One
    slug: ix1
    local_autonomous_system: {asn: 64500}
router:
  - name: r1
    hostname: r1.example.net
    platform: {slug: juniper-junos}
    local_autonomous_system: {asn: 64500}
connection:
  - internet_exchange_point: {slug: ix1}
    router: {name: r1}
    ipv4_address: 192.0.2.1/24
    ipv6_address: "2001:db8::1/64"
ix-peering-session:
  - autonomous_system: {asn: 64501}
    ixp_connection: {internet_exchange_point: {slug: ix1}, ipv4_address: 192.0.2.1/24}
    ip_address: 192.0.2.2
    password: hush-hush
Y
says "a dry run tells what it would do" 10 "Would be: 7 to create" apply "$f.yaml" --dry-run
same "and writes nothing" 0 "$(count autonomous_system)"
says "a book is applied" 0 "+ autonomous-system: AS64500 - Ours" apply "$f.yaml"
same "with its tags" 1 "$(count tagged_item)"
same "each with its change" 7 "$(sql "SELECT count(*) FROM peerage.object_change WHERE action = 'create'")"
same "in one request" 1 "$(sql "SELECT count(DISTINCT request_id) FROM peerage.object_change")"
same "each of those that have events with its event" 6 "$(sql "SELECT count(*) FROM peerage.event")"
same "and found by search" 1 "$(sql "SELECT count(*) FROM peerage.search_entry WHERE field = 'asn' AND value = '64501'")"
says "a second time there is nothing to do" 0 "Nothing to do: 7 objects" apply "$f.yaml"
sed -i 's/name: Ours/name: Others/' "$f.yaml"
says "a change is shown with both values" 10 'name: "Ours" -> "Others"' apply "$f.yaml" --dry-run
says "and made" 0 "1 to change" apply "$f.yaml"
same "as an update" '"Ours"|"Others"' "$(sql "SELECT prechange_data->'name', postchange_data->'name' FROM peerage.object_change WHERE action = 'update'")"

# ---- out and in again ----
"$peerage" export > "$work/book.yaml"
"$peerage" export --format json > "$work/book.json"
holds "the export is JSON" jq -e '.peerage == 1' "$work/book.json"
same "references go by what names them" '{"asn":64501}' "$(jq -c '.["ix-peering-session"][0].autonomous_system' "$work/book.json")"
same "no secrets in it" 0 "$(grep -c hush-hush "$work/book.yaml")"
same "but when asked for" 1 "$("$peerage" export --secrets | grep -c hush-hush)"
same "no users in it" 0 "$(grep -c '^user' "$work/book.yaml")"
says "what was exported changes nothing" 0 "Nothing to do" apply "$work/book.yaml"
says "nor as JSON" 0 "Nothing to do" apply "$work/book.json"
sql "SET client_min_messages = warning; TRUNCATE peerage.internet_exchange_peering_session, peerage.connection, peerage.internet_exchange, peerage.router, peerage.autonomous_system, peerage.tag CASCADE" > /dev/null
says "an empty book becomes the same" 0 "create" apply "$work/book.yaml"
"$peerage" export > "$work/again.yaml"
holds "to the letter" cmp "$work/book.yaml" "$work/again.yaml"

# ---- prune ----
printf 'autonomous-system:\n  - {asn: 64500, name: Others}\n' > "$f.yaml"
says "what is left out is deleted only when asked" 0 "Nothing to do" apply "$f.yaml"
says "prune says what goes" 10 "- autonomous-system: AS64501" apply "$f.yaml" --prune --dry-run
says "prune deletes" 0 "1 to delete" apply "$f.yaml" --prune
same "and its sessions with it" "1|0" "$(count autonomous_system)|$(count internet_exchange_peering_session)"

printf 'tag: []\n' > "$f.yaml"
says "an empty list is none of that kind" 10 "- tag: Core" apply "$f.yaml" --prune --dry-run
printf 'relationship: []\n' > "$f.yaml"
says "and of no other kind" 0 "Nothing to do" apply "$f.yaml" --dry-run

# ---- tables ----
printf '\xef\xbb\xbfasn,name,comments,tags\r\n64502,"Two, and a half","line one\nline two",core\r\n"64503","Say ""three""",,\r\n' | sed 's/\\n/\n/' > "$f.csv"
says "a table, with a byte order mark and quotes" 0 "2 to create" import autonomous-system "$f.csv"
same "commas and quotes" 'Two, and a half|Say "three"' "$(sql "SELECT string_agg(name, '|' ORDER BY asn) FROM peerage.autonomous_system WHERE asn > 64501")"
says "again" 0 "Nothing to do" import autonomous-system "$f.csv"
printf 'AS;Holder;Junk\n64504;Four;x\n' > "$f.csv"
says "other headings are refused" 1 'line 1 column 1: "AS" is no field' import autonomous-system "$f.csv"
says "or mapped" 0 "1 to create" import autonomous-system "$f.csv" --map AS=asn,Holder=name,Junk=
printf 'autonomous_system.asn,ixp_connection.internet_exchange_point.slug,ip_address\n64502,ix1,192.0.2.9\nAS64503,ix1,192.0.2.10\n' > "$f.csv"
says "sessions by natural keys" 0 "2 to create" import ix-peering-session "$f.csv"
printf 'autonomous_system.asn,ixp_connection.internet_exchange_point.slug,ip_address\n64502,ix1,192.0.2.11\n1,ix1,192.0.2.12\n64502,ix1,nonsense\n64502,ix1,192.0.2.11\n' > "$f.csv"
says "each that is refused is named" 1 "(line 3)" import ix-peering-session "$f.csv"
says "with its field" 1 "autonomous_system: Related object not found" import ix-peering-session "$f.csv"
says "all of them" 1 "nonsense" import ix-peering-session "$f.csv"
says "twice in one file" 1 "(line 5)" import ix-peering-session "$f.csv"
same "and nothing is written" 2 "$(count internet_exchange_peering_session)"
same "a table comes back" 2 "$("$peerage" export ix-peering-session --format csv | grep -c 'ix1')"
"$peerage" export ix-peering-session --format csv > "$f.csv"
says "and changes nothing" 0 "Nothing to do" import ix-peering-session "$f.csv"

# ---- broken ----
# broken NAME TEXT CONTENT [RESOURCE]
broken() { printf "$3" > "$f.bad"; says "$1" 1 "$2" import "${4:-autonomous-system}" "$f.bad" --format "${5:-csv}"; }
broken "a quote that stays open" "line 2 column 3: the quote that opens here is never closed" 'asn,name\n1,"x\n2,y\n'
broken "a quote within a cell" "line 2 column 4: a quote within a cell" 'asn,name\n1,x"y\n'
broken "text after a quote" "line 2 column 6: text after a closing quote" 'asn,name\n1,"x"y\n'
broken "Latin-1" "line 3 column 4: this is not UTF-8" 'asn,name\n1,x\n2,M\xfcller\n'
broken "too many cells" "line 2 column 5: more cells than the heading" 'asn,name\n1,2,3\n'
broken "too few cells" "line 2 column 2: 1 cells, but the heading has 2" 'asn,name\n1\n'
broken "a column twice" "line 1 column 2" 'asn,asn\n1,2\n'
broken "an empty file" "the table is empty" ''
broken "a NUL byte" "line 2 column 4: a NUL byte" 'asn,name\n1,x\0y\n'
broken "a NUL in JSON" "A NUL in a string" '[{"asn": 1, "name": "a\\u0000b"}]' autonomous-system json
for from in UTF-16LE UTF-16BE; do
	{ printf '\xEF\xBB\xBFasn,name\n1,M\xC3\xBCller\n'; } | iconv -f UTF-8 -t $from > "$f.bad"
	says "$from" 1 "line 1 column 1: this is UTF-16: save it as UTF-8" import autonomous-system "$f.bad"
	says "$from as a book" 1 "this is UTF-16" apply "$f.bad"
	iconv -f $from -t $from "$f.bad" | tail -c +3 > "$f.bare"
	says "$from without its mark" 1 "a NUL byte: is this UTF-16" import autonomous-system "$f.bare" --format csv
done
printf 'AS,asn,name\n1,2,x\n' > "$f.bad"
says "two columns for one field" 1 'line 1 column 2: "asn" is no field of autonomous systems, or it stands twice' import autonomous-system "$f.bad" --map AS=asn
printf -- '- asn: 1\n- asn: 2\n  nope: 3\n' > "$f.bad"
says "a field that is none" 1 'line 2: autonomous system has no field "nope"' import autonomous-system "$f.bad"
printf -- '- asn: 1\n  asn: 2\n' > "$f.bad"
says "a key twice" 1 'line 2 column 3: the key "asn" stands twice' import autonomous-system "$f.bad"
printf -- '- asn: [1\n' > "$f.bad"
says "broken YAML" 1 "this is no YAML" import autonomous-system "$f.bad"
{
	echo 'a: &a [x,x,x,x,x,x,x,x,x,x]'
	p=a; for n in b c d e f g h i j; do echo "$n: &$n [*$p,*$p,*$p,*$p,*$p,*$p,*$p,*$p,*$p,*$p]"; p=$n; done
} > "$f.bad"
says "a bomb of aliases" 1 "aliases (*name) make more than" apply "$f.bad"
printf -- '- !!python/object:os.system {asn: 1}\n- asn: !x 2\n' > "$f.bad"
says "tags of other languages" 1 "no other tag" import autonomous-system "$f.bad"
printf -- '- &a [*a]\n' > "$f.bad"
says "an alias within itself" 1 "" import autonomous-system "$f.bad"
printf '[{"asn": 1,\n "name": "x"},\n {"asn": 2, "nope": 1}]' > "$f.bad"
says "the line of an object of JSON" 1 'line 3: autonomous system has no field "nope"' import autonomous-system "$f.bad"
{ echo asn,name; yes '64512,a network with a long name to fill a large file' | head -c 100000000; } > "$f.bad"
says "a file of 100 MB" 1 "is larger than 64 MB: split it" import autonomous-system "$f.bad"
rm "$f.bad"
printf 'nothing:\n  - {a: 1}\n' > "$f.yaml"
says "a kind that is none" 1 "is no kind of object" apply "$f.yaml"
says "no such file" 1 "No such file" apply "$work/none"

# ---- API and pages ----
start_redis
start_handlers
start_nginx
user admin true true > /dev/null
token=$(token_of admin)
# post NAME TYPE PATH FILE STATUS TEXT
post() {
	local out
	out=$(curl -s -w ' %{http_code}' -H "Authorization: Token $token" -H "Content-Type: $2" --data-binary "@$4" "$url$3")
	case $out in *"$6"*" $5") pass ;; *) fail "$1: $(printf %.400s "$out")" ;; esac
}
printf 'asn,name\n64510,Ten\n64511,Eleven\n' > "$f.csv"
post "a table by the API, tried" text/csv "/api/peering/autonomous-systems/?dry_run=1" "$f.csv" 200 '"created":2'
same "nothing is there" 0 "$(sql "SELECT count(*) FROM peerage.autonomous_system WHERE asn > 64509")"
post "a table by the API" text/csv /api/peering/autonomous-systems/ "$f.csv" 200 '"created":2'
post "again" text/csv /api/peering/autonomous-systems/ "$f.csv" 200 '"unchanged":2'
printf 'asn,name\n64510,Ten\nx,Eleven\n' > "$f.csv"
post "one that is wrong" text/csv /api/peering/autonomous-systems/ "$f.csv" 400 '"line":3'
printf -- '- {asn: 64512, name: Twelve}\n' > "$f.yaml"
post "YAML by the API" application/yaml /api/peering/autonomous-systems/ "$f.yaml" 200 '"created":1'
printf -- '- {asn: 64512, nope: 1}\n' > "$f.yaml"
post "and its mistakes" application/yaml /api/peering/autonomous-systems/ "$f.yaml" 400 'line 1'
for form in csv yaml json; do
	curl -s -H "Authorization: Token $token" "$url/api/peering/autonomous-systems/?asn__gte=64510&export=$form" > "$f.$form"
	same "export as $form" 3 "$(grep -oE 'Ten|Eleven|Twelve' "$f.$form" | wc -l)"
	says "$form comes back" 0 "Nothing to do: 3" import autonomous-system "$f.$form"
done
api GET '/api/peering/autonomous-systems/?export=xml'
same "no such form" 400 "$status"


# ---- the page ----
echo correct-horse-1 | "$peerage" user add demo --superuser --password-stdin > /dev/null
web() { curl -s -b "$work/jar" -c "$work/jar" -w ' %{http_code}' "$@"; }
csrf() { web "$url$1" | grep -o 'csrfmiddlewaretoken" value="[^"]*' | head -1 | sed 's/.*"//'; }
web -o "$work/p" "$url/login/" -d username=demo -d password=correct-horse-1 -d "csrfmiddlewaretoken=$(csrf /login/)" > /dev/null
import=$url/autonomous-systems/import/
t=$(csrf /autonomous-systems/import/)
# shows NAME STATUS TEXT [curl options]
shows() {
	local name=$1 status=$2 text=$3 out
	shift 3
	out=$(web "$@")
	case $out in *"$text"*" $status") pass ;; *) fail "$name: $(printf %s "$out" | tail -c 300)" ;; esac
}
shows "the page" 200 "Show what would change" "$import"
shows "a preview names what is wrong" 400 "A valid integer" "$import" -F "csrfmiddlewaretoken=$t" -F _preview=1 -F $'text=asn,name\n64520,Ten\nx,Bad\n'
shows "other headings can be mapped" 400 "is no field" "$import" -F "csrfmiddlewaretoken=$t" -F _import=1 -F $'text=AS,name\n64520,Ten\n'
shows "a preview" 200 "Nothing was written yet" "$import" -F "csrfmiddlewaretoken=$t" -F _preview=1 -F $'text=asn,name\n64520,Ten\n'
same "writes nothing" 0 "$(sql "SELECT count(*) FROM peerage.autonomous_system WHERE asn = 64520")"
shows "an import" 302 "" "$import" -F "csrfmiddlewaretoken=$t" -F _import=1 -F $'text=asn,name\n64520,Ten\n'
same "writes" 1 "$(sql "SELECT count(*) FROM peerage.autonomous_system WHERE asn = 64520")"
{ echo asn,name,comments; for n in $(seq 64600 64659); do echo "$n,Net $n,$(head -c 10000 /dev/zero | tr '\0' x)"; done; } > "$f.csv"
web -F "csrfmiddlewaretoken=$t" -F _preview=1 -F "file=@$f.csv" "$import" > "$work/p"
holds "a file that is too long for the box is kept" grep -q 'it is kept for a day' "$work/p"
kept=$(grep -o 'name="kept" value="[^"]*' "$work/p" | sed 's/.*"//')
shows "not for another type" 404 "no longer kept" "$url/extras/tags/import/" -F "csrfmiddlewaretoken=$t" -F _import=1 -F text= -F "kept=$kept"
shows "nor under a wrong name" 400 "named wrongly" "$import" -F "csrfmiddlewaretoken=$t" -F _import=1 -F text= -F kept=x
shows "the button works without it" 302 "" "$import" -F "csrfmiddlewaretoken=$t" -F _import=1 -F text= -F "kept=$kept"
same "all of it is there, and nothing is kept any more" "60|0" "$(sql "SELECT count(*) FROM peerage.autonomous_system WHERE asn BETWEEN 64600 AND 64659")|$(sql "SELECT count(*) FROM import_upload")"
