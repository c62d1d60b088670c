/*
 * arena.c: blocks from malloc, handed out by moving a pointer.
 *
 * With PEERAGE_DEVEL every allocation is a malloc of its own and is filled on release, so that ASan and valgrind see
 * an overrun of one byte and any use after a reset, which a real arena hides.
 */
#define PEERAGE_ARENA_C
#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

enum { BLOCK_MIN = 64 * 1024, ALIGN = 8 };     /* ALIGN: of all that is kept in arenas; nothing needs more */

struct block {
	struct block *next;
	size_t size, used;              /* of data */
	_Alignas(16) char data[];
};

struct cleanup {
	struct cleanup *next;
	void (*fn)(void *);
	void *arg;
};

struct arena {
	struct block *head;             /* newest first */
	struct cleanup *cleanups;       /* newest first; each lies in the arena itself */
	size_t used;
	bool marked;                    /* since the last reset */
	struct block *spare;            /* one that a rewind gave back: the next is often asked for at once */
};

static NORETURN void no_memory(size_t n) {
	fprintf(stderr, "peerage: out of memory (wanted %zu bytes)\n", n);
	abort();
}

static struct block *block_new(size_t size) {
	struct block *b = malloc(sizeof(*b) + size);

	if (b == NULL)
		no_memory(size);
	b->next = NULL;
	b->size = size;
	b->used = 0;
	return b;
}

static void block_release(struct block *b) {
#ifdef PEERAGE_DEVEL
	memset(b->data, 0xDD, b->size);
#endif
	free(b);
}

struct arena *arena_new_root(void) {
	struct arena *a = calloc(1, sizeof(*a));

	if (a == NULL)
		no_memory(sizeof(*a));
	return a;
}

