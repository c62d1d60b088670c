/*
 * deliver.c: from the outbox to the receivers. One process beside the jobs, because all of it is waiting: events become deliveries in
 * order, and many deliveries are under way at once, few to each receiver, so that one that hangs holds up nobody but itself.
 */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <strings.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/seal.h"
#include "base/secret.h"
#include "db/queries.h"
#include "jobs/deliver.h"
#include "model/tables/tables.h"
#include "outside/http.h"
#include "peering/conditions.h"
#include "peering/peering.h"
#include "peering/webhook.h"

enum {
	LOOK_MS = 500,                  /* between two looks for new events */
	EVENTS = 500,                   /* made into deliveries at once */
	FLIGHTS = 128,                  /* requests under way */
	FLIGHTS_EACH = 8,               /* of them to one receiver */
	HOLD_SECONDS = 30,              /* beyond the time-out: then a delivery that nothing was heard of is due again */
	ANSWER_MAX = 4096, BODY_MAX = 16384, ERROR_MAX = 2000,  /* characters kept in the log */
	READ_MAX = 64 * 1024,           /* bytes read of an answer */
	BACKOFF_MAX = 3600
};

struct flight {
	struct arena *a;
	int64_t id, attempt, webhook, start;
	bool test;
	struct http_request ask;
	struct http_response answer;
	struct webhook_request request;
	struct flight *next;
	bool over, ok;
	int64_t took;
	struct err e;
};

struct deliverer {
	struct arena *a, *scratch;
	const struct conf *conf;
	struct db *db;
	struct seal *seal;
	struct http_many *http;
	struct flight *flights;
	size_t n;
	int64_t now, next_look, lost;   /* lost: when the database went, 0: it is there */
	bool room;                      /* something ended: others may go */
};

static volatile sig_atomic_t stop;

static void on_term(int n) {
	(void)n;
	stop = 1;
}

