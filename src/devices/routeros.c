/*
 * routeros.c: MikroTik RouterOS 7, through its command line over SSH. A text is a script as `/export` writes it, and is only ever added to what runs:
 * RouterOS has no candidate and nothing that replaces a configuration. It is brought there by scp (the protocol of `scp -O`), checked by a dry run
 * (7.16 on) or by the script parser, and taken by `/import`, which stops at the first command that fails.
 *
 * There is no timer: before the import the router makes a backup of itself, and a scheduler entry of the change's name loads it unless the entry is removed in time.
 * Loading a backup restarts the router: that is what going back means here, also after an import that fails half-way. The entry is no part of the
 * backup, so it is gone afterwards. What is imported is kept over a restart at once, and so is the entry.
 *
 * Neighbours: sessions that are up or being tried, and the connections that are not; the router tells no state between idle and established, and no
 * prefixes but those received.
 *
 * Driver arguments: none but the common ones. The user needs the policies ssh, ftp, read, write, policy, sensitive, reboot.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/net.h"
#include "devices/transport_wait.h"
#include "devices/unix.h"

enum { RESTART_SECONDS = 600, DRY_RUN_MAJOR = 7, DRY_RUN_MINOR = 16 };

static const char change_mark[] = "change that waits for its confirmation";

/* ---- the command line ---- */

/* Words that a line begins with, or has before any value: not those of a comment in what is read. */
static bool is_complaint(const char *line, size_t n) {
	static const char *const words[] = { "syntax error", "bad command name", "expected ", "failure:", "input does not match", "invalid value", "no such item",
		"Script Error", "error:", "not enough permissions", "bad parameter", "unknown parameter", "missing " };
	size_t values = strcspn(line, "=\n"), i;

	if (n == 0 || strchr("/#.", *line) != NULL)
		return false;
	for (i = 0; i < ARRAY_LEN(words); i++) {
		if (memmem(line, values < n ? values : n, words[i], strlen(words[i])) != NULL)
			return true;
	}
	return false;
}

/* True with what a command said, without CR; what it refuses is ERR_UPSTREAM "rpc": exit statuses say nothing there. */
static bool run(struct device *d, struct arena *a, const char *command, const char **out, struct err *e) {
	struct command_run r = { .command = command };
	struct command_result got;
	const char *s;
	size_t i, n = 0;

	if (!transport_run(d->transport, a, &r, &got, e))
		return false;
	sb_mem(&got.out, got.err.s, got.err.len);
	for (i = 0; i < got.out.len; i++) {
		if (got.out.s[i] != '\r')
			got.out.s[n++] = got.out.s[i];
	}
	sb_cut(&got.out, n);
	*out = got.out.s;
	for (s = got.out.s; *s != '\0'; s += n + (s[n] != '\0')) {
		n = strcspn(s, "\n");
		if (is_complaint(s, n))
			return err_kind(e, ERR_UPSTREAM, "rpc", "%s: RouterOS says: %.*s", d->name, (int)(n > 300 ? 300 : n), s);
	}
	return true;
}

/* The text that `:put EXPRESSION` prints, without its line's end. */
static bool put(struct device *d, struct arena *a, const char *expression, const char **out, struct err *e) {
	char *s;
	size_t n;

	if (!run(d, a, arena_printf(a, ":put %s", expression), out, e))
		return false;
	s = arena_strdup(a, *out);
	for (n = strlen(s); n > 0 && s[n - 1] == '\n'; n--)
		s[n - 1] = '\0';
	*out = s;
	return true;
}

/*
 * One record of `print as-value`: ".id=*1;name=x;remote.capabilities=mp;rr;...": what has no "=" belongs to the value before it. Ends before the next ".id=".
 */
