/*
 * eos.c: Arista EOS, through eAPI: JSON-RPC over HTTPS. A change is a configuration session of its name, committed with the router's own timer:
 * `commit` in it again confirms, `abort` goes back. The lines of a session are checked as they come in, so a refused one ends the staging.
 *
 * Comment lines are left out; the lines of a banner up to EOF go along as its input. Driver arguments: none but the common ones.
 */
#include "config.h"

#include "base/json.h"
#include "base/net.h"
#include "devices/https.h"
#include "devices/unix.h"

static void eos_close(struct device *d) {
	https_close(d->state);
}

/* ---- eAPI ---- */

static void add_command(struct list *cmds, const char *command) {
	list_push(cmds, val_str(command));
}

/* A list that begins with "enable", and one more command. */
static struct list *commands(struct arena *a, const char *command) {
	struct list *cmds = list_new(a, 4);

	add_command(cmds, "enable");
	add_command(cmds, command);
	return cmds;
}

/* All that the answer says is wrong: the message, and the words of the refused command. */
static const char *words(struct arena *a, struct val error) {
	struct val data = error.type == V_MAP ? map_get(error.u.map, "data") : val_undef(), said;
	const char *message = member_text(error, "message");
	size_t i;

	for (i = 0; data.type == V_LIST && i < data.u.list->n; i++) {
		said = val_path(a, data.u.list->v[i], "errors");
		if (said.type == V_LIST && said.u.list->n > 0 && said.u.list->v[0].type == V_STR)
			return arena_printf(a, "%.200s (%.200s)", message, said.u.list->v[0].u.s);
	}
	return message;
}

/* True with one result a command in *out; what a command refuses is ERR_UPSTREAM "rpc". */
static bool run(struct device *d, struct arena *a, struct list *cmds, const char *format, struct list **out, struct err *e) {
	struct https_call call = { .path = "/command-api", .method = "runCmds", .params = map_new(a, 4) };
	struct val answer, error, result;

	map_set(call.params, "version", val_int(1));
	map_set(call.params, "cmds", val_list(cmds));
	map_set(call.params, "format", val_str(format));
	if (!https_rpc(d->state, a, &call, &answer, e))
		return false;
	error = map_get(answer.u.map, "error");
	result = map_get(answer.u.map, "result");
	if (error.type == V_MAP)
		return member_int(error, "code", 0) == 1005 ? err_kind(e, ERR_DENIED, "auth", "%s: %s", d->name, words(a, error)) :
		    err_kind(e, ERR_UPSTREAM, "rpc", "%s: %s", d->name, words(a, error));
	if (result.type != V_LIST || result.u.list->n != cmds->n)
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s: the answer of eAPI has neither result nor error", d->name);
	*out = result.u.list;
	return true;
}

/* Signing in is seen at once, not at the first question. */
static bool eos_open(struct device *d, struct err *e) {
	struct list *cmds = list_new(d->a, 1), *results;

	d->state = https_new(d);
	add_command(cmds, "enable");
	return run(d, d->a, cmds, "json", &results, e);
}

/* One command in privileged mode, its result as a value or, for "text", its output. */
static bool show(struct device *d, struct arena *a, const char *command, const char *format, struct val *out, struct err *e) {
	struct list *results;

	if (!run(d, a, commands(a, command), format, &results, e))
		return false;
	*out = results->v[1];
	return true;
}

/* ---- what is read ---- */

static bool eos_facts(struct device *d, struct arena *a, struct facts *out, struct err *e) {
	struct val version, uptime, name;
	struct list *cmds = commands(a, "show version"), *results;

	add_command(cmds, "show hostname");
	if (!run(d, a, cmds, "json", &results, e))
		return false;
	version = results->v[1];
	name = results->v[2];
	out->vendor = "Arista";
	out->model = member_text(version, "modelName");
	out->version = member_text(version, "version");
	out->serial = member_text(version, "serialNumber");
	out->hostname = member_text(name, member_text(name, "fqdn")[0] != '\0' ? "fqdn" : "hostname");
	uptime = version.type == V_MAP ? map_get(version.u.map, "uptime") : val_undef();
	if (uptime.type == V_FLOAT)
		out->uptime = (int64_t)uptime.u.f;
	else if (uptime.type == V_INT)
		out->uptime = uptime.u.i;
	return true;
}

