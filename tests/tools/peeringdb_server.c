/*
 * peeringdb_server.c: a stand-in for PeeringDB's API and its daily files.   peeringdb_server DIR
 *
 * DIR/<tag>.json has the rows, {"data": [...]}, deleted ones too; they are read anew for each request, as is the rest of DIR:
 *   since/<tag>.json   what is answered to `since` instead, for large sets
 *   key                the API key; who has none sees contacts that are Public only, who has another is refused
 *   generated          seconds since 1970 that the daily files say they were made
 *   behaviour          lines `TAG WHAT [ARGUMENT [TIMES]]`, TAG `*` for all: what goes wrong (see misbehave())
 * It writes DIR/port when it listens and a line a request to DIR/requests. One request at a time; ends with its parent.
 */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/json.h"

enum { RULES = 64 };

struct rule {
	char tag[16], what[16], argument[200];
	int times;              /* 0: always */
};

struct server {
	const char *dir;
	struct arena *a;
	int fd;                 /* the connection */
	struct { char line[256]; int used; } spent[RULES];
	char path[2048], key[200];
	bool has_key;
};

static char *slurp(struct arena *a, const char *path, size_t *len) {
	FILE *f = fopen(path, "r");
	struct sbuf b;
	char chunk[65536];
	size_t n;

	if (f == NULL)
		return NULL;
	sb_init(&b, a);
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		sb_mem(&b, chunk, n);
	fclose(f);
	*len = b.len;
	return b.s;
}

static char *small(struct server *s, const char *name) {
	size_t n;
	char *text = slurp(s->a, arena_printf(s->a, "%s/%s", s->dir, name), &n);

	if (text != NULL)
		text[strcspn(text, "\n")] = '\0';
	return text;
}

/* ---- answering ---- */

static bool out(struct server *s, const char *data, size_t n) {
	while (n > 0) {
		ssize_t k = send(s->fd, data, n, MSG_NOSIGNAL);

		if (k <= 0)
			return false;
		data += k;
		n -= (size_t)k;
	}
	return true;
}

static void head(struct server *s, const char *status, const char *type, const char *more, size_t length) {
	const char *text = arena_printf(s->a, "HTTP/1.1 %s\r\nContent-Type: %s\r\nConnection: close\r\n%sContent-Length: %zu\r\n\r\n", status, type, more, length);

	out(s, text, strlen(text));
}

static void reply(struct server *s, const char *status, const char *more, const char *body) {
	head(s, status, "application/json", more, strlen(body));
	out(s, body, strlen(body));
}

static long parameter(const struct server *s, const char *name, long other) {
	const char *p = strchr(s->path, '?');
	size_t n = strlen(name);

	for (; p != NULL; p = strchr(p + 1, '&')) {
		if (strncmp(p + 1, name, n) == 0 && p[1 + n] == '=')
			return strtol(p + 2 + n, NULL, 10);
	}
	return other;
}

/* "2026-04-28T19:05:04Z" */
static long seconds(struct val v) {
	struct tm tm = { 0 };

	return v.type == V_STR && strptime(v.u.s, "%Y-%m-%dT%H:%M:%SZ", &tm) != NULL ? (long)timegm(&tm) : 0;
}

static bool shown(const struct server *s, const char *tag, struct val row, long since) {
	const char *status = val_cstr(map_get(row.u.map, "status"), "ok"), *visible = val_cstr(map_get(row.u.map, "visible"), "Public");

	if (strcmp(tag, "poc") == 0 && !s->has_key && strcmp(visible, "Public") != 0)
		return false;
	if (since <= 0)
		return strcmp(status, "ok") == 0;
	return seconds(map_get(row.u.map, "updated")) > since || seconds(map_get(row.u.map, "created")) > since;
}

static struct val rows_of(struct server *s, const char *tag, bool since) {
	size_t n;
	char *text = since ? slurp(s->a, arena_printf(s->a, "%s/since/%s.json", s->dir, tag), &n) : NULL;
	struct val v;
	struct err e;

	if (text == NULL)
		text = slurp(s->a, arena_printf(s->a, "%s/%s.json", s->dir, tag), &n);
	if (text == NULL || !json_parse(s->a, text, n, 32, &v, &e))
		return val_list(list_new(s->a, 0));
	v = map_get(v.u.map, "data");
	return v.type == V_LIST ? v : val_list(list_new(s->a, 0));
}

static const char *const types[] = { "org", "campus", "fac", "carrier", "carrierfac", "net", "ix", "ixfac", "ixlan", "ixpfx", "netfac", "netixlan", "poc", NULL };

static void put_meta(struct server *s, struct sbuf *b, long since, long page, bool more) {
	const char *generated = small(s, "generated");

	if (page > 0)
		sb_fmt(b, "\"pagination\": {\"page\": %ld, \"has_next\": %s}", page, more ? "true" : "false");
	else if (since <= 0 && generated != NULL)
		sb_fmt(b, "\"generated\": %s", generated);
}

