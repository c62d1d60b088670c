/* euro_ix.c: see the header. */
#include "config.h"

#include "base/json.h"
#include "base/limits.h"
#include "base/net.h"
#include "db/queries.h"
#include "outside/euro_ix.h"
#include "outside/http.h"

enum { SECONDS = 60, MASK_MAX = 128 };

/* ---- what an export says ---- */

/* The text of an export as the addresses of it: a list of maps as euro_ix_take() takes them. *ixps: its exchanges, ixp_id -1 for all. */
struct euro_ix_parsed {
	const char *version, *generated;
	struct val root;
	struct list *ports;
	size_t without;
};

/* The list under that key; absent is an empty one. */
static bool list_of(const struct map *m, const char *key, const char *where, struct list **out, struct arena *a, struct err *e) {
	struct val v = map_get(m, key);

	if (v.type == V_LIST) {
		*out = v.u.list;
		return true;
	}
	*out = list_new(a, 0);
	return val_is_null(v) || err_set(e, ERR_UPSTREAM, NULL, "%s.%s is a %s; a list is right", where, key, val_type_name(v));
}

static bool is_object(struct val v, const char *where, size_t i, struct err *e) {
	return v.type == V_MAP || err_set(e, ERR_UPSTREAM, NULL, "%s[%zu] is a %s; an object is right", where, i, val_type_name(v));
}

static struct val text_or_empty(const struct map *m, const char *key) {
	struct val v = map_get(m, key);

	return v.type == V_STR ? v : val_str("");
}

static struct val count_or_null(const struct map *m, const char *key) {
	struct val v = map_get(m, key);

	return v.type == V_INT && v.u.i >= 0 ? v : val_null();
}

static bool euro_ix_parse(struct arena *a, const char *text, size_t len, struct euro_ix_parsed *p, struct err *e) {
	struct val version;
	struct err why;

	*p = (struct euro_ix_parsed){ .ports = list_new(a, 256) };
	if (!json_parse(a, text, len, LIMIT_JSON_DEPTH, &p->root, &why))
		return err_set(e, ERR_UPSTREAM, NULL, "the answer is not the JSON of a member export: %s%s", why.msg,
		    len > 0 && text[strspn(text, " \t\r\n")] == '<' ? " (it looks like a web page)" : "");
	if (p->root.type != V_MAP)
		return err_set(e, ERR_UPSTREAM, NULL, "the answer is a JSON %s; a member export is an object", val_type_name(p->root));
	version = map_get(p->root.u.map, "version");
	p->version = val_cstr(version, "");
	if (strncmp(p->version, "0.", 2) != 0 && strncmp(p->version, "1.", 2) != 0)
		return err_set(e, ERR_UPSTREAM, NULL, "a member export has a \"version\" from 0.3 to 1.x, this one %s%.20s",
		    version.type == V_UNDEF ? "has none" : "has ", p->version);
	p->generated = val_cstr(map_get(p->root.u.map, "timestamp"), "");
	if (map_get(p->root.u.map, "member_list").type != V_LIST)
		return err_set(e, ERR_UPSTREAM, NULL, "the export has no list \"member_list\": it is not one, or it is cut");
	return true;
}

/* ---- its addresses ---- */

struct walk {
	struct arena *a;
	struct euro_ix_parsed *p;
	struct map *seen;               /* address -> its port */
	struct map *vlans;              /* number -> name */
	int64_t ixp_id;
	/* of the connection at hand */
	struct val asn, name, state, speed;
	const char *where;
};

/* The same address twice is one; with another AS number nobody can tell which is right. */
static bool keep(struct walk *w, const char *address, struct map *port, struct err *e) {
	struct val *before = map_find(w->seen, val_str(address));

	if (before == NULL) {
		map_put(w->seen, val_str(address), val_map(port));
		list_push(w->p->ports, val_map(port));
		return true;
	}
	if (map_get(before->u.map, "asn").u.i == w->asn.u.i)
		return true;
	return err_set(e, ERR_UPSTREAM, NULL, "%s: the address %s is AS%lld's already, and here AS%lld's", w->where, address,
	    (long long)map_get(before->u.map, "asn").u.i, (long long)w->asn.u.i);
}

