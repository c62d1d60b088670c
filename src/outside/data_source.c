/* data_source.c: from a folder or a repository into the book, and back. */
#include "config.h"

#include <fnmatch.h>

#include "base/conf.h"
#include "base/limits.h"
#include "base/seal.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "db/queries.h"
#include "outside/data_source.h"
#include "outside/folder.h"
#include "outside/http.h"
#include "peering/data_files.h"

enum { PUSH_TRIES = 3, PUT_AT_ONCE = 50, LEFT_MAX = 50 };

struct source {
	struct store *s;
	int64_t id;
	const char *name, *url;
	bool git;
	struct list *rules;
	struct repo_at at;
};

/* ---- the source's row ---- */

static struct list *lines(struct arena *a, const char *text) {
	struct list *l = list_new(a, 4);

	for (; *text != '\0'; text += strspn(text, "\r\n")) {
		size_t len = strcspn(text, "\r\n");

		if (len > 0)
			list_push(l, val_str(arena_strndup(a, text, len)));
		text += len;
	}
	return l;
}

static bool unseal(struct source *src, struct repo_at *at, struct err *e) {
	struct seal *seal = seal_new(src->s->a, src->s->conf->secret_file);

	return unseal_text(seal, src->s->a, at->password, &at->password, e) && unseal_text(seal, src->s->a, at->private_key, &at->private_key, e);
}

static bool open_source(struct store *s, int64_t id, struct source *out, struct err *e) {
	enum { NAME, TYPE, URL, ENABLED, RULES, USERNAME, BRANCH, PASSWORD, KEY, HOST_KEY };
	const char *host;
	struct result r;

	if (!db_named(s->db, s->a, Q_DATA_SOURCE_GET, (struct val[]){ val_int(id) }, &r, e))
		return false;
	if (r.n == 0)
		return err_set(e, ERR_NOT_FOUND, NULL, "there is no data source %lld", (long long)id);
	*out = (struct source){ .s = s, .id = id, .name = r.v[NAME].u.s, .url = r.v[URL].u.s, .git = strcmp(r.v[TYPE].u.s, "git") == 0,
		.rules = lines(s->a, r.v[RULES].u.s) };
	if (!r.v[ENABLED].u.b)
		return err_set(e, ERR_CONFLICT, "enabled", "the data source \"%s\" is disabled; enable it first", out->name);
	host = repo_host(s->a, out->url);
	out->at = (struct repo_at){ .url = out->url, .branch = r.v[BRANCH].u.s, .username = r.v[USERNAME].u.s, .password = r.v[PASSWORD].u.s,
		.private_key = r.v[KEY].u.s, .host_key = r.v[HOST_KEY].u.s, .proxy = s->conf->http_proxy, .max_bytes = LIMIT_DATA_FETCH,
		.named = host != NULL && http_host_listed(s->a, arena_printf(s->a, "http://%s/", host), s->conf->internal_hosts) };
	return unseal(out, &out->at, e);
}

static void status(struct source *src, const char *what) {
	struct err ignored;

	db_named(src->s->db, src->s->a, Q_DATA_SOURCE_BEGINS, (struct val[]){ val_int(src->id), val_str(what) }, NULL, &ignored);
}

/* What came of it stands in the row; an error keeps its own words. */
static bool ended(struct source *src, const char *revision, bool read, bool ok, const struct err *e) {
	struct err ignored;

	db_named(src->s->db, src->s->a, Q_DATA_SOURCE_ENDED, (struct val[]){ val_int(src->id), revision == NULL ? val_null() : val_str(revision),
	    val_str(ok ? "" : e->msg), val_bool(read) }, NULL, &ignored);
	return ok;
}

/* A git repository that lies on this host lies in a folder that the operator named. `own`: what was fetched goes with this arena, and must. */
static bool fetch(struct source *src, struct arena *own, struct repo **out, struct err *e) {
	struct folder *f;

	return (strncmp(src->url, "file://", 7) != 0 || folder_open(own, src->url, src->s->conf->data_folders, &f, e)) &&
	    repo_fetch(own, &src->at, out, e);
}

