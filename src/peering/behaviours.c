/* behaviours.c: the rules over several fields of sessions, communities and routers, and what follows from them. */
#include "config.h"

#include "base/conf.h"
#include "base/json.h"
#include "base/net.h"
#include "db/queries.h"
#include "model/tables/tables.h"
#include "model/schedule.h"
#include "peering/data_files.h"
#include "peering/irr_question.h"
#include "peering/peering.h"
#include "peering/rules.h"
#include "peering/session_keys.h"

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

/* Names of those of the policies that are for the other family; the same for all sessions that have the same ones. */
static bool misfits(struct store *s, struct list *ids, int family, struct list **out, struct err *e) {
	struct arena *a = s->memo == NULL ? s->a : s->memo->a;
	struct val *known, key;
	struct sbuf b;
	struct result r;

	sb_init(&b, a);
	sb_fmt(&b, "policies that are not for IPv%d ", family);
	json_write(&b, val_list(ids));
	key = val_mem(b.s, b.len);
	known = s->memo == NULL ? NULL : map_find(s->memo->known, key);
	if (known != NULL) {
		*out = known->u.list;
		return true;
	}
	if (!db_named(s->db, s->a, Q_POLICIES_OF_OTHER_FAMILY, (struct val[]){ val_list(ids), val_int(family) }, &r, e))
		return false;
	*out = list_new(a, r.n);
	for (size_t i = 0; i < r.n; i++)
		list_push(*out, val_keep(a, result_at(&r, i, 0)));
	if (s->memo != NULL)
		map_put(s->memo->known, key, val_list(*out));
	return true;
}

static bool check_policies(struct store *s, const struct row *before, const struct row *after, struct problems *p, struct err *e) {
	static const char *const fields[] = { "import_routing_policies", "export_routing_policies" };
	struct list *ids = list_new(s->a, 8), *names;
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
	if (!misfits(s, ids, remote.family, &names, e))
		return false;
	for (i = 0; i < names->n; i++)
		problem_add(p, "non_field_errors", "Routing policy '%s' cannot be used for this session, address families mismatch.", names->v[i].u.s);
	return true;
}

/* ---- what they are made of */

static bool check_direct(struct store *s, const struct row *before, struct row *after, struct problems *p, struct err *e) {
	check_addresses(before, after, p);
	return check_policies(s, before, after, p, e) && (problems_any(p) || session_key_check(s, before, after, e));
}

static bool check_ix(struct store *s, const struct row *before, struct row *after, struct problems *p, struct err *e) {
	return check_policies(s, before, after, p, e) && (problems_any(p) || session_key_check(s, before, after, e));
}

/* ---- the rest */

static bool check_community(struct store *s, const struct row *before, struct row *after, struct problems *p, struct err *e) {
	(void)e;
	if ((s->conf == NULL || s->conf->validate_bgp_community_value) && changed(before, after, "value") &&
	    community_kind(val_cstr(row_get(after, "value"), "")) == COMMUNITY_INVALID)
		problem_add(p, "value", "BGP community does not match the standard, extended or large notation");
	return true;
}

/* Without polling there is no last poll, without a data source nothing was pushed to one. */
static bool check_router(struct store *s, const struct row *before, struct row *after, struct problems *p, struct err *e) {
	struct val poll = row_get(after, "poll_bgp_sessions_state");
	const char *path = val_cstr(row_get(after, "data_path"), "");
	struct err why;

	(void)s;
	(void)e;
	if (before != NULL && poll.type == V_BOOL && !poll.u.b)
		set_field(after, "poll_bgp_sessions_last_updated", val_null());
	if (changed(before, after, "data_path") && *path != '\0' && !data_path_check(path, &why))
		problem_add(p, "data_path", "%s.", why.msg);
	if (id_of(row_get(after, "data_source")) == 0 && before != NULL)
		set_field(after, "data_pushed", val_null());
	return true;
}

/* ---- what moves a session to another cipher */

static bool router_written(struct store *s, const struct row *before, const struct row *after, struct err *e) {
	if (before == NULL || after == NULL || (!changed(before, after, "platform") && !changed(before, after, "encrypt_passwords")))
		return true;
	return session_keys_renew(s, KEYS_OF_ROUTER, after->id, e);
}

static bool connection_written(struct store *s, const struct row *before, const struct row *after, struct err *e) {
	if (before == NULL || after == NULL || !changed(before, after, "router"))
		return true;
	return session_keys_renew(s, KEYS_OF_CONNECTION, after->id, e);
}

static bool platform_written(struct store *s, const struct row *before, const struct row *after, struct err *e) {
	if (before == NULL || after == NULL || !changed(before, after, "password_algorithm"))
		return true;
	return session_keys_renew(s, KEYS_OF_PLATFORM, after->id, e);
}

static const struct behaviour connection = { .res = &res_connection, .written = connection_written };
/* Peering Manager's clients send the password for enable among NAPALM's arguments. */
static bool take_enable_secret(struct store *s, const struct row *before, const struct map **input, struct problems *p, struct err *e) {
	(void)before;
	(void)p;
	(void)e;
	input_take_secret(s, input, "napalm_args", "secret", "enable_secret");
	return true;
}

static const struct behaviour platform = { .res = &res_platform, .input = take_enable_secret, .written = platform_written };

static bool check_system(struct store *s, const struct row *before, struct row *after, struct problems *p, struct err *e) {
	static const char *const fields[] = { "irr_ipv4_prefixes_args_override", "irr_ipv6_prefixes_args_override" };

	(void)e;
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		const char *argv[IRR_ARGS_MOST];
		struct err why;
		size_t n = 0;

		if (changed(before, after, fields[i]) && !irr_args_split(s->a, val_cstr(row_get(after, fields[i]), ""), argv, &n, IRR_ARGS_MOST, &why))
			problem_add(p, fields[i], "%s.", why.msg);
	}
	return true;
}

/* An entry is its writer's unless it says otherwise. */
static bool check_journal_entry(struct store *s, const struct row *before, struct row *after, struct problems *p, struct err *e) {
	struct val by = row_get(after, "created_by");

	(void)p;
	(void)e;
	if (before == NULL && (by.type == V_NULL || by.type == V_UNDEF) && s->actor != NULL && s->actor->user_id > 0)
		set_field(after, "created_by", val_int(s->actor->user_id));
	return true;
}

static const struct behaviour direct_session = { .res = &res_direct_peering_session, .check = check_direct, .prepare = session_keys_prepare };
static const struct behaviour ix_session = { .res = &res_internet_exchange_peering_session, .check = check_ix, .prepare = session_keys_prepare };
static const struct behaviour autonomous_system = { .res = &res_autonomous_system, .check = check_system };
static const struct behaviour community = { .res = &res_community, .check = check_community };
static const struct behaviour router = { .res = &res_router, .input = take_enable_secret, .check = check_router, .written = router_written };

static const struct behaviour journal_entry = { .res = &res_journal_entry, .check = check_journal_entry };

const struct behaviour *const peering_behaviours[] = {
	&autonomous_system, &community, &connection, &data_source_behaviour, &direct_session, &follows_config_context, &follows_configuration, &follows_email,
	&follows_export_template, &ix_session, &journal_entry, &permission_behaviour, &platform, &router, &saved_filter_behaviour,
	&schedule_behaviour, &webhook_behaviour, NULL
};
