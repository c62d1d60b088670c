/*
 * iosxr.c: Cisco IOS-XR from 7.0, through NETCONF: the configuration as the text of its command line, the confirmed commit of RFC 6241 8.4 with
 * the change's id as persist-id, so that any later session can confirm it or take it back.
 *
 * IOS-XR does not tell which confirmed commit is going on: pending() finds that one is by asking for the lock of the running configuration, which
 * RFC 6241 7.5 refuses meanwhile; only confirming and cancelling tell, by the id, whose it is. Driver arguments: none but the common ones.
 */
#include "config.h"

#include "base/net.h"
#include "devices/netconf.h"

#define CLI_CFG "http://cisco.com/ns/yang/Cisco-IOS-XR-cli-cfg"

static bool iosxr_open(struct device *d, struct err *e) {
	if (!netconf_open(d, e))
		return false;
	if (!netconf_has(d, CLI_CFG))
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s: it speaks NETCONF, but its model Cisco-IOS-XR-cli-cfg is missing: it takes IOS-XR from 7.0 on", d->name);
	return netconf_has(d, "urn:ietf:params:netconf:capability:confirmed-commit:1.1") ||
	    err_kind(e, ERR_UPSTREAM, "garbage", "%s: its NETCONF has no confirmed-commit:1.1, which a change that goes back by itself needs", d->name);
}

/* ---- what is read ---- */

static bool iosxr_facts(struct device *d, struct arena *a, struct facts *out, struct err *e) {
	struct xml *reply, *bag, *uptime;

	if (!netconf_rpc(d, a, "asking for the facts", "<get><filter type=\"subtree\">"
	    "<system-time xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XR-shellutil-oper\"><uptime/></system-time>"
	    "<inventory xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XR-invmgr-oper\"><racks><rack><attributes><inv-basic-bag/></attributes></rack></racks></inventory>"
	    "</filter></get>", &reply, e))
		return false;
	bag = xml_find(reply, "inv-basic-bag");
	uptime = xml_path(xml_find(reply, "system-time"), "uptime");
	out->vendor = "Cisco";
	out->model = xml_text(bag, "model-name");
	out->serial = xml_text(bag, "serial-number");
	out->version = xml_text(bag, "software-revision");
	out->hostname = xml_text(uptime, "host-name");
	out->uptime = xml_int(uptime, "uptime", -1);
	return true;
}

/* "bgp-st-estab"; opensent and openconfirm are written out. */
static enum bgp_state state_of(const char *word) {
	static const struct { const char *word; enum bgp_state state; } words[] = { { "bgp-st-idle", BGP_IDLE }, { "bgp-st-connect", BGP_CONNECT },
	    { "bgp-st-active", BGP_ACTIVE }, { "bgp-st-open-sent", BGP_OPENSENT }, { "bgp-st-opensent", BGP_OPENSENT },
	    { "bgp-st-open-confirm", BGP_OPENCONFIRM }, { "bgp-st-openconfirm", BGP_OPENCONFIRM }, { "bgp-st-estab", BGP_ESTABLISHED } };
	size_t i;

	for (i = 0; i < ARRAY_LEN(words); i++) {
		if (strcmp(words[i].word, word) == 0)
			return words[i].state;
	}
	return BGP_UNKNOWN;
}

static bool ends_in_none(const char *s) {
	size_t n = strlen(s);

	return n >= 4 && strcmp(s + n - 4, "none") == 0;
}

static void count_prefixes(struct neighbour *n, const struct xml *peer) {
	const struct xml *af;

	if (n->state != BGP_ESTABLISHED)
		return;
	n->received = n->accepted = n->advertised = 0;
	for (af = xml_child(peer, "af-data"); af != NULL; af = xml_next(af)) {
		n->accepted += xml_int(af, "prefixes-accepted", 0);
		n->received += xml_int(af, "prefixes-accepted", 0) + xml_int(af, "prefixes-denied", 0);
		n->advertised += xml_int(af, "prefixes-advertised", 0);
	}
}

