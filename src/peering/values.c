/* values.c: addresses as Python's ipaddress shows them to templates; bound methods. */
#include "config.h"

#include <stdio.h>

#include "peering/values.h"

struct addr_obj {
	struct obj obj;
	struct addr addr;
	enum addr_kind kind;
};

enum addr_attr {
	AA_IP, AA_NETWORK, AA_VERSION, AA_PREFIXLEN, AA_NETMASK, AA_HOSTMASK, AA_WITH_PREFIXLEN, AA_WITH_NETMASK, AA_COMPRESSED,
	AA_EXPLODED, AA_REVERSE, AA_NETWORK_ADDRESS, AA_BROADCAST, AA_NUM, AA_MAX, AA_PRIVATE, AA_GLOBAL, AA_LOOPBACK, AA_MULTICAST,
	AA_LINK_LOCAL, AA__COUNT
};

/* Which kinds have it: address, interface, network. `.ip` of a bare address is more than Python has: sessions at exchanges need it. */
static const struct { const char *name; bool has[3]; } addr_attrs[AA__COUNT] = {
	[AA_IP] = { "ip", { true, true, true } },
	[AA_NETWORK] = { "network", { true, true, true } },
	[AA_VERSION] = { "version", { true, true, true } },
	[AA_PREFIXLEN] = { "prefixlen", { true, true, true } },
	[AA_NETMASK] = { "netmask", { false, true, true } },
	[AA_HOSTMASK] = { "hostmask", { false, true, true } },
	[AA_WITH_PREFIXLEN] = { "with_prefixlen", { false, true, true } },
	[AA_WITH_NETMASK] = { "with_netmask", { false, true, true } },
	[AA_COMPRESSED] = { "compressed", { true, true, true } },
	[AA_EXPLODED] = { "exploded", { true, true, true } },
	[AA_REVERSE] = { "reverse_pointer", { true, true, false } },
	[AA_NETWORK_ADDRESS] = { "network_address", { false, false, true } },
	[AA_BROADCAST] = { "broadcast_address", { false, false, true } },
	[AA_NUM] = { "num_addresses", { false, false, true } },
	[AA_MAX] = { "max_prefixlen", { true, true, true } },
	[AA_PRIVATE] = { "is_private", { true, true, true } },
	[AA_GLOBAL] = { "is_global", { true, true, true } },
	[AA_LOOPBACK] = { "is_loopback", { true, true, true } },
	[AA_MULTICAST] = { "is_multicast", { true, true, true } },
	[AA_LINK_LOCAL] = { "is_link_local", { true, true, true } },
};

/* IANA's special-purpose registries, as Python's is_private reads them. */
static const char *const private_nets[] = {
	"0.0.0.0/8", "10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/29", "192.0.0.170/31", "192.0.2.0/24",
	"192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4", "255.255.255.255/32",
	"::1/128", "::/128", "::ffff:0:0/96", "100::/64", "2001::/23", "2001:2::/48", "2001:db8::/32", "2001:10::/28", "fc00::/7", "fe80::/10",
};

static bool in_net(const struct addr *a, const char *net) {
	struct addr n;

	return addr_parse(net, strlen(net), &n) && n.family == a->family && addr_contains(&n, a);
}

static bool is_private(const struct addr *a) {
	size_t i;

	for (i = 0; i < ARRAY_LEN(private_nets); i++) {
		if (in_net(a, private_nets[i]))
			return true;
	}
	return false;
}

static unsigned bits(const struct addr *a) {
	return a->family == 4 ? 32 : 128;
}

static struct addr mask_of(const struct addr *a, bool inverted) {
	struct addr m = { .family = a->family, .plen = (uint8_t)bits(a) };
	unsigned i;

	for (i = 0; i < bits(a); i++) {
		if ((i < a->plen) != inverted)
			m.b[i / 8] = (uint8_t)(m.b[i / 8] | 0x80 >> i % 8);
	}
	return m;
}

