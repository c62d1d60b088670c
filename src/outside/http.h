/*
 * http.h: requests outward over HTTP, for PeeringDB, IX-API and webhooks. libcurl is known to http.c alone.
 *
 * TLS is verified. A redirect is followed on the same host only. An address that is not public is refused, whatever name leads to it,
 * unless the caller says that the operator named the host. Every request has an end in time and in size.
 */
#ifndef PEERAGE_HTTP_H
#define PEERAGE_HTTP_H

#include <stdio.h>

#include "base/val.h"

struct http;

/* A client; its connections are used again and closed with the arena. `proxy`: a URL, or "" for none (the environment does not count). */
struct http *http_new(struct arena *, const char *proxy);

struct http_request {
	const char *method;             /* NULL: GET */
	const char *url;                /* https, or http where `named` */
	const char *const *headers;     /* "Name: value" ..., NULL at the end; may be NULL */
	const char *body;               /* NULL: none */
	size_t body_len;
	bool named;                     /* the operator named this host: it may be internal, and plain HTTP */
	long seconds;                   /* for the whole request; connecting has 10 of them */
	size_t max_bytes;               /* of the answer, after decompression */
	FILE *to;                       /* the body of a 2xx answer goes here; NULL: into the response */
};

struct http_response {
	long status;
	int64_t retry_after;            /* seconds, as the server asks; 0: it does not */
	const char *content_type;       /* "" when there is none */
	struct sbuf body;               /* of an answer that is not 2xx at most 64 kB */
};

/*
 * True when there was an answer, whatever its status. Else ERR_TIMEOUT, ERR_TOO_LARGE, ERR_DENIED (a refused address, scheme or
 * redirect) or ERR_UPSTREAM; e->kind "again" says that a second try may help.
 */
bool http_do(struct http *, struct arena *, const struct http_request *, struct http_response *, struct err *);

/* The address is none of the Internet's: private, loopback, link-local, multicast, reserved (RFC 6890). */
struct addr;
bool http_is_internal(const struct addr *);

#endif
