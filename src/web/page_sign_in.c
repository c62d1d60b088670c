/* page_sign_in.c: how the user at the keyboard signs in: the second factor, and the browsers that are signed in; as pages and as API. */
#include "config.h"

#include "base/seal.h"
#include "base/secret.h"
#include "base/totp.h"
#include "db/queries.h"
#include "web/page.h"
#include "web/pages.h"
#include "web/second_factor.h"

enum { RECOVERY_CODES = 10, RECOVERY_BYTES = 10, RECOVERY_GROUP = 4 };

/* Ten new ones in place of those before; their letters as they are shown. */
static bool make_codes(struct req *r, struct list *shown) {
	struct list *hashes = list_new(r->a, RECOVERY_CODES);
	struct result q;

	for (int i = 0; i < RECOVERY_CODES; i++) {
		uint8_t raw[RECOVERY_BYTES];
		struct sbuf sb;
		char *code;

		random_bytes(raw, sizeof(raw));
		code = base32_text(r->a, raw, sizeof(raw));
		for (char *p = code; *p != '\0'; p++)
			*p = (char)(*p >= 'A' ? *p - 'A' + 'a' : *p);
		list_push(hashes, session_hash(r, code));
		sb_init(&sb, r->a);
		for (size_t k = 0; code[k] != '\0'; k += RECOVERY_GROUP)
			sb_fmt(&sb, "%s%.*s", k == 0 ? "" : "-", RECOVERY_GROUP, code + k);
		list_push(shown, val_mem(sb.s, sb.len));
	}
	return db_named(r->db, r->a, Q_RECOVERY_CODES_SET, (struct val[]){ val_int(r->actor.user_id), val_list(hashes) }, &q, &r->err);
}

/* What was sent: a form's value, or that of the API's JSON object; true is "true". */
static const char *given(struct req *r, const char *name) {
	struct val in, v;

	if (!r->json)
		return req_form(r, name);
	if (!req_input(r, &in) || in.type != V_MAP)
		return NULL;
	v = map_get(in.u.map, name);
	return v.type == V_BOOL ? (v.u.b ? "true" : NULL) : val_cstr(v, NULL);
}

/* A wrong code is counted, so that the answer is no failure of the transaction. */
static bool show_json(struct req *r, const struct second_factor *f, const char *uri, const char *wrong, const struct list *codes) {
	struct map *m = map_new(r->a, 6);

	if (wrong != NULL) {
		put_str(m, "detail", wrong);
		r->status = 400;
		return req_json(r, val_map(m));
	}
	put_str(m, "state", f->on ? "on" : f->known ? "pending" : "off");
	map_set(m, "since", f->on ? f->since : val_null());
	put_int(m, "recovery_codes_left", f->codes_left);
	put_str(m, "secret", uri == NULL ? NULL : f->secret);
	put_str(m, "uri", uri);
	map_set(m, "recovery_codes", codes == NULL ? val_null() : val_list((struct list *)(uintptr_t)codes));
	return req_json(r, val_map(m));
}

static bool show(struct req *r, const char *wrong, const struct list *codes) {
	struct map *ctx;
	bool by_server = req_cookie(r, "sessionid") == NULL;
	struct second_factor f;
	const char *uri;

	if (!second_factor_get(r, r->actor.user_id, &f))
		return false;
	uri = f.known && !f.on ? totp_uri(r->a, "Peerage", r->actor.user_name, f.secret) : NULL;
	if (r->json)
		return show_json(r, &f, uri, wrong, codes);
	ctx = user_new(r, "Second factor", "two-factor");
	put_str(ctx, "state", by_server ? "server" : f.on ? "on" : f.known ? "pending" : "off");
	put_str(ctx, "secret", uri == NULL ? NULL : f.secret);
	put_str(ctx, "uri", uri);
	map_set(ctx, "qr", uri == NULL ? val_null() : qr_picture(r->a, uri));
	put_str(ctx, "since", time_text(r, f.since));
	put_int(ctx, "left", f.codes_left);
	put_str(ctx, "wrong", wrong);
	map_set(ctx, "codes", codes == NULL ? val_null() : val_list((struct list *)(uintptr_t)codes));
	r->status = wrong == NULL ? r->status : 400;
	return page_render(r, "user/two_factor.html", ctx);
}

bool page_two_factor(struct req *r) {
	return show(r, NULL, NULL);
}

static bool back(struct req *r) {
	return r->json ? show(r, NULL, NULL) : req_redirect(r, "/user/two-factor/");
}

static bool begin(struct req *r) {
	uint8_t raw[TOTP_SECRET];
	const char *sealed;
	struct result q;

	random_bytes(raw, sizeof(raw));
	return seal_text(seal_new(r->a, r->conf->secret_file), r->a, base32_text(r->a, raw, sizeof(raw)), &sealed, &r->err) &&
	    db_named(r->db, r->a, Q_TOTP_BEGIN, (struct val[]){ val_int(r->actor.user_id), val_str(sealed) }, &q, &r->err) && back(r);
}

static bool confirm(struct req *r) {
	struct list *codes = list_new(r->a, RECOVERY_CODES);
	const char *code = given(r, "code");
	struct second_factor f;
	enum code_kind kind;

	if (!second_factor_get(r, r->actor.user_id, &f))
		return false;
	if (!f.known || f.on)
		return back(r);
	if (!second_factor_check(r, &f, code == NULL ? "" : code, &kind))
		return false;
	if (kind == CODE_WRONG)
		return show(r, "This code is wrong. It has six digits and changes every 30 seconds; the clock of the device must be right.", NULL);
	return make_codes(r, codes) && session_note(r, r->actor.user_id, r->actor.user_name, "second-factor-on") && show(r, NULL, codes);
}

