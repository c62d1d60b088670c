/*
 * openbgpd.c: OpenBGPD, through bgpctl on its host. It takes a file all or not at all, but `bgpctl reload` says 0 either way: its text counts. It has
 * neither difference nor timer: the undo script stands in. The new file is in its place only while the daemon reads it; until the change is
 * confirmed the old one lies there again, for a restart of the host. A reload keeps each session as it was opened: those that the change asks for otherwise
 * are reset, on the way back as well (openbgpd_reset.h).
 *
 * Driver arguments: `file` (default /etc/bgpd.conf), `socket` (bgpctl's default), and those of unix.h.
 */
#include "config.h"

#include "base/net.h"
#include "devices/openbgpd_reset.h"
#include "devices/unix.h"

static bool openbgpd_open(struct device *d, struct err *e) {
	(void)e;
	unix_default_file(d, "/etc/bgpd.conf");
	return true;
}

static const char *bgpctl(struct device *d) {
	static const char *const options[] = { "socket", "-s", NULL };

	return arena_printf(d->a, "bgpctl%s", unix_options(d, options));
}

static bool openbgpd_facts(struct device *d, struct arena *a, struct facts *out, struct err *e) {
	return unix_facts(d, a, "OpenBSD", "bgpd -V", out, e);
}

/* ---- neighbours ---- */

/* Why it last went down: the first that it tells. */
static const char *reset_reason(struct val n) {
	static const char *const keys[] = { "last_shutdown_reason", "last_error_received", "last_error_sent", "last_error", "my_shutdown_reason" };
	size_t i;

	for (i = 0; i < ARRAY_LEN(keys); i++) {
		const char *v = member_text(n, keys[i]);

		if (v[0] != '\0')
			return v;
	}
	return "";
}

static void take_neighbour(struct neighbours *list, struct arena *a, struct val v) {
	struct val config = v.type == V_MAP ? map_get(v.u.map, "config") : val_undef(), counts = val_path(a, v, "stats.prefixes");
	const char *address = member_text(v, "remote_addr"), *asn = member_text(v, "remote_as");
	struct neighbour *n = member_true(config, "template") ? NULL : neighbours_at(list, a, address);

	if (n == NULL)
		return;
	asn_parse(asn, strlen(asn), &n->asn);
	n->state = bgp_state_of(member_text(v, "state"));
	n->shutdown = member_true(config, "down");
	n->received = member_int(counts, "received", -1);
	n->advertised = member_int(counts, "sent", -1);
	n->uptime = member_int(v, "last_updown_sec", -1);
	n->last_reset = reset_reason(v);
	n->description = member_text(v, "description");
}

static bool openbgpd_neighbours(struct device *d, struct arena *a, struct neighbours *out, struct err *e) {
	struct command_result r;
	struct val v, list;
	size_t i;

	if (!unix_must(d, a, "asking OpenBGPD for its neighbours", arena_printf(a, "%s -j show neighbor", bgpctl(d)), NULL, 0, &r, e) ||
	    !device_json(a, "bgpctl show neighbor", r.out.s, r.out.len, &v, e))
		return false;
	/* that is how a daemon answers that has none at all */
	if (v.type == V_MAP && strcmp(member_text(v, "error"), "no such neighbor") == 0)
		return true;
	list = v.type == V_MAP ? map_get(v.u.map, "neighbors") : val_undef();
	if (list.type != V_LIST)
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s: bgpctl shows no list of neighbours: %.200s", d->name, r.out.s);
	for (i = 0; i < list.u.list->n; i++)
		take_neighbour(out, a, list.u.list->v[i]);
	return true;
}

/* ---- changes ---- */

static bool openbgpd_check(struct device *d, struct err *e) {
	struct command_result r;

	if (!unix_run(d, d->a, "bgpd -n -f \"$F.$I\"", NULL, 0, &r, e))
		return false;
	return r.status == 0 || err_kind(e, ERR_INVALID, "check", "%s: OpenBGPD says: %.400s", d->name, unix_said(&r));
}

#define PARTED "=====8<===== peerage =====8<====="

