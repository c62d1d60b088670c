/*
 * irrd_server.c: a stand-in for a routing registry that speaks IRRd's protocol (https://irrd.readthedocs.io, "whois queries").
 *
 *   irrd_server DIR
 *
 * DIR/data has the registry, read anew for each connection:
 *   set NAME MEMBER ...         members: AS numbers and sets
 *   route4 AS1 PREFIX ...       and route6
 *   slow MILLISECONDS           before every answer
 *   cut NAME                    a question that has this in it is answered half and the connection closed
 *   fail NAME                   is answered with an error
 * It writes DIR/port when it listens and a line a question to DIR/requests. A process a connection; ends with its parent.
 */
#include "config.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LINES = 4000, LINE = 8192, ANSWER = 1 << 20 };

struct server {
	const char *dir;
	char *line[LINES];
	size_t n;
	char seen[LINES][64];   /* sets on the way, so that loops end */
	size_t nseen;
	FILE *to;
};

static void die(const char *why) {
	perror(why);
	exit(1);
}

static const char *path_of(const struct server *s, const char *name) {
	static char path[4096];

	snprintf(path, sizeof(path), "%s/%s", s->dir, name);
	return path;
}

static void read_data(struct server *s) {
	FILE *f = fopen(path_of(s, "data"), "r");
	char line[LINE];

	s->n = 0;
	while (f != NULL && s->n < LINES && fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		s->line[s->n++] = strdup(line);
	}
	if (f != NULL)
		fclose(f);
}

/* What follows "WORD NAME " in the data, or NULL. */
static const char *entry(const struct server *s, const char *word, const char *name) {
	size_t w = strlen(word), n = strlen(name);

	for (size_t i = 0; i < s->n; i++) {
		const char *l = s->line[i];

		if (strncmp(l, word, w) == 0 && l[w] == ' ' && strncasecmp(l + w + 1, name, n) == 0 && (l[w + 1 + n] == ' ' || l[w + 1 + n] == '\0'))
			return l + w + 1 + n;
	}
	return NULL;
}

/* A rule of the data whose argument occurs in the question. */
static bool ruled(const struct server *s, const char *word, const char *question) {
	size_t w = strlen(word);

	for (size_t i = 0; i < s->n; i++) {
		if (strncmp(s->line[i], word, w) == 0 && s->line[i][w] == ' ' && strstr(question, s->line[i] + w + 1) != NULL)
			return true;
	}
	return false;
}

static void answer(struct server *s, const char *data) {
	if (data == NULL)
		fputs("D\n", s->to);
	else if (*data == '\0')
		fputs("C\n", s->to);
	else
		fprintf(s->to, "A%zu\n%s\nC\n", strlen(data) + 1, data);
	fflush(s->to);
}

static void add(char *out, const char *word) {
	size_t n = strlen(out);

	if (n + strlen(word) + 2 < ANSWER)
		snprintf(out + n, ANSWER - n, "%s%s", n == 0 ? "" : " ", word);
}

static bool was_seen(struct server *s, const char *name) {
	for (size_t i = 0; i < s->nseen; i++) {
		if (strcasecmp(s->seen[i], name) == 0)
			return true;
	}
	snprintf(s->seen[s->nseen++], sizeof(s->seen[0]), "%s", name);
	return false;
}

static bool is_number(const char *word) {
	return strncasecmp(word, "AS", 2) == 0 && strspn(word + 2, "0123456789") == strlen(word + 2);
}

/* Members, with `deep` those of sets among them as well. False: there is no such set. */
static bool members(struct server *s, const char *name, bool deep, char *out) {
	const char *found = entry(s, "set", name);
	char *copy, *save = NULL;

	if (found == NULL)
		return false;
	copy = strdup(found);
	for (char *w = strtok_r(copy, " ", &save); w != NULL; w = strtok_r(NULL, " ", &save)) {
		if (deep && !is_number(w)) {
			if (!was_seen(s, w))
				members(s, w, true, out);
		} else {
			add(out, w);
		}
	}
	free(copy);
	return true;
}

static bool routes(struct server *s, const char *word, const char *as, char *out) {
	const char *found = entry(s, word, as);

	if (found == NULL || found[strspn(found, " ")] == '\0')
		return false;
	add(out, found + strspn(found, " "));
	while (out[strlen(out) - 1] == ' ')
		out[strlen(out) - 1] = '\0';
	return true;
}

