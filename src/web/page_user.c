/* page_user.c: what belongs to the user at the keyboard: profile, preferences, API tokens. */
#include "config.h"

#include "base/secret.h"
#include "db/queries.h"
#include "model/tables/tables.h"
#include "web/page.h"
#include "web/pages.h"

enum { TOKEN_BYTES = 20, TOKEN_HINT = 6 };

/* ---- profile and preferences ---- */

struct map *user_new(struct req *r, const char *title, const char *tab) {
	struct map *ctx = page_new(r, title);

	page_crumb(r, ctx, r->actor.user_name, "/user/profile/");
	page_crumb(r, ctx, title, NULL);
	put_str(ctx, "tab", tab);
	return ctx;
}

bool page_profile(struct req *r) {
	struct map *ctx = user_new(r, "Profile", "profile");
	struct val id = val_int(r->actor.user_id);
	struct map *m = map_new(r->a, 8);
	struct result q;

	if (!db_named(r->db, r->a, Q_USER_PROFILE, &id, &q, &r->err))
		return false;
	if (q.n == 0)
		return req_fail(r, ERR_NOT_FOUND, "There is no such user.");
	for (size_t i = 0; i < q.cols; i++)
		map_set(m, q.names[i], result_at(&q, 0, i));
	map_set(ctx, "profile", val_map(m));
	put_str(ctx, "joined", time_text(r, map_get(m, "date_joined")));
	put_str(ctx, "last", time_text(r, map_get(m, "last_login")));
	return page_render(r, "user/profile.html", ctx);
}

static struct val kept_tables(struct req *r) {
	struct val tables = prefs_get(r, "tables");
	struct list *out = list_new(r->a, 8);

	for (size_t i = 0; tables.type == V_MAP && i < tables.u.map->n; i++)
		list_push(out, map_key(tables.u.map, i));
	return val_list(out);
}

static bool affiliated_options(struct req *r, struct list *out, int64_t now) {
	struct param p = { "affiliated", "true" };
	struct query q = { .res = &res_autonomous_system, .params = &p, .nparams = 1, .form = FORM_BRIEF, .limit = 200 };
	struct rows rows;

	if (!may(&r->store, &res_autonomous_system, "view"))
		return true;
	if (!store_list(&r->store, &q, &rows, NULL, &r->err))
		return false;
	for (size_t i = 0; i < rows.n; i++) {
		struct map *m = map_new(r->a, 3);

		put_int(m, "value", rows.row[i]->id);
		put_str(m, "label", row_text(r, rows.row[i]));
		put_bool(m, "on", rows.row[i]->id == now);
		list_push(out, val_map(m));
	}
	return true;
}

static const struct choice themes[] = {
	{ "", "As the system", NULL }, { "light", "Light", NULL }, { "dark", "Dark", NULL }, { NULL, NULL, NULL }
};

static struct val choices(struct req *r, const struct choice *c, const char *now) {
	struct list *out = list_new(r->a, 6);

	for (; c->value != NULL; c++) {
		struct map *m = map_new(r->a, 3);

		put_str(m, "value", c->value);
		put_str(m, "label", c->label);
		put_bool(m, "on", strcmp(c->value, now) == 0);
		list_push(out, val_map(m));
	}
	return val_list(out);
}

static bool preferences_show(struct req *r) {
	struct map *ctx = user_new(r, "Preferences", "preferences");
	struct val size = prefs_get(r, "pagination.per_page"), as = prefs_get(r, "context.as");
	struct list *own = list_new(r->a, 4);

	if (!affiliated_options(r, own, as.type == V_INT ? as.u.i : 0))
		return false;
	put_int(ctx, "per_page", size.type == V_INT ? size.u.i : r->conf->page_size);
	map_set(ctx, "tables", kept_tables(r));
	map_set(ctx, "own", val_list(own));
	map_set(ctx, "themes", choices(r, themes, val_cstr(prefs_get(r, "theme"), "")));
	map_set(ctx, "forms", choices(r, date_forms, val_cstr(prefs_get(r, "time.form"), "iso")));
	map_set(ctx, "zones", zone_names(r));
	put_str(ctx, "own_zone", r->method == M_POST ? req_form(r, "zone") : zone_of(r));
	map_set(ctx, "problems", r->problems.fields == NULL ? val_null() : val_map(r->problems.fields));
	r->status = r->problems.fields == NULL ? 200 : 400;
	return page_render(r, "user/preferences.html", ctx);
}

bool page_preferences(struct req *r) {
	return preferences_show(r);
}

/* A choice of the form, kept unless it is the usual one. */
static bool keep_choice(struct req *r, const char *path, const char *name, const struct choice *c) {
	const char *given = req_form(r, name);
	const struct choice *usual = c;

	for (; given != NULL && c->value != NULL; c++) {
		if (strcmp(c->value, given) == 0)
			return prefs_set(r, path, c == usual ? val_null() : val_str(given));
	}
	if (given != NULL)
		problem_add(&r->problems, name, "\"%.50s\" is none of the choices.", given);
	return true;
}

static bool keep_zone(struct req *r) {
	const char *zone = req_form(r, "zone");

	if (zone == NULL)
		return true;
	if (*zone != '\0' && !zone_known(zone)) {
		problem_add(&r->problems, "zone", "There is no time zone \"%.64s\": it is written as Europe/Berlin or UTC.", zone);
		return true;
	}
	return prefs_set(r, "time.zone", *zone == '\0' || strcmp(zone, "UTC") == 0 ? val_null() : val_str(zone));
}

static int64_t small_number(const char *s) {
	int64_t n = 0;

	for (; s != NULL && *s >= '0' && *s <= '9' && n < 1000000000; s++)
		n = n * 10 + (*s - '0');
	return n;
}

