/* webhooks.c: `peerage webhooks`: a receiver to try webhooks with. */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/secret.h"
#include "cli/commands.h"
#include "cli/world.h"

static const char help[] =
	"usage: peerage webhooks listen [--port PORT] [--secret SECRET] [--answer STATUS] [--count N]\n\n"
	"Prints what webhooks send to http://127.0.0.1:PORT/ (9000; 0 takes a free one) and answers each with STATUS (200). With the\n"
	"webhook's secret the signature is checked. --count N ends after N requests. The setting internal_hosts must name 127.0.0.1.\n";

enum { BODY_MAX = LIMIT_BODY, HEAD_MAX = 64 * 1024, PATIENCE_SECONDS = 10 };

struct listener {
	struct cli *c;
	const char *port, *secret, *answer, *count;
};

struct heard {
	const char *line, *signature;
	struct map *headers;
	const char *body;
	size_t len;
};

static bool number(const char *text, long least, long most, long *out) {
	char *end;

	*out = strtol(text, &end, 10);
	return *text != '\0' && *end == '\0' && *out >= least && *out <= most;
}

static int open_port(long port, int *bound) {
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int));
	if (fd < 0 || bind(fd, (const struct sockaddr *)&at, sizeof(at)) != 0 || listen(fd, 64) != 0 || getsockname(fd, (struct sockaddr *)&at, &len) != 0)
		return -1;
	*bound = ntohs(at.sin_port);
	return fd;
}

/* ---- reading one request ---- */

static bool more(int fd, struct sbuf *in) {
	ssize_t n;

	sb_reserve(in, 65536);
	n = recv(fd, in->s + in->len, 65536, 0);
	if (n <= 0)
		return false;
	in->len += (size_t)n;
	in->s[in->len] = '\0';
	return true;
}

static void take_headers(struct arena *a, char *text, struct heard *out) {
	char *line = text, *next;

	for (; line != NULL && *line != '\0'; line = next) {
		char *colon;

		next = strstr(line, "\r\n");
		if (next != NULL) {
			*next = '\0';
			next += 2;
		}
		colon = strchr(line, ':');
		if (colon == NULL)
			continue;
		*colon++ = '\0';
		colon += strspn(colon, " ");
		map_set(out->headers, arena_strdup(a, line), val_str(colon));
		if (strcasecmp(line, "X-Hook-Signature") == 0)
			out->signature = colon;
	}
}

static bool hear(struct arena *a, int fd, struct heard *out) {
	struct sbuf in;
	char *end, *line_end;
	const char *length;
	size_t head, len = 0;

	sb_init(&in, a);
	while ((end = strstr(in.s, "\r\n\r\n")) == NULL) {
		if (in.len > HEAD_MAX || !more(fd, &in))
			return false;
	}
	length = strcasestr(in.s, "\r\nContent-Length:");
	if (length != NULL && length < end)
		len = strtoul(length + 17, NULL, 10);
	if (len > BODY_MAX)
		return false;
	head = (size_t)(end - in.s);
	while (in.len < head + 4 + len) {
		if (!more(fd, &in))
			return false;
	}
	in.s[head] = '\0';
	line_end = strstr(in.s, "\r\n");
	*out = (struct heard){ .line = in.s, .headers = map_new(a, 8), .body = in.s + head + 4, .len = len };
	if (line_end != NULL) {
		*line_end = '\0';
		take_headers(a, line_end + 2, out);
	}
	return true;
}

/* ---- printing it ---- */

static const char *verdict(struct listener *l, const struct heard *h) {
	char sum[SHA512_HEX];

	if (l->secret == NULL)
		return NULL;
	if (h->signature == NULL)
		return "missing";
	hmac_sha512_hex(l->secret, h->body, h->len, sum);
	return strlen(h->signature) == SHA512_HEX - 1 && secret_equal(sum, h->signature, SHA512_HEX - 1) ? "right" : "wrong";
}

static void print(struct listener *l, struct arena *a, const struct heard *h) {
	const char *signature = verdict(l, h);
	struct map *m = map_new(a, 4);
	struct val body;
	struct sbuf text;
	struct err ignored;
	size_t i;

	if (!json_parse(a, h->body, h->len, LIMIT_JSON_DEPTH, &body, &ignored))
		body = val_mem(h->body, h->len);
	if (l->c->json) {
		map_set(m, "request", val_str(h->line));
		map_set(m, "headers", val_map(h->headers));
		map_set(m, "signature", val_str_or_null(signature));
		map_set(m, "body", body);
		cli_json_line(l->c, val_map(m));
		fflush(stdout);
		return;
	}
	printf("%s\n", h->line);
	for (i = 0; i < h->headers->n; i++)
		printf("%s: %s\n", map_key(h->headers, i).u.s, map_val(h->headers, i).u.s);
	if (signature != NULL)
		printf("(the signature is %s)\n", signature);
	sb_init(&text, a);
	if (body.type == V_STR)
		sb_mem(&text, h->body, h->len);
	else
		json_write_pretty(&text, body, 2, JSON_AS_IS);
	printf("\n%s\n\n", text.s);
	fflush(stdout);
}

static void answer(struct arena *a, int fd, long status) {
	const char *text = arena_printf(a, "HTTP/1.1 %ld Answer\r\nContent-Type: text/plain\r\nContent-Length: 17\r\nConnection: close\r\n\r\nWebhook received!",
	    status);
	size_t n = strlen(text);

	while (n > 0) {
		ssize_t k = send(fd, text, n, MSG_NOSIGNAL);

		if (k <= 0)
			return;
		text += k;
		n -= (size_t)k;
	}
}

static int listen_here(struct listener *l, long port, long status, long count) {
	struct timeval patience = { .tv_sec = PATIENCE_SECONDS };
	struct arena *a = arena_new_root();
	struct err e;
	int bound, listening = open_port(port, &bound);

	if (listening < 0) {
		err_set(&e, ERR_UNAVAILABLE, NULL, "cannot listen on port %ld: %s", port, strerror(errno));
		return cli_fail(l->c, &e);
	}
	fprintf(stderr, "listening on http://127.0.0.1:%d/\n", bound);
	while (count != 0) {
		struct heard h;
		int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC);

		if (fd < 0)
			continue;
		arena_reset(a);
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
		if (hear(a, fd, &h)) {
			answer(a, fd, status);
			print(l, a, &h);
			count -= count > 0;
		}
		close(fd);
	}
	return 0;
}

int cmd_webhooks(struct cli *c) {
	struct listener l = { .c = c, .port = "9000", .answer = "200", .count = "-1" };
	const struct cli_option options[] = { { "--port", NULL, &l.port }, { "--secret", NULL, &l.secret }, { "--answer", NULL, &l.answer },
		{ "--count", NULL, &l.count }, { NULL, NULL, NULL } };
	long port, status, count;
	int n;

	if (cli_wants_help(c))
		return cli_usage(help, false);
	if (!cli_options(c, options, &n))
		return 2;
	if (n != 1 || strcmp(c->argv[1], "listen") != 0 || !number(l.port, 0, 65535, &port) || !number(l.answer, 200, 599, &status) ||
	    !number(l.count, -1, 1000000000, &count))
		return cli_usage(help, true);
	return listen_here(&l, port, status, count);
}
