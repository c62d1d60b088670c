/*
 * data_source.h: data sources, folders of this host and git repositories: what stands in them into the book, texts out into them.
 *
 * Who asks must be a job or the command: both wait for the network. Nothing outside of the source's tree is read or written, no link is followed,
 * and a source has bounds (base/limits.h: LIMIT_DATA_*).
 */
#ifndef PEERAGE_DATA_SOURCE_H
#define PEERAGE_DATA_SOURCE_H

#include "model/store.h"
#include "outside/repo.h"

struct data_sync {
	const char *name, *revision;    /* of the source; the commit, or "" of a folder */
	size_t files, changed, gone;
	struct list *left;              /* texts for people: what was left out, and why */
};

/*
 * Read the source and keep its files: what is new or has changed, and nothing else, is written; what is gone goes. Objects that follow a file are
 * not touched: data_followers() of the job does that. False with the reason, which stands in the source's row as well, with the status "failed":
 * ERR_NOT_FOUND, ERR_CONFLICT (it is disabled), and what repo_fetch() and folder_open() say. No transaction may be open.
 */
bool data_source_sync(struct store *, int64_t source, struct data_sync *, struct err *);

struct data_push {
	int64_t source;                 /* id of the data source */
	const struct repo_text *texts;  /* path and text of each file */
	size_t n;                       /* at least 1 */
	const char *message;            /* of the commit: the first line says what changed, as "edge1: 3 sessions more". A folder has no use for it */

	bool changed;                   /* out: false when all of it stood there already */
	const char *revision;           /* out: the commit, "" for a folder */
	const char *branch;             /* out: where it went, "" for a folder */
};

/*
 * Put files into a data source: one commit with all of them on the branch of a git source, pushed; or into the folder, each in one step. When somebody
 * else pushed meanwhile it is fetched and tried again, twice at most. The files are written into the book as files of the source as well.
 * False with the reason, and none of the files is there then (a folder: those before the one that failed are): ERR_INVALID (a path that leaves
 * the tree, or leads through a link), ERR_NOT_FOUND, ERR_CONFLICT (the source is disabled; somebody is always faster), ERR_DENIED (password, host key,
 * a rule of the server, in its words), ERR_TOO_LARGE, ERR_UPSTREAM. Who may push is the caller's to ask. No transaction may be open.
 */
bool data_source_push(struct store *, struct data_push *, struct err *);

#endif
