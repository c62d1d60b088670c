/* repo.c: libgit2 behind repo.h. */
#include "config.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <git2.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/net.h"
#include "outside/folder.h"
#include "outside/http.h"
#include "outside/repo.h"

enum { SIGN_IN_TRIES = 2, HASH_TEXT = 64 };

struct repo {
	struct arena *a;
	const struct repo_at *at;
	const char *host;               /* NULL: a folder */
	git_repository *git;
	git_remote *remote;
	git_commit *tip;                /* NULL: it is empty */
	const char *branch;
	char revision[GIT_OID_HEXSZ + 1];
	/* what the callbacks found, for the error that libgit2 then gives */
	unsigned asked;
	bool too_large;
	struct err why;
	const char *refused;            /* what the server says of the branch that was pushed */
};

const char *repo_revision(const struct repo *r) {
	return r->revision;
}

const char *repo_branch(const struct repo *r) {
	return r->branch;
}

/* ---- what libgit2 gives back ---- */

static void free_repository(void *p) { git_repository_free(p); }
static void free_remote(void *p) { git_remote_free(p); }
static void free_commit(void *p) { git_commit_free(p); }
static void free_odb(void *p) { git_odb_free(p); }
static void free_tree(void *p) { git_tree_free(p); }
static void free_index(void *p) { git_index_free(p); }
static void free_blob(void *p) { git_blob_free(p); }
static void free_signature(void *p) { git_signature_free(p); }
static void shut(void *p) { (void)p; git_libgit2_shutdown(); }

static bool failed(const struct repo *r, const char *what, int code, struct err *e) {
	const git_error *last = git_error_last();
	const char *said = last == NULL || last->message == NULL ? "no reason given" : last->message;

	if (r->why.code != ERR_NONE) {
		*e = r->why;
		return false;
	}
	if (r->too_large)
		return err_set(e, ERR_TOO_LARGE, NULL, "%s: the repository is larger than %zu bytes; name a smaller one", what, r->at->max_bytes);
	if (code == GIT_EAUTH || (r->asked > 0 && strstr(said, "401") != NULL))
		return err_set(e, ERR_DENIED, NULL, "%s: the server refuses the name and the password or key (%.200s)", what, said);
	return err_set(e, ERR_UPSTREAM, NULL, "%s: %.300s", what, said);
}

/* ---- callbacks ---- */

static int sign_in(git_credential **out, const char *url, const char *user, unsigned types, void *arg) {
	struct repo *r = arg;
	const struct repo_at *at = r->at;
	const char *name = *at->username != '\0' ? at->username : user == NULL ? "git" : user;
	bool key = *at->private_key != '\0';

	(void)url;
	if (types == GIT_CREDENTIAL_USERNAME)
		return git_credential_username_new(out, name);
	if (++r->asked > SIGN_IN_TRIES) {
		err_set(&r->why, ERR_DENIED, NULL, "%s refuses the %s of \"%.100s\": set the right one", r->host, key ? "key" : "password", name);
		return GIT_EAUTH;
	}
	if (key && (types & (GIT_CREDENTIAL_SSH_KEY | GIT_CREDENTIAL_SSH_MEMORY)) != 0)
		return git_credential_ssh_key_memory_new(out, name, NULL, at->private_key, *at->password == '\0' ? NULL : at->password);
	if (*at->password != '\0' && (types & GIT_CREDENTIAL_USERPASS_PLAINTEXT) != 0)
		return git_credential_userpass_plaintext_new(out, name, at->password);
	err_set(&r->why, ERR_DENIED, NULL, "%s wants to be signed in to: give the data source %s", r->host == NULL ? "the server" : r->host,
	    (types & GIT_CREDENTIAL_USERPASS_PLAINTEXT) != 0 ? "\"username\" in its parameters and a password" : "a private key");
	return GIT_EAUTH;
}

static void fingerprint(const unsigned char hash[32], char out[HASH_TEXT]) {
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t n = (size_t)snprintf(out, HASH_TEXT, "SHA256:"), bits = 0, i;
	unsigned v = 0;

	for (i = 0; i < 32; i++) {
		for (v = v << 8 | hash[i], bits += 8; bits >= 6; bits -= 6)
			out[n++] = digits[v >> (bits - 6) & 63];
	}
	out[n++] = digits[v << (6 - bits) & 63];
	out[n] = '\0';
}

