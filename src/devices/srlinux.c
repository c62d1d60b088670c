/*
 * srlinux.c: Nokia SR Linux, through its JSON-RPC over HTTPS. Two forms of text: one that begins with "{" is JSON, a tree of the configuration or
 * lists "deletes", "replaces" and "updates" of paths and values, and goes by the methods validate, diff and set; any other is what a person types
 * ("set / ...", or braces), staged in a private candidate of the change's name, which outlives the request.
 *
 * The confirmed commit is the router's, in seconds. What waits is the one commit that is "unconfirmed"; its candidate's name tells whose it is. That of
 * JSON has none of ours: a checkpoint of the change's name is made right before it, and the first commit after the newest such checkpoint is it.
 *
 * Driver arguments: none but the common ones. The user needs JSON-RPC and may not be limited to less than the whole tree.
 */
#include "config.h"

#include <stdlib.h>
#include <time.h>

#include "base/json.h"
#include "base/net.h"
#include "devices/https.h"
#include "devices/transport_wait.h"
#include "devices/unix.h"

enum { DEPTH_MAX = 64 };

/* ---- JSON-RPC ---- */

/* A member of that name, with or without the prefix of its module ("srl_nokia-bgp:bgp"). */
static struct val member(struct val object, const char *name) {
	size_t i;

	for (i = 0; object.type == V_MAP && i < object.u.map->n; i++) {
		const char *key = val_cstr(map_key(object.u.map, i), ""), *colon = strrchr(key, ':');

		if (strcmp(colon == NULL ? key : colon + 1, name) == 0)
			return map_val(object.u.map, i);
	}
	return val_undef();
}

static const char *text_of(struct val object, const char *name) {
	const char *s = val_cstr(member(object, name), ""), *colon = strrchr(s, ':');

	return colon == NULL || strncmp(s, "srl_nokia", 9) != 0 ? s : colon + 1;
}

/* Counters of 64 bits are strings (RFC 7951 6.1). */
static int64_t count_of(struct val object, const char *name) {
	struct val v = member(object, name);

	return v.type == V_INT ? v.u.i : v.type == V_STR && v.len > 0 ? strtoll(v.u.s, NULL, 10) : -1;
}

/* True with the results in *out; what the router refuses is ERR_UPSTREAM "rpc" with its words. */
static bool rpc(struct device *d, struct arena *a, const char *method, struct map *params, struct list **out, struct err *e) {
	struct https_call call = { .path = "/jsonrpc", .method = method, .params = params };
	struct val answer, error, result;
	struct list *one;

	if (!https_rpc(d->state, a, &call, &answer, e))
		return false;
	error = map_get(answer.u.map, "error");
	result = map_get(answer.u.map, "result");
	if (error.type == V_MAP)
		return err_kind(e, ERR_UPSTREAM, "rpc", "%s: SR Linux says: %.400s", d->name, member_text(error, "message"));
	if (result.type != V_LIST && result.type != V_MAP && result.type != V_STR)
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s: the answer of JSON-RPC has neither result nor error", d->name);
	if (result.type != V_LIST) {
		one = list_new(a, 1);
		list_push(one, result);
		result = val_list(one);
	}
	*out = result.u.list;
	return true;
}

/* Of the state, one result a path. Paths end with NULL. */
static bool get(struct device *d, struct arena *a, const char *const *paths, struct list **out, struct err *e) {
	struct map *params = map_new(a, 2);
	struct list *commands = list_new(a, 4);

	for (; *paths != NULL; paths++) {
		struct map *command = map_new(a, 2);

		map_set(command, "path", val_str(*paths));
		map_set(command, "datastore", val_str("state"));
		list_push(commands, val_map(command));
	}
	map_set(params, "commands", val_list(commands));
	return rpc(d, a, "get", params, out, e) && ((*out)->n == commands->n ||
	    err_kind(e, ERR_UPSTREAM, "garbage", "%s: %u answers to %u questions", d->name, (*out)->n, commands->n));
}

