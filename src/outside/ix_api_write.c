/* ix_api_write.c: changing a network service config through an IX-API: what was seen is what is changed, and what came of it is read again. */
#include "config.h"

#include "base/net.h"
#include "outside/ix_api.h"

struct work {
	struct arena *a;
	struct ix_api *x;
	struct ix_api_change *change;
	const char *path;
	struct map *config;             /* as the exchange has it */
	struct list *macs;              /* all it knows */
};

static bool get_config(struct work *w, struct err *e) {
	struct ix_api_call c = { .path = w->path };

	if (!ix_api_ask(w->x, w->a, &c, e))
		return false;
	if (c.status != 200)
		return ix_api_refused(w->a, &c, e);
	if (c.answer.type != V_MAP)
		return err_set(e, ERR_UPSTREAM, NULL, "%s: the IX-API answers with a %s instead of an object", w->path, val_type_name(c.answer));
	w->config = c.answer.u.map;
	return true;
}

static const struct map *mac_by(const struct work *w, const char *key, const char *is) {
	for (size_t i = 0; i < w->macs->n; i++) {
		if (strcmp(val_cstr(map_get(w->macs->v[i].u.map, key), ""), is) == 0)
			return w->macs->v[i].u.map;
	}
	return NULL;
}

static bool among(const struct list *l, const char *s) {
	for (size_t i = 0; i < l->n; i++) {
		if (strcmp(val_cstr(l->v[i], ""), s) == 0)
			return true;
	}
	return false;
}

static bool same_set(const struct list *x, const struct list *y) {
	for (size_t i = 0; i < x->n; i++) {
		if (!among(y, val_cstr(x->v[i], "")))
			return false;
	}
	return x->n == y->n;
}

/* The value of a key as `seen` and `set` have it: MAC addresses instead of their ids, nothing instead of an empty text. */
static struct val value_of(const struct work *w, const char *key) {
	struct val v = map_get(w->config, key);
	struct list *out;

	if (strcmp(key, "macs") != 0)
		return val_is_null(v) || (v.type == V_STR && v.len == 0) ? val_null() : v;
	out = list_new(w->a, 4);
	for (size_t i = 0; v.type == V_LIST && i < v.u.list->n; i++) {
		const struct map *m = mac_by(w, "id", val_cstr(v.u.list->v[i], ""));

		list_push(out, m == NULL ? v.u.list->v[i] : map_get(m, "address"));
	}
	return val_list(out);
}

static bool is_as(const struct work *w, const char *key, struct val wanted) {
	struct val have = value_of(w, key);

	if (have.type == V_LIST && wanted.type == V_LIST)
		return same_set(have.u.list, wanted.u.list);
	if (val_is_null(have) || have.type != V_BOOL)
		wanted = wanted.type == V_STR && wanted.len == 0 ? val_null() : wanted;
	return val_is_null(have) ? val_is_null(wanted) : val_equal(have, wanted);
}

static bool all_as(const struct work *w, const struct map *m, const char **other) {
	for (size_t i = 0; i < m->n; i++) {
		*other = val_cstr(map_key(m, i), "");
		if (!is_as(w, *other, map_val(m, i)))
			return false;
	}
	return true;
}

/* The MAC address as an object of the exchange, registered when it is not there. */
static bool mac_id(struct work *w, struct val address, struct val *id, struct err *e) {
	static const char *const owners[][2] = { { "managing_account", "managing_customer" }, { "consuming_account", "consuming_customer" } };
	const struct map *known = mac_by(w, "address", val_cstr(address, ""));
	struct map *m = map_new(w->a, 3);
	struct ix_api_call c = { .method = "POST", .path = "macs", .body = val_map(m) };

	if (known != NULL) {
		*id = map_get(known, "id");
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(owners); i++) {
		const char *name = owners[i][ix_api_version(w->x) == 1];

		map_set(m, name, map_get(w->config, name));
	}
	map_set(m, "address", address);
	if (!ix_api_ask(w->x, w->a, &c, e))
		return false;
	if (c.status / 100 != 2)
		return ix_api_refused(w->a, &c, e);
	*id = c.answer.type == V_MAP ? map_get(c.answer.u.map, "id") : val_undef();
	return id->type == V_STR || err_set(e, ERR_UPSTREAM, NULL, "POST macs: the IX-API registered the address and does not tell its \"id\"");
}

static bool body_of(struct work *w, struct map *body, struct err *e) {
	const struct map *set = w->change->set;
	struct val type = map_get(w->config, "type");

	for (size_t i = 0; i < set->n; i++) {
		struct val v = map_val(set, i);
		struct list *ids;

		if (strcmp(val_cstr(map_key(set, i), ""), "macs") == 0 && v.type == V_LIST) {
			ids = list_new(w->a, v.u.list->n);
			for (size_t k = 0; k < v.u.list->n; k++) {
				struct val id;

				if (!mac_id(w, v.u.list->v[k], &id, e))
					return false;
				list_push(ids, id);
			}
			v = val_list(ids);
		}
		map_put(body, map_key(set, i), v);
	}
	if (type.type == V_STR)
		map_set(body, "type", type);
	return true;
}

static bool change(struct work *w, struct err *e) {
	struct map *body = map_new(w->a, 8);
	struct ix_api_call c = { .method = "PATCH", .path = w->path, .body = val_map(body) };
	const char *other = "";

	if (!get_config(w, e) || !ix_api_list(w->x, w->a, "macs", &w->macs, e))
		return false;
	if (w->change->seen.type == V_MAP && !all_as(w, w->change->seen.u.map, &other))
		return err_set(e, ERR_CONFLICT, NULL, "The exchange changed %s since it was looked at; nothing was changed. Synchronise and look again.", other);
	if (!body_of(w, body, e) || !ix_api_ask(w->x, w->a, &c, e))
		return false;
	if (c.status / 100 != 2)
		return ix_api_refused(w->a, &c, e);
	if (!get_config(w, e) || !ix_api_list(w->x, w->a, "macs", &w->macs, e))
		return false;
	w->change->state = val_cstr(map_get(w->config, "state"), "");
	w->change->confirmed = all_as(w, w->change->set, &other);
	return true;
}

bool ix_api_change(struct arena *a, struct db *db, const struct conf *conf, struct ix_api_change *asked, struct err *e) {
	struct work w = { .a = a, .change = asked };
	struct sbuf path;
	size_t n;

	sb_init(&path, a);
	sb_str(&path, "network-service-configs/");
	sb_url(&path, asked->config, strlen(asked->config));
	w.path = path.s;
	return ix_api_open(a, db, conf, asked->id, &w.x, e) && change(&w, e) && ix_api_read(w.x, a, &n, e);
}
