/*
 * https.h: a router's API over HTTPS: libcurl is known to https.c alone here. The certificate must be the pinned one (d->host_key is
 * "tls sha256//...", the hash of its public key as RFC 7469 has it), or, when none is pinned, be signed by d->ca_file or the system's authorities.
 * Nothing, no password above all, is sent before that is certain.
 */
#ifndef PEERAGE_HTTPS_H
#define PEERAGE_HTTPS_H

#include "devices/driver.h"

struct https;

/* Connections are kept for the requests that follow. Does not connect yet. */
struct https *https_new(struct device *);
void https_close(struct https *);

/* For driver.offered: connect, say nothing, set d->offered. */
bool https_offered(struct device *, struct err *);

struct https_request {
	const char *method;             /* NULL: POST with a body, GET without */
	const char *path, *type;        /* type of the body; NULL: application/json */
	const struct sbuf *body;        /* NULL none */
};

/*
 * Ask with the device's user and password, take a JSON answer. A status 401 or 403 is ERR_DENIED "auth"; another one that is not 2xx is an error
 * unless what it brings is JSON: APIs explain themselves so. Success without a body is null.
 */
bool https_post(struct https *, struct arena *, const char *path, const char *type, const struct sbuf *body, struct val *answer, struct err *);

struct https_call {                     /* of JSON-RPC 2.0 */
	const char *path, *method;
	struct map *params;
};

/* True with the answer's object in *answer, be there a "result" or an "error" in it. */
bool https_rpc(struct https *, struct arena *, const struct https_call *, struct val *answer, struct err *);

#endif