static const char *reset_reason(struct arena *a, struct val v) {
	static const char *const pairs[][2] = { { "lastErrorRcvdCode", "lastErrorRcvdSubcode" }, { "lastErrorCode", "lastErrorSubcode" },
	    { "idleReason", "" }, { "establishFailHint", "" } };
	size_t i;

	for (i = 0; i < ARRAY_LEN(pairs); i++) {
		const char *code = member_text(v, pairs[i][0]), *sub = member_text(v, pairs[i][1]);

		if (code[0] != '\0')
			return arena_printf(a, "%s%s%s", code, sub[0] == '\0' ? "" : "/", sub);
	}
	return "";
}

/* Counts of IPv4 and IPv6 together; only what is up has any. */
static int64_t both(struct val v, const char *four, const char *six) {
	int64_t a = member_int(v, four, -1), b = member_int(v, six, -1);

	return a < 0 ? b : b < 0 ? a : a + b;
}

static void take_peer(struct neighbours *list, struct arena *a, struct val v) {
	const char *address = member_text(v, "peerAddress"), *asn = member_text(v, "asn"), *vrf = member_text(v, "vrf");
	struct neighbour *n = neighbours_at(list, a, address);

	if (n == NULL)
		return;
	n->vrf = strcmp(vrf, "default") == 0 ? "" : vrf;
	if (asn_parse(asn, strlen(asn), &n->asn))
		;
	else if (member_int(v, "asn", 0) > 0)
		n->asn = (uint32_t)member_int(v, "asn", 0);
	n->state = bgp_state_of(member_text(v, "state"));
	n->shutdown = strstr(member_text(v, "idleReason"), "dministrative") != NULL || strcasecmp(member_text(v, "idleReason"), "Admin") == 0 ||
	    member_true(v, "shutdown");
	n->received = both(v, "prefixesReceived", "v6PrefixesReceived");
	n->advertised = both(v, "prefixesSent", "v6PrefixesSent");
	n->uptime = member_int(v, n->state == BGP_ESTABLISHED ? "establishedTime" : "downTime", -1);
	n->last_reset = reset_reason(a, v);
	n->description = member_text(v, "description");
}

static void take_list(struct neighbours *out, struct arena *a, struct val answer) {
	struct val vrfs = answer.type == V_MAP ? map_get(answer.u.map, "vrfs") : val_undef(), peers;
	size_t i, k;

	for (i = 0; vrfs.type == V_MAP && i < vrfs.u.map->n; i++) {
		peers = map_val(vrfs.u.map, i).type == V_MAP ? map_get(map_val(vrfs.u.map, i).u.map, "peerList") : val_undef();
		for (k = 0; peers.type == V_LIST && k < peers.u.list->n; k++)
			take_peer(out, a, peers.u.list->v[k]);
	}
}

/* What the lists do not say is in the summaries: accepted prefixes, and the state of what the lists leave out. */
static void take_summary(struct neighbours *out, struct arena *a, struct val answer) {
	struct val vrfs = answer.type == V_MAP ? map_get(answer.u.map, "vrfs") : val_undef();
	size_t i, k, m;

	for (i = 0; vrfs.type == V_MAP && i < vrfs.u.map->n; i++) {
		struct val peers = val_path(a, map_val(vrfs.u.map, i), "peers");
		const char *vrf = val_cstr(map_key(vrfs.u.map, i), "");

		if (strcmp(vrf, "default") == 0)
			vrf = "";
		for (k = 0; peers.type == V_MAP && k < peers.u.map->n; k++) {
			const char *address = val_cstr(map_key(peers.u.map, k), "");
			struct val peer = map_val(peers.u.map, k);

			for (m = 0; m < out->n; m++) {
				struct neighbour *n = &out->v[m];
				int64_t accepted = member_int(peer, "prefixAccepted", -1);

				if (strlen(n->address) == strcspn(address, "%") && strncmp(n->address, address, strlen(n->address)) == 0 && strcmp(n->vrf, vrf) == 0 &&
				    accepted >= 0)
					n->accepted = (n->accepted < 0 ? 0 : n->accepted) + accepted;
			}
		}
	}
}

