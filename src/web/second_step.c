/* second_step.c: between a right password and a session: a one-time code or a recovery code. */
#include "config.h"

#include <ctype.h>
#include <time.h>

#include "base/log.h"
#include "base/seal.h"
#include "base/secret.h"
#include "base/totp.h"
#include "db/queries.h"
#include "web/private.h"
#include "web/second_factor.h"

enum { STEP_SECONDS = 300, CODE_MAX = 64 };

bool second_step_begin(struct req *r, int64_t user) {
	const char *id = random_hex(r->a, SESSION_BYTES);
	struct result q;

	req_set_cookie(r, "signin", id, STEP_SECONDS);
	return db_named(r->db, r->a, Q_SECOND_STEP_ADD, (struct val[]){ session_hash(r, id), val_int(user) }, &q, &r->err);
}

bool second_factor_get(struct req *r, int64_t user, struct second_factor *out) {
	struct seal *seal = seal_new(r->a, r->conf->secret_file);
	struct val id = val_int(user);
	struct result q;

	*out = (struct second_factor){ .user = user };
	if (!db_named(r->db, r->a, Q_TOTP_GET, &id, &q, &r->err))
		return false;
	if (q.n == 0)
		return true;
	out->known = true;
	out->on = result_at(&q, 0, 1).u.b;
	out->last_step = result_at(&q, 0, 2).u.i;
	out->held_back = result_at(&q, 0, 3).u.b;
	out->since = result_at(&q, 0, 4);
	out->codes_left = result_at(&q, 0, 5).u.i;
	return unseal_text(seal, r->a, val_cstr(result_at(&q, 0, 0), ""), &out->secret, &r->err);
}

/* Without the spaces and hyphens that people type. */
static bool plain(const char *text, char out[CODE_MAX]) {
	size_t n = 0;

	for (; *text != '\0'; text++) {
		if (*text == ' ' || *text == '-')
			continue;
		if (n == CODE_MAX - 1)
			return false;
		out[n++] = (char)tolower((unsigned char)*text);
	}
	out[n] = '\0';
	return n > 0;
}

static bool wrong(struct req *r, const struct second_factor *f) {
	struct val id = val_int(f->user);
	struct result q;

	return db_named(r->db, r->a, Q_TOTP_WRONG, &id, &q, &r->err);
}

bool second_factor_check(struct req *r, const struct second_factor *f, const char *typed, enum code_kind *kind) {
	char code[CODE_MAX];
	struct result q;
	int64_t step;

	*kind = CODE_WRONG;
	if (f->held_back)
		return req_fail(r, ERR_THROTTLED, "Too many wrong codes. Try again in 15 minutes.");
	if (!plain(typed, code))
		return wrong(r, f);
	if (totp_check(f->secret, code, (int64_t)time(NULL), f->last_step, &step)) {
		if (!db_named(r->db, r->a, Q_TOTP_TAKEN, (struct val[]){ val_int(f->user), val_int(step) }, &q, &r->err))
			return false;
		*kind = q.n == 1 ? CODE_ONE_TIME : CODE_WRONG;
		return true;
	}
	if (!f->on || strlen(code) == TOTP_DIGITS)
		return wrong(r, f);
	if (!db_named(r->db, r->a, Q_RECOVERY_CODE_USE, (struct val[]){ val_int(f->user), session_hash(r, code) }, &q, &r->err))
		return false;
	if (q.n == 0)
		return wrong(r, f);
	*kind = CODE_RECOVERY;
	return db_named(r->db, r->a, Q_TOTP_TAKEN, (struct val[]){ val_int(f->user), val_int(0) }, &q, &r->err);
}

static bool refuse(struct req *r, struct val step, int64_t user, const char *name, enum sign_in *state) {
	struct result q;

	throttle_failed(r, name);
	log_msg(LOG_LEVEL_WARNING, "wrong code for \"%.150s\" from %s", name, r->client);
	if (!session_note(r, user, name, "refused-code") || !db_named(r->db, r->a, Q_SECOND_STEP_WRONG, &step, &q, &r->err))
		return false;
	*state = q.n == 0 ? SIGN_IN_AGAIN : SIGN_IN_WRONG;
	return true;
}

bool session_second_step(struct req *r, const char *code, enum sign_in *state) {
	const char *cookie = req_cookie(r, "signin"), *name;
	struct second_factor factor;
	enum code_kind kind;
	struct result q;
	struct val step;
	int64_t user;

	*state = SIGN_IN_AGAIN;
	if (cookie == NULL || *cookie == '\0')
		return true;
	step = session_hash(r, cookie);
	if (!db_named(r->db, r->a, Q_SECOND_STEP_FIND, &step, &q, &r->err))
		return false;
	if (q.n == 0)
		return true;
	user = result_at(&q, 0, 0).u.i;
	name = val_cstr(result_at(&q, 0, 1), "");
	if (!throttle_open(r, name) || !second_factor_get(r, user, &factor))
		return false;
	if (!factor.on)         /* taken away meanwhile: the password says who it is, once more */
		return true;
	if (!second_factor_check(r, &factor, code, &kind))
		return false;
	if (kind == CODE_WRONG)
		return refuse(r, step, user, name, state);
	*state = SIGN_IN_DONE;
	req_set_cookie(r, "signin", "", 0);
	return db_named(r->db, r->a, Q_SECOND_STEP_DROP, &step, &q, &r->err) &&
	    session_signed_in(r, user, name, kind == CODE_RECOVERY ? "recovery-code" : "sign-in");
}