static const char *record(struct arena *a, const char *s, struct map *out) {
	const char *key = NULL;
	struct sbuf value;

	sb_init(&value, a);
	while (*s != '\0') {
		size_t n = strcspn(s, ";\n"), k = strcspn(s, "=;\n");
		bool names = k < n && s[k] == '=' && strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789.-") == k && k > 0;

		if (names && key != NULL && strncmp(s, ".id=", 4) == 0)
			break;
		if (names) {
			if (key != NULL)
				map_set(out, key, val_copy(a, value.s, value.len));
			key = arena_strndup(a, s, k);
			sb_reset(&value);
			sb_mem(&value, s + k + 1, n - k - 1);
		} else if (key != NULL) {
			sb_chr(&value, ';');
			sb_mem(&value, s, n);
		}
		s += n + (s[n] != '\0');
	}
	if (key != NULL)
		map_set(out, key, val_copy(a, value.s, value.len));
	return s;
}

/* All of a menu. */
static bool menu(struct device *d, struct arena *a, const char *path, struct list **out, struct err *e) {
	const char *s;

	*out = list_new(a, 8);
	if (!put(d, a, arena_printf(a, "[%s print as-value]", path), &s, e))
		return false;
	if (*s != '\0' && strchr(s, '=') == NULL)
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s: what answers is no RouterOS: \"%.200s\"", d->name, s);
	while (*s != '\0') {
		struct map *m = map_new(a, 16);
		const char *next = record(a, s, m);

		if (m->n > 0)
			list_push(*out, val_map(m));
		if (next == s)
			break;
		s = next;
	}
	return true;
}

/* ---- what is read ---- */

/* "1w2d3h4m5s", "1w2d03:04:05", "4s70ms"; -1 it is none. */
static int64_t seconds_of(const char *s) {
	static const struct { const char *unit; int64_t seconds; } units[] = { { "w", 604800 }, { "d", 86400 }, { "h", 3600 }, { "ms", 0 }, { "m", 60 }, { "s", 1 } };
	int64_t all = 0;
	size_t i;

	if (*s == '\0')
		return -1;
	while (*s != '\0') {
		char *end;
		int64_t n = strtoll(s, &end, 10);

		if (end == s)
			return -1;
		if (*end == ':' || (*end == '\0' && all > 0) || *end == '.') {    /* hours:minutes:seconds close it */
			int h = 0, m = 0, sec = 0;

			return sscanf(s, "%d:%d:%d", &h, &m, &sec) == 3 ? all + h * 3600 + m * 60 + sec : -1;
		}
		for (i = 0; i < ARRAY_LEN(units) && strncmp(end, units[i].unit, strlen(units[i].unit)) != 0; i++)
			;
		if (i == ARRAY_LEN(units))
			return -1;
		all += n * units[i].seconds;
		s = end + strlen(units[i].unit);
	}
	return all;
}

static bool ros_facts(struct device *d, struct arena *a, struct facts *out, struct err *e) {
	struct list *resource, *board;
	struct err none;

	if (!menu(d, a, "/system/resource", &resource, e) || !put(d, a, "[/system/identity get name]", &out->hostname, e))
		return false;
	if (resource->n == 0)
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s: what answers is no RouterOS: it tells no resources", d->name);
	out->vendor = "MikroTik";
	out->model = member_text(resource->v[0], "board-name");
	out->version = arena_strndup(a, member_text(resource->v[0], "version"), strcspn(member_text(resource->v[0], "version"), " "));
	out->uptime = seconds_of(member_text(resource->v[0], "uptime"));
	if (menu(d, a, "/system/routerboard", &board, &none) && board->n > 0)
		out->serial = member_text(board->v[0], "serial-number");
	return out->version[0] != '\0' || err_kind(e, ERR_UPSTREAM, "garbage", "%s: the answer about resources has no version", d->name);
}

static bool is_yes(struct val v, const char *name) {
	return strcmp(member_text(v, name), "true") == 0 || strcmp(member_text(v, name), "yes") == 0;
}

