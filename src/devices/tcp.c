/* tcp.c: connections that end in time, with the reason when they do not come. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "devices/transport_wait.h"

enum { SLICE_MS = 200, DEAD_PEER_MS = 45000, KEEPALIVE_IDLE = 20, KEEPALIVE_EVERY = 5, KEEPALIVE_TRIES = 4 };

int64_t time_ms(void) {
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

bool wait_ready(const struct device *d, struct pollfd *fds, nfds_t n, int64_t deadline, const char *what, struct err *e) {
	int64_t now = time_ms(), left = deadline - now;

	if (d->watch.stop != NULL && d->watch.stop(d->watch.arg))
		return err_kind(e, ERR_TIMEOUT, "stopped", "%s: stopped while waiting for %s", d->name, what);
	if (left <= 0)
		return err_kind(e, ERR_TIMEOUT, "time", "%s (%s): no %s in time", d->name, d->host, what);
	poll(fds, n, left < SLICE_MS ? (int)left : SLICE_MS);
	return true;
}

static void set_options(int fd) {
	int one = 1, idle = KEEPALIVE_IDLE, every = KEEPALIVE_EVERY, tries = KEEPALIVE_TRIES;
	unsigned dead = DEAD_PEER_MS;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &every, sizeof(every));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &tries, sizeof(tries));
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &dead, sizeof(dead));
}

/* One address. The descriptor, or -1 with errno's value in *why (0: *e is set already, it is over). */
static int try_one(const struct device *d, const struct addrinfo *ai, int64_t deadline, int *why, struct err *e) {
	int fd = socket(ai->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, ai->ai_protocol);
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	socklen_t len = sizeof(*why);

	*why = errno;
	if (fd < 0)
		return -1;
	set_options(fd);
	if (connect(fd, ai->ai_addr, ai->ai_addrlen) == 0)
		return fd;
	*why = errno;
	while (*why == EINPROGRESS || *why == EINTR) {
		if (!wait_ready(d, &p, 1, deadline, "answer to the connection", e)) {
			close(fd);
			*why = 0;
			return -1;
		}
		if (p.revents == 0)
			continue;
		getsockopt(fd, SOL_SOCKET, SO_ERROR, why, &len);
		if (*why == 0)
			return fd;
	}
	close(fd);
	return -1;
}

int tcp_connect(const struct device *d, const char *host, uint16_t port, int64_t deadline, struct err *e) {
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG }, *all, *ai;
	char service[8];
	int fd = -1, why = 0, got;

	snprintf(service, sizeof(service), "%u", (unsigned)port);
	got = getaddrinfo(host, service, &hints, &all);
	if (got != 0) {
		err_kind(e, ERR_UPSTREAM, "unreachable", "%s: the name \"%s\" leads to no address: %s", d->name, host, gai_strerror(got));
		return -1;
	}
	for (ai = all; ai != NULL && fd < 0; ai = ai->ai_next) {
		fd = try_one(d, ai, deadline, &why, e);
		if (fd < 0 && why == 0)
			break;
	}
	freeaddrinfo(all);
	if (fd < 0 && why != 0)
		err_kind(e, why == ETIMEDOUT ? ERR_TIMEOUT : ERR_UPSTREAM, why == ECONNREFUSED ? "refused" : why == ETIMEDOUT ? "time" : "unreachable",
		    "%s: no connection to %s port %u: %s", d->name, host, (unsigned)port, strerror(why));
	return fd;
}