static bool cli(struct device *d, struct list *commands, struct sbuf *out, struct err *e) {
	struct arena *a = out == NULL ? d->a : out->a;
	struct map *params = map_new(a, 2);
	struct list *results;
	size_t i;

	map_set(params, "commands", val_list(commands));
	map_set(params, "output-format", val_str("text"));
	if (!rpc(d, a, "cli", params, &results, e))
		return false;
	for (i = 0; out != NULL && i < results->n; i++)
		sb_str(out, results->v[i].type == V_STR ? results->v[i].u.s : member_text(results->v[i], "text"));
	return true;
}

static struct list *commands(struct arena *a, const char *first, const char *second) {
	struct list *l = list_new(a, 4);

	list_push(l, val_str(first));
	if (second != NULL)
		list_push(l, val_str(second));
	return l;
}

/* Signing in is seen at once, not at the first question. */
static bool srl_open(struct device *d, struct err *e) {
	static const char *const paths[] = { "/system/name/host-name", NULL };
	struct list *results;

	d->state = https_new(d);
	return get(d, d->a, paths, &results, e) || (e->kind != NULL && strcmp(e->kind, "rpc") == 0 &&
	    err_kind(e, ERR_UPSTREAM, "garbage", "%s: what answers at /jsonrpc is no SR Linux: %.300s", d->name, arena_strdup(d->a, e->msg)));
}

/* ---- what is read ---- */

/* Seconds from one time to another, as RFC 3339 writes them; -1 when one is missing. */
static int64_t seconds_between(const char *from, const char *to) {
	struct tm a = { 0 }, b = { 0 };
	int64_t n;

	if (strptime(from, "%Y-%m-%dT%H:%M:%S", &a) == NULL || strptime(to, "%Y-%m-%dT%H:%M:%S", &b) == NULL)
		return -1;
	n = (int64_t)(timegm(&b) - timegm(&a));
	return n < 0 ? 0 : n;
}

static bool srl_facts(struct device *d, struct arena *a, struct facts *out, struct err *e) {
	static const char *const paths[] = { "/platform/chassis", "/system/information", "/system/name/host-name", NULL };
	struct list *results;

	if (!get(d, a, paths, &results, e))
		return false;
	out->vendor = "Nokia";
	out->model = text_of(results->v[0], "type");
	out->serial = text_of(results->v[0], "serial-number");
	out->version = text_of(results->v[1], "version");
	out->hostname = val_cstr(results->v[2], "");
	out->uptime = seconds_between(text_of(results->v[1], "last-booted"), text_of(results->v[1], "current-datetime"));
	return out->version[0] != '\0' || err_kind(e, ERR_UPSTREAM, "garbage", "%s: the answer about the system has no version", d->name);
}

/* Both sides' last notification is known: the newer one ended the session. */
static const char *reset_reason(struct arena *a, struct val neighbour) {
	struct val sent = member(neighbour, "sent-messages"), got = member(neighbour, "received-messages"), last;
	const char *code, *sub;

	last = strcmp(text_of(got, "last-notification-time"), text_of(sent, "last-notification-time")) >= 0 ? got : sent;
	code = text_of(last, "last-notification-error-code");
	sub = text_of(last, "last-notification-error-subcode");
	if (code[0] == '\0')
		return strcmp(text_of(neighbour, "session-state"), "established") == 0 ? "" : text_of(neighbour, "last-event");
	return arena_printf(a, "%s%s%s", code, sub[0] == '\0' ? "" : "/", sub);
}

