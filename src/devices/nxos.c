/*
 * nxos.c: Cisco NX-OS from 9.3, through NX-API: JSON-RPC over HTTPS. Before a change the router keeps a checkpoint named by the change's id, and
 * its own scheduler gets a job that goes back to it: that is the timer (minutes), as neither `configure replace`'s serves a merge, nor that of
 * the dual-stage mode a connection which ends. Whose change waits: the schedule "peerage" has not run, and the checkpoint is there.
 *
 * A text that replaces goes to the flash through NX-API's bash (`feature bash-shell`) and is verified by the router; one that is merged is given line
 * by line and cannot be checked before (CAN_CHECK_REPLACE). What the router refuses is taken back at once.
 *
 * Driver arguments: none but the common ones. It takes `feature nxapi` and `feature scheduler`; for users of AAA also `scheduler aaa-authentication`.
 */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/json.h"
#include "base/net.h"
#include "devices/https.h"
#include "devices/unix.h"

enum { MINUTE = 60, NXOS_HOURS_MAX = 24, BATCH_LINES = 500, PUT_BYTES = 12 * 1024, NXOS_MINUTES_FOR_GOOD = 10 };

static void nxos_close(struct device *d) {
	https_close(d->state);
}

/* ---- NX-API ---- */

struct batch {
	struct device *d;
	struct arena *a;
	struct list *requests;
	const char *method;             /* "cli": values; "cli_ascii": text */
	const char *on_error;           /* NULL: each stands alone; "stop-on-error" ... as NX-API names it */
};

static struct batch batch_of(struct device *d, struct arena *a, const char *method) {
	return (struct batch){ d, a, list_new(a, 4), method, NULL };
}

static void add(struct batch *b, const char *command) {
	struct map *request = map_new(b->a, 5), *params = map_new(b->a, 2);

	map_set(params, "cmd", val_str(command));
	map_set(params, "version", val_int(1));
	map_set(request, "jsonrpc", val_str("2.0"));
	map_set(request, "method", val_str(b->method));
	map_set(request, "params", val_map(params));
	map_set(request, "id", val_int((int64_t)b->requests->n + 1));
	if (b->on_error != NULL)
		map_set(request, "rollback", val_str(b->on_error));
	list_push(b->requests, val_map(request));
}

static const char *command_at(const struct batch *b, size_t i) {
	return member_text(map_get(b->requests->v[i].u.map, "params"), "cmd");
}

/* Of {"code", "message", "data": {"msg"}}. */
static bool told_no(const struct batch *b, size_t i, struct val error, struct err *e) {
	const char *message = member_text(error, "message"), *words = member_text(val_path(b->a, error, "data"), "msg");

	return err_kind(e, ERR_UPSTREAM, "rpc", "%s: \"%.100s\": %.60s%s%.250s", b->d->name, command_at(b, i), message, words[0] == '\0' ? "" : ": ", words);
}

/* One result a command in *out (may be NULL): what "body" or "msg" holds. The first that is refused is ERR_UPSTREAM "rpc". */
static bool ask(struct batch *b, struct val **out, struct err *e) {
	struct val answer, one, *results = arena_new(b->a, struct val, b->requests->n);
	struct sbuf body;
	size_t i;

	sb_init(&body, b->a);
	json_write(&body, val_list(b->requests));
	if (!https_post(b->d->state, b->a, "/ins", "application/json-rpc", &body, &answer, e))
		return false;
	for (i = 0; i < b->requests->n; i++) {
		one = answer.type == V_LIST ? (i < answer.u.list->n ? answer.u.list->v[i] : val_undef()) : i == 0 ? answer : val_undef();
		if (one.type != V_MAP)
			return err_kind(e, ERR_UPSTREAM, "garbage", "%s: the answer of NX-API has none to \"%.100s\"", b->d->name, command_at(b, i));
		if (map_get(one.u.map, "error").type == V_MAP)
			return told_no(b, i, map_get(one.u.map, "error"), e);
		if (map_get(one.u.map, "result").type == V_UNDEF)
			return err_kind(e, ERR_UPSTREAM, "garbage", "%s: the answer of NX-API has neither result nor error", b->d->name);
		results[i] = val_path(b->a, one, strcmp(b->method, "cli") == 0 ? "result.body" : "result.msg");
	}
	if (out != NULL)
		*out = results;
	return true;
}

