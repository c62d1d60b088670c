/* ix_api.c: see the header; and the actions about it. */
#include "config.h"

#include "base/conf.h"
#include "base/json.h"
#include "base/net.h"
#include "base/seal.h"
#include "db/queries.h"
#include "model/tables/tables.h"
#include "peering/actions.h"
#include "peering/ix_api.h"

enum { WAIT_MS = 10000, TEXT_MAX = 128, MACS_MAX = 20, CAPACITY_MAX = 10000000 };

static struct val number_or_null(int64_t n) {
	return n == 0 ? val_null() : val_int(n);
}

static struct list *maps_of(struct arena *a, const struct result *r, const char *const *keys) {
	struct list *out = list_new(a, r->n);

	for (size_t i = 0; i < r->n; i++) {
		struct map *m = map_new(a, r->cols);

		for (size_t k = 0; k < r->cols; k++)
			map_set(m, keys[k], result_at(r, i, k));
		list_push(out, val_map(m));
	}
	return out;
}

/* ---- what is kept ---- */

bool ixapi_of(struct db *db, struct arena *a, int64_t exchange, int64_t connection, int64_t *id, struct err *e) {
	struct result r;

	if (!db_named(db, a, Q_IX_API_OF, (struct val[]){ number_or_null(exchange), number_or_null(connection) }, &r, e))
		return false;
	*id = r.n == 0 ? 0 : result_at(&r, 0, 0).u.i;
	return true;
}

bool ixapi_reading(struct db *db, struct arena *a, int64_t id, struct map **out, struct err *e) {
	static const char *const keys[] = { "id", "name", "api_url", "identity", "account", "tried", "fetched", "error", "version", "schema_version", "health",
		"health_note", "counts" };
	struct result r;

	if (!db_named(db, a, Q_IX_API_READING, (struct val[]){ val_int(id) }, &r, e))
		return false;
	if (r.n == 0)
		return err_set(e, ERR_NOT_FOUND, NULL, "There is no IX-API with the number %lld.", (long long)id);
	*out = maps_of(a, &r, keys)->v[0].u.map;
	return true;
}

bool ixapi_accounts(struct db *db, struct arena *a, int64_t id, struct list **out, struct err *e) {
	static const char *const keys[] = { "id", "name", "state", "managing_account", "ours" };
	struct result r;

	if (!db_named(db, a, Q_IX_API_ACCOUNTS, (struct val[]){ val_int(id) }, &r, e))
		return false;
	*out = maps_of(a, &r, keys);
	return true;
}

bool ixapi_services(struct db *db, struct arena *a, int64_t exchange, struct list **out, struct err *e) {
	static const char *const keys[] = { "id", "name", "state", "metro_area_network", "subnet_v4", "subnet_v6", "product", "features" };
	struct result r;

	if (!db_named(db, a, Q_IX_API_SERVICES, (struct val[]){ val_int(exchange) }, &r, e))
		return false;
	*out = maps_of(a, &r, keys);
	return true;
}

bool ixapi_objects(struct db *db, struct arena *a, int64_t id, const char *kind, struct list **out, struct err *e) {
	struct result r;

	if (!db_named(db, a, Q_IX_API_LIST, (struct val[]){ val_int(id), val_str(kind) }, &r, e))
		return false;
	*out = list_new(a, r.n);
	for (size_t i = 0; i < r.n; i++)
		list_push(*out, result_at(&r, i, 0));
	return true;
}

/* ---- configs ---- */

static struct val vlan_of(const struct map *config) {
	struct val v = map_get(config, "vlan_config"), vlan = v.type == V_MAP ? map_get(v.u.map, "vlan") : map_get(config, "outer_vlan");

	return vlan.type == V_INT ? vlan : val_null();
}

static struct val addresses_of(struct arena *a, struct val macs, const char *ours, bool *same) {
	struct list *out = list_new(a, 2);

	*same = false;
	for (size_t i = 0; macs.type == V_LIST && i < macs.u.list->n; i++) {
		struct val address = map_get(macs.u.list->v[i].u.map, "address");

		list_push(out, address);
		*same = *same || (ours != NULL && strcasecmp(ours, val_cstr(address, "")) == 0);
	}
	return val_list(out);
}