/* Of all families. What the import policy lets pass is what came without what it rejected. */
static void count_families(struct neighbour *n, struct val families) {
	size_t i;

	for (i = 0; families.type == V_LIST && i < families.u.list->n; i++) {
		struct val f = families.u.list->v[i];
		int64_t in = count_of(f, "received-routes"), out = count_of(f, "sent-routes"), rejected = count_of(f, "rejected-routes");

		if (in >= 0) {
			n->received = (n->received < 0 ? 0 : n->received) + in;
			n->accepted = (n->accepted < 0 ? 0 : n->accepted) + (rejected >= 0 ? in - rejected : count_of(f, "active-routes"));
		}
		if (out >= 0)
			n->advertised = (n->advertised < 0 ? 0 : n->advertised) + out;
	}
}

static void take_neighbour(struct neighbours *list, struct arena *a, const char *instance, struct val v) {
	const char *address = text_of(v, "peer-address");
	struct neighbour *n = neighbours_at(list, a, address);

	if (n == NULL)
		return;
	n->vrf = strcmp(instance, "default") == 0 ? "" : instance;
	n->asn = count_of(v, "peer-as") < 0 ? 0 : (uint32_t)count_of(v, "peer-as");
	n->state = bgp_state_of(text_of(v, "session-state"));
	n->shutdown = strcmp(text_of(v, "admin-state"), "disable") == 0;
	n->description = text_of(v, "description");
	n->last_reset = reset_reason(a, v);
	if (n->state == BGP_ESTABLISHED)
		count_families(n, member(v, "afi-safi"));
}

static bool srl_neighbours(struct device *d, struct arena *a, struct neighbours *out, struct err *e) {
	static const char *const paths[] = { "/network-instance[name=*]/protocols/bgp", "/system/information", NULL };
	struct list *results;
	struct val instances, peers;
	size_t i, k;

	if (!get(d, a, paths, &results, e))
		return false;
	if (results->v[0].type != V_MAP || results->v[1].type != V_MAP)
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s: the answer about neighbours is no object", d->name);
	instances = member(results->v[0], "network-instance");
	for (i = 0; instances.type == V_LIST && i < instances.u.list->n; i++) {
		peers = member(member(member(instances.u.list->v[i], "protocols"), "bgp"), "neighbor");
		for (k = 0; peers.type == V_LIST && k < peers.u.list->n; k++) {
			size_t before = out->n;

			take_neighbour(out, a, text_of(instances.u.list->v[i], "name"), peers.u.list->v[k]);
			if (out->n > before && out->v[before].state == BGP_ESTABLISHED)
				out->v[before].uptime = seconds_between(text_of(peers.u.list->v[k], "last-established"), text_of(results->v[1], "current-datetime"));
		}
	}
	return true;
}

static bool srl_running(struct device *d, struct sbuf *out, struct err *e) {
	size_t before = out->len;

	return cli(d, commands(d->a, "info flat from running /", NULL), out, e) &&
	    (out->len > before || err_kind(e, ERR_UPSTREAM, "garbage", "%s: the running configuration is empty", d->name));
}

/* ---- the commit that waits ---- */

struct waiting {
	bool any, ours, going_back;
	const char *who;
};

/* When the newest checkpoint of the change's name was made; "" there is none. */
static const char *checkpoint_time(struct device *d, struct val checkpoints) {
	const char *newest = "";
	size_t i;

	for (i = 0; checkpoints.type == V_LIST && i < checkpoints.u.list->n; i++) {
		struct val v = checkpoints.u.list->v[i];

		if (strcmp(text_of(v, "name"), d->change) == 0 && strcmp(text_of(v, "created"), newest) > 0)
			newest = text_of(v, "created");
	}
	return newest;
}

/* Whether no other commit began between the checkpoint and this one. */
static bool first_since(struct val commits, const char *since, struct val one) {
	size_t i;

	if (since[0] == '\0' || strcmp(text_of(one, "started"), since) < 0)
		return false;
	for (i = 0; i < commits.u.list->n; i++) {
		const char *started = text_of(commits.u.list->v[i], "started");

		if (strcmp(started, since) >= 0 && strcmp(started, text_of(one, "started")) < 0)
			return false;
	}
	return true;
}

