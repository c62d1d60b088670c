/* auth.c: who is it, and may they. Both come before anything else, for every method. */
#include "config.h"

#include <strings.h>

#include "base/net.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "db/queries.h"
#include "web/private.h"

bool actor_become(struct req *r, const struct user *u) {
	struct result grants;

	r->actor.user_id = u->id;
	r->actor.user_name = u->name;
	r->actor.authenticated = true;
	r->actor.superuser = u->superuser;
	r->actor.staff = u->staff;
	if (!u->active)
		return req_fail(r, ERR_UNAUTHENTICATED, "User inactive");
	if (u->superuser)
		return true;
	if (!recall_named(r->recall, r->a, Q_USER_GRANTS, (struct val[]){ val_int(u->id) }, &grants, &r->err))
		return false;
	r->actor.permissions = actor_permissions(r->a, &grants);
	return true;
}

/* ---- tokens ---- */

/* The key of "Authorization: Token KEY"; NULL without an error when the header is about something else. */
static bool token_key(struct req *r, const char **key) {
	const char *s = req_env(r, "HTTP_AUTHORIZATION");
	size_t n;

	*key = NULL;
	if (s == NULL)
		return true;
	s += strspn(s, " \t");
	n = strcspn(s, " \t");
	if (n != 5 || strncasecmp(s, "Token", 5) != 0)
		return true;
	s += n + strspn(s + n, " \t");
	n = strcspn(s, " \t");
	if (n == 0)
		return req_fail(r, ERR_UNAUTHENTICATED, "Invalid token header. No credentials provided.");
	if (s[n + strspn(s + n, " \t")] != '\0')
		return req_fail(r, ERR_UNAUTHENTICATED, "Invalid token header. Token string should not contain spaces.");
	if (!utf8_valid(s, n))
		return req_fail(r, ERR_UNAUTHENTICATED, "Invalid token header. Token string should not contain invalid characters.");
	*key = arena_strndup(r->a, s, n);
	return true;
}

enum { T_ID, T_WRITE, T_EXPIRED, T_STALE, T_ANYWHERE, T_INSIDE, T_USER, T_NAME, T_ACTIVE, T_STAFF, T_SUPER };

static bool token_sign_in(struct req *r, const char *key) {
	char hex[SHA256_HEX];
	struct addr addr;
	bool address = addr_parse(r->client, strlen(r->client), &addr);
	struct val p[2] = { val_str(sha256_hex(key, strlen(key), hex)), address ? val_str(r->client) : val_null() };
	struct result t, q;

	if (!recall_named(r->recall, r->a, Q_TOKEN_FIND, p, &t, &r->err))
		return false;
	if (t.n == 0)
		return req_fail(r, ERR_UNAUTHENTICATED, "Invalid token");
	if (t.v[T_EXPIRED].u.b)
		return req_fail(r, ERR_UNAUTHENTICATED, "Token expired");
	if (t.v[T_STALE].u.b && !db_named(r->db, r->a, Q_TOKEN_USED, &t.v[T_ID], &q, &r->err))
		return false;
	if (!t.v[T_ACTIVE].u.b)
		return req_fail(r, ERR_UNAUTHENTICATED, "User inactive");
	if (!t.v[T_ANYWHERE].u.b && !address)
		return req_fail(r, ERR_UNAUTHENTICATED, "Client IP address could not be determined for validation. Check that the HTTP server is"
		    " correctly configured to pass the required header(s).");
	if (!t.v[T_ANYWHERE].u.b && !t.v[T_INSIDE].u.b)
		return req_fail(r, ERR_UNAUTHENTICATED, "Source IP %s is not permitted to authenticate using this token.", r->client);
	r->by_token = true;
	r->token_reads_only = !t.v[T_WRITE].u.b;
	return actor_become(r, &(struct user){ t.v[T_USER].u.i, val_cstr(t.v[T_NAME], ""), true, t.v[T_STAFF].u.b, t.v[T_SUPER].u.b });
}

/* ---- who ---- */

bool auth_identify(struct req *r) {
	const char *cookie = req_cookie(r, "sessionid"), *key, *remote = r->conf->remote_user ? req_env(r, "REMOTE_USER") : NULL;
	bool found = false, reads = r->route != NULL && !method_writes(r->method) && (r->route->flags & (ROUTE_WRITES | ROUTE_NO_DB)) == 0;

	recall_begin(r->recall, r->trust && reads);
	if (remote != NULL && *remote != '\0')
		return auth_remote(r, remote);
	if (cookie != NULL && *cookie != '\0' && !session_find(r, cookie, &found))
		return false;
	if (found || !r->json)
		return true;
	return token_key(r, &key) && (key == NULL || token_sign_in(r, key));
}

/* ---- may they ---- */

static bool refuse_csrf(struct req *r, const char *why) {
	return req_fail(r, ERR_DENIED, "CSRF Failed: %s", why);
}

/* A write of a browser carries the session's secret in a header or a form field (double submit where there is no session). */
static bool check_csrf(struct req *r) {
	const char *cookie = req_cookie(r, "csrftoken"), *given = req_env(r, "HTTP_X_CSRFTOKEN"), *want = r->csrf == NULL ? cookie : r->csrf;

	if (!method_writes(r->method) || r->by_token || (r->csrf == NULL && (r->route->flags & ROUTE_PUBLIC) == 0))
		return true;
	if (cookie == NULL)
		return refuse_csrf(r, "CSRF cookie not set.");
	if (given == NULL || *given == '\0')
		given = req_form(r, "csrfmiddlewaretoken");
	if (given == NULL || *given == '\0')
		return refuse_csrf(r, "CSRF token missing.");
	if (strlen(given) != strlen(want) || !secret_equal(given, want, strlen(want)))
		return refuse_csrf(r, "CSRF token incorrect.");
	return true;
}

static bool denied(struct req *r) {
	return req_fail(r, ERR_DENIED, r->json ? "You do not have permission to perform this action." : "You don't have the permission to see this.");
}

bool auth_permit(struct req *r) {
	const struct route *route = r->route;
	bool reads = !method_writes(r->method);

	if (!check_csrf(r))
		return false;
	if (route->flags & ROUTE_PUBLIC)
		return true;
	if (!r->actor.authenticated && (r->conf->login_required || !reads || (route->flags & (ROUTE_ANY_USER | ROUTE_STAFF))))
		return req_fail(r, ERR_UNAUTHENTICATED, "Authentication credentials were not provided.");
	if (r->token_reads_only && !reads)
		return denied(r);
	if ((route->flags & ROUTE_STAFF) && !r->actor.staff && !r->actor.superuser)
		return denied(r);
	if (route->verb == NULL)
		return (route->flags & (ROUTE_ANY_USER | ROUTE_OPEN | ROUTE_STAFF)) ? true : denied(r);
	if (route->res != NULL && may(&r->store, route->res, route->verb))
		return true;
	if (!r->actor.authenticated)
		return req_fail(r, ERR_UNAUTHENTICATED, "Authentication credentials were not provided.");
	return denied(r);
}
