/* answers.c: a few megabytes of finished JSON, each answer in an arena of its own. */
#include "config.h"

#include <time.h>

#include "web/answers.h"
#include "web/private.h"

enum {
	SLOTS = 64,                     /* two whose hashes meet take turns */
	ONE_MAX = 2 * 1024 * 1024,      /* bytes of an answer */
	ALL_MAX = 5 * 1024 * 1024,
	LEAST = 64 * 1024,              /* what the smallest takes: an arena's block */
	SECONDS_MAX = 2                 /* what depends on the time of day ("expired") is no older */
};

struct kept {
	uint64_t asked;                 /* hash of what was asked last */
	struct arena *a;                /* NULL: there is no answer */
	const char *key, *moment, *etag, *body;
	size_t len;
	time_t made;
};

struct answers {
	struct kept slot[SLOTS];
	size_t bytes, hand;             /* of all; the slot that makes room next */
	struct kept *open;              /* to be filled by the request at hand */
	struct sbuf key;
};

struct answers *answers_new(struct arena *root) {
	struct answers *as = arena_new(root, struct answers, 1);

	sb_init(&as->key, root);
	return as;
}

static size_t weight(const struct kept *k) {
	return k->len > LEAST ? k->len : LEAST;
}

static void drop(struct answers *as, struct kept *k) {
	if (k->a == NULL)
		return;
	as->bytes -= weight(k);
	arena_free(k->a);
	k->a = NULL;
}

static bool worth(const struct req *r) {
	return r->trust && r->route != NULL && r->method == M_GET && r->media == MEDIA_JSON && (r->route->fn == api_list || r->route->fn == api_detail);
}

/* All that an answer depends on beside the database: the address, as this client reaches us, and who asks. */
static uint64_t key_of(struct answers *as, const struct req *r) {
	uint64_t h = 14695981039346656037u;

	sb_reset(&as->key);
	sb_int(&as->key, r->actor.user_id);
	sb_chr(&as->key, ' ');
	sb_str(&as->key, r->store.base_url);
	sb_str(&as->key, r->path);
	sb_chr(&as->key, '?');
	sb_str(&as->key, r->raw_query);
	for (size_t i = 0; i < as->key.len; i++)
		h = (h ^ (unsigned char)as->key.s[i]) * 1099511628211u;         /* FNV-1a */
	return h;
}

static bool fresh(const struct kept *k, const char *moment) {
	return strcmp(k->moment, moment) == 0 && time(NULL) - k->made < SECONDS_MAX;
}

static void give(const struct kept *k, struct req *r) {
	r->response_type = "application/json";
	sb_mem(&r->body, k->body, k->len);
	if (k->etag != NULL)
		req_header(r, "ETag", arena_strdup(r->a, k->etag));
}

bool answers_give(struct answers *as, struct req *r, bool *given) {
	uint64_t hash;
	struct kept *k;

	*given = false;
	as->open = NULL;
	if (!worth(r))
		return true;
	hash = key_of(as, r);
	k = &as->slot[hash % SLOTS];
	if (k->asked != hash) {
		drop(as, k);
		k->asked = hash;
		return true;
	}
	recall_mark(r->recall);
	if (k->a != NULL && strcmp(k->key, as->key.s) == 0) {
		if (!recall_ask(r->recall, r->a, &r->err))
			return false;
		*given = fresh(k, recall_moment(r->recall));
		if (*given)
			give(k, r);
		else
			drop(as, k);
		return true;
	}
	as->open = k;
	return true;
}

void answers_keep(struct answers *as, const struct req *r) {
	struct kept *k = as->open;
	const char *etag = response_header(r, "ETag"), *moment = recall_moment(r->recall);      /* of the headers only that one is kept */

	as->open = NULL;
	if (k == NULL || !worth(r) || r->nheaders > (etag != NULL) || (r->status != 0 && r->status != 200) || moment[0] == '\0' || r->body.len > ONE_MAX ||
	    strcmp(r->response_type, "application/json") != 0)
		return;
	drop(as, k);
	k->a = arena_new_root();
	k->key = arena_strdup(k->a, as->key.s);
	k->moment = arena_strdup(k->a, moment);
	k->etag = etag == NULL ? NULL : arena_strdup(k->a, etag);
	k->body = arena_strndup(k->a, r->body.s, r->body.len);
	k->len = r->body.len;
	k->made = time(NULL);
	as->bytes += weight(k);
	for (; as->bytes > ALL_MAX; as->hand = (as->hand + 1) % SLOTS) {
		if (&as->slot[as->hand] != k)
			drop(as, &as->slot[as->hand]);
	}
}