/* ---- reading ---- */

struct gather {
	struct source *src;
	struct data_sync *out;
	struct map *known;              /* path -> hash */
	struct list *paths;             /* all that are there now */
	struct list *put[4];            /* path, size, hash, content in hexadecimal: what is to be written */
	size_t bytes;
};

static bool ignored(const struct source *src, const char *path) {
	const char *slash = strrchr(path, '/'), *name = slash == NULL ? path : slash + 1;

	for (const char *p = path; *p != '\0'; p += strcspn(p, "/"), p += *p == '/') {
		if (*p == '.')
			return true;
	}
	for (size_t i = 0; i < src->rules->n; i++) {
		const char *rule = src->rules->v[i].u.s;

		if (fnmatch(rule, strchr(rule, '/') == NULL ? name : path, 0) == 0)
			return true;
	}
	return false;
}

static bool leave(struct gather *g, const char *path, const char *why) {
	if (g->out->left->n < LEFT_MAX)
		list_push(g->out->left, val_str(arena_printf(g->src->s->a, "%.300s is left out: %s", path, why)));
	return true;
}

static const char *hex(struct arena *a, const char *data, size_t len) {
	static const char digits[] = "0123456789abcdef";
	char *out = arena_alloc_raw(a, len * 2 + 1);

	for (size_t i = 0; i < len; i++) {
		out[i * 2] = digits[(unsigned char)data[i] >> 4];
		out[i * 2 + 1] = digits[(unsigned char)data[i] & 15];
	}
	out[len * 2] = '\0';
	return out;
}

static void add(struct gather *g, const char *path, const char *data, size_t len) {
	struct arena *a = g->src->s->a;
	const struct val *old;
	char hash[SHA256_HEX];

	sha256_hex(data, len, hash);
	old = map_find(g->known, val_str(path));
	path = arena_strdup(a, path);
	list_push(g->paths, val_str(path));
	if (old != NULL && strcmp(old->u.s, hash) == 0)
		return;
	list_push(g->put[0], val_str(path));
	list_push(g->put[1], val_int((int64_t)len));
	list_push(g->put[2], val_str(arena_strdup(a, hash)));
	list_push(g->put[3], val_str(hex(a, data, len)));
}

/* Whether the file is read at all. False with *e when the source as a whole is too large. */
static bool wanted(struct gather *g, const char *path, size_t size, bool *want, struct err *e) {
	struct err why;

	*want = false;
	if (ignored(g->src, path))
		return true;
	if (!utf8_valid(path, strlen(path)) || !data_path_check(path, &why))
		return leave(g, path, "its name is none that a file of a data source may have");
	if (size > LIMIT_DATA_FILE)
		return leave(g, path, arena_printf(g->src->s->a, "it has %zu bytes, more than %d", size, LIMIT_DATA_FILE));
	g->bytes += size;
	if (g->paths->n >= LIMIT_DATA_FILES || g->bytes > LIMIT_DATA_BYTES)
		return err_set(e, ERR_TOO_LARGE, NULL, "the data source has more than %d files or %d bytes; ignore rules leave some out", LIMIT_DATA_FILES,
		    LIMIT_DATA_BYTES);
	*want = true;
	return true;
}

static bool take_entry(void *arg, struct repo *r, const struct repo_entry *entry, struct err *e) {
	struct gather *g = arg;
	const char *data;
	bool want;

	if (entry->kind != REPO_FILE)
		return ignored(g->src, entry->path) || leave(g, entry->path, entry->kind == REPO_LINK ? "it is a link; links are not followed" : "it is a submodule");
	if (!wanted(g, entry->path, entry->size, &want, e))
		return false;
	if (want) {
		if (!repo_read(r, g->src->s->a, entry, &data, e))
			return false;
		add(g, entry->path, data, entry->size);
	}
	return true;
}