static size_t round_up(size_t n) {
	if (n > SIZE_MAX - ALIGN - sizeof(struct block))
		no_memory(n);
	return (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

void *arena_alloc_raw(struct arena *a, size_t n) {
	struct block *b = a->head;
	size_t want = round_up(n);

#ifdef PEERAGE_DEVEL
	b = block_new(n == 0 ? 1 : n);  /* exactly what was asked for: the tools watch its edges */
	b->next = a->head;
	a->head = b;
	b->used = b->size;
	memset(b->data, 0xAA, b->size); /* who asked for it writes before he reads */
	a->used += b->used;             /* what a rewind takes off again */
	(void)want;
	return b->data;
#else
	if (b != NULL && b->size - b->used >= want) {
		void *p = b->data + b->used;

		b->used += want;
		a->used += want;
		return p;
	}
	if (b != NULL && want > BLOCK_MIN / 16 && want <= BLOCK_MIN && !a->marked) {
		struct block *own = block_new(want);    /* beside the newest, which has room for smaller things */

		own->next = b->next;
		b->next = own;
		own->used = want;
		a->used += want;
		return own->data;
	}
	b = want <= BLOCK_MIN && a->spare != NULL ? a->spare : block_new(want > BLOCK_MIN ? want : BLOCK_MIN);
	if (b == a->spare)
		a->spare = NULL;
	b->next = a->head;
	a->head = b;
	b->used = want;
	a->used += want;
	return b->data;
#endif
}

void *arena_alloc(struct arena *a, size_t n) {
	char *p = arena_alloc_raw(a, n);

#ifndef PEERAGE_DEVEL
	/* most things are small, and what is handed out is a multiple of eight bytes: no call for those */
	if (n <= 8 * ALIGN) {
		size_t i;

		for (i = 0; i < n; i += ALIGN)
			__builtin_memset(p + i, 0, ALIGN);
		return p;
	}
#endif
	return memset(p, 0, n);
}

void *arena_array(struct arena *a, size_t n, size_t size) {
	if (size != 0 && n > SIZE_MAX / 2 / size)
		no_memory(n);
	return arena_alloc(a, n * size);
}

static void *grow(struct arena *a, void *old, size_t oldlen, size_t newlen) {
	struct block *b = a->head;
	void *p;

#ifndef PEERAGE_DEVEL
	/* A large thing alone in its block moves with it: no second copy. Not when a mark may point at the block. */
	if (old != NULL && b != NULL && !a->marked && old == b->data && oldlen > BLOCK_MIN && b->used == round_up(oldlen) && newlen > oldlen) {
		size_t size = round_up(newlen);

		b = realloc(b, sizeof(*b) + size);
		if (b == NULL)
			no_memory(size);
		a->used += size - b->used;
		b->size = b->used = size;
		a->head = b;
		return b->data;
	}
	if (old != NULL && newlen >= oldlen && (char *)old + round_up(oldlen) == b->data + b->used &&
	    round_up(newlen) - round_up(oldlen) <= b->size - b->used) {
		b->used += round_up(newlen) - round_up(oldlen);
		a->used += round_up(newlen) - round_up(oldlen);
		return old;
	}
#else
	(void)b;
#endif
	p = arena_alloc_raw(a, newlen);
	if (oldlen > 0)
		memcpy(p, old, oldlen < newlen ? oldlen : newlen);
	return p;
}

void *arena_grow_raw(struct arena *a, void *old, size_t oldlen, size_t newlen) {
	return grow(a, old, oldlen, newlen);
}

void *arena_grow(struct arena *a, void *old, size_t oldlen, size_t newlen) {
	char *p = grow(a, old, oldlen, newlen);

	if (newlen > oldlen)
		memset(p + oldlen, 0, newlen - oldlen);
	return p;
}

char *arena_strndup(struct arena *a, const char *s, size_t len) {
	char *p = arena_alloc_raw(a, len + 1);

	if (len > 0)
		memcpy(p, s, len);
	p[len] = '\0';
	return p;
}

char *arena_strdup(struct arena *a, const char *s) {
	return arena_strndup(a, s, strlen(s));
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap) {
	va_list again;
	char *p;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		no_memory(0);
	p = arena_alloc(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	return p;
}

char *arena_printf(struct arena *a, const char *fmt, ...) {
	va_list ap;
	char *p;

	va_start(ap, fmt);
	p = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return p;
}

void arena_defer(struct arena *a, void (*fn)(void *), void *arg) {
	struct cleanup *c = arena_alloc(a, sizeof(*c));

	c->fn = fn;
	c->arg = arg;
	c->next = a->cleanups;
	a->cleanups = c;
}

struct arena_mark arena_mark(struct arena *a) {
	a->marked = true;
	return (struct arena_mark){ .block = a->head, .used = a->head == NULL ? 0 : a->head->used, .cleanups = a->cleanups };
}

void arena_rewind(struct arena *a, struct arena_mark m) {
	struct block *b;

	while (a->cleanups != m.cleanups) {
		struct cleanup *c = a->cleanups;

		a->cleanups = c->next;
		c->fn(c->arg);
	}
	while ((b = a->head) != m.block) {
		a->head = b->next;
		a->used -= b->used;
#ifndef PEERAGE_DEVEL
		if (a->spare == NULL && b->size == BLOCK_MIN) {
			b->used = 0;
			a->spare = b;
			continue;
		}
#endif
		block_release(b);
	}
	if (b != NULL) {
		a->used -= b->used - m.used;
		b->used = m.used;
	}
}

void arena_reset(struct arena *a) {
	struct block *keep = NULL, *b;

	arena_rewind(a, (struct arena_mark){ .block = a->head, .used = a->head == NULL ? 0 : a->head->used });
	while ((b = a->head) != NULL) {
		a->head = b->next;
#ifndef PEERAGE_DEVEL
		if (keep == NULL && b->size == BLOCK_MIN) {
			keep = b;
			continue;
		}
#endif
		block_release(b);
	}
	a->head = keep;
	a->used = 0;
	a->marked = false;
	if (keep != NULL) {
		keep->next = NULL;
		keep->used = 0;
	}
}

void arena_free(struct arena *a) {
	if (a == NULL)
		return;
	arena_reset(a);
	if (a->head != NULL)
		block_release(a->head);
	if (a->spare != NULL)
		block_release(a->spare);
	free(a);
}

size_t arena_used(const struct arena *a) {
	return a->used;
}