/* "!a4AS-X", "!aAS-X": the routes of all members. */
static bool all_routes(struct server *s, const char *q, char *out) {
	char *all = calloc(1, ANSWER), *save = NULL;   /* the process ends soon */
	const char *name = q + (*q == '4' || *q == '6');
	bool any = false;

	if (is_number(name))
		add(all, name);
	else if (!members(s, name, true, all)) {
		free(all);
		return false;
	}
	for (char *w = strtok_r(all, " ", &save); w != NULL; w = strtok_r(NULL, " ", &save)) {
		if (*q != '6')
			any = routes(s, "route4", w, out) || any;
		if (*q != '4')
			any = routes(s, "route6", w, out) || any;
	}
	free(all);
	return any;
}

static void ask(struct server *s, const char *q) {
	char *out = calloc(1, ANSWER), name[256];
	bool found = true;

	s->nseen = 0;
	if (strcmp(q, "a") == 0) {      /* how clients find out whether it knows the question */
		fputs("F Missing required set name for A query\n", s->to);
		fflush(s->to);
		free(out);
		return;
	}
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(q + 1, ","), q + 1);
	switch (q[0]) {
	case 'i': found = members(s, name, strstr(q, ",1") != NULL, out); break;
	case 'g': found = routes(s, "route4", name, out); break;
	case '6': found = routes(s, "route6", name, out); break;
	case 'a': found = all_routes(s, name, out); break;
	case 's': if (strcmp(name, "-lc") == 0) add(out, "TEST,OTHER"); break;
	case 'v': add(out, "IRRd -- version 4 (a stand-in)"); break;
	case 'n': case '!': case 't': case 'm': break;
	default:
		fputs("F unrecognised command\n", s->to);
		fflush(s->to);
		free(out);
		return;
	}
	answer(s, found ? out : NULL);
	free(out);
}

static void log_question(const struct server *s, const char *q) {
	FILE *f = fopen(path_of(s, "requests"), "a");

	if (f == NULL)
		return;
	fprintf(f, "%s\n", q);
	fclose(f);
}

static void pause_for(const struct server *s) {
	for (size_t i = 0; i < s->n; i++) {
		if (strncmp(s->line[i], "slow ", 5) == 0) {
			long ms = strtol(s->line[i] + 5, NULL, 10);

			nanosleep(&(struct timespec){ .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 }, NULL);
		}
	}
}

static void talk(struct server *s, int fd) {
	FILE *from = fdopen(dup(fd), "r");
	char q[LINE];

	s->to = fdopen(fd, "w");
	if (from == NULL || s->to == NULL)
		die("fdopen");
	read_data(s);
	while (fgets(q, sizeof(q), from) != NULL) {
		q[strcspn(q, "\r\n")] = '\0';
		log_question(s, q);
		pause_for(s);
		if (strcmp(q, "!q") == 0 || q[0] != '!')
			break;
		if (ruled(s, "cut", q)) {
			fputs("A400\n192.0.2.0/24 ", s->to);
			break;
		}
		if (ruled(s, "fail", q)) {
			fputs("F something broke\n", s->to);
			fflush(s->to);
			continue;
		}
		if (strcmp(q, "!!") != 0)       /* that one has no answer */
			ask(s, q + 1);
	}
	fflush(s->to);
	_exit(0);
}

int main(int argc, char **argv) {
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct server *s = calloc(1, sizeof(*s));
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
	FILE *f;

	if (argc != 2) {
		fprintf(stderr, "usage: irrd_server DIR\n");
		return 2;
	}
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	signal(SIGCHLD, SIG_IGN);
	s->dir = argv[1];
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0 || listen(fd, 64) != 0 || getsockname(fd, (struct sockaddr *)&at, &len) != 0)
		die("listen");
	f = fopen(path_of(s, "port.new"), "w");
	if (f == NULL)
		die("port");
	fprintf(f, "%d\n", ntohs(at.sin_port));
	fclose(f);
	{
		char new[4096];

		snprintf(new, sizeof(new), "%s", path_of(s, "port.new"));
		rename(new, path_of(s, "port"));
	}
	for (;;) {
		int c = accept(fd, NULL, NULL);

		if (c < 0)
			continue;
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGTERM);
			close(fd);
			talk(s, c);
		}
		close(c);
	}
}
