/*
 * redis.h: what Redis does for us: wakes the runner, counts for throttles, keeps small things for a while. hiredis is
 * included by redis.c alone. Losing Redis loses nothing: every function says whether it worked, and callers go on.
 */
#ifndef PEERAGE_REDIS_H
#define PEERAGE_REDIS_H

#include "base/base.h"

struct redis;

/* `url`: redis://[:password@]host[:port][/db] or unix:/path[?db=N]. Connects on first use; closed with the arena. */
struct redis *redis_new(struct arena *, const char *url);

bool redis_publish(struct redis *, const char *channel, const char *message);
bool redis_count(struct redis *, const char *key, unsigned seconds, int64_t *n);               /* INCR, expiring `seconds` after the first */
bool redis_get(struct redis *, struct arena *, const char *key, const char **value, size_t *len);
bool redis_set(struct redis *, const char *key, const char *value, size_t len, unsigned seconds);

/*
 * Listening: a connection that subscribes is used for nothing else. redis_fd() is what to poll, -1 when it is not connected.
 * redis_heard() takes the next message that has come, without waiting; *message is NULL when there is none. False: the connection is gone.
 */
bool redis_subscribe(struct redis *, const char *channel);
int redis_fd(const struct redis *);
bool redis_heard(struct redis *, struct arena *, const char **message);

#endif
