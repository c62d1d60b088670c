/* folder.c: every step into a folder is openat() without following a link, so what somebody changes meanwhile leads nowhere. */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "outside/folder.h"

enum { DEPTH_MAX = 32 };

struct folder {
	struct arena *a;
	int fd;
	const char *path;
};

static void close_fd(void *p) {
	close((int)(intptr_t)p);
}

static void tie(struct arena *a, int fd) {
	arena_defer(a, close_fd, (void *)(intptr_t)fd);
}

static int enter(int at, const char *name) {
	return openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* Step by step from `at`, making what is missing if `make`. The last one's descriptor, tied to the arena; -1 with errno. */
static int descend(struct arena *a, int at, const char *path, bool make) {
	for (path += strspn(path, "/"); *path != '\0'; path += strspn(path, "/")) {
		size_t len = strcspn(path, "/");
		const char *name = arena_strndup(a, path, len);
		int next;

		if (strcmp(name, "..") == 0) {
			errno = EINVAL;
			return -1;
		}
		if (make && mkdirat(at, name, 0777) != 0 && errno != EEXIST)
			return -1;
		next = enter(at, name);
		if (next < 0)
			return -1;
		tie(a, next);
		at = next;
		path += len;
	}
	return at;
}

static bool below(const char *path, const char *root, size_t len) {
	while (len > 1 && root[len - 1] == '/')
		len--;
	return len > 0 && root[0] == '/' && strncmp(path, root, len) == 0 && (len == 1 || path[len] == '\0' || path[len] == '/');
}

static bool no_folder(const char *path, struct err *e) {
	if (errno == ELOOP || errno == ENOTDIR)
		return err_set(e, ERR_DENIED, "source_url", "\"%.300s\" is no folder, or a link stands on the way to it; links are not followed", path);
	return err_set(e, ERR_INVALID, "source_url", "the folder \"%.300s\" cannot be opened: %s", path, strerror(errno));
}

bool folder_open(struct arena *a, const char *path, const char *roots, struct folder **out, struct err *e) {
	struct folder *f = arena_new(a, struct folder, 1);
	int root;

	if (strncmp(path, "file://", 7) == 0)
		path += 7;
	if (*path != '/')
		return err_set(e, ERR_INVALID, "source_url", "\"%.300s\" is no absolute path: /folder or file:///folder is right", path);
	while (*roots != '\0') {
		size_t len = strcspn(roots, ":");

		if (below(path, roots, len)) {
			root = open(arena_strndup(a, roots, len), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
			if (root < 0)
				return no_folder(path, e);
			tie(a, root);
			while (len > 1 && roots[len - 1] == '/')
				len--;
			*f = (struct folder){ .a = a, .path = path, .fd = descend(a, root, len == 1 ? path : path + len, false) };
			*out = f;
			return f->fd >= 0 || no_folder(path, e);
		}
		roots += len;
		roots += *roots == ':';
	}
	return err_set(e, ERR_DENIED, "source_url", "\"%.300s\" lies in none of the folders that data sources may use; the setting data_folders names them",
	    path);
}

/* ---- reading ---- */

struct walk {
	struct folder *f;
	folder_entry_fn *fn;
	void *arg;
};

static bool walk(const struct walk *w, int fd, const char *prefix, unsigned depth, struct err *e);

static bool visit(const struct walk *w, int fd, const char *prefix, const char *name, unsigned depth, struct err *e) {
	struct folder_entry entry = { .at = fd, .name = name, .path = arena_printf(w->f->a, "%s%s", prefix, name), .kind = FOLDER_OTHER };
	struct stat st;
	int sub;
	bool ok;

	if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT || err_set(e, ERR_UPSTREAM, NULL, "\"%.300s\" cannot be looked at: %s", entry.path, strerror(errno));
	if (S_ISDIR(st.st_mode)) {
		if (depth == DEPTH_MAX)
			return err_set(e, ERR_TOO_LARGE, NULL, "folders stand more than %d deep in one another below \"%.300s\"", DEPTH_MAX, prefix);
		sub = enter(fd, name);
		if (sub < 0)
			return err_set(e, ERR_UPSTREAM, NULL, "the folder \"%.300s\" cannot be opened: %s", entry.path, strerror(errno));
		ok = walk(w, sub, arena_printf(w->f->a, "%s/", entry.path), depth + 1, e);
		close(sub);
		return ok;
	}
	if (S_ISLNK(st.st_mode)) {
		entry.kind = FOLDER_LINK;
	} else if (S_ISREG(st.st_mode)) {
		entry.kind = FOLDER_FILE;
		entry.size = (size_t)st.st_size;
	}
	return w->fn(w->arg, &entry, e);
}

static bool walk(const struct walk *w, int fd, const char *prefix, unsigned depth, struct err *e) {
	int own = dup(fd);
	DIR *d = own < 0 ? NULL : fdopendir(own);
	struct dirent *i;
	bool ok = true;

	if (d == NULL)
		return err_set(e, ERR_UPSTREAM, NULL, "the folder \"%.300s\" cannot be read: %s", prefix, strerror(errno));
	while (ok && (i = readdir(d)) != NULL)
		ok = i->d_name[0] == '.' || visit(w, fd, prefix, i->d_name, depth, e);
	closedir(d);
	return ok;
}

bool folder_walk(struct folder *f, folder_entry_fn *fn, void *arg, struct err *e) {
	return walk(&(struct walk){ .f = f, .fn = fn, .arg = arg }, f->fd, "", 0, e);
}

/* Up to max + 1 bytes of an open file. */
static bool read_open(struct arena *a, int fd, size_t max, struct sbuf *b) {
	char piece[65536];
	ssize_t n;

	sb_init(b, a);
	while ((n = read(fd, piece, sizeof(piece))) > 0 && b->len <= max)
		sb_mem(b, piece, (size_t)n);
	return n >= 0;
}

bool folder_read(struct arena *a, const struct folder_entry *entry, size_t max, const char **data, size_t *len, struct err *e) {
	int fd = openat(entry->at, entry->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct sbuf b;
	bool ok;

	if (fd < 0)
		return err_set(e, ERR_UPSTREAM, NULL, "\"%.300s\" cannot be opened: %s", entry->path, strerror(errno));
	ok = read_open(a, fd, max, &b);
	close(fd);
	if (!ok)
		return err_set(e, ERR_UPSTREAM, NULL, "\"%.300s\" cannot be read: %s", entry->path, strerror(errno));
	if (b.len > max)
		return err_set(e, ERR_TOO_LARGE, NULL, "\"%.300s\" has more than %zu bytes", entry->path, max);
	*data = b.s;
	*len = b.len;
	return true;
}

/* ---- writing ---- */

static bool no_write(const char *path, struct err *e) {
	if (errno == ELOOP || errno == ENOTDIR)
		return err_set(e, ERR_DENIED, "data_path", "\"%.300s\" leads through a link or a file; links are not followed", path);
	return err_set(e, ERR_UPSTREAM, "data_path", "\"%.300s\" cannot be written: %s", path, strerror(errno));
}

static bool stands_there(struct arena *a, int at, const char *name, const char *text, size_t len) {
	int fd = openat(at, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct arena_mark mark = arena_mark(a);
	struct sbuf b;
	bool same;

	if (fd < 0)
		return false;
	same = read_open(a, fd, len, &b) && b.len == len && memcmp(b.s, text, len) == 0;
	close(fd);
	arena_rewind(a, mark);
	return same;
}

static bool write_all(int fd, const char *text, size_t len) {
	while (len > 0) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno != EINTR)
			return false;
		text += n < 0 ? 0 : n;
		len -= n < 0 ? 0 : (size_t)n;
	}
	return fsync(fd) == 0;
}

bool folder_write(struct folder *f, const char *path, const char *text, size_t len, bool *changed, struct err *e) {
	const char *slash = strrchr(path, '/'), *name = slash == NULL ? path : slash + 1;
	const char *new = arena_printf(f->a, ".%s.%lld", name, (long long)getpid());
	int at = slash == NULL ? f->fd : descend(f->a, f->fd, arena_strndup(f->a, path, (size_t)(slash - path)), true), fd;
	struct stat st;
	bool ok;

	if (at < 0)
		return no_write(path, e);
	if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISREG(st.st_mode))
		return err_set(e, ERR_DENIED, "data_path", "\"%.300s\" is a link or a folder; a file is right", path);
	*changed = !stands_there(f->a, at, name, text, len);
	if (!*changed)
		return true;
	fd = openat(at, new, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd < 0)
		return no_write(path, e);
	ok = write_all(fd, text, len);
	if (close(fd) != 0 || !ok || renameat(at, new, at, name) != 0) {
		no_write(path, e);
		unlinkat(at, new, 0);
		return false;
	}
	return true;
}

/* ---- a folder of one's own ---- */

static void empty(int fd) {
	int own = dup(fd);
	DIR *d = own < 0 ? NULL : fdopendir(own);
	struct dirent *i;

	while (d != NULL && (i = readdir(d)) != NULL) {
		int sub;

		if (strcmp(i->d_name, ".") == 0 || strcmp(i->d_name, "..") == 0 || unlinkat(fd, i->d_name, 0) == 0)
			continue;
		sub = enter(fd, i->d_name);
		if (sub < 0)
			continue;
		empty(sub);
		close(sub);
		unlinkat(fd, i->d_name, AT_REMOVEDIR);
	}
	if (d != NULL)
		closedir(d);
}

static void remove_folder(void *path) {
	int fd = enter(AT_FDCWD, path);

	if (fd >= 0) {
		empty(fd);
		close(fd);
	}
	unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

/* A process that was killed leaves its folder: the next one removes those that are a day old and belong to no other user. */
static void remove_left(struct arena *a, const char *in, const char *prefix) {
	DIR *d = opendir(in);
	struct timespec now;
	struct dirent *i;
	struct stat st;

	clock_gettime(CLOCK_REALTIME, &now);
	while (d != NULL && (i = readdir(d)) != NULL) {
		if (strncmp(i->d_name, prefix, strlen(prefix)) == 0 && fstatat(dirfd(d), i->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode) &&
		    st.st_uid == geteuid() && st.st_mtime < now.tv_sec - 86400)
			remove_folder(arena_printf(a, "%s/%s", in, i->d_name));
	}
	if (d != NULL)
		closedir(d);
}

bool folder_temporary(struct arena *a, const char **path, struct err *e) {
	static const char prefix[] = "peerage-data.";
	const char *in = getenv("TMPDIR");
	char *made;

	in = in == NULL || *in != '/' ? "/tmp" : in;
	remove_left(a, in, prefix);
	made = arena_printf(a, "%s/%sXXXXXX", in, prefix);
	if (mkdtemp(made) == NULL)
		return err_set(e, ERR_INTERNAL, NULL, "no folder can be made in %.200s: %s", in, strerror(errno));
	arena_defer(a, remove_folder, made);
	*path = made;
	return true;
}