static bool eos_neighbours(struct device *d, struct arena *a, struct neighbours *out, struct err *e) {
	static const char *const asked[] = { "show ip bgp neighbors vrf all", "show ipv6 bgp peers vrf all", "show ip bgp summary vrf all",
	    "show ipv6 bgp summary vrf all" };
	struct list *cmds = list_new(a, 8), *results;
	size_t i;

	add_command(cmds, "enable");
	for (i = 0; i < ARRAY_LEN(asked); i++)
		add_command(cmds, asked[i]);
	if (!run(d, a, cmds, "json", &results, e))
		return e->kind != NULL && strcmp(e->kind, "rpc") == 0 && strstr(e->msg, "BGP inactive") != NULL;
	take_list(out, a, results->v[1]);
	take_list(out, a, results->v[2]);
	take_summary(out, a, results->v[3]);
	take_summary(out, a, results->v[4]);
	return true;
}

static bool text_of(struct device *d, struct sbuf *out, const char *command, struct err *e) {
	struct val v;

	if (!show(d, out->a, command, "text", &v, e))
		return false;
	sb_str(out, member_text(v, "output"));
	return true;
}

static bool eos_running(struct device *d, struct sbuf *out, struct err *e) {
	return text_of(d, out, "show running-config", e);
}

/* ---- changes ---- */

static const char *session(struct device *d, const char *words_after) {
	return arena_printf(d->a, "configure session %s%s", d->change, words_after);
}

static bool is_state(struct val v, const char *state) {
	return strcmp(member_text(v, "state"), state) == 0;
}

/* The session whose timer runs: its name, "" none. Up to 4.31 it is a state of the session, later a member of its own. */
static bool waiting(struct device *d, const char **name, struct err *e) {
	struct val v, sessions;
	size_t i;

	if (!show(d, d->a, "show configuration sessions detail", "json", &v, e))
		return false;
	*name = member_text(v, "commitTimerSessionName");
	sessions = v.type == V_MAP ? map_get(v.u.map, "sessions") : val_undef();
	if (sessions.type != V_MAP)
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s: the answer about configuration sessions has none of them", d->name);
	for (i = 0; (*name)[0] == '\0' && i < sessions.u.map->n; i++) {
		if (is_state(map_val(sessions.u.map, i), "pendingCommitTimer"))
			*name = val_cstr(map_key(sessions.u.map, i), "");
	}
	return true;
}

static bool eos_pending(struct device *d, struct pending *out, struct err *e) {
	const char *name;

	if (!waiting(d, &name, e))
		return false;
	out->running = strcmp(name, d->change) == 0;    /* its end is counted from the router's boot: no figure */
	return true;
}

static bool eos_discard(struct device *d, struct err *e) {
	struct val v;

	return show(d, d->a, arena_printf(d->a, "no configure session %s", d->change), "json", &v, e) || (e->kind != NULL && strcmp(e->kind, "rpc") == 0);
}

/* Each line is a command; that of a banner has the text up to EOF as its input. */
static void add_lines(struct arena *a, struct list *cmds, const char *text, size_t len) {
	const char *end = text + len, *nl;

	for (; text < end; text = nl + (nl < end)) {
		const char *from = text + strspn(text, " \t");

		nl = memchr(text, '\n', (size_t)(end - text));
		if (nl == NULL)
			nl = end;
		if (from >= nl || *from == '!' || *from == '\r')
			continue;
		if (strncmp(from, "banner ", 7) == 0) {
			struct map *command = map_new(a, 2);
			const char *eof = memmem(nl, (size_t)(end - nl), "\nEOF", 4);

			map_set(command, "cmd", val_copy(a, from, (size_t)(nl - from)));
			map_set(command, "input", eof == NULL ? val_str("") : val_copy(a, nl + 1, eof > nl ? (size_t)(eof - nl) : 0));
			list_push(cmds, val_map(command));
			if (eof != NULL)
				nl = eof + 4;
			continue;
		}
		list_push(cmds, val_copy(a, text, (size_t)(nl - text) - (nl[-1] == '\r')));
	}
}

