/*
 * junos.c: Juniper Junos, through NETCONF with Junos's own requests. The shared candidate is locked from stage to commit, so that nothing of
 * somebody else's is committed, and so a commit only confirms. The confirmed commit is the router's: minutes, and the newest entry
 * of its commit history tells whether it waits and, in the log text, whose it is.
 *
 * A text whose first word is "set", "delete" ... is a list of commands, one that begins with "<" is XML, else it is in braces. Merging honours
 * "replace:" tags. Driver arguments: none but the common ones; `port` is usually 830, or 22.
 */
#include "config.h"

#include <stdlib.h>
#include <time.h>

#include "base/net.h"
#include "devices/netconf.h"

enum { MINUTE = 60, JUNOS_MINUTES_MAX = 65535 };

static bool junos_open(struct device *d, struct err *e) {
	if (!netconf_open(d, e))
		return false;
	if (netconf_has(d, "http://xml.juniper.net/netconf/junos/"))
		return true;
	return err_kind(e, ERR_UPSTREAM, "garbage", "%s: it speaks NETCONF, but is no Junos: the capability http://xml.juniper.net/netconf/junos/1.0 is missing", d->name);
}

/* ---- what is read ---- */

static bool junos_facts(struct device *d, struct arena *a, struct facts *out, struct err *e) {
	struct xml *software, *chassis, *uptime;
	const char *booted;

	if (!netconf_rpc(d, a, "asking for the software", "<get-software-information/>", &software, e) ||
	    !netconf_rpc(d, a, "asking for the hardware", "<get-chassis-inventory/>", &chassis, e) ||
	    !netconf_rpc(d, a, "asking for the uptime", "<get-system-uptime-information/>", &uptime, e))
		return false;
	software = xml_find(software, "software-information");
	out->vendor = "Juniper";
	out->model = xml_text(software, "product-model");
	out->hostname = xml_text(software, "host-name");
	out->version = xml_text(software, "junos-version");
	if (out->version[0] == '\0')
		out->version = xml_text(software, "package-information/comment");
	out->serial = xml_text(xml_find(chassis, "chassis"), "serial-number");
	booted = xml_attr(xml_path(xml_find(uptime, "system-booted-time"), "time-length"), "seconds");
	if (booted[0] != '\0')
		out->uptime = strtoll(booted, NULL, 10);
	return true;
}

/* Of "CUSTOMERS.inet6.0" the part before; "" of the default instance's tables. */
static const char *instance_of_rib(struct arena *a, const char *name) {
	const char *at = strstr(name, ".inet");

	return at == NULL || at == name ? "" : arena_strndup(a, name, (size_t)(at - name));
}

static const char *instance_of(struct arena *a, const struct xml *peer) {
	const char *named = xml_text(peer, "peer-cfg-rti");

	if (named[0] == '\0')
		return instance_of_rib(a, xml_text(peer, "bgp-rib/name"));
	return strcmp(named, "master") == 0 ? "" : named;
}

/* "192.0.2.1+179", "fe80::1%ge-0/0/0.0". */
static const char *peer_address(struct arena *a, const struct xml *peer) {
	const char *text = xml_text(peer, "peer-address");
	char canonical[ADDR_TEXT_MAX];
	struct addr ip;

	if (!addr_parse(text, strcspn(text, "+%"), &ip))
		return NULL;
	return arena_strdup(a, addr_text(&ip, ADDR_HOST, canonical));
}

static int64_t sum(const struct xml *peer, const char *counter) {
	const struct xml *rib;
	int64_t all = -1, n;

	for (rib = xml_child(peer, "bgp-rib"); rib != NULL; rib = xml_next(rib)) {
		n = xml_int(rib, counter, -1);
		if (n >= 0)
			all = (all < 0 ? 0 : all) + n;
	}
	return all;
}

