/*
 * frr.c: FRRouting, through vtysh and frr-reload.py on its host. `vtysh -C` checks; frr-reload.py tells the difference and applies it, line by line and not
 * all or nothing: what remains afterwards is looked at, and a change that was taken in part is undone at once. There is no timer: the undo script
 * stands in. The start-up configuration (frr.conf) stays as it was until the change is confirmed.
 *
 * frr-reload.py run on a file with a syntax error shows a difference that deletes everything: it is never run on one that vtysh did not accept. It
 * saves to frr.conf unless the file it is given is the frr.conf of its --confdir: so each change has a folder of its own.
 *
 * Driver arguments: `namespace` (vtysh -N), `vty_socket`, `config_dir`, `reload_program` (default /usr/lib/frr/frr-reload.py), and those of unix.h.
 */
#include "config.h"

#include <stdlib.h>

#include "base/net.h"
#include "devices/unix.h"

static const char *vtysh(struct device *d) {
	static const char *const options[] = { "namespace", "-N", "vty_socket", "--vty_socket", "config_dir", "--config_dir", NULL };

	return arena_printf(d->a, "vtysh%s", unix_options(d, options));
}

/* Shell functions: folder DIR makes DIR one that frr-reload.py takes for a configuration folder; reload DIR ARGUMENT works on DIR/frr.conf. */
static const char *functions(struct device *d) {
	static const char *const options[] = { "namespace", "-N", "vty_socket", "--vty_socket", NULL };
	const char *space = device_arg(d, "namespace", "");
	struct sbuf b;

	sb_init(&b, d->a);
	sb_str(&b, "N=");
	sb_shell(&b, space, strlen(space));
	sb_str(&b, "\nfolder() { mkdir -p \"$1/$N\" && for f in \"$1/vtysh.conf\" \"$1/$N/vtysh.conf\"; do echo 'service integrated-vtysh-config' > \"$f\"; done; }\n"
	    "reload() { ");
	sb_shell(&b, device_arg(d, "reload_program", "/usr/lib/frr/frr-reload.py"), strlen(device_arg(d, "reload_program", "/usr/lib/frr/frr-reload.py")));
	sb_fmt(&b, " --confdir \"$1\" --rundir \"$S\"%s --stdout $2 \"$1/frr.conf\"; }\n", unix_options(d, options));
	return b.s;
}

static bool frr_facts(struct device *d, struct arena *a, struct facts *out, struct err *e) {
	return unix_facts(d, a, "FRRouting", arena_printf(a, "%s -c 'show version' 2>/dev/null", vtysh(d)), out, e);
}

static bool frr_running(struct device *d, struct sbuf *out, struct err *e) {
	struct command_result r;

	if (!unix_must(d, out->a, "reading the running configuration", arena_printf(d->a, "%s -c 'show running-config no-header'", vtysh(d)), NULL, 0, &r, e))
		return false;
	if (r.out.len == 0 || strstr(r.out.s, "frr version") == NULL)
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s: vtysh shows no configuration: \"%.200s\"", d->name, r.out.s);
	sb_mem(out, r.out.s, r.out.len);
	return true;
}

/* ---- neighbours ---- */

static void count_families(struct neighbour *n, struct val families) {
	size_t i;

	if (families.type != V_MAP)
		return;
	for (i = 0; i < families.u.map->n; i++) {
		int64_t in = member_int(map_val(families.u.map, i), "acceptedPrefixCounter", -1), out = member_int(map_val(families.u.map, i), "sentPrefixCounter", -1);

		if (in >= 0)
			n->accepted = (n->accepted < 0 ? 0 : n->accepted) + in;
		if (out >= 0)
			n->advertised = (n->advertised < 0 ? 0 : n->advertised) + out;
	}
}