static bool show(struct device *d, struct arena *a, const char *command, struct val *out, struct err *e) {
	struct batch b = batch_of(d, a, "cli");
	struct val *results;

	add(&b, command);
	if (!ask(&b, &results, e))
		return false;
	*out = results[0];
	return true;
}

/* Its text; "" when it says nothing. */
static bool say(struct device *d, struct arena *a, const char *command, const char **out, struct err *e) {
	struct batch b = batch_of(d, a, "cli_ascii");
	struct val *results;

	add(&b, command);
	if (!ask(&b, &results, e))
		return false;
	*out = val_cstr(results[0], "");
	return true;
}

/* Signing in is seen at once, not at the first question. */
static bool nxos_open(struct device *d, struct err *e) {
	const char *said;

	d->state = https_new(d);
	return say(d, d->a, "show hostname", &said, e);
}

/* ---- what is read ---- */

/* NX-OS has a table of one row as an object, else as a list. NULL: none. */
static struct list *rows(struct arena *a, struct val of, const char *name) {
	struct val v = val_path(a, of, arena_printf(a, "TABLE_%s.ROW_%s", name, name));
	struct list *one;

	if (v.type == V_LIST)
		return v.u.list;
	one = list_new(a, 1);
	if (v.type == V_MAP)
		list_push(one, v);
	return one;
}

static int64_t number(struct val of, const char *name) {
	struct val v = of.type == V_MAP ? map_get(of.u.map, name) : val_undef();

	return v.type == V_INT ? v.u.i : v.type == V_STR && isdigit((unsigned char)*v.u.s) ? strtoll(v.u.s, NULL, 10) : -1;
}

static bool nxos_facts(struct device *d, struct arena *a, struct facts *out, struct err *e) {
	static const struct { const char *name; int64_t seconds; } parts[] = { { "kern_uptm_days", 86400 }, { "kern_uptm_hrs", 3600 },
	    { "kern_uptm_mins", 60 }, { "kern_uptm_secs", 1 } };
	struct val v;
	size_t i;

	if (!show(d, a, "show version", &v, e))
		return false;
	if (v.type != V_MAP)
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s: the answer to \"show version\" has no body", d->name);
	out->vendor = "Cisco";
	out->model = member_text(v, "chassis_id");
	out->version = member_text(v, member_text(v, "nxos_ver_str")[0] != '\0' ? "nxos_ver_str" : "sys_ver_str");
	if (out->version[0] == '\0')
		out->version = member_text(v, "kickstart_ver_str");
	out->serial = member_text(v, "proc_board_id");
	out->hostname = member_text(v, "host_name");
	for (i = 0; i < ARRAY_LEN(parts); i++) {
		int64_t n = number(v, parts[i].name);

		if (n >= 0)
			out->uptime = (out->uptime < 0 ? 0 : out->uptime) + n * parts[i].seconds;
	}
	return true;
}

/* Once per address family; the counts of all are added up. */
static void take_peer(struct neighbours *list, struct arena *a, struct val peer, const char *vrf) {
	const char *address = member_text(peer, "neighborid"), *asn = member_text(peer, "neighboras"), *state = member_text(peer, "state");
	int64_t received = number(peer, "prefixreceived");
	char canonical[ADDR_TEXT_MAX];
	struct neighbour *n = NULL;
	struct addr ip;
	size_t i;

	if (!addr_parse(address, strcspn(address, "%"), &ip))
		return;
	addr_text(&ip, ADDR_HOST, canonical);
	for (i = 0; i < list->n && n == NULL; i++)
		n = strcmp(list->v[i].address, canonical) == 0 && strcmp(list->v[i].vrf, vrf) == 0 ? &list->v[i] : NULL;
	if (n == NULL) {
		n = neighbours_add(list, a);
		n->address = arena_strdup(a, canonical);
		n->vrf = vrf;
		asn_parse(asn, strlen(asn), &n->asn);
		if (n->asn == 0)
			n->asn = number(peer, "neighboras") > 0 ? (uint32_t)number(peer, "neighboras") : 0;
		n->state = bgp_state_of(arena_strndup(a, state, strcspn(state, " (")));
		n->shutdown = strstr(state, "Admin") != NULL || strstr(state, "Shut") != NULL;
		if (n->shutdown)
			n->state = BGP_IDLE;
		n->uptime = n->state == BGP_ESTABLISHED ? span_seconds(member_text(peer, "time")) : -1;
	}
	if (n->state == BGP_ESTABLISHED && received >= 0)
		n->received = (n->received < 0 ? 0 : n->received) + received;
}

