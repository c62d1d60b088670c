/* val.c: lists, ordered maps, equality and hashes of values. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/val.h"

enum { INDEX_FROM = 16 };       /* up to this many entries a scan beats an index */

struct val val_copy(struct arena *a, const char *s, size_t n) {
	return val_mem(arena_strndup(a, s, n), n);
}

struct val val_printf(struct arena *a, const char *fmt, ...) {
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return val_str(s);
}

/* The size of n values. */
static size_t vals(size_t n) {
	if (n > UINT32_MAX / 2)
		abort();                        /* 32 GB: memory ended before */
	return n * sizeof(struct val);
}

/* A list and the room for its items in one piece of memory. */
struct list *list_new(struct arena *a, size_t room) {
	struct { struct list l; struct val v[]; } *one = arena_alloc(a, sizeof(*one) + vals(room));

	one->l = (struct list){ .a = a, .cap = (uint32_t)room, .v = one->v };
	return &one->l;
}

static uint32_t hash_mem(const char *s, size_t n) {
	uint32_t h = 2166136261u;       /* FNV-1a */
	size_t i;

	for (i = 0; i < n; i++)
		h = (h ^ (unsigned char)s[i]) * 16777619u;
	return h;
}

static uint32_t hash_int(int64_t i) {
	uint64_t u = (uint64_t)i * 0x9E3779B97F4A7C15u;

	return (uint32_t)(u >> 32);
}

uint32_t val_hash(struct val v) {
	uint32_t h = 1;
	size_t i;

	switch ((enum vtype)v.type) {
	case V_UNDEF:
	case V_NULL: return 7;
	case V_BOOL: return hash_int(v.u.b ? 1 : 0);
	case V_INT: return hash_int(v.u.i);
	case V_FLOAT:
		if (v.u.f >= -9.2e18 && v.u.f <= 9.2e18 && floor(v.u.f) == v.u.f)
			return hash_int((int64_t)v.u.f);
		return hash_mem((const char *)&v.u.f, sizeof(v.u.f));
	case V_STR: return hash_mem(v.u.s, v.len);
	case V_LIST:
		for (i = 0; i < v.u.list->n; i++)
			h = h * 31 + val_hash(v.u.list->v[i]);
		return h;
	case V_MAP: return (uint32_t)v.u.map->n;
	case V_OBJ:
		if (v.u.obj->class->hash != NULL)
			return v.u.obj->class->hash(v.u.obj);
		return hash_int((int64_t)(intptr_t)v.u.obj);
	case V__COUNT: break;
	}
	abort();
}

static bool number(struct val v, double *f) {
	if (v.type == V_BOOL)
		*f = v.u.b ? 1 : 0;
	else if (v.type == V_INT)
		*f = (double)v.u.i;
	else if (v.type == V_FLOAT)
		*f = v.u.f;
	else
		return false;
	return true;
}

static bool equal_numbers(struct val a, struct val b) {
	double x = 0, y = 0;

	if (a.type != V_FLOAT && b.type != V_FLOAT)
		return (a.type == V_BOOL ? a.u.b : a.u.i) == (b.type == V_BOOL ? b.u.b : b.u.i);
	return number(a, &x) && number(b, &y) && x == y;
}

static bool equal_lists(const struct list *a, const struct list *b) {
	size_t i;

	if (a->n != b->n)
		return false;
	for (i = 0; i < a->n; i++) {
		if (!val_equal(a->v[i], b->v[i]))
			return false;
	}
	return true;
}

static bool equal_maps(const struct map *a, const struct map *b) {
	size_t i;

	if (a->n != b->n)
		return false;
	for (i = 0; i < a->n; i++) {
		const struct val *v = map_find(b, map_key(a, i));

		if (v == NULL || !val_equal(map_val(a, i), *v))
			return false;
	}
	return true;
}

static bool is_number(struct val v) {
	return v.type == V_BOOL || v.type == V_INT || v.type == V_FLOAT;
}

bool val_equal(struct val a, struct val b) {
	if (a.type == V_OBJ && a.u.obj->class->equal != NULL)
		return a.u.obj->class->equal(a.u.obj, b);
	if (b.type == V_OBJ && b.u.obj->class->equal != NULL)
		return b.u.obj->class->equal(b.u.obj, a);
	if (is_number(a) && is_number(b))
		return equal_numbers(a, b);
	if (a.type != b.type)
		return false;
	switch ((enum vtype)a.type) {
	case V_STR: return a.len == b.len && memcmp(a.u.s, b.u.s, a.len) == 0;
	case V_LIST:
		return (a.flags & VF_TUPLE) == (b.flags & VF_TUPLE) && (a.u.list == b.u.list || equal_lists(a.u.list, b.u.list));
	case V_MAP: return a.u.map == b.u.map || equal_maps(a.u.map, b.u.map);
	case V_OBJ: return a.u.obj == b.u.obj;
	case V_UNDEF:
	case V_NULL: return true;
	case V_BOOL:
	case V_INT:
	case V_FLOAT:
	case V__COUNT: break;
	}
	return false;
}

