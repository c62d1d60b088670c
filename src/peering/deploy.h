/*
 * deploy.h: changes of routers as objects: asked for, approved, run, rejected, stopped. What is done here is rows and jobs only; the
 * routers are the runner's (src/jobs/deploy.h).
 *
 * planning -> planned -> approved -> queued -> applying -> waiting -> confirmed | rolled-back | unverified; on the way it may end as
 * rejected, stale, unchanged or failed. Deployments of one group take each of these decisions together.
 */
#ifndef PEERAGE_PEERING_DEPLOY_H
#define PEERAGE_PEERING_DEPLOY_H

#include "model/store.h"

#define DEPLOY_PLAN_JOB "devices.deployment.plan"
#define DEPLOY_RUN_JOB "devices.deployment.run"
/* Peering Manager's: the plan and, where it is wanted and no rule forbids, approval and run in one job. */
#define DEPLOY_CONFIGURE_JOB "devices.router.set_napalm_configuration"

enum { DEPLOY_CONFIRM_MAX = 86400, DEPLOY_GATE_MAX = 3600, DEPLOY_ROUTERS_MAX = 200 };

struct deploy_ask {
	const int64_t *routers;
	size_t nrouters;                /* several: all are confirmed together or none */
	int64_t restores;               /* id of an archived configuration to go back to; 0: what the book gives */
	const char *reason;             /* NULL: none */
	const char *not_before, *not_after;     /* ISO 8601; NULL: any time */
	const char *mode;               /* "merge", "replace"; NULL: as the router's driver arguments or its driver have it */
	int64_t confirm_seconds, gate_seconds, gate_share;      /* 0, 0, -1: as the settings have it */
};

/*
 * Make a deployment for each router and the jobs that plan them; ids[i] belongs to routers[i]. The actor must have the right
 * deploy_router_configuration on each. ERR_INVALID names what is wrong. The caller has begun DB_WRITE and wakes the runner after it.
 */
bool deploy_ask(struct store *, const struct deploy_ask *, int64_t *ids, struct err *);

/* The same without a job: for a job that plans by itself. */
bool deploy_add(struct store *, const struct deploy_ask *, int64_t router_id, int64_t together, int64_t *id, struct err *);

/*
 * Approve the planned deployments of the group of `id`: what was planned together is approved together. Approved before, it stays as it was and *already
 * names who did it (else NULL). ERR_DENIED when a rule demands somebody else; ERR_CONFLICT when one is not planned.
 */
bool deploy_approve(struct store *, int64_t id, const char **already, struct err *);

/* Have the approved deployments of the group run, in their change window; *job_id is the job. ERR_CONFLICT when they cannot. */
bool deploy_run(struct store *, int64_t id, int64_t *job_id, struct err *);

/* Those that wait are rejected; those that run are asked to go back, and *running is set. ERR_CONFLICT when all have ended. */
bool deploy_reject(struct store *, int64_t id, const char *why, bool *running, struct err *);

/* The emergency stop: while it is pressed nothing is run, and what runs goes back. */
struct deploy_stop {
	bool stopped;
	const char *by_name, *reason, *since;
};
bool deploy_stop_read(struct db *, struct arena *, struct deploy_stop *, struct err *);
bool deploy_stop_set(struct store *, bool stopped, const char *reason, struct err *);

/* ---- what a difference touches ---- */

enum touch { TOUCH_NONE, TOUCH_ADDED, TOUCH_REMOVED, TOUCH_CHANGED };

struct touched_neighbour {
	const char *address;            /* canonical */
	bool running;                   /* the router has it now */
	enum touch touch;               /* out */
	int64_t asn;                    /* as the book has it; 0: not known */
};

struct touched {
	struct touched_neighbour *n;    /* given: those of the router and of the book, each once */
	size_t nn;
	const char *before, *after;     /* whole configurations where the difference is one of their lines, else NULL and the text that is given */
	const char *rendered;
};

/* Fill n[].touch and make the summary: {lines_added, lines_removed, neighbours: {added, removed, changed}, prefixes_added, prefixes_removed,
 * prefixes: {added, removed}}; lists have at most 200 items. */
struct map *deploy_touched(struct arena *, const char *diff, struct touched *);

/* The names of the rules for the router that demand a second person for such a summary, as a list of strings. */
bool deploy_risks(struct db *, struct arena *, int64_t router_id, const struct map *summary, bool goes_back, struct list **out, struct err *);

/* ---- removal where text is only ever added to what runs ---- */

/*
 * Commands that take away what `last` had and `now` has no longer, in the dialect of the text: "no ..." below its section, "delete ..."
 * for lines that begin with "set ". `way` is what a platform has beyond that: "delete:" before a statement in braces (Junos), "delete" where lines of "delete"
 * come before braces as well (VyOS), "delete /" where they name no values (SR Linux), "find" for scripts that add to menus (RouterOS), NULL none. Empty when there is nothing, or when the text is of no kind that is known.
 */
void deploy_removal(struct arena *, const char *way, const char *last, const char *now, struct sbuf *out);
void deploy_removal_braces(struct arena *, const char *last, const char *now, struct sbuf *out);
/* A text in braces in which a line is a statement, as lines "set PATH STATEMENT", root ("", " /") before each path; lines that are so stay as they are. With
 * a root a tab stands between a setting and its value, so that it is no name. */
const char *deploy_removal_flat(struct arena *, const char *text, const char *root);
void deploy_removal_find(struct arena *, const char *last, const char *now, struct sbuf *out);

#endif