static void take_vrf(struct neighbours *out, struct arena *a, struct val vrf, const char *name) {
	struct list *families = rows(a, vrf, "af"), *subs, *peers;
	size_t i, k, m;

	for (i = 0; i < families->n; i++) {
		subs = rows(a, families->v[i], "saf");
		for (k = 0; k < subs->n; k++) {
			peers = rows(a, subs->v[k], "neighbor");
			for (m = 0; m < peers->n; m++)
				take_peer(out, a, peers->v[m], name);
		}
	}
}

/* "Last reset by us 1d10h, due to holdtimer expired error"; of the two sides the one that was later counts. */
static void take_reset(struct neighbour *n, struct arena *a, const char *s, int64_t *when) {
	const char *due = strstr(s, ", due to ");
	int64_t ago;

	s += strncmp(s, "by us ", 6) == 0 ? 6 : strncmp(s, "by peer ", 8) == 0 ? 8 : 0;
	ago = due == NULL ? -1 : span_seconds(arena_strndup(a, s, (size_t)(due - s)));
	if (ago < 0 || (*when >= 0 && *when < ago) || strcasecmp(due + 9, "No error") == 0)
		return;
	*when = ago;
	n->last_reset = arena_strdup(a, due + 9);
}

static void add_up(int64_t *sum, const char *digits) {
	*sum = (*sum < 0 ? 0 : *sum) + strtoll(digits, NULL, 10);
}

/* "BGP neighbor is 192.0.2.1,  remote AS ..." begins with one that the summary had; what follows is about it. */
static void take_detail(struct neighbours *list, struct arena *a, const char *text, const char *vrf) {
	static const char head[] = "BGP neighbor is ";
	struct neighbour *n = NULL;
	char canonical[ADDR_TEXT_MAX];
	int64_t when = -1;
	struct addr ip;
	size_t i;

	for (; *text != '\0'; text += strcspn(text, "\n"), text += *text == '\n') {
		const char *s = arena_strndup(a, text, strcspn(text, "\n"));

		s += strspn(s, " ");
		if (strncmp(s, head, strlen(head)) == 0) {
			s += strlen(head);
			n = NULL;
			when = -1;
			if (!addr_parse(s, strcspn(s, ", %"), &ip))
				continue;
			addr_text(&ip, ADDR_HOST, canonical);
			for (i = 0; i < list->n && n == NULL; i++)
				n = strcmp(list->v[i].address, canonical) == 0 && strcmp(list->v[i].vrf, vrf) == 0 ? &list->v[i] : NULL;
		} else if (n == NULL) {
			continue;
		} else if (strncmp(s, "Description: ", 13) == 0) {
			n->description = s + 13;
		} else if (strncmp(s, "Last reset ", 11) == 0) {
			take_reset(n, a, s + 11, &when);
		} else if (n->state == BGP_ESTABLISHED && isdigit((unsigned char)*s)) {
			if (strncmp(s + strspn(s, "0123456789"), " accepted paths", 15) == 0 || strncmp(s + strspn(s, "0123456789"), " accepted prefixes", 18) == 0)
				add_up(&n->accepted, s);
			else if (strncmp(s + strspn(s, "0123456789"), " sent paths", 11) == 0 || strncmp(s + strspn(s, "0123456789"), " sent prefixes", 14) == 0)
				add_up(&n->advertised, s);
		}
	}
}

static const char *vrf_name(struct val row) {
	const char *name = member_text(row, "vrf-name-out");

	return strcmp(name, "default") == 0 ? "" : name;
}