static struct addr host_of(const struct addr *a) {
	struct addr h = *a;

	h.plen = (uint8_t)bits(a);
	return h;
}

/* Python writes IPv4-mapped addresses in hexadecimal throughout, where inet_ntop() and PostgreSQL end in dotted decimal. */
char *addr_python(const struct addr *a, char out[ADDR_TEXT_MAX]) {
	char *dotted, *colon;

	addr_text(a, ADDR_HOST, out);
	dotted = a->family == 6 ? strchr(out, '.') : NULL;
	if (dotted != NULL) {
		colon = strrchr(out, ':');
		snprintf(colon + 1, ADDR_TEXT_MAX - (size_t)(colon + 1 - out), "%x:%x", (unsigned)a->b[12] << 8 | a->b[13],
		    (unsigned)a->b[14] << 8 | a->b[15]);
	}
	return out;
}

static void exploded(const struct addr_obj *o, struct sbuf *out) {
	char text[ADDR_TEXT_MAX];
	int i;

	if (o->addr.family == 4) {
		sb_str(out, addr_python(&o->addr, text));
	} else {
		for (i = 0; i < 16; i += 2)
			sb_fmt(out, "%s%02x%02x", i == 0 ? "" : ":", o->addr.b[i], o->addr.b[i + 1]);
	}
	if (o->kind != ADDR_ADDRESS)
		sb_fmt(out, "/%u", o->addr.plen);
}

/* RFC 1035 3.5, RFC 3596 2.5 */
static void reverse_pointer(const struct addr *a, struct sbuf *out) {
	int i;

	if (a->family == 4) {
		sb_fmt(out, "%u.%u.%u.%u.in-addr.arpa", a->b[3], a->b[2], a->b[1], a->b[0]);
		return;
	}
	for (i = 15; i >= 0; i--)
		sb_fmt(out, "%x.%x.", a->b[i] & 15u, (unsigned)a->b[i] >> 4);
	sb_str(out, "ip6.arpa");
}

static bool addr_obj_text(struct obj *obj, struct sbuf *out, struct err *e) {
	const struct addr_obj *o = (const struct addr_obj *)obj;
	char text[ADDR_TEXT_MAX];

	(void)e;
	sb_str(out, addr_python(&o->addr, text));
	if (o->kind != ADDR_ADDRESS)
		sb_fmt(out, "/%u", o->addr.plen);
	return true;
}

static bool addr_obj_repr(struct obj *obj, struct sbuf *out, struct err *e) {
	sb_fmt(out, "%s('", obj->class->name);
	addr_obj_text(obj, out, e);
	sb_str(out, "')");
	return true;
}

static int addr_obj_find(const struct obj *obj, const char *name, size_t len) {
	const struct addr_obj *o = (const struct addr_obj *)obj;
	int i;

	for (i = 0; i < AA__COUNT; i++) {
		if (strlen(addr_attrs[i].name) == len && memcmp(addr_attrs[i].name, name, len) == 0)
			return addr_attrs[i].has[o->kind] ? i : -1;
	}
	return -1;
}

static struct val number_of_addresses(const struct addr *a) {
	unsigned host = bits(a) - a->plen;

	return host < 63 ? val_int((int64_t)1 << host) : val_float((double)((uint64_t)1 << 62) * (double)((uint64_t)1 << (host - 62 > 62 ? 62 : host - 62)));
}

static struct val text_val(struct arena *a, const struct addr_obj *o, void (*print)(const struct addr_obj *, struct sbuf *)) {
	struct sbuf b;

	sb_init(&b, a);
	print(o, &b);
	return val_mem(b.s, b.len);
}

static void print_plain(const struct addr_obj *o, struct sbuf *out) {
	char text[ADDR_TEXT_MAX];

	sb_str(out, addr_python(&o->addr, text));
	if (o->kind != ADDR_ADDRESS)
		sb_fmt(out, "/%u", o->addr.plen);
}

static void print_reverse(const struct addr_obj *o, struct sbuf *out) {
	reverse_pointer(&o->addr, out);
}

