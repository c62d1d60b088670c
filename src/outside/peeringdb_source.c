/* peeringdb_source.c: see the header. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/log.h"
#include "outside/peeringdb_source.h"

enum {
	TRIES = 4,
	WAIT_MOST = 120,                /* seconds that a run waits when asked to; longer than that the operator is told */
	WINDOW_MS = 60 * 1000,
	PAGES_MOST = 5000,
	BULK_AGE = 2 * 24 * 3600        /* a daily file that does not say when it was made is younger */
};

static const char *no_slash(struct arena *a, const char *url) {
	size_t n = strlen(url);

	while (n > 0 && url[n - 1] == '/')
		n--;
	return arena_strndup(a, url, n);
}

static bool is_url(const char *s) {
	return strncmp(s, "https://", 8) == 0 || strncmp(s, "http://", 7) == 0;
}

static bool is_folder(const char *path, struct err *e) {
	struct stat st;

	if (stat(path, &st) != 0)
		return err_set(e, ERR_INVALID, "from", "%s: %s", path, strerror(errno));
	return S_ISDIR(st.st_mode) || err_set(e, ERR_INVALID, "from", "%s is neither a folder nor the address of an API", path);
}

bool source_init(struct source *s, struct arena *a, const struct conf *conf, const char *from, struct err *e) {
	bool own = from == NULL;

	*s = (struct source){ .conf = conf, .name = own ? conf->peeringdb_url : from, .bulk = "", .key = "" };
	if (!own && !is_url(from)) {
		s->dir = from;
		return is_folder(from, e);
	}
	if (own && !is_url(conf->peeringdb_url))
		return err_set(e, ERR_INVALID, "peeringdb_url", "setting peeringdb_url: \"%s\" is not an address such as https://www.peeringdb.com/api",
		    conf->peeringdb_url);
	s->api = no_slash(a, s->name);
	/* what was named by hand is asked for itself, and is not told our key unless it is the one that the settings name */
	if (own)
		s->bulk = no_slash(a, conf->peeringdb_bulk_url);
	if (own || strcmp(s->api, no_slash(a, conf->peeringdb_url)) == 0)
		s->key = conf->peeringdb_api_key;
	s->http = http_new(a, conf->http_proxy);
	s->random = (unsigned)time(NULL) ^ (unsigned)getpid();
	return true;
}

struct question source_question(const struct source *s, const char *tag, bool whole, int64_t since) {
	/* contacts are not public, there is no daily file of them */
	return (struct question){ .tag = tag, .whole = whole, .since = since, .bulk = whole && s->dir == NULL && *s->bulk != '\0' && strcmp(tag, "poc") != 0 };
}

/* ---- waiting ---- */