static int look_at_server(git_cert *cert, int valid, const char *host, void *arg) {
	struct repo *r = arg;
	const git_cert_hostkey *key = (const git_cert_hostkey *)(const void *)cert;
	char shown[HASH_TEXT];

	if (cert->cert_type != GIT_CERT_HOSTKEY_LIBSSH2) {
		if (!valid)
			err_set(&r->why, ERR_DENIED, NULL, "the certificate of %.200s is not signed by an authority that this system trusts", host);
		return valid ? 0 : GIT_ECERTIFICATE;
	}
	if ((key->type & GIT_CERT_SSH_SHA256) == 0)
		return GIT_ECERTIFICATE;
	fingerprint(key->hash_sha256, shown);
	if (strcmp(r->at->host_key, shown) == 0)
		return 0;
	if (*r->at->host_key == '\0')
		err_set(&r->why, ERR_DENIED, "host_key", "%.200s shows the host key %s: set host_key to it if that is right", host, shown);
	else
		err_set(&r->why, ERR_DENIED, "host_key", "%.200s shows the host key %s, not the one that was confirmed (%.100s)", host, shown,
		    r->at->host_key);
	return GIT_ECERTIFICATE;
}

static int progress(const git_indexer_progress *p, void *arg) {
	struct repo *r = arg;

	r->too_large = p->received_bytes > r->at->max_bytes;
	return r->too_large ? -1 : 0;
}

static int pushed(const char *ref, const char *status, void *arg) {
	struct repo *r = arg;

	(void)ref;
	if (status != NULL)
		r->refused = arena_strdup(r->a, status);
	return 0;
}

static git_remote_callbacks callbacks(struct repo *r) {
	git_remote_callbacks c;

	git_remote_init_callbacks(&c, GIT_REMOTE_CALLBACKS_VERSION);
	c.credentials = sign_in;
	c.certificate_check = look_at_server;
	c.transfer_progress = progress;
	c.push_update_reference = pushed;
	c.payload = r;
	return c;
}

static git_proxy_options proxy(const struct repo *r) {
	git_proxy_options p;

	git_proxy_options_init(&p, GIT_PROXY_OPTIONS_VERSION);
	p.type = *r->at->proxy == '\0' ? GIT_PROXY_NONE : GIT_PROXY_SPECIFIED;
	p.url = *r->at->proxy == '\0' ? NULL : r->at->proxy;
	return p;
}

/* ---- where to ---- */

static bool begins(const char *s, const char *with) {
	return strncmp(s, with, strlen(with)) == 0;
}

/* user@host:path */
static const char *scp_host(struct arena *a, const char *url) {
	const char *at = strchr(url, '@'), *colon = strchr(url, ':');

	if (strstr(url, "://") != NULL || colon == NULL || strchr(url, '/') == NULL || (at != NULL && at > colon) || strchr(url, '/') < colon)
		return NULL;
	at = at == NULL ? url : at + 1;
	return colon == at ? NULL : arena_strndup(a, at, (size_t)(colon - at));
}

static bool internal(const char *host) {
	struct addrinfo *list = NULL, hints = { .ai_socktype = SOCK_STREAM };
	bool found = false;

	if (getaddrinfo(host, NULL, &hints, &list) != 0)
		return false;           /* libgit2 says so better */
	for (const struct addrinfo *i = list; i != NULL; i = i->ai_next) {
		struct addr a = { .family = i->ai_family == AF_INET6 ? 6 : 4, .plen = i->ai_family == AF_INET6 ? 128 : 32 };

		if (a.family == 6)
			memcpy(a.b, &((const struct sockaddr_in6 *)(const void *)i->ai_addr)->sin6_addr, 16);
		else
			memcpy(a.b, &((const struct sockaddr_in *)(const void *)i->ai_addr)->sin_addr, 4);
		found = found || http_is_internal(&a);
	}
	freeaddrinfo(list);
	return found;
}

const char *repo_host(struct arena *a, const char *url) {
	const char *colon = strstr(url, "://");

	if (colon == NULL)
		return scp_host(a, url);
	return begins(url, "https://") || begins(url, "http://") ? http_host(a, url) : begins(url, "ssh://") || begins(url, "git://") ?
	    http_host(a, arena_printf(a, "http%s", colon)) : NULL;
}

