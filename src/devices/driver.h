/*
 * driver.h: routers: what one is, what can be asked of it, and what a platform's driver must do.
 *
 * A change goes stage -> check -> diff -> commit with a timer on one connection; then, on a NEW connection and perhaps from another
 * process, either confirm, or nothing: the router then goes back by itself. All that must outlive the connection lies on the router
 * and is named by the change's id. Callers use the device_...() functions below, which hold the order of the steps and say what is
 * missing; a driver is a `const struct driver` in a file of its own and a row in drivers.c.
 *
 * Errors: ERR_UPSTREAM, or a finer code, with e->kind as enum-like words: "refused" "unreachable" "cut" (connection lost) "garbage" (not
 * what this platform says) with ERR_UPSTREAM; "time" with ERR_TIMEOUT; "limit" with ERR_TOO_LARGE; "auth" "host-key-unknown"
 * "host-key-changed" with ERR_DENIED; "check" (the router refuses the text) with ERR_INVALID; "locked" (somebody else is changing it)
 * and "moved" with ERR_CONFLICT; "none" (no such change is waiting) with ERR_NOT_FOUND; "commit" (refused on commit; the
 * driver has put the router back as it was, or says that it could not) with ERR_UPSTREAM; "cannot" with ERR_METHOD.
 * No message holds a secret.
 */
#ifndef PEERAGE_DRIVER_H
#define PEERAGE_DRIVER_H

#include "base/val.h"

struct conf;
struct db;
struct device;
struct transport;

/* ---- what is read ---- */

struct facts {
	const char *vendor, *model, *version, *serial, *hostname;      /* "" where the platform does not say */
	int64_t uptime;                 /* seconds; -1 unknown */
};

enum bgp_state { BGP_UNKNOWN, BGP_IDLE, BGP_CONNECT, BGP_ACTIVE, BGP_OPENSENT, BGP_OPENCONFIRM, BGP_ESTABLISHED, BGP__COUNT };  /* RFC 4271 8.2.2 */

/* "idle" ... "established" as the sessions' bgp_state has it; "" for BGP_UNKNOWN. And back, in any case; BGP_UNKNOWN when it is none. */
const char *bgp_state_name(enum bgp_state);
enum bgp_state bgp_state_of(const char *word);

struct neighbour {
	const char *address;            /* canonical text, no length; link-local ones without their zone */
	const char *vrf;                /* "" for the default one */
	uint32_t asn;                   /* of the neighbour; 0 unknown (a dynamic one not yet up) */
	enum bgp_state state;
	bool shutdown;                  /* held down on purpose on this router */
	int64_t received, accepted, advertised;        /* prefixes of all families together; -1 unknown */
	int64_t uptime;                 /* seconds in this state (Established: since it came up); -1 unknown or never */
	const char *last_reset;         /* why it last went down, in the router's words; "" unknown */
	const char *description;        /* as configured on the router; "" none */
};

struct neighbours {
	struct neighbour *v;
	size_t n;
};

/* ---- what is changed ---- */

enum stage_mode { STAGE_REPLACE, STAGE_MERGE };

struct pending {
	bool running;                   /* the timer of this change runs: the router waits for a confirmation */
	int64_t seconds;                /* left; -1 unknown */
};

enum device_can {
	CAN_REPLACE = 1 << 0,           /* the text is the whole configuration that the driver manages */
	CAN_MERGE   = 1 << 1,           /* the text is added to what is there */
	CAN_CHECK   = 1 << 2,           /* the router (or its own parser) checks before the commit */
	CAN_DIFF    = 1 << 3,           /* the router's own difference; else a difference of lines is made here */
	CAN_TIMER   = 1 << 4,           /* the router's own confirm timer */
	CAN_UNDO    = 1 << 5,           /* the timer is a small script left on the router before the commit (undo.h) */
	CAN_ATOMIC  = 1 << 6,           /* all of the text or nothing is taken */
	CAN_CHECK_REPLACE = 1 << 7      /* as CAN_CHECK, but only for a text that replaces */
};

enum device_transport { VIA_SSH, VIA_NETCONF, VIA_HTTPS };

enum { CHANGE_ID_MAX = 40 };            /* letters, digits, "-" and "_": it becomes part of file names and commands on the router */

