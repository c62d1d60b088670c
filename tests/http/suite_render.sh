#!/bin/bash
# A router's configuration through the API: the job that clients of Peering Manager wait for, done already.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/http/setup.sh"
serve_everything 1
user none > /dev/null
sql "INSERT INTO auth_session (id_hash, user_id, expires, csrf) SELECT sha256('look'), id, now() + interval '1 day', repeat('c', 64) FROM auth_user WHERE username = 'admin'" > /dev/null
grant "$(user viewer)" view

conf=/api/devices/routers/1/configuration/
template() { api PATCH /api/devices/configurations/1/ "$(jq -n --arg t "$1" '{template: $t}')"; same "the template is saved" 200 "$status"; }

template 'host {{ router.name }}
{% for s in router | direct_sessions %}neighbor {{ s | ip }} {{ s.password }}
{% endfor %}{% for s in router | ixp_sessions %}neighbor {{ s | ip }}
{% endfor %}'
api GET $conf
same "the answer is a job" "202 devices.router 1 devices.router.render_configuration completed Completed admin null" \
	"$status $(j '[.object_type, .object_id, .name, .status.value, .status.label, .user.username, .data | tostring] | join(" ")')"
same "its keys are a job's" "id url display_url display object_type object_id name status created started completed user data job_id output" "$(j 'keys_unsorted | join(" ")')"
same "its output is the text" "host r1
neighbor 192.0.2.2 pw
neighbor 198.51.100.7" "$(j .output)"
job=$(j .id) text=$(j .output)
api GET "/api/core/jobs/$job/"
same "and can be read again" "200 $text" "$status $(j .output)"

template 'fine
{{ nothing.more }}'
api GET $conf
same "a template that fails is an errored job" "202 errored" "$status $(j .status.value)"
same "its output tells where" 1 "$(j .output | grep -c '^Edge:2:')"
same "and has nothing of the text" 0 "$(j .output | grep -c '^fine')"

template '{% macro peer(s) %}{{ s.autonomous_sytem.asn }}{% endmacro %}
{% for s in router.get_ixp_peering_sessions() %}{{ peer(s) }}{% endfor %}'
api GET $conf
same "what was meant of a session, with its line, a caret and the way there" "1 1 1 1" "$(j .output | grep -c '^Edge:1:') $(j .output | grep -cx ' *^') \
$(j .output | grep -c 'Did you mean "autonomous_system"?') $(j .output | grep -c 'in macro peer of Edge')"
page=$(curl -s -H "Cookie: sessionid=look" "$url/devices/routers/1/configuration/")
same "the same on the page" "1 1" "$(grep -c 'Did you mean &#34;autonomous_system&#34;?' <<< "$page") $(grep -c 'in macro peer of Edge' <<< "$page")"

api PATCH /api/messaging/emails/1/ '{"template": "Dear {{ autonomous_sytem.name.first.last }}"}'
api POST /api/peering/autonomous-systems/2/generate-email/ '{"email": 1}'
same "an e-mail's, too" "1 1" "$(j .detail | grep -cE '^[^:]+:1:[0-9]+: ') $(j .detail | grep -cx ' *^')"

template '{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}'
api GET $conf
same "one that never ends is stopped" "202 errored" "$status $(j .status.value)"

api GET /api/devices/routers/99/configuration/
same "no such router" 404 "$status"
who=none api GET $conf
same "without the right" 403 "$status"
who=viewer api GET $conf
same "viewing routers is not enough" 403 "$status"
same "each was kept as a job" 4 "$(sql "SELECT count(*) FROM peerage.job WHERE name = 'devices.router.render_configuration'")"
