/*
 * web.h: from a FastCGI request to a response. fcgiapp.h is included by fcgi.c alone.
 *
 * A request's life: accept, reset the arena -> read and decode -> route -> who is it -> may they -> begin (READ ONLY unless
 * the route writes) -> act into req.body -> commit -> send. Nothing half made is ever sent; a handler function only fills
 * the response or *req->err. Authentication and permission come first, for every verb.
 */
#ifndef PEERAGE_WEB_H
#define PEERAGE_WEB_H

#include "base/conf.h"
#include "base/json.h"
#include "db/recall.h"
#include "db/redis.h"
#include "model/action.h"
#include "model/behaviour.h"
#include "model/job.h"
#include "template/template.h"

enum method { M_GET = 1, M_POST = 2, M_PUT = 4, M_PATCH = 8, M_DELETE = 16, M_OPTIONS = 32, M_HEAD = 64 };

struct header {
	const char *name, *value;
};

enum media { MEDIA_JSON, MEDIA_HTML, MEDIA_CSV, MEDIA_YAML };

/* A file or field of a form. */
struct upload {
	const char *name, *filename, *data;
	size_t len;
};

struct route;
struct handler;
struct tally;

struct req {
	struct arena *a;                /* reset after the request */
	struct arena *root;             /* of the process */
	void **kept;                    /* page.c's own, NULL at first, kept between requests */
	const struct handler *handler;
	const struct conf *conf;
	struct db *db;
	struct recall *recall;
	bool trust;                     /* the first try: who it is may come from memory, to be confirmed before the answer leaves */
	struct redis *redis;
	struct tally *tally;            /* requests counted so far, see tally.h */
	struct store store;
	struct actor actor;

	enum method method;
	const char *path;               /* decoded, without base path, always begins with "/" */
	const char *raw_query;
	const char *const *env;         /* FastCGI parameters, "NAME=value", ended by NULL */
	struct param *params;           /* of the query */
	size_t nparams;
	struct param *form;             /* of a form body (urlencoded or multipart) */
	size_t nform;
	struct upload *uploads;
	size_t nuploads;
	const char *body_in;            /* as it came */
	size_t body_in_len;
	const char *content_type;       /* without parameters, lower case; "" when there is no body */
	const char *client;             /* address, from the web server's own REMOTE_ADDR */
	const char *request_id;         /* UUID v4 of ours, also X-Request-ID */
	const char *csrf;               /* this session's token, for forms; NULL when nobody is signed in by cookie */
	bool by_token;                  /* signed in by Authorization: Token */
	bool dry_run;                   /* ?dry_run=1 on a write */
	bool json;                      /* an API path: errors are JSON */
	const struct map *preferences;  /* of the user; empty map for nobody */

	const struct route *route;      /* what matched, and the pieces of the path */
	const struct resource *res;
	int64_t id;                     /* {id} */
	const char *slug;               /* {slug} */
	struct row *object;             /* of a ROUTE_OBJECT route */
	unsigned allow;                 /* enum method: what this path knows */
	enum media media;               /* what the client accepts, as far as we speak it */
	bool token_reads_only;          /* by_token, and the token may not write */

	int status;                     /* 200 unless set */
	struct header *headers;         /* of the response */
	size_t nheaders;
	const char *response_type;      /* "text/html; charset=utf-8" unless set */
	struct sbuf body;
	struct err err;
	enum job_news news;             /* what the runners are told after the commit */
	const struct action *action;    /* of a route that follows from one */
	struct action_call *call;       /* for `after` */
	bool (*after)(struct req *);    /* after the commit, when that is not the end of it; NULL */
	struct problems problems;       /* 400 with the fields' messages when err.code is ERR_INVALID and there are any */
};

typedef bool route_fn(struct req *);

enum route_flag {
	ROUTE_PUBLIC     = 1 << 0,      /* nobody need be signed in; a test pins the list of these */
	ROUTE_WRITES     = 1 << 1,      /* POST and friends write; CSRF is checked for sessions. Also where a GET writes in a transaction of its own */
	ROUTE_ANY_USER   = 1 << 2,      /* signed in is enough (own preferences, home) */
	ROUTE_STAFF      = 1 << 3,
	ROUTE_NO_DB      = 1 << 4,
	ROUTE_OPEN       = 1 << 6,      /* signed in is enough, and where the settings require no sign-in, anybody may read */
	ROUTE_GET_WRITES = 1 << 7,      /* a GET that asks for a job, as old clients know it */
	ROUTE_OBJECT     = 1 << 5       /* {id} is an object of `res`, loaded within the right to `verb` before fn runs */
};