static struct val macs_of(struct arena *a, const struct map *m) {
	struct val v = map_get(m, "mac_addresses");
	struct list *out = list_new(a, 2);
	uint8_t mac[6];
	char text[18];

	for (size_t i = 0; v.type == V_LIST && i < v.u.list->n; i++) {
		struct val one = v.u.list->v[i];

		if (one.type == V_STR && mac_parse(one.u.s, one.len, mac))
			list_push(out, val_str(arena_printf(a, "%s", mac_text(mac, text))));
	}
	return val_list(out);
}

static bool take_address(struct walk *w, const struct map *vlan, const char *family, struct err *e) {
	struct val side = map_get(vlan, family), address, server, number = map_get(vlan, "vlan_id"), *name;
	char *text = arena_new(w->a, char, ADDR_TEXT_MAX);
	struct map *m = map_new(w->a, 12);
	struct addr addr;

	if (val_is_null(side))
		return true;
	if (side.type != V_MAP)
		return err_set(e, ERR_UPSTREAM, NULL, "%s.%s is a %s; an object is right", w->where, family, val_type_name(side));
	address = map_get(side.u.map, "address");
	if (val_is_null(address) || (address.type == V_STR && address.len == 0)) {
		w->p->without++;
		return true;
	}
	if (address.type != V_STR || !addr_parse(address.u.s, address.len, &addr) || addr.family != (family[3] == '4' ? 4 : 6))
		return err_set(e, ERR_UPSTREAM, NULL, "%s.%s.address: \"%.60s\" is no IPv%c address", w->where, family, val_cstr(address, val_type_name(address)),
		    family[3]);
	addr_text(&addr, ADDR_HOST, text);
	server = map_get(side.u.map, "routeserver");
	name = number.type == V_INT ? map_find(w->vlans, number) : NULL;
	map_set(m, "address", val_str(text));
	map_set(m, "asn", w->asn);
	map_set(m, "name", w->name);
	map_set(m, "vlan", name != NULL ? *name : number.type == V_INT ? val_printf(w->a, "%lld", (long long)number.u.i) : val_str(""));
	map_set(m, "state", w->state);
	map_set(m, "speed", w->speed);
	map_set(m, "as_set", text_or_empty(side.u.map, "as_macro"));
	map_set(m, "max_prefixes", count_or_null(side.u.map, "max_prefix"));
	map_set(m, "route_server", server.type == V_BOOL ? server : val_null());
	map_set(m, "macs", macs_of(w->a, side.u.map));
	return keep(w, text, m, e);
}

static bool take_connection(struct walk *w, const struct map *c, struct err *e) {
	struct val ixp = map_get(c, "ixp_id");
	struct list *interfaces, *vlans;
	int64_t speed = 0;

	if (w->ixp_id >= 0 && (ixp.type != V_INT || ixp.u.i != w->ixp_id))
		return true;
	if (!list_of(c, "if_list", w->where, &interfaces, w->a, e) || !list_of(c, "vlan_list", w->where, &vlans, w->a, e))
		return false;
	for (size_t i = 0; i < interfaces->n; i++) {
		struct val one = interfaces->v[i], mbits = one.type == V_MAP ? count_or_null(one.u.map, "if_speed") : val_null();

		if (mbits.type == V_INT && mbits.u.i <= INT32_MAX)
			speed += mbits.u.i;
	}
	w->speed = speed == 0 ? val_null() : val_int(speed);
	w->state = text_or_empty(c, "state");
	for (size_t i = 0; i < vlans->n; i++) {
		if (!is_object(vlans->v[i], w->where, i, e) || !take_address(w, vlans->v[i].u.map, "ipv4", e) || !take_address(w, vlans->v[i].u.map, "ipv6", e))
			return false;
	}
	return true;
}

