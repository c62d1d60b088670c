/* session_keys.c: keys of sessions, sealed in the database, ciphered as the router's platform writes them. */
#include "config.h"

#include "base/conf.h"
#include "base/net.h"
#include "base/seal.h"
#include "db/queries.h"
#include "model/tables/tables.h"
#include "peering/ciphers.h"
#include "peering/session_keys.h"

struct keys {
	struct store *s;
	struct seal *seal;
	const char *clear, *encrypted;  /* "" when there is none */
};

static struct keys keys_open(struct store *s) {
	bool sealed = s->conf != NULL && s->conf->secret_file != NULL && s->conf->secret_file[0] != '\0';

	return (struct keys){ .s = s, .seal = sealed ? seal_new(s->a, s->conf->secret_file) : NULL };
}

static bool open_text(struct keys *k, struct val v, const char **out, struct err *e) {
	*out = val_cstr(v, "");
	if (!seal_is_sealed(*out))
		return true;
	if (k->seal == NULL)
		return err_set(e, ERR_INTERNAL, NULL, "secret_file is not set: the key of a session cannot be opened");
	return unseal_text(k->seal, k->s->a, *out, out, e);
}

/*
 * What encrypted_password is to be; *out V_UNDEF: it is right as it is. Without an algorithm what was made from the password goes, for a
 * template would take it for what the router wants; what somebody gave instead of a password stays.
 */
static bool written_form(struct keys *k, const char *algorithm, const char *neighbour, struct val *out, struct err *e) {
	const char *back, *text;
	struct err damaged;

	*out = val_undef();
	if (k->clear[0] == '\0' || *algorithm == '\0') {
		if (k->encrypted[0] != '\0' && (k->clear[0] != '\0' || *algorithm != '\0'))
			*out = val_null();
		return true;
	}
	if (cipher_marked(algorithm, k->encrypted) && cipher_decrypt(k->s->a, algorithm, k->encrypted, neighbour, &back, &damaged) &&
	    strcmp(back, k->clear) == 0)
		return true;
	/* a password that is in the platform's form already stays as it is, if it is sound */
	if (!cipher_encrypt(k->s->a, algorithm, k->clear, neighbour, &text, e) ||
	    (k->seal != NULL && !seal_text(k->seal, k->s->a, text, &text, e)))
		return false;
	*out = val_str(text);
	return true;
}

/* ---- one that is written ---- */

static int64_t id_of(struct val v) {
	if (v.type == V_OBJ)
		return ((const struct row *)v.u.obj)->id;
	return v.type == V_INT ? v.u.i : 0;
}

static bool is_direct(const struct row *r) {
	return r->res == &res_direct_peering_session;
}

static bool changed(const struct row *before, const struct row *after, const char *name) {
	return before == NULL || !val_equal(row_get(before, name), row_get(after, name));
}

static struct val owner_of(const struct row *session) {
	return val_int(id_of(row_get(session, is_direct(session) ? "router" : "ixp_connection")));
}

/* Under which name the memo has what a session's router does with keys, and what is stored of a session's key. */
static struct val cipher_name(struct arena *a, bool direct, int64_t owner) {
	return val_printf(a, "session key of %s %lld", direct ? "router" : "connection", (long long)owner);
}

static struct val keys_name(struct arena *a, bool direct, int64_t id) {
	return val_printf(a, "keys of %s session %lld", direct ? "direct" : "exchange", (long long)id);
}

/* The algorithms of these routers or connections: "" where keys stay clear. */
static bool ciphers_read(struct store *s, bool direct, struct list *owners, struct err *e) {
	struct val param = val_list(owners);
	struct map *known = s->memo->known;
	struct result r;

	if (owners->n > 0 && !db_named(s->db, s->a, direct ? Q_SESSION_CIPHERS_DIRECT : Q_SESSION_CIPHERS_IX, &param, &r, e))
		return false;
	for (size_t i = 0; i < owners->n; i++)
		map_put(known, cipher_name(s->memo->a, direct, owners->v[i].u.i), val_str(""));
	for (size_t i = 0; owners->n > 0 && i < r.n; i++)
		map_put(known, cipher_name(s->memo->a, direct, result_at(&r, i, 0).u.i), val_str(arena_strdup(s->memo->a, val_cstr(result_at(&r, i, 1), ""))));
	return true;
}

/* While many sessions are written one of the same router or connection was asked about before. */
static bool algorithm_of(struct store *s, const struct row *session, const char **out, struct err *e) {
	struct refs_memo own = { .a = s->a, .known = map_new(s->a, 1) }, *memo = s->memo;
	bool direct = is_direct(session), ok = true;
	struct list *one = list_new(s->a, 1);
	struct val owner = owner_of(session);
	const struct val *known;

	list_push(one, owner);
	if (memo == NULL)
		s->memo = &own;
	known = map_find(s->memo->known, cipher_name(s->a, direct, owner.u.i));
	if (known == NULL)
		ok = ciphers_read(s, direct, one, e);
	known = ok ? map_find(s->memo->known, cipher_name(s->a, direct, owner.u.i)) : NULL;
	*out = known == NULL ? "" : known->u.s;
	s->memo = memo;
	return ok;
}

static bool keys_read(struct store *s, bool direct, struct list *ids, struct err *e) {
	struct val param = val_list(ids);
	struct result r;

	if (ids->n > 0 && !db_named(s->db, s->a, direct ? Q_SESSION_KEYS_DIRECT : Q_SESSION_KEYS_IX, &param, &r, e))
		return false;
	for (size_t i = 0; ids->n > 0 && i < r.n; i++) {
		struct list *both = list_new(s->memo->a, 2);

		list_push(both, val_keep(s->memo->a, result_at(&r, i, 1)));
		list_push(both, val_keep(s->memo->a, result_at(&r, i, 2)));
		map_put(s->memo->known, keys_name(s->memo->a, direct, result_at(&r, i, 0).u.i), val_list(both));
	}
	return true;
}