/* The last NOTIFICATION is there as it was sent, in hex (RFC 4271 4.5): code and subcode after marker, length and type. */
static const char *reset_reason(struct arena *a, struct val session) {
	static const char *const codes[] = { "", "Message Header Error", "OPEN Message Error", "UPDATE Message Error", "Hold Timer Expired",
		"Finite State Machine Error", "Cease", "ROUTE-REFRESH Message Error" };
	static const char *const cease[] = { "", "Maximum Number of Prefixes Reached", "Administrative Shutdown", "Peer De-configured", "Administrative Reset",
		"Connection Rejected", "Other Configuration Change", "Connection Collision Resolution", "Out of Resources", "Hard Reset", "BFD Down" };
	const char *hex = member_text(session, "input.last-notification");
	unsigned code, sub;

	if (hex[0] == '\0')
		hex = member_text(session, "output.last-notification");
	if (strlen(hex) < 42 || sscanf(hex + 38, "%2x%2x", &code, &sub) != 2 || code >= ARRAY_LEN(codes))
		return member_text(session, "last-stopped")[0] == '\0' ? "" : arena_printf(a, "stopped %s", member_text(session, "last-stopped"));
	if (code == 6 && sub > 0 && sub < ARRAY_LEN(cease))
		return arena_printf(a, "Cease/%s", cease[sub]);
	return sub == 0 ? codes[code] : arena_printf(a, "%s/%u", codes[code], sub);
}

/* The address of "192.0.2.1/32", "fe80::1%ether1"; false for a net, from where anybody may come. */
static bool address_of(struct arena *a, const char *text, const char **out) {
	size_t n = strcspn(text, "%/@");
	char canonical[ADDR_TEXT_MAX];
	struct addr ip;

	if (!addr_parse(text, n, &ip) || (text[n] == '/' && strcmp(text + n, "/32") != 0 && strcmp(text + n, "/128") != 0))
		return false;
	*out = arena_strdup(a, addr_text(&ip, ADDR_HOST, canonical));
	return true;
}

static const char *vrf_of(struct val v) {
	const char *vrf = member_text(v, "vrf")[0] != '\0' ? member_text(v, "vrf") : member_text(v, "routing-table");

	return strcmp(vrf, "main") == 0 ? "" : vrf;
}

/* The connection that a session came from: it has its name, with a number after it. */
static struct val connection_of(const struct list *connections, struct val session) {
	const char *name = member_text(session, "name"), *dash = strrchr(name, '-');
	size_t i, n = dash == NULL ? strlen(name) : (size_t)(dash - name);

	for (i = 0; i < connections->n; i++) {
		const char *c = member_text(connections->v[i], "name");

		if (strlen(c) == n && strncmp(c, name, n) == 0)
			return connections->v[i];
	}
	return val_undef();
}

static void take_session(struct neighbours *list, struct arena *a, const struct list *connections, struct val v) {
	struct val c = connection_of(connections, v);
	const char *address, *count = member_text(v, "prefix-count");
	struct neighbour *n;

	if (!address_of(a, member_text(v, "remote.address"), &address))
		return;
	n = neighbours_add(list, a);
	n->address = address;
	n->vrf = vrf_of(vrf_of(v)[0] == '\0' ? c : v);
	asn_parse(member_text(v, "remote.as"), strlen(member_text(v, "remote.as")), &n->asn);
	n->state = is_yes(v, "established") ? BGP_ESTABLISHED : BGP_ACTIVE;
	if (bgp_state_of(member_text(v, "state")) != BGP_UNKNOWN)
		n->state = bgp_state_of(member_text(v, "state"));
	n->description = member_text(c, "comment");
	n->last_reset = reset_reason(a, v);
	if (n->state != BGP_ESTABLISHED)
		return;
	n->uptime = seconds_of(member_text(v, "uptime"));
	if (count[0] != '\0')
		n->received = strtoll(count, NULL, 10);
}

static bool is_there(const struct neighbours *list, const char *address, const char *vrf) {
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (strcmp(list->v[i].address, address) == 0 && strcmp(list->v[i].vrf, vrf) == 0)
			return true;
	}
	return false;
}

static void take_connection(struct neighbours *list, struct arena *a, struct val c) {
	const char *address;
	struct neighbour *n;

	if (!address_of(a, member_text(c, "remote.address"), &address) || is_there(list, address, vrf_of(c)))
		return;
	n = neighbours_add(list, a);
	n->address = address;
	n->vrf = vrf_of(c);
	asn_parse(member_text(c, "remote.as"), strlen(member_text(c, "remote.as")), &n->asn);
	n->state = BGP_IDLE;
	n->shutdown = is_yes(c, "disabled");
	n->description = member_text(c, "comment");
}

