/*
 * peeringdb.h: the cache of PeeringDB (https://www.peeringdb.com), API version 2.
 *
 * A run reads first (its types one by one, each kept for the next run should this one be interrupted) and then merges all of it in one
 * transaction: a reader sees the state before or after, never between. Rows whose parent is missing wait in peeringdb_pending.
 */
#ifndef PEERAGE_PEERINGDB_H
#define PEERAGE_PEERINGDB_H

#include "base/conf.h"
#include "model/store.h"
#include "peering/peeringdb.h"

struct peeringdb_progress {
	const char *tag;        /* PeeringDB's name of the type, "" for what concerns all of them */
	const char *what;       /* "fetching", "reading", "merging", "linking", "removing", "applying rules" */
	size_t step, steps;
	int64_t bytes;          /* while fetching: received so far */
	int64_t rows, total;    /* done so far of this type, and of how many; 0: not known */
	bool estimated;         /* the total is, by the size of what is being read */
};

struct peeringdb_options {
	const struct conf *conf;        /* addresses, key, pause, brake */
	const char *from;               /* a folder with <tag>.json, or the address of an API; NULL: as the settings say */
	bool partial;                   /* a folder holds changes only: what is not in it is not gone */
	bool reconcile;                 /* read everything again and remove what is no longer there */
	bool force;                     /* past the brake */
	void (*progress)(void *arg, const struct peeringdb_progress *);         /* may be NULL */
	void *arg;
};

struct peeringdb_line {
	const char *tag;
	bool read, whole;       /* all rows, or changes only */
	int64_t rows, created, updated, deleted, pending;
};

struct peeringdb_report {
	struct peeringdb_line line[13];
	size_t n;
	int64_t created, updated, deleted, pending, linked, changes;
	struct pdb_applied applied;             /* by the switches and rules, afterwards */
	struct list *refused;                   /* texts: links that the book does not take, and why */
	int64_t retry_after;                    /* after a failure: seconds that PeeringDB wants to be left alone for; -1: trying again is of no use */
};

/* "reading net: 500 of about 34000 rows". */
const char *peeringdb_progress_text(struct arena *, const struct peeringdb_progress *);

/*
 * ERR_CONFLICT: another run is at work, or the brake held (the message says what it would have done); ERR_THROTTLED, ERR_UPSTREAM,
 * ERR_TIMEOUT: PeeringDB; ERR_INVALID: the source is wrong. After any failure the cache is as it was. What follows for the book is written
 * as the store's actor, who must be a superuser. The database must not be in a transaction.
 */
bool peeringdb_sync(struct store *, const struct peeringdb_options *, struct peeringdb_report *, struct err *);

/* The report as a map, for who reads it by program. */
struct val peeringdb_report_value(struct arena *, const struct peeringdb_report *);

#endif
