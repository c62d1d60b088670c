#!/bin/bash
# Data sources: folders and real git repositories (file://, http with a password, ssh with a key), what follows their files, and configurations
# pushed to them. What is hostile in one stays outside: links, submodules, paths, sizes, rewritten branches.
. "$(dirname "$0")/lib.sh"
peerage=$build/peerage
export HOME=$work GIT_CONFIG_NOSYSTEM=1
start_postgres
start_redis
mkdir -p "$work/sources/plain" "$work/outside"
{ echo "data_folders = /nowhere:$work/sources"; echo "internal_hosts = 127.0.0.1"; echo "git_commit_author = Book <book@example.net>"; } >> "$work/peerage.conf"
start_handlers
start_nginx
user admin true true > /dev/null
TMPDIR=$work "$build/peerage-runner" --poll 0.2 > /dev/null 2> "$work/runner.log" &
pids+=($!)

git() { command git -c user.name=T -c user.email=t@example.net -c init.defaultBranch=main -c protocol.file.allow=always -c safe.directory='*' "$@"; }
job_done() { # ID: waits for its end, prints status and error
	until_true 20 sh -c "psql -X -qAt -h $work -U peerage -d peerage -c 'SELECT completed IS NOT NULL FROM job WHERE id = $1' | grep -qx t" || echo "never ends"
	sql "SELECT status || ' ' || coalesce(error, '') FROM job WHERE id = $1"
}
log_of() { sql "SELECT string_agg(message, E'\n' ORDER BY n) FROM job_log WHERE job_id = $1"; }
sync() { # ID: synchronise through the API, prints how the job ended; $job
	api POST "/api/core/data-sources/$1/synchronise/"
	job=$(j .id)
	[ "$status" = 202 ] || { echo "status $status $body"; return; }
	job_done "$job" > "$work/ended"
}
ended() { cat "$work/ended"; }
source_of() { # NAME TYPE URL [more JSON]: $id
	api POST /api/core/data-sources/ "{\"name\":\"$1\",\"type\":\"$2\",\"source_url\":\"$3\"${4:-}}"
	[ "$status" = 201 ] || fail "the source $1: $status $body"
	id=$(j .id)
}
files() { sql "SELECT coalesce(string_agg(path, ' ' ORDER BY path), '') FROM data_file WHERE source_id = $1"; }
like() { case $3 in *$2*) pass ;; *) fail "$1: $3" ;; esac; }

# ---- a folder ----
plain=$work/sources/plain
mkdir -p "$plain/templates" "$plain/.hidden"
echo 'hostname {{ router.hostname }}' > "$plain/templates/a.j2"
echo 'ntp: [192.0.2.1]' > "$plain/context.yaml"
echo '[broken' > "$plain/broken.yaml"
printf 'a\377b' > "$plain/binary"
echo secret > "$work/outside/secret"; echo x > "$plain/.hidden/x"; echo y > "$plain/b.bak"
ln -s "$work/outside/secret" "$plain/link"; ln -s "$work/outside" "$plain/linked"
head -c 3000000 /dev/zero > "$plain/huge"
source_of Folder local "file://$plain" ',"ignore_rules":"*.bak"'
folder=$id
sync "$folder"
same "a folder is read" "completed " "$(ended)"
same "its files, without links, what is hidden, ignored or huge" "binary broken.yaml context.yaml templates/a.j2" "$(files "$folder")"
like "it says what was left out" "huge is left out: it has 3000000 bytes" "$(log_of "$job")"
like "links too" "link is left out: it is a link" "$(log_of "$job")"
same "hash and size" "$(sha256sum < "$plain/context.yaml" | cut -d' ' -f1) $(stat -c %s "$plain/context.yaml")" \
	"$(sql "SELECT hash || ' ' || size FROM data_file WHERE path = 'context.yaml'")"
