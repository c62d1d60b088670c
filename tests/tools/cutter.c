/*
 * cutter.c: a proxy that spoils connections: `cutter PORT TO_PORT HOW [BYTES]`, on the loopback. It serves one connection at a time.
 *   cut N     closes both sides after N bytes from the server
 *   stall N   stops passing anything on after N bytes from the server, and stays connected
 *   garbage   answers with noise, whatever comes
 *   flood     sends an endless SSH greeting
 *   mute      takes the connection and says nothing
 */
#include "config.h"

#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct sockaddr_in at(const char *port) {
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)strtoul(port, NULL, 10)) };

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return a;
}

static bool pass(int from, int to, size_t *left) {
	char piece[4096];
	ssize_t n = read(from, piece, left != NULL && *left < sizeof(piece) ? *left : sizeof(piece));

	if (n <= 0 || write(to, piece, (size_t)n) != n)
		return false;
	if (left != NULL)
		*left -= (size_t)n;
	return true;
}

/* Both ways, until so many bytes have come from the server. */
static void relay(int client, const char *port, bool stall, size_t left) {
	struct sockaddr_in a = at(port);
	int server = socket(AF_INET, SOCK_STREAM, 0);
	struct pollfd p[2] = { { .fd = client, .events = POLLIN }, { .fd = server, .events = POLLIN } };
	char piece[4096];

	if (connect(server, (struct sockaddr *)&a, sizeof(a)) == 0) {
		while (left > 0 && poll(p, 2, 60000) > 0) {
			if ((p[0].revents != 0 && !pass(client, server, NULL)) || (p[1].revents != 0 && !pass(server, client, &left)))
				break;
		}
		while (stall && left == 0 && read(client, piece, sizeof(piece)) > 0)
			;
	}
	close(server);
}

static void pour(int client, const char *piece, size_t n) {
	while (write(client, piece, n) == (ssize_t)n)
		;
}

static void spoil(int client, char **argv, int argc) {
	char piece[4096];

	if (strcmp(argv[3], "cut") == 0 || strcmp(argv[3], "stall") == 0) {
		relay(client, argv[2], argv[3][0] == 's', argc > 4 ? strtoul(argv[4], NULL, 10) : 0);
	} else if (strcmp(argv[3], "garbage") == 0) {
		if (write(client, "HTTP/1.1 400 Bad Request\r\n\r\n\001\002\003", 31) == 31 && write(client, piece, 0) == 0)
			while (read(client, piece, sizeof(piece)) > 0)
				;
	} else if (strcmp(argv[3], "flood") == 0) {
		memset(piece, 'x', sizeof(piece));
		pour(client, piece, sizeof(piece));
	} else {
		while (read(client, piece, sizeof(piece)) > 0)
			;
	}
}

int main(int argc, char **argv) {
	int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1, client;
	struct sockaddr_in a;

	if (argc < 4)
		return fprintf(stderr, "usage: cutter PORT TO_PORT cut|stall|garbage|flood|mute [BYTES]\n") > 0 ? 2 : 7;
	signal(SIGPIPE, SIG_IGN);
	a = at(argv[1]);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&a, sizeof(a)) != 0 || listen(fd, 16) != 0)
		return perror("cutter"), 1;
	while ((client = accept(fd, NULL, NULL)) >= 0) {
		spoil(client, argv, argc);
		close(client);
	}
	return 0;
}