static bool allowed(struct repo *r, struct err *e) {
	const char *url = r->at->url;
	bool plain = begins(url, "http://") || begins(url, "git://");

	r->host = repo_host(r->a, url);
	if (begins(url, "file://"))
		return true;
	if (r->host == NULL)
		return err_set(e, ERR_INVALID, "source_url", "\"%.200s\" is no address of a repository: https://host/path, ssh://user@host/path,"
		    " user@host:path or file:///path is right", url);
	if (r->at->named)
		return true;
	if (plain)
		return err_set(e, ERR_DENIED, "source_url", "%.20s is not encrypted: use https:// or ssh://, or name the host in internal_hosts", url);
	if (*r->at->proxy == '\0' && internal(r->host))
		return err_set(e, ERR_DENIED, "source_url", "%.200s has an internal address; the setting internal_hosts may name it", r->host);
	return true;
}

/* ---- fetching ---- */

/* The library's state is the process's; what the system or the user of it set up elsewhere does not count. */
static void begin(struct arena *a) {
	git_libgit2_init();
	arena_defer(a, shut, NULL);
	for (int level = GIT_CONFIG_LEVEL_PROGRAMDATA; level <= GIT_CONFIG_LEVEL_GLOBAL; level++)
		git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
}

static bool make_folder(struct repo *r, struct err *e) {
	const char *path;

	if (!folder_temporary(r->a, &path, e))
		return false;
	if (git_repository_init(&r->git, path, 1) != 0)
		return failed(r, "The folder for objects cannot be made", 0, e);
	arena_defer(r->a, free_repository, r->git);
	return true;
}

/* The head that is meant: of the wanted branch, or of the one that the repository calls its own. */
static bool pick(struct repo *r, const git_remote_head **out, struct err *e) {
	const char *wanted = r->at->branch, *full = arena_printf(r->a, "refs/heads/%s", wanted);
	const git_remote_head **heads;
	struct sbuf names;
	size_t n;
	int code;

	*out = NULL;
	code = git_remote_ls(&heads, &n, r->remote);
	if (code != 0)
		return failed(r, "The repository does not tell its branches", code, e);
	sb_init(&names, r->a);
	for (size_t i = 0; i < n; i++) {
		if (*wanted == '\0' && strcmp(heads[i]->name, "HEAD") == 0) {
			*out = heads[i];
			full = heads[i]->symref_target;
		} else if (*wanted != '\0' && strcmp(heads[i]->name, full) == 0) {
			*out = heads[i];
		}
		if (begins(heads[i]->name, "refs/heads/") && names.len < 200)
			sb_fmt(&names, "%s%s", names.len == 0 ? "" : ", ", heads[i]->name + strlen("refs/heads/"));
	}
	if (*out == NULL && names.len > 0)
		return err_set(e, ERR_INVALID, "parameters", "the repository has no branch \"%.100s\"; it has %s", *wanted == '\0' ? "HEAD" : wanted, names.s);
	r->branch = full != NULL && begins(full, "refs/heads/") && strlen(full) > strlen("refs/heads/") ?
	    arena_strdup(r->a, full + strlen("refs/heads/")) : "main";
	return true;
}

static bool download(struct repo *r, const git_remote_head *head, struct err *e) {
	git_fetch_options options;
	char *spec;
	git_strarray specs = { .count = 1 };
	int code;

	git_fetch_options_init(&options, GIT_FETCH_OPTIONS_VERSION);
	options.callbacks = callbacks(r);
	options.proxy_opts = proxy(r);
	options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
	git_oid_tostr(r->revision, sizeof(r->revision), &head->oid);
	spec = arena_printf(r->a, "+%s:refs/peerage/tip", strcmp(head->name, "HEAD") == 0 ? "HEAD" : head->name);
	specs.strings = &spec;
	code = git_remote_download(r->remote, &specs, &options);
	if (code != 0)
		return failed(r, "The repository cannot be read", code, e);
	code = git_commit_lookup(&r->tip, r->git, &head->oid);
	if (code != 0)
		return failed(r, "The branch's commit is missing", code, e);
	arena_defer(r->a, free_commit, r->tip);
	return true;
}

static bool dial(struct repo *r, git_direction direction, struct err *e) {
	git_remote_callbacks c = callbacks(r);
	git_proxy_options p = proxy(r);
	int code;

	r->asked = 0;
	r->why.code = ERR_NONE;
	code = git_remote_connect(r->remote, direction, &c, &p, NULL);
	return code == 0 || failed(r, "The repository cannot be reached", code, e);
}