static void print_netmask(const struct addr_obj *o, struct sbuf *out) {
	char text[ADDR_TEXT_MAX];
	struct addr m = mask_of(&o->addr, false);

	sb_str(out, addr_python(&o->addr, text));
	sb_fmt(out, "/%s", addr_text(&m, ADDR_HOST, text));
}

static bool addr_obj_get(struct obj *obj, int slot, struct arena *a, struct val *out, struct err *e) {
	struct addr_obj *o = (struct addr_obj *)obj;
	const struct addr *x = &o->addr;

	(void)e;
	switch ((enum addr_attr)slot) {
	case AA_IP: *out = addr_val(a, host_of(x), ADDR_ADDRESS); break;
	case AA_NETWORK: *out = addr_val(a, addr_network(x), ADDR_NETWORK); break;
	case AA_VERSION: *out = val_int(x->family); break;
	case AA_PREFIXLEN: *out = val_int(x->plen); break;
	case AA_NETMASK: *out = addr_val(a, mask_of(x, false), ADDR_ADDRESS); break;
	case AA_HOSTMASK: *out = addr_val(a, mask_of(x, true), ADDR_ADDRESS); break;
	case AA_COMPRESSED:
	case AA_WITH_PREFIXLEN: *out = text_val(a, o, print_plain); break;
	case AA_WITH_NETMASK: *out = text_val(a, o, print_netmask); break;
	case AA_EXPLODED: *out = text_val(a, o, exploded); break;
	case AA_REVERSE: *out = text_val(a, o, print_reverse); break;
	case AA_NETWORK_ADDRESS: *out = addr_val(a, host_of(x), ADDR_ADDRESS); break;
	case AA_BROADCAST: {
		struct addr last = addr_broadcast(x);

		*out = addr_val(a, host_of(&last), ADDR_ADDRESS);
		break;
	}
	case AA_NUM: *out = number_of_addresses(x); break;
	case AA_MAX: *out = val_int(bits(x)); break;
	case AA_PRIVATE: *out = val_bool(is_private(x)); break;
	case AA_GLOBAL: *out = val_bool(!is_private(x) && !in_net(x, "100.64.0.0/10")); break;
	case AA_LOOPBACK: *out = val_bool(in_net(x, "127.0.0.0/8") || in_net(x, "::1")); break;
	case AA_MULTICAST: *out = val_bool(in_net(x, "224.0.0.0/4") || in_net(x, "ff00::/8")); break;
	case AA_LINK_LOCAL: *out = val_bool(in_net(x, "169.254.0.0/16") || in_net(x, "fe80::/10")); break;
	case AA__COUNT: break;
	}
	return true;
}

static bool addr_obj_equal(const struct obj *obj, struct val other) {
	const struct addr_obj *o = (const struct addr_obj *)obj, *p;

	if (!val_is_addr(other))
		return false;
	p = (const struct addr_obj *)other.u.obj;
	return o->kind == p->kind && addr_compare(&o->addr, &p->addr) == 0;
}

static uint32_t addr_obj_hash(const struct obj *obj) {
	const struct addr_obj *o = (const struct addr_obj *)obj;
	uint32_t h = o->addr.family + o->addr.plen * 31u;
	size_t i;

	for (i = 0; i < sizeof(o->addr.b); i++)
		h = (h ^ o->addr.b[i]) * 16777619u;
	return h;
}

static int addr_obj_compare(const struct obj *obj, struct val other, bool *comparable) {
	const struct addr_obj *o = (const struct addr_obj *)obj, *p;

	*comparable = false;
	if (!val_is_addr(other))
		return 0;
	p = (const struct addr_obj *)other.u.obj;
	*comparable = o->kind == p->kind && o->addr.family == p->addr.family;
	return addr_compare(&o->addr, &p->addr);
}

