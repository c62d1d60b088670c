/* session.c: browsers that are signed in. The cookie is a random name of which the database keeps the hash alone. */
#include "config.h"

#include <strings.h>

#include "base/log.h"
#include "base/net.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "db/queries.h"
#include "web/private.h"

enum { PASSWORD_MIN = 8, PASSWORD_MAX = 1024, NAME_MAX_CHARS = 150 };

struct val session_hash(struct req *r, const char *secret) {
	return val_str(sha256_hex(secret, strlen(secret), arena_alloc(r->a, SHA256_HEX)));
}

bool session_find(struct req *r, const char *cookie, bool *found) {
	struct val id = session_hash(r, cookie);
	struct result q;
	struct user u;

	*found = false;
	if (!recall_named(r->recall, r->a, Q_SESSION_FIND, &id, &q, &r->err))
		return false;
	if (q.n == 0 || !result_at(&q, 0, 2).u.b)
		return true;
	*found = true;
	u = (struct user){ result_at(&q, 0, 0).u.i, val_cstr(result_at(&q, 0, 1), ""), true, result_at(&q, 0, 3).u.b, result_at(&q, 0, 4).u.b };
	r->csrf = val_cstr(result_at(&q, 0, 5), "");
	if (result_at(&q, 0, 7).type == V_MAP)
		r->preferences = result_at(&q, 0, 7).u.map;
	if (result_at(&q, 0, 6).u.b && !db_named(r->db, r->a, Q_SESSION_SEEN, &id, &q, &r->err))
		return false;
	return actor_become(r, &u);
}

static struct val client_address(struct req *r) {
	struct addr addr;

	return addr_parse(r->client, strlen(r->client), &addr) ? val_str(r->client) : val_null();
}

static struct val client_agent(struct req *r) {
	const char *agent = req_env(r, "HTTP_USER_AGENT");

	return agent != NULL && strlen(agent) <= 512 && utf8_valid(agent, strlen(agent)) ? val_str(agent) : val_str("");
}

bool session_note(struct req *r, int64_t user, const char *name, const char *event) {
	struct val p[5] = { user == 0 ? val_null() : val_int(user), val_str(utf8_count(name, strlen(name)) <= NAME_MAX_CHARS ? name : "(too long)"),
		val_str(event), client_address(r), client_agent(r) };
	struct result q;

	return db_named(r->db, r->a, Q_SIGN_IN_NOTE, p, &q, &r->err);
}

static bool session_begin(struct req *r, int64_t user) {
	const char *id = random_hex(r->a, SESSION_BYTES), *csrf = random_hex(r->a, CSRF_BYTES);
	struct result q;
	struct val p[6] = { session_hash(r, id), val_int(user), val_float((double)r->conf->session_seconds), client_address(r), client_agent(r),
		val_str(csrf) };

	if (!db_named(r->db, r->a, Q_SESSION_ADD, p, &q, &r->err))
		return false;
	req_set_cookie(r, "sessionid", id, r->conf->session_seconds);
	req_set_cookie(r, "csrftoken", csrf, r->conf->session_seconds);
	r->csrf = csrf;
	return true;
}

/*
 * The password is right. A hash of the old kind becomes one of today's now that it is at hand; who has a second factor is asked for it
 * before there is a session.
 */
static bool password_right(struct req *r, int64_t user, const char *name, bool old, const char *password, enum sign_in *state) {
	struct val id = val_int(user);
	const char *hash = NULL;
	struct result q;

	if (old && (!password_hash(r->a, password, &hash, &r->err) ||
	    !db_named(r->db, r->a, Q_USER_SET_PASSWORD, (struct val[]){ val_str(name), val_str(hash) }, &q, &r->err)))
		return false;
	if (!db_named(r->db, r->a, Q_TOTP_GET, &id, &q, &r->err))
		return false;
	if (q.n == 1 && result_at(&q, 0, 1).u.b) {
		*state = SIGN_IN_CODE;
		return second_step_begin(r, user);
	}
	*state = SIGN_IN_DONE;
	return session_signed_in(r, user, name, "sign-in");
}

bool session_signed_in(struct req *r, int64_t user, const char *name, const char *event) {
	struct result q;

	log_msg(LOG_LEVEL_INFO, "\"%.150s\" signed in from %s", name, r->client);
	return db_named(r->db, r->a, Q_USER_SIGNED_IN, (struct val[]){ val_int(user), val_null() }, &q, &r->err) && session_begin(r, user) &&
	    session_note(r, user, name, event);
}

/* The same secret in cookie and form (double submit). */
void session_form(struct req *r) {
	const char *cookie = req_cookie(r, "csrftoken");

	if (r->csrf != NULL)
		return;
	if (cookie != NULL && strlen(cookie) == 2 * CSRF_BYTES && cookie[strspn(cookie, "0123456789abcdef")] == '\0') {
		r->csrf = cookie;
		return;
	}
	r->csrf = random_hex(r->a, CSRF_BYTES);
	req_set_cookie(r, "csrftoken", r->csrf, r->conf->session_seconds);
}

