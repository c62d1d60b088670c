/* remote.c: users whom the web server has signed in (REMOTE_USER), with the groups that it names. */
#include "config.h"

#include <stdlib.h>

#include "base/log.h"
#include "db/queries.h"
#include "web/private.h"

/* The groups of the header, in the order of their names, each once. */
static int by_name(const void *a, const void *b) {
	const struct val *x = a, *y = b;

	return strcmp(x->u.s, y->u.s);
}

static struct list *split(struct arena *a, const char *s, const char *separator) {
	struct list *l = list_new(a, 8), *once = list_new(a, 8);
	size_t n = strlen(separator);

	while (s != NULL && *s != '\0') {
		const char *end = n == 0 ? NULL : strstr(s, separator);
		size_t len = end == NULL ? strlen(s) : (size_t)(end - s);

		for (; len > 0 && *s == ' '; len--)      /* Apache's mod_authnz_ldap writes "; " between values */
			s++;
		for (; len > 0 && s[len - 1] == ' '; len--)
			;
		if (len > 0 && len <= 150)
			list_push(l, val_copy(a, s, len));
		s = end == NULL ? NULL : end + n;
	}
	if (l->n > 1)
		qsort(l->v, l->n, sizeof(*l->v), by_name);
	for (size_t i = 0; i < l->n; i++) {
		if (i == 0 || strcmp(l->v[i].u.s, l->v[i - 1].u.s) != 0)
			list_push(once, l->v[i]);
	}
	return once;
}

static bool in(const struct list *l, const char *name) {
	for (size_t i = 0; i < l->n; i++) {
		if (strcmp(val_cstr(l->v[i], ""), name) == 0)
			return true;
	}
	return false;
}

static bool any_in(const struct list *some, const struct list *of) {
	for (size_t i = 0; i < some->n; i++) {
		if (in(of, val_cstr(some->v[i], "")))
			return true;
	}
	return false;
}

/* Groups follow the header when there is one; a statement is run only when they differ. */
static bool follow_groups(struct req *r, struct user *u, const struct list *have) {
	const struct conf *c = r->conf;
	struct list *want, *super;
	struct result q;

	if (*c->remote_groups_header == '\0')
		return true;
	want = split(r->a, req_env(r, c->remote_groups_header), c->remote_groups_separator);
	super = split(r->a, c->remote_superuser_groups, c->remote_groups_separator);
	for (size_t i = 0; i < have->n + want->n; i++) {
		bool mine = i < have->n;
		const char *name = val_cstr(mine ? have->v[i] : want->v[i - have->n], "");

		if (in(mine ? want : have, name))
			continue;
		if (!db_named(r->db, r->a, Q_REMOTE_GROUPS, (struct val[]){ val_int(u->id), val_list(want) }, &q, &r->err))
			return false;
		break;
	}
	if (super->n > 0 && any_in(super, want) != u->superuser) {
		u->superuser = !u->superuser;
		log_msg(LOG_LEVEL_WARNING, "\"%s\" is %s superuser by the groups of the web server", u->name, u->superuser ? "now a" : "no longer a");
		return db_named(r->db, r->a, Q_REMOTE_SUPERUSER, (struct val[]){ val_int(u->id), val_bool(u->superuser) }, &q, &r->err);
	}
	return true;
}

/* The web server signs every request in: what stands in the log is the first one after a pause. */
static bool note_seen(struct req *r, const struct user *u, bool again) {
	struct val id = val_int(u->id);
	struct result q;

	if (!again)
		return true;
	return db_named(r->db, r->a, Q_REMOTE_SEEN, &id, &q, &r->err) && (q.n == 0 || session_note(r, u->id, u->name, "remote-sign-in"));
}

/* Refused, with a line in the log, once an hour for a name: a browser asks again and again. */
static bool refuse(struct req *r, int64_t id, const char *name, const char *why) {
	struct val key = val_str(name);
	struct result q;

	if (!db_named(r->db, r->a, Q_REMOTE_REFUSED, &key, &q, &r->err) || (result_at(&q, 0, 0).u.i == 0 && !session_note(r, id, name, "refused-remote")))
		return false;
	return req_fail(r, ERR_DENIED, "%s", why);
}

bool auth_remote(struct req *r, const char *name) {
	struct val key = val_str(name);
	struct result q;
	struct user u;

	if (!db_named(r->db, r->a, Q_REMOTE_USER, &key, &q, &r->err))
		return false;
	if (q.n == 0 && r->conf->remote_create_users) {
		if (!db_named(r->db, r->a, Q_REMOTE_USER_ADD, &key, &q, &r->err) || !db_named(r->db, r->a, Q_REMOTE_USER, &key, &q, &r->err))
			return r->err.code == ERR_INVALID ? req_fail(r, ERR_DENIED, "\"%.150s\" cannot be a user's name here.", name) : false;
		log_msg(LOG_LEVEL_INFO, "user \"%s\" made for the web server's REMOTE_USER", name);
	}
	if (q.n == 0)
		return refuse(r, 0, name, arena_printf(r->a, "The web server knows you as \"%.150s\", but there is no such user here.", name));
	u = (struct user){ result_at(&q, 0, 0).u.i, val_cstr(result_at(&q, 0, 1), ""), result_at(&q, 0, 2).u.b, result_at(&q, 0, 3).u.b,
		result_at(&q, 0, 4).u.b };
	if (!u.active)
		return refuse(r, u.id, u.name, "User inactive");
	if (result_at(&q, 0, 5).type == V_MAP)
		r->preferences = result_at(&q, 0, 5).u.map;
	session_form(r);        /* no session is kept for them: each request is signed in anew */
	return follow_groups(r, &u, result_at(&q, 0, 6).type == V_LIST ? result_at(&q, 0, 6).u.list : list_new(r->a, 0)) &&
	    note_seen(r, &u, result_at(&q, 0, 7).u.b) && actor_become(r, &u);
}
