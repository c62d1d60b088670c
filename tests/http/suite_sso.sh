#!/bin/bash
# Single sign-on through a real Apache: OpenID Connect (mod_auth_openidc and a small provider), SAML (mod_auth_mellon and a small provider) and Kerberos
# (mod_auth_gssapi and a real KDC).
# What is not installed is left out, and said.
. "$(dirname "$0")/../lib.sh"
modules=/usr/lib/apache2/modules
start_postgres
cat >> "$work/peerage.conf" <<-C
	remote_user = yes
	remote_create_users = yes
	remote_groups_header = OIDC_CLAIM_groups
	remote_groups_separator = ,
	remote_superuser_groups = netadmin
C
start_redis
start_handlers 1
sql "INSERT INTO auth_group (name) VALUES ('Readers'), ('Elsewhere');
	WITH p AS (INSERT INTO auth_permission (name, actions) VALUES ('Tags', '{view}') RETURNING id),
	t AS (INSERT INTO auth_permission_object_types SELECT p.id, o.id FROM p, object_type o WHERE o.model = 'tag')
	INSERT INTO auth_permission_groups SELECT p.id, g.id FROM p, auth_group g WHERE g.name = 'Readers';
	INSERT INTO auth_user (username, password, is_active) VALUES ('gone', '', false)" > /dev/null
user robot true > /dev/null
get() { status=$(curl -s -o "$work/body" -w '%{http_code}' "$@"); body=$(tr -d '\0' < "$work/body"); }
groups_of() { sql "SELECT string_agg(g.name, ' ' ORDER BY g.name) FROM auth_user u JOIN auth_user_group m ON m.auth_user_id = u.id JOIN auth_group g ON g.id = m.auth_group_id WHERE u.username = '$1'"; }
events_of() { sql "SELECT string_agg(event, ' ' ORDER BY id) FROM sign_in_event WHERE user_name = '$1'"; }
end_apache() { kill "${pids[-1]}"; wait "${pids[-1]}" 2> /dev/null; unset 'pids[-1]'; }

if [ -e $modules/mod_auth_openidc.so ] && command -v openssl > /dev/null; then
	op=$(free_port)
	openssl genrsa -out "$work/op.key" 2048 2> /dev/null
	python3 "$(dirname "$0")/oidc_provider.py" "$work" "$op" > "$work/op.log" 2>&1 &
	pids+=($!)
	until_true 10 curl -s -o /dev/null "http://127.0.0.1:$op/jwks" || die "the provider: $(cat "$work/op.log")"
	apache_modules="auth_openidc authn_core authz_user"
	apache_extra="OIDCProviderMetadataURL http://127.0.0.1:$op/.well-known/openid-configuration