static bool nxos_neighbours(struct device *d, struct arena *a, struct neighbours *out, struct err *e) {
	struct batch b = batch_of(d, a, "cli_ascii");
	struct map *seen = map_new(a, 8);
	struct val v, *texts;
	struct list *vrfs;
	size_t i;

	if (!show(d, a, "show bgp all summary vrf all", &v, e))
		return e->kind != NULL && strcmp(e->kind, "rpc") == 0 && (strstr(e->msg, "nvalid command") != NULL || strstr(e->msg, "BGP") != NULL);
	if (v.type != V_MAP && v.type != V_NULL && v.type != V_UNDEF && v.type != V_STR)
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s: the answer about neighbours has no table of VRFs", d->name);
	vrfs = rows(a, v, "vrf");
	for (i = 0; i < vrfs->n; i++) {
		const char *name = vrf_name(vrfs->v[i]);
		size_t before = out->n;

		take_vrf(out, a, vrfs->v[i], name);
		if (out->n == before || map_get(seen, name).type != V_UNDEF)
			continue;
		map_set(seen, name, val_int((int64_t)b.requests->n));
		add(&b, arena_printf(a, "show bgp vrf %s all neighbors", name[0] == '\0' ? "default" : name));
	}
	if (b.requests->n == 0)
		return true;
	if (!ask(&b, &texts, e)) {
		if (e->kind == NULL || strcmp(e->kind, "rpc") != 0)
			return false;
		device_log(d, DEVICE_WARNING, "%s: prefixes kept and sent stay unknown", e->msg);
		return true;
	}
	for (i = 0; i < seen->n; i++)
		take_detail(out, a, val_cstr(texts[map_val(seen, i).u.i], ""), val_cstr(map_key(seen, i), ""));
	return true;
}

/* The lines of our own job and schedule are none of the configuration, nor is when it was asked for. */
static bool nxos_running(struct device *d, struct sbuf *out, struct err *e) {
	const char *text, *s;
	bool ours = false;
	size_t before = out->len;

	if (!say(d, out->a, "show running-config", &text, e))
		return false;
	for (s = text; *s != '\0'; s += strcspn(s, "\n"), s += *s == '\n') {
		if (*s != ' ')
			ours = strncmp(s, "scheduler job name peerage", 26) == 0 || strncmp(s, "scheduler schedule name peerage", 31) == 0 ||
			    strncmp(s, "!Time", 5) == 0 || strncmp(s, "!Command", 8) == 0 || strncmp(s, "!Running configuration", 22) == 0;
		if (ours || (*s == '\n' && out->len == before))
			continue;
		sb_mem(out, s, strcspn(s, "\n"));
		sb_chr(out, '\n');
	}
	return out->len > before || err_kind(e, ERR_UPSTREAM, "garbage", "%s: \"show running-config\" shows none: %.100s", d->name, text);
}

/* ---- the timer ---- */

static const char *checkpoint(struct device *d) {
	return arena_printf(d->a, "peerage-%s", d->change);
}

static const char *file(struct device *d) {
	return arena_printf(d->a, "bootflash:peerage-%s.cfg", d->change);
}

struct waiting {
	bool any, ours;
	const char *name;               /* of the checkpoint that it goes back to; "" none */
};

/* "1) peerage-12:" in the summary of checkpoints. */
static const char *our_checkpoint(struct arena *a, const char *text) {
	const char *s;

	for (s = text; *s != '\0'; s += strcspn(s, "\n"), s += *s == '\n') {
		size_t n = strspn(s, "0123456789");

		if (n > 0 && strncmp(s + n, ") peerage-", 10) == 0)
			return arena_strndup(a, s + n + 2, strcspn(s + n + 2, ": \n"));
	}
	return "";
}