static bool take_file(void *arg, const struct folder_entry *entry, struct err *e) {
	struct gather *g = arg;
	const char *data;
	size_t len;
	bool want;

	if (entry->kind != FOLDER_FILE)
		return ignored(g->src, entry->path) || leave(g, entry->path, entry->kind == FOLDER_LINK ? "it is a link; links are not followed" : "it is no file");
	if (!wanted(g, entry->path, entry->size, &want, e))
		return false;
	if (want) {
		if (!folder_read(g->src->s->a, entry, LIMIT_DATA_FILE, &data, &len, e))
			return e->code != ERR_INTERNAL && leave(g, entry->path, arena_strdup(g->src->s->a, e->msg));
		add(g, entry->path, data, len);
	}
	return true;
}

static bool gather(struct gather *g, struct err *e) {
	struct source *src = g->src;
	struct arena *own = arena_new_root();
	struct folder *f;
	struct repo *r;
	bool ok;

	if (!src->git) {
		ok = folder_open(own, src->url, src->s->conf->data_folders, &f, e) && folder_walk(f, take_file, g, e);
	} else {
		ok = fetch(src, own, &r, e) && repo_walk(r, take_entry, g, e);
		if (ok)
			g->out->revision = arena_strdup(src->s->a, repo_revision(r));
	}
	arena_free(own);
	return ok;
}

/* ---- into the book ---- */

static bool known_files(struct gather *g, struct err *e) {
	struct result r;

	if (!db_named(g->src->s->db, g->src->s->a, Q_DATA_FILES_KNOWN, (struct val[]){ val_int(g->src->id) }, &r, e))
		return false;
	g->known = map_new(g->src->s->a, r.n);
	for (size_t i = 0; i < r.n; i++)
		map_put(g->known, result_at(&r, i, 0), result_at(&r, i, 1));
	return true;
}

static bool put_files(struct gather *g, struct err *e) {
	struct store *s = g->src->s;
	size_t n = g->put[0]->n;

	for (size_t from = 0; from < n; from += PUT_AT_ONCE) {
		struct val params[5] = { val_int(g->src->id) };

		for (size_t k = 0; k < 4; k++) {
			struct list *l = list_new(s->a, PUT_AT_ONCE);

			for (size_t i = from; i < n && i < from + PUT_AT_ONCE; i++)
				list_push(l, g->put[k]->v[i]);
			params[k + 1] = val_list(l);
		}
		if (!db_named(s->db, s->a, Q_DATA_FILES_PUT, params, NULL, e))
			return false;
	}
	return true;
}

static bool write_files(struct gather *g, struct err *e) {
	struct store *s = g->src->s;
	struct result gone;

	if (!db_begin(s->db, DB_WRITE, e))
		return false;
	if (!put_files(g, e) || !db_named(s->db, s->a, Q_DATA_FILES_GONE, (struct val[]){ val_int(g->src->id), val_list(g->paths) }, &gone, e) ||
	    !db_commit(s->db, e)) {
		db_rollback(s->db);
		return false;
	}
	g->out->gone = gone.affected;
	return true;
}

static void gather_init(struct gather *g, struct source *src, struct data_sync *out) {
	*g = (struct gather){ .src = src, .out = out, .paths = list_new(src->s->a, 16) };
	for (size_t k = 0; k < 4; k++)
		g->put[k] = list_new(src->s->a, 16);
}

bool data_source_sync(struct store *s, int64_t id, struct data_sync *out, struct err *e) {
	struct source src;
	struct gather g;

	*out = (struct data_sync){ .name = "", .revision = "", .left = list_new(s->a, 4) };
	if (!open_source(s, id, &src, e))
		return false;
	out->name = src.name;
	status(&src, "synchronising");
	gather_init(&g, &src, out);
	if (!known_files(&g, e) || !gather(&g, e) || !write_files(&g, e))
		return ended(&src, NULL, true, false, e);
	out->files = g.paths->n;
	out->changed = g.put[0]->n;
	return ended(&src, out->revision, true, true, e);
}