struct driver {
	const char *name;               /* as users write it: "frr" */
	const char *label;              /* "FRRouting" */
	const char *const *aliases;     /* other names in a platform's napalm_driver, ended by NULL; NAPALM's among them */
	unsigned can;                   /* enum device_can */
	enum device_transport transport;
	uint16_t port;                  /* where none is given */
	unsigned timer_min, timer_max;  /* seconds that its timer can run; 0: any */
	const char *removal;            /* how a merged text takes away what an earlier one had, where no "no" or "delete" line does: deploy_removal(); NULL none */
	unsigned timer_step;            /* its timer counts in so many seconds (60: minutes); device_commit() rounds up. 0: 1 */
	unsigned settle;                /* seconds after a commit until all of it is at work; 0: it is when the commit returns */

	/* All get a device whose transport is open (d->transport), except open. Any may be NULL where `can` does not ask for it. */
	bool (*offered)(struct device *, struct err *);        /* set d->offered, whatever is pinned; NULL: the SSH host key */
	bool (*open)(struct device *, struct err *);           /* after signing in: prompts, hello, versions; NULL: nothing to do. VIA_HTTPS: sets d->state */
	void (*close)(struct device *);                        /* before the transport is closed; NULL: nothing to do */
	bool (*facts)(struct device *, struct arena *, struct facts *, struct err *);
	bool (*neighbours)(struct device *, struct arena *, struct neighbours *, struct err *);        /* of all VRFs */
	bool (*running)(struct device *, struct sbuf *out, struct err *);      /* in the form that stage takes for STAGE_REPLACE */

	bool (*stage)(struct device *, const char *text, size_t len, enum stage_mode, struct err *);   /* nothing of it works yet */
	bool (*check)(struct device *, struct err *);          /* kind "check" with the router's words and line; NULL where staging checks already */
	bool (*diff)(struct device *, struct sbuf *out, struct err *);         /* empty: nothing would change */
	bool (*commit)(struct device *, unsigned seconds, const char *comment, struct err *);  /* seconds 0: for good; they count from its begin */
	bool (*discard)(struct device *, struct err *);        /* forget what was staged, not committed */

	/* On any connection, by d->change. */
	bool (*pending)(struct device *, struct pending *, struct err *);
	bool (*confirm)(struct device *, struct err *);        /* and keep it over a reboot; kind "none" when the timer has run out */
	bool (*rollback)(struct device *, struct err *);       /* now, not waiting for the timer; done when it returns */
};

/* All drivers, ended by NULL; in drivers.c. A platform's napalm_driver names one, in any case. */
extern const struct driver *const drivers[];
const struct driver *driver_find(const char *name);     /* NULL: there is none */

/* ---- a router ---- */

enum device_level { DEVICE_DEBUG, DEVICE_INFO, DEVICE_WARNING };

/* Who wants to follow: each may be NULL. `stop` is asked while waiting, about five times a second; true ends the wait with ERR_TIMEOUT. */
struct device_watch {
	void (*log)(void *arg, enum device_level, const char *message);
	bool (*stop)(void *arg);
	void *arg;
};

struct device_hop {                     /* a jump host: SSH through SSH */
	const char *host, *user, *password, *private_key, *host_key;
	uint16_t port;
};

struct device {
	struct arena *a;                /* lives as long as the device */
	const struct driver *driver;
	int64_t router_id;              /* 0: not of the book */
	const char *name, *host;
	uint16_t port;
	const char *user, *password;    /* "" none */
	const char *private_key;        /* OpenSSH or PEM text; "" none. Its passphrase is the password */
	const char *host_key;           /* pinned: "ssh-ed25519 SHA256:..." or for TLS "tls sha256//..."; "" none: every key is unknown */
	const char *ca_file;            /* HTTPS: who may sign its certificate; "" the system's */
	const struct device_hop *jump;  /* NULL: straight */
	unsigned connect_seconds, seconds;      /* to connect and sign in; for one command */
	const struct map *args;         /* the platform's driver arguments with the router's over them; never NULL */
	struct device_watch watch;