static bool look(struct device *d, struct waiting *w, struct err *e) {
	struct batch b = batch_of(d, d->a, "cli_ascii");
	struct val *said;
	const char *schedule;

	*w = (struct waiting){ .name = "" };
	add(&b, "show scheduler schedule");
	add(&b, "show checkpoint summary");
	if (!ask(&b, &said, e)) {
		if (e->kind != NULL && strcmp(e->kind, "rpc") == 0)
			return err_kind(e, ERR_METHOD, "cannot", "%s: its scheduler, which is the timer of a change, takes \"feature scheduler\": %.200s", d->name,
			    arena_strdup(d->a, e->msg));
		return false;
	}
	schedule = strstr(val_cstr(said[0], ""), ": peerage\n");
	if (schedule == NULL)
		return true;
	w->name = our_checkpoint(d->a, val_cstr(said[1], ""));
	schedule = strstr(schedule, "Last Execution Time");
	w->any = schedule != NULL && memmem(schedule, strcspn(schedule, "\n"), "Yet to be executed", 18) != NULL && w->name[0] != '\0';
	w->ours = w->any && strcmp(w->name, checkpoint(d)) == 0;
	return true;
}

static bool nxos_pending(struct device *d, struct pending *out, struct err *e) {
	struct waiting w;

	if (!look(d, &w, e))
		return false;
	out->running = w.ours;
	return true;
}

static bool must_wait(struct device *d, struct err *e) {
	struct waiting w;

	return look(d, &w, e) && (w.ours || err_kind(e, ERR_NOT_FOUND, "none", "%s: no change named %s waits: it was confirmed, or its time has run out and the"
	    " router has gone back", d->name, d->change));
}

/* What a change left is taken away, be it there or not; true when nothing waits any more. */
static bool clean(struct device *d, const char *name, struct err *e) {
	struct batch b = batch_of(d, d->a, "cli_ascii");
	struct waiting w;

	b.on_error = "continue-on-error";
	add(&b, "configure terminal");
	add(&b, "no scheduler schedule name peerage");
	add(&b, "no scheduler job name peerage");
	if (name[0] != '\0')
		add(&b, arena_printf(d->a, "no checkpoint %s", name));
	add(&b, arena_printf(d->a, "delete %s no-prompt", file(d)));
	if (!ask(&b, NULL, e) && (e->kind == NULL || strcmp(e->kind, "rpc") != 0))
		return false;
	return look(d, &w, e) && (!w.any || err_kind(e, ERR_UPSTREAM, "rpc", "%s: the schedule \"peerage\" cannot be taken away", d->name));
}

/* A checkpoint of this name would be of an earlier try: NX-OS keeps the old one. */
static bool forget(struct device *d, struct err *e) {
	struct batch b = batch_of(d, d->a, "cli_ascii");

	add(&b, arena_printf(d->a, "no checkpoint %s", checkpoint(d)));
	return ask(&b, NULL, e) || (e->kind != NULL && strcmp(e->kind, "rpc") == 0);
}

/* The schedule counts in minutes of the clock: one more, so that it never comes early. */
static bool arm(struct device *d, unsigned minutes, struct err *e) {
	struct batch b = batch_of(d, d->a, "cli_ascii");
	struct waiting w;

	minutes++;
	b.on_error = "stop-on-error";
	add(&b, "configure terminal");
	add(&b, "scheduler job name peerage");
	add(&b, arena_printf(d->a, "rollback running-config checkpoint %s atomic", checkpoint(d)));
	add(&b, "exit");
	add(&b, "scheduler schedule name peerage");
	add(&b, "job name peerage");
	add(&b, arena_printf(d->a, "time start +00:%02u:%02u", minutes / 60, minutes % 60));
	add(&b, "exit");
	add(&b, arena_printf(d->a, "checkpoint %s", checkpoint(d)));
	return forget(d, e) && ask(&b, NULL, e) && look(d, &w, e) && (w.ours || err_kind(e, ERR_UPSTREAM, "rpc", "%s: its scheduler does not have the job that goes back", d->name));
}

static bool go_back(struct device *d, struct err *e) {
	const char *said;

	if (!say(d, d->a, arena_printf(d->a, "rollback running-config checkpoint %s atomic", checkpoint(d)), &said, e))
		return false;
	if (strstr(said, "completed successfully") == NULL && strstr(said, "Verification is Successful") == NULL && strstr(said, "Patch is Empty") == NULL)
		return err_kind(e, ERR_UPSTREAM, "rpc", "%s: it did not go back to its checkpoint: %.300s", d->name, said);
	return clean(d, checkpoint(d), e);
}