api GET "/api/core/data-files/?source_id=$folder&path=context.yaml"
same "the API has the file" "1 context.yaml $folder" "$(j '[.count, .results[0].path, .results[0].source.id] | map(tostring) | join(" ")')"
api GET "/api/core/data-sources/$folder/"
same "and what the source is" "completed 4" "$(j '[.status.value, .file_count] | map(tostring) | join(" ")')"
sql "UPDATE data_file SET updated = '2020-01-01'" > /dev/null
echo more >> "$plain/b.txt"; rm "$plain/binary"
sync "$folder"
same "what is unchanged is left alone" "b.txt" "$(sql "SELECT string_agg(path, ' ') FROM data_file WHERE updated > '2021-01-01'")"
same "what is gone goes" "b.txt broken.yaml context.yaml templates/a.j2" "$(files "$folder")"

# ---- what follows files ----
file() { sql "SELECT id FROM data_file WHERE source_id = $folder AND path = '$1'"; }
api POST /api/devices/configurations/ "{\"name\":\"C\",\"data_file\":$(file templates/a.j2)}"
want "a template from a file alone" 201
config=$(j .id)
same "has its text" "hostname {{ router.hostname }}" "$(j .template)"
same "and where it is from" "$folder templates/a.j2" "$(sql "SELECT data_source_id || ' ' || data_path FROM configuration WHERE id = $config")"
api PATCH "/api/devices/configurations/$config/" '{"template":"mine"}'
same "its text is not changed by hand" "400 This follows the file templates/a.j2: change it there, or choose no file first." "$status $(j .template[0])"
api PATCH "/api/devices/configurations/$config/" '{"description":"d"}'
want "the rest is" 200
api POST /api/extras/config-contexts/ "{\"name\":\"X\",\"data_file\":$(file context.yaml)}"
same "a context" '201 {"ntp":["192.0.2.1"]}' "$status $(j -c .data)"
context=$(j .id)
api POST /api/extras/config-contexts/ "{\"name\":\"Y\",\"data_file\":$(file broken.yaml)}"
like "one that is no YAML" "neither YAML nor JSON" "$status $body"
api POST /api/extras/export-templates/ "{\"name\":\"E\",\"content_type\":\"devices.router\",\"data_file\":{\"source\":{\"name\":\"Folder\"},\"path\":\"b.txt\"}}"
same "an export template, by its path" "201 more" "$status $(j .template)"
api POST /api/messaging/emails/ "{\"name\":\"M\",\"subject\":\"s\",\"data_file\":$(file b.txt),\"auto_synchronisation_enabled\":false}"
same "an e-mail" "201 more" "$status $(j .template)"
mail=$(j .id)
echo 'hostname {{ router.name }}' > "$plain/templates/a.j2"; echo '[]' > "$plain/context.yaml"; echo other > "$plain/b.txt"
sync "$folder"
same "the job goes on where one does not fit" "completed " "$(ended)"
like "and says which" "context.yaml holds no object" "$(log_of "$job")"
api GET "/api/devices/configurations/$config/"
same "a template follows" "hostname {{ router.name }}" "$(j .template)"
api GET "/api/extras/config-contexts/$context/"
same "what does not fit keeps its data" '{"ntp":["192.0.2.1"]}' "$(j -c .data)"
api GET "/api/messaging/emails/$mail/"
same "what is not to follow by itself does not" "more" "$(j .template)"
api POST "/api/messaging/emails/$mail/synchronise/"
want "but when asked to" 200
same "it has the text then" "other" "$(sql "SELECT trim(E'\n' FROM template) FROM email WHERE id = $mail")"
same "following is in the change log" 1 "$(sql "SELECT count(*) FROM object_change c JOIN object_type t ON t.id = changed_object_type_id
	WHERE t.model = 'configuration' AND action = 'update' AND postchange_data->>'template' LIKE '%router.name%' AND user_name = 'system'")"
api PATCH "/api/devices/configurations/$config/" '{"data_file":null,"template":"mine"}'
same "a file that is chosen no more" "200 mine " "$status $(j .template) $(sql "SELECT data_path FROM configuration WHERE id = $config")"
api POST "/api/devices/configurations/$config/synchronise/"
want "nothing to read again" 409

