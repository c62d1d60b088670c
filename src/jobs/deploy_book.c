/* deploy_book.c: the rows of deployments as their jobs read and write them. */
#include "config.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>

#include "base/secret.h"
#include "db/queries.h"
#include "jobs/deploy.h"

int64_t clock_ms(void) {
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

bool book_do(struct run *r, unsigned query_id, const struct val *params, struct result *out, struct err *e) {
	const struct timespec pause = { .tv_nsec = 250000000 };
	int64_t until = clock_ms() + DEPLOY_BOOK_MS;
	struct result unused;

	while (!db_named(r->db, r->j->a, query_id, params, out == NULL ? &unused : out, e)) {
		if (e->code != ERR_UNAVAILABLE || db_in_transaction(r->db) || clock_ms() >= until)
			return false;
		nanosleep(&pause, NULL);
	}
	return true;
}

/* ---- loading ---- */

enum col { C_ID, C_ROUTER_ID, C_ROUTER, C_STATUS, C_MODE, C_CONFIRM, C_GATE, C_SHARE, C_REVISION, C_DECISION, C_RESTORES, C_RENDERED, C_OVER,
	C_EARLY, C_REASON, C_BY, C_APPROVED_BY, C_REVERT_BY, C_COMMITTED, C_OUTCOME, C_TOGETHER, C_BY_ID, C_COMMIT_BEGUN };

static int64_t int_or(struct val v, int64_t other) {
	return v.type == V_INT ? v.u.i : other;
}

static bool yes(struct val v) {
	return v.type == V_BOOL && v.u.b;
}

static void say(void *arg, enum device_level level, const char *message) {
	struct unit *u = arg;

	if (level != DEVICE_DEBUG)
		job_log_line(u->run->j, &(struct job_line){ .level = level == DEVICE_WARNING ? JOB_WARNING : JOB_INFO, .object = u->router, .message = message });
}

static bool enough(void *arg) {
	const struct unit *u = arg;

	return u->run->heed && job_cancelled(u->run->j);
}

struct device_watch unit_watch(struct unit *u) {
	return (struct device_watch){ say, enough, u };
}

static void read_row(struct unit *u, const struct val *v) {
	struct arena *a = u->run->j->a;

	u->id = v[C_ID].u.i;
	u->router_id = int_or(v[C_ROUTER_ID], 0);
	u->router = v[C_ROUTER].u.s;
	u->status = v[C_STATUS].u.s;
	u->decision = val_cstr(v[C_DECISION], "");
	u->outcome = val_cstr(v[C_OUTCOME], "");
	u->rendered_hex = val_cstr(v[C_RENDERED], "");
	u->reason = val_cstr(v[C_REASON], "");
	u->by = val_cstr(v[C_BY], "");
	u->change = arena_printf(a, "peerage-%lld", (long long)u->id);
	u->mode = strcmp(val_cstr(v[C_MODE], ""), "replace") == 0 ? STAGE_REPLACE : STAGE_MERGE;
	u->confirm = int_or(v[C_CONFIRM], 180);
	u->gate = int_or(v[C_GATE], 60);
	u->share = int_or(v[C_SHARE], 0);
	u->book_revision = int_or(v[C_REVISION], 0);
	u->restores = int_or(v[C_RESTORES], 0);
	u->over = yes(v[C_OVER]);
	u->early = yes(v[C_EARLY]);
	u->commit_begun = yes(v[C_COMMIT_BEGUN]) || yes(v[C_COMMITTED]);
	u->removed = map_new(a, 4);
	if (v[C_REVERT_BY].type == V_FLOAT)
		u->revert_at = clock_ms() + (int64_t)((v[C_REVERT_BY].u.f - (double)time(NULL)) * 1000);
}

static bool load_texts(struct unit *u, struct err *e) {
	struct arena *a = u->run->j->a;
	struct result r;
	size_t i;

	if (!book_do(u->run, Q_DEPLOY_TEXTS, (struct val[]){ val_int(u->id) }, &r, e))
		return false;
	u->candidate = r.n > 0 ? val_cstr(result_at(&r, 0, 0), NULL) : NULL;
	u->running = r.n > 0 ? val_cstr(result_at(&r, 0, 1), NULL) : NULL;
	u->diff = r.n > 0 ? val_cstr(result_at(&r, 0, 2), "") : "";
	if (!book_do(u->run, Q_DEPLOY_NEIGHBOURS, (struct val[]){ val_int(u->id) }, &r, e))
		return false;
	for (i = 0; i < r.n; i++) {
		if (strcmp(val_cstr(result_at(&r, i, 7), ""), "removed") == 0)
			map_set(u->removed, arena_printf(a, "%s %s", result_at(&r, i, 0).u.s, result_at(&r, i, 1).u.s), val_bool(true));
	}
	return true;
}

bool run_load(struct job *j, struct run **out, struct err *e) {
	struct run *r = arena_new(j->a, struct run, 1);
	struct result rows;
	size_t i;

	*r = (struct run){ .j = j, .heed = true };
	if (!job_db(j, &r->db, e) || !job_store(j, JOB_AS_SYSTEM, &r->store, e) ||
	    !book_do(r, Q_DEPLOY_OF_JOB, (struct val[]){ val_int(j->id) }, &rows, e))
		return false;
	r->u = arena_new(j->a, struct unit, rows.n);
	r->n = rows.n;
	for (i = 0; i < rows.n; i++) {
		struct unit *u = &r->u[i];

		u->run = r;
		read_row(u, &rows.v[i * rows.cols]);
		if (!load_texts(u, e))
			return false;
	}
	*out = r;
	return true;
}

/* ---- steps ---- */

static void log_step(struct unit *u, bool ok, const char *name, const char *message) {
	job_log_line(u->run->j, &(struct job_line){ .level = ok ? JOB_INFO : JOB_WARNING, .object = u->router,
	    .url = arena_printf(u->run->j->a, "/devices/deployments/%lld/", (long long)u->id),
	    .message = *message == '\0' ? name : arena_printf(u->run->j->a, "%s: %s", name, message) });
}

void step(struct unit *u, const char *name, bool ok, const char *fmt, ...) {
	const char *message;
	struct err e;
	va_list ap;

	va_start(ap, fmt);
	message = arena_vprintf(u->run->j->a, fmt, ap);
	va_end(ap);
	log_step(u, ok, name, message);
	if (!book_do(u->run, Q_DEPLOY_STEP, (struct val[]){ val_int(u->id), val_str(name), val_bool(ok), val_str(message) }, NULL, &e))
		job_log(u->run->j, JOB_WARNING, "This step could not be recorded: %s", e.msg);
}

bool step_begin(struct unit *u, const char *name, int64_t *n, struct err *e) {
	struct result r;

	if (!book_do(u->run, Q_DEPLOY_STEP, (struct val[]){ val_int(u->id), val_str(name), val_null(), val_str("") }, &r, e))
		return false;
	log_step(u, true, name, "");
	*n = result_at(&r, 0, 0).u.i;
	return true;
}

void step_end(struct unit *u, int64_t n, bool ok, const char *message) {
	struct err e;

	if (*message != '\0')
		log_step(u, ok, "", message);
	book_do(u->run, Q_DEPLOY_STEP_END, (struct val[]){ val_int(u->id), val_int(n), val_bool(ok), val_str(message) }, NULL, &e);
}

/* ---- texts ---- */

bool keep_text(struct run *r, const char *text, struct err *e) {
	return book_do(r, Q_DEPLOY_KEEP_TEXT, (struct val[]){ val_str(text) }, NULL, e);
}

bool archive(struct unit *u, const char *kind, const char *origin, const char *text, struct err *e) {
	return keep_text(u->run, text, e) &&
	    book_do(u->run, Q_DEPLOY_ARCHIVE, (struct val[]){ val_int(u->id), val_str(kind), val_str(origin), val_str(text) }, NULL, e);
}

bool unit_end(struct unit *u, const char *status, const char *running, const char *fmt, ...) {
	bool good = strcmp(status, "confirmed") == 0 || strcmp(status, "unchanged") == 0;
	struct err e;
	va_list ap;
	bool ok = true;

	va_start(ap, fmt);
	u->outcome = arena_vprintf(u->run->j->a, fmt, ap);
	va_end(ap);
	u->ended = true;
	u->status = status;
	if (running != NULL)
		ok = archive(u, "running", "after", running, &e);
	ok = ok && book_do(u->run, Q_DEPLOY_END, (struct val[]){ val_int(u->id), val_str(status), val_str(u->outcome), val_str_or_null(running) }, NULL, &e);
	job_log_line(u->run->j, &(struct job_line){ .level = good ? JOB_SUCCESS : JOB_FAILURE, .object = u->router,
	    .url = arena_printf(u->run->j->a, "/devices/deployments/%lld/", (long long)u->id), .message = u->outcome });
	if (!ok)
		job_log(u->run->j, JOB_FAILURE, "The end of deployment %lld (%s) could not be recorded: %s", (long long)u->id, status, e.msg);
	return ok;
}

/* ---- neighbours ---- */

bool neighbours_keep(struct unit *u, bool before, struct err *e) {
	struct arena *a = u->run->j->a;
	const struct neighbours *all = before ? &u->before : &u->after;
	struct list *col[5];
	struct map *seen = map_new(a, all->n);
	size_t i, k;

	for (k = 0; k < ARRAY_LEN(col); k++)
		col[k] = list_new(a, all->n);
	for (i = 0; i < all->n; i++) {
		const struct neighbour *n = &all->v[i];
		const char *key = arena_printf(a, "%s %s", n->address, n->vrf);

		if (map_get(seen, key).type != V_UNDEF)
			continue;
		map_set(seen, key, val_bool(true));
		list_push(col[0], val_str(n->address));
		list_push(col[1], val_str(n->vrf));
		list_push(col[2], n->asn == 0 ? val_null() : val_int(n->asn));
		list_push(col[3], val_str(n->shutdown ? "shutdown" : bgp_state_name(n->state)));
		list_push(col[4], n->accepted < 0 ? val_null() : val_int(n->accepted));
	}
	if (before) {
		struct list *none = list_new(a, all->n);

		for (i = 0; i < col[0]->n; i++)
			list_push(none, val_str(""));
		return book_do(u->run, Q_DEPLOY_NEIGHBOURS_BEFORE, (struct val[]){ val_int(u->id), val_list(col[0]), val_list(col[1]), val_list(col[2]),
		    val_list(col[3]), val_list(col[4]), val_list(none) }, NULL, e);
	}
	return book_do(u->run, Q_DEPLOY_NEIGHBOURS_AFTER, (struct val[]){ val_int(u->id), val_list(col[0]), val_list(col[1]), val_list(col[2]),
	    val_list(col[3]), val_list(col[4]) }, NULL, e);
}

/* ---- comparing configurations ---- */

/* A comment that tells the time ("! Last configuration change at 10:11:12 ..."), or how long the text is. */
static bool volatile_line(const char *s, size_t len) {
	static const char *const words[] = { "Building configuration", "Current configuration" };
	size_t i;

	while (len > 0 && isspace((unsigned char)*s)) {
		s++;
		len--;
	}
	for (i = 0; i < ARRAY_LEN(words); i++) {
		if (len >= strlen(words[i]) && memcmp(s, words[i], strlen(words[i])) == 0)
			return true;
	}
	if (len == 0 || (*s != '!' && *s != '#' && (len < 2 || memcmp(s, "/*", 2) != 0)))
		return len == 0;
	for (i = 0; i + 5 <= len; i++) {
		if (isdigit((unsigned char)s[i]) && isdigit((unsigned char)s[i + 1]) && s[i + 2] == ':' && isdigit((unsigned char)s[i + 3]) &&
		    isdigit((unsigned char)s[i + 4]))
			return true;
	}
	return false;
}

struct line {
	const char *s;
	size_t len;
};

static int by_text(const void *x, const void *y) {
	const struct line *a = x, *b = y;
	int c = memcmp(a->s, b->s, a->len < b->len ? a->len : b->len);

	return c != 0 ? c : (a->len > b->len) - (a->len < b->len);
}

static struct line *lines_of(struct arena *a, const char *text, size_t *n) {
	size_t most = 1;
	struct line *l;

	for (const char *s = text; *s != '\0'; s++)
		most += *s == '\n';
	l = arena_new(a, struct line, most);
	*n = 0;
	for (const char *s = text; *s != '\0'; s += strcspn(s, "\n"), s += *s == '\n') {
		size_t len = strcspn(s, "\n");

		while (len > 0 && isspace((unsigned char)s[len - 1]))
			len--;
		if (!volatile_line(s, len))
			l[(*n)++] = (struct line){ s, len };
	}
	return l;
}

bool same_configuration(struct arena *a, const char *x, const char *y, bool any_order) {
	size_t n, m, i;
	struct line *l = lines_of(a, x, &n), *k = lines_of(a, y, &m);

	if (n != m)
		return false;
	if (any_order) {
		qsort(l, n, sizeof(*l), by_text);
		qsort(k, m, sizeof(*k), by_text);
	}
	for (i = 0; i < n; i++) {
		if (by_text(&l[i], &k[i]) != 0)
			return false;
	}
	return true;
}