static void take_peer(struct neighbours *list, struct arena *a, const struct xml *peer) {
	const char *address = peer_address(a, peer), *error = xml_text(peer, "last-error"), *event = xml_text(peer, "last-flap-event");
	struct neighbour *n;

	if (address == NULL)
		return;
	n = neighbours_add(list, a);
	n->address = address;
	n->vrf = instance_of(a, peer);
	asn_parse(xml_text(peer, "peer-as"), strlen(xml_text(peer, "peer-as")), &n->asn);
	n->state = bgp_state_of(xml_text(peer, "peer-state"));
	n->shutdown = strstr(xml_text(peer, "bgp-option-information/bgp-options-extended"), "Shutdown") != NULL &&
	    strcmp(xml_text(peer, "bgp-option-information/bgp-options-extended"), "GracefulShutdownRcv") != 0;
	n->received = sum(peer, "received-prefix-count");
	n->accepted = sum(peer, "accepted-prefix-count");
	n->advertised = sum(peer, "advertised-prefix-count");
	n->description = xml_text(peer, "description");
	if (strcmp(error, "None") == 0)
		error = "";
	if (strcmp(event, "None") == 0)
		event = "";
	n->last_reset = error[0] == '\0' || event[0] == '\0' ? arena_printf(a, "%s%s", error, event) : arena_printf(a, "%s (%s)", error, event);
}

/* The neighbour list says everything but since when: that is in the summary. */
static void take_uptime(struct neighbours *list, struct arena *a, const struct xml *peer) {
	const char *address = peer_address(a, peer), *seconds = xml_attr(xml_child(peer, "elapsed-time"), "seconds"), *vrf = instance_of(a, peer);
	bool known = xml_child(peer, "bgp-rib") != NULL;
	size_t i;

	for (i = 0; address != NULL && seconds[0] != '\0' && i < list->n; i++) {
		struct neighbour *n = &list->v[i];

		if (n->uptime < 0 && strcmp(n->address, address) == 0 && (!known || strcmp(n->vrf, vrf) == 0)) {
			n->uptime = strtoll(seconds, NULL, 10);
			return;
		}
	}
}

static bool junos_neighbours(struct device *d, struct arena *a, struct neighbours *out, struct err *e) {
	struct xml *peers, *summary, *x;

	if (!netconf_rpc(d, a, "asking for the neighbours", "<get-bgp-neighbor-information/>", &peers, e) ||
	    !netconf_rpc(d, a, "asking for the summary of BGP", "<get-bgp-summary-information/>", &summary, e))
		return false;
	if (xml_find(peers, "bgp-information") == NULL && xml_find(peers, "output") == NULL)
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s: the answer about neighbours has no <bgp-information>", d->name);
	for (x = xml_find(peers, "bgp-peer"); x != NULL; x = xml_find_next(peers, x))
		take_peer(out, a, x);
	for (x = xml_find(summary, "bgp-peer"); x != NULL; x = xml_find_next(summary, x))
		take_uptime(out, a, x);
	return true;
}

static bool junos_running(struct device *d, struct sbuf *out, struct err *e) {
	struct xml *reply, *text;

	if (!netconf_rpc(d, out->a, "asking for the configuration", "<get-configuration database=\"committed\" format=\"text\"/>", &reply, e))
		return false;
	text = xml_find(reply, "configuration-text");
	if (text == NULL)
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s: the answer has no <configuration-text>", d->name);
	sb_str(out, text->text);
	sb_chr(out, '\n');
	return true;
}

/* ---- the commit that waits ---- */

struct waiting {
	bool any, ours;
	int64_t seconds;                /* left; -1 unknown */
	const char *who;
};

/* The id as a word of its own in the text. */
static bool has_word(const char *text, const char *word) {
	size_t n = strlen(word);
	const char *at;

	for (at = strstr(text, word); at != NULL; at = strstr(at + 1, word)) {
		char before = at == text ? ' ' : at[-1], after = at[n];

		if ((before == ' ' || before == '\n') && (after == ' ' || after == '\0' || after == '\n' || after == ':'))
			return true;
	}
	return false;
}