static const char *reset_reason(struct arena *a, struct val v) {
	const char *due = member_text(v, "lastResetDueTo"), *notification = member_text(v, "lastNotificationReason"), *said = member_text(v, "lastShutdownDescription");
	struct sbuf b;

	/* before the first session there was no reset: what it then tells is what it waits for, of use only while it is down */
	if (member_int(v, "connectionsDropped", 0) == 0 && strcmp(member_text(v, "bgpState"), "Established") == 0)
		return "";
	sb_init(&b, a);
	sb_str(&b, due);
	if (notification[0] != '\0')
		sb_fmt(&b, "%s%s", b.len == 0 ? "" : ": ", notification);
	if (said[0] != '\0')
		sb_fmt(&b, "%s%s", b.len == 0 ? "" : ": ", said);
	return b.s;
}

static void take_neighbour(struct neighbours *list, struct arena *a, const char *vrf, const char *key, struct val v) {
	struct neighbour *n = neighbours_at(list, a, key);
	int64_t ms;

	if (n == NULL)          /* by interface: the address stands inside, once there is one */
		n = neighbours_at(list, a, member_text(v, "bgpNeighborAddr"));
	if (n == NULL)
		return;
	n->vrf = strcmp(vrf, "default") == 0 ? "" : vrf;
	n->asn = (uint32_t)member_int(v, "remoteAs", 0);
	n->state = bgp_state_of(member_text(v, "bgpState"));
	n->shutdown = member_true(v, "adminShutDown");
	n->description = member_text(v, "nbrDesc");
	n->last_reset = reset_reason(a, v);
	ms = n->state == BGP_ESTABLISHED ? member_int(v, "bgpTimerUpMsec", -1) : member_int(v, "lastResetTimerMsecs", -1);
	n->uptime = ms < 0 ? -1 : ms / 1000;
	if (n->state == BGP_ESTABLISHED)
		count_families(n, map_get(v.u.map, "addressFamilyInfo"));
}

bool frr_list_neighbours(struct device *d, struct arena *a, const char *vtysh_command, struct neighbours *out, struct err *e) {
	struct command_result r;
	struct val v;
	size_t i, k;

	if (!unix_must(d, a, "asking FRR for its neighbours", arena_printf(a, "%s -c 'show bgp vrf all neighbors json'", vtysh_command), NULL, 0, &r, e))
		return false;
	if (strstr(r.out.s, "BGP instance not found") != NULL)
		return true;
	if (!device_json(a, "show bgp vrf all neighbors json", r.out.s, r.out.len, &v, e))
		return false;
	for (i = 0; v.type == V_MAP && i < v.u.map->n; i++) {
		struct val vrf = map_val(v.u.map, i);

		for (k = 0; vrf.type == V_MAP && k < vrf.u.map->n; k++) {
			if (map_val(vrf.u.map, k).type == V_MAP)
				take_neighbour(out, a, map_key(v.u.map, i).u.s, map_key(vrf.u.map, k).u.s, map_val(vrf.u.map, k));
		}
	}
	return true;
}

static bool frr_neighbours(struct device *d, struct arena *a, struct neighbours *out, struct err *e) {
	return frr_list_neighbours(d, a, vtysh(d), out, e);
}

/* ---- changes ---- */

static bool frr_stage(struct device *d, const char *text, size_t len, enum stage_mode mode, struct err *e) {
	struct command_result r;

	(void)mode;
	return unix_must(d, d->a, "staging", arena_printf(d->a, "%sfolder \"$S/$I.new\" && cat > \"$S/$I.new/frr.conf\"", functions(d)), text, len, &r, e);
}

static bool frr_discard(struct device *d, struct err *e) {
	struct command_result r;

	return unix_must(d, d->a, "removing what was staged", "rm -rf \"$S/$I.new\"", NULL, 0, &r, e);
}

static bool frr_check(struct device *d, struct err *e) {
	struct command_result r;

	if (!unix_run(d, d->a, arena_printf(d->a, "%s -C -f \"$S/$I.new/frr.conf\" 2>&1", vtysh(d)), NULL, 0, &r, e))
		return false;
	return r.status == 0 || err_kind(e, ERR_INVALID, "check", "%s: FRR says: %.400s", d->name, unix_said(&r));
}

static size_t indent(const char *line) {
	return strspn(line, " ");
}