static bool ros_neighbours(struct device *d, struct arena *a, struct neighbours *out, struct err *e) {
	struct list *sessions, *connections;
	size_t i;

	if (!menu(d, a, "/routing/bgp/connection", &connections, e) || !menu(d, a, "/routing/bgp/session", &sessions, e))
		return false;
	for (i = 0; i < sessions->n; i++)
		take_session(out, a, connections, sessions->v[i]);
	for (i = 0; i < connections->n; i++)
		take_connection(out, a, connections->v[i]);
	return true;
}

/* The lines that only say when it was made and of what machine are left out. */
static bool ros_running(struct device *d, struct sbuf *out, struct err *e) {
	const char *s;
	size_t n;

	if (!run(d, out->a, "/export terse show-sensitive", &s, e))
		return false;
	if (*s != '#' && *s != '/')
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s: what RouterOS exports is no configuration: \"%.200s\"", d->name, s);
	for (; *s != '\0'; s += n + (s[n] != '\0')) {
		n = strcspn(s, "\n");
		if (*s == '#')
			continue;
		sb_mem(out, s, n);
		sb_chr(out, '\n');
	}
	return true;
}

/* ---- changes ---- */

/* Where files outlive a restart: on some models all but a folder of that name is memory. */
static bool ros_open(struct device *d, struct err *e) {
	const char *n;

	if (!put(d, d->a, "[:len [/file find where name=\"flash\"]]", &n, e))
		return refused_as(e, ERR_UPSTREAM, "garbage");
	if (strspn(n, "0123456789") != strlen(n) || *n == '\0')
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s: what answers is no RouterOS 7: \"%.200s\"", d->name, n);
	d->state = arena_strdup(d->a, *n == '0' ? "" : "flash/");
	return true;
}

static const char *file(struct device *d, const char *ending) {
	return arena_printf(d->a, "%s%s%s", (const char *)d->state, d->change, ending);
}

/* The change that waits: the name of its entry, "" none. */
static bool waiting(struct device *d, const char **name, const char **next, struct err *e) {
	struct list *entries;
	size_t i;

	*name = *next = "";
	if (!menu(d, d->a, "/system/scheduler", &entries, e))
		return false;
	for (i = 0; i < entries->n; i++) {
		if (strcmp(member_text(entries->v[i], "comment"), change_mark) == 0) {
			*name = member_text(entries->v[i], "name");
			*next = member_text(entries->v[i], "interval");
		}
	}
	return true;
}

static bool ros_pending(struct device *d, struct pending *out, struct err *e) {
	const char *name, *next;

	if (!waiting(d, &name, &next, e))
		return false;
	out->running = strcmp(name, d->change) == 0;    /* when it comes is told in a form that differs by version: no figure */
	return true;
}

static bool nobody_waits(struct device *d, struct err *e) {
	const char *name, *next;

	return waiting(d, &name, &next, e) &&
	    (*name == '\0' || err_kind(e, ERR_CONFLICT, "locked", "%s: another change waits there for its confirmation: %s", d->name, name));
}

static bool remove_files(struct device *d, struct err *e) {
	const char *said;

	return run(d, d->a, arena_printf(d->a, "/file remove [find where name=\"%s\" or name=\"%s\"]", file(d, ".rsc"), file(d, ".backup")), &said, e);
}

