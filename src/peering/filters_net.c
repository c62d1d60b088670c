/* filters_net.c: addresses and MAC addresses. */
#include "config.h"

#include <ctype.h>
#include <stdio.h>

#include "peering/filters.h"

/* An integer is an address for Python's ipaddress: 32 bits of IPv4, else IPv6. */
static bool addr_of_int(int64_t i, struct addr *out) {
	int k;

	if (i < 0)
		return false;
	*out = (struct addr){ .family = 4, .plen = 32 };
	if (i > UINT32_MAX) {
		*out = (struct addr){ .family = 6, .plen = 128 };
		for (k = 0; k < 8; k++)
			out->b[15 - k] = (uint8_t)(i >> 8 * k & 255);
		return true;
	}
	for (k = 0; k < 4; k++)
		out->b[3 - k] = (uint8_t)(i >> 8 * k & 255);
	return true;
}

static bool of_version(struct call *c, int version, struct val *out) {
	struct val v = c->args[0];
	enum addr_kind kind = ADDR_ADDRESS;
	struct addr a;
	bool is;

	if (val_any_gobj(v) != NULL && gobj_is_session(val_any_gobj(v)))
		return filter_attr(c, v, "ip_address", &v) && (*out = session_family(val_any_gobj(c->args[0])) == version ? v : val_null(), true);
	is = v.type == V_INT ? addr_of_int(v.u.i, &a) : val_addr(v, &a, &kind);
	*out = is && kind != ADDR_NETWORK && a.family == version ? addr_val(c->a, a, kind) : val_null();
	return true;
}

static bool ipv4(struct call *c, struct val *out) {
	return of_version(c, 4, out);
}

static bool ipv6(struct call *c, struct val *out) {
	return of_version(c, 6, out);
}

static bool host(struct call *c, struct val v, struct val *out) {
	enum addr_kind kind;
	char text[ADDR_TEXT_MAX];
	struct addr a;
	struct sbuf b;

	if (v.type == V_MAP || (val_any_gobj(v) != NULL && gobj_is_session(val_any_gobj(v)))) {
		if (!filter_attr(c, v, "ip_address", &v))
			return false;
		if (v.type == V_UNDEF)
			return err_kind(c->e, ERR_TEMPLATE, "KeyError", "'ip_address'");
	}
	if (val_addr(v, &a, &kind) && kind != ADDR_NETWORK) {
		addr_python(&a, text);
		*out = val_copy(c->a, text, strlen(text));
		return true;
	}
	if (v.type == V_STR)
		return err_kind(c->e, ERR_TEMPLATE, "ValueError", "'%.100s' does not appear to be an IPv4 or IPv6 interface", v.u.s);
	sb_init(&b, c->a);
	if (!tmpl_text(c, v, &b))
		return false;
	*out = val_mem(b.s, b.len);
	return true;
}

static bool ip(struct call *c, struct val *out) {
	struct val v = c->args[0];
	struct list *l;
	size_t i;

	if (v.type != V_LIST && val_gset(v) == NULL)
		return host(c, v, out);
	if (!tmpl_iterate(c, v, &l))
		return false;
	*out = val_list(list_new(c->a, l->n));
	for (i = 0; i < l->n; i++) {
		struct val text;

		if (!host(c, l->v[i], &text))
			return false;
		list_push(out->u.list, text);
	}
	return true;
}

static bool ip_version(struct call *c, struct val *out) {
	struct gobj *o = val_any_gobj(c->args[0]);
	struct val v = c->args[0];
	enum addr_kind kind;
	struct addr a;

	if (v.type == V_MAP)
		v = map_get(v.u.map, "ip_address");
	if (o != NULL && gobj_is_session(o)) {
		*out = val_int(session_family(o));
		return true;
	}
	if (c->args[0].type != V_MAP || !val_addr(v, &a, &kind))
		return filter_fail(c, "AttributeError", "value is not a bgp session");
	*out = val_int(a.family);
	return true;
}

static bool mac(struct call *c, struct val *out) {
	struct val v = c->args[0];
	const char *format = val_cstr(filter_arg(c, 0, val_str("")), "");
	char d[13];
	size_t n = 0, i;

	if ((v.type == V_MAP || val_gobj(v, T_CONNECTION) != NULL) && !filter_attr(c, v, "mac_address", &v))
		return false;
	for (i = 0; v.type == V_STR && i < v.len; i++) {
		char x = (char)tolower((unsigned char)v.u.s[i]);

		if (isxdigit((unsigned char)x) && n < 13)
			d[n++] = x;
	}
	if (n != 12)
		return filter_fail(c, "ValueError", "value is not a valid mac address");
	if (strcmp(format, "cisco") == 0)
		*out = val_printf(c->a, "%.4s.%.4s.%.4s", d, d + 4, d + 8);
	else if (strcmp(format, "bare") == 0)
		*out = val_printf(c->a, "%.12s", d);
	else
		*out = val_printf(c->a, "%.2s:%.2s:%.2s:%.2s:%.2s:%.2s", d, d + 2, d + 4, d + 6, d + 8, d + 10);
	return true;
}

const struct tmpl_def filters_net[] = {
	{ "ip", ip, 0, 0, "", "The address of a session, an interface or a text, without its prefix length; of a list, of each",
	  "{{ session | ip }} gives 192.0.2.1" },
	{ "ip_version", ip_version, 0, 0, "", "4 or 6, the address family of a session", "ipv{{ session | ip_version }}" },
	{ "ipv4", ipv4, 0, 0, "", "The value as an IPv4 address, none if it is not one", "{% if session.ip_address | ipv4 %}" },
	{ "ipv6", ipv6, 0, 0, "", "The value as an IPv6 address, none if it is not one", "{% if session.ip_address | ipv6 %}" },
	{ "mac", mac, 0, 1, "format=''", "A MAC address with colons; 'cisco': 001b.7749.54fd, 'bare': 001b774954fd",
	  "{{ connection | mac('cisco') }}" },
	{ .name = NULL },
};
