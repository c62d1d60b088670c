/*
 * receiver.c: a receiver of webhooks that behaves as its path says.   receiver DIR
 *
 *   /ok... 200    /status/NNN that    /flaky/N... 500 to the first N, then 200    /slow/MS... 200 after so long    /hang... never
 *   /drip... 200 and a byte a second, without end    /big... 200 and 1 MB    /garbage... no HTTP    /close... nothing
 *   /redirect... 307 to /ok/redirected    /away... 302 to another host    /later... 503 with Retry-After: 1, then 200
 * It writes DIR/port when it listens and a line of JSON a request to DIR/requests. Any number of connections; ends with its parent.
 */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/json.h"

enum { CONNECTIONS = 1024, PATHS = 64, BIG = 1024 * 1024 };

struct connection {
	int fd;                 /* -1: free */
	struct arena *a;
	struct sbuf in;
	int64_t due;            /* milliseconds; when to answer or drip, 0: never */
	bool drips;
};

struct server {
	const char *dir;
	FILE *log;
	struct arena *a;
	struct connection c[CONNECTIONS];
	struct { char path[128]; int n; } seen[PATHS];
	int port;
};

static int64_t now_ms(void) {
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void out(int fd, const char *data, size_t n) {
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	while (n > 0) {
		ssize_t k = send(fd, data, n, MSG_NOSIGNAL);

		if (k < 0 && errno == EAGAIN && poll(&p, 1, 1000) > 0)
			continue;
		if (k <= 0)
			return;
		data += k;
		n -= (size_t)k;
	}
}

static void answer(struct connection *c, int status, const char *more, const char *body, size_t len) {
	char *head = arena_printf(c->a, "HTTP/1.1 %d Answer\r\nContent-Type: text/plain\r\n%sContent-Length: %zu\r\n\r\n", status, more, len);

	out(c->fd, head, strlen(head));
	out(c->fd, body, len);
}

static void ok(struct connection *c) {
	answer(c, 200, "", "Webhook received!", 17);
}

static void shut(struct connection *c) {
	close(c->fd);
	arena_free(c->a);
	*c = (struct connection){ .fd = -1 };
}

static int times(struct server *s, const char *path) {
	size_t i;

	for (i = 0; i < PATHS && s->seen[i].path[0] != '\0' && strcmp(s->seen[i].path, path) != 0; i++)
		;
	if (i == PATHS)
		return 0;
	snprintf(s->seen[i].path, sizeof(s->seen[i].path), "%s", path);
	return s->seen[i].n++;
}

static bool is(const char *path, const char *what) {
	size_t n = strlen(what);

	return path[0] == '/' && strncmp(path + 1, what, n) == 0 && strchr("/?", path[1 + n]) != NULL;
}

static long number(const char *path) {
	const char *slash = strchr(path + 1, '/');

	return slash == NULL ? 0 : strtol(slash + 1, NULL, 10);
}

static void behave(struct server *s, struct connection *c, const char *path) {
	static const char drip[] = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n";

	if (is(path, "status")) {
		answer(c, (int)number(path), "", "as asked", 8);
	} else if (is(path, "flaky")) {
		answer(c, times(s, path) < number(path) ? 500 : 200, "", "perhaps", 7);
	} else if (is(path, "later")) {
		answer(c, times(s, path) < 1 ? 503 : 200, "Retry-After: 1\r\n", "later", 5);
	} else if (is(path, "slow")) {
		c->due = now_ms() + number(path);
	} else if (is(path, "drip")) {
		out(c->fd, drip, strlen(drip));
		c->drips = true;
		c->due = now_ms() + 1000;
	} else if (is(path, "big")) {
		char *body = arena_alloc(c->a, BIG);

		memset(body, 'x', BIG);
		answer(c, 200, "", body, BIG);
	} else if (is(path, "garbage")) {
		out(c->fd, "\x01\x02 this is not HTTP\n\n", 21);
		shut(c);
	} else if (is(path, "close")) {
		shut(c);
	} else if (is(path, "redirect")) {
		answer(c, 307, "Location: /ok/redirected\r\n", "", 0);
	} else if (is(path, "away")) {
		answer(c, 302, arena_printf(c->a, "Location: http://127.0.0.2:%d/ok/away\r\n", s->port), "", 0);
	} else if (!is(path, "hang")) {
		ok(c);
	}
}

static struct val headers(struct arena *a, char *line, const char *end) {
	struct map *m = map_new(a, 8);
	char *next, *colon;

	for (; line < end; line = next + 2) {
		next = strstr(line, "\r\n");
		if (next == NULL || next > end)
			break;
		colon = memchr(line, ':', (size_t)(next - line));
		if (colon != NULL) {
			char *value = colon + 1;

			while (value < next && *value == ' ')
				value++;
			map_put(m, val_copy(a, line, (size_t)(colon - line)), val_copy(a, value, (size_t)(next - value)));
		}
	}
	return val_map(m);
}

static void note(struct server *s, const char *method, const char *path, struct val head, const char *body, size_t len) {
	struct map *m = map_new(s->a, 5);
	struct sbuf b;

	map_set(m, "time", val_float((double)now_ms() / 1000));
	map_set(m, "method", val_str(method));
	map_set(m, "path", val_str(path));
	map_set(m, "headers", head);
	map_set(m, "body", val_copy(s->a, body, len));
	sb_init(&b, s->a);
	json_write(&b, val_map(m));
	fprintf(s->log, "%s\n", b.s);
	fflush(s->log);
}

/* One whole request in c->in is taken and answered. False: there is none. */
static bool take(struct server *s, struct connection *c) {
	char *end = strstr(c->in.s, "\r\n\r\n"), *line, *space, *version;
	const char *field;
	struct val head;
	size_t len = 0, all;

	if (c->in.len == 0 || end == NULL)
		return false;
	field = strcasestr(c->in.s, "\r\nContent-Length:");
	if (field != NULL && field < end)
		len = (size_t)strtoul(field + 17, NULL, 10);
	all = (size_t)(end + 4 - c->in.s) + len;
	if (c->in.len < all)
		return false;
	arena_reset(s->a);
	line = arena_strndup(s->a, c->in.s, c->in.len);
	end = line + (end - c->in.s);
	head = headers(s->a, strstr(line, "\r\n") + 2, end + 2);
	space = strchr(line, ' ');
	version = space == NULL ? NULL : strchr(space + 1, ' ');
	if (version == NULL) {
		shut(c);
		return false;
	}
	*space = *version = '\0';
	note(s, line, space + 1, head, end + 4, len);
	memmove(c->in.s, c->in.s + all, c->in.len - all + 1);
	c->in.len -= all;
	behave(s, c, space + 1);
	return c->fd >= 0;
}

static void hear(struct server *s, struct connection *c) {
	ssize_t n;

	sb_reserve(&c->in, 65536);
	n = recv(c->fd, c->in.s + c->in.len, 65536, 0);
	if (n == 0 || (n < 0 && errno != EAGAIN)) {
		shut(c);
		return;
	}
	if (n < 0)
		return;
	c->in.len += (size_t)n;
	c->in.s[c->in.len] = '\0';
	while (take(s, c))
		;
}

static void welcome(struct server *s, int listening) {
	int fd = accept4(listening, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	size_t i;

	for (i = 0; i < CONNECTIONS && s->c[i].fd >= 0; i++)
		;
	if (fd < 0 || i == CONNECTIONS) {
		if (fd >= 0)
			close(fd);
		return;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
	s->c[i] = (struct connection){ .fd = fd, .a = arena_new_root() };
	sb_init(&s->c[i].in, s->c[i].a);
}

static void mind_time(struct connection *c) {
	if (c->due == 0 || now_ms() < c->due)
		return;
	c->due = c->drips ? now_ms() + 1000 : 0;
	if (c->drips)
		out(c->fd, "1\r\nx\r\n", 6);
	else
		ok(c);
}

static int open_port(struct server *s) {
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	FILE *f;

	if (fd < 0 || bind(fd, (const struct sockaddr *)&at, sizeof(at)) != 0 || listen(fd, 512) != 0 || getsockname(fd, (struct sockaddr *)&at, &len) != 0)
		return -1;
	s->port = ntohs(at.sin_port);
	f = fopen(arena_printf(s->a, "%s/port.new", s->dir), "w");
	if (f == NULL)
		return -1;
	fprintf(f, "%d\n", s->port);
	fclose(f);
	rename(arena_printf(s->a, "%s/port.new", s->dir), arena_printf(s->a, "%s/port", s->dir));
	return fd;
}

static void serve(struct server *s, int listening) {
	static struct pollfd p[CONNECTIONS + 1];
	size_t i;

	for (;;) {
		p[CONNECTIONS] = (struct pollfd){ .fd = listening, .events = POLLIN };
		for (i = 0; i < CONNECTIONS; i++)
			p[i] = (struct pollfd){ .fd = s->c[i].fd, .events = POLLIN };
		poll(p, CONNECTIONS + 1, 50);
		for (i = 0; i < CONNECTIONS; i++) {
			if (s->c[i].fd >= 0 && p[i].revents != 0)
				hear(s, &s->c[i]);
			if (s->c[i].fd >= 0)
				mind_time(&s->c[i]);
		}
		if (p[CONNECTIONS].revents != 0)
			welcome(s, listening);
	}
}

int main(int argc, char **argv) {
	struct arena *a = arena_new_root();
	struct server *s = arena_new(a, struct server, 1);
	int fd;
	size_t i;

	if (argc != 2)
		return fprintf(stderr, "usage: receiver DIR\n"), 2;
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	s->dir = argv[1];
	s->a = a;
	for (i = 0; i < CONNECTIONS; i++)
		s->c[i].fd = -1;
	s->log = fopen(arena_printf(a, "%s/requests", s->dir), "w");
	fd = open_port(s);
	if (fd < 0 || s->log == NULL)
		return perror("receiver"), 1;
	s = memcpy(arena_alloc(arena_new_root(), sizeof(*s)), s, sizeof(*s));
	s->a = arena_new_root();
	serve(s, fd);
}
