/*
 * action.h: what may be done with an object beyond reading and writing it, one row each. From the row follow the API's endpoint
 * (/api/<api>/{id}/<name>/), the button on the object's page and under its lists, the OpenAPI operation, the permission and the
 * command (peerage action RESOURCE NAME WHICH). The function works on the store alone; what needs a network is a job that it asks for.
 */
#ifndef PEERAGE_ACTION_H
#define PEERAGE_ACTION_H

#include "model/job.h"
#include "model/store.h"

enum action_flag {
	ACTION_READS     = 1 << 0,      /* the API has it as GET; changes nothing, no button */
	ACTION_GET_JOB   = 1 << 1,      /* the API has it as GET although it asks for a job, as its clients know it */
	ACTION_TYPE      = 1 << 2,      /* about the type: no {id}, no object */
	ACTION_MANY      = 1 << 3,      /* lists have a button for what is ticked; the API takes [{"id": 1}, ...] without {id} */
	ACTION_NO_BUTTON = 1 << 4       /* not on pages: it needs an input, or a page of its own has it */
};

struct action_call {
	struct store *s;
	const struct resource *res;
	struct row *object;             /* in full form, within the right to the action; NULL with ACTION_TYPE */
	const struct map *input;        /* JSON body, form, query or FIELD=VALUE; never NULL */

	/* what came of it */
	struct sbuf *body;              /* JSON; empty: no body, or the jobs */
	int status;                     /* of HTTP; 0: 200, with jobs 202. From 400 on it was not done, and `said` tells why */
	const char *said;               /* for people */
	struct list *jobs;              /* numbers of the jobs that were asked for */
	const char *go;                 /* path of the page that shows what came of it; NULL: the job's, or where the button stood */
	bool stops;                     /* a job was asked to end: the runners are told */
	bool plain_job;                 /* the body is the one job, not a list of jobs */
	struct list *writes;            /* what is to be changed of the object, when several are written together; NULL: it is written at once */
	unsigned wait;                  /* milliseconds that may pass for the jobs to end before `then` of the action answers */
	struct problems problems;
};
/* False with *e, or with problems and ERR_INVALID. The caller has begun a transaction (DB_WRITE unless ACTION_READS) and commits it. */
typedef bool action_fn(struct action_call *, struct err *);

struct action {
	const struct resource *res;
	const char *name;               /* "encrypt-password": in addresses and on the command line */
	const char *verb;               /* whose permission it wants, as res_perm() takes it */
	action_fn *fn;
	unsigned flags;                 /* enum action_flag */
	const char *label, *help;       /* the button, and what it does */
	bool (*fits)(const struct row *);       /* whether the object's page offers it; NULL: always */
	action_fn *then;                /* answers once the jobs have ended, in a transaction that reads; NULL: nobody waits. Not called when they have not */
	const char *further;            /* what else it wants, as "peering.change_bgpgroup, devices.view_router"; NULL: nothing */
};

/* Of a table ended by a NULL name: by resource and name, NULL when there is none. */
const struct action *action_find(const struct action *, const struct resource *, const char *name);
/* Its address in the API or on pages, "/api/peering/bgp-groups/{id}/poll-bgp-sessions/"; of ACTION_MANY also that for several. */
const char *action_path(struct arena *, const struct action *, bool api, bool many);
bool action_button(const struct action *);      /* pages have a button for it */
bool action_gets(const struct action *);        /* the API has it as GET */
/* May the actor do it at all? */
bool action_may(const struct store *, const struct action *);

struct action_call action_call(struct store *, const struct action *, struct row *object, const struct map *input);
/* Ask for a job about the object (or the type) and remember it in the call. */
bool action_job(struct action_call *, const struct job_request *, struct err *);
/* Change the object as WRITE_PATCH does, and ask its rules even when nothing differs. */
bool action_write(struct action_call *, struct map *input, struct err *);
/* The rows with these ids as a JSON list into the body, those within the actor's right to view. */
bool action_rows(struct action_call *, const struct resource *, const struct result *ids, enum form, struct err *);
/* The jobs of the call into the body, as the API shows jobs. */
bool action_jobs(struct action_call *, struct err *);
/* Run what can be told to a client: the body filled with the jobs where there are any and nothing else. */
bool action_run(struct action_call *, const struct action *, struct err *);
/* Whether all jobs have ended within so many milliseconds, seen outside of any transaction. At once false where no runner is alive. */
bool action_wait(struct action_call *, bool *ended, struct err *);

#endif