OIDCClientID peerage
OIDCClientSecret client-secret-1
OIDCRedirectURI /oidc/answer
OIDCCryptoPassphrase $(openssl rand -hex 16)
OIDCScope \"openid profile\"
OIDCRemoteUserClaim preferred_username
OIDCPassClaimsAs environment
OIDCPKCEMethod S256
OIDCUnAuthAction auth
<Location \"/\">
AuthType openid-connect
Require valid-user
</Location>
<Location \"/api/\">
OIDCUnAuthAction pass
</Location>"
	start_apache
	# browse JAR USER_CLAIMS PATH: a browser that follows the way to the provider and back
	browse() { echo "$2" > "$work/user"; get -L --max-redirs 6 -b "$work/$1" -c "$work/$1" -A "Browser $1" "$apache_url$3"; }
	get "$apache_url/user/profile/"
	same "who is not known is sent to the provider" 302 "$status"
	get "$apache_url/api/extras/tags/"
	same "a client of the API is not: it is refused" 403 "$status"
	get -H "Authorization: Token $(token_of robot)" "$apache_url/api/extras/tags/"
	same "or has a token" 200 "$status"
	rm -f "$work/user"
	get -L -b "$work/nobody" -c "$work/nobody" "$apache_url/user/profile/"
	same "whom the provider refuses does not come in" 0 "$(grep -c '/logout/' "$work/body")"
	same "and no user is made" 2 "$(sql 'SELECT count(*) FROM auth_user')"
	browse kim '{"sub": "1", "preferred_username": "kim", "groups": ["Readers", "Elsewhere", "unknown"]}' /user/profile/
	same "OpenID Connect signs in" "200 1" "$status $(grep -c '<h1>kim</h1>' "$work/body")"
	same "the user is made, with the groups of the claims" "Elsewhere Readers" "$(groups_of kim)"
	browse kim '{}' /api/extras/tags/
	same "the session of the web server goes on; its groups give rights" 200 "$status"
	browse kim '{}' /api/devices/routers/
	same "and no others" 403 "$status"
	same "the sign-in log has one line of it, for all requests" "remote-sign-in" "$(events_of kim)"
	same "with the browser and the time" "Browser kim 127.0.0.1 t" "$(sql "SELECT user_agent, host(address), u.last_login > now() - interval '1 minute' FROM sign_in_event e JOIN auth_user u ON u.id = e.user_id WHERE u.username = 'kim'" | tr '|' ' ')"
	browse lee '{"sub": "2", "preferred_username": "lee", "groups": ["netadmin"]}' /users/sign-ins/
	same "a claim may make superusers" 200 "$status"
	holds "who see the log" grep -q "Signed in by the web server" "$work/body"
	browse kim2 '{"sub": "1", "preferred_username": "kim", "groups": ["Elsewhere"]}' /api/extras/tags/ 
	browse kim2 '{"sub": "1", "preferred_username": "kim", "groups": ["Elsewhere"]}' /user/profile/
	same "groups follow the claims" Elsewhere "$(groups_of kim)"
	browse gone '{"sub": "3", "preferred_username": "gone"}' /user/profile/
	browse gone '{}' /user/profile/
	same "who is inactive here stays out" 403 "$status"
	same "with one line in the log" "refused-remote" "$(events_of gone)"
	get -H "OIDC_CLAIM_preferred_username: lee" -H "OIDC-CLAIM-groups: netadmin" -H "X-Remote-User: lee" -H "REMOTE_USER: lee" "$apache_url/api/extras/tags/"
	same "no header of the client signs in" 403 "$status"
	get -b "$work/kim" -H "OIDC_CLAIM_groups: netadmin" -H "OIDC-CLAIM-groups: netadmin" "$apache_url/api/devices/routers/"
	same "nor adds a group" 403 "$status"
	end_apache

	# ---- nginx asks the same with auth_request, as docs/sign-in.md has it ----
	sed -i 's/OIDC_CLAIM_groups/PEERAGE_GROUPS/' "$work/peerage.conf"
	stop_handlers
	start_handlers 1
	rm -f "$work/user"
	start_nginx
	sed -n '/^    auth_request \/auth;/,/^$/p' "$top/docs/sign-in.md" | sed "s|http://127.0.0.1:4180/oauth2/auth|http://127.0.0.1:$op/auth|; s|error_page 401 .*||" > "$work/auth.conf"
	sed -i "s|listen 127.0.0.1:$port;|listen 127.0.0.1:$port; include $work/auth.conf;|" "$work/nginx.conf"
	kill "${pids[-1]}"; wait "${pids[-1]}" 2> /dev/null; unset 'pids[-1]'
	/usr/sbin/nginx -e "$work/nginx.log" -p "$work" -c "$work/nginx.conf" &
	pids+=($!)
	until_true 10 curl -s -o /dev/null "$url/api/" || die "nginx: $(cat "$work/nginx.log")"
	get "$url/user/profile/"
	same "nginx lets nobody in whom the service does not know" 401 "$status"
	get -H "Authorization: Token $(token_of robot)" "$url/api/extras/tags/"
	same "but a token" 200 "$status"
	echo '{"preferred_username": "nora", "groups": ["Readers", "Elsewhere"]}' > "$work/user"
	get "$url/user/profile/"
	same "whom it names is signed in" "200 1 Elsewhere Readers" "$status $(grep -c '<h1>nora</h1>' "$work/body") $(groups_of nora)"
	get -H "X-Auth-Request-Preferred-Username: lee" -H "REMOTE_USER: lee" -H "PEERAGE_GROUPS: netadmin" "$url/api/devices/routers/"
	same "and no header makes more of one" 403 "$status"
	same "the log has that as well" remote-sign-in "$(events_of nora)"
else
	echo "left out: OpenID Connect needs libapache2-mod-auth-openidc and openssl"
fi

