/* behaviours.c: the rules over several fields of sessions, communities and routers, and what follows from them. */
#include "config.h"

#include "base/conf.h"
#include "base/net.h"
#include "base/seal.h"
#include "db/queries.h"
#include "model/tables/tables.h"
#include "peering/ciphers.h"
#include "peering/peering.h"

static int64_t id_of(struct val v) {
	if (v.type == V_OBJ)
		return ((const struct row *)v.u.obj)->id;
	return v.type == V_INT ? v.u.i : 0;
}

static void set_field(struct row *r, const char *name, struct val v) {
	int f = res_field(r->res, name);

	if (f >= 0)
		r->v[f] = v;
}

/* Whether this write gives the field another value. */
static bool changed(const struct row *before, const struct row *after, const char *name) {
	return before == NULL || !val_equal(row_get(before, name), row_get(after, name));
}

static bool address(const struct row *r, const char *name, struct addr *out) {
	struct val v = row_get(r, name);

	return v.type == V_STR && addr_parse(v.u.s, v.len, out);
}

/* ---- addresses of direct sessions */

/* IPv4 networks of four addresses and more have two that no host may have (RFC 922, 3021). */
static void check_host(struct problems *p, const struct addr *a) {
	struct addr network = addr_network(a), broadcast = addr_broadcast(a);
	char text[ADDR_TEXT_MAX];

	if (a->family != 4 || a->plen >= 31)
		return;
	if (memcmp(network.b, a->b, 4) == 0)
		problem_add(p, NULL, "IP address %s is a network address, please use a host address.", addr_text(a, ADDR_WITH_LENGTH, text));
	else if (memcmp(broadcast.b, a->b, 4) == 0)
		problem_add(p, NULL, "IP address %s is a broadcast address, please use a host address.", addr_text(a, ADDR_WITH_LENGTH, text));
}

static void check_pair(const struct row *after, struct problems *p, const struct addr *remote, const struct addr *local) {
	struct addr x = addr_network(local), y = addr_network(remote);
	struct val ttl = row_get(after, "multihop_ttl");
	char one[ADDR_TEXT_MAX], two[ADDR_TEXT_MAX];

	if (addr_compare(local, remote) == 0)
		problem_add(p, NULL, "Local IP address %s cannot be the same as remote IP address %s.",
		    addr_text(local, ADDR_WITH_LENGTH, one), addr_text(remote, ADDR_WITH_LENGTH, two));
	else if ((ttl.type != V_INT || ttl.u.i == 1) && addr_compare(&x, &y) != 0)
		problem_add(p, NULL, "%s and %s don't belong to the same subnet.", addr_text(local, ADDR_WITH_LENGTH, one),
		    addr_text(remote, ADDR_WITH_LENGTH, two));
}

static void check_addresses(const struct row *before, const struct row *after, struct problems *p) {
	struct addr remote, local;

	if (!changed(before, after, "ip_address") && !changed(before, after, "local_ip_address") && !changed(before, after, "multihop_ttl"))
		return;
	if (!address(after, "ip_address", &remote))
		return;
	check_host(p, &remote);
	if (!address(after, "local_ip_address", &local))
		return;
	check_pair(after, p, &remote, &local);
	check_host(p, &local);
}

/* ---- policies */

static bool check_policies(struct store *s, const struct row *before, const struct row *after, struct problems *p, struct err *e) {
	static const char *const fields[] = { "import_routing_policies", "export_routing_policies" };
	struct list *ids = list_new(s->a, 8);
	struct val params[2];
	struct result r;
	struct addr remote;
	size_t i, k;

	if (!changed(before, after, "ip_address") && !changed(before, after, fields[0]) && !changed(before, after, fields[1]))
		return true;
	for (i = 0; i < ARRAY_LEN(fields); i++) {
		struct val v = row_get(after, fields[i]);

		for (k = 0; v.type == V_LIST && k < v.u.list->n; k++)
			list_push(ids, val_int(id_of(v.u.list->v[k])));
	}
	if (ids->n == 0 || !address(after, "ip_address", &remote))
		return true;
	params[0] = val_list(ids);
	params[1] = val_int(remote.family);
	if (!db_named(s->db, s->a, Q_POLICIES_OF_OTHER_FAMILY, params, &r, e))
		return false;
	for (i = 0; i < r.n; i++)
		problem_add(p, "non_field_errors", "Routing policy '%s' cannot be used for this session, address families mismatch.",
		    result_at(&r, i, 0).u.s);
	return true;
}

/* ---- the key as the router writes it */

struct keys {
	struct store *s;
	struct seal *seal;
	const char *clear, *encrypted;  /* "" when there is none */
};