static uint32_t larger(uint32_t cap) {
	if (cap > UINT32_MAX / 8)
		abort();                        /* 8 GB: memory ended before */
	return cap == 0 ? 8 : cap * 2;
}

void list_push(struct list *l, struct val v) {
	if (l->n == l->cap) {
		uint32_t cap = larger(l->cap);

		l->v = arena_grow_raw(l->a, l->v, l->cap * sizeof(*l->v), cap * sizeof(*l->v));
		l->cap = cap;
	}
	l->v[l->n++] = v;
}

/* A map, its keys and room for both in one piece of memory. */
struct map *map_new(struct arena *a, size_t room) {
	struct { struct map m; struct map_keys k; struct val v[]; } *one = arena_alloc(a, sizeof(*one) + vals(2 * room));

	one->k = (struct map_keys){ .a = a, .k = one->v + room, .cap = (uint32_t)room };
	one->m = (struct map){ .keys = &one->k, .v = one->v, .cap = (uint32_t)room };
	return &one->m;
}

struct map *map_copy(struct arena *a, const struct map *m, size_t more) {
	struct map *c = map_new(a, m->n + more);

	for (size_t i = 0; i < m->n; i++)
		map_put(c, map_key(m, i), map_val(m, i));
	return c;
}

static void index_add(struct map_keys *k, uint32_t place, uint32_t hash) {
	uint32_t mask = k->index[0], i = hash & mask;

	while (k->index[i + 1] != 0)
		i = (i + 1) & mask;
	k->index[i + 1] = place + 1;
}

static void index_build(struct map_keys *k) {
	uint32_t slots = 32, i;

	if (k->n <= INDEX_FROM)
		return;
	while (slots < (uint64_t)k->cap * 2)
		slots *= 2;
	k->index = arena_new(k->a, uint32_t, (size_t)slots + 1);
	k->index[0] = slots - 1;
	for (i = 0; i < k->n; i++)
		index_add(k, i, val_hash(k->k[i]));
}

struct map_keys *map_keys_new(struct arena *a, const struct val *from, size_t n) {
	struct { struct map_keys k; struct val v[]; } *one = arena_alloc_raw(a, sizeof(*one) + vals(n));
	size_t i;

	one->k = (struct map_keys){ .a = a, .k = one->v, .n = (uint32_t)n, .cap = (uint32_t)n, .shared = true };
	for (i = 0; i < n; i++) {
		one->v[i] = from[i];
		one->v[i].mark = map_mark(val_hash(from[i]));
	}
	index_build(&one->k);
	return &one->k;
}

struct map *map_like(struct map_keys *k) {
	struct { struct map m; struct val v[]; } *one = arena_alloc(k->a, sizeof(*one) + vals(k->n));

	one->m = (struct map){ .keys = k, .v = one->v, .n = k->n, .cap = k->n };
	return &one->m;
}

/* Keys of its own for a map that is to be changed. */
static void own_keys(struct map *m) {
	struct map_keys *old = m->keys;
	uint32_t cap = m->n < 4 ? 8 : m->n * 2;

	m->keys = arena_new(old->a, struct map_keys, 1);
	*m->keys = (struct map_keys){ .a = old->a, .n = m->n, .cap = cap, .k = arena_new(old->a, struct val, cap) };
	if (m->n > 0)
		memcpy(m->keys->k, old->k, m->n * sizeof(struct val));
	index_build(m->keys);
}

static inline bool same_key(struct val have, struct val key, uint32_t hash) {
	if (have.mark != map_mark(hash))
		return false;
	if (key.type == V_STR && have.type == V_STR)
		return key.len == have.len && (key.u.s == have.u.s || memcmp(key.u.s, have.u.s, key.len) == 0);
	return val_equal(have, key);
}

/* The place of a key, or UINT32_MAX. */
static uint32_t place_find(const struct map *m, struct val key, uint32_t hash) {
	const struct map_keys *k = m->keys;
	uint32_t i, mask;

	if (k->index == NULL) {
		for (i = 0; i < m->n; i++) {
			if (same_key(k->k[i], key, hash))
				return i;
		}
		return UINT32_MAX;
	}
	mask = k->index[0];
	for (i = hash & mask; k->index[i + 1] != 0; i = (i + 1) & mask) {
		uint32_t place = k->index[i + 1] - 1;

		if (same_key(k->k[place], key, hash))
			return place;
	}
	return UINT32_MAX;
}

static void add(struct map *m, struct val key, uint32_t hash, struct val v) {
	struct map_keys *k;

	if (m->keys->shared)
		own_keys(m);
	k = m->keys;
	if (m->n == m->cap) {
		uint32_t cap = larger(m->cap);

		m->v = arena_grow(k->a, m->v, m->cap * sizeof(*m->v), cap * sizeof(*m->v));
		m->cap = cap;
	}
	if (k->n == k->cap) {
		uint32_t cap = larger(k->cap);

		k->k = arena_grow(k->a, k->k, k->cap * sizeof(*k->k), cap * sizeof(*k->k));
		k->cap = cap;
		k->index = NULL;
	}
	key.mark = map_mark(hash);
	k->k[k->n++] = key;
	m->v[m->n++] = v;
	if (k->index != NULL)
		index_add(k, k->n - 1, hash);
	else
		index_build(k);
}

