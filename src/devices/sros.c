/*
 * sros.c: Nokia SR OS with model-driven configuration, through NETCONF: the candidate, the confirmed commit of RFC 6241 8.4 with the change's id as
 * persist-id. What is read are Nokia's own models.
 *
 * A text that begins with "<" is XML: <configure>, with or without <config> around it. Anything else is for the MD-CLI, whose own confirmed commit ends
 * with its session: so the text is given line by line to a private candidate of the command line, which tells it as NETCONF ("compare netconf-rpc", from
 * 22.7), and that is loaded. Nothing is ever committed on the command line.
 *
 * Driver arguments: `cli_port` (of the command line's SSH; default 22).
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/net.h"
#include "devices/netconf.h"

#define CONF "urn:nokia.com:sros:ns:yang:sr:conf"
#define STATE "urn:nokia.com:sros:ns:yang:sr:state"
#define CAPABILITY "urn:ietf:params:netconf:capability:"

enum { SROS_CLI_PORT = 22, XML_INDENT = 4 };

static bool sros_open(struct device *d, struct err *e) {
	if (!netconf_open(d, e))
		return false;
	if (!netconf_has(d, "urn:nokia.com:sros:ns:yang:sr:"))
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s: it speaks NETCONF, but has none of SR OS's models: it takes the model-driven mode", d->name);
	return (netconf_has(d, CAPABILITY "confirmed-commit:1.1") && netconf_has(d, CAPABILITY "candidate")) || err_kind(e, ERR_UPSTREAM, "garbage",
	    "%s: its NETCONF has no candidate with confirmed-commit:1.1, which a change that goes back by itself needs", d->name);
}

/* ---- what is read ---- */

static bool sros_facts(struct device *d, struct arena *a, struct facts *out, struct err *e) {
	struct xml *reply, *system;
	int64_t up;

	if (!netconf_rpc(d, a, "asking for the facts", "<get><filter type=\"subtree\"><state xmlns=\"" STATE "\"><chassis><hardware-data><serial-number/></hardware-data></chassis>"
	    "<system><oper-name/><up-time/><platform/><version><version-number/></version></system></state></filter></get>", &reply, e))
		return false;
	system = xml_find(reply, "system");
	up = xml_int(system, "up-time", -1);
	out->vendor = "Nokia";
	out->model = xml_text(system, "platform");
	out->version = xml_text(system, "version/version-number");
	out->hostname = xml_text(system, "oper-name");
	out->serial = xml_text(xml_find(reply, "chassis"), "hardware-data/serial-number");
	out->uptime = up < 0 ? -1 : up / 1000;
	return true;
}

