/*
 * netconf.h: NETCONF (RFC 6241) over an SSH subsystem (RFC 6242): hello, both framings, requests one after the other. What the requests
 * say is the driver's; those of the standard's candidate and confirmed commit stand in its row as they are.
 */
#ifndef PEERAGE_NETCONF_H
#define PEERAGE_NETCONF_H

#include "base/xml.h"
#include "devices/transport.h"

struct netconf;

/* Open the subsystem over the device's transport and say hello: d->netconf. Framing is in chunks when both know base:1.1. */
bool netconf_open(struct device *, struct err *);
void netconf_close(struct device *);                    /* with <close-session/>, so that its locks are free when this returns; also when none is open */

bool netconf_has(const struct device *, const char *capability);        /* one that begins so */

/*
 * Send what stands inside <rpc>, wait for its reply. *reply (may be NULL) is the <rpc-reply>. An <rpc-error> whose severity is
 * "error" makes it false: ERR_CONFLICT "locked" for lock-denied, ERR_DENIED for access-denied, else ERR_UPSTREAM "rpc"; the
 * message begins with `what` and has the router's words. Warnings go to the device's log.
 */
bool netconf_rpc(struct device *, struct arena *, const char *what, const char *body, struct xml **reply, struct err *);

/* ---- the candidate ---- */

/* Lock it, once; kind "locked" when it is somebody else's. */
bool netconf_lock(struct device *, struct err *);
/* Forget what is in it and let it go, when this session has it. */
bool netconf_release(struct device *, struct err *);
/* Ask for something while the candidate is locked: what is refused lets it go, as an error of that code and kind. */
bool netconf_step(struct device *, const char *what, const char *body, enum err_code, const char *kind, struct err *);

/* ---- the commit that waits (RFC 6241 8.4), named by the device's change as its persist-id, so that any later session ends it ---- */

/*
 * out->running: one waits, of anybody: the running configuration cannot be locked meanwhile (RFC 6241 7.5). Nothing tells whose it is before it is ended.
 */
bool netconf_pending(struct device *, struct pending *out, struct err *);
/* Lock the candidate and empty it, unless a commit waits. */
bool netconf_begin(struct device *, struct err *);
bool netconf_validate(struct device *, struct err *);
/* seconds 0: for good. The candidate is let go. RFC 6241 has no place for the comment. */
bool netconf_commit(struct device *, unsigned seconds, const char *comment, struct err *);
/* Kind "none" when the device's change does not wait. */
bool netconf_confirm(struct device *, struct err *);
bool netconf_cancel(struct device *, struct err *);

#endif