bool repo_fetch(struct arena *a, const struct repo_at *at, struct repo **out, struct err *e) {
	struct repo *r = arena_new(a, struct repo, 1);
	const git_remote_head *head;
	const char *url = at->url;

	*r = (struct repo){ .a = a, .at = at, .branch = "main" };
	if (!allowed(r, e))
		return false;
	begin(a);
	if (!make_folder(r, e))
		return false;
	if (git_remote_create_anonymous(&r->remote, r->git, url) != 0)
		return failed(r, "The address is not understood", 0, e);
	arena_defer(a, free_remote, r->remote);
	if (!dial(r, GIT_DIRECTION_FETCH, e) || !pick(r, &head, e) || (head != NULL && !download(r, head, e)))
		return false;
	git_remote_disconnect(r->remote);
	if (head == NULL && *at->branch != '\0')
		r->branch = at->branch;
	*out = r;
	return true;
}

/* ---- what is in it ---- */

struct walk {
	struct repo *r;
	repo_entry_fn *fn;
	void *arg;
	git_odb *odb;
	struct err *e;
	bool ok;
};

static int visit(const char *root, const git_tree_entry *t, void *arg) {
	git_object_t type = git_tree_entry_type(t), real;
	struct walk *w = arg;
	struct repo_entry entry = { .kind = REPO_FILE, .oid = git_tree_entry_id(t) };

	if (type == GIT_OBJECT_TREE)
		return 0;
	entry.path = arena_printf(w->r->a, "%s%s", root, git_tree_entry_name(t));
	if (type == GIT_OBJECT_COMMIT)
		entry.kind = REPO_MODULE;
	else if (git_tree_entry_filemode(t) == GIT_FILEMODE_LINK)
		entry.kind = REPO_LINK;
	else if (git_odb_read_header(&entry.size, &real, w->odb, git_tree_entry_id(t)) != 0)
		w->ok = failed(w->r, "A file of the repository is missing", 0, w->e);
	w->ok = w->ok && w->fn(w->arg, w->r, &entry, w->e);
	return w->ok ? 0 : -1;
}

bool repo_walk(struct repo *r, repo_entry_fn *fn, void *arg, struct err *e) {
	struct walk w = { .r = r, .fn = fn, .arg = arg, .e = e, .ok = true };
	git_tree *tree;
	int code;

	if (r->tip == NULL)
		return true;
	if (git_commit_tree(&tree, r->tip) != 0 || git_repository_odb(&w.odb, r->git) != 0)
		return failed(r, "The branch's files are missing", 0, e);
	arena_defer(r->a, free_tree, tree);
	arena_defer(r->a, free_odb, w.odb);
	code = git_tree_walk(tree, GIT_TREEWALK_PRE, visit, &w);
	return w.ok && (code == 0 || failed(r, "The branch's files cannot be read", code, e));
}

bool repo_read(struct repo *r, struct arena *a, const struct repo_entry *entry, const char **data, struct err *e) {
	git_blob *blob;

	if (git_blob_lookup(&blob, r->git, entry->oid) != 0)
		return failed(r, "A file of the repository cannot be read", 0, e);
	*data = arena_strndup(a, git_blob_rawcontent(blob), (size_t)git_blob_rawsize(blob));
	free_blob(blob);
	return true;
}

/* ---- putting ---- */

/* What stands on the way to the path must be a folder, and what stands there a file. */
static bool way_is_clear(struct repo *r, git_index *index, const char *path, struct err *e) {
	const git_index_entry *there = git_index_get_bypath(index, path, 0);
	size_t at;

	if (there != NULL && (there->mode & 0170000) != 0100000)
		return err_set(e, ERR_INVALID, "data_path", "\"%.200s\" is a link or a submodule of the repository; name a file", path);
	if (git_index_find_prefix(&at, index, arena_printf(r->a, "%s/", path)) == 0)
		return err_set(e, ERR_INVALID, "data_path", "\"%.200s\" is a folder of the repository; name a file", path);
	for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		if (git_index_get_bypath(index, arena_strndup(r->a, path, (size_t)(slash - path)), 0) != NULL)
			return err_set(e, ERR_INVALID, "data_path", "\"%.200s\" leads through \"%.*s\", which is no folder of the repository", path,
			    (int)(slash - path > 200 ? 200 : slash - path), path);
	}
	return true;
}