void map_put(struct map *m, struct val key, struct val v) {
	uint32_t hash = val_hash(key), place = place_find(m, key, hash);

	if (place != UINT32_MAX)
		m->v[place] = v;
	else
		add(m, key, hash, v);
}

void map_set(struct map *m, const char *key, struct val v) {
	map_put(m, val_str(key), v);
}

struct val *map_find_hash(const struct map *m, struct val key, uint32_t hash) {
	uint32_t place = m->n == 0 ? UINT32_MAX : place_find(m, key, hash);

	return place == UINT32_MAX ? NULL : &m->v[place];
}

struct val *map_find(const struct map *m, struct val key) {
	return m->n == 0 ? NULL : map_find_hash(m, key, val_hash(key));
}

struct val *map_find_place(const struct map *m, struct val key, uint32_t hash, uint32_t *place) {
	uint32_t found = m->n == 0 ? UINT32_MAX : *place < m->n && same_key(m->keys->k[*place], key, hash) ? *place : place_find(m, key, hash);

	if (found == UINT32_MAX)
		return NULL;
	*place = found;
	return &m->v[found];
}

struct val map_get(const struct map *m, const char *key) {
	const struct val *v = map_find(m, val_str(key));

	return v == NULL ? val_undef() : *v;
}

struct val val_ints(struct arena *a, const int64_t *n, size_t count) {
	struct list *l = list_new(a, count);

	for (size_t i = 0; i < count; i++)
		list_push(l, val_int(n[i]));
	return val_list(l);
}

static int by_key(const void *x, const void *y) {
	const struct map_entry *a = x, *b = y;
	size_t n = a->key.len < b->key.len ? a->key.len : b->key.len;
	int order;

	if (a->key.type != b->key.type)
		return (int)a->key.type - (int)b->key.type;
	if (a->key.type != V_STR)
		return (a->key.u.i > b->key.u.i) - (a->key.u.i < b->key.u.i);
	order = memcmp(a->key.u.s, b->key.u.s, n);
	return order != 0 ? order : (a->key.len > b->key.len) - (a->key.len < b->key.len);
}

struct map_entry *map_pairs(struct arena *a, const struct map *m, bool sorted) {
	struct map_entry *e = arena_new(a, struct map_entry, m->n);

	for (size_t i = 0; i < m->n; i++)
		e[i] = map_pair(m, i);
	if (sorted && m->n > 1)
		qsort(e, m->n, sizeof(*e), by_key);
	return e;
}

bool map_del(struct map *m, struct val key) {
	uint32_t place = m->n == 0 ? UINT32_MAX : place_find(m, key, val_hash(key));
	size_t after;

	if (place == UINT32_MAX)
		return false;
	if (m->keys->shared)
		own_keys(m);
	after = m->n - place - 1;
	memmove(m->v + place, m->v + place + 1, after * sizeof(*m->v));
	memmove(m->keys->k + place, m->keys->k + place + 1, after * sizeof(*m->v));
	m->n--;
	m->keys->n--;
	m->keys->index = NULL;
	index_build(m->keys);
	return true;
}

static struct val step(struct arena *a, struct val v, const char *key, size_t len) {
	struct list *out;
	size_t i;

	if (v.type == V_MAP) {
		const struct val *found = map_find(v.u.map, val_mem(key, len));

		return found == NULL ? val_undef() : *found;
	}
	if (v.type != V_LIST)
		return val_undef();
	out = list_new(a, v.u.list->n);
	for (i = 0; i < v.u.list->n; i++)
		list_push(out, step(a, v.u.list->v[i], key, len));
	return val_list(out);
}

struct val val_path(struct arena *a, struct val v, const char *path) {
	while (v.type != V_UNDEF) {
		size_t len = strcspn(path, ".");

		v = step(a, v, path, len);
		if (path[len] == '\0')
			break;
		path += len + 1;
	}
	return v;
}

const char *val_type_name(struct val v) {
	static const char *const names[V__COUNT] = {
		[V_UNDEF] = "nothing", [V_NULL] = "null", [V_BOOL] = "boolean", [V_INT] = "integer", [V_FLOAT] = "number",
		[V_STR] = "string", [V_LIST] = "list", [V_MAP] = "object", [V_OBJ] = "object",
	};

	return names[v.type];
}

struct val val_keep(struct arena *a, struct val v) {
	size_t i;

	if (v.type == V_STR)
		return val_copy(a, v.u.s, v.len);
	if (v.type == V_LIST) {
		struct list *l = list_new(a, v.u.list->n);

		for (i = 0; i < v.u.list->n; i++)
			list_push(l, val_keep(a, v.u.list->v[i]));
		return val_list(l);
	}
	if (v.type == V_MAP) {
		struct map *m = map_new(a, v.u.map->n);

		for (i = 0; i < v.u.map->n; i++)
			map_put(m, val_keep(a, map_key(v.u.map, i)), val_keep(a, map_val(v.u.map, i)));
		return val_map(m);
	}
	return v;
}