/* ---- changes ---- */

static bool bash(struct device *d, const char *command, struct err *e) {
	struct map *request = map_new(d->a, 1), *ins = map_new(d->a, 6);
	struct val answer, output;
	struct sbuf body;

	map_set(ins, "version", val_str("1.0"));
	map_set(ins, "type", val_str("bash"));
	map_set(ins, "chunk", val_str("0"));
	map_set(ins, "sid", val_str("1"));
	map_set(ins, "input", val_str(command));
	map_set(ins, "output_format", val_str("json"));
	map_set(request, "ins_api", val_map(ins));
	sb_init(&body, d->a);
	json_write(&body, val_map(request));
	if (!https_post(d->state, d->a, "/ins", "application/json", &body, &answer, e))
		return false;
	output = val_path(d->a, answer, "ins_api.outputs.output");
	return strcmp(member_text(output, "code"), "200") == 0 || err_kind(e, ERR_UPSTREAM, "file", "%s: a text that replaces is written through bash, which takes"
	    " \"feature bash-shell\": %.60s %.200s", d->name, member_text(output, "msg"), member_text(output, "clierror"));
}

/* In pieces that a command line holds, and read back. */
static bool put_file(struct device *d, const char *text, size_t len, struct err *e) {
	const char *path = arena_printf(d->a, "/bootflash/peerage-%s.cfg", d->change), *there;
	size_t at;

	for (at = 0; at < len; at += PUT_BYTES) {
		struct sbuf b;

		sb_init(&b, d->a);
		sb_str(&b, "echo ");
		sb_base64(&b, text + at, len - at < PUT_BYTES ? len - at : PUT_BYTES);
		sb_fmt(&b, " | base64 -d %s %s", at == 0 ? ">" : ">>", path);
		if (!bash(d, b.s, e))
			return false;
	}
	if (!say(d, d->a, arena_printf(d->a, "show file %s", file(d)), &there, e))
		return false;
	for (at = len; at > 0 && text[at - 1] == '\n'; at--)
		;
	return (strncmp(there, text, at) == 0 && there[at + strspn(there + at, "\n")] == '\0') ||
	    err_kind(e, ERR_UPSTREAM, "file", "%s: %s is not what was sent (%zu bytes of %zu): is there space?", d->name, file(d), strlen(there), len);
}

static bool nxos_stage(struct device *d, const char *text, size_t len, enum stage_mode mode, struct err *e) {
	struct waiting w;

	if (!look(d, &w, e))
		return false;
	if (w.any)
		return err_kind(e, ERR_CONFLICT, "locked", "%s: the change of the checkpoint %s waits for its confirmation", d->name, w.name);
	return (w.name[0] == '\0' || clean(d, w.name, e)) && (mode == STAGE_MERGE || put_file(d, text, len, e));
}

static bool nxos_discard(struct device *d, struct err *e) {
	const char *said;

	if (d->change[0] == '\0' || say(d, d->a, arena_printf(d->a, "delete %s no-prompt", file(d)), &said, e))
		return true;
	return e->kind != NULL && strcmp(e->kind, "rpc") == 0;
}

/* `configure replace` says what fails in its output; one that is refused whole is an error of NX-API. */
static bool replace(struct device *d, const char *how, const char **said, struct err *e) {
	struct batch b = batch_of(d, d->a, "cli_ascii");
	struct val *texts;
	const char *at;

	add(&b, "configure terminal");
	add(&b, arena_printf(d->a, "configure replace %s %s", file(d), how));
	if (!ask(&b, &texts, e))
		return false;
	*said = val_cstr(texts[1], "");
	at = strcasestr(*said, "fail");
	if (at == NULL)
		at = strcasestr(*said, "error");
	if (at == NULL)
		at = strcasestr(*said, "invalid");
	if (at == NULL)
		return true;
	while (at > *said && at[-1] != '\n')
		at--;
	return err_kind(e, ERR_UPSTREAM, "rpc", "%s: \"configure replace\": %.350s", d->name, at);
}