# ---- where folders may lie ----
refused() { # NAME URL WHAT
	source_of "$1" local "$2"
	sync "$id"
	like "$1" "$3" "$(ended)"
	same "$1: nothing is read" "" "$(files "$id")"
}
refused "outside of the folders" /etc "the setting data_folders names them"
refused "through the parent" "$work/sources/../outside" "cannot be opened"
ln -s "$work/outside" "$work/sources/out"
refused "through a link" "$work/sources/out" "links are not followed"
refused "not there" "$work/sources/none" "cannot be opened"
api POST /api/core/data-sources/ '{"name":"relative","type":"local","source_url":"sources"}'
like "a relative path" "absolute path" "$status $body"
api POST /api/core/data-sources/ '{"name":"remote","type":"local","source_url":"https://example.net/"}'
like "a local one elsewhere" "must start with file://" "$status $body"
api PATCH "/api/core/data-sources/$folder/" '{"enabled":false}'
api POST "/api/core/data-sources/$folder/synchronise/"
want "a disabled one is not read" 409
api PATCH "/api/core/data-sources/$folder/" '{"enabled":true}'

# ---- git ----
bare=$work/sources/repo.git
tree=$work/tree
git init -q --bare "$bare"
git clone -q "$bare" "$tree" 2> /dev/null
mkdir "$tree/dir"
echo 'one' > "$tree/dir/one.j2"; echo two > "$tree/two"; ln -s /etc/passwd "$tree/passwd"; ln -s "$work/outside" "$tree/away"; head -c 3000000 /dev/zero > "$tree/huge"
git init -q "$work/sub"; git -C "$work/sub" commit -q --allow-empty -m s
git -C "$tree" submodule --quiet add "$work/sub" module
git -C "$tree" add -A; git -C "$tree" commit -q -m first; git -C "$tree" push -q origin HEAD:main
tip() { git -C "$bare" rev-parse "${1:-main}"; }
source_of Git git "file://$bare"
git_id=$id
sync "$git_id"
same "a repository is read" "completed " "$(ended)"
same "its files alone" "dir/one.j2 two" "$(files "$git_id")"
for w in "passwd is left out: it is a link" "away is left out: it is a link" "module is left out: it is a submodule" "huge is left out: it has 3000000"; do
	like "it says: $w" "$w" "$(log_of "$job")"
done
same "the commit" "$(tip)" "$(sql "SELECT revision FROM data_source WHERE id = $git_id")"
same "nothing is left in the temporary folder" "" "$(ls -d "$work"/peerage-data.* 2> /dev/null)"
echo rewritten > "$tree/two"; rm "$tree/dir/one.j2"
git -C "$tree" add -A; git -C "$tree" commit -q --amend -m again; git -C "$tree" push -q -f origin HEAD:main
sync "$git_id"
same "a branch that was rewritten" "completed  two rewritten" "$(ended) $(files "$git_id") $(sql "SELECT convert_from(data, 'UTF8') FROM data_file WHERE source_id = $git_id")"
git -C "$tree" push -q origin HEAD:other
api PATCH "/api/core/data-sources/$git_id/" '{"parameters":{"branch":"gone"}}'
sync "$git_id"
like "a branch that is not there" 'no branch "gone"; it has main, other' "$(ended)"
same "what was read stays" "two" "$(files "$git_id")"
like "and the source says why" "no branch" "$(sql "SELECT status || ' ' || error FROM data_source WHERE id = $git_id")"
api PATCH "/api/core/data-sources/$git_id/" '{"parameters":{"branch":"main"}}'
git init -q --bare "$work/outside/repo.git"
refused_git() { # NAME URL WHAT [more JSON]
	source_of "$1" git "$2" "${4:-}"
	sync "$id"
	like "$1" "$3" "$(ended)"
}
refused_git "a repository outside of the folders" "file://$work/outside/repo.git" "the setting data_folders names them"
refused_git "no repository" "file://$plain" "failed"
refused_git "no address" "ext::sh -c id" "is no address of a repository"
refused_git "an internal host" "https://10.0.0.1/x.git" "10.0.0.1 has an internal address"
refused_git "plain HTTP" "http://192.0.2.9/x.git" "is not encrypted"