/* As `scp -t` takes it: mode, length and name in a line, the bytes, a zero. It acknowledges each with a zero; anything else is a message. */
static bool upload(struct device *d, const char *path, const char *text, size_t len, struct err *e) {
	struct command_result got;
	struct command_run r = { 0 };
	struct sbuf b;
	size_t i;

	sb_init(&b, d->a);
	sb_fmt(&b, "C0600 %zu %s.rsc\n", len, d->change);
	sb_mem(&b, text, len);
	sb_chr(&b, '\0');
	r.command = arena_printf(d->a, "scp -t %s", path);
	r.in = b.s;
	r.in_len = b.len;
	if (!transport_run(d->transport, d->a, &r, &got, e))
		return false;
	for (i = 0; i < got.out.len && got.out.s[i] == '\0'; i++)
		;
	return (i == got.out.len && i >= 3) || err_kind(e, ERR_UPSTREAM, "file", "%s: the file %s could not be written on the router: %.200s", d->name, path,
	    i < got.out.len ? got.out.s + i + 1 : got.err.s);
}

static bool ros_stage(struct device *d, const char *text, size_t len, enum stage_mode mode, struct err *e) {
	const char *n;

	(void)mode;
	if (!nobody_waits(d, e) || !upload(d, file(d, ".rsc"), text, len, e))
		return false;
	return put(d, d->a, arena_printf(d->a, "[/file get [find where name=\"%s\"] size]", file(d, ".rsc")), &n, e) &&
	    (strspn(n, "0123456789") != strlen(n) || (size_t)strtoull(n, NULL, 10) == len || err_kind(e, ERR_UPSTREAM, "file", "%s: of the text's %zu bytes %s are there", d->name, len, n));
}

static bool has_dry_run(struct device *d, bool *yes, struct err *e) {
	unsigned major = 0, minor = 0;
	const char *version;

	if (!put(d, d->a, "[/system/resource get version]", &version, e))
		return false;
	if (sscanf(version, "%u.%u", &major, &minor) != 2 || major < DRY_RUN_MAJOR)
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s: RouterOS 7 is needed, it is \"%.60s\"", d->name, version);
	*yes = major > DRY_RUN_MAJOR || minor >= DRY_RUN_MINOR;
	return true;
}

static bool ros_check(struct device *d, struct err *e) {
	const char *said, *command = arena_printf(d->a, "/import file-name=%s verbose=yes dry-run", file(d, ".rsc"));
	bool dry = false;

	if (!has_dry_run(d, &dry, e))
		return false;
	if (!dry)
		command = arena_printf(d->a, ":put [:typeof [:parse [/file get [find where name=\"%s\"] contents]]]", file(d, ".rsc"));
	return run(d, d->a, command, &said, e) || refused_as(e, ERR_INVALID, "check");
}

/* What an import adds: the commands that the router's own export does not have. */
static bool ros_diff(struct device *d, struct sbuf *out, struct err *e) {
	struct sbuf running;
	const char *s, *end = d->staged + d->staged_len, *nl;

	sb_init(&running, out->a);
	sb_chr(&running, '\n');
	if (!ros_running(d, &running, e))
		return false;
	for (s = d->staged; s < end; s = nl + (nl < end)) {
		size_t n;

		nl = memchr(s, '\n', (size_t)(end - s));
		if (nl == NULL)
			nl = end;
		n = (size_t)(nl - s) - (nl > s && nl[-1] == '\r');
		if (n > 0 && *s != '#' && strstr(running.s, arena_printf(out->a, "\n%.*s\n", (int)n, s)) == NULL) {
			sb_chr(out, '+');
			sb_mem(out, s, n);
			sb_chr(out, '\n');
		}
	}
	return true;
}

static bool ros_discard(struct device *d, struct err *e) {
	const char *name, *next;

	return waiting(d, &name, &next, e) && (strcmp(name, d->change) == 0 || remove_files(d, e));
}

/* Until the router has restarted and the entry is gone with all else that came after the backup. */
static bool wait_for_restart(struct device *d, struct err *e) {
	int64_t deadline = time_ms() + (int64_t)RESTART_SECONDS * 1000;
	const char *name, *next;
	unsigned i;

	for (;;) {
		if (d->transport != NULL && waiting(d, &name, &next, e) && strcmp(name, d->change) != 0)
			return true;
		for (i = 0; i < 5; i++) {       /* a second */
			if (!wait_ready(d, NULL, 0, deadline, "restart", e))
				return false;
		}
		if (d->transport != NULL)
			transport_close(d->transport);
		d->transport = NULL;
		if (!transport_open(d, &d->transport, e))
			d->transport = NULL;
	}
}

