/* throttle.c: failed sign-ins are counted per name and address, per address and per name. Without Redis nobody is counted, nobody shut out. */
#include "config.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/secret.h"
#include "web/private.h"

enum { WINDOW_SECONDS = 900 };

static const struct {
	const char *prefix;
	bool name, address;
	int64_t most;           /* failures within the window */
} counters[] = {
	{ "peerage:signin:pair:", true, true, 10 },
	{ "peerage:signin:address:", false, true, 50 },
	{ "peerage:signin:name:", true, false, 200 },   /* high: else anybody could shut somebody out */
};

/* Names are hashed: they come from outside, and may be a password typed into the wrong box. */
static const char *key(struct req *r, size_t i, const char *name) {
	const char *what = arena_printf(r->a, "%s|%s", counters[i].name ? name : "", counters[i].address ? r->client : "");
	char hex[SHA256_HEX];

	return arena_printf(r->a, "%s%.32s", counters[i].prefix, sha256_hex(what, strlen(what), hex));
}

bool throttle_open(struct req *r, const char *name) {
	for (size_t i = 0; i < ARRAY_LEN(counters); i++) {
		const char *value = NULL;
		size_t len;

		if (r->redis == NULL || !redis_get(r->redis, r->a, key(r, i, name), &value, &len))
			return true;
		if (value != NULL && strtoll(value, NULL, 10) >= counters[i].most) {
			log_msg(LOG_LEVEL_WARNING, "sign-in from %s is held back", r->client);
			return req_fail(r, ERR_THROTTLED, "Too many failed sign-ins. Try again in %d minutes.", WINDOW_SECONDS / 60);
		}
	}
	return true;
}

void throttle_failed(struct req *r, const char *name) {
	int64_t n;

	for (size_t i = 0; i < ARRAY_LEN(counters) && r->redis != NULL; i++) {
		if (!redis_count(r->redis, key(r, i, name), WINDOW_SECONDS, &n))
			return;
	}
}