bool page_preferences_post(struct req *r) {
	int64_t size = small_number(req_form(r, "per_page")), as = small_number(req_form(r, "context_as"));

	r->problems.a = r->a;
	if (!db_savepoint(r->db, "preferences", &r->err) || !keep_choice(r, "theme", "theme", themes) || !keep_choice(r, "time.form", "form", date_forms) ||
	    !keep_zone(r))
		return false;
	if (req_form(r, "per_page") != NULL && (size < 1 || size > r->conf->max_page_size))
		problem_add(&r->problems, "per_page", "A page has between 1 and %lld rows.", (long long)r->conf->max_page_size);
	if (problems_any(&r->problems))
		return db_rollback_to(r->db, "preferences", &r->err) && preferences_show(r);
	if (size > 0 && !prefs_set(r, "pagination.per_page", val_int(size)))
		return false;
	if (req_form(r, "context_as") != NULL && !prefs_set(r, "context.as", as == 0 ? val_null() : val_int(as)))
		return false;
	for (size_t i = 0; i < r->nform; i++) {
		if (strcmp(r->form[i].name, "forget") == 0 && strpbrk(r->form[i].value, ".") == NULL &&
		    !prefs_set(r, arena_printf(r->a, "tables.%s", r->form[i].value), val_null()))
			return false;
	}
	page_flash(r, "success", "The preferences are saved.");
	return req_redirect(r, page_return(r, "/user/preferences/"));
}

/* ---- tokens ---- */

bool page_tokens(struct req *r) {
	struct map *ctx = user_new(r, "API Tokens", "tokens");
	struct list *out = list_new(r->a, 4);
	struct val id = val_int(r->actor.user_id);
	struct result q;

	if (!db_named(r->db, r->a, Q_USER_TOKENS, &id, &q, &r->err))
		return false;
	for (size_t i = 0; i < q.n; i++) {
		struct map *m = map_new(r->a, 8);

		map_set(m, "id", result_at(&q, i, 0));
		map_set(m, "hint", result_at(&q, i, 1));
		put_str(m, "created", time_text(r, result_at(&q, i, 2)));
		put_str(m, "expires", time_text(r, result_at(&q, i, 3)));
		put_str(m, "used", time_text(r, result_at(&q, i, 4)));
		map_set(m, "writes", result_at(&q, i, 5));
		map_set(m, "description", result_at(&q, i, 6));
		map_set(m, "networks", result_at(&q, i, 7).type == V_LIST ? result_at(&q, i, 7) : val_list(list_new(r->a, 0)));
		list_push(out, val_map(m));
	}
	map_set(ctx, "tokens", val_list(out));
	put_str(ctx, "key", NULL);
	put_str(ctx, "api", NULL);
	return page_render(r, "user/tokens.html", ctx);
}

static bool token_form(struct req *r) {
	struct map *ctx = user_new(r, "Add an API Token", "tokens");
	const struct resource *res = &res_auth_token;
	struct widget_use use = { .params = r->form, .nparams = r->nform, .typed = r->method == M_POST, .creating = true };
	struct list *cards;

	if (!form_cards(r, res, &use, &cards))
		return false;
	map_set(ctx, "cards", val_list(cards));
	map_set(ctx, "errors", val_list(list_new(r->a, 0)));
	return page_render(r, "user/token_form.html", ctx);
}

bool page_token_form(struct req *r) {
	return token_form(r);
}

/* The key is made here and shown in this one answer; the book keeps its hash. */
bool page_token_add(struct req *r) {
	const struct resource *res = &res_auth_token;
	struct map *input = map_new(r->a, 8), *ctx;
	const char *key = random_hex(r->a, TOKEN_BYTES);
	char hash[SHA256_HEX];
	struct result q;
	struct val params[7];

	if (!input_form(r, res, input))
		return false;
	sha256_hex(key, strlen(key), hash);
	params[0] = val_int(r->actor.user_id);
	params[1] = val_str(hash);
	params[2] = val_str(key + 2 * TOKEN_BYTES - TOKEN_HINT);
	params[3] = map_get(input, "expires");
	params[4] = map_get(input, "write_enabled");
	params[5] = map_get(input, "description");
	params[6] = map_get(input, "allowed_ips");
	for (size_t i = 0; i < ARRAY_LEN(params); i++)
		params[i] = params[i].type == V_UNDEF ? (i == 5 ? val_str("") : val_null()) : params[i];
	if (problems_any(&r->problems))
		return token_form(r);
	if (!db_savepoint(r->db, "token", &r->err))
		return false;
	if (!db_named(r->db, r->a, Q_TOKEN_ADD, params, &q, &r->err)) {
		if (r->err.code != ERR_INVALID)
			return false;
		problem_add(&r->problems, "allowed_ips", "Each line is a network such as 192.0.2.0/24 or 2001:db8::/32, or an address.");
		r->err = (struct err){ 0 };
		r->status = 400;
		return db_rollback_to(r->db, "token", &r->err) && token_form(r);
	}
	ctx = user_new(r, "API Token", "tokens");
	put_str(ctx, "key", key);
	put_str(ctx, "api", req_url(r, "/api/"));
	map_set(ctx, "tokens", val_list(list_new(r->a, 0)));
	return page_render(r, "user/tokens.html", ctx);
}

bool page_token_delete(struct req *r) {
	struct val params[2] = { val_int(r->id), val_int(r->actor.user_id) };
	struct result q;

	if (!db_named(r->db, r->a, Q_USER_TOKEN_REVOKE, params, &q, &r->err))
		return false;
	page_flash(r, q.n == 0 ? "danger" : "success", q.n == 0 ? "There is no such token of yours." : "The token is revoked.");
	return req_redirect(r, "/user/api-tokens/");
}
