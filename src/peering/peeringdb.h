/*
 * peeringdb.h: what PeeringDB means for objects of ours: bringing them in line with it, deciding about what it changed, moving to new
 * addresses. All of it writes through the store (rights, change log, events) in the caller's DB_WRITE transaction.
 *
 * A proposal is a map {type, id, display, field, old, new}: a field of an object that would be written; the database makes them
 * (sql/migrations/0035_peeringdb_follows.sql).
 */
#ifndef PEERAGE_PEERING_PEERINGDB_H
#define PEERAGE_PEERING_PEERINGDB_H

#include "model/behaviour.h"

enum pdb_as {
	PDB_AS_SAME,            /* nothing differs in what it takes from PeeringDB */
	PDB_AS_WRITTEN,
	PDB_AS_PRIVATE,         /* nobody has such a number in PeeringDB, which is as it should be */
	PDB_AS_UNKNOWN          /* PeeringDB has no network with its number */
};

/* Name, AS-SET and prefix limits of one autonomous system, each as its switch says. ERR_INVALID fills the problems. */
bool pdb_synchronise_as(struct store *, int64_t as, enum pdb_as *out, struct problems *, struct err *);

/* Link an exchange and its connections to PeeringDB by address and AS number; *linked: whether the exchange is now. */
bool pdb_link(struct store *, int64_t exchange, bool *linked, struct problems *, struct err *);

/*
 * Every connection, exchange and hidden peer to its row of PeeringDB, inside the transaction of a synchronisation, before what is gone is
 * removed. What the book refuses is told in `refused` (texts) and does not keep the others from being written.
 */
bool pdb_link_all(struct store *, int64_t *written, struct list *refused, struct err *);

/*
 * Empty the cache: links are taken away first, and remembered for the next synchronisation. It is written as who asks, whatever their
 * rights to those objects are: the caller has asked for the right to do this. ERR_CONFLICT while a synchronisation is at work. The caller has
 * begun DB_WRITE.
 */
bool pdb_flush(struct store *, int64_t *removed, struct err *);

/*
 * Write proposals, one update an object; *objects counts those. A field that has another value by now than the proposal's "old" is
 * ERR_CONFLICT: what was looked at is what is written. An object outside the actor's rights is ERR_NOT_FOUND or ERR_DENIED.
 */
bool pdb_write(struct store *, const struct list *proposals, int64_t *objects, struct problems *, struct err *);

/* ---- the feed ---- */

struct pdb_decided {
	int64_t changes, objects;       /* decided; written in consequence */
};

/* Accept open changes: what follows from each is written. ERR_NOT_FOUND when one does not exist, ERR_CONFLICT when one is not open. */
bool pdb_accept(struct store *, const int64_t *ids, size_t n, struct pdb_decided *, struct problems *, struct err *);
bool pdb_ignore(struct store *, const int64_t *ids, size_t n, struct pdb_decided *, struct err *);

struct pdb_applied {
	int64_t systems, accepted, ignored, objects;    /* autonomous systems written; changes decided by rule; other objects written */
	struct list *refused;                           /* texts: what could not be written, and why */
};

/* After a synchronisation: what the switches and the rules say, without anybody asking, in a transaction of its own. What cannot be written
 * is told and stays open. */
bool pdb_apply_rules(struct store *, struct pdb_applied *, struct err *);

/* ---- renumbering ---- */

/* Proposals with two keys more: "reason" (moved, listed, only, place) and "exchange". exchange 0: everywhere. */
bool pdb_renumbering(struct store *, int64_t exchange, struct list **out, struct err *);

#endif