/* Lines that FRR shows of itself: a text need not repeat them, and a change neither tells of them nor stumbles over them. */
static bool is_own(const char *line) {
	static const char *const own[] = { "hostname ", "frr version ", "frr defaults ", "service integrated-vtysh-config", "bgp no-rib", "log ", "no ip forwarding",
		"no ipv6 forwarding", "domainname " };
	size_t i;

	for (i = 0; i < ARRAY_LEN(own); i++) {
		if (strncmp(line, own[i], strlen(own[i])) == 0)
			return true;
	}
	return false;
}

/* A part of frr-reload's answer, with "+" or "-" before what changes and a blank before the lines that only lead to it. Commands that
 * take away begin with "no": without it they are the line that goes. */
static void put_part(struct sbuf *out, const char *s, const char *end, char sign) {
	const char *led = "";           /* the last line that leads: many changes in one place have it once */

	while (s < end) {
		size_t n = strcspn(s, "\n");
		const char *next = s + n + (s[n] != '\0'), *text = s + indent(s);
		bool leads = next < end && *next != '\n' && indent(next) > indent(s);

		bool no = sign == '-' && !leads && strncmp(text, "no ", 3) == 0;

		if (leads && strncmp(led, s, n + 1) == 0) {
			s = next;
			continue;
		}
		if (leads)
			led = s;
		if (n > 0 && strncmp(text, "exit", 4) != 0 && text < s + n && (sign != '-' || !is_own(text + (no ? 3 : 0)))) {
			sb_chr(out, leads ? ' ' : sign);
			sb_mem(out, s, indent(s));
			sb_mem(out, text + (no ? 3 : 0), (size_t)(s + n - text) - (no ? 3 : 0));
			sb_chr(out, '\n');
		}
		s = next;
	}
}

/* The lines after a heading and its underline, up to the next heading. */
static bool part_of(const char *text, const char *heading, const char **from, const char **to) {
	const char *at = strstr(text, heading), *next;

	if (at == NULL)
		return false;
	at = strchr(at, '\n');
	at = at == NULL ? NULL : strchr(at + 1, '\n');
	if (at == NULL)
		return false;
	*from = at + 1;
	next = strstr(at, "\nLines To ");
	*to = next == NULL ? at + strlen(at) : next + 1;
	return true;
}

/* What frr-reload.py would do for the file in the change's folder `which` (new, old). */
static bool delta(struct device *d, const char *which, struct command_result *r, struct err *e) {
	if (!unix_run(d, d->a, arena_printf(d->a, "%sreload \"$S/$I.%s\" --test", functions(d), which), NULL, 0, r, e))
		return false;
	if (r->status == 0)
		return true;
	return err_kind(e, ERR_UPSTREAM, "command", "%s: frr-reload.py (package frr-pythontools) tells no difference: status %d: %.300s", d->name, r->status,
	    r->out.len > 0 ? r->out.s : r->err.s);
}

static bool frr_diff(struct device *d, struct sbuf *out, struct err *e) {
	const char *from, *to;
	struct command_result r;

	if (!d->checked && !device_check(d, e))
		return false;
	if (!delta(d, "new", &r, e))
		return false;
	if (d->staged_mode == STAGE_REPLACE && part_of(r.out.s, "Lines To Delete\n", &from, &to))
		put_part(out, from, to, '-');
	if (part_of(r.out.s, "Lines To Add\n", &from, &to))
		put_part(out, from, to, '+');
	return true;
}

/* After the fact: what should be gone and is not, is a failure; what should be there and does not show may be a default. */
static bool see_result(struct device *d, struct err *e) {
	const char *from, *to;
	struct command_result r;
	struct sbuf kept;

	if (d->staged_mode == STAGE_MERGE)
		return true;
	if (!delta(d, "new", &r, e))
		return false;
	sb_init(&kept, d->a);
	if (part_of(r.out.s, "Lines To Delete\n", &from, &to))
		put_part(&kept, from, to, '-');
	if (kept.s[0] == '-' || strstr(kept.s, "\n-") != NULL)
		return err_kind(e, ERR_UPSTREAM, "commit", "%s: FRR kept lines that should be gone: %.300s", d->name, kept.s);
	if (part_of(r.out.s, "Lines To Add\n", &from, &to))
		device_log(d, DEVICE_INFO, "FRR does not show these lines, which may be its defaults: %.*s", (int)(to - from > 300 ? 300 : to - from), from);
	return true;
}