/* ---- pushing ---- */

/* "Name <address>" */
static void author(struct arena *a, const char *setting, struct repo_commit *c) {
	const char *open = strchr(setting, '<'), *close = strrchr(setting, '>');
	size_t len = open == NULL ? 0 : (size_t)(open - setting);

	while (len > 0 && setting[len - 1] == ' ')
		len--;
	c->author = open == NULL ? setting : arena_strndup(a, setting, len);
	c->email = open == NULL || close == NULL || close < open ? "" : arena_strndup(a, open + 1, (size_t)(close - open - 1));
}

static bool push_once(struct source *src, struct repo_commit *c, struct data_push *p, struct err *e) {
	struct arena *own = arena_new_root();
	struct repo *r;
	bool ok = fetch(src, own, &r, e) && repo_push(r, c, e);

	if (ok) {
		p->changed = c->changed;
		p->revision = arena_strdup(src->s->a, repo_revision(r));
		p->branch = arena_strdup(src->s->a, repo_branch(r));
	}
	arena_free(own);
	return ok;
}

static bool push_git(struct source *src, struct data_push *p, struct err *e) {
	struct repo_commit c = { .texts = p->texts, .n = p->n };

	author(src->s->a, src->s->conf->git_commit_author, &c);
	c.message = *src->s->conf->git_commit_message == '\0' ? p->message : arena_printf(src->s->a, "%s\n\n%s\n", p->message,
	    src->s->conf->git_commit_message);
	for (unsigned try = 0; try < PUSH_TRIES; try++) {
		c.behind = false;
		if (push_once(src, &c, p, e))
			return true;
		if (!c.behind)
			return false;
	}
	return err_set(e, ERR_CONFLICT, NULL, "somebody else pushed to the data source \"%s\" each of %d times; try again", src->name, PUSH_TRIES);
}

static bool push_folder(struct source *src, struct data_push *p, struct err *e) {
	struct folder *f;
	bool changed;

	if (!folder_open(src->s->a, src->url, src->s->conf->data_folders, &f, e))
		return false;
	for (size_t i = 0; i < p->n; i++) {
		if (!folder_write(f, p->texts[i].path, p->texts[i].text, p->texts[i].len, &changed, e))
			return false;
		p->changed = p->changed || changed;
	}
	return true;
}

static bool keep_pushed(struct source *src, const struct data_push *p, struct err *e) {
	struct data_sync none = { .left = NULL };
	struct gather g;

	gather_init(&g, src, &none);
	if (!known_files(&g, e))
		return false;
	for (size_t i = 0; i < p->n; i++)
		add(&g, p->texts[i].path, p->texts[i].text, p->texts[i].len);
	return put_files(&g, e);
}

static bool look_at(const struct data_push *p, struct err *e) {
	for (size_t i = 0; i < p->n; i++) {
		if (!data_path_check(p->texts[i].path, e))
			return false;
		if (p->texts[i].len > LIMIT_DATA_PUSH)
			return err_set(e, ERR_TOO_LARGE, NULL, "\"%.200s\" has %zu bytes; at most %d can be pushed", p->texts[i].path, p->texts[i].len,
			    LIMIT_DATA_PUSH);
	}
	return true;
}

bool data_source_push(struct store *s, struct data_push *p, struct err *e) {
	struct source src;

	p->changed = false;
	p->revision = p->branch = "";
	if (!look_at(p, e) || !open_source(s, p->source, &src, e))
		return false;
	status(&src, "pushing");
	if (!(src.git ? push_git(&src, p, e) : push_folder(&src, p, e)) || !keep_pushed(&src, p, e))
		return ended(&src, NULL, false, false, e);
	return ended(&src, src.git ? p->revision : NULL, false, true, e);
}
