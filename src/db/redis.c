/* redis.c: the one file that knows hiredis. A command that fails once on a broken connection is tried on a new one. */
#include "config.h"

#include <hiredis/hiredis.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "db/redis.h"

struct redis {
	redisContext *c;
	const char *host, *path, *password;
	int port, db;
};

static void redis_close(void *p) {
	struct redis *r = p;

	if (r->c != NULL)
		redisFree(r->c);
}

/* redis://[:password@]host[:port][/db] */
static void parse_tcp(struct arena *a, struct redis *r, const char *s) {
	const char *at = strrchr(s, '@'), *end;

	if (at != NULL) {
		const char *colon = memchr(s, ':', (size_t)(at - s));

		if (colon != NULL)
			r->password = arena_strndup(a, colon + 1, (size_t)(at - colon - 1));
		s = at + 1;
	}
	end = s + strcspn(s, ":/");
	r->host = end == s ? "127.0.0.1" : arena_strndup(a, s, (size_t)(end - s));
	r->port = 6379;
	if (*end == ':')
		r->port = (int)strtol(end + 1, NULL, 10);
	end = strchr(end, '/');
	if (end != NULL)
		r->db = (int)strtol(end + 1, NULL, 10);
}

struct redis *redis_new(struct arena *a, const char *url) {
	struct redis *r = arena_new(a, struct redis, 1);

	if (strncmp(url, "unix:", 5) == 0) {
		const char *path = url + 5, *query;

		if (strncmp(path, "//", 2) == 0)
			path += 2;
		query = strchr(path, '?');
		r->path = query == NULL ? arena_strdup(a, path) : arena_strndup(a, path, (size_t)(query - path));
		if (query != NULL && strncmp(query, "?db=", 4) == 0)
			r->db = (int)strtol(query + 4, NULL, 10);
	} else {
		parse_tcp(a, r, strncmp(url, "redis://", 8) == 0 ? url + 8 : url);
	}
	arena_defer(a, redis_close, r);
	return r;
}

static bool greet(struct redis *r, const char *format, const char *arg) {
	redisReply *reply = redisCommand(r->c, format, arg);
	bool ok = reply != NULL && reply->type != REDIS_REPLY_ERROR;

	if (reply != NULL)
		freeReplyObject(reply);
	return ok;
}

static bool redis_connect(struct redis *r) {
	struct timeval patience = { .tv_sec = 2 };
	char db[16];

	if (r->c != NULL)
		redisFree(r->c);
	r->c = r->path != NULL ? redisConnectUnixWithTimeout(r->path, patience) : redisConnectWithTimeout(r->host, r->port, patience);
	if (r->c == NULL || r->c->err != 0) {
		log_msg(LOG_LEVEL_DEBUG, "redis: %s", r->c == NULL ? "out of memory" : r->c->errstr);
		return false;
	}
	redisSetTimeout(r->c, patience);
	snprintf(db, sizeof(db), "%d", r->db);
	return (r->password == NULL || greet(r, "AUTH %s", r->password)) && (r->db == 0 || greet(r, "SELECT %s", db));
}

/* NULL when Redis is away or says no; the caller frees the reply. */
static redisReply *command(struct redis *r, const char *const *args, const size_t *lens, int n) {
	const char **argv = (const char **)(uintptr_t)args;
	redisReply *reply = NULL;
	int attempt;

	for (attempt = 0; attempt < 2 && reply == NULL; attempt++) {
		if ((r->c == NULL || r->c->err != 0) && !redis_connect(r))
			return NULL;
		reply = redisCommandArgv(r->c, n, argv, lens);
	}
	if (reply != NULL && reply->type == REDIS_REPLY_ERROR) {
		log_msg(LOG_LEVEL_WARNING, "redis: %s", reply->str);
		freeReplyObject(reply);
		return NULL;
	}
	return reply;
}

static bool simple(struct redis *r, const char *const *args, const size_t *lens, int n) {
	redisReply *reply = command(r, args, lens, n);

	if (reply == NULL)
		return false;
	freeReplyObject(reply);
	return true;
}

bool redis_publish(struct redis *r, const char *channel, const char *message) {
	const char *args[] = { "PUBLISH", channel, message };
	size_t lens[] = { 7, strlen(channel), strlen(message) };

	return simple(r, args, lens, 3);
}

/* INCR and the expiry in one step of the server, so that a counter never stays for ever. */
bool redis_count(struct redis *r, const char *key, unsigned seconds, int64_t *n) {
	static const char script[] = "local n = redis.call('INCR', KEYS[1]) if n == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end return n";
	char life[16];
	const char *args[] = { "EVAL", script, "1", key, life };
	size_t lens[5], i;
	redisReply *reply;

	snprintf(life, sizeof(life), "%u", seconds);
	for (i = 0; i < ARRAY_LEN(args); i++)
		lens[i] = strlen(args[i]);
	reply = command(r, args, lens, 5);
	if (reply == NULL)
		return false;
	*n = reply->integer;
	freeReplyObject(reply);
	return true;
}

bool redis_get(struct redis *r, struct arena *a, const char *key, const char **value, size_t *len) {
	const char *args[] = { "GET", key };
	size_t lens[] = { 3, strlen(key) };
	redisReply *reply = command(r, args, lens, 2);
	bool found = reply != NULL && reply->type == REDIS_REPLY_STRING;

	if (found) {
		*value = arena_strndup(a, reply->str, reply->len);
		*len = reply->len;
	}
	if (reply != NULL)
		freeReplyObject(reply);
	return found;
}

bool redis_set(struct redis *r, const char *key, const char *value, size_t len, unsigned seconds) {
	char life[16];
	const char *args[] = { "SET", key, value, "EX", life };
	size_t lens[5];

	snprintf(life, sizeof(life), "%u", seconds);
	lens[0] = 3;
	lens[1] = strlen(key);
	lens[2] = len;
	lens[3] = 2;
	lens[4] = strlen(life);
	return simple(r, args, lens, 5);
}

bool redis_subscribe(struct redis *r, const char *channel) {
	const char *args[] = { "SUBSCRIBE", channel };
	size_t lens[] = { 9, strlen(channel) };

	return simple(r, args, lens, 2);
}

int redis_fd(const struct redis *r) {
	return r->c == NULL || r->c->err != 0 ? -1 : r->c->fd;
}

static bool hang_up(struct redis *r) {
	redisFree(r->c);
	r->c = NULL;
	return false;
}

bool redis_heard(struct redis *r, struct arena *a, const char **message) {
	*message = NULL;
	while (redis_fd(r) >= 0) {
		struct pollfd p = { .fd = r->c->fd, .events = POLLIN };
		void *got = NULL;
		redisReply *reply;

		if (redisReaderGetReply(r->c->reader, &got) != REDIS_OK)
			return hang_up(r);
		reply = got;
		if (reply == NULL) {
			if (poll(&p, 1, 0) <= 0)
				return true;
			if (redisBufferRead(r->c) != REDIS_OK)
				return hang_up(r);
			continue;
		}
		if (reply->type == REDIS_REPLY_ARRAY && reply->elements == 3 && strcmp(reply->element[0]->str, "message") == 0)
			*message = arena_strndup(a, reply->element[2]->str, reply->element[2]->len);
		freeReplyObject(reply);
		if (*message != NULL)
			return true;
	}
	return false;
}