static bool look(struct device *d, struct waiting *w, struct err *e) {
	static const char *const paths[] = { "/system/configuration/commit[id=*]", "/system/configuration/checkpoint[id=*]", NULL };
	struct list *results;
	struct val commits;
	const char *since;
	size_t i;

	*w = (struct waiting){ .who = "" };
	if (!get(d, d->a, paths, &results, e))
		return false;
	if (results->v[0].type != V_MAP)
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s: the answer about commits is no object", d->name);
	commits = member(results->v[0], "commit");
	since = checkpoint_time(d, member(results->v[1], "checkpoint"));
	for (i = 0; commits.type == V_LIST && i < commits.u.list->n; i++) {
		struct val c = commits.u.list->v[i];

		w->going_back |= strcmp(text_of(c, "status"), "reverting") == 0;
		if (strcmp(text_of(c, "status"), "unconfirmed") != 0)
			continue;
		w->any = true;
		w->who = text_of(c, "username");
		w->ours = strcmp(text_of(c, "name"), d->change) == 0 || (strcmp(w->who, d->user) == 0 && first_since(commits, since, c));
	}
	return true;
}

static bool srl_pending(struct device *d, struct pending *out, struct err *e) {
	struct waiting w;

	if (!look(d, &w, e))
		return false;
	out->running = w.any && w.ours;         /* the router does not tell how long it will yet wait */
	return true;
}

/* ---- changes ---- */

static bool is_json(const char *text) {
	return text[strspn(text, " \t\r\n")] == '{';
}

static const char *enter(struct device *d) {
	return arena_printf(d->a, "enter candidate private name %s", d->change);
}

/* Away with the candidate. There being none is no error, and what is wrong beyond that is told by what led here. */
static bool srl_discard(struct device *d, struct err *e) {
	return cli(d, commands(d->a, enter(d), "discard now"), NULL, e) || (e->kind != NULL && strcmp(e->kind, "rpc") == 0);
}

static bool let_go(struct device *d) {
	struct err other;

	if (!srl_discard(d, &other))
		device_log(d, DEVICE_WARNING, "%s", other.msg);
	return false;
}

/* What was staged and not committed is not left behind. */
static void srl_close(struct device *d) {
	if (d->staged != NULL && !is_json(d->staged))
		let_go(d);
	https_close(d->state);
}

/* A command a line; a block in braces is one command, as the router prints it. Lines that begin with # are comments. */
static void add_lines(struct arena *a, struct list *l, const char *text, size_t len) {
	const char *end = text + len;
	struct text_line line = { 0 };
	struct sbuf b;
	int depth = 0;

	sb_init(&b, a);
	while (text_next(&line, &text, end)) {
		if (b.len > 0)
			sb_chr(&b, '\n');
		sb_mem(&b, line.s, line.len);
		depth += line.s[line.len - 1] == '{' ? 1 : *line.s == '}' ? -1 : 0;
		if (depth > 0)
			continue;
		list_push(l, val_copy(a, b.s, b.len));
		sb_reset(&b);
		depth = 0;
	}
	if (b.len > 0)
		list_push(l, val_copy(a, b.s, b.len));
}

static struct val one_command(struct arena *a, const char *action, struct val path, struct val value) {
	struct map *m = map_new(a, 3);

	map_set(m, "action", val_str(action));
	map_set(m, "path", path);
	if (value.type != V_UNDEF)
		map_set(m, "value", value);
	return val_map(m);
}