static bool eos_stage(struct device *d, const char *text, size_t len, enum stage_mode mode, struct err *e) {
	struct list *cmds, *results;
	const char *other;
	struct err gone;

	if (!waiting(d, &other, e))
		return false;
	if (other[0] != '\0')
		return err_kind(e, ERR_CONFLICT, "locked", "%s: the configuration session %s is committed and waits for its confirmation", d->name, other);
	if (!eos_discard(d, e))
		return false;
	cmds = commands(d->a, session(d, ""));
	if (mode == STAGE_REPLACE)
		add_command(cmds, "rollback clean-config");
	add_lines(d->a, cmds, text, len);
	add_command(cmds, "end");
	if (run(d, d->a, cmds, "json", &results, e))
		return true;
	refused_as(e, ERR_INVALID, "check");
	if (!eos_discard(d, &gone))
		device_log(d, DEVICE_WARNING, "%s", gone.msg);
	return false;
}

static bool eos_diff(struct device *d, struct sbuf *out, struct err *e) {
	return text_of(d, out, arena_printf(d->a, "show session-config named %s diffs", d->change), e);
}

/* What is confirmed is kept over a restart as well. */
static bool keep(struct device *d, struct err *e) {
	struct val v;

	return show(d, d->a, "write memory", "json", &v, e) || err_kind(e, e->code, e->kind,
	    "%s: the change runs for good, but was not written to the start configuration: %.300s", d->name, arena_strdup(d->a, e->msg));
}

static bool eos_commit(struct device *d, unsigned seconds, const char *comment, struct err *e) {
	struct val v;

	(void)comment;                  /* the session's name is what EOS keeps */
	if (seconds == 0)
		return (show(d, d->a, session(d, " commit"), "json", &v, e) || refused_as(e, ERR_UPSTREAM, "commit")) && keep(d, e);
	if (show(d, d->a, session(d, arena_printf(d->a, " commit timer %02u:%02u:%02u", seconds / 3600, seconds / 60 % 60, seconds % 60)), "json", &v, e))
		return true;
	if (!refused_as(e, ERR_UPSTREAM, "commit") && strcmp(e->kind, "commit") == 0) {
		struct err gone;

		if (!eos_discard(d, &gone))
			device_log(d, DEVICE_WARNING, "%s", gone.msg);
	}
	return false;
}

static bool must_wait(struct device *d, struct err *e) {
	const char *name;

	return waiting(d, &name, e) && (strcmp(name, d->change) == 0 || err_kind(e, ERR_NOT_FOUND, "none",
	    "%s: no configuration session %s waits: it was confirmed, or its time has run out and the router has gone back", d->name, d->change));
}

static bool eos_confirm(struct device *d, struct err *e) {
	struct val v;

	return must_wait(d, e) && (show(d, d->a, session(d, " commit"), "json", &v, e) || refused_as(e, ERR_UPSTREAM, "commit")) && keep(d, e);
}

static bool eos_rollback(struct device *d, struct err *e) {
	struct val v;

	return must_wait(d, e) && (show(d, d->a, session(d, " abort"), "json", &v, e) || refused_as(e, ERR_UPSTREAM, "commit"));
}

static const char *const aliases[] = { "arista", "arista_eos", NULL };

const struct driver driver_eos = {
	.name = "eos", .label = "Arista EOS", .aliases = aliases,
	.can = CAN_REPLACE | CAN_MERGE | CAN_CHECK | CAN_DIFF | CAN_TIMER | CAN_ATOMIC,
	.transport = VIA_HTTPS, .port = 443, .timer_min = 1, .timer_max = 24 * 3600 - 1,
	.offered = https_offered, .open = eos_open, .close = eos_close, .facts = eos_facts, .neighbours = eos_neighbours, .running = eos_running,
	.stage = eos_stage, .diff = eos_diff, .commit = eos_commit, .discard = eos_discard,
	.pending = eos_pending, .confirm = eos_confirm, .rollback = eos_rollback,
};
