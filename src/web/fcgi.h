/* fcgi.h: one connection at a time from the web server. libfcgi is known to fcgi.c alone; never its stdio. */
#ifndef PEERAGE_FCGI_H
#define PEERAGE_FCGI_H

#include "base/base.h"

struct fcgi;

/*
 * The listening socket: `path` of a unix socket that is made (NULL: descriptor 3 when systemd says so in LISTEN_FDS, else
 * descriptor 0, as spawn-fcgi and StandardInput=socket give it). NULL with *e filled when that is no socket.
 */
struct fcgi *fcgi_open(struct arena *, const char *path, struct err *);

/* Wait for a request. False when it is time to leave: SIGTERM or SIGINT came. Signals are held back while one is at hand. */
bool fcgi_accept(struct fcgi *);

/* Parameters of the request, "NAME=value", ended by NULL. */
const char *const *fcgi_env(const struct fcgi *);

/* Read the body to its end, whatever length was announced. False when it has more than `limit`: the rest was read and dropped. */
bool fcgi_read(struct fcgi *, struct sbuf *, size_t limit);

/* False when the client went away; nothing is to be done about it. */
bool fcgi_write(struct fcgi *, const char *, size_t);
void fcgi_finish(struct fcgi *);

#endif