struct route {
	unsigned methods;               /* enum method */
	const char *pattern;            /* "/api/devices/routers/{id}/configuration/"; {id} digits, {slug} a segment */
	const struct resource *res;     /* or NULL */
	const char *verb;               /* of the resource's permission: "view", "change", "deploy_router_configuration" ... or NULL with a flag */
	route_fn *fn;
	unsigned flags;                 /* enum route_flag */
	const char *label, *help;       /* OpenAPI's summary; the button's text for actions */
	bool (*shown)(struct req *, const struct row *);        /* whether an object's page has the tab; NULL: always. Asks the database if it must */
};

/* A program: the resources whose standard pages and API it serves, and what it does beyond. */
struct handler {
	const char *name;
	const struct resource *const *resources;        /* ended by NULL */
	const struct route *routes;                     /* ended by a NULL pattern; these are tried before the standard ones */
	const struct behaviour *const *behaviours;      /* ended by NULL */
	const struct action *actions;                   /* ended by a NULL name; those of other resources are passed over. NULL: none */
};

/* Options (-c conf, -l listen path, -n requests), settings, log, database, templates, loop; leaves on SIGTERM after the
 * request at hand and after requests_per_process. Returns the exit status. */
int handler_main(int argc, char **argv, const struct handler *);

/* ---- for route functions ---- */
const char *req_env(const struct req *, const char *name);              /* FastCGI parameter or NULL */
const char *req_param(const struct req *, const char *name);            /* last value in the query, or NULL */
const char *req_form(const struct req *, const char *name);             /* last value in the form, or NULL */
void req_header(struct req *, const char *name, const char *value);
bool req_redirect(struct req *, const char *to);                        /* 302 to a path of ours; anything else goes home */
bool req_json(struct req *, struct val);                                /* body and type */
bool req_fail(struct req *, enum err_code, const char *fmt, ...) PRINTF(3, 4);
const char *req_cookie(const struct req *, const char *name);           /* value, or NULL */
void req_set_cookie(struct req *, const char *name, const char *value, int64_t seconds);       /* HttpOnly but for csrftoken; seconds 0: forget it */
const char *req_url(struct req *, const char *path);                    /* absolute, as this client reaches us */
bool req_input(struct req *, struct val *out);                          /* JSON or form body as a value; 400 or 415 when it is neither */

/* Sign-in: session.c. The cookies are set; *state tells what came of it. False only when it cannot be told. */
enum sign_in {
	SIGN_IN_WRONG,          /* name, password or code */
	SIGN_IN_CODE,           /* the password was right; a code of the second factor is asked for next */
	SIGN_IN_DONE,
	SIGN_IN_AGAIN           /* the password was given too long ago, or too many codes were wrong */
};
bool session_sign_in(struct req *, const char *name, const char *password, enum sign_in *);
/* second_step.c: a one-time code, or a recovery code, of who has just given the right password. */
bool session_second_step(struct req *, const char *code, enum sign_in *);
bool session_sign_out(struct req *);
/* For a form that is shown to who is not signed in: a secret in cookie and form (r->csrf). */
void session_form(struct req *);
/* Change the password of who is signed in; other sessions of theirs end. A wrong or weak one comes back in req->problems. */
bool session_password(struct req *, const char *old_password, const char *new_password);

/*
 * The routes that every resource has. `suffix` follows "/api/<api>/" or "/<page>/"; {id} digits. A row is left out for a resource
 * with one of the flags in `not_for`.
 */
struct standard {
	unsigned methods;
	const char *suffix;
	const char *verb;
	route_fn *fn;
	unsigned flags;                 /* enum route_flag */
	unsigned not_for;               /* enum rflag */
	const char *label;
};
extern const struct standard api_routes[], page_routes[];      /* ended by a NULL suffix */

/* An error as a page; `page_error` may use page_render() and must not fail. */
void page_error(struct req *, int status, const char *title, const char *text);

/* The standard views; routes to them follow from handler.resources. */
route_fn api_list, api_create, api_bulk, api_detail, api_update, api_delete, api_options;
route_fn page_list, page_detail, page_form, page_delete, page_bulk_edit, page_bulk_delete, page_changelog, page_child;

/* Render html/`name` with `context` plus what every page has (user, navigation, csrf, messages, settings). */
bool page_render(struct req *, const char *name, struct map *context);
/* A message shown on the next page of this session ("success", "warning", "danger"). */
void page_flash(struct req *, const char *level, const char *fmt, ...) PRINTF(3, 4);

#endif