static struct map *config_of(struct arena *a, const struct result *r, size_t i) {
	static const char *const as_is[] = { "state", "type", "capacity", "listed", "purchase_order", "contract_ref", "external_ref", "asns" };
	const struct map *config = result_at(r, i, 2).u.map;
	struct map *m = map_new(a, 24), *port = map_new(a, 5);
	const char *ours = val_cstr(result_at(r, i, 7), NULL);
	bool same;

	map_set(m, "ixapi", result_at(r, i, 0));
	map_set(m, "id", result_at(r, i, 1));
	map_set(m, "service", result_at(r, i, 3));
	for (size_t k = 0; k < ARRAY_LEN(as_is); k++) {
		struct val v = map_get(config, as_is[k]);

		map_set(m, as_is[k], v.type == V_UNDEF ? val_null() : v);
	}
	map_set(m, "vlan", vlan_of(config));
	map_set(m, "addresses", result_at(r, i, 4).type == V_LIST ? result_at(r, i, 4) : val_list(list_new(a, 0)));
	map_set(m, "macs", addresses_of(a, result_at(r, i, 5), ours, &same));
	map_set(m, "connection", result_at(r, i, 6));
	map_set(m, "mac_address", result_at(r, i, 7));
	map_set(m, "ipv4_address", result_at(r, i, 8));
	map_set(m, "ipv6_address", result_at(r, i, 9));
	map_set(m, "our_vlan", result_at(r, i, 10));
	map_set(m, "same_mac", val_bool(same));
	map_set(port, "name", result_at(r, i, 11));
	map_set(port, "speed", result_at(r, i, 12));
	map_set(port, "mode", result_at(r, i, 13));
	map_set(port, "state", result_at(r, i, 14));
	map_set(port, "ports", result_at(r, i, 15));
	map_set(m, "port", val_map(port));
	map_set(m, "traffic", result_at(r, i, 16));
	map_set(m, "ipv4_length", result_at(r, i, 17));
	map_set(m, "ipv6_length", result_at(r, i, 18));
	return m;
}

bool ixapi_configs(struct db *db, struct arena *a, int64_t exchange, int64_t connection, struct list **out, struct err *e) {
	struct result r;

	if (!db_named(db, a, Q_IX_API_CONFIGS, (struct val[]){ number_or_null(exchange), number_or_null(connection) }, &r, e))
		return false;
	*out = list_new(a, r.n);
	for (size_t i = 0; i < r.n; i++)
		list_push(*out, val_map(config_of(a, &r, i)));
	return true;
}

/* ---- what is to be changed ---- */

static bool wanted_macs(struct arena *a, struct val v, struct val *out, struct err *e) {
	struct list *l = list_new(a, 2);

	if (v.type != V_LIST || v.u.list->n > MACS_MAX)
		return err_set(e, ERR_INVALID, "macs", "A list of at most %d MAC addresses is right.", MACS_MAX);
	for (size_t i = 0; i < v.u.list->n; i++) {
		const char *s = val_cstr(v.u.list->v[i], "");
		bool twice = false;
		uint8_t mac[6];
		char text[18];

		if (!mac_parse(s, strlen(s), mac) || (mac[0] & 1) != 0)
			return err_set(e, ERR_INVALID, "macs", "\"%.40s\" is no MAC address of an interface, such as 02:00:5e:10:00:01.", s);
		mac_text(mac, text);
		for (size_t k = 0; k < l->n; k++)
			twice = twice || strcmp(l->v[k].u.s, text) == 0;
		if (!twice)
			list_push(l, val_str(arena_strdup(a, text)));
	}
	*out = val_list(l);
	return true;
}

