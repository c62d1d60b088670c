/*
 * repo.h: a git repository elsewhere: read the tip of a branch, put files on it. libgit2 is known to repo.c alone.
 *
 * What is fetched lies in a folder of objects that is removed with the arena; nothing is ever checked out, so neither a link nor a path of
 * the repository can lead anywhere. The settings of the system and of the user (.gitconfig) do not count, hooks are not run here.
 */
#ifndef PEERAGE_REPO_H
#define PEERAGE_REPO_H

#include "base/base.h"

struct repo;

/* The host of an address of a repository; NULL: it is a folder of this one, or no such address. */
const char *repo_host(struct arena *, const char *url);

struct repo_at {
	const char *url;                /* https://, ssh://, user@host:path, file://; http:// and git:// where `named` */
	const char *branch;             /* "": the repository's own (its HEAD) */
	const char *username, *password;        /* "": none. The password is the key's passphrase where there is a key */
	const char *private_key;        /* of SSH, OpenSSH or PEM; "": none */
	const char *host_key;           /* of an SSH server, "SHA256:..."; another one is refused */
	const char *proxy;              /* URL, or "" for none */
	bool named;                     /* the operator named this host: it may be internal, and without encryption */
	size_t max_bytes;               /* that may be received */
};

/*
 * Fetch the branch. ERR_INVALID: an address that is none, a branch that is not there (they are named). ERR_DENIED: an internal host, a password
 * that is wrong or missing, a host key that is not confirmed. ERR_TOO_LARGE, ERR_UPSTREAM. An empty repository is no error.
 */
bool repo_fetch(struct arena *, const struct repo_at *, struct repo **out, struct err *);

/* The commit at the tip in hexadecimal; "" when the repository is empty. The branch that was meant. */
const char *repo_revision(const struct repo *);
const char *repo_branch(const struct repo *);

enum repo_kind { REPO_FILE, REPO_LINK, REPO_MODULE };
struct repo_entry {
	const char *path;               /* "a/b.txt" */
	enum repo_kind kind;
	size_t size;                    /* of a file */
	const void *oid;
};
/* Every file, link and submodule of the tip, by path. What it is called with lives as long as the repository; false from it ends the walk. */
typedef bool repo_entry_fn(void *arg, struct repo *, const struct repo_entry *, struct err *);
bool repo_walk(struct repo *, repo_entry_fn *, void *arg, struct err *);
/* The content, as long as the arena. */
bool repo_read(struct repo *, struct arena *, const struct repo_entry *, const char **data, struct err *);

struct repo_text {
	const char *path, *text;
	size_t len;
};
struct repo_commit {
	const struct repo_text *texts;
	size_t n;
	const char *message;
	const char *author, *email;     /* also the committer */
	bool changed;                   /* out: false when all of it stood there already, and nothing was pushed */
	bool behind;                    /* out, where it failed: somebody else pushed meanwhile; fetch and try again */
};
/*
 * One commit with these files on the tip, pushed; then repo_revision() is that commit. Paths must have been looked at (data_path_check()). A path
 * that leads through a link, a submodule or a file of the repository is refused: ERR_INVALID. ERR_CONFLICT: `behind`. ERR_DENIED: a hook or a rule
 * of the server refused it, in its words.
 */
bool repo_push(struct repo *, struct repo_commit *, struct err *);

#endif
