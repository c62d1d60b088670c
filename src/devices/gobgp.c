/*
 * gobgp.c: GoBGP, through gobgp and signals on its host. A file that it cannot read is passed over in silence on SIGHUP: it is checked before with
 * --dry-run. It has neither difference nor timer: the undo script stands in, and the new file lies in place from the commit on, as
 * nothing tells when the daemon has read it. It resets the sessions whose neighbour's AS, password, addresses or families change; of its own AS and
 * router id it takes no change before a restart, so that such a one is refused.
 *
 * Driver arguments: `file` (default /etc/gobgpd.conf), `config_type` (toml, yaml ...; by the file's name otherwise), `api_host`, `api_port`, `reload` (command that
 * has it read the file again; default: SIGHUP to the process in `pid_file`, or to the one that is named gobgpd), and those of unix.h.
 */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/net.h"
#include "devices/unix.h"

static bool gobgp_open(struct device *d, struct err *e) {
	(void)e;
	unix_default_file(d, "/etc/gobgpd.conf");
	return true;
}

static const char *gobgp(struct device *d) {
	static const char *const options[] = { "api_host", "-u", "api_port", "-p", NULL };

	return arena_printf(d->a, "gobgp%s", unix_options(d, options));
}

/* The form of the file: as said, or by the ending of its name. */
static const char *config_type(struct device *d) {
	const char *said = device_arg(d, "config_type", ""), *file = device_arg(d, "file", ""), *dot = strrchr(file, '.');
	static const char *const types[] = { "toml", "yaml", "json", "hcl" };
	size_t i;

	if (said[0] == '\0' && dot != NULL)
		said = strcmp(dot, ".yml") == 0 ? "yaml" : dot + 1;
	for (i = 0; i < ARRAY_LEN(types); i++) {
		if (strcmp(said, types[i]) == 0)
			return types[i];
	}
	return "toml";
}

static bool gobgp_facts(struct device *d, struct arena *a, struct facts *out, struct err *e) {
	return unix_facts(d, a, "OSRG", "gobgpd --version", out, e);
}

/* ---- neighbours ---- */

static void take_neighbour(struct neighbours *list, struct arena *a, struct val v, int64_t now) {
	static const enum bgp_state states[] = { BGP_UNKNOWN, BGP_IDLE, BGP_CONNECT, BGP_ACTIVE, BGP_OPENSENT, BGP_OPENCONFIRM, BGP_ESTABLISHED };
	struct val conf = val_path(a, v, "conf"), state = val_path(a, v, "state"), times = val_path(a, v, "timers.state"), families = val_path(a, v, "afi_safis");
	const char *address = member_text(conf, "neighbor_address");
	int64_t number = member_int(state, "session_state", 0), since;
	struct neighbour *n;
	size_t i;

	n = neighbours_at(list, a, address);
	if (n == NULL)
		return;
	n->vrf = member_text(conf, "vrf");
	n->asn = (uint32_t)member_int(conf, "peer_asn", member_int(state, "peer_asn", 0));
	n->description = member_text(conf, "description");
	n->state = number >= 0 && number < (int64_t)ARRAY_LEN(states) ? states[number] : BGP_UNKNOWN;
	n->shutdown = member_int(state, "admin_state", 0) == 1 || member_true(conf, "admin_down");
	n->last_reset = member_text(state, "disconnect_message");
	since = member_int(val_path(a, times, n->state == BGP_ESTABLISHED ? "uptime" : "downtime"), "seconds", 0);
	n->uptime = since <= 0 ? -1 : since > now ? 0 : now - since;
	if (families.type != V_LIST || n->state != BGP_ESTABLISHED)
		return;
	n->received = n->accepted = n->advertised = 0;         /* what is zero is left out of its JSON */
	for (i = 0; i < families.u.list->n; i++) {
		struct val s = val_path(a, families.u.list->v[i], "state");

		n->received += member_int(s, "received", 0);
		n->accepted += member_int(s, "accepted", 0);
		n->advertised += member_int(s, "advertised", 0);
	}
}

static bool gobgp_neighbours(struct device *d, struct arena *a, struct neighbours *out, struct err *e) {
	struct command_result r;
	struct val v;
	const char *json;
	int64_t now;
	size_t i;

	if (!unix_must(d, a, "asking GoBGP for its neighbours", arena_printf(a, "date +%%s; %s -j neighbor", gobgp(d)), NULL, 0, &r, e))
		return false;
	now = strtoll(r.out.s, NULL, 10);
	json = strchr(r.out.s, '\n');
	json = json == NULL ? "" : json + 1;
	if (!device_json(a, "gobgp neighbor", json, strlen(json), &v, e))
		return false;
	if (v.type != V_LIST && v.type != V_NULL)
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s: gobgp shows no list of neighbours: %.200s", d->name, json);
	for (i = 0; v.type == V_LIST && i < v.u.list->n; i++)
		take_neighbour(out, a, v.u.list->v[i], now);
	return true;
}