static int64_t clock_ms(void) {
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- events become deliveries ---- */

static bool wants(struct deliverer *d, const struct val *hook, const struct val *event) {
	const char *action = event[1].u.s;
	int column = strcmp(action, "create") == 0 ? 1 : strcmp(action, "update") == 0 ? 2 : strcmp(action, "delete") == 0 ? 3 : 0;
	const struct list *types = hook[5].u.list;
	size_t i;

	if (column == 0 || !hook[column].u.b)
		return false;
	for (i = 0; i < types->n && types->v[i].u.i != event[2].u.i; i++)
		;
	return i < types->n && conditions_hold(d->scratch, hook[4], event[4]);
}

static void match(struct deliverer *d, const struct result *events, const struct result *hooks, struct list *out[2]) {
	size_t i, k;

	for (i = 0; i < events->n; i++) {
		for (k = 0; k < hooks->n; k++) {
			if (!wants(d, &hooks->v[k * hooks->cols], &events->v[i * events->cols]))
				continue;
			list_push(out[0], result_at(events, i, 0));
			list_push(out[1], result_at(hooks, k, 0));
		}
	}
}

static bool fan_out_in(struct deliverer *d, size_t *n, struct err *e) {
	struct list *ids = list_new(d->scratch, EVENTS), *pairs[2] = { list_new(d->scratch, EVENTS), list_new(d->scratch, EVENTS) };
	struct result lock, events, hooks;
	size_t i;

	*n = 0;
	if (!db_named(d->db, d->scratch, Q_EVENT_LOCK, NULL, &lock, e))
		return false;
	if (!result_at(&lock, 0, 0).u.b)
		return true;            /* another runner is at it */
	if (!db_named(d->db, d->scratch, Q_EVENT_WAITING, (struct val[]){ val_int(EVENTS) }, &events, e) ||
	    !db_named(d->db, d->scratch, Q_EVENT_WEBHOOKS, NULL, &hooks, e))
		return false;
	match(d, &events, &hooks, pairs);
	for (i = 0; i < events.n; i++)
		list_push(ids, result_at(&events, i, 0));
	*n = events.n;
	return (pairs[0]->n == 0 || db_named(d->db, d->scratch, Q_EVENT_DELIVER, (struct val[]){ val_list(pairs[0]), val_list(pairs[1]) }, NULL, e)) &&
	    (ids->n == 0 || db_named(d->db, d->scratch, Q_EVENT_HANDLED, (struct val[]){ val_list(ids) }, NULL, e));
}

/* Every change commits its event before a later change of the same object can be made, so the order of their numbers is that of the object. */
static bool fan_out(struct deliverer *d, struct err *e) {
	struct result any;
	size_t n;

	do {
		if (!db_named(d->db, d->scratch, Q_EVENT_ANY, NULL, &any, e))
			return false;
		if (any.n == 0)
			return true;
		if (!db_begin(d->db, DB_WRITE, e))
			return false;
		if (!fan_out_in(d, &n, e)) {
			db_rollback(d->db);
			return false;
		}
		if (!db_commit(d->db, e))
			return false;
		d->room = d->room || n > 0;
	} while (n == EVENTS && stop == 0);
	return true;
}

/* ---- one delivery ---- */

static struct store store_in(const struct deliverer *d, struct arena *a, const struct actor *actor) {
	return (struct store){ .a = a, .db = d->db, .conf = d->conf, .actor = actor, .base_url = "", .behaviours = peering_behaviours };
}

static bool compose(struct deliverer *d, struct flight *f, const struct val *v) {
	static const struct actor nobody = { .user_name = "system" };
	struct store s = store_in(d, f->a, &nobody);
	struct webhook w = { .url = v[4].u.s, .content_type = v[6].u.s, .headers = v[7].u.s, .body = v[8].u.s };
	struct webhook_event ev = { .event = v[12].u.s, .model = v[13].u.s, .data = v[14], .prechange = v[15], .postchange = v[16],
		.username = v[17].u.s, .request_id = v[18].u.s, .timestamp = v[19].u.s };
	const char **headers;
	size_t i;

	if (!unseal_text(d->seal, f->a, v[9].u.s, &w.secret, &f->e) || !webhook_compose(&s, &w, &ev, &f->request, &f->e))
		return false;
	headers = arena_new(f->a, const char *, f->request.headers->n + 2);
	for (i = 0; i < f->request.headers->n; i++)
		headers[i] = f->request.headers->v[i].u.s;
	headers[i] = "Expect:";         /* a body is sent at once */
	f->ask = (struct http_request){ .method = arena_strdup(f->a, v[5].u.s), .url = f->request.url, .headers = headers, .body = f->request.body.s,
		.body_len = f->request.body.len, .named = http_host_listed(f->a, f->request.url, d->conf->internal_hosts), .plain = true, .unverified = !v[10].u.b,
		.ca_file = *val_cstr(v[11], "") == '\0' ? NULL : arena_strdup(f->a, v[11].u.s), .seconds = (long)d->conf->webhook_timeout, .max_bytes = READ_MAX, .cut = true };
	return true;
}

/* The claimed row and all that it needs live in the flight's own arena. */
static void take_off(struct deliverer *d, struct arena *a, const struct val *v) {
	struct flight *f = arena_new(a, struct flight, 1);

	*f = (struct flight){ .a = a, .id = v[0].u.i, .attempt = v[1].u.i, .test = strcmp(v[2].u.s, "test") == 0, .webhook = v[3].u.i, .start = clock_ms(),
		.next = d->flights };
	d->flights = f;
	d->n++;
	sb_init(&f->request.body, a);
	f->request.url = "";
	if (compose(d, f, v))
		http_many_start(d->http, a, &f->ask, &f->answer, f);
	else
		f->over = true;
}

static void busy(struct deliverer *d, struct list *ids, struct list *counts) {
	const struct flight *f;
	size_t i;

	for (f = d->flights; f != NULL; f = f->next) {
		for (i = 0; i < ids->n && ids->v[i].u.i != f->webhook; i++)
			;
		if (i == ids->n) {
			list_push(ids, val_int(f->webhook));
			list_push(counts, val_int(0));
		}
		counts->v[i].u.i++;
	}
}

static bool claim(struct deliverer *d, struct err *e) {
	struct list *ids = list_new(d->scratch, 16), *counts = list_new(d->scratch, 16);
	struct arena *rows = arena_new_root();
	struct result r;
	size_t i;

	busy(d, ids, counts);
	if (!db_named(d->db, rows, Q_DELIVERY_CLAIM, (struct val[]){ val_list(ids), val_list(counts),
	    val_float((double)d->conf->webhook_timeout + HOLD_SECONDS), val_int(FLIGHTS_EACH), val_int((int64_t)(FLIGHTS - d->n)) }, &r, e)) {
		arena_free(rows);
		return false;
	}
	d->room = false;
	for (i = 0; i < r.n; i++)
		take_off(d, arena_new_root(), &r.v[i * r.cols]);
	arena_free(rows);
	return true;
}

/* ---- how it ended ---- */

struct verdict {
	const char *status, *error;
	double again;
};

static double backoff(const struct deliverer *d, const struct flight *f) {
	double wait = (double)d->conf->webhook_backoff;
	int64_t i;

	for (i = 1; i < f->attempt && wait < BACKOFF_MAX; i++)
		wait *= 2;
	wait = wait > BACKOFF_MAX ? BACKOFF_MAX : wait;
	wait *= 0.9 + 0.2 * (double)(f->id % 101) / 101;        /* what failed together does not come back together */
	if (f->answer.retry_after > 0 && wait < (double)f->answer.retry_after)
		wait = f->answer.retry_after > BACKOFF_MAX ? BACKOFF_MAX : (double)f->answer.retry_after;
	return wait;
}

static struct verdict judge(const struct deliverer *d, const struct flight *f) {
	bool answered = f->ok && f->answer.status / 100 == 2;
	struct verdict v = { answered ? "delivered" : "failed", "", 0 };

	if (answered)
		return v;
	v.error = !f->ok ? f->e.msg : f->answer.status / 100 == 3 ? arena_printf(f->a, "the receiver answered %ld, a redirect that leads nowhere", f->answer.status) :
	    arena_printf(f->a, "the receiver answered %ld; any 2xx is success", f->answer.status);
	if (f->test || f->attempt >= d->conf->webhook_tries || (!f->ok && (f->e.kind == NULL || strcmp(f->e.kind, "again") != 0) &&
	    f->e.code != ERR_UPSTREAM && f->e.code != ERR_UNAVAILABLE))
		return v;
	v.status = "pending";
	v.again = backoff(d, f);
	return v;
}

static struct val clean(struct arena *a, const char *s, size_t len, size_t max) {
	struct sbuf b;

	sb_init(&b, a);
	sb_utf8(&b, s, len, max);
	return val_mem(b.s, b.len);
}

static bool disable(struct deliverer *d, const struct val *hook, struct err *e) {
	struct actor system = { .user_name = "system", .authenticated = true, .superuser = true, .staff = true };
	struct store s = store_in(d, d->scratch, &system);
	struct map *input = map_new(d->scratch, 1);
	struct problems p = { .a = d->scratch };
	struct val notice = val_printf(d->scratch, "Disabled after %lld deliveries in a row that could not be made. Enable it when the receiver is well again;"
	    " what waits is then delivered.", (long long)hook[2].u.i);
	struct row *row;

	s.request_id = random_uuid(d->scratch);
	map_set(input, "enabled", val_bool(false));
	if (!db_begin(d->db, DB_WRITE, e))
		return false;
	if (!store_update(&s, &res_webhook, hook[0].u.i, input, WRITE_PATCH, &row, &p, e) ||
	    !db_named(d->db, d->scratch, Q_WEBHOOK_GIVE_UP, (struct val[]){ hook[0], notice }, NULL, e)) {
		db_rollback(d->db);
		return false;
	}
	log_msg(LOG_LEVEL_WARNING, "webhook %lld \"%s\" is disabled: %lld deliveries in a row failed", (long long)hook[0].u.i, hook[1].u.s, (long long)hook[2].u.i);
	return db_commit(d->db, e);
}

static bool settle(struct deliverer *d, struct err *e) {
	struct val p[11];
	struct list *column[10];
	struct flight **at, *f;
	struct result out;
	struct err why;
	size_t i;

	for (i = 0; i < 10; i++)
		column[i] = list_new(d->scratch, 16);
	for (f = d->flights; f != NULL; f = f->next) {
		struct verdict v;

		if (!f->over)
			continue;
		v = judge(d, f);
		list_push(column[0], val_int(f->id));
		list_push(column[1], val_int(f->attempt));
		list_push(column[2], val_str(v.status));
		list_push(column[3], val_float(v.again));
		list_push(column[4], val_int(f->took));
		list_push(column[5], val_int(f->ok && f->answer.status >= 0 && f->answer.status < 1000 ? f->answer.status : 0));
		list_push(column[6], f->answer.body.s == NULL ? val_str("") : clean(d->scratch, f->answer.body.s, f->answer.body.len, ANSWER_MAX));
		list_push(column[7], clean(d->scratch, v.error, strlen(v.error), ERROR_MAX));
		list_push(column[8], clean(d->scratch, f->request.url, strlen(f->request.url), ANSWER_MAX));
		list_push(column[9], clean(d->scratch, f->request.body.s, f->request.body.len, BODY_MAX));
	}
	if (column[0]->n == 0)
		return true;
	for (i = 0; i < 10; i++)
		p[i] = val_list(column[i]);
	p[10] = val_int(d->conf->webhook_max_failures);
	if (!db_named(d->db, d->scratch, Q_DELIVERY_SETTLE, p, &out, e))
		return false;
	for (at = &d->flights; (f = *at) != NULL;) {
		if (!f->over) {
			at = &f->next;
			continue;
		}
		*at = f->next;
		d->n--;
		arena_free(f->a);
	}
	d->room = true;
	for (i = 0; i < out.n; i++) {
		if (!disable(d, &out.v[i * out.cols], &why))
			log_msg(LOG_LEVEL_ERROR, "webhook %lld cannot be disabled: %s", (long long)result_at(&out, i, 0).u.i, why.msg);
	}
	return true;
}

/* ---- the loop ---- */

static void listen_to_receivers(struct deliverer *d) {
	struct flight *f;
	struct err e;
	bool ok;

	while ((f = http_many_done(d->http, &ok, &e)) != NULL) {
		f->over = true;
		f->ok = ok;
		f->took = clock_ms() - f->start;
		if (!ok)
			f->e = e;
	}
}

static bool book(struct deliverer *d, struct err *e) {
	bool look = d->now >= d->next_look;

	if (!settle(d, e))
		return false;
	if (stop != 0)
		return true;
	if (look && !fan_out(d, e))
		return false;
	if ((look || d->room) && d->n < FLIGHTS && !claim(d, e))
		return false;
	if (look)
		d->next_look = d->now + LOOK_MS;
	return true;
}

static void turn(struct deliverer *d) {
	const struct flight *f;
	struct err e;
	bool ready = false;

	arena_reset(d->scratch);
	d->now = clock_ms();
	if (book(d, &e)) {
		if (d->lost != 0)
			log_msg(LOG_LEVEL_INFO, "the database is back; events are delivered again");
		d->lost = 0;
	} else {
		db_rollback(d->db);
		if (d->lost == 0)
			log_msg(LOG_LEVEL_WARNING, "events wait: %s", e.msg);
		d->lost = d->now;
	}
	for (f = d->flights; f != NULL; f = f->next)
		ready = ready || f->over;
	http_many_wait(d->http, d->lost == 0 && ready ? 0 : d->room && d->lost == 0 ? 1 : LOOK_MS, -1);
	listen_to_receivers(d);
}

/* What is under way has a moment to end; the rest is due again at once, for whoever comes next. */
static void land(struct deliverer *d) {
	int64_t until = clock_ms() + d->conf->webhook_timeout * 1000;
	struct list *ids = list_new(d->a, d->n);
	struct flight *f;
	struct err e;

	if (until > clock_ms() + 1500)
		until = clock_ms() + 1500;
	while (d->n > 0 && clock_ms() < until)
		turn(d);
	for (f = d->flights; f != NULL; f = f->next)
		list_push(ids, val_int(f->id));
	if (ids->n > 0 && !db_named(d->db, d->scratch, Q_DELIVERY_RELEASE, (struct val[]){ val_list(ids) }, NULL, &e))
		log_msg(LOG_LEVEL_WARNING, "deliveries under way are due again after %lld s: %s", (long long)d->conf->webhook_timeout + HOLD_SECONDS, e.msg);
}

static void settle_in(pid_t runner) {
	struct sigaction act = { .sa_handler = on_term };
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != runner)
		_exit(1);
	close_range(3, ~0u, 0);         /* the runner's connections are not ours to use */
	sigaction(SIGTERM, &act, NULL);
	act.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &act, NULL);
	sigaction(SIGINT, &act, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

void deliver_main(const struct conf *conf, pid_t runner) {
	struct deliverer d = { .a = arena_new_root(), .scratch = arena_new_root(), .conf = conf };
	struct err e;

	settle_in(runner);
	d.http = http_many_new(d.a, conf->http_proxy);
	d.seal = seal_new(d.a, conf->secret_file);
	if (!db_open(d.a, conf->database, "peerage-events", &d.db, &e)) {
		log_msg(LOG_LEVEL_WARNING, "events wait: %s", e.msg);
		_exit(1);
	}
	while (stop == 0)
		turn(&d);
	land(&d);
	_exit(0);
}