static char *table(struct server *s, const char *tag, long per_page, size_t *len) {
	long since = parameter(s, "since", 0), page = per_page > 0 ? parameter(s, "page", 1) : 0, n = 0;
	struct val rows = rows_of(s, tag, since > 0);
	struct sbuf b;
	size_t i;

	sb_init(&b, s->a);
	sb_str(&b, "{\"data\": [");
	for (i = 0; i < rows.u.list->n; i++) {
		if (!shown(s, tag, rows.u.list->v[i], since) || (n++, page > 0 && (n <= (page - 1) * per_page || n > page * per_page)))
			continue;
		if (b.s[b.len - 1] != '[')
			sb_str(&b, ",\n");
		json_write(&b, rows.u.list->v[i]);
	}
	sb_str(&b, "], \"meta\": {");
	put_meta(s, &b, since, page, n > page * per_page);
	sb_str(&b, "}}");
	*len = b.len;
	return b.s;
}

/* ---- what goes wrong ---- */

static bool rule_used_up(struct server *s, const char *line, int times) {
	size_t i;

	for (i = 0; times > 0 && i < RULES; i++) {
		if (s->spent[i].used == 0)
			snprintf(s->spent[i].line, sizeof(s->spent[i].line), "%s", line);
		if (strcmp(s->spent[i].line, line) == 0)
			return s->spent[i].used++ >= times;
	}
	return false;
}

static struct rule rule_for(struct server *s, const char *tag) {
	size_t n;
	char *line = slurp(s->a, arena_printf(s->a, "%s/behaviour", s->dir), &n), *next;

	for (; line != NULL && *line != '\0'; line = next) {
		struct rule r = { .times = 0 };

		next = line + strcspn(line, "\n");
		if (*next == '\n')
			*next++ = '\0';
		if (sscanf(line, "%15s %15s %199s %d", r.tag, r.what, r.argument, &r.times) >= 2 &&
		    (strcmp(r.tag, tag) == 0 || strcmp(r.tag, "*") == 0) && !rule_used_up(s, line, r.times))
			return r;
	}
	return (struct rule){ .what = "" };
}

/* `chunk` bytes every `ms` milliseconds. */
static void dribble(struct server *s, const char *body, size_t n, size_t chunk, long ms) {
	struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000 * 1000 };
	size_t i;

	for (i = 0; i < n && out(s, body + i, n - i < chunk ? n - i : chunk); i += chunk)
		nanosleep(&t, NULL);
}

/* Nothing, until the other side has had enough. */
static void wait_for_leave(const struct server *s) {
	char c[100];

	while (recv(s->fd, c, sizeof(c), 0) > 0)
		;
}

