/* private.h: what the files of src/web share among themselves. */
#ifndef PEERAGE_WEB_PRIVATE_H
#define PEERAGE_WEB_PRIVATE_H

#include "web/web.h"

enum {
	LIMIT_COOKIE = 4096,            /* bytes of one cookie's value that we look at */
	LIMIT_HEADERS = 32,             /* of a response */
	LIMIT_FORM_VALUE = 1024 * 1024, /* of one field of a form: a template has 100 kB */
	LIMIT_REQUEST_SECONDS = 120,    /* then the process is stuck and ends */
	CSRF_BYTES = 32,
	SESSION_BYTES = 32
};

/* ---- request.c ---- */
bool req_parse(struct req *);                   /* line, path, query, client; not the body */
bool req_parse_body(struct req *);              /* body_in as a form, when it is one */
bool params_parse(struct req *, const char *text, size_t len, struct param **out, size_t *n);
bool text_ok(struct req *, const char *s, size_t n, const char *what);        /* UTF-8 without NUL */
const char *method_name(enum method);
bool method_writes(enum method);

/* ---- multipart.c (RFC 7578) ---- */
bool multipart_parse(struct req *, const char *boundary);

/* ---- accept.c: Accept and ?format= (RFC 9110 12.5.1) ---- */
bool accept_choose(struct req *);

/* ---- route.c ---- */
bool route_find(struct req *);                  /* false with an error, or with a redirect when r->status is set */
const char *route_allow(struct arena *, unsigned methods);
void routes_print(struct arena *, const struct handler *);      /* route_list.c: to standard output */

/* ---- action.c: the routes that follow from a handler's actions ---- */
typedef void action_route_fn(void *arg, const struct action *, const struct route *);
/* `name`: only actions of that name; NULL: all. */
void actions_each(struct arena *, const struct handler *, const char *name, action_route_fn *, void *arg);
route_fn api_action, api_action_many, page_action, page_action_many;

/* ---- auth.c ---- */
bool auth_identify(struct req *);               /* who is it: session, token, web server; fills actor, csrf, preferences */
bool auth_permit(struct req *);                 /* CSRF, then the route's permission */

/* ---- session.c ---- */
bool session_find(struct req *, const char *cookie, bool *found);
struct val session_hash(struct req *, const char *secret);              /* SHA-256 in hexadecimal */
/* A session begins, and the log tells of `event`. */
bool session_signed_in(struct req *, int64_t user, const char *name, const char *event);
/* A line in the log of sign-ins; user 0: nobody known. */
bool session_note(struct req *, int64_t user, const char *name, const char *event);
/* Is this the password of who is signed in? Throttled; false with ERR_INVALID when it is not. *q: query user_password. */
bool session_password_right(struct req *, const char *password, struct result *q);

/* ---- second_step.c ---- */
bool second_step_begin(struct req *, int64_t user);

/* ---- qr.c ---- */
/* {size, path}: a square of that many modules and the SVG path of the dark ones; null when the text is too long for one. */
struct val qr_picture(struct arena *, const char *text);

/* ---- actor.c ---- */
struct user {
	int64_t id;
	const char *name;
	bool active, staff, superuser;
};
bool actor_become(struct req *, const struct user *);
bool auth_remote(struct req *, const char *name);       /* remote.c: REMOTE_USER and its groups */

/* ---- throttle.c ---- */
bool throttle_open(struct req *, const char *name);     /* may another sign-in be tried? */
void throttle_failed(struct req *, const char *name);

/* ---- page.c ---- */
/* Read the templates now and not with the first request; false when one has a mistake. */
bool page_start(struct arena *root, void **kept, const struct conf *, struct err *);

/* ---- respond.c ---- */
void respond_error(struct req *);               /* r->err and r->problems into the response */
void respond_head(const struct req *, struct sbuf *);
const char *response_header(const struct req *, const char *name);     /* one that was set, or NULL */

/* ---- api.c and its companions ---- */
bool api_dry_run(struct req *);                 /* wrap the answer into what would have changed */
bool api_csv(struct req *, const struct query *);
bool api_export(struct req *, const struct query *);    /* ?export=csv|yaml|json: the list as a file that can be imported */
bool api_is_import(const struct req *);         /* a table or YAML is posted on a list */
bool api_import(struct req *);
bool api_fail_missing(struct req *);            /* 404 in the words of the API */
bool etag_matches(const char *header, const char *etag);
/* Each item of a bulk write is worked on in memory of its own, given back with the next one; items_end() goes back to the request's. */
void item_begin(struct req *);
void items_end(struct req *);
/* All of them or none, in pieces. False leaves the memory of the piece, in which its problems stand; *bad tells which one it was. */
bool pieces_put(struct req *, struct put *, size_t n, size_t *bad);
bool pieces_delete(struct req *, const int64_t *ids, size_t n, int64_t *bad);
struct val input_restrict(struct req *, struct val input);      /* ?fields= drops the other keys of what is written */

#endif