# ---- pushing configurations ----
api POST /api/peering/autonomous-systems/ '{"asn":64500,"name":"Us","affiliated":true}'
us=$(j .id)
api POST /api/devices/platforms/ '{"name":"P","slug":"p"}'
platform=$(j .id)
api PATCH "/api/devices/configurations/$config/" '{"template":"hostname {{ router.hostname }}"}'
router() { # NAME SOURCE PATH: $router
	api POST /api/devices/routers/ "{\"name\":\"$1\",\"hostname\":\"$1.example\",\"platform\":$platform,\"local_autonomous_system\":$us,\"configuration_template\":$config,
		\"data_source\":$2,\"data_path\":\"$3\"}"
	router=$(j .id)
}
push() { api POST /api/devices/routers/push-datasource/ "{\"routers\":[$1]}"; job=$(j '.[0].id'); job_done "$job" > "$work/ended"; }
for bad in ../x /etc/x a/../../x .git/config a/.GIT/x a//b ./x; do
	router "bad" "$git_id" "$bad"
	like "the path $bad is refused" "is no path of a file" "$status $body"
done
router r1 "$git_id" routers/r1.conf
api POST /api/devices/routers/push-datasource/ '{"routers":[]}'
want "no router" 400 '["routers list must not be empty"]'
api POST /api/devices/routers/push-datasource/ '{"routers":[999999]}'
want "none that is there" 404
push "$router"
same "a push" "202 completed " "$status $(ended)"
same "the file stands there" "hostname r1.example" "$(git -C "$bare" show main:routers/r1.conf)"
same "with the rest of the tree" "160000 module" "$(git -C "$bare" ls-tree main | awk '$2 == "commit" { print $1, $4 }')"
same "author and subject" "Book <book@example.net>|r1: configuration pushed by admin" "$(git -C "$bare" log -1 --format='%an <%ae>|%s' main)"
same "it is a file of the source" "$(printf 'hostname r1.example' | sha256sum | cut -d' ' -f1)" "$(sql "SELECT hash FROM data_file WHERE path = 'routers/r1.conf'")"
before=$(tip)
push "$router"
same "the same again is no commit" "completed  $before" "$(ended) $(tip)"
api PATCH "/api/devices/routers/$router/" '{"hostname":"new.example"}'
push "$router"
like "the commit tells what changed" "- update r1 (devices.router), by admin" "$(git -C "$bare" log -1 --format=%B main)"
sql "INSERT INTO configuration_text (hash, content) VALUES (sha256('as it ran'), 'as it ran')" > /dev/null
version=$(sql "INSERT INTO configuration_version (router_id, router_name, kind, origin, hash, bytes, by_name, approved_by_name, reason)
	VALUES ($router, 'r1', 'running', 'after', sha256('as it ran'), 9, 'ann', 'bob', 'new peers') RETURNING id" | head -1)
api POST "/api/devices/configuration-versions/$version/push/"
job=$(j .id); job_done "$job" > "$work/ended"
same "an archived configuration is pushed" "202 completed " "$status $(ended)"
same "beside the rendered one" "as it ran" "$(git -C "$bare" show main:routers/r1.conf.running)"
like "the commit tells whose it was" "by ann, approved by bob" "$(git -C "$bare" log -1 --format=%B main)"
like "and why" "new peers" "$(git -C "$bare" log -1 --format=%B main)"
git -C "$tree" fetch -q; git -C "$tree" reset -q --hard origin/main
cat > "$bare/hooks/pre-receive" <<-H
	#!/bin/sh
	[ -e $work/raced ] && exit 0
	touch $work/raced
	unset GIT_DIR GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES
	git -C $tree -c user.name=T -c user.email=t@example.net commit -q --allow-empty -m race && git -C $tree push -q origin HEAD:main
	exit 0
H
chmod +x "$bare/hooks/pre-receive"
http_port=$(free_port)
cat > "$work/http.conf" <<-C
	ServerRoot $work
	ServerName localhost
	Listen 127.0.0.1:$http_port
	PidFile $work/http.pid
	ErrorLog $work/http.log
	Mutex file:$work
	$(for m in mpm_event authz_core authn_core authn_file authz_user auth_basic alias cgid env; do echo "LoadModule ${m}_module /usr/lib/apache2/modules/mod_$m.so"; done)
	ScriptSock $work/cgid.sock
	SetEnv GIT_PROJECT_ROOT $work/sources
	SetEnv GIT_HTTP_EXPORT_ALL 1
	SetEnv HOME $work
	ScriptAlias /git/ /usr/lib/git-core/git-http-backend/
	<Location /git/>
		AuthType Basic
		AuthName git
		AuthUserFile $work/htpasswd
		Require valid-user
	</Location>
C
htpasswd -bc "$work/htpasswd" bot right 2> /dev/null
command git -C "$bare" config http.receivepack true
printf '[safe]\n\tdirectory = *\n' > "$work/.gitconfig"
/usr/sbin/apache2 -d "$work" -f "$work/http.conf" -D FOREGROUND >> "$work/http.log" 2>&1 &
pids+=($!)
until_true 10 curl -s -o /dev/null "http://127.0.0.1:$http_port/"
web=http://127.0.0.1:$http_port/git/repo.git
refused_git "a password that is missing" "$web" "wants to be signed in to"
refused_git "a password that is wrong" "$web" 'refuses the password of "bot"' ',"parameters":{"username":"bot","password":"not-it-7"}'
same "the password is not shown" "" "$(j '.parameters.password // empty')"
api GET "/api/core/data-sources/$id/"
same "nowhere" "" "$(j .. | grep not-it-7)"
like "it is sealed" "seal1:" "$(sql "SELECT password FROM data_source WHERE id = $id")"
same "nor in the change log" 0 "$(sql "SELECT count(*) FROM object_change WHERE (postchange_data || coalesce(prechange_data, '{}'))::text LIKE '%not-it-7%'")"
api PATCH "/api/core/data-sources/$id/" '{"parameters":{"username":"bot","password":"right","branch":"main"}}'
web_id=$id
sync "$web_id"
same "with the right one it is read" "completed  routers/r1.conf routers/r1.conf.running two" "$(ended) $(files "$web_id")"
router r2 "$web_id" routers/r2.conf
push "$router"
same "a push over HTTP, while somebody else pushes" "completed " "$(ended)"
same "both are there" "r2: configuration pushed by admin,race" "$(git -C "$bare" log -2 --format=%s main | paste -sd,)"
printf '#!/bin/sh\necho "no commits on Saturday" >&2; exit 1\n' > "$bare/hooks/pre-receive"
api PATCH "/api/devices/routers/$router/" '{"hostname":"r2.new"}'
push "$router"
like "a hook that refuses" "the server refuses the push" "$(ended)"
same "the source says so" failed "$(sql "SELECT status FROM data_source WHERE id = $web_id")"
rm "$bare/hooks/pre-receive"
for p in passwd passwd/x away/x module/x two/x routers; do
	router "r-${p//\//-}" "$web_id" "$p"
	push "$router"
	case $(ended) in failed*"link or a submodule"* | failed*"no folder of the repository"* | failed*"is a folder"*) pass ;; *) fail "$p is not written: $(ended)" ;; esac