static void stream(struct server *s) {
	static const char endless[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{\"data\": [";
	const char *blanks = arena_printf(s->a, "%65536s", "");

	if (!out(s, endless, strlen(endless)))
		return;
	while (out(s, blanks, 65536))
		;
}

/* DIR/<name> as the body; what ends in .gz says that it is packed. */
static void send_file(struct server *s, const char *name) {
	size_t n = 0, len = strlen(name);
	char *text = slurp(s->a, arena_printf(s->a, "%s/%s", s->dir, name), &n);

	head(s, "200 OK", "application/json", len > 3 && strcmp(name + len - 3, ".gz") == 0 ? "Content-Encoding: gzip\r\n" : "", n);
	out(s, text == NULL ? "" : text, n);
}

/* What is wrong with the body or with how it comes. */
static bool misbehave_body(struct server *s, const struct rule *r, const char *body, size_t n) {
	static const char html[] = "<!DOCTYPE html><html><body>We are down for maintenance</body></html>";

	if (strcmp(r->what, "html") == 0) {
		head(s, "200 OK", "text/html", "", strlen(html));
		out(s, html, strlen(html));
	} else if (strcmp(r->what, "cut") == 0) {               /* the connection ends before the body does */
		head(s, "200 OK", "application/json", "", n);
		out(s, body, n / 2);
	} else if (strcmp(r->what, "short") == 0) {             /* the body ends before the JSON does */
		head(s, "200 OK", "application/json", "", n / 2);
		out(s, body, n / 2);
	} else if (strcmp(r->what, "slow") == 0) {
		head(s, "200 OK", "application/json", "", n);
		dribble(s, body, n, 1, 100);
	} else if (strcmp(r->what, "steps") == 0) {             /* slowly, and well: in so many steps of a second */
		head(s, "200 OK", "application/json", "", n);
		dribble(s, body, n, n / (size_t)(1 + strtoul(r->argument, NULL, 10)) + 1, 1000);
	} else if (strcmp(r->what, "silent") == 0) {
		wait_for_leave(s);
	} else if (strcmp(r->what, "endless") == 0) {
		stream(s);
	} else if (strcmp(r->what, "garbage") == 0) {
		out(s, "SSH-2.0-PeeringDB\r\n\r\n", 21);
	} else if (strcmp(r->what, "file") == 0) {
		send_file(s, r->argument);
	} else {
		return false;
	}
	return true;
}

/* True: this was the answer. */
static bool misbehave(struct server *s, const struct rule *r, const char *body, size_t n) {
	if (misbehave_body(s, r, body, n))
		return true;
	if (strcmp(r->what, "429") == 0) {
		reply(s, "429 Too Many Requests", arena_printf(s->a, "Retry-After: %s\r\n", r->argument),
		    "{\"meta\": {\"error\": \"Request was throttled.\"}, \"data\": []}");
	} else if (strcmp(r->what, "500") == 0) {
		reply(s, "500 Internal Server Error", "", "{\"meta\": {\"error\": \"Oops\"}}");
	} else if (strcmp(r->what, "401") == 0) {
		reply(s, "401 Unauthorized", "", "{\"meta\": {\"error\": \"Invalid API key\"}}");
	} else if (strcmp(r->what, "403") == 0) {
		reply(s, "403 Forbidden", "", "{\"meta\": {\"error\": \"Inactive API key\"}}");
	} else if (strcmp(r->what, "204") == 0) {
		reply(s, "204 No Content", "", "");
	} else if (strcmp(r->what, "404") == 0) {
		reply(s, "404 Not Found", "", "{\"meta\": {\"error\": \"Entity not found\"}}");
	} else if (strcmp(r->what, "redirect") == 0) {
		reply(s, "302 Found", arena_printf(s->a, "Location: %s\r\n", r->argument), "{}");
	} else if (strcmp(r->what, "close") != 0) {
		return false;
	}
	return true;
}

/* ---- requests ---- */

static void note(struct server *s) {
	FILE *f = fopen(arena_printf(s->a, "%s/requests", s->dir), "a");

	if (f == NULL)
		return;
	fprintf(f, "%s%s\n", s->path, *s->key != '\0' ? " key" : "");
	fclose(f);
}

static bool may(struct server *s) {
	const char *key = small(s, "key");

	s->has_key = key != NULL && strcmp(key, s->key) == 0;
	if (*s->key == '\0' || s->has_key)
		return true;
	reply(s, "401 Unauthorized", "", "{\"meta\": {\"error\": \"Invalid API key\"}}");
	return false;
}

static const char *type_asked(const struct server *s) {
	const char *p = strncmp(s->path, "/api/", 5) == 0 ? s->path + 5 : strncmp(s->path, "/bulk/", 6) == 0 ? s->path + 6 : "";
	size_t n = strcspn(p, "?-"), i;

	for (i = 0; types[i] != NULL; i++) {
		if (strlen(types[i]) == n && strncmp(types[i], p, n) == 0)
			return types[i];
	}
	return NULL;
}

static void answer(struct server *s) {
	const char *tag = type_asked(s);
	struct rule r;
	size_t n;
	char *body;

	note(s);
	if (tag == NULL) {
		reply(s, "404 Not Found", "", "{\"meta\": {\"error\": \"Entity not found\"}}");
		return;
	}
	if (!may(s))
		return;
	r = rule_for(s, tag);
	body = table(s, tag, strcmp(r.what, "page") == 0 ? strtol(r.argument, NULL, 10) : 0, &n);
	if (misbehave(s, &r, body, n))
		return;
	head(s, "200 OK", "application/json", "", n);
	out(s, body, n);
}

static void serve(struct server *s) {
	char buf[8192];
	size_t n = 0;
	const char *p;

	while (n < sizeof(buf) - 1) {
		ssize_t k = recv(s->fd, buf + n, sizeof(buf) - 1 - n, 0);

		if (k <= 0)
			return;
		n += (size_t)k;
		buf[n] = '\0';
		if (strstr(buf, "\r\n\r\n") != NULL)
			break;
	}
	s->path[0] = s->key[0] = '\0';
	if (sscanf(buf, "GET %2047s", s->path) != 1)
		return;
	p = strstr(buf, "\r\nAuthorization: Api-Key ");
	if (p != NULL)
		sscanf(p, "\r\nAuthorization: Api-Key %199s", s->key);
	answer(s);
}

int main(int argc, char **argv) {
	struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct server s = { .a = arena_new_root() };
	socklen_t len = sizeof(here);
	int l = socket(AF_INET, SOCK_STREAM, 0);
	FILE *f;

	if (argc != 2)
		return 2;
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	s.dir = argv[1];
	if (l < 0 || bind(l, (struct sockaddr *)&here, sizeof(here)) != 0 || listen(l, 16) != 0 || getsockname(l, (struct sockaddr *)&here, &len) != 0)
		return 1;
	f = fopen(arena_printf(s.a, "%s/port.new", s.dir), "w");
	if (f == NULL)
		return 1;
	fprintf(f, "%d\n", ntohs(here.sin_port));
	fclose(f);
	rename(arena_printf(s.a, "%s/port.new", s.dir), arena_printf(s.a, "%s/port", s.dir));
	for (;;) {
		s.fd = accept(l, NULL, NULL);
		if (s.fd < 0)
			continue;
		serve(&s);
		shutdown(s.fd, SHUT_WR);
		close(s.fd);
		arena_reset(s.a);
	}
}
