/*
 * http.h: requests outward over HTTP, for PeeringDB, IX-API and webhooks. libcurl's HTTP is known to http.c alone.
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
	const char *url;                /* https, or http where `named` or `plain` */
	const char *const *headers;     /* "Name: value" ..., NULL at the end; may be NULL */
	const char *body;               /* NULL: none */
	size_t body_len;
	bool named;                     /* the operator named this host: it may be internal, and plain HTTP */
	bool plain;                     /* plain HTTP will do */
	bool unverified;                /* whoever answers will do: the certificate is not looked at */
	const char *ca_file;            /* certificates to check against; NULL: the system's */
	long seconds;                   /* for the whole request; connecting has 10 of them */
	size_t max_bytes;               /* of the answer, after decompression */
	bool cut;                       /* a longer answer is cut there; else that is an error */
	FILE *to;                       /* the body of a 2xx answer goes here; NULL: into the response */
	void (*progress)(void *arg, size_t bytes);      /* as the answer grows, often; NULL: nobody wants to know */
	void *arg;
};

struct http_response {
	long status;
	int64_t retry_after;            /* seconds, as the server asks; 0: it does not */
	const char *content_type;       /* "" when there is none */
	struct sbuf body;               /* of an answer that is not 2xx at most 64 kB */
};

/*
 * True when there was an answer, whatever its status. Else ERR_TIMEOUT, ERR_TOO_LARGE, ERR_DENIED (a refused address, scheme or
 * redirect), ERR_INVALID (not a URL) or ERR_UPSTREAM; e->kind "again" says that a second try may help.
 */
bool http_do(struct http *, struct arena *, const struct http_request *, struct http_response *, struct err *);

/* Many requests at once: none waits for another. */
struct http_many;
struct http_many *http_many_new(struct arena *, const char *proxy);

/* Begin one; request, response and arena must live until it is over. `tag` comes back with its end. */
void http_many_start(struct http_many *, struct arena *, const struct http_request *, struct http_response *, void *tag);

/* Go on with all for at most so many milliseconds, less when one is over or `fd` (-1: none) has something to read. */
void http_many_wait(struct http_many *, int milliseconds, int fd);

/* One that is over: its tag, or NULL. *ok and *e as from http_do(). */
void *http_many_done(struct http_many *, bool *ok, struct err *);

/* The host of a URL in lower case, without port and brackets; NULL when it is not a URL. */
const char *http_host(struct arena *, const char *url);

/* The host of the URL is one of those in a list separated by commas, as the setting internal_hosts has it. */
bool http_host_listed(struct arena *, const char *url, const char *hosts);

/* The address is none of the Internet's: private, loopback, link-local, multicast, reserved (RFC 6890). */
struct addr;
bool http_is_internal(const struct addr *);

#endif