/* As the key's type has it: from JSON; a text for a number or a yes is what forms have. */
static bool wanted_one(struct arena *a, const char *key, struct val v, struct val *out, struct err *e) {
	if (strcmp(key, "macs") == 0)
		return wanted_macs(a, v, out, e);
	if (strcmp(key, "capacity") == 0) {
		if (!val_is_null(v) && (v.type != V_INT || v.u.i < 1 || v.u.i > CAPACITY_MAX))
			return err_set(e, ERR_INVALID, key, "A number of Mbit/s from 1 to %d, or null for all of the port, is right.", CAPACITY_MAX);
	} else if (strcmp(key, "listed") == 0) {
		if (v.type != V_BOOL)
			return err_set(e, ERR_INVALID, key, "true or false is right.");
	} else if (!val_is_null(v) && (v.type != V_STR || v.len > TEXT_MAX)) {
		return err_set(e, ERR_INVALID, key, "A text of at most %d characters is right.", TEXT_MAX);
	}
	*out = v;
	return true;
}

bool ixapi_wanted(struct arena *a, const struct map *input, struct map **set, struct err *e) {
	static const char *const keys[] = { "macs", "capacity", "listed", "purchase_order", "contract_ref", "external_ref" };

	*set = map_new(a, ARRAY_LEN(keys));
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		struct val v = map_get(input, keys[i]), is;

		if (v.type == V_UNDEF)
			continue;
		if (!wanted_one(a, keys[i], v, &is, e))
			return false;
		map_set(*set, keys[i], is);
	}
	return (*set)->n > 0 || err_set(e, ERR_INVALID, NULL, "Nothing is to be changed: macs, capacity, listed, purchase_order, contract_ref or external_ref.");
}

struct map *ixapi_seen(struct arena *a, const struct map *config, const struct map *set) {
	struct map *seen = map_new(a, set->n);

	for (size_t i = 0; i < set->n; i++)
		map_put(seen, map_key(set, i), map_get(config, val_cstr(map_key(set, i), "")));
	return seen;
}

bool ixapi_config_of(struct action_call *c, struct map **out, struct err *e) {
	struct list *configs;

	if (!ixapi_configs(c->s->db, c->s->a, 0, c->object->id, &configs, e))
		return false;
	if (configs->n != 1)
		return err_set(e, ERR_INVALID, NULL, "%s of the exchange's IX-API has an address of this connection; synchronise the IX-API first.",
		    configs->n == 0 ? "No network service config" : "More than one network service config");
	*out = configs->v[0].u.map;
	return true;
}

bool ixapi_change_job(struct action_call *c, const struct map *config, struct val seen, struct map *set, struct err *e) {
	struct map *m = map_new(c->s->a, 4);

	map_set(m, "ixapi", map_get(config, "ixapi"));
	map_set(m, "config", map_get(config, "id"));
	map_set(m, "seen", seen.type == V_MAP ? seen : val_null());
	map_set(m, "set", val_map(set));
	c->wait = WAIT_MS;
	c->plain_job = true;
	return action_job(c, &(struct job_request){ .name = "net.connection.update_ixapi", .parameters = m,
	    .lock_key = job_lock(c->s->a, &res_ixapi, map_get(config, "ixapi").u.i) }, e);
}

/* ---- actions ---- */

bool act_ixapi_read(struct action_call *c, struct err *e) {
	c->plain_job = true;
	return action_job(c, &(struct job_request){ .name = "extras.ixapi.synchronise", .lock_key = job_lock(c->s->a, &res_ixapi, c->object->id) }, e);
}

/* Key and secret are in the job's row no less sealed than in the book. */
bool act_ixapi_accounts(struct action_call *c, struct err *e) {
	static const char *const wanted[] = { "api_url", "api_key", "api_secret" };
	struct seal *seal = seal_new(c->s->a, c->s->conf->secret_file);
	struct map *m = map_new(c->s->a, 3);

	for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
		const char *s = val_cstr(map_get(c->input, wanted[i]), ""), *sealed = s;

		if (*s == '\0')
			problem_add(&c->problems, wanted[i], "This field is required.");
		else if (i > 0 && !seal_text(seal, c->s->a, s, &sealed, e))
			return false;
		map_set(m, wanted[i], val_str(sealed));
	}
	if (problems_any(&c->problems))
		return err_set(e, ERR_INVALID, NULL, "api_url, api_key and api_secret are required.");
	c->wait = WAIT_MS;
	c->plain_job = true;
	return action_job(c, &(struct job_request){ .name = "extras.ixapi.accounts", .parameters = m }, e);
}