static bool nxos_check(struct device *d, struct err *e) {
	const char *said;

	return d->staged_mode == STAGE_MERGE || replace(d, "verify-only", &said, e) || refused_as(e, ERR_INVALID, "check");
}

/* A patch of commands: those that take away begin with "no". */
static void put_patch(struct sbuf *out, const char *s) {
	static const char *const preface[] = { "Collecting", "Converting", "#", "!", "Generating", "Version", "Pre-check", "ADVISORY" };
	size_t i;

	for (; *s != '\0'; s += strcspn(s, "\n"), s += *s == '\n') {
		size_t n = strcspn(s, "\n"), indent = strspn(s, " ");

		for (i = 0; i < ARRAY_LEN(preface) && strncmp(s + indent, preface[i], strlen(preface[i])) != 0; i++)
			;
		if (i < ARRAY_LEN(preface) || indent >= n)
			continue;
		sb_chr(out, strncmp(s + indent, "no ", 3) == 0 ? '-' : '+');
		sb_mem(out, s, n);
		sb_chr(out, '\n');
	}
}

/* Lines below lines: the path of a line is what it stands below. */
struct walk {
	const char *path[16];           /* "router bgp 1\n  neighbor 192.0.2.1\n" ... by depth */
	size_t indent[16], depth;
};

/* The path of a line in the arena, "" for none; remembers it for those below. NULL for one that says nothing. */
static const char *step(struct walk *w, struct arena *a, const char *s, const char **text) {
	size_t n = strcspn(s, "\r\n"), indent = strspn(s, " \t");
	const char *above;

	if (indent >= n || s[indent] == '!')
		return NULL;
	*text = arena_strndup(a, s + indent, n - indent);
	while (w->depth > 0 && w->indent[w->depth - 1] >= indent)
		w->depth--;
	above = w->depth == 0 ? "" : w->path[w->depth - 1];
	if (w->depth < ARRAY_LEN(w->path)) {
		w->path[w->depth] = arena_printf(a, "%s%s\n", above, *text);
		w->indent[w->depth++] = indent;
	}
	return above;
}

/* What is above a line, once. */
static void lead(struct sbuf *out, const char *above, const char **led) {
	size_t depth = 0;
	const char *s;

	if (strcmp(above, *led) != 0) {
		for (s = above; *s != '\0'; s += strcspn(s, "\n") + 1)
			sb_fmt(out, " %*s%.*s\n", (int)(2 * depth++), "", (int)strcspn(s, "\n"), s);
		*led = above;
	}
}

/* NX-OS tells no difference before it merges: the lines that it does not have where they are to be, and those that "no" takes away. */
static bool merge_diff(struct device *d, struct sbuf *out, struct err *e) {
	struct map *has = map_new(out->a, 1024);
	struct walk in = { .depth = 0 }, of = { .depth = 0 };
	const char *s, *above, *text, *led = "";
	struct sbuf running;

	sb_init(&running, out->a);
	if (!nxos_running(d, &running, e))
		return false;
	for (s = running.s; *s != '\0'; s += strcspn(s, "\n"), s += *s == '\n') {
		if ((above = step(&in, out->a, s, &text)) != NULL)
			map_set(has, arena_printf(out->a, "%s%s", above, text), val_bool(true));
	}
	for (s = d->staged; *s != '\0'; s += strcspn(s, "\n"), s += *s == '\n') {
		bool no;
		size_t k, depth = 0;

		if ((above = step(&of, out->a, s, &text)) == NULL || strcmp(text, "exit") == 0 || strcmp(text, "end") == 0)
			continue;
		no = strncmp(text, "no ", 3) == 0;
		text += no ? 3 : 0;
		if ((map_get(has, arena_printf(out->a, "%s%s", above, text)).type != V_UNDEF) != no)
			continue;
		lead(out, above, &led);
		for (k = 0; above[k] != '\0'; k++)
			depth += above[k] == '\n';
		sb_fmt(out, "%c%*s%s\n", no ? '-' : '+', (int)(2 * depth), "", text);
	}
	return true;
}