/* The entry does it, at once: what it runs asks nobody back, as the command line would. */
static bool load_backup(struct device *d, struct err *e) {
	const char *said;

	return run(d, d->a, arena_printf(d->a, "/system/scheduler set [find where name=\"%s\"] interval=2s", d->change), &said, e) && wait_for_restart(d, e);
}

static bool arm(struct device *d, unsigned seconds, const char *comment, struct err *e) {
	const char *said, *found;

	(void)comment;
	if (!run(d, d->a, arena_printf(d->a, "/system/backup save name=%s dont-encrypt=yes", file(d, "")), &said, e) ||
	    !put(d, d->a, arena_printf(d->a, "[:len [/file find where name=\"%s\"]]", file(d, ".backup")), &found, e))
		return false;
	if (strcmp(found, "1") != 0)
		return err_kind(e, ERR_UPSTREAM, "file", "%s: the router made no backup: %.200s", d->name, said);
	return run(d, d->a, arena_printf(d->a,
	    "/system/scheduler add name=\"%s\" interval=%us comment=\"%s\" on-event=\"/system/backup load name=%s password=\\\"\\\"\"", d->change, seconds, change_mark,
	    file(d, ".backup")), &said, e);
}

static bool ros_confirm(struct device *d, struct err *e);

static bool ros_commit(struct device *d, unsigned seconds, const char *comment, struct err *e) {
	const char *said;
	struct err back;

	if (!nobody_waits(d, e))
		return false;
	if (!arm(d, seconds == 0 ? RESTART_SECONDS : seconds, comment, e))
		return refused_as(e, ERR_UPSTREAM, "commit");
	if (run(d, d->a, arena_printf(d->a, "/import file-name=%s", file(d, ".rsc")), &said, e))
		return seconds != 0 || ros_confirm(d, e);
	if (refused_as(e, ERR_UPSTREAM, "commit") || strcmp(e->kind, "commit") != 0)
		return false;
	device_log(d, DEVICE_WARNING, "the import failed: the router restarts with what ran before");
	if (!load_backup(d, &back))
		device_log(d, DEVICE_WARNING, "%s", back.msg);
	return false;
}

/* What the entry loaded by itself left its files there. */
static bool must_wait(struct device *d, struct err *e) {
	const char *name, *next;
	struct err other;

	if (!waiting(d, &name, &next, e))
		return false;
	if (strcmp(name, d->change) == 0)
		return true;
	if (!remove_files(d, &other))
		device_log(d, DEVICE_WARNING, "%s", other.msg);
	return err_kind(e, ERR_NOT_FOUND, "none", "%s: no change named %s waits: it was confirmed, or its time has run out and the router has gone back", d->name,
	    d->change);
}

static bool ros_confirm(struct device *d, struct err *e) {
	const char *said;

	return must_wait(d, e) && (run(d, d->a, arena_printf(d->a, "/system/scheduler remove [find where name=\"%s\"]", d->change), &said, e) ||
	    refused_as(e, ERR_UPSTREAM, "commit")) && remove_files(d, e);
}

static bool ros_rollback(struct device *d, struct err *e) {
	return must_wait(d, e) && (load_backup(d, e) || refused_as(e, ERR_UPSTREAM, "commit")) && remove_files(d, e);
}

static const char *const aliases[] = { "mikrotik", "mikrotik_routeros", "ros", NULL };

const struct driver driver_routeros = {
	.name = "routeros", .label = "MikroTik RouterOS", .aliases = aliases,
	.can = CAN_MERGE | CAN_CHECK | CAN_UNDO,
	.transport = VIA_SSH, .port = 22, .timer_min = 60, .timer_max = 86400, .removal = "find",
	.open = ros_open, .facts = ros_facts, .neighbours = ros_neighbours, .running = ros_running,
	.stage = ros_stage, .check = ros_check, .diff = ros_diff, .commit = ros_commit, .discard = ros_discard,
	.pending = ros_pending, .confirm = ros_confirm, .rollback = ros_rollback,
};