/* Both files and what bgpd reads in them: which sessions must be reset. */
static bool find_resets(struct device *d, struct list **out, struct err *e) {
	const char *part[3] = { "", "", "" };
	struct command_result r;
	char *s;
	size_t n = 0;

	if (!unix_must(d, d->a, "comparing the sessions", "cat \"$F\"; echo; echo '" PARTED "'; bgpd -nv -f \"$F\" 2>/dev/null; echo '" PARTED "'; "
	    "bgpd -nv -f \"$F.$I\" 2>/dev/null", NULL, 0, &r, e))
		return false;
	for (s = r.out.s; s != NULL && n < ARRAY_LEN(part); n++) {
		part[n] = s;
		s = strstr(s, PARTED "\n");
		if (s != NULL) {
			*s = '\0';
			s += strlen(PARTED) + 1;
		}
	}
	*out = openbgpd_resets(d->a, &(struct openbgpd_text){ part[0], part[1] }, &(struct openbgpd_text){ d->staged, part[2] });
	return true;
}

/* The commands that reset them, and a line about it. */
static const char *reset_all(struct device *d, const struct list *which) {
	struct sbuf commands, names;

	sb_init(&commands, d->a);
	sb_init(&names, d->a);
	for (size_t i = 0; i < which->n; i++) {
		sb_fmt(&names, "%s%s", i == 0 ? "" : ", ", which->v[i].u.s);
		sb_fmt(&commands, "; %s neighbor %s clear >/dev/null 2>&1", bgpctl(d), which->v[i].u.s);
	}
	if (which->n > 0)
		device_log(d, DEVICE_INFO, "reset with the commit, as a reload would keep them as they are: %s", names.s);
	return commands.s;
}

/* Shell words: put the file $1 in the place of $F and have it read; then `reset`. */
static const char *take_file(struct device *d, const char *comment, const char *reset) {
	return arena_printf(d->a, "take() { cp -p \"$1\" \"$F.take\" && mv -f \"$F.take\" \"$F\" && %s reload '%s' 2>&1 | tee \"$S/$I.said\" | grep -q 'request processed' "
	    "|| return 1%s; true; }\n", bgpctl(d), comment, reset);
}

static bool openbgpd_commit(struct device *d, unsigned seconds, const char *comment, struct err *e) {
	const char *take, *back, *reset;
	struct command_result r;
	struct list *resets;

	if (!find_resets(d, &resets, e))
		return false;
	reset = reset_all(d, resets);
	take = take_file(d, unix_comment(d->a, comment), reset);
	back = take_file(d, "undo", reset);
	if (!unix_must(d, d->a, "keeping the old configuration", "mkdir -p \"$S\" && cp -p \"$F\" \"$S/$I.old\" && mv -f \"$F.$I\" \"$S/$I.new\"", NULL, 0, &r, e))
		return false;
	if (seconds != 0 && !undo_arm(d, seconds, arena_printf(d->a, "%stake \"$S/$I.old\"", back), e))
		return false;
	if (!unix_run(d, d->a, arena_printf(d->a,
	    "%stake \"$S/$I.new\" || { cat \"$S/$I.said\" >&2; cp -p \"$S/$I.old\" \"$F.take\" && mv -f \"$F.take\" \"$F\"; exit 1; }\n"
	    "%s", take, seconds == 0 ? "" : "cp -p \"$S/$I.old\" \"$F.take\" && mv -f \"$F.take\" \"$F\""), NULL, 0, &r, e))
		return false;
	if (r.status == 0)
		return true;
	err_kind(e, ERR_UPSTREAM, "commit", "%s: OpenBGPD did not take the configuration: %.300s", d->name, unix_said(&r));
	if (seconds != 0) {
		struct err undo = { .code = ERR_NONE };

		if (!undo_rollback(d, &undo))
			device_log(d, DEVICE_WARNING, "%s", undo.msg);
	}
	return false;
}

static bool openbgpd_confirm(struct device *d, struct err *e) {
	struct command_result r;

	return undo_confirm(d, e) && unix_must(d, d->a, "putting the confirmed file in place",
	    "cp -p \"$S/$I.new\" \"$F.take\" && mv -f \"$F.take\" \"$F\"", NULL, 0, &r, e);
}

static const char *const aliases[] = { "bgpd", "openbsd", NULL };

const struct driver driver_openbgpd = {
	.name = "openbgpd", .label = "OpenBGPD", .aliases = aliases,
	.can = CAN_REPLACE | CAN_CHECK | CAN_UNDO | CAN_ATOMIC,
	.transport = VIA_SSH, .port = 22, .timer_min = 1, .timer_max = 86400,
	.open = openbgpd_open, .facts = openbgpd_facts, .neighbours = openbgpd_neighbours, .running = unix_running,
	.stage = unix_stage, .check = openbgpd_check, .commit = openbgpd_commit, .discard = unix_discard,
	.pending = undo_pending, .confirm = openbgpd_confirm, .rollback = undo_rollback,
};