/* The commands of a JSON text, for validate, diff and set alike. */
static bool json_commands(struct device *d, const char *text, size_t len, enum stage_mode mode, struct list **out, struct err *e) {
	static const char *const kinds[][2] = { { "deletes", "delete" }, { "replaces", "replace" }, { "updates", "update" } };
	struct list *l = list_new(d->a, 4);
	struct val tree;
	struct err bad;
	size_t i, k;

	if (!json_parse(d->a, text, len, DEPTH_MAX, &tree, &bad) || tree.type != V_MAP)
		return err_kind(e, ERR_INVALID, "check", "%s: the text begins as JSON, but is no object of it: %.300s", d->name, tree.type == V_MAP ? "" : bad.msg);
	*out = l;
	for (i = 0; i < ARRAY_LEN(kinds); i++) {
		struct val v = map_get(tree.u.map, kinds[i][0]);

		if (v.type == V_LIST && mode == STAGE_REPLACE && strcmp(kinds[i][1], "replace") != 0)
			return err_kind(e, ERR_INVALID, "check", "%s: \"%s\" adds to what runs: what replaces it is a whole tree, or \"replaces\" alone", d->name, kinds[i][0]);
		for (k = 0; v.type == V_LIST && k < v.u.list->n; k++) {
			struct val c = v.u.list->v[k];
			struct val path = c.type == V_MAP ? map_get(c.u.map, "path") : c;

			if (path.type != V_STR || (i > 0 && map_get(c.u.map, "value").type == V_UNDEF))
				return err_kind(e, ERR_INVALID, "check", "%s: entry %zu of \"%s\" has no %s", d->name, k + 1, kinds[i][0], path.type != V_STR ? "path" : "value");
			list_push(l, one_command(d->a, kinds[i][1], path, i == 0 ? val_undef() : map_get(c.u.map, "value")));
		}
	}
	if (l->n == 0)
		list_push(l, one_command(d->a, mode == STAGE_REPLACE ? "replace" : "update", val_str("/"), tree));
	return true;
}

static bool json_ask(struct device *d, const char *method, struct map *params, struct list **out, struct err *e) {
	struct list *l;

	if (!json_commands(d, d->staged, d->staged_len, d->staged_mode, &l, e))
		return false;
	map_set(params, "commands", val_list(l));
	return rpc(d, d->a, method, params, out, e);
}

static bool nobody_waits(struct device *d, struct err *e) {
	struct waiting w;

	return look(d, &w, e) && (!w.any || err_kind(e, ERR_CONFLICT, "locked", "%s: a confirmed commit of %s%s waits for its confirmation", d->name, w.who,
	    w.ours ? " with this name" : ""));
}

static bool srl_stage(struct device *d, const char *text, size_t len, enum stage_mode mode, struct err *e) {
	struct list *l;

	if (!nobody_waits(d, e))
		return false;
	if (is_json(text))
		return json_commands(d, text, len, mode, &l, e);
	if (!srl_discard(d, e))
		return false;
	l = commands(d->a, enter(d), mode == STAGE_REPLACE ? "delete /" : NULL);
	add_lines(d->a, l, text, len);
	if (cli(d, l, NULL, e))
		return true;
	refused_as(e, ERR_INVALID, "check");
	return let_go(d);
}

static bool srl_check(struct device *d, struct err *e) {
	struct list *results;

	if (is_json(d->staged))
		return json_ask(d, "validate", map_new(d->a, 1), &results, e) || refused_as(e, ERR_INVALID, "check");
	return cli(d, commands(d->a, enter(d), "commit validate"), NULL, e) || refused_as(e, ERR_INVALID, "check");
}

static bool srl_diff(struct device *d, struct sbuf *out, struct err *e) {
	struct map *params = map_new(d->a, 2);
	struct list *results;
	size_t i;

	if (!is_json(d->staged))
		return cli(d, commands(d->a, enter(d), "diff"), out, e);
	map_set(params, "output-format", val_str("text"));
	if (!json_ask(d, "diff", params, &results, e))
		return refused_as(e, ERR_INVALID, "check");
	for (i = 0; i < results->n; i++)
		sb_str(out, results->v[i].type == V_STR ? results->v[i].u.s : member_text(results->v[i], "text"));
	return true;
}