static bool look(struct device *d, struct waiting *w, struct err *e) {
	struct xml *reply, *newest;
	const char *comment, *at, *since;

	*w = (struct waiting){ .seconds = -1, .who = "" };
	if (!netconf_rpc(d, d->a, "asking for the commits", "<get-commit-information/>", &reply, e))
		return false;
	newest = xml_find(reply, "commit-history");
	comment = xml_text(newest, "comment");
	if ((at = strstr(comment, "commit confirmed, rollback in ")) == NULL)
		return true;
	w->any = true;
	w->who = xml_text(newest, "user");
	w->ours = has_word(xml_text(newest, "log"), d->change) || has_word(comment, d->change);
	since = xml_attr(xml_child(newest, "date-time"), "seconds");
	if (since[0] != '\0') {
		int64_t all = strtoll(at + strlen("commit confirmed, rollback in "), NULL, 10) * MINUTE, left = strtoll(since, NULL, 10) + all - (int64_t)time(NULL);

		w->seconds = left < 0 || left > all ? -1 : left;        /* its clock may not be ours */
	}
	return true;
}

static bool junos_pending(struct device *d, struct pending *out, struct err *e) {
	struct waiting w;

	if (!look(d, &w, e))
		return false;
	out->running = w.any && w.ours;
	out->seconds = out->running ? w.seconds : -1;
	return true;
}

static bool nobody_waits(struct device *d, struct err *e) {
	struct waiting w;

	return look(d, &w, e) && (!w.any || err_kind(e, ERR_CONFLICT, "locked",
	    "%s: a confirmed commit of %s%s waits for its confirmation: another commit would confirm it", d->name, w.who, w.ours ? " with this name" : ""));
}

/* ---- changes ---- */

static bool is_commands(const char *text) {
	static const char *const words[] = { "set ", "delete ", "edit ", "activate ", "deactivate ", "insert ", "rename ", "copy ", "annotate " };
	size_t i;

	text += strspn(text, " \t\r\n");
	for (i = 0; i < ARRAY_LEN(words); i++) {
		if (strncmp(text, words[i], strlen(words[i])) == 0)
			return true;
	}
	return false;
}

static void load_request(struct sbuf *b, const char *text, size_t len, enum stage_mode mode) {
	const char *action = mode == STAGE_REPLACE ? "override" : "replace";

	if (is_commands(text)) {
		sb_str(b, "<load-configuration action=\"set\" format=\"text\"><configuration-set>");
		sb_xml(b, text, len);
		sb_str(b, "</configuration-set></load-configuration>");
	} else if (text[strspn(text, " \t\r\n")] == '<') {
		sb_fmt(b, "<load-configuration action=\"%s\" format=\"xml\">", action);
		sb_mem(b, text, len);
		sb_str(b, "</load-configuration>");
	} else {
		sb_fmt(b, "<load-configuration action=\"%s\" format=\"text\"><configuration-text>", action);
		sb_xml(b, text, len);
		sb_str(b, "</configuration-text></load-configuration>");
	}
}

static bool junos_stage(struct device *d, const char *text, size_t len, enum stage_mode mode, struct err *e) {
	struct xml *parsed;
	struct sbuf b;

	if (mode == STAGE_REPLACE && is_commands(text))
		return err_kind(e, ERR_INVALID, "check", "%s: a list of set commands cannot replace the configuration: it takes one in braces or in XML", d->name);
	if (text[strspn(text, " \t\r\n")] == '<' && !xml_parse(d->a, text, len, &parsed, e)) {
		e->kind = "check";
		return false;
	}
	if (!nobody_waits(d, e) || !netconf_lock(d, e))
		return false;
	sb_init(&b, d->a);
	load_request(&b, text, len, mode);
	return netconf_step(d, "emptying the candidate", "<discard-changes/>", ERR_UPSTREAM, "rpc", e) &&
	    netconf_step(d, "loading the configuration", b.s, ERR_INVALID, "check", e);
}