static bool take_member(struct walk *w, const struct map *member, size_t i, struct err *e) {
	struct list *connections;
	struct val asn = map_get(member, "asnum");

	w->where = arena_printf(w->a, "member_list[%zu]", i);
	if (asn.type != V_INT || asn.u.i < 1 || asn.u.i > UINT32_MAX)
		return err_set(e, ERR_UPSTREAM, NULL, "%s.asnum: a number from 1 to 4294967295 is right, not %s%s", w->where,
		    asn.type == V_INT ? "another " : "a ", val_type_name(asn));
	w->asn = asn;
	w->name = text_or_empty(member, "name");
	if (!list_of(member, "connection_list", w->where, &connections, w->a, e))
		return false;
	for (size_t k = 0; k < connections->n; k++) {
		w->where = arena_printf(w->a, "member_list[%zu].connection_list[%zu]", i, k);
		if (!is_object(connections->v[k], arena_printf(w->a, "member_list[%zu].connection_list", i), k, e) ||
		    !take_connection(w, connections->v[k].u.map, e))
			return false;
	}
	return true;
}

/* Names of the VLANs of the exchange. */
static void vlans_read(struct walk *w) {
	struct val ixps = map_get(w->p->root.u.map, "ixp_list");

	for (size_t i = 0; ixps.type == V_LIST && i < ixps.u.list->n; i++) {
		struct val ixp = ixps.u.list->v[i], vlans = ixp.type == V_MAP ? map_get(ixp.u.map, "vlan") : val_undef();
		struct val id = ixp.type == V_MAP ? map_get(ixp.u.map, "ixp_id") : val_undef();

		if (w->ixp_id >= 0 && (id.type != V_INT || id.u.i != w->ixp_id))
			continue;
		for (size_t k = 0; vlans.type == V_LIST && k < vlans.u.list->n; k++) {
			struct val vlan = vlans.u.list->v[k];

			if (vlan.type == V_MAP && map_get(vlan.u.map, "id").type == V_INT && map_get(vlan.u.map, "name").type == V_STR)
				map_put(w->vlans, map_get(vlan.u.map, "id"), map_get(vlan.u.map, "name"));
		}
	}
}

static bool euro_ix_ports(struct arena *a, struct euro_ix_parsed *p, int64_t ixp_id, struct err *e) {
	struct walk w = { .a = a, .p = p, .seen = map_new(a, 256), .vlans = map_new(a, 8), .ixp_id = ixp_id };
	struct list *members = map_get(p->root.u.map, "member_list").u.list;

	vlans_read(&w);
	for (size_t i = 0; i < members->n; i++) {
		if (!is_object(members->v[i], "member_list", i, e) || !take_member(&w, members->v[i].u.map, i, e))
			return false;
	}
	if (p->ports->n == 0)
		return err_set(e, ERR_UPSTREAM, NULL, ixp_id < 0 ? "no member of the export has an address" :
		    "no member of the export has an address at the exchange with ixp_id %lld", (long long)ixp_id);
	return true;
}

/* ---- which exchange of the export ---- */

static void push_prefix(struct arena *a, struct list *out, struct val side) {
	struct val prefix = side.type == V_MAP ? map_get(side.u.map, "prefix") : val_undef();
	struct val mask = side.type == V_MAP ? map_get(side.u.map, "mask_length") : val_undef();
	char text[ADDR_TEXT_MAX];
	struct addr addr, net;

	if (prefix.type != V_STR || mask.type != V_INT || !addr_parse(prefix.u.s, prefix.len, &addr) || mask.u.i < 0 || mask.u.i > MASK_MAX ||
	    (addr.family == 4 && mask.u.i > 32))
		return;
	addr.plen = (uint8_t)mask.u.i;
	net = addr_network(&addr);
	list_push(out, val_str(arena_printf(a, "%s", addr_text(&net, ADDR_WITH_LENGTH, text))));
}

/* Whether one of its VLANs is the LAN where we are. */
static bool is_ours(struct arena *a, struct db *db, int64_t id, const struct map *ixp, bool *ours, struct err *e) {
	struct val vlans = map_get(ixp, "vlan");
	struct list *prefixes = list_new(a, 4);
	struct result r;

	*ours = false;
	for (size_t i = 0; vlans.type == V_LIST && i < vlans.u.list->n; i++) {
		if (vlans.u.list->v[i].type != V_MAP)
			continue;
		push_prefix(a, prefixes, map_get(vlans.u.list->v[i].u.map, "ipv4"));
		push_prefix(a, prefixes, map_get(vlans.u.list->v[i].u.map, "ipv6"));
	}
	if (prefixes->n == 0)
		return true;
	if (!db_named(db, a, Q_EURO_IX_HOLDS, (struct val[]){ val_int(id), val_list(prefixes) }, &r, e))
		return false;
	*ours = result_at(&r, 0, 0).u.b;
	return true;
}