done
same "nothing of it left the tree" "secret" "$(cat "$work/outside/"* 2> /dev/null)"
router r3 "$folder" deep/er/r3.conf
push "$router"
same "into a folder, with the folders on the way" "completed  hostname r3.example" "$(ended) $(cat "$plain/deep/er/r3.conf")"
router r4 "$folder" linked/r4.conf
push "$router"
like "not through a link" "leads through a link" "$(ended)"
router r5 "$folder" link
push "$router"
like "nor onto one" "is a link or a folder" "$(ended)"
same "nothing outside" "repo.git secret" "$(ls "$work/outside" | paste -sd' ')"
git init -q --bare "$work/sources/empty.git"
source_of Empty git "file://$work/sources/empty.git"
sync "$id"
same "an empty repository" "completed  " "$(ended) $(files "$id")"
router r6 "$id" r6.conf
push "$router"
same "gets its first commit" "completed  hostname r6.example" "$(ended) $(git -C "$work/sources/empty.git" show main:r6.conf)"

# ---- over SSH ----
ssh_port=$(free_port)
ssh-keygen -q -t ed25519 -N '' -f "$work/host_key"; ssh-keygen -q -t ed25519 -N '' -f "$work/user_key"; ssh-keygen -q -t ed25519 -N '' -f "$work/other_key"
cat "$work/user_key.pub" > "$work/authorized"
printf '%s\n' "Port $ssh_port" "ListenAddress 127.0.0.1" "HostKey $work/host_key" "AuthorizedKeysFile $work/authorized" "PidFile $work/sshd.pid" "StrictModes no" \
	"UsePAM no" "PasswordAuthentication no" "KbdInteractiveAuthentication no" > "$work/sshd.conf"