static bool junos_check(struct device *d, struct err *e) {
	return netconf_rpc(d, d->a, "checking the configuration", "<commit-configuration><check/></commit-configuration>", NULL, e) ||
	    refused_as(e, ERR_INVALID, "check");
}

static bool junos_diff(struct device *d, struct sbuf *out, struct err *e) {
	struct xml *reply;
	const char *text;

	if (!netconf_rpc(d, out->a, "comparing", "<get-configuration compare=\"rollback\" rollback=\"0\" format=\"text\"/>", &reply, e))
		return false;
	text = xml_text(xml_find(reply, "configuration-information"), "configuration-output");
	sb_str(out, text);
	if (text[0] != '\0')
		sb_chr(out, '\n');
	return true;
}

static bool junos_commit(struct device *d, unsigned seconds, const char *comment, struct err *e) {
	const char *line = arena_printf(d->a, "%s%s%.200s", d->change, comment[0] == '\0' ? "" : " ", comment);
	struct sbuf b;

	sb_init(&b, d->a);
	sb_str(&b, "<commit-configuration>");
	if (seconds != 0)
		sb_fmt(&b, "<confirmed/><confirm-timeout>%u</confirm-timeout>", seconds / MINUTE);
	sb_str(&b, "<log>");
	sb_xml(&b, line, strlen(line));
	sb_str(&b, "</log></commit-configuration>");
	return netconf_step(d, "committing", b.s, ERR_UPSTREAM, "commit", e) && netconf_release(d, e);
}

static bool must_wait(struct device *d, struct err *e) {
	struct waiting w;

	return look(d, &w, e) && ((w.any && w.ours) || err_kind(e, ERR_NOT_FOUND, "none", "%s: no confirmed commit named %s waits: it was confirmed, or its"
	    " time has run out and the router has gone back", d->name, d->change));
}

/* With the candidate locked and as it is committed: what waits is confirmed and nothing else. */
static bool junos_confirm(struct device *d, struct err *e) {
	return must_wait(d, e) && netconf_lock(d, e) && netconf_step(d, "confirming",
	    arena_printf(d->a, "<commit-configuration><log>%s confirmed</log></commit-configuration>", d->change), ERR_UPSTREAM, "commit", e) && netconf_release(d, e);
}

static bool junos_rollback(struct device *d, struct err *e) {
	return must_wait(d, e) && netconf_lock(d, e) &&
	    netconf_step(d, "loading what was before", "<load-configuration rollback=\"1\"/>", ERR_UPSTREAM, "commit", e) && netconf_step(d, "going back",
	    arena_printf(d->a, "<commit-configuration><log>%s taken back</log></commit-configuration>", d->change), ERR_UPSTREAM, "commit", e) && netconf_release(d, e);
}

static const char *const aliases[] = { "juniper", "juniper_junos", NULL };

const struct driver driver_junos = {
	.name = "junos", .label = "Junos", .aliases = aliases,
	.can = CAN_REPLACE | CAN_MERGE | CAN_CHECK | CAN_DIFF | CAN_TIMER | CAN_ATOMIC,
	.transport = VIA_NETCONF, .port = 830, .timer_min = MINUTE, .timer_max = JUNOS_MINUTES_MAX * MINUTE, .timer_step = MINUTE,
	.removal = "delete:",
	.open = junos_open, .close = netconf_close, .facts = junos_facts, .neighbours = junos_neighbours, .running = junos_running,
	.stage = junos_stage, .check = junos_check, .diff = junos_diff, .commit = junos_commit, .discard = netconf_release,
	.pending = junos_pending, .confirm = junos_confirm, .rollback = junos_rollback,
};