	char change[CHANGE_ID_MAX + 1]; /* names what is on the router; "" none yet */
	const char *offered;            /* host key that the router showed at the last try to connect, as in host_key; "" none */
	const char *jump_offered;       /* the same of its jump host */
	struct transport *transport;    /* open SSH connection; NULL: none (HTTPS, closed) */
	struct netconf *netconf;        /* open NETCONF session; NULL: none */
	void *state;                    /* the driver's own */
	const char *staged;             /* text of the last stage; NULL none */
	size_t staged_len;
	enum stage_mode staged_mode;
	bool checked;                   /* the staged text passed check */
};

/*
 * The router of the book, with its secrets opened. Not connected yet. ERR_NOT_FOUND: no such router; ERR_INVALID: it has no platform,
 * or none that a driver knows (the message lists those there are). `watch` may be NULL.
 */
bool device_load(struct arena *, struct db *, const struct conf *, int64_t router_id, const struct device_watch *, struct device **, struct err *);

/* A router that is described by hand (tests, commands): fill name, host, user ... and give it the defaults of its driver. */
struct device *device_new(struct arena *, const struct driver *);

/* Remember in the book what keys the router and its jump host showed (d->offered, d->jump_offered), for a person to confirm. A statement of its own. */
bool device_save_offered(struct db *, const struct device *, struct err *);

/* Only look what host key or certificate the router shows: d->offered. */
bool device_offered(struct device *, struct err *);

bool device_open(struct device *, struct err *);        /* once; after device_close() again */
void device_close(struct device *);                     /* also when it is not open; the arena does it too */

/* An argument of the driver, or `other`. */
const char *device_arg(const struct device *, const char *name, const char *other);
int64_t device_arg_int(const struct device *, const char *name, int64_t other);

void device_log(const struct device *, enum device_level, const char *fmt, ...) PRINTF(3, 4);

/* ---- what callers use ---- */

bool device_facts(struct device *, struct arena *, struct facts *, struct err *);
bool device_neighbours(struct device *, struct arena *, struct neighbours *, struct err *);
bool device_running(struct device *, struct sbuf *, struct err *);

/* Begin a change. `id` stays its name to the end (a deployment's: "peerage-12"). */
bool device_stage(struct device *, const char *id, const char *text, size_t len, enum stage_mode, struct err *);
bool device_check(struct device *, struct err *);
/* The router checks such a text before it is committed; else it sees what is wrong only while it runs it, and goes back. */
bool device_checks(const struct device *, enum stage_mode);
bool device_diff(struct device *, struct sbuf *, struct err *);
/* Refuses what was not checked. `seconds` is rounded up to what the platform can; *given (may be NULL) is what it became. */
bool device_commit(struct device *, unsigned seconds, const char *comment, unsigned *given, struct err *);
bool device_discard(struct device *, struct err *);

/* On any open connection to the router, also a new one of another process. */
bool device_pending(struct device *, const char *id, struct pending *, struct err *);
bool device_confirm(struct device *, const char *id, struct err *);
bool device_rollback(struct device *, const char *id, struct err *);

/* ---- for drivers ---- */

/* A list of neighbours that grows. */
struct neighbour *neighbours_add(struct neighbours *, struct arena *);
/* One more with that address, without a zone ("fe80::1%eth0") and in the form of RFC 5952; NULL, and none more, where it is no address. */
struct neighbour *neighbours_at(struct neighbours *, struct arena *, const char *address);

/* Difference of lines of two texts in unified form (three lines around each change); empty when they are the same. */
void text_diff(struct sbuf *out, const char *before, size_t before_len, const char *after, size_t after_len);

/* A line of a text without blanks around it. */
struct text_line {
	const char *s;
	size_t len;
	unsigned number;                /* 1 and up; begin with 0 */
};

/* The next one that is neither empty nor a comment ("#"); *at goes on behind it. False at the end. */
bool text_next(struct text_line *, const char **at, const char *end);

/* "1y4w", "2w3d", "1d13h", "00:41:47", "5h 3m 2s", "P17DT7H42M42S": seconds; -1 when it is none of these ("never"). */
int64_t span_seconds(const char *);

/* What the router refuses (kind "rpc") becomes the error that its step has; a lost connection stays one. Always false. */
bool refused_as(struct err *, enum err_code, const char *kind);

/* JSON that a router answered; kind "garbage" and the beginning of it when it is not. */
bool device_json(struct arena *, const char *what, const char *text, size_t len, struct val *out, struct err *);

#endif
