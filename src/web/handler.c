/* handler.c: a program of one family: start, serve one request after another, leave. */
#include "config.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/secret.h"
#include "web/answers.h"
#include "web/fcgi.h"
#include "web/private.h"
#include "web/tally.h"

struct worker {
	struct arena *root, *a;         /* process, request */
	const struct handler *handler;
	struct conf conf;
	struct db *db;
	struct recall *recall;
	struct answers *answers;
	struct redis *redis;
	struct tally *tally;
	struct fcgi *fcgi;
	int64_t requests;
	void *kept;
};

static void prepare(struct worker *w, struct req *r, bool trust) {
	*r = (struct req){
		.a = w->a, .root = w->root, .kept = &w->kept, .handler = w->handler, .conf = &w->conf, .db = w->db, .recall = w->recall, .trust = trust,
		.redis = w->redis, .tally = w->tally, .env = fcgi_env(w->fcgi), .path = "/", .raw_query = "", .content_type = "", .client = "", .request_id = random_uuid(w->a),
		.response_type = "text/html; charset=utf-8", .body_in = ""
	};
	r->preferences = map_new(w->a, 0);
	r->actor.user_name = "";
	r->problems.a = w->a;
	r->store = (struct store){
		.a = w->a, .db = w->db, .conf = &w->conf, .actor = &r->actor, .request_id = r->request_id, .base_url = "",
		.behaviours = w->handler->behaviours
	};
	sb_init(&r->body, w->a);
	log_request(r->request_id);
}

static bool read_body(struct worker *w, struct req *r) {
	struct sbuf in;
	bool fits;

	if (!method_writes(r->method))
		return true;
	sb_init(&in, r->a);
	fits = fcgi_read(w->fcgi, &in, LIMIT_BODY);
	r->body_in = in.s;
	r->body_in_len = in.len;
	if (!fits)
		return req_fail(r, ERR_TOO_LARGE, "This is larger than %d MB: send it in parts. On the server, peerage import takes files of up to %d MB.",
		    LIMIT_BODY / 1024 / 1024, LIMIT_IMPORT / 1024 / 1024);
	return true;
}

/* A dry run does everything and keeps nothing. */
static bool finish(struct req *r, bool writes) {
	if (writes && r->dry_run) {
		bool ok = api_dry_run(r);

		db_rollback(r->db);
		return ok;
	}
	if (!db_commit(r->db, &r->err))
		return false;
	job_wake(r->redis, r->news);
	return true;
}

static bool act(struct worker *w, struct req *r) {
	bool writes = (r->route->flags & ROUTE_WRITES) && (method_writes(r->method) || (r->route->flags & ROUTE_GET_WRITES)), given;

	if (!answers_give(w->answers, r, &given))
		return false;
	if (given)
		return true;

	if ((r->route->flags & ROUTE_NO_DB) == 0 && !db_begin(r->db, writes ? DB_WRITE : DB_READ, &r->err))
		return false;
	if ((r->route->flags & ROUTE_OBJECT) && !store_get(&r->store, r->res, r->id, r->route->verb, &r->object, &r->err))
		return api_fail_missing(r);
	if (!r->route->fn(r))
		return false;
	if ((r->route->flags & ROUTE_NO_DB) == 0 && !finish(r, writes))
		return false;
	return r->after == NULL || r->after(r);
}

static bool not_allowed(struct req *r) {
	return req_fail(r, ERR_METHOD, "Method \"%s\" not allowed.", method_name(r->method));
}

/* Where no route has the method, who asks is still looked at first. */
static bool permit(struct req *r) {
	if (r->route != NULL)
		return auth_permit(r);
	if (!r->actor.authenticated && r->conf->login_required)
		return req_fail(r, ERR_UNAUTHENTICATED, "Authentication credentials were not provided.");
	return r->method == M_OPTIONS && r->json ? true : not_allowed(r);
}

/* From parameters to a response in *r; false with r->err, or when r->status is a redirect already. */
static bool answer(struct worker *w, struct req *r) {
	if (!read_body(w, r) || !req_parse_body(r) || !route_find(r))
		return false;
	if (r->json && !accept_choose(r))
		return false;
	if (!auth_identify(r) || !permit(r))
		return false;
	return r->route == NULL ? api_options(r) : act(w, r);
}

static void respond(struct worker *w, struct req *r) {
	struct sbuf head;
	bool sent;

	if (r->status == 0)
		r->status = 200;
	sb_init(&head, r->a);
	respond_head(r, &head);
	sent = fcgi_write(w->fcgi, head.s, head.len);
	if (sent && r->method != M_HEAD && r->status != 204 && r->status != 304)
		sent = fcgi_write(w->fcgi, r->body.s, r->body.len);
	fcgi_finish(w->fcgi);
	if (!sent)
		log_msg(LOG_LEVEL_DEBUG, "the client went away");
}

/* Who has this revision already need not get it again (RFC 9110 13.1.2). */
static void unless_known(struct req *r) {
	const char *known = r->method == M_GET || r->method == M_HEAD ? req_env(r, "HTTP_IF_NONE_MATCH") : NULL, *etag = response_header(r, "ETag");

	if (known != NULL && etag != NULL && etag_matches(known, etag)) {
		r->status = 304;
		sb_reset(&r->body);
	}
}

/*
 * From the request to the response. What was done for somebody whom we only remember counts once the database has confirmed them;
 * else nothing has happened, and it is done anew.
 */