if [ -e $modules/mod_auth_mellon.so ] && command -v xmlsec1 > /dev/null && command -v openssl > /dev/null; then
	idp=$(free_port)
	for k in idp sp other; do
		openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$k.example.net" -keyout "$work/$k.key" -out "$work/$k.crt" 2> /dev/null
	done
	python3 "$(dirname "$0")/saml_provider.py" "$work" "$idp" > "$work/idp.log" 2>&1 &
	pids+=($!)
	until_true 10 curl -s -o /dev/null "http://127.0.0.1:$idp/" || die "the provider: $(cat "$work/idp.log")"
	sql "DELETE FROM sign_in_event WHERE user_name <> 'gone'; DELETE FROM auth_user WHERE username IN ('kim', 'lee', 'nora')" > /dev/null
	stop_handlers
	sed -i 's/^remote_groups_header = .*/remote_groups_header = PEERAGE_GROUPS/; s/^remote_groups_separator = .*/remote_groups_separator = ;/' "$work/peerage.conf"
	start_handlers 1
	# what docs/sign-in.md has, with the files of this test
	apache_modules="auth_mellon authn_core authz_user"
	apache_extra=$(sed -n '/^\*\*API tokens/,/^With nginx/p; /^### SAML/,/^`remote/p' "$top/docs/sign-in.md" | sed -n 's/^    //p' |
		sed "s|/etc/peerage/saml-idp.xml|$work/idp.xml|; s|/etc/peerage/saml\.|$work/sp.|")
	start_apache
	field() { grep -o "$1=\"[^\"]*\"" "$work/form" | sed 's/.*="\([^"]*\)"$/\1/' | tr -d '\n'; }
	# saml JAR USER_JSON PATH: a browser that follows the way to the provider and posts the form that it gives
	saml() {
		echo "$2" > "$work/user"
		get -L --max-redirs 6 -b "$work/$1" -c "$work/$1" -A "Browser $1" "$apache_url$3"
		cp "$work/body" "$work/form"
		grep -q SAMLResponse "$work/form" || return 0
		field 'name="SAMLResponse" value' > "$work/answer"
		get -L --max-redirs 6 -b "$work/$1" -c "$work/$1" -A "Browser $1" --data-urlencode "SAMLResponse@$work/answer" \
			--data-urlencode "RelayState=$(field 'name="RelayState" value')" "$(field action)"
	}
	get "$apache_url/user/profile/"
	same "SAML: who is not known is sent to the provider" 303 "$status"
	get "$apache_url/api/extras/tags/" -H "Authorization: Token $(token_of robot)"
	same "a client of the API is not, with a token" 200 "$status"
	get "$apache_url/mellon/metadata"
	same "what the provider is told of us" 200 "$(grep -q AssertionConsumerService "$work/body" && echo "$status")"
	saml kim4 '{"name": "kim", "groups": ["Readers", "Elsewhere", "unknown"]}' /user/profile/
	same "SAML signs in, and leads to the page that was asked for" "200 1" "$status $(grep -c '<h1>kim</h1>' "$work/body")"
	same "the user has the groups of the assertion" "Elsewhere Readers" "$(groups_of kim)"
	cp "$work/form" "$work/form.kim"
	saml kim4 '{}' /api/extras/tags/
	same "the session of the web server goes on; its groups give rights" 200 "$status"
	saml kim4 '{}' /api/devices/routers/
	same "and no others" 403 "$status"
	same "the sign-in log has one line of it" remote-sign-in "$(events_of kim)"
	saml lee4 '{"name": "lee", "groups": ["netadmin"]}' /users/sign-ins/
	same "a group may make superusers" 200 "$status"
	for wrong in changed key unsigned late audience refused; do
		saml "kim-$wrong" '{"name": "kim", "groups": ["netadmin"], "wrong": "'$wrong'"}' /user/profile/
		holds "an answer that is $wrong does not sign in" [ "$status" -ge 400 ]
		get -b "$work/kim-$wrong" "$apache_url/user/profile/"
		same "nor afterwards ($wrong)" 303 "$status"
	done
	cp "$work/form.kim" "$work/form"
	field 'name="SAMLResponse" value' > "$work/answer"
	get -b "$work/thief" -c "$work/thief" --data-urlencode "SAMLResponse@$work/answer" --data-urlencode "RelayState=$apache_url/user/profile/" "$(field action)"
	holds "nor does one that another browser was given" [ "$status" -ge 400 ]
	same "nobody's rights grew by it" "Elsewhere Readers f" "$(groups_of kim) $(sql "SELECT is_superuser FROM auth_user WHERE username = 'kim'")"
	saml gone4 '{"name": "gone", "groups": []}' /user/profile/
	same "who is inactive here stays out" 403 "$status"
	get -H "PEERAGE_GROUPS: netadmin" -H "PEERAGE-GROUPS: netadmin" -H "MELLON-name: lee" -H "REMOTE_USER: lee" -b "$work/kim4" "$apache_url/api/devices/routers/"
	same "no header of the client adds a group" 403 "$status"
	end_apache
