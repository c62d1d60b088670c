/* users: signing in and out, passwords, preferences; users, groups, permissions. */
#include "config.h"

#include "db/queries.h"
#include "handlers.h"
#include "model/tables/tables.h"
#include "peering/actions.h"
#include "peering/peering.h"
#include "web/page.h"
#include "web/pages.h"

enum { PREFERENCES_MAX = 64 * 1024 };

/* ---- sign-in ---- */

static bool show_login(struct req *r, const char *name, const char *wrong) {
	const char *next = req_form(r, "next") != NULL ? req_form(r, "next") : req_param(r, "next");
	struct map *ctx = map_new(r->a, 5);

	session_form(r);
	map_set(ctx, "title", val_str("Sign in"));
	map_set(ctx, "username", val_str(name));
	map_set(ctx, "wrong", val_str_or_null(wrong));
	map_set(ctx, "next", val_str(next == NULL ? "" : next));
	map_set(ctx, "banner", val_str(r->conf->banner_login));
	return page_render(r, "users/login.html", ctx);
}

static bool show_code(struct req *r, const char *wrong) {
	const char *next = req_form(r, "next");
	struct map *ctx = map_new(r->a, 4);

	session_form(r);
	map_set(ctx, "title", val_str("Sign in"));
	map_set(ctx, "wrong", val_str_or_null(wrong));
	map_set(ctx, "next", val_str(next == NULL ? "" : next));
	return page_render(r, "users/code.html", ctx);
}

/* The second step: name and password were right. */
static bool login_code(struct req *r, const char *code, const char *next) {
	enum sign_in state;

	if (!session_second_step(r, code, &state))
		return false;
	if (state == SIGN_IN_DONE)
		return req_redirect(r, next == NULL || *next == '\0' ? "/" : next);
	r->status = 403;
	if (state == SIGN_IN_AGAIN)
		return show_login(r, "", "The code was not given in time, or too many were wrong. Sign in again.");
	return show_code(r, "The code is wrong or was used before.");
}

static bool login(struct req *r) {
	const char *name = req_form(r, "username"), *password = req_form(r, "password"), *next = req_form(r, "next");
	enum sign_in state;

	if (r->method != M_POST)
		return show_login(r, "", NULL);
	if (req_form(r, "code") != NULL)
		return login_code(r, req_form(r, "code"), next);
	if (name == NULL || password == NULL || *name == '\0' || *password == '\0')
		return show_login(r, name == NULL ? "" : name, "Both a name and a password are needed.");
	if (!session_sign_in(r, name, password, &state))
		return false;
	if (state == SIGN_IN_CODE)
		return show_code(r, NULL);
	if (state == SIGN_IN_DONE)
		return req_redirect(r, next == NULL ? "/" : next);
	r->status = 403;
	return show_login(r, name, "The name or the password is wrong.");
}

static bool logout(struct req *r) {
	return session_sign_out(r) && req_redirect(r, "/login/");
}

static bool password(struct req *r) {
	const char *old = req_form(r, "old_password"), *one = req_form(r, "new_password"), *two = req_form(r, "new_password_again");
	struct map *ctx;

	if (r->method == M_POST) {
		if (one == NULL || two == NULL || strcmp(one, two) != 0)
			problem_add(&r->problems, "new_password_again", "The two password fields do not match.");
		else if (session_password(r, old == NULL ? "" : old, one)) {
			page_flash(r, "success", "Your password was changed. Other sessions of yours are signed out.");
			return req_redirect(r, "/user/profile/");
		}
		if (!problems_any(&r->problems))
			return false;
		r->err = (struct err){ 0 };
		r->status = 400;
	}
	ctx = user_new(r, "Change password", "password");
	map_set(ctx, "problems", r->problems.fields == NULL ? val_null() : val_map(r->problems.fields));
	return page_render(r, "users/password.html", ctx);
}

/* ---- preferences ---- */

static bool get_preferences(struct req *r) {
	struct val id = val_int(r->actor.user_id);
	struct result q;

	if (!db_named(r->db, r->a, Q_PREFERENCES, &id, &q, &r->err))
		return false;
	return req_json(r, q.n == 0 ? val_map(map_new(r->a, 0)) : result_at(&q, 0, 0));
}

/* Objects are merged, all else is replaced. */
static struct val merge(struct arena *a, struct val old, struct val new) {
	struct map *m;

	if (old.type != V_MAP || new.type != V_MAP)
		return new;
	m = map_new(a, old.u.map->n + new.u.map->n);
	for (size_t i = 0; i < old.u.map->n; i++)
		map_put(m, map_key(old.u.map, i), map_val(old.u.map, i));
	for (size_t i = 0; i < new.u.map->n; i++) {
		struct val *before = map_find(m, map_key(new.u.map, i));

		map_put(m, map_key(new.u.map, i), before == NULL ? map_val(new.u.map, i) : merge(a, *before, map_val(new.u.map, i)));
	}
	return val_map(m);
}

static bool patch_preferences(struct req *r) {
	struct val id = val_int(r->actor.user_id), in, now;
	struct sbuf text;
	struct result q;

	if (!req_input(r, &in))
		return false;
	if (in.type != V_MAP)
		return req_fail(r, ERR_INVALID, "Preferences are an object: {\"pagination\": {\"per_page\": 50}}.");
	if (!db_named(r->db, r->a, Q_PREFERENCES_LOCK, &id, &q, &r->err))
		return false;
	now = q.n == 0 ? in : merge(r->a, result_at(&q, 0, 0), in);
	sb_init(&text, r->a);
	json_write(&text, now);
	if (text.len > PREFERENCES_MAX)
		return req_fail(r, ERR_TOO_LARGE, "Preferences of %zu bytes are too many: at most %d are kept.", text.len, PREFERENCES_MAX);
	return db_named(r->db, r->a, Q_PREFERENCES_SAVE, (struct val[]){ id, val_mem(text.s, text.len) }, &q, &r->err) && req_json(r, now);
}

static const struct resource *const resources[] = {
	&res_auth_group,
	&res_auth_permission,
	&res_auth_token,
	&res_auth_user,
	&res_sign_in_event,
	NULL
};

static const struct route routes[] = {
	{ M_GET | M_POST, "/login/", NULL, NULL, login, ROUTE_PUBLIC | ROUTE_WRITES, "Sign in", NULL },
	{ M_POST, "/logout/", NULL, NULL, logout, ROUTE_PUBLIC | ROUTE_WRITES, "Sign out", NULL },
	{ M_GET | M_POST, "/user/password/", NULL, NULL, password, ROUTE_ANY_USER | ROUTE_WRITES, "Change password", NULL },
	PAGE_ROUTES_USERS,
	{ M_GET, "/api/users/userpref/", NULL, NULL, get_preferences, ROUTE_ANY_USER, "Read own preferences", NULL },
	{ M_PATCH, "/api/users/userpref/", NULL, NULL, patch_preferences, ROUTE_ANY_USER | ROUTE_WRITES, "Change own preferences",
	    "Objects are merged into what there is." },
	{ 0 }
};

const struct handler handler_users = { "users", resources, routes, peering_behaviours, peering_actions };