static bool open_text(struct keys *k, struct val v, const char **out, struct err *e) {
	*out = val_cstr(v, "");
	if (!seal_is_sealed(*out))
		return true;
	if (k->seal == NULL)
		return err_set(e, ERR_INTERNAL, NULL, "secret_file is not set: the key of a session cannot be opened");
	return unseal_text(k->seal, k->s->a, *out, out, e);
}

/* What the write gives, else what is stored: a row that was read may hide it from the one who writes. */
static bool current_keys(struct keys *k, const struct row *before, const struct row *after, bool direct, struct err *e) {
	struct val clear = row_get(after, "password"), encrypted = row_get(after, "encrypted_password"), id;
	struct result r;

	if (before != NULL) {
		id = val_int(before->id);
		if (!db_named(k->s->db, k->s->a, direct ? Q_SESSION_KEYS_DIRECT : Q_SESSION_KEYS_IX, &id, &r, e))
			return false;
		if (r.n > 0 && !changed(before, after, "password"))
			clear = result_at(&r, 0, 0);
		if (r.n > 0 && !changed(before, after, "encrypted_password"))
			encrypted = result_at(&r, 0, 1);
	}
	return open_text(k, clear, &k->clear, e) && open_text(k, encrypted, &k->encrypted, e);
}

static bool store_key(struct keys *k, struct row *after, const char *text, struct err *e) {
	if (k->seal != NULL && !seal_text(k->seal, k->s->a, text, &text, e))
		return false;
	set_field(after, "encrypted_password", val_str(text));
	return true;
}

/* Keep the written form where it says the same for this neighbour, else write it anew. */
static bool encrypt_key(struct store *s, const struct row *before, struct row *after, bool direct, struct err *e) {
	struct keys k = { .s = s };
	struct val owner = val_int(id_of(row_get(after, direct ? "router" : "ixp_connection")));
	const char *algorithm, *back;
	char neighbour[ADDR_TEXT_MAX];
	struct result r;
	struct addr remote;
	struct err damaged;

	if (!db_named(s->db, s->a, direct ? Q_SESSION_CIPHER_DIRECT : Q_SESSION_CIPHER_IX, &owner, &r, e))
		return false;
	if (r.n == 0 || !address(after, "ip_address", &remote))
		return true;
	algorithm = result_at(&r, 0, 0).u.s;
	addr_text(&remote, ADDR_HOST, neighbour);
	k.seal = s->conf == NULL || s->conf->secret_file == NULL || s->conf->secret_file[0] == '\0' ? NULL : seal_new(s->a, s->conf->secret_file);
	if (!current_keys(&k, before, after, direct, e))
		return false;
	if (k.clear[0] == '\0') {
		if (k.encrypted[0] != '\0')
			set_field(after, "encrypted_password", val_null());
		return true;
	}
	if (cipher_marked(algorithm, k.encrypted) && cipher_decrypt(s->a, algorithm, k.encrypted, neighbour, &back, &damaged) &&
	    strcmp(back, k.clear) == 0)
		return true;
	return cipher_encrypt(s->a, algorithm, k.clear, neighbour, &k.encrypted, e) && store_key(&k, after, k.encrypted, e);
}

static bool check_direct(struct store *s, const struct row *before, struct row *after, struct problems *p, struct err *e) {
	check_addresses(before, after, p);
	return check_policies(s, before, after, p, e) && (problems_any(p) || encrypt_key(s, before, after, true, e));
}

static bool check_ix(struct store *s, const struct row *before, struct row *after, struct problems *p, struct err *e) {
	return check_policies(s, before, after, p, e) && (problems_any(p) || encrypt_key(s, before, after, false, e));
}

/* ---- the rest */

static bool check_community(struct store *s, const struct row *before, struct row *after, struct problems *p, struct err *e) {
	(void)e;
	if ((s->conf == NULL || s->conf->validate_bgp_community_value) && changed(before, after, "value") &&
	    community_kind(val_cstr(row_get(after, "value"), "")) == COMMUNITY_INVALID)
		problem_add(p, "value", "BGP community does not match the standard, extended or large notation");
	return true;
}

/* Without polling there is no last poll. */
static bool check_router(struct store *s, const struct row *before, struct row *after, struct problems *p, struct err *e) {
	struct val poll = row_get(after, "poll_bgp_sessions_state");

	(void)s;
	(void)p;
	(void)e;
	if (before != NULL && poll.type == V_BOOL && !poll.u.b)
		set_field(after, "poll_bgp_sessions_last_updated", val_null());
	return true;
}

static const struct behaviour direct_session = { .res = &res_direct_peering_session, .check = check_direct };
static const struct behaviour ix_session = { .res = &res_internet_exchange_peering_session, .check = check_ix };
static const struct behaviour community = { .res = &res_community, .check = check_community };
static const struct behaviour router = { .res = &res_router, .check = check_router };

const struct behaviour *const peering_behaviours[] = { &community, &direct_session, &ix_session, &router, NULL };