else
	echo "left out: SAML needs libapache2-mod-auth-mellon, xmlsec1 and openssl"
fi

if [ -e $modules/mod_auth_gssapi.so ] && [ -x /usr/sbin/krb5kdc ] && [ -x /usr/sbin/kadmin.local ] && command -v kinit > /dev/null; then
	kdc=$(free_port)
	mkdir "$work/krb"
	cat > "$work/krb/krb5.conf" <<-K
		[libdefaults]
			default_realm = EXAMPLE.NET
			dns_lookup_realm = false
			dns_lookup_kdc = false
			dns_canonicalize_hostname = false
			rdns = false
		[realms]
			EXAMPLE.NET = {
				kdc = 127.0.0.1:$kdc
			}
		[domain_realm]
			localhost = EXAMPLE.NET
	K
	cat > "$work/krb/kdc.conf" <<-K
		[kdcdefaults]
			kdc_listen = 127.0.0.1:$kdc
			kdc_tcp_listen = 127.0.0.1:$kdc
		[realms]
			EXAMPLE.NET = {
				database_name = $work/krb/principal
				key_stash_file = $work/krb/stash
				acl_file = $work/krb/acl
			}
	K
	export KRB5_CONFIG=$work/krb/krb5.conf KRB5_KDC_PROFILE=$work/krb/kdc.conf KRB5CCNAME=FILE:$work/krb/cc
	{ /usr/sbin/kdb5_util create -s -r EXAMPLE.NET -P master-word-1 && /usr/sbin/kadmin.local -r EXAMPLE.NET addprinc -pw moss-green-7 kim &&
		/usr/sbin/kadmin.local -r EXAMPLE.NET addprinc -pw brick-red-9 max && /usr/sbin/kadmin.local -r EXAMPLE.NET addprinc -randkey HTTP/localhost &&
		/usr/sbin/kadmin.local -r EXAMPLE.NET ktadd -k "$work/krb/http.keytab" HTTP/localhost; } > "$work/krb/log" 2>&1 || die "the KDC: $(tail -3 "$work/krb/log")"
	/usr/sbin/krb5kdc -n -P "$work/krb/pid" >> "$work/krb/log" 2>&1 &
	pids+=($!)
	ticket() { kdestroy -q 2> /dev/null; echo "$2" | kinit "$1" >> "$work/krb/log" 2>&1; }
	until_true 10 ticket kim moss-green-7 || die "no ticket: $(tail -3 "$work/krb/log")"
	apache_modules="auth_gssapi authn_core authz_user"
	apache_extra="<Location \"/\">
AuthType GSSAPI
AuthName Peerage
GssapiCredStore keytab:$work/krb/http.keytab
GssapiLocalName On
Require valid-user
</Location>
<Location \"/api/\">
<If \"%{HTTP:Authorization} =~ /^Token /\">
AuthType None
Require all granted
</If>
</Location>"
	sql "DELETE FROM sign_in_event; UPDATE auth_user SET last_login = NULL" > /dev/null
	start_apache
	named=${apache_url/127.0.0.1/localhost}
	get "$named/user/profile/"
	same "without a ticket nobody comes in" 401 "$status"
	get -H "Authorization: Token $(token_of robot)" "$named/api/extras/tags/"
	same "but by a token to the API" 200 "$status"
	get -H "Authorization: Token $(token_of nobody)" "$named/api/extras/tags/"
	same "that there is" 403 "$status"
	get "$named/api/extras/tags/"
	same "and not without one" 401 "$status"
	get --negotiate -u : "$named/user/profile/"
	same "a ticket signs in" "200 1" "$status $(grep -c '<h1>kim</h1>' "$work/body")"
	same "the log has it" remote-sign-in "$(events_of kim)"
	holds "another has a ticket" ticket max brick-red-9
	get --negotiate -u : "$named/user/profile/"
	same "and is made a user of the name without the realm" "200 t f" "$status $(sql "SELECT is_remote, is_superuser FROM auth_user WHERE username = 'max'" | tr '|' ' ')"
	get --negotiate -u : "$named/api/extras/tags/"
	same "who has no rights yet" 403 "$status"
	kdestroy -q
	get --negotiate -u : "$named/user/profile/"
	same "without the ticket it ends" 401 "$status"
	end_apache
else
	echo "left out: Kerberos needs libapache2-mod-auth-gssapi, krb5-kdc, krb5-admin-server and krb5-user"
fi
same "no error in the log" "" "$(grep ' error ' "$work/handlers.log" | head -5)"