static bool renew(struct req *r) {
	struct list *codes = list_new(r->a, RECOVERY_CODES);
	struct second_factor f;

	if (!second_factor_get(r, r->actor.user_id, &f))
		return false;
	if (!f.on)
		return back(r);
	return make_codes(r, codes) && session_note(r, r->actor.user_id, r->actor.user_name, "recovery-codes-made") && show(r, NULL, codes);
}

static bool turn_off(struct req *r) {
	struct val id = val_int(r->actor.user_id);
	struct result q;

	if (!db_named(r->db, r->a, Q_TOTP_DROP, &id, &q, &r->err))
		return false;
	if (!r->json)
		page_flash(r, "success", "Signing in asks for the password alone.");
	return session_note(r, r->actor.user_id, r->actor.user_name, "second-factor-off") && back(r);
}

bool page_two_factor_post(struct req *r) {
	static const struct {
		const char *name;
		route_fn *fn;
		bool password;          /* asks for the password once more */
	} steps[] = { { "begin", begin, true }, { "confirm", confirm, false }, { "codes", renew, true }, { "off", turn_off, true } };
	const char *what = given(r, "do");
	struct result q;

	for (size_t i = 0; what != NULL && i < ARRAY_LEN(steps); i++) {
		if (strcmp(steps[i].name, what) != 0)
			continue;
		if (steps[i].password && !session_password_right(r, given(r, "password"), &q)) {
			if (r->err.code != ERR_INVALID)
				return false;
			r->err = (struct err){ 0 };
			return show(r, "The password is wrong.", NULL);
		}
		return steps[i].fn(r);
	}
	return req_fail(r, ERR_INVALID, "\"do\" is begin, confirm, codes or off.");
}

/* ---- sessions ---- */

static struct val named_rows(struct req *r, const struct result *q, const char *const *names) {
	struct list *out = list_new(r->a, q->n);

	for (size_t i = 0; i < q->n; i++) {
		struct map *m = map_new(r->a, q->cols);

		for (size_t k = 0; k < q->cols; k++) {
			struct val v = result_at(q, i, k);
			bool time = strcmp(names[k], "created") == 0 || strcmp(names[k], "seen") == 0 || strcmp(names[k], "expires") == 0 ||
			    strcmp(names[k], "time") == 0;

			map_set(m, names[k], time && !r->json ? val_str(time_text(r, v)) : v);
		}
		list_push(out, val_map(m));
	}
	return val_list(out);
}

static bool sessions(struct req *r, struct val *out) {
	static const char *const names[] = { "id", "here", "created", "seen", "expires", "address", "agent" };
	const char *cookie = req_cookie(r, "sessionid");
	struct val p[2] = { val_int(r->actor.user_id), cookie == NULL ? val_null() : session_hash(r, cookie) };
	struct result q;

	if (!db_named(r->db, r->a, Q_SESSION_LIST, p, &q, &r->err))
		return false;
	*out = named_rows(r, &q, names);
	return true;
}

bool page_sessions(struct req *r) {
	static const char *const event[] = { "time", "event", "address", "agent" };
	struct val id = val_int(r->actor.user_id), list;
	struct result q;
	struct map *ctx;

	if (!sessions(r, &list))
		return false;
	if (r->json)
		return req_json(r, list);
	if (!db_named(r->db, r->a, Q_SIGN_INS_OF, &id, &q, &r->err))
		return false;
	ctx = user_new(r, "Sessions", "sessions");
	map_set(ctx, "sessions", list);
	map_set(ctx, "events", named_rows(r, &q, event));
	return page_render(r, "user/sessions.html", ctx);
}

/* One (id) or all but this one (others). */
bool page_sessions_post(struct req *r) {
	const char *id = given(r, "id"), *cookie = req_cookie(r, "sessionid");
	struct val user = val_int(r->actor.user_id);
	struct result q;

	if (id == NULL && given(r, "others") == NULL)
		return r->err.code != ERR_NONE ? false : req_fail(r, ERR_INVALID, "Name a session with \"id\", or all others with \"others\".");
	if (id != NULL) {
		if (!db_named(r->db, r->a, Q_SESSION_END, (struct val[]){ user, val_str(id) }, &q, &r->err))
			return false;
		if (q.n == 0 && r->json)
			return req_fail(r, ERR_NOT_FOUND, "There is no such session of yours.");
	} else if (!db_named(r->db, r->a, Q_SESSION_DROP_OTHERS, (struct val[]){ user, cookie == NULL ? val_null() : session_hash(r, cookie) }, &q,
	    &r->err))
		return false;
	if (!session_note(r, r->actor.user_id, r->actor.user_name, "sessions-ended"))
		return false;
	if (r->json)
		return page_sessions(r);
	if (id != NULL && q.n == 0)
		page_flash(r, "warning", "There is no such session of yours any more.");
	else
		page_flash(r, "success", id != NULL ? "That session is signed out." : "All other sessions are signed out.");
	return req_redirect(r, "/user/sessions/");
}

bool api_password(struct req *r) {
	const char *old = given(r, "old_password"), *now = given(r, "new_password");

	if (r->err.code != ERR_NONE)
		return false;
	r->problems.a = r->a;
	if (now == NULL)
		problem_add(&r->problems, "new_password", "This field is required.");
	if (old == NULL)
		problem_add(&r->problems, "old_password", "This field is required.");
	if (problems_any(&r->problems))
		return req_fail(r, ERR_INVALID, "Both passwords are needed.");
	return session_password(r, old, now) && req_json(r, val_map(map_new(r->a, 0)));
}
