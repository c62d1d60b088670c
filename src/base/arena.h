/*
 * arena.h: memory with a lifetime instead of an owner.
 *
 * What a function returns that takes an arena lives as long as that arena: the process, one request, one job.
 * Nothing is freed by hand. Running out of memory ends the process; no caller checks.
 */
#ifndef PEERAGE_ARENA_H
#define PEERAGE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

/* A place in an arena to go back to; valid until the arena is reset or rewound to an earlier mark. */
struct arena_mark {
	void  *block;
	size_t used;
	void  *cleanups;
};

/* A new arena; ends the process rather than return NULL. arena_free() gives all of it back, running the cleanups. */
struct arena *arena_new_root(void);
void arena_free(struct arena *);

/* Forget all that was allocated, after running the cleanups newest first. One block is kept for what comes next. */
void arena_reset(struct arena *);

/* `n` zeroed bytes aligned for any type. n may be 0: the pointer is then valid but points at nothing. */
void *arena_alloc(struct arena *, size_t n);

/* The same with anything in them: for who writes all of it at once. */
void *arena_alloc_raw(struct arena *, size_t n);

/* `n` items of `size` zeroed bytes; ends the process when the product overflows. */
void *arena_array(struct arena *, size_t n, size_t size);
#define arena_new(a, type, n) ((type *)arena_array((a), (n), sizeof(type)))

/* Grow `old`, which holds `oldlen` bytes of this arena, to `newlen`: in place if it was allocated last, else by a copy. */
void *arena_grow(struct arena *, void *old, size_t oldlen, size_t newlen);
void *arena_grow_raw(struct arena *, void *old, size_t oldlen, size_t newlen);  /* the new part not zeroed */

char *arena_strdup(struct arena *, const char *);
char *arena_strndup(struct arena *, const char *, size_t len);     /* always ends in NUL; may contain NULs */
char *arena_printf(struct arena *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *, const char *fmt, va_list) __attribute__((format(printf, 2, 0)));

/* Run fn(arg) when the arena is reset, rewound past this point or freed: how a PGresult or a descriptor is tied to it. */
void arena_defer(struct arena *, void (*fn)(void *), void *arg);

/* Scratch: what was allocated since the mark is gone after the rewind. For loops over many rows. */
struct arena_mark arena_mark(struct arena *);
void arena_rewind(struct arena *, struct arena_mark);

/* Bytes handed out since the last reset, for limits and for the memory curve of a long-running process. */
size_t arena_used(const struct arena *);

#endif