static bool choose(struct arena *a, struct db *db, const struct euro_ix_exchange *x, const struct euro_ix_parsed *p, int64_t *ixp_id, struct err *e) {
	struct val ixps = map_get(p->root.u.map, "ixp_list");
	struct sbuf names;
	size_t found = 0;

	*ixp_id = x->ixp_id;
	if (x->ixp_id >= 0 || ixps.type != V_LIST || ixps.u.list->n < 2)
		return true;
	sb_init(&names, a);
	for (size_t i = 0; i < ixps.u.list->n; i++) {
		struct val ixp = ixps.u.list->v[i], id = ixp.type == V_MAP ? map_get(ixp.u.map, "ixp_id") : val_undef();
		bool ours;

		if (id.type != V_INT)
			continue;
		sb_fmt(&names, "%s%lld (%.40s)", names.len == 0 ? "" : ", ", (long long)id.u.i, val_cstr(map_get(ixp.u.map, "shortname"), "?"));
		if (!is_ours(a, db, x->id, ixp.u.map, &ours, e))
			return false;
		found += ours;
		*ixp_id = ours ? id.u.i : *ixp_id;
	}
	return found == 1 || err_set(e, ERR_INVALID, "euro_ix_id", "the export is about several exchanges and %s of them has our LAN; say which it is as its"
	    " ixp_id: %.300s", found == 0 ? "none" : "more than one", names.s);
}

/* ---- reading ---- */

static bool ask(struct arena *a, const struct conf *conf, const char *url, struct sbuf *out, struct err *e) {
	static const char *const headers[] = { "Accept: application/json", NULL };
	const struct http_request req = { .url = url, .headers = headers, .named = http_host_listed(a, url, conf->internal_hosts), .plain = true,
		.seconds = SECONDS, .max_bytes = LIMIT_EURO_IX };
	struct http_response resp;

	if (!http_do(http_new(a, conf->http_proxy), a, &req, &resp, e))
		return false;
	if (resp.status != 200)
		return err_set(e, ERR_UPSTREAM, NULL, "the exchange answers %ld instead of 200 with its member export", resp.status);
	*out = resp.body;
	return true;
}

static bool take(struct arena *a, struct db *db, const struct euro_ix_exchange *x, const struct euro_ix_parsed *p, struct euro_ix_report *report,
    struct err *e) {
	struct sbuf text;
	struct result r;

	sb_init(&text, a);
	json_write(&text, val_list(p->ports));
	if (!db_named(db, a, Q_EURO_IX_TAKE, (struct val[]){ val_int(x->id), val_str(x->url), val_str(p->version), val_str(p->generated),
	    val_mem(text.s, text.len) }, &r, e))
		return false;
	*report = (struct euro_ix_report){ .version = p->version, .members = result_at(&r, 0, 0).u.i, .ports = result_at(&r, 0, 1).u.i, .without = p->without };
	return true;
}

bool euro_ix_fetch(struct arena *a, struct db *db, const struct conf *conf, const struct euro_ix_exchange *x, struct euro_ix_report *report,
    struct err *e) {
	struct euro_ix_parsed p;
	struct result ignored;
	struct sbuf body = { .len = 0 };
	int64_t ixp_id;
	struct err why;

	if (*x->url == '\0')
		return err_set(e, ERR_INVALID, "euro_ix_url", "the exchange has no address of a member export; set euro_ix_url");
	if (ask(a, conf, x->url, &body, e) && euro_ix_parse(a, body.s, body.len, &p, e) && choose(a, db, x, &p, &ixp_id, e) &&
	    euro_ix_ports(a, &p, ixp_id, e) && take(a, db, x, &p, report, e))
		return true;
	db_named(db, a, Q_EURO_IX_FAILED, (struct val[]){ val_int(x->id), val_str(e->msg) }, &ignored, &why);
	return false;
}
