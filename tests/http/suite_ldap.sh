#!/bin/bash
# Sign-in through the web server: Apache's mod_authnz_ldap asks a real directory, Peerage takes REMOTE_USER and the groups from it.
. "$(dirname "$0")/../lib.sh"
start_postgres
cat >> "$work/peerage.conf" <<-C
	remote_user = yes
	remote_create_users = yes
	remote_groups_header = AUTHENTICATE_DEPARTMENTNUMBER
	remote_groups_separator = ;
	remote_superuser_groups = netadmin
C
start_redis
start_handlers 1

# ---- a directory of two ----
ldap=$(free_port)
mkdir "$work/ldap"
cat > "$work/slapd.conf" <<-C
	include /etc/ldap/schema/core.schema
	include /etc/ldap/schema/cosine.schema
	include /etc/ldap/schema/inetorgperson.schema
	modulepath /usr/lib/ldap
	moduleload back_mdb
	pidfile $work/slapd.pid
	database mdb
	maxsize 10485760
	suffix "dc=example,dc=net"
	directory $work/ldap
	access to attrs=userPassword by anonymous auth by * none
	access to * by * read
C
cat > "$work/people.ldif" <<-L
	dn: dc=example,dc=net
	objectClass: dcObject
	objectClass: organization
	dc: example
	o: Example

	dn: uid=kim,dc=example,dc=net
	objectClass: inetOrgPerson
	uid: kim
	cn: Kim
	sn: Kim
	userPassword: moss-green-7
	departmentNumber: Readers
	departmentNumber: Elsewhere

	dn: uid=lee,dc=example,dc=net
	objectClass: inetOrgPerson
	uid: lee
	cn: Lee
	sn: Lee
	userPassword: brick-red-9
	departmentNumber: netadmin
L
/usr/sbin/slapadd -q -f "$work/slapd.conf" -l "$work/people.ldif" > "$work/slapadd.log" 2>&1 || die "slapadd: $(cat "$work/slapadd.log")"
/usr/sbin/slapd -d 0 -f "$work/slapd.conf" -h "ldap://127.0.0.1:$ldap" > "$work/slapd.log" 2>&1 &
pids+=($!)
until_true 10 bash -c "exec 3<> /dev/tcp/127.0.0.1/$ldap" || die "slapd: $(cat "$work/slapd.log")"

apache_modules="ldap authnz_ldap auth_basic authn_core authz_user"
apache_extra="<Location \"/\">
AuthType Basic
AuthName Peerage
AuthBasicProvider ldap
AuthLDAPURL \"ldap://127.0.0.1:$ldap/dc=example,dc=net?uid,departmentNumber?one?(objectClass=inetOrgPerson)\"
Require valid-user
</Location>"
start_apache
sql "INSERT INTO auth_group (name) VALUES ('Readers'), ('Elsewhere'), ('Others');
	WITH p AS (INSERT INTO auth_permission (name, actions) VALUES ('Tags', '{view}') RETURNING id),
	t AS (INSERT INTO auth_permission_object_types SELECT p.id, o.id FROM p, object_type o WHERE o.model = 'tag')
	INSERT INTO auth_permission_groups SELECT p.id, g.id FROM p, auth_group g WHERE g.name = 'Readers'" > /dev/null

get() { status=$(curl -s -o "$work/body" -w '%{http_code}' "$@"); body=$(cat "$work/body"); }
groups_of() { sql "SELECT string_agg(g.name, ' ' ORDER BY g.name) FROM auth_user u JOIN auth_user_group m ON m.auth_user_id = u.id JOIN auth_group g ON g.id = m.auth_group_id WHERE u.username = '$1'"; }

get "$apache_url/user/profile/"
same "nobody comes in without a name" 401 "$status"
get -u kim:wrong "$apache_url/user/profile/"
same "nor with a wrong password" 401 "$status"
same "and no user is made" 0 "$(sql 'SELECT count(*) FROM auth_user')"
get -u kim:moss-green-7 "$apache_url/user/profile/"
want "the directory's password signs in" 200
same "the user is made" "kim t f" "$(sql "SELECT username || ' ' || left(is_remote::text, 1) || ' ' || left(is_superuser::text, 1) FROM auth_user")"
same "the log of sign-ins has it" "remote-sign-in" "$(sql "SELECT string_agg(event, ' ') FROM sign_in_event WHERE user_name = 'kim'")"
same "with the groups of the directory" "Elsewhere Readers" "$(groups_of kim)"
get -u kim:moss-green-7 "$apache_url/api/extras/tags/"
want "which give rights" 200
get -u kim:moss-green-7 "$apache_url/api/devices/routers/"
want "and no others" 403
get -u lee:brick-red-9 "$apache_url/api/devices/routers/"
want "a group may make superusers" 200
get -u lee:brick-red-9 "$apache_url/user/two-factor/"
holds "the second factor is the web server's" grep -q "The web server signs you in" "$work/body"
get -u kim:moss-green-7 -H "REMOTE_USER: lee" -H "Remote-User: lee" -H "AUTHENTICATE_DEPARTMENTNUMBER: netadmin" -H "Authenticate-Departmentnumber: netadmin" "$apache_url/api/devices/routers/"
want "no header of the client makes somebody else of one" 403
same "no error in the log" "" "$(grep ' error ' "$work/handlers.log" | head -5)"