#define ADDR_CLASS(python) \
	{ .name = (python), .find = addr_obj_find, .get = addr_obj_get, .text = addr_obj_text, .repr = addr_obj_repr, \
	  .equal = addr_obj_equal, .hash = addr_obj_hash, .compare = addr_obj_compare }

static const struct obj_class addr_classes[6] = {
	ADDR_CLASS("IPv4Address"), ADDR_CLASS("IPv4Interface"), ADDR_CLASS("IPv4Network"),
	ADDR_CLASS("IPv6Address"), ADDR_CLASS("IPv6Interface"), ADDR_CLASS("IPv6Network"),
};

struct val addr_val(struct arena *a, struct addr addr, enum addr_kind kind) {
	struct addr_obj *o = arena_new(a, struct addr_obj, 1);

	*o = (struct addr_obj){ .obj = { &addr_classes[(addr.family == 6 ? 3 : 0) + (int)kind] }, .addr = addr, .kind = kind };
	return val_obj(&o->obj);
}

bool val_is_addr(struct val v) {
	return v.type == V_OBJ && v.u.obj->class >= addr_classes && v.u.obj->class < addr_classes + ARRAY_LEN(addr_classes);
}

bool val_addr(struct val v, struct addr *out, enum addr_kind *kind) {
	if (val_is_addr(v)) {
		const struct addr_obj *o = (const struct addr_obj *)v.u.obj;

		*out = o->addr;
		*kind = o->kind;
		return true;
	}
	if (v.type != V_STR || !addr_parse(v.u.s, v.len, out))
		return false;
	*kind = memchr(v.u.s, '/', v.len) == NULL ? ADDR_ADDRESS : ADDR_INTERFACE;
	return true;
}

/* ---- calls ---- */

/* The place of a name in "a, b, c"; -1 when it is not there. */
static int param_place(const char *params, const char *name, size_t len) {
	int place = 0;
	const char *p = params;

	while (p != NULL && *p != '\0') {
		size_t n = strcspn(p, ", ");

		if (n == len && memcmp(p, name, len) == 0)
			return place;
		p += n;
		p += strspn(p, ", ");
		place++;
	}
	return -1;
}

bool call_bind(struct call *c, const char *name, const char *params, struct val *args, size_t nargs) {
	size_t i, most = 0;
	const char *p = params;

	for (i = 0; i < nargs; i++)
		args[i] = val_undef();
	while (p != NULL && *p != '\0') {
		most++;
		p += strcspn(p, ", ");
		p += strspn(p, ", ");
	}
	if (most > nargs)
		most = nargs;
	if (c->nargs > most)
		return err_kind(c->e, ERR_TEMPLATE, "TypeError", "%s() takes at most %zu arguments, %zu were given", name, most, c->nargs);
	for (i = 0; i < c->nargs; i++)
		args[i] = c->args[i];
	for (i = 0; i < c->nkw; i++) {
		int at = param_place(params, c->kwnames[i].u.s, c->kwnames[i].len);

		if (at < 0 || (size_t)at >= nargs)
			return err_kind(c->e, ERR_TEMPLATE, "TypeError", "%s() got an unexpected keyword argument '%s'", name,
			    c->kwnames[i].u.s);
		args[at] = c->kwargs[i];
	}
	return true;
}

struct bound {
	struct obj obj;
	const char *name;
	void *self;
	bound_fn *fn;
};

static bool bound_call(struct obj *obj, struct call *c, struct val *out) {
	struct bound *b = (struct bound *)obj;

	return b->fn(b->self, c, out);
}

static bool bound_text(struct obj *obj, struct sbuf *out, struct err *e) {
	(void)e;
	sb_fmt(out, "<bound method %s>", ((struct bound *)obj)->name);
	return true;
}

static const struct obj_class bound_class = { .name = "method", .call = bound_call, .text = bound_text };

struct val bound_val(struct arena *a, const char *name, void *self, bound_fn *fn) {
	struct bound *b = arena_new(a, struct bound, 1);

	*b = (struct bound){ { &bound_class }, name, self, fn };
	return val_obj(&b->obj);
}