int64_t source_now(void) {
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void source_wait(int64_t ms) {
	struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	while (ms > 0 && nanosleep(&t, &t) != 0 && errno == EINTR)
		;
}

/* A quarter more at most, so that many who were refused together do not come back together. */
static int64_t jitter(struct source *s, int64_t ms) {
	return ms + (ms < 4 ? 0 : rand_r(&s->random) % (ms / 4 + 1));
}

/* Keep the pause, and the published limit of queries in any minute. */
static void keep_pace(struct source *s) {
	size_t limit = *s->key == '\0' ? 20 : SOURCE_WINDOW;
	int64_t now = source_now(), due = now;

	if (s->nasked > 0 && s->asked[(s->nasked - 1) % SOURCE_WINDOW] + s->conf->peeringdb_pause > due)
		due = s->asked[(s->nasked - 1) % SOURCE_WINDOW] + s->conf->peeringdb_pause;
	if (s->conf->peeringdb_pause > 0 && s->nasked >= limit && s->asked[(s->nasked - limit) % SOURCE_WINDOW] + WINDOW_MS > due)
		due = s->asked[(s->nasked - limit) % SOURCE_WINDOW] + WINDOW_MS;
	source_wait(due - now);
	s->asked[s->nasked++ % SOURCE_WINDOW] = source_now();
}

/* ---- asking ---- */

static const char *url_of(const struct source *s, struct arena *a, const struct question *q) {
	struct sbuf b;

	sb_init(&b, a);
	if (q->bulk) {
		sb_fmt(&b, "%s/%s-0.json", s->bulk, q->tag);
		return b.s;
	}
	sb_fmt(&b, "%s/%s?depth=0", s->api, q->tag);
	if (!q->whole)
		sb_fmt(&b, "&since=%lld", (long long)q->since);
	if (q->page > 0)
		sb_fmt(&b, "&page=%lld", (long long)q->page);
	return b.s;
}

/* What the server says of its refusal, if it says it in JSON. */
static const char *reason(struct arena *a, const struct http_response *r) {
	static const char *const paths[] = { "meta.error", "message", "detail", "error" };
	struct val v, said;
	struct err ignored;
	size_t i;

	if (r->body.len == 0 || !json_parse(a, r->body.s, r->body.len, LIMIT_JSON_DEPTH, &v, &ignored))
		return "";
	for (i = 0; i < ARRAY_LEN(paths); i++) {
		said = val_path(a, v, paths[i]);
		if (said.type == V_STR) {
			size_t n = said.len < 200 ? said.len : 200;

			/* the sentence may go on */
			return arena_printf(a, ": %.*s", (int)(n > 0 && said.u.s[n - 1] == '.' ? n - 1 : n), said.u.s);
		}
	}
	return "";
}

static bool refused(const struct source *s, struct arena *a, const struct question *q, const struct http_response *r, struct err *e) {
	const char *why = reason(a, r);

	if (r->status == 429)
		return err_kind(e, ERR_THROTTLED, r->retry_after > WAIT_MOST ? NULL : "again", "%s: PeeringDB wants no more queries for %lld s%s; what was read is kept"
		    " and the next run goes on from there", q->tag, (long long)r->retry_after, why);
	if (r->status == 401 || r->status == 403)
		return err_set(e, ERR_DENIED, NULL, "%s: PeeringDB refuses %s (%ld)%s", q->tag, *s->key == '\0' ? "a query without a key" : "the API key", r->status, why);
	return err_kind(e, ERR_UPSTREAM, r->status >= 500 ? "again" : NULL, "%s: PeeringDB answers %ld%s", q->tag, r->status, why);
}

enum { TELL_MS = 250 };

static void tell(void *arg, size_t bytes) {
	struct source *s = arg;
	int64_t now = source_now();

	if (s->progress == NULL || now - s->told < TELL_MS)
		return;
	s->told = now;
	s->progress(s->arg, (int64_t)bytes);
}

static bool ask_once(struct source *s, struct arena *a, const struct question *q, FILE *to, int64_t *retry_after, struct err *e) {
	const char *const headers[] = { "Accept: application/json", q->bulk || *s->key == '\0' ? NULL : arena_printf(a, "Authorization: Api-Key %s", s->key), NULL };
	const struct http_request req = { .url = url_of(s, a, q), .headers = headers, .named = true, .seconds = s->conf->peeringdb_timeout,
		.max_bytes = LIMIT_PEERINGDB_ANSWER, .to = to, .progress = tell, .arg = s };
	struct http_response resp;
	struct err why;

	*retry_after = 0;
	if (!http_do(s->http, a, &req, &resp, &why)) {
		err_kind(e, why.code, why.kind, "%s: %s", q->tag, why.msg);
		return false;
	}
	*retry_after = s->retry_after = resp.retry_after;
	return resp.status == 200 || refused(s, a, q, &resp, e);
}

static bool empty_file(FILE *f, struct err *e) {
	rewind(f);
	return ftruncate(fileno(f), 0) == 0 || err_set(e, ERR_UNAVAILABLE, NULL, "temporary file: %s", strerror(errno));
}

static bool ask_until(struct source *s, struct arena *a, const struct question *q, FILE *to, struct err *e) {
	int64_t wait, asked_for;
	int i;

	for (i = 0;; i++) {
		if (!q->bulk)
			keep_pace(s);
		if (!empty_file(to, e))
			return false;
		if (ask_once(s, a, q, to, &asked_for, e))
			return fflush(to) == 0 || err_set(e, ERR_UNAVAILABLE, NULL, "temporary file: %s", strerror(errno));
		if (e->kind == NULL || strcmp(e->kind, "again") != 0 || i + 1 == TRIES || (e->code == ERR_TIMEOUT && i > 0))
			return false;
		wait = (s->conf->peeringdb_pause < 100 ? 100 : s->conf->peeringdb_pause) << i;
		if (asked_for * 1000 > wait)
			wait = asked_for * 1000;
		log_msg(LOG_LEVEL_INFO, "peeringdb: %s; trying again in %lld ms", e->msg, (long long)wait);
		source_wait(jitter(s, wait));
	}
}

static void close_file(void *f) {
	fclose(f);
}

static bool open_file(struct source *s, struct arena *a, const char *tag, FILE **out, struct err *e) {
	const char *path = arena_printf(a, "%s/%s.json", s->dir, tag);

	*out = fopen(path, "re");
	if (*out == NULL && errno != ENOENT)
		return err_set(e, ERR_INVALID, "from", "%s: %s", path, strerror(errno));
	if (*out != NULL)
		arena_defer(a, close_file, *out);
	return true;
}

bool source_ask(struct source *s, struct arena *a, struct question *q, FILE **out, struct err *e) {
	FILE *f;

	if (s->dir != NULL)
		return open_file(s, a, q->tag, out, e);
	f = tmpfile();
	if (f == NULL)
		return err_set(e, ERR_UNAVAILABLE, NULL, "temporary file: %s", strerror(errno));
	arena_defer(a, close_file, f);
	if (!ask_until(s, a, q, f, e)) {
		if (!q->bulk)
			return false;
		log_msg(LOG_LEVEL_WARNING, "peeringdb: %s; asking the API instead", e->msg);
		q->bulk = false;
		if (!ask_until(s, a, q, f, e))
			return false;
	}
	rewind(f);
	*out = f;
	return true;
}

bool source_next(const struct source *s, struct question *q, const struct map *meta, bool *more, struct err *e) {
	struct val generated = meta == NULL ? val_undef() : map_get(meta, "generated"), pages = meta == NULL ? val_undef() : map_get(meta, "pagination");

	*more = false;
	if (s->dir != NULL)
		return true;
	if (q->bulk) {
		q->bulk = q->whole = false;
		q->since = (generated.type == V_FLOAT ? (int64_t)generated.u.f : generated.type == V_INT ? generated.u.i : (int64_t)time(NULL) - BULK_AGE) - 60;
		*more = true;
		return true;
	}
	if (pages.type != V_MAP || map_get(pages.u.map, "has_next").type != V_BOOL || !map_get(pages.u.map, "has_next").u.b)
		return true;
	if (q->page >= PAGES_MOST)
		return err_set(e, ERR_UPSTREAM, NULL, "%s: %d pages and still another one: that is more than PeeringDB can have", q->tag, PAGES_MOST);
	q->page = q->page == 0 ? 2 : q->page + 1;
	*more = true;
	return true;
}