static bool outcome(struct action_call *c, struct val *result, struct err *e) {
	struct val job = c->jobs->v[0];
	struct result r;

	if (!db_named(c->s->db, c->s->a, Q_IX_API_OUTCOME, &job, &r, e))
		return false;
	*result = result_at(&r, 0, 2);
	if (strcmp(val_cstr(result_at(&r, 0, 0), ""), "completed") == 0)
		return true;
	c->status = 400;
	c->said = val_cstr(result_at(&r, 0, 1), "");
	sb_str(c->body, "{\"detail\":");
	sb_json(c->body, c->said, strlen(c->said));
	sb_chr(c->body, '}');
	return true;
}

bool then_ixapi_accounts(struct action_call *c, struct err *e) {
	struct val result;

	if (!outcome(c, &result, e))
		return false;
	if (c->status == 0)
		json_write(c->body, result);
	return true;
}

/* 200 and nothing when the exchange took it. */
bool then_ixapi_change(struct action_call *c, struct err *e) {
	struct val result;

	return outcome(c, &result, e);
}

bool act_ixapi_mac(struct action_call *c, struct err *e) {
	struct map *input = map_new(c->s->a, 1), *set;
	struct list *macs = list_new(c->s->a, 1);
	struct map *config;
	struct val mac = row_get(c->object, "mac_address");

	if (!ixapi_config_of(c, &config, e))
		return false;
	if (mac.type != V_STR || mac.len == 0)
		return err_set(e, ERR_INVALID, NULL, "The connection has no MAC address.");
	list_push(macs, mac);
	map_set(input, "macs", val_list(macs));
	return ixapi_wanted(c->s->a, input, &set, e) && ixapi_change_job(c, config, val_undef(), set, e);
}

bool act_ixapi_change(struct action_call *c, struct err *e) {
	struct map *config;
	struct map *set, *seen;
	struct val was = map_get(c->input, "seen");

	if (!ixapi_config_of(c, &config, e))
		return false;
	if (!ixapi_wanted(c->s->a, c->input, &set, e) || (was.type == V_MAP && !ixapi_wanted(c->s->a, was.u.map, &seen, e))) {
		if (e->code == ERR_INVALID && e->field != NULL)
			problem_add(&c->problems, e->field, "%s", e->msg);
		return false;
	}
	return ixapi_change_job(c, config, was.type == V_MAP ? val_map(seen) : val_undef(), set, e);
}

bool act_ixapi_of_connection(struct action_call *c, struct err *e) {
	struct map *m = map_new(c->s->a, 2), *reading;
	struct list *configs;
	int64_t id;

	map_set(m, "ixapi", val_null());
	if (!ixapi_of(c->s->db, c->s->a, 0, c->object->id, &id, e) || !ixapi_configs(c->s->db, c->s->a, 0, c->object->id, &configs, e))
		return false;
	if (id != 0 && !ixapi_reading(c->s->db, c->s->a, id, &reading, e))
		return false;
	if (id != 0)
		map_set(m, "ixapi", val_map(reading));
	map_set(m, "configs", val_list(configs));
	json_write(c->body, val_map(m));
	return true;
}

bool act_ixapi_of_exchange(struct action_call *c, struct err *e) {
	struct map *m = map_new(c->s->a, 4), *reading;
	struct list *accounts, *services, *configs;
	int64_t id;

	map_set(m, "ixapi", val_null());
	if (!ixapi_of(c->s->db, c->s->a, c->object->id, 0, &id, e))
		return false;
	if (id != 0) {
		if (!ixapi_reading(c->s->db, c->s->a, id, &reading, e) || !ixapi_accounts(c->s->db, c->s->a, id, &accounts, e) ||
		    !ixapi_services(c->s->db, c->s->a, c->object->id, &services, e) || !ixapi_configs(c->s->db, c->s->a, c->object->id, 0, &configs, e))
			return false;
		map_set(m, "ixapi", val_map(reading));
		map_set(m, "accounts", val_list(accounts));
		map_set(m, "services", val_list(services));
		map_set(m, "configs", val_list(configs));
	}
	json_write(c->body, val_map(m));
	return true;
}