/* ---- changes ---- */

/* A word of the text by itself, not part of a longer one. */
static bool has_word(const char *text, const char *word) {
	size_t n = strlen(word);
	const char *at;

	for (at = strstr(text, word); at != NULL && n > 0; at = strstr(at + 1, word)) {
		bool begins = at == text || !isalnum((unsigned char)at[-1]), ends = !isalnum((unsigned char)at[n]) && (at[n] != '.' || !isdigit((unsigned char)at[n + 1]));

		if (begins && (at == text || at[-1] != '.') && ends)
			return true;
	}
	return false;
}

/* A changed AS or router id of its own would lie in the file unheeded until the next restart, and break all sessions then. */
static bool same_global(struct device *d, struct err *e) {
	struct command_result r;
	struct val v;
	int64_t asn;
	const char *id;

	if (!unix_must(d, d->a, "asking GoBGP who it is", arena_printf(d->a, "%s -j global", gobgp(d)), NULL, 0, &r, e) ||
	    !device_json(d->a, "gobgp global", r.out.s, r.out.len, &v, e))
		return false;
	asn = member_int(v, "asn", 0);
	id = member_text(v, "router_id");
	if ((asn == 0 || has_word(d->staged, arena_printf(d->a, "%lld", (long long)asn))) && (*id == '\0' || has_word(d->staged, id)))
		return true;
	return err_kind(e, ERR_INVALID, "check", "%s: GoBGP runs with AS %lld and router id %s, which the configuration does not have; it would take others only at a "
	    "restart: change them there by hand", d->name, (long long)asn, id);
}

static bool gobgp_check(struct device *d, struct err *e) {
	struct command_result r;

	if (!unix_run(d, d->a, arena_printf(d->a, "gobgpd --dry-run -t %s -f \"$F.$I\"", config_type(d)), NULL, 0, &r, e))
		return false;
	return r.status == 0 ? same_global(d, e) : err_kind(e, ERR_INVALID, "check", "%s: GoBGP says: %.400s", d->name, unix_said(&r));
}

/* Shell words: put the file $1 in the place of $F, have it read, see that the daemon still answers. */
static const char *take_file(struct device *d) {
	const char *reload = device_arg(d, "reload", ""), *pid_file = device_arg(d, "pid_file", "");
	struct sbuf b;

	sb_init(&b, d->a);
	if (reload[0] != '\0') {
		sb_str(&b, reload);
	} else if (pid_file[0] != '\0') {
		sb_str(&b, "kill -HUP \"$(cat ");
		sb_shell(&b, pid_file, strlen(pid_file));
		sb_str(&b, ")\"");
	} else {
		sb_str(&b, "kill -HUP $(pidof gobgpd || pgrep -x gobgpd)");
	}
	return arena_printf(d->a, "take() { cp -p \"$1\" \"$F.take\" && mv -f \"$F.take\" \"$F\" && %s && sleep 1 && %s global >/dev/null; }\n", b.s, gobgp(d));
}

static bool gobgp_commit(struct device *d, unsigned seconds, const char *comment, struct err *e) {
	const char *take = take_file(d);
	struct command_result r;
	struct err undo = { .code = ERR_NONE };

	(void)comment;
	if (!unix_must(d, d->a, "keeping the old configuration", "mkdir -p \"$S\" && cp -p \"$F\" \"$S/$I.old\" && mv -f \"$F.$I\" \"$S/$I.new\"", NULL, 0, &r, e))
		return false;
	if (seconds != 0 && !undo_arm(d, seconds, arena_printf(d->a, "%stake \"$S/$I.old\"", take), e))
		return false;
	if (!unix_run(d, d->a, arena_printf(d->a, "%stake \"$S/$I.new\"", take), NULL, 0, &r, e))
		return false;
	if (r.status == 0)
		return true;
	err_kind(e, ERR_UPSTREAM, "commit", "%s: GoBGP did not take the configuration: %.300s", d->name, unix_said(&r));
	if (seconds != 0 && !undo_rollback(d, &undo))
		device_log(d, DEVICE_WARNING, "%s", undo.msg);
	return false;
}

static const char *const aliases[] = { "gobgpd", NULL };

const struct driver driver_gobgp = {
	.name = "gobgp", .label = "GoBGP", .aliases = aliases,
	.can = CAN_REPLACE | CAN_CHECK | CAN_UNDO | CAN_ATOMIC,
	.transport = VIA_SSH, .port = 22, .timer_min = 1, .timer_max = 86400,
	.open = gobgp_open, .facts = gobgp_facts, .neighbours = gobgp_neighbours, .running = unix_running,
	.stage = unix_stage, .check = gobgp_check, .commit = gobgp_commit, .discard = unix_discard,
	.pending = undo_pending, .confirm = undo_confirm, .rollback = undo_rollback,
};