bool session_keys_prepare(struct store *s, struct row *const *before, struct row *const *after, size_t n, struct err *e) {
	struct list *owners = list_new(s->a, n), *ids = list_new(s->a, n);
	struct map *seen = map_new(s->a, n);
	bool direct = false;

	for (size_t i = 0; i < n; i++) {
		struct val owner;

		if (after[i] == NULL)
			continue;
		direct = is_direct(after[i]);
		owner = owner_of(after[i]);
		if (before[i] != NULL)
			list_push(ids, val_int(before[i]->id));
		if (map_find(seen, owner) != NULL || map_find(s->memo->known, cipher_name(s->a, direct, owner.u.i)) != NULL)
			continue;
		map_put(seen, owner, val_null());
		list_push(owners, owner);
	}
	return ciphers_read(s, direct, owners, e) && keys_read(s, direct, ids, e);
}

/* What is stored of a session's key, once: the next write may have changed it. */
static bool stored_keys(struct store *s, const struct row *session, struct val *clear, struct val *encrypted, struct err *e) {
	struct val *known = s->memo == NULL ? NULL : map_find(s->memo->known, keys_name(s->a, is_direct(session), session->id));
	struct list *one = list_new(s->a, 1);
	struct val param = val_list(one);
	struct result r;

	if (known != NULL && known->type == V_LIST) {
		*clear = known->u.list->v[0];
		*encrypted = known->u.list->v[1];
		*known = val_null();
		return true;
	}
	list_push(one, val_int(session->id));
	if (!db_named(s->db, s->a, is_direct(session) ? Q_SESSION_KEYS_DIRECT : Q_SESSION_KEYS_IX, &param, &r, e))
		return false;
	*clear = r.n > 0 ? result_at(&r, 0, 1) : val_null();
	*encrypted = r.n > 0 ? result_at(&r, 0, 2) : val_null();
	return true;
}

bool session_key_wanted(struct store *s, const struct row *session, bool *wanted, struct err *e) {
	const char *algorithm;

	if (!algorithm_of(s, session, &algorithm, e))
		return false;
	*wanted = *algorithm != '\0';
	return true;
}

/* What the write gives, else what is stored: a row that was read may hide it from the one who writes. */
static bool current_keys(struct keys *k, const struct row *before, const struct row *after, struct err *e) {
	struct val clear = row_get(after, "password"), encrypted = row_get(after, "encrypted_password"), was[2];

	if (before != NULL) {
		if (!stored_keys(k->s, before, &was[0], &was[1], e))
			return false;
		if (!changed(before, after, "password"))
			clear = was[0];
		if (!changed(before, after, "encrypted_password"))
			encrypted = was[1];
	}
	return open_text(k, clear, &k->clear, e) && open_text(k, encrypted, &k->encrypted, e);
}

bool session_key_check(struct store *s, const struct row *before, struct row *after, struct err *e) {
	struct val ip = row_get(after, "ip_address"), text;
	const char *algorithm;
	char neighbour[ADDR_TEXT_MAX];
	struct addr remote;
	struct keys k = keys_open(s);

	if (ip.type != V_STR || !addr_parse(ip.u.s, ip.len, &remote))
		return true;
	addr_text(&remote, ADDR_HOST, neighbour);
	if (!algorithm_of(s, after, &algorithm, e))
		return false;
	/* without a cipher what is given stands */
	if (*algorithm == '\0' && changed(before, after, "encrypted_password"))
		return true;
	if (!current_keys(&k, before, after, e) || !written_form(&k, algorithm, neighbour, &text, e))
		return false;
	if (text.type != V_UNDEF)
		after->v[res_field(after->res, "encrypted_password")] = text;
	return true;
}

/* ---- many at once ---- */

enum { K_DIRECT, K_ID, K_CLEAR, K_ENCRYPTED, K_NEIGHBOUR, K_ALGORITHM };

bool session_keys_renew(struct store *s, enum keys_of of, int64_t id, struct err *e) {
	static const unsigned writes[2] = { Q_SESSION_KEYS_PUT_IX, Q_SESSION_KEYS_PUT_DIRECT };
	struct keys k = keys_open(s);
	struct list *ids[2], *texts[2];
	struct result r, done;

	if (!db_named(s->db, s->a, Q_SESSION_KEYS_ALL, (struct val[]){ val_int((int64_t)of), val_int(id) }, &r, e))
		return false;
	for (size_t i = 0; i < 2; i++) {
		ids[i] = list_new(s->a, r.n);
		texts[i] = list_new(s->a, r.n);
	}
	for (size_t i = 0; i < r.n; i++) {
		size_t direct = result_at(&r, i, K_DIRECT).u.b ? 1 : 0;
		struct val text;

		if (!open_text(&k, result_at(&r, i, K_CLEAR), &k.clear, e) || !open_text(&k, result_at(&r, i, K_ENCRYPTED), &k.encrypted, e) ||
		    !written_form(&k, val_cstr(result_at(&r, i, K_ALGORITHM), ""), val_cstr(result_at(&r, i, K_NEIGHBOUR), ""), &text, e))
			return false;
		if (text.type == V_UNDEF)
			continue;
		list_push(ids[direct], result_at(&r, i, K_ID));
		list_push(texts[direct], val_is_null(text) ? val_str("") : text);
	}
	for (size_t i = 0; i < 2; i++) {
		if (ids[i]->n > 0 && !db_named(s->db, s->a, writes[i], (struct val[]){ val_list(ids[i]), val_list(texts[i]) }, &done, e))
			return false;
	}
	return true;
}