static bool nxos_diff(struct device *d, struct sbuf *out, struct err *e) {
	const char *said;

	if (d->staged_mode == STAGE_MERGE)
		return merge_diff(d, out, e);
	if (!replace(d, "show-patch", &said, e))
		return false;
	put_patch(out, said);
	return true;
}

/* In batches that begin where a line stands at the left, for each begins at the top again. */
static bool merge(struct device *d, struct err *e) {
	const char *s = d->staged;

	while (*s != '\0') {
		struct batch b = batch_of(d, d->a, "cli_ascii");

		b.on_error = "stop-on-error";
		add(&b, "configure terminal");
		for (; *s != '\0' && !(b.requests->n > BATCH_LINES && *s != ' ' && *s != '\t'); s += strcspn(s, "\n"), s += *s == '\n') {
			size_t n = strcspn(s, "\r\n"), indent = strspn(s, " \t");

			if (indent < n && s[indent] != '!' && (n - indent != 3 || strncmp(s + indent, "end", 3) != 0))
				add(&b, arena_strndup(d->a, s + indent, n - indent));
		}
		if (!ask(&b, NULL, e))
			return false;
	}
	return true;
}

/* Always false. */
static bool take_back(struct device *d, struct err *e) {
	struct err other = { .code = ERR_NONE };

	if (e->kind == NULL || strcmp(e->kind, "rpc") != 0)
		return false;           /* no connection: the timer does it */
	refused_as(e, ERR_UPSTREAM, "commit");
	if (go_back(d, &other))
		return false;
	return err_kind(e, ERR_UPSTREAM, "commit", "%s; and going back at once failed, which is left to its timer: %.200s", arena_strdup(d->a, e->msg), other.msg);
}

static bool nxos_commit(struct device *d, unsigned seconds, const char *comment, struct err *e) {
	const char *said;

	(void)comment;                  /* a checkpoint's description is set by another command, and nobody reads it */
	if (!arm(d, seconds == 0 ? NXOS_MINUTES_FOR_GOOD : seconds / MINUTE, e)) {
		struct err other;

		if (refused_as(e, ERR_UPSTREAM, "commit") || (e->kind != NULL && strcmp(e->kind, "commit") == 0))
			clean(d, checkpoint(d), &other);
		return false;
	}
	if (!(d->staged_mode == STAGE_MERGE ? merge(d, e) : replace(d, "verify-and-commit", &said, e)))
		return take_back(d, e);
	return seconds != 0 || d->driver->confirm(d, e);
}

/* What is confirmed is kept over a restart as well. */
static bool nxos_confirm(struct device *d, struct err *e) {
	const char *said;

	if (!must_wait(d, e) || (!clean(d, checkpoint(d), e) && !refused_as(e, ERR_UPSTREAM, "commit")))
		return false;
	return say(d, d->a, "copy running-config startup-config", &said, e) || err_kind(e, e->code, e->kind, "%s: the change runs for good, but was not written"
	    " to the start configuration: %.300s", d->name, arena_strdup(d->a, e->msg));
}

static bool nxos_rollback(struct device *d, struct err *e) {
	return must_wait(d, e) && (go_back(d, e) || refused_as(e, ERR_UPSTREAM, "commit"));
}

static const char *const aliases[] = { "cisco_nxos", "nxos_ssh", "nx-os", NULL };

const struct driver driver_nxos = {
	.name = "nxos", .label = "Cisco NX-OS", .aliases = aliases,
	.can = CAN_REPLACE | CAN_MERGE | CAN_CHECK_REPLACE | CAN_DIFF | CAN_UNDO,
	.transport = VIA_HTTPS, .port = 443, .timer_min = MINUTE, .timer_max = NXOS_HOURS_MAX * 60 * MINUTE - 2 * MINUTE, .timer_step = MINUTE,
	.offered = https_offered, .open = nxos_open, .close = nxos_close, .facts = nxos_facts, .neighbours = nxos_neighbours, .running = nxos_running,
	.stage = nxos_stage, .check = nxos_check, .diff = nxos_diff, .commit = nxos_commit, .discard = nxos_discard,
	.pending = nxos_pending, .confirm = nxos_confirm, .rollback = nxos_rollback,
};