/usr/sbin/sshd -D -e -f "$work/sshd.conf" 2> "$work/sshd.log" &
pids+=($!)
until_true 10 sh -c "exec 3<> /dev/tcp/127.0.0.1/$ssh_port" || until_true 10 test -s "$work/sshd.pid"
me=$(id -un)
key() { jq -Rs . < "$work/$1"; }
refused_git "a host key that nobody confirmed" "ssh://$me@127.0.0.1:$ssh_port$bare" "set host_key to it if that is right" ",\"private_key\":$(key user_key)"
ssh_id=$id
like "it is shown" "$(ssh-keygen -lf "$work/host_key.pub" | cut -d' ' -f2)" "$(ended)"
api PATCH "/api/core/data-sources/$ssh_id/" "{\"host_key\":\"SHA256:wrong\"}"
sync "$ssh_id"
like "another one" "not the one that was confirmed" "$(ended)"
api PATCH "/api/core/data-sources/$ssh_id/" "{\"host_key\":\"$(ssh-keygen -lf "$work/host_key.pub" | cut -d' ' -f2)\",\"private_key\":$(key other_key)}"
sync "$ssh_id"
like "a key that the server does not know" "refuses" "$(ended)"
api PATCH "/api/core/data-sources/$ssh_id/" "{\"private_key\":$(key user_key)}"
sync "$ssh_id"
same "the right ones" "completed  routers/r1.conf routers/r1.conf.running routers/r2.conf two" "$(ended) $(files "$ssh_id")"
router r7 "$ssh_id" routers/r7.conf
push "$router"
same "a push" "completed  hostname r7.example" "$(ended) $(git -C "$bare" show main:routers/r7.conf)"

# ---- rights, schedule, command ----
viewer=$(user viewer)
grant "$viewer" view '' core.datasource devices.router
who=viewer api POST "/api/core/data-sources/$git_id/synchronise/"
want "to synchronise is a right of its own" 403
who=viewer api POST /api/devices/routers/push-datasource/ "{\"routers\":[$router]}"
want "so is to push" 403
grant "$viewer" synchronise '' core.datasource
who=viewer api POST "/api/core/data-sources/$git_id/synchronise/"
want "who has it may" 202
same "there is a schedule" 1 "$(sql "SELECT count(*) FROM schedule WHERE job = 'core.datasource.synchronisation'")"
echo fresh > "$plain/fresh"
holds "the command asks as well" "$peerage" action data-source synchronise name=Folder
until_true 20 sh -c "psql -X -qAt -h $work -U peerage -d peerage -c \"SELECT 1 FROM data_file WHERE path = 'fresh'\" | grep -q 1" && pass || fail "the command's job"
sql "INSERT INTO auth_session (id_hash, user_id, expires, csrf) SELECT sha256('$(token_of admin)'), id, now() + interval '1 day', repeat('c', 64) FROM auth_user
	WHERE username = 'admin'" > /dev/null
holds "a file's page shows what is in it" grep -qE '<pre class="source"[^>]*>fresh' <(curl -s -H "Cookie: sessionid=$(token_of admin)" \
	"$url/core/data-files/$(sql "SELECT max(id) FROM data_file WHERE path = 'fresh'")/")
same "no error in the log" "" "$(grep ' error ' "$work/handlers.log" "$work/runner.log" | head -5)"
