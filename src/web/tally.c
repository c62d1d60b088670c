/* tally.c: counters in a file that all processes of a host map. A slot is claimed once, by its hash, and never given back. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "web/tally.h"

enum { COUNTERS = 4096, FAMILIES = 16, BUCKETS = 12, KEY = 112, MAGIC = 0x50544c31 };

/* Upper ends of the buckets in seconds: a page should take a millisecond, a web server gives up after minutes. */
static const char *const bucket_text[BUCKETS] = { "0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1.0", "2.5", "10.0" };
static const double bucket_end[BUCKETS] = { 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10 };

/* `hash` 0: free. The key is there to read once `ready` is set. */
struct counter {
	_Atomic uint32_t hash, ready;
	_Atomic uint64_t n;
	char key[KEY];                  /* the labels, as they are printed */
};

struct histogram {
	_Atomic uint32_t hash, ready;
	_Atomic uint64_t bucket[BUCKETS + 1], micros;
	char family[32];
};

struct tally {
	uint32_t magic, size;
	struct histogram histograms[FAMILIES];
	struct counter counters[COUNTERS];
};

/* FNV-1a, never 0: http://www.isthe.com/chongo/tech/comp/fnv/ */
static uint32_t hash_of(const char *s) {
	uint32_t h = 2166136261u;

	for (; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return h == 0 ? 1 : h;
}

static struct tally *map_file(const char *path, struct err *e) {
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	struct tally *t = MAP_FAILED;
	struct stat st;

	if (fd == -1) {
		err_set(e, ERR_INVALID, "tally_file", "%s: %s", path, strerror(errno));
		return MAP_FAILED;
	}
	if (fstat(fd, &st) == 0 && (st.st_size >= (off_t)sizeof(*t) || ftruncate(fd, (off_t)sizeof(*t)) == 0))
		t = mmap(NULL, sizeof(*t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (t == MAP_FAILED)
		err_set(e, ERR_INVALID, "tally_file", "%s: %s", path, strerror(errno));
	close(fd);
	return t;
}

struct tally *tally_open(struct arena *a, const char *path, bool *shared, struct err *e) {
	struct tally *t = *path == '\0' ? MAP_FAILED : map_file(path, e);

	if (t != MAP_FAILED && t->magic != 0 && (t->magic != MAGIC || t->size != sizeof(*t))) {
		/* another version's: those who have it keep it, who comes now starts a new one */
		munmap(t, sizeof(*t));
		unlink(path);
		t = map_file(path, e);
	}
	*shared = t != MAP_FAILED;
	if (t == MAP_FAILED)
		t = arena_alloc(a, sizeof(*t));
	t->magic = MAGIC;
	t->size = sizeof(*t);
	return t;
}

/* The slot of `key`: its own, or a free one that becomes its own. True: it is new, and the caller writes the key and sets ready. */
static bool claim(_Atomic uint32_t *hash, uint32_t want, bool *mine) {
	uint32_t seen = 0;

	*mine = atomic_compare_exchange_strong(hash, &seen, want);
	return *mine || seen == want;
}

static struct counter *counter_find(struct tally *t, const char *key) {
	uint32_t h = hash_of(key);

	for (uint32_t i = 0; i < 32; i++) {
		struct counter *c = &t->counters[(h + i) % COUNTERS];
		bool mine;

		if (!claim(&c->hash, h, &mine))
			continue;
		if (mine) {
			memcpy(c->key, key, strlen(key) + 1);
			atomic_store_explicit(&c->ready, 1, memory_order_release);
		} else if (atomic_load_explicit(&c->ready, memory_order_acquire) != 0 && strcmp(c->key, key) != 0) {
			continue;               /* the same hash by chance */
		}
		return c;
	}
	return NULL;                            /* full: better to miss a count than a request */
}

static struct histogram *histogram_find(struct tally *t, const char *family) {
	uint32_t h = hash_of(family);

	for (uint32_t i = 0; i < FAMILIES; i++) {
		struct histogram *g = &t->histograms[(h + i) % FAMILIES];
		bool mine;

		if (!claim(&g->hash, h, &mine))
			continue;
		if (mine) {
			memcpy(g->family, family, strnlen(family, sizeof(g->family) - 1));
			atomic_store_explicit(&g->ready, 1, memory_order_release);
		}
		return g;
	}
	return NULL;
}

void tally_request(struct tally *t, const char *family, const char *method, const char *route, int status, double seconds) {
	char key[KEY];
	int n = snprintf(key, sizeof(key), "family=\"%s\",method=\"%s\",route=\"%s\",status=\"%d\"", family, method, route, status);
	struct counter *c = n > 0 && n < KEY ? counter_find(t, key) : NULL;
	struct histogram *g = histogram_find(t, family);
	size_t i = 0;

	if (c != NULL)
		atomic_fetch_add_explicit(&c->n, 1, memory_order_relaxed);
	if (g == NULL)
		return;
	while (i < BUCKETS && seconds > bucket_end[i])
		i++;
	atomic_fetch_add_explicit(&g->bucket[i], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&g->micros, (uint64_t)(seconds * 1e6), memory_order_relaxed);
}

static unsigned long long at(const _Atomic uint64_t *n) {
	return (unsigned long long)atomic_load_explicit(n, memory_order_relaxed);
}

static void histogram_write(const struct histogram *g, struct sbuf *b) {
	static const char name[] = "peerage_http_request_duration_seconds";
	unsigned long long sum = 0;

	for (size_t i = 0; i <= BUCKETS; i++) {
		sum += at(&g->bucket[i]);
		sb_fmt(b, "%s_bucket{family=\"%s\",le=\"%s\"} %llu\n", name, g->family, i < BUCKETS ? bucket_text[i] : "+Inf", sum);
	}
	sb_fmt(b, "%s_sum{family=\"%s\"} %.6f\n%s_count{family=\"%s\"} %llu\n", name, g->family, (double)at(&g->micros) / 1e6,
	    name, g->family, sum);
}

void tally_write(const struct tally *t, struct sbuf *b) {
	sb_str(b, "# TYPE peerage_http_requests counter\n# HELP peerage_http_requests Requests answered, by program, method, route and status.\n");
	for (size_t i = 0; i < COUNTERS; i++) {
		const struct counter *c = &t->counters[i];

		if (atomic_load_explicit(&c->ready, memory_order_acquire) != 0)
			sb_fmt(b, "peerage_http_requests_total{%s} %llu\n", c->key, at(&c->n));
	}
	sb_str(b, "# TYPE peerage_http_request_duration_seconds histogram\n# UNIT peerage_http_request_duration_seconds seconds\n"
	    "# HELP peerage_http_request_duration_seconds From reading a request to its answer, by program.\n");
	for (size_t i = 0; i < FAMILIES; i++) {
		if (atomic_load_explicit(&t->histograms[i].ready, memory_order_acquire) != 0)
			histogram_write(&t->histograms[i], b);
	}
}

void tally_label(struct sbuf *b, const char *s) {
	for (; *s != '\0'; s++) {
		if (*s == '\n')
			sb_str(b, "\\n");
		else if (*s == '"' || *s == '\\')
			sb_fmt(b, "\\%c", *s);
		else
			sb_chr(b, *s);
	}
}