/* "2022-10-12T01:07:50.6Z"; 0 when it is none. */
static int64_t when(const char *s) {
	struct tm tm = { 0 };

	if (sscanf(s, "%d-%d-%dT%d:%d:%d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec) != 6)
		return 0;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	return (int64_t)timegm(&tm);
}

/* The neighbour of that address in the instance, made when it is not there; NULL: no address. */
static struct neighbour *neighbour_of(struct neighbours *list, struct arena *a, const struct xml *peer, const char *vrf) {
	const char *text = xml_text(peer, "ip-address");
	char canonical[ADDR_TEXT_MAX];
	struct neighbour *n;
	struct addr ip;
	size_t i;

	if (!addr_parse(text, strcspn(text, "%"), &ip))
		return NULL;
	addr_text(&ip, ADDR_HOST, canonical);
	for (i = 0; i < list->n; i++) {
		if (strcmp(list->v[i].address, canonical) == 0 && strcmp(list->v[i].vrf, vrf) == 0)
			return &list->v[i];
	}
	n = neighbours_add(list, a);
	n->address = arena_strdup(a, canonical);
	n->vrf = vrf;
	n->state = BGP_IDLE;
	return n;
}

static void add(int64_t *sum, int64_t n) {
	if (n >= 0)
		*sum = (*sum < 0 ? 0 : *sum) + n;
}

/* What is kept are those that no policy rejected; where that is not told, those in use. */
static void count_prefixes(struct neighbour *n, const struct xml *statistics) {
	const struct xml *family;

	if (n->state != BGP_ESTABLISHED)
		return;
	for (family = xml_child(statistics, "family-prefix") == NULL ? NULL : xml_child(statistics, "family-prefix")->child; family != NULL; family = family->next) {
		int64_t received = xml_int(family, "received", -1), rejected = xml_int(family, "rejected", -1);

		add(&n->received, received);
		add(&n->accepted, rejected >= 0 && received >= rejected ? received - rejected : xml_int(family, "active", -1));
		add(&n->advertised, xml_int(family, "sent", -1));
	}
}

static void take_state(struct neighbour *n, const struct xml *peer, int64_t now) {
	const struct xml *statistics = xml_child(peer, "statistics");
	int64_t since = when(xml_text(statistics, "last-established-time"));
	const char *error = xml_text(statistics, "last-error");

	n->state = bgp_state_of(xml_text(statistics, "session-state"));
	n->uptime = n->state == BGP_ESTABLISHED && since > 0 && now >= since ? now - since : -1;
	n->last_reset = strcasecmp(error, "none") == 0 || strncasecmp(error, "unrecognized", 12) == 0 ? "" : error;
	if (n->asn == 0)
		n->asn = (uint32_t)xml_int(statistics, "peer-as", 0);
	count_prefixes(n, statistics);
}

/* What the neighbour does not say of itself is its group's. */
static const char *configured(const struct xml *peer, const struct xml *bgp, const char *name) {
	const char *own = xml_text(peer, name), *of = xml_text(peer, "group");
	const struct xml *group;

	for (group = xml_child(bgp, "group"); own[0] == '\0' && of[0] != '\0' && group != NULL; group = xml_next(group)) {
		if (strcmp(xml_text(group, "group-name"), of) == 0)
			own = xml_text(group, name);
	}
	return own;
}

static void take_configured(struct neighbour *n, const struct xml *peer, const struct xml *bgp) {
	const char *asn = configured(peer, bgp, "peer-as");

	asn_parse(asn, strlen(asn), &n->asn);
	n->shutdown = strcmp(configured(peer, bgp, "admin-state"), "disable") == 0;
	n->description = xml_text(peer, "description");
}

/* A router or a VPRN, in the configuration or in the state. */
static void take_instance(struct neighbours *out, struct arena *a, const struct xml *bgp, int64_t now) {
	const struct xml *instance = bgp->up, *peer;
	const char *vrf = xml_text(instance, strcmp(instance->name, "vprn") == 0 ? "service-name" : "router-name");
	bool configured = false;

	for (; instance != NULL; instance = instance->up)
		configured = configured || strcmp(instance->name, "configure") == 0;
	if (strcmp(vrf, "Base") == 0)
		vrf = "";
	for (peer = xml_child(bgp, "neighbor"); peer != NULL; peer = xml_next(peer)) {
		struct neighbour *n = neighbour_of(out, a, peer, vrf);

		if (n != NULL && configured)
			take_configured(n, peer, bgp);
		else if (n != NULL)
			take_state(n, peer, now);
	}
}

#define OF_CONF "<bgp><group><group-name/><admin-state/><peer-as/></group><neighbor><ip-address/><group/><admin-state/><description/><peer-as/></neighbor></bgp>"
#define OF_STATE "<bgp><neighbor><ip-address/><statistics/></neighbor></bgp>"
#define INSTANCES(of) "<router><router-name/>" of "</router><service><vprn><service-name/>" of "</vprn></service>"

static bool sros_neighbours(struct device *d, struct arena *a, struct neighbours *out, struct err *e) {
	struct xml *reply, *bgp;
	int64_t now;

	if (!netconf_rpc(d, a, "asking for the neighbours", "<get><filter type=\"subtree\"><configure xmlns=\"" CONF "\">" INSTANCES(OF_CONF) "</configure><state xmlns=\"" STATE
	    "\">" INSTANCES(OF_STATE) "<system><current-time/></system></state></filter></get>", &reply, e))
		return false;
	if (xml_child(reply, "data") == NULL)
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s: the answer about neighbours has no <data>", d->name);
	now = when(xml_text(xml_find(reply, "system"), "current-time"));
	for (bgp = xml_find(reply, "bgp"); bgp != NULL; bgp = xml_find_next(reply, bgp))
		take_instance(out, a, bgp, now);
	return true;
}

/* ---- the command line ---- */

struct cli {
	struct device *d;
	struct transport *t;
	struct shell *shell;
};

/* "MINOR: MGMT_CORE #2201: Unknown element"; NULL: nothing is wrong. */
static const char *complaint(struct arena *a, const char *text) {
	static const char *const grave[] = { "MINOR: ", "MAJOR: ", "CRITICAL: " };
	const char *s;
	size_t i;

	for (s = text; *s != '\0'; s += strcspn(s, "\n"), s += *s == '\n') {
		for (i = 0; i < ARRAY_LEN(grave); i++) {
			if (strncmp(s, grave[i], strlen(grave[i])) == 0)
				return arena_strndup(a, s, strcspn(s, "\n"));
		}
	}
	return NULL;
}

static bool run(struct cli *c, const char *line, struct sbuf *out, struct err *e) {
	const char *no;
	struct sbuf b;

	sb_init(&b, c->d->a);
	if (!shell_run(c->shell, line, &b, 0, e))
		return false;
	if (out != NULL)
		sb_mem(out, b.s, b.len);
	no = complaint(c->d->a, b.s);
	return no == NULL || err_kind(e, ERR_UPSTREAM, "rpc", "%s: \"%.100s\": %.300s", c->d->name, line, no);
}

static void cli_close(struct cli *c) {
	if (c->shell != NULL)
		shell_close(c->shell);
	transport_close(c->t);
}

/* A connection of its own: NETCONF's port has no command line. */
static bool cli_open(struct device *d, struct cli *c, struct err *e) {
	static const struct shell_options options = { .prompt = "[A-D]:[^ #]+# ?", .pager = "Press any key to continue" };
	uint16_t port = d->port;
	bool ok;

	*c = (struct cli){ .d = d };
	d->port = (uint16_t)device_arg_int(d, "cli_port", SROS_CLI_PORT);
	ok = transport_open(d, &c->t, e);
	d->port = port;
	if (!ok)
		return false;
	if (!shell_open(c->t, &options, NULL, &c->shell, e)) {
		c->shell = NULL;
	} else if (strchr(shell_prompt(c->shell), '@') == NULL) {
		err_kind(e, ERR_METHOD, "cannot", "%s: its command line is the classic one (\"%s\"): it takes the MD-CLI", d->name, shell_prompt(c->shell));
	} else if (run(c, "/environment more false", NULL, e) && run(c, "/environment console width 512", NULL, e)) {
		return true;
	}
	cli_close(c);
	return false;
}

/* What stands before the prompt on a line of its own: "*(pr)[/]". */
static bool is_context(const char *s, size_t n) {
	size_t at = strspn(s, "!*");

	if (at < n && s[at] == '(')
		at += strcspn(s + at, ")\n") + 1;
	return at < n && s[at] == '[' && s[n - 1] == ']';
}

static void put_lines(struct sbuf *out, const char *s) {
	for (; *s != '\0'; s += strcspn(s, "\n"), s += *s == '\n') {
		size_t n = strcspn(s, "\n");

		if (n > 0 && !is_context(s, n) && strncmp(s, "INFO: ", 6) != 0) {
			sb_mem(out, s, n);
			sb_chr(out, '\n');
		}
	}
}

/* Up to the first line that is refused: its number. */
static bool give_lines(struct cli *c, const char *text, size_t len, struct err *e) {
	const char *end = text + len;
	struct text_line l = { 0 };

	while (text_next(&l, &text, end)) {
		if (run(c, arena_strndup(c->d->a, l.s, l.len), NULL, e))
			continue;
		if (e->kind != NULL && strcmp(e->kind, "rpc") == 0)
			return err_kind(e, ERR_INVALID, "check", "%s: line %u: %.400s", c->d->name, l.number, arena_strdup(c->d->a, e->msg + strlen(c->d->name) + 2));
		return false;
	}
	return true;
}

static bool convert(struct cli *c, const char *text, size_t len, enum stage_mode mode, struct sbuf *rpc, struct sbuf *diff, struct err *e) {
	if (!run(c, "edit-config private", NULL, e) || (mode == STAGE_REPLACE && !run(c, "delete configure", NULL, e)))
		return refused_as(e, ERR_CONFLICT, "locked");
	if (!give_lines(c, text, len, e))
		return false;
	if (!run(c, "exit all", NULL, e) || !run(c, "compare", diff, e))
		return refused_as(e, ERR_INVALID, "check");
	if (run(c, "compare netconf-rpc", rpc, e))
		return true;
	if (e->kind != NULL && strcmp(e->kind, "rpc") == 0)
		return err_kind(e, ERR_METHOD, "cannot", "%s: its MD-CLI cannot tell a change as NETCONF, as SR OS does from 22.7 on: give it XML (%.200s)", c->d->name,
		    arena_strdup(c->d->a, e->msg));
	return false;
}

/* The names for prefixes that the <rpc> around it declares go along. */
static void put_prefixes(struct sbuf *out, const char *rpc) {
	const char *end = strchr(rpc, '>'), *s;

	for (s = strstr(rpc, "xmlns:"); end != NULL && s != NULL && s < end; s = strstr(s + 1, "xmlns:")) {
		size_t n = strcspn(s, "\"'>");

		if (s + n < end)
			n += 1 + strcspn(s + n + 1, s[n] == '"' ? "\"" : "'") + 1;
		sb_chr(out, ' ');
		sb_mem(out, s, n);
	}
}

/* The MD-CLI text as what stands in <config>; "" when it changes nothing. */
static bool from_cli(struct device *d, const char *text, size_t len, enum stage_mode mode, struct sbuf *config, struct err *e) {
	struct sbuf rpc, diff, shown;
	const char *from, *to;
	struct xml *parsed;
	struct cli c;
	bool ok;

	sb_init(&rpc, d->a);
	sb_init(&diff, d->a);
	sb_init(&shown, d->a);
	if (!cli_open(d, &c, e))
		return false;
	ok = convert(&c, text, len, mode, &rpc, &diff, e);
	cli_close(&c);                  /* and its private candidate is gone */
	if (!ok)
		return false;
	put_lines(&shown, diff.s);
	d->state = shown.s;
	from = strstr(rpc.s, "<rpc");
	to = strstr(rpc.s, "</rpc>");
	if (from == NULL && shown.len == 0)
		return true;
	if (from == NULL || to == NULL || !xml_parse(d->a, from, (size_t)(to - from) + 6, &parsed, e) || xml_find(parsed, "configure") == NULL)
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s: the MD-CLI does not tell the change as an <rpc>: %.100s", d->name, rpc.s);
	sb_str(config, "<config");
	put_prefixes(config, from);
	sb_chr(config, '>');
	from = strstr(from, "<configure");
	for (to = rpc.s + rpc.len; to > from && strncmp(to, "</configure>", 12) != 0; to--)
		;
	sb_mem(config, from, (size_t)(to - from) + 12);
	sb_str(config, "</config>");
	return true;
}

/* ---- changes ---- */

static bool from_xml(struct device *d, const char *text, size_t len, struct sbuf *config, struct err *e) {
	struct xml *parsed;

	if (!xml_parse(d->a, text, len, &parsed, e)) {
		e->kind = "check";
		return false;
	}
	d->state = NULL;
	if (strcmp(parsed->name, "config") != 0 && strcmp(parsed->name, "configure") != 0)
		return err_kind(e, ERR_INVALID, "check", "%s: the text is XML, but its root is <%.50s>, not <configure xmlns=\"" CONF "\">", d->name, parsed->name);
	if (strncmp(text, "<?", 2) == 0) {
		const char *root = strstr(text, "?>");

		len -= (size_t)(root + 2 - text);
		text = root + 2;
	}
	if (strcmp(parsed->name, "configure") == 0)
		sb_str(config, "<config>");
	sb_mem(config, text, len);
	if (strcmp(parsed->name, "configure") == 0)
		sb_str(config, "</config>");
	return true;
}

static bool sros_stage(struct device *d, const char *text, size_t len, enum stage_mode mode, struct err *e) {
	bool is_xml = text[strspn(text, " \t\r\n")] == '<', replaces = is_xml && mode == STAGE_REPLACE;
	struct sbuf config, b;
	size_t blanks = strspn(text, " \t\r\n");
	struct pending before;

	sb_init(&config, d->a);
	if (!netconf_pending(d, &before, e))
		return false;
	if (!before.running && !(is_xml ? from_xml(d, text + blanks, len - blanks, &config, e) : from_cli(d, text, len, mode, &config, e)))
		return false;
	if (!netconf_begin(d, e))
		return false;
	if (config.len == 0)
		return true;
	sb_init(&b, d->a);
	sb_fmt(&b, "<edit-config><target><candidate/></target><default-operation>%s</default-operation><error-option>rollback-on-error</error-option>",
	    replaces ? "replace" : "merge");
	sb_mem(&b, config.s, config.len);
	sb_str(&b, "</edit-config>");
	return netconf_step(d, "loading the configuration", b.s, ERR_INVALID, "check", e);
}

/* An element a line, as SR OS's models have it: text or children, no attributes. */
static void put_element(struct sbuf *out, const struct xml *x, int depth) {
	const struct xml *c;

	sb_fmt(out, "%*s<%s%s>", depth * XML_INDENT, "", x->name, depth == 0 ? " xmlns=\"" CONF "\"" : "");
	if (x->child == NULL) {
		sb_xml(out, x->text, strlen(x->text));
	} else {
		sb_chr(out, '\n');
		for (c = x->child; c != NULL; c = c->next)
			put_element(out, c, depth + 1);
		sb_fmt(out, "%*s", depth * XML_INDENT, "");
	}
	sb_fmt(out, "</%s>\n", x->name);
}

static bool datastore(struct device *d, const char *name, struct sbuf *out, struct err *e) {
	struct xml *reply, *configure;

	if (!netconf_rpc(d, out->a, "asking for the configuration", arena_printf(d->a, "<get-config><source><%s/></source><filter type=\"subtree\"><configure xmlns=\"" CONF
	    "\"/></filter></get-config>", name), &reply, e))
		return false;
	configure = xml_find(reply, "configure");
	if (configure == NULL)
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s: the answer has no <configure>", d->name);
	put_element(out, configure, 0);
	return true;
}

/* d->state: the difference of what is staged as the MD-CLI tells it; NULL: it was XML. */
static bool sros_diff(struct device *d, struct sbuf *out, struct err *e) {
	struct sbuf before, after;

	if (d->state != NULL) {
		sb_str(out, d->state);
		return true;
	}
	sb_init(&before, out->a);
	sb_init(&after, out->a);
	if (!datastore(d, "running", &before, e) || !datastore(d, "candidate", &after, e))
		return false;
	text_diff(out, before.s, before.len, after.s, after.len);
	return true;
}

/* As the MD-CLI shows it, without what it says of itself around it: the form that most templates have. */
static bool sros_running(struct device *d, struct sbuf *out, struct err *e) {
	const char *s;
	struct sbuf b;
	struct cli c;
	bool ok, in = false;

	sb_init(&b, out->a);
	if (!cli_open(d, &c, e))
		return false;
	ok = run(&c, "admin show configuration", &b, e);
	cli_close(&c);
	if (!ok)
		return false;
	for (s = b.s; *s != '\0'; s += strcspn(s, "\n"), s += *s == '\n') {
		in = in || strncmp(s, "configure {", 11) == 0;
		if (!in)
			continue;
		sb_mem(out, s, strcspn(s, "\n"));
		sb_chr(out, '\n');
		if (*s == '}')
			return true;
	}
	return err_kind(e, ERR_UPSTREAM, "garbage", "%s: \"admin show configuration\" shows no configure { ... }: %.100s", d->name, b.s);
}

/* Over a restart as well, where the router does not do so by itself. */
static bool keep(struct device *d, struct err *e) {
	if (!netconf_has(d, CAPABILITY "startup"))
		return true;
	return netconf_rpc(d, d->a, "saving the configuration", "<copy-config><target><startup/></target><source><running/></source></copy-config>", NULL, e) ||
	    err_kind(e, e->code, e->kind, "%s: the change runs for good, but was not written to the start configuration: %.300s", d->name, arena_strdup(d->a, e->msg));
}

static bool sros_commit(struct device *d, unsigned seconds, const char *comment, struct err *e) {
	return netconf_commit(d, seconds, comment, e) && (seconds != 0 || keep(d, e));
}

static bool sros_confirm(struct device *d, struct err *e) {
	return netconf_confirm(d, e) && keep(d, e);
}

static const char *const aliases[] = { "nokia_sros", "sr-os", "timos", NULL };

const struct driver driver_sros = {
	.name = "sros", .label = "Nokia SR OS", .aliases = aliases,
	.can = CAN_REPLACE | CAN_MERGE | CAN_CHECK | CAN_DIFF | CAN_TIMER | CAN_ATOMIC,
	.transport = VIA_NETCONF, .port = 830, .timer_min = 60, .timer_max = 86400,
	.open = sros_open, .close = netconf_close, .facts = sros_facts, .neighbours = sros_neighbours, .running = sros_running,
	.stage = sros_stage, .check = netconf_validate, .diff = sros_diff, .commit = sros_commit, .discard = netconf_release,
	.pending = netconf_pending, .confirm = sros_confirm, .rollback = netconf_cancel,
};