/* What is confirmed is kept over a restart as well. */
static bool keep(struct device *d, struct err *e) {
	return cli(d, commands(d->a, "save startup", NULL), NULL, e) || err_kind(e, e->code, e->kind,
	    "%s: the change runs for good, but was not written to the startup configuration: %.300s", d->name, arena_strdup(d->a, e->msg));
}

static bool commit_json(struct device *d, unsigned seconds, const char *comment, struct err *e) {
	struct map *params = map_new(d->a, 3);
	struct list *results;
	const char *mark = arena_printf(d->a, "/tools system configuration generate-checkpoint name %s comment \"%s\"", d->change, unix_comment(d->a, comment));

	if (seconds != 0 && !cli(d, commands(d->a, mark, NULL), NULL, e))
		return false;
	map_set(params, "datastore", val_str("candidate"));
	if (seconds != 0)
		map_set(params, "confirm-timeout", val_int(seconds));
	return json_ask(d, "set", params, &results, e);
}

static bool srl_commit(struct device *d, unsigned seconds, const char *comment, struct err *e) {
	const char *how = seconds != 0 ? arena_printf(d->a, "commit confirmed timeout %u", seconds) :
	    arena_printf(d->a, "commit now comment \"%s %s\"", d->change, unix_comment(d->a, comment));

	if (!nobody_waits(d, e))
		return false;
	if (is_json(d->staged) ? !commit_json(d, seconds, comment, e) : !cli(d, commands(d->a, enter(d), how), NULL, e)) {
		refused_as(e, ERR_UPSTREAM, "commit");
		return is_json(d->staged) ? false : let_go(d);
	}
	return seconds != 0 || keep(d, e);
}

/* A candidate that was committed with a timer stays open until its end is told; so it is put away also when the router ended it by itself. */
static bool must_wait(struct device *d, struct err *e) {
	struct waiting w;

	if (!look(d, &w, e))
		return false;
	if (w.any && w.ours)
		return true;
	if (!w.any)
		let_go(d);
	return err_kind(e, ERR_NOT_FOUND, "none", "%s: no confirmed commit named %s waits: it was confirmed, or its time has run out and the router has gone back",
	    d->name, d->change);
}

static bool finish(struct device *d, const char *word, struct err *e) {
	return must_wait(d, e) && (cli(d, commands(d->a, arena_printf(d->a, "/tools system configuration confirmed-%s", word), NULL), NULL, e) ||
	    refused_as(e, ERR_UPSTREAM, "commit"));
}

static bool srl_confirm(struct device *d, struct err *e) {
	if (!finish(d, "accept", e))
		return false;
	let_go(d);
	return keep(d, e);
}

/* Going back takes the router a moment. */
static bool srl_rollback(struct device *d, struct err *e) {
	int64_t deadline = time_ms() + (int64_t)d->seconds * 1000;
	struct waiting w;

	if (!finish(d, "reject", e))
		return false;
	for (;;) {
		if (!look(d, &w, e))
			return false;
		if (!(w.any && w.ours) && !w.going_back)
			break;
		if (!wait_ready(d, NULL, 0, deadline, "end of the way back", e))
			return false;
	}
	let_go(d);
	return true;
}

static const char *const aliases[] = { "nokia_srlinux", "nokia_srl", "srl", NULL };

const struct driver driver_srlinux = {
	.name = "srlinux", .label = "Nokia SR Linux", .aliases = aliases,
	.can = CAN_REPLACE | CAN_MERGE | CAN_CHECK | CAN_DIFF | CAN_TIMER | CAN_ATOMIC,
	.transport = VIA_HTTPS, .port = 443, .timer_min = 1, .timer_max = 86400, .removal = "delete /",
	.offered = https_offered, .open = srl_open, .close = srl_close, .facts = srl_facts, .neighbours = srl_neighbours, .running = srl_running,
	.stage = srl_stage, .check = srl_check, .diff = srl_diff, .commit = srl_commit, .discard = srl_discard,
	.pending = srl_pending, .confirm = srl_confirm, .rollback = srl_rollback,
};