/* `of` is the <default-vrf> or <vrf> that it stands in. */
static void take_peer(struct neighbours *list, struct arena *a, const struct xml *peer, const struct xml *of) {
	const char *address = xml_text(peer, "neighbor-address"), *asn = xml_text(peer, "remote-as"), *why = "";
	const struct xml *reason = xml_find(peer, "reset-reason");
	struct neighbour *n;

	n = neighbours_at(list, a, address);
	if (n == NULL)
		return;
	if (reason != NULL && !ends_in_none(reason->text))
		why = reason->text;
	n->vrf = strcmp(of->name, "default-vrf") == 0 ? "" : xml_text(of, "vrf-name");
	asn_parse(asn, strlen(asn), &n->asn);
	n->state = state_of(xml_text(peer, "connection-state"));
	n->shutdown = strcmp(xml_text(peer, "is-administratively-shut-down"), "true") == 0;
	count_prefixes(n, peer);
	n->uptime = n->state == BGP_ESTABLISHED ? xml_int(peer, "connection-established-time", -1) : -1;
	n->last_reset = strncmp(why, "bgp-", 4) == 0 ? why + 4 : why;
	n->description = xml_text(peer, "description");
}

static bool iosxr_neighbours(struct device *d, struct arena *a, struct neighbours *out, struct err *e) {
	struct xml *reply, *list, *peer;

	if (!netconf_rpc(d, a, "asking for the neighbours", "<get><filter type=\"subtree\"><bgp xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XR-ipv4-bgp-oper\"><instances>"
	    "<instance><instance-active><default-vrf><neighbors/></default-vrf><vrfs><vrf><vrf-name/><neighbors/></vrf></vrfs></instance-active></instance>"
	    "</instances></bgp></filter></get>", &reply, e))
		return false;
	if (xml_child(reply, "data") == NULL)
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s: the answer about neighbours has no <data>", d->name);
	for (list = xml_find(reply, "neighbors"); list != NULL; list = xml_find_next(reply, list)) {
		for (peer = xml_child(list, "neighbor"); peer != NULL; peer = xml_next(peer))
			take_peer(out, a, peer, list->up);
	}
	return true;
}

static bool iosxr_running(struct device *d, struct sbuf *out, struct err *e) {
	struct xml *reply, *cli;

	if (!netconf_rpc(d, out->a, "asking for the configuration", "<get-config><source><running/></source><filter type=\"subtree\"><cli xmlns=\"" CLI_CFG "\"/></filter>"
	    "</get-config>", &reply, e))
		return false;
	cli = xml_find(reply, "cli");
	if (cli == NULL)
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s: the answer has no <cli>", d->name);
	sb_str(out, cli->text);
	sb_chr(out, '\n');
	return true;
}

/* ---- changes ---- */

static bool iosxr_stage(struct device *d, const char *text, size_t len, enum stage_mode mode, struct err *e) {
	struct sbuf b;

	if (!netconf_begin(d, e))
		return false;
	sb_init(&b, d->a);
	sb_str(&b, mode == STAGE_REPLACE ? "<copy-config><target><candidate/></target><source><config><cli xmlns=\"" CLI_CFG "\">" :
	    "<edit-config><target><candidate/></target><error-option>rollback-on-error</error-option><config><cli xmlns=\"" CLI_CFG "\">");
	sb_xml(&b, text, len);
	sb_str(&b, mode == STAGE_REPLACE ? "</cli></config></source></copy-config>" : "</cli></config></edit-config>");
	return netconf_step(d, "loading the configuration", b.s, ERR_INVALID, "check", e);
}

static bool iosxr_diff(struct device *d, struct sbuf *out, struct err *e) {
	struct xml *reply, *x;

	if (!netconf_rpc(d, out->a, "comparing", "<get-cli-config-diff xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XR-cli-diff-act\"/>", &reply, e))
		return false;
	x = xml_find(reply, "cli-diff");
	if (x == NULL)
		x = xml_find(reply, "response");
	if (x == NULL || x->text[0] == '\0')
		return true;
	sb_str(out, x->text);
	sb_chr(out, '\n');
	return true;
}

static const char *const aliases[] = { "iosxr_netconf", "cisco_xr", "ios-xr", NULL };

const struct driver driver_iosxr = {
	.name = "iosxr", .label = "Cisco IOS-XR", .aliases = aliases,
	.can = CAN_REPLACE | CAN_MERGE | CAN_CHECK | CAN_DIFF | CAN_TIMER | CAN_ATOMIC,
	.transport = VIA_NETCONF, .port = 830, .timer_min = 30, .timer_max = 65535,
	.open = iosxr_open, .close = netconf_close, .facts = iosxr_facts, .neighbours = iosxr_neighbours, .running = iosxr_running,
	.stage = iosxr_stage, .check = netconf_validate, .diff = iosxr_diff, .commit = netconf_commit, .discard = netconf_release,
	.pending = netconf_pending, .confirm = netconf_confirm, .rollback = netconf_cancel,
};