static void make(struct worker *w, struct req *r) {
	bool trust = true, ok, holds = true;

	do {
		prepare(w, r, trust);
		recall_begin(w->recall, false);
		ok = req_parse(r) && answer(w, r);
		if (!ok)
			db_rollback(w->db);
		if (!recall_holds(w->recall, r->a, &holds, &r->err)) {
			r->status = 0;
			ok = false;
			holds = true;           /* as far as anybody can tell */
		}
		trust = false;
	} while (!holds);
	if (ok) {
		answers_keep(w->answers, r);
		unless_known(r);
	} else if (r->status == 0) {
		respond_error(r);
	}
}

static double now_ms(void) {
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* By the route's pattern, so that their number stays small whatever is asked for. */
static void count(struct worker *w, const struct req *r, double ms) {
	char route[96] = "-";

	if (r->route != NULL && r->route->pattern[0] == '/')
		snprintf(route, sizeof(route), "%s", r->route->pattern);
	else if (r->route != NULL && r->res != NULL)
		snprintf(route, sizeof(route), "/%s%s/%s", r->json ? "api/" : "", r->json ? r->res->api : r->res->page, r->route->pattern);
	tally_request(w->tally, w->handler->name, method_name(r->method), route, r->status, ms / 1e3);
}

static void serve(struct worker *w) {
	double began = now_ms(), took;
	uint64_t statements = db_statements(w->db);
	struct req r;

	alarm(LIMIT_REQUEST_SECONDS);
	make(w, &r);
	respond(w, &r);
	alarm(0);
	took = now_ms() - began;
	count(w, &r, took);
	log_msg(LOG_LEVEL_INFO, "%s %s %d %.1fms statements=%llu route=%s%s%s user=%s", method_name(r.method), r.path, r.status,
	    took, (unsigned long long)(db_statements(w->db) - statements), r.res != NULL ? r.res->table : "",
	    r.res != NULL ? ":" : "", r.route == NULL ? "-" : r.route->pattern, r.actor.user_name);
	log_request(NULL);
	arena_reset(w->a);
}

/* Every own route says who may, and what needs an object names its resource. */
static void check_routes(const struct handler *h) {
	for (const struct route *t = h->routes; t != NULL && t->pattern != NULL; t++) {
		bool open = (t->flags & (ROUTE_PUBLIC | ROUTE_ANY_USER | ROUTE_OPEN | ROUTE_STAFF)) != 0;

		if ((t->verb == NULL && !open) || (t->verb != NULL && t->res == NULL && !open))
			fatal("route %s names no permission", t->pattern);
		if ((t->flags & ROUTE_OBJECT) && (t->res == NULL || t->verb == NULL))
			fatal("route %s wants an object of no resource", t->pattern);
	}
}

static void start(struct worker *w, const char *conf_path, const char *listen_path) {
	const char *program = arena_printf(w->root, "peerage-%s", w->handler->name);
	struct err e = { 0 };
	bool shared;

	if (!conf_load(w->root, conf_path, &w->conf, &e))
		fatal("%s", e.msg);
	log_init(program, LOG_LEVEL_INFO);
	log_settings(w->conf.log_level, w->conf.log_format);
	check_routes(w->handler);
	w->fcgi = fcgi_open(w->root, listen_path, &e);
	if (w->fcgi == NULL)
		fatal("%s", e.msg);
	if (!db_open(w->root, w->conf.database, program, &w->db, &e))
		log_msg(LOG_LEVEL_ERROR, "%s; requests are answered 503 until it can", e.msg);
	w->recall = recall_new(w->root, w->db);
	w->answers = answers_new(w->root);
	w->redis = redis_new(w->root, w->conf.redis);
	w->tally = tally_open(w->root, w->conf.tally_file, &shared, &e);
	if (!shared && e.msg[0] != '\0')
		log_msg(LOG_LEVEL_WARNING, "this process counts its requests alone: %s", e.msg);
	if (!page_start(w->root, &w->kept, &w->conf, &e))
		log_msg(LOG_LEVEL_ERROR, "the pages will not work: %s", e.msg);
}

int handler_main(int argc, char **argv, const struct handler *h) {
	struct worker w = { .handler = h };
	const char *conf_path = NULL, *listen_path = NULL;
	int64_t most = 0;
	int opt;

	w.root = arena_new_root();
	w.a = arena_new_root();
	while ((opt = getopt(argc, argv, "c:l:n:r")) != -1) {
		switch (opt) {
		case 'c':
			conf_path = optarg;
			break;
		case 'l':
			listen_path = optarg;
			break;
		case 'n':
			most = strtoll(optarg, NULL, 10);
			break;
		case 'r':
			routes_print(w.root, h);
			return 0;
		default:
			fprintf(stderr, "usage: %s [-c settings] [-l socket] [-n requests]\n       %s -r    print the routes\n", argv[0], argv[0]);
			return 64;
		}
	}
	start(&w, conf_path, listen_path);
	if (most <= 0)
		most = w.conf.requests_per_process;
	while (w.requests < most && fcgi_accept(w.fcgi)) {
		serve(&w);
		w.requests++;
	}
	log_msg(LOG_LEVEL_INFO, "leaving after %lld requests", (long long)w.requests);
	arena_free(w.a);
	arena_free(w.root);
	return 0;
}