static bool put_texts(struct repo *r, const struct repo_commit *c, git_oid *tree, struct err *e) {
	git_tree *old;
	git_index *index;

	if (git_index_new(&index) != 0)
		return failed(r, "No index", 0, e);
	arena_defer(r->a, free_index, index);
	if (r->tip != NULL) {
		if (git_commit_tree(&old, r->tip) != 0)
			return failed(r, "The branch's files are missing", 0, e);
		arena_defer(r->a, free_tree, old);
		if (git_index_read_tree(index, old) != 0)
			return failed(r, "The branch's files cannot be read", 0, e);
	}
	for (size_t i = 0; i < c->n; i++) {
		const git_index_entry *there;
		git_index_entry entry = { .mode = GIT_FILEMODE_BLOB, .path = c->texts[i].path };

		if (!way_is_clear(r, index, c->texts[i].path, e))
			return false;
		there = git_index_get_bypath(index, c->texts[i].path, 0);
		if (there != NULL)
			entry.mode = there->mode;
		if (git_blob_create_from_buffer(&entry.id, r->git, c->texts[i].text, c->texts[i].len) != 0 || git_index_add(index, &entry) != 0)
			return failed(r, "The file cannot be added", 0, e);
	}
	return git_index_write_tree_to(tree, index, r->git) == 0 || failed(r, "The files cannot be written", 0, e);
}

static bool commit(struct repo *r, struct repo_commit *c, git_oid *id, struct err *e) {
	const git_commit *parents[] = { r->tip };
	git_signature *who;
	git_tree *tree;
	git_oid tree_id;

	if (!put_texts(r, c, &tree_id, e))
		return false;
	c->changed = r->tip == NULL || !git_oid_equal(&tree_id, git_commit_tree_id(r->tip));
	if (!c->changed)
		return true;
	if (git_signature_now(&who, c->author, c->email) != 0)
		return err_set(e, ERR_INVALID, NULL, "\"%.100s <%.100s>\" is no author of a commit: name and address are right", c->author, c->email);
	arena_defer(r->a, free_signature, who);
	if (git_tree_lookup(&tree, r->git, &tree_id) != 0)
		return failed(r, "The files are missing", 0, e);
	arena_defer(r->a, free_tree, tree);
	return git_commit_create(id, r->git, "refs/peerage/next", who, who, "UTF-8", c->message, tree, r->tip == NULL ? 0 : 1, parents) == 0 ||
	    failed(r, "The commit cannot be made", 0, e);
}

static bool overtaken(const char *said) {
	return strstr(said, "non-fast-forward") != NULL || strstr(said, "fetch first") != NULL || strstr(said, "stale info") != NULL ||
	    strstr(said, "failed to update ref") != NULL || strstr(said, "cannot lock ref") != NULL || strstr(said, "incorrect old value") != NULL;
}

static bool send_commit(struct repo *r, struct repo_commit *c, struct err *e) {
	git_push_options options;
	char *spec = arena_printf(r->a, "refs/peerage/next:refs/heads/%s", r->branch);
	git_strarray specs = { .strings = &spec, .count = 1 };
	int code;

	git_push_options_init(&options, GIT_PUSH_OPTIONS_VERSION);
	options.callbacks = callbacks(r);
	options.proxy_opts = proxy(r);
	r->asked = 0;
	r->why.code = ERR_NONE;
	r->refused = NULL;
	code = git_remote_push(r->remote, &specs, &options);
	if (code == 0 && r->refused == NULL)
		return true;
	c->behind = code == GIT_ENONFASTFORWARD || (r->refused != NULL && overtaken(r->refused));
	if (c->behind)
		return err_set(e, ERR_CONFLICT, NULL, "somebody else pushed to the branch \"%.100s\" meanwhile", r->branch);
	if (r->refused != NULL)
		return err_set(e, ERR_DENIED, NULL, "the server refuses the push to \"%.100s\": %.300s", r->branch, r->refused);
	return failed(r, "The commit cannot be pushed", code, e);
}

bool repo_push(struct repo *r, struct repo_commit *c, struct err *e) {
	git_oid id;

	c->behind = false;
	if (!commit(r, c, &id, e))
		return false;
	if (!c->changed)
		return true;
	if (!send_commit(r, c, e))
		return false;
	git_oid_tostr(r->revision, sizeof(r->revision), &id);
	return true;
}
