/*
 * netconf.h: NETCONF (RFC 6241) over an SSH subsystem (RFC 6242): hello, both framings, requests one after the other. What the requests
 * say is the driver's.
 */
#ifndef PEERAGE_NETCONF_H
#define PEERAGE_NETCONF_H

#include "base/xml.h"
#include "devices/transport.h"

struct netconf;

/* Open the subsystem and say hello. Framing is in chunks when both know base:1.1. */
bool netconf_open(struct transport *, struct netconf **, struct err *);
void netconf_close(struct netconf *);                   /* with <close-session/>, so that its locks are free when this returns */

bool netconf_has(const struct netconf *, const char *capability);       /* one that begins so */

/*
 * Send what stands inside <rpc>, wait for its reply. *reply (may be NULL) is the <rpc-reply>. An <rpc-error> whose severity is
 * "error" makes it false: ERR_CONFLICT "locked" for lock-denied, ERR_DENIED for access-denied, else ERR_UPSTREAM "rpc"; the
 * message begins with `what` and has the router's words. Warnings go to the device's log.
 */
bool netconf_rpc(struct netconf *, struct arena *, const char *what, const char *body, struct xml **reply, struct err *);

#endif