/* The words of a failed run that matter: lines with "%" or "failed". */
static const char *complaint(struct arena *a, const char *text) {
	struct sbuf b;
	const char *s;
	size_t n;

	sb_init(&b, a);
	for (s = text; *s != '\0' && b.len < 300; s += n + (s[n] != '\0')) {
		n = strcspn(s, "\n");
		if (memchr(s, '%', n) != NULL || strstr(s, "ailed") < s + n) {
			if (strstr(s, "ailed") == NULL && memchr(s, '%', n) == NULL)
				continue;
			sb_mem(&b, s, n);
			sb_str(&b, "; ");
		}
	}
	return b.len == 0 ? text : b.s;
}

/*
 * frr-reload.py takes away line by line, a vtysh for each: many hundreds of neighbours would take it minutes. Beyond that many lines all that it would take
 * away goes to one vtysh first; what that leaves, and the rest, is frr-reload's again.
 */
#define MANY_LINES "150"
static const char *take_away(struct device *d) {
	return arena_printf(d->a, "reload \"$S/$I.new\" --test | awk '/^Lines To Delete/ { on = 1; getline; next } /^Lines To Add/ { on = 0 } on' > \"$S/$I.away\"\n"
	    "[ \"$(wc -l < \"$S/$I.away\")\" -lt " MANY_LINES " ] || %s -f \"$S/$I.away\" >/dev/null 2>&1\n", vtysh(d));
}

static bool apply(struct device *d, struct err *e) {
	struct command_result r;
	const char *script = d->staged_mode == STAGE_MERGE ?
	    arena_printf(d->a, "echo $$ > \"$S/$I.applying\"; %s -f \"$S/$I.new/frr.conf\" 2>&1", vtysh(d)) :
	    arena_printf(d->a, "%secho $$ > \"$S/$I.applying\"\n%sreload \"$S/$I.new\" --reload", functions(d), take_away(d));

	if (!unix_run(d, d->a, script, NULL, 0, &r, e))
		return false;
	if (r.status != 0)
		return err_kind(e, ERR_UPSTREAM, "commit", "%s: FRR did not take all of the configuration: %.380s", d->name, complaint(d->a, r.out.s));
	return see_result(d, e);
}

static bool frr_commit(struct device *d, unsigned seconds, const char *comment, struct err *e) {
	struct command_result r;
	struct sbuf old;

	(void)comment;
	sb_init(&old, d->a);
	if (!frr_running(d, &old, e) || !unix_must(d, d->a, "keeping the old configuration",
	    arena_printf(d->a, "%sfolder \"$S/$I.old\" && cat > \"$S/$I.old/frr.conf\"", functions(d)), old.s, old.len, &r, e))
		return false;
	return undo_commit(d, seconds, arena_printf(d->a, "%sreload \"$S/$I.old\" --reload", functions(d)), apply, e);
}

static bool frr_confirm(struct device *d, struct err *e) {
	struct command_result r;

	return undo_confirm(d, e) && unix_must(d, d->a, "saving the confirmed configuration", arena_printf(d->a, "%s -c 'write memory' >&2", vtysh(d)), NULL, 0, &r, e);
}

static const char *const aliases[] = { "frrouting", "vtysh", "cumulus", NULL };

const struct driver driver_frr = {
	.name = "frr", .label = "FRRouting", .aliases = aliases,
	.can = CAN_REPLACE | CAN_MERGE | CAN_CHECK | CAN_DIFF | CAN_UNDO,
	.transport = VIA_SSH, .port = 22, .timer_min = 10, .timer_max = 86400,
	.settle = 7,                    /* route-maps are at work after `bgp route-map delay-timer`, 5 seconds of its own */
	.facts = frr_facts, .neighbours = frr_neighbours, .running = frr_running,
	.stage = frr_stage, .check = frr_check, .diff = frr_diff, .commit = frr_commit, .discard = frr_discard,
	.pending = undo_pending, .confirm = frr_confirm, .rollback = undo_rollback,
};
