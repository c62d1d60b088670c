/* transport_wait.h: time and sockets, for transport.c and tcp.c alone. */
#ifndef PEERAGE_TRANSPORT_WAIT_H
#define PEERAGE_TRANSPORT_WAIT_H

#include <poll.h>

#include "devices/driver.h"

int64_t time_ms(void);                  /* monotonic */

/*
 * Wait for one of the descriptors, in slices so that who watches can stop it. True when it may be tried again; false at the
 * deadline (kind "time", `what` was waited for) or when stopped.
 */
bool wait_ready(const struct device *, struct pollfd *, nfds_t, int64_t deadline, const char *what, struct err *);

/* A TCP connection, non-blocking, without Nagle's delay, that notices a dead peer. Each address of the name is tried. -1 with *e. */
int tcp_connect(const struct device *, const char *host, uint16_t port, int64_t deadline, struct err *);

#endif