bool session_sign_in(struct req *r, const char *name, const char *password, enum sign_in *state) {
	/* crypt(3)'s form with nobody's password: an unknown name takes as long as a wrong password */
	static const char nobody[] = "$y$j9T$0GqzcXtb5dyUQkWZiwRpC.$e0C2tW59MD8MoXIiM71EwxSKaJUFzX3/dIv34LFUO4.";
	struct val key = val_str(name);
	const char *hash = nobody;
	bool old = false, known, ok;
	struct result q;

	*state = SIGN_IN_WRONG;
	if (!throttle_open(r, name))
		return false;
	if (!db_named(r->db, r->a, Q_USER_BY_NAME, &key, &q, &r->err))
		return false;
	known = q.n == 1;
	if (known && result_at(&q, 0, 5).len > 0)
		hash = val_cstr(result_at(&q, 0, 5), "");
	ok = strlen(password) <= PASSWORD_MAX && password_verify(password, hash, &old) && hash != nobody && result_at(&q, 0, 2).u.b;
	if (!ok) {
		throttle_failed(r, name);
		log_msg(LOG_LEVEL_WARNING, "failed sign-in for \"%.150s\" from %s", name, r->client);
		return session_note(r, known ? result_at(&q, 0, 0).u.i : 0, name, "refused-password");
	}
	return password_right(r, result_at(&q, 0, 0).u.i, val_cstr(result_at(&q, 0, 1), ""), old, password, state);
}

bool session_sign_out(struct req *r) {
	const char *cookie = req_cookie(r, "sessionid");
	struct result q;

	req_set_cookie(r, "sessionid", "", 0);
	req_set_cookie(r, "csrftoken", "", 0);
	req_set_cookie(r, "signin", "", 0);
	if (cookie == NULL)
		return true;
	if (r->actor.authenticated && !session_note(r, r->actor.user_id, r->actor.user_name, "sign-out"))
		return false;
	return db_named(r->db, r->a, Q_SESSION_DROP, (struct val[]){ session_hash(r, cookie) }, &q, &r->err);
}

/* The few passwords that are tried first by everybody. */
static bool common(const char *p) {
	static const char *const words[] = { "password", "password1", "passw0rd", "12345678", "123456789", "1234567890", "qwertyui",
		"qwertyuiop", "iloveyou", "letmein1", "admin123", "administrator", "changeme", "welcome1", "peerage1", "peering1" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (strcasecmp(words[i], p) == 0)
			return true;
	}
	return false;
}

static void weigh(struct req *r, const char *p, const struct result *user) {
	if (utf8_count(p, strlen(p)) < PASSWORD_MIN)
		problem_add(&r->problems, "new_password", "This password is too short. It must contain at least %d characters.", PASSWORD_MIN);
	if (strlen(p) > PASSWORD_MAX)
		problem_add(&r->problems, "new_password", "This password is too long. It may contain at most %d bytes.", PASSWORD_MAX);
	if (common(p))
		problem_add(&r->problems, "new_password", "This password is too common.");
	if (*p != '\0' && p[strspn(p, "0123456789")] == '\0')
		problem_add(&r->problems, "new_password", "This password is entirely numeric.");
	for (size_t i = 1; i < user->cols; i++) {
		const char *own = val_cstr(result_at(user, 0, i), "");

		if (strlen(own) >= 4 && strcasestr(p, own) != NULL) {
			problem_add(&r->problems, "new_password", "The password is too similar to your name or address.");
			return;
		}
	}
}

bool session_password_right(struct req *r, const char *password, struct result *q) {
	struct val id = val_int(r->actor.user_id);
	bool old;

	if (!throttle_open(r, r->actor.user_name) || !db_named(r->db, r->a, Q_USER_PASSWORD, &id, q, &r->err))
		return false;
	if (q->n == 1 && password != NULL && strlen(password) <= PASSWORD_MAX && password_verify(password, val_cstr(result_at(q, 0, 0), ""), &old))
		return true;
	throttle_failed(r, r->actor.user_name);
	return req_fail(r, ERR_INVALID, "The password is wrong.");
}

bool session_password(struct req *r, const char *old_password, const char *new_password) {
	struct val id = val_int(r->actor.user_id);
	const char *hash, *cookie = req_cookie(r, "sessionid");
	struct result q;

	if (!session_password_right(r, old_password, &q)) {
		if (r->err.code != ERR_INVALID)
			return false;
		problem_add(&r->problems, "old_password", "Your old password was entered incorrectly. Please enter it again.");
	}
	if (q.n > 0)
		weigh(r, new_password, &q);
	if (problems_any(&r->problems))
		return req_fail(r, ERR_INVALID, "The password was not changed.");
	return password_hash(r->a, new_password, &hash, &r->err) && session_note(r, r->actor.user_id, r->actor.user_name, "password-changed") &&
	    db_named(r->db, r->a, Q_USER_SET_PASSWORD, (struct val[]){ val_str(r->actor.user_name), val_str(hash) }, &q, &r->err) &&
	    db_named(r->db, r->a, Q_SESSION_DROP_OTHERS, (struct val[]){ id, cookie == NULL ? val_null() : session_hash(r, cookie) }, &q, &r->err);
}
