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

struct list *list_new(struct arena *a, size_t room) {
	struct list *l = arena_new(a, struct list, 1);

	l->a = a;
	l->cap = room;
	l->v = room == 0 ? NULL : arena_new(a, struct val, room);
	return l;
}

void list_push(struct list *l, struct val v) {
	if (l->n == l->cap) {
		size_t cap = l->cap == 0 ? 8 : l->cap + l->cap;

		l->v = arena_grow(l->a, l->v, l->cap * sizeof(*l->v), cap * sizeof(*l->v));
		l->cap = cap;
	}
	l->v[l->n++] = v;
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
		const struct val *v = map_find(b, a->e[i].key);

		if (v == NULL || !val_equal(a->e[i].val, *v))
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

struct map *map_new(struct arena *a, size_t room) {
	struct map *m = arena_new(a, struct map, 1);

	m->a = a;
	m->cap = (uint32_t)room;
	m->e = room == 0 ? NULL : arena_new(a, struct map_entry, room);
	return m;
}

static void index_add(struct map *m, uint32_t entry, uint32_t hash) {
	uint32_t mask = m->index[0], i = hash & mask;

	while (m->index[i + 1] != 0)
		i = (i + 1) & mask;
	m->index[i + 1] = entry + 1;
}

static void index_build(struct map *m) {
	uint32_t slots = 32, i;

	while (slots < (uint64_t)m->cap * 2)
		slots *= 2;
	m->index = arena_new(m->a, uint32_t, (size_t)slots + 1);
	m->index[0] = slots - 1;
	for (i = 0; i < m->n; i++)
		index_add(m, i, val_hash(m->e[i].key));
}

static inline bool same_key(const struct map_entry *e, struct val key, uint32_t hash) {
	if (e->key.mark != map_mark(hash))
		return false;
	if (key.type == V_STR && e->key.type == V_STR)
		return key.len == e->key.len && (key.u.s == e->key.u.s || memcmp(key.u.s, e->key.u.s, key.len) == 0);
	return val_equal(e->key, key);
}

static struct map_entry *entry_find(const struct map *m, struct val key, uint32_t hash) {
	uint32_t i, mask;

	if (m->index == NULL) {
		for (i = 0; i < m->n; i++) {
			if (same_key(&m->e[i], key, hash))
				return &m->e[i];
		}
		return NULL;
	}
	mask = m->index[0];
	for (i = hash & mask; m->index[i + 1] != 0; i = (i + 1) & mask) {
		struct map_entry *e = &m->e[m->index[i + 1] - 1];

		if (same_key(e, key, hash))
			return e;
	}
	return NULL;
}

void map_put(struct map *m, struct val key, struct val v) {
	uint32_t hash = val_hash(key);
	struct map_entry *e = entry_find(m, key, hash);

	if (e != NULL) {
		e->val = v;
		return;
	}
	if (m->n == m->cap) {
		size_t cap = m->cap == 0 ? 8 : (size_t)m->cap + m->cap;

		if (cap > UINT32_MAX / 2)
			abort();                /* 68 GB of entries: memory ended before */
		m->e = arena_grow(m->a, m->e, m->cap * sizeof(*m->e), cap * sizeof(*m->e));
		m->cap = (uint32_t)cap;
		m->index = NULL;
	}
	key.mark = map_mark(hash);
	m->e[m->n] = (struct map_entry){ .key = key, .val = v };
	m->n++;
	if (m->index != NULL)
		index_add(m, m->n - 1, hash);
	else if (m->n > INDEX_FROM)
		index_build(m);
}

void map_set(struct map *m, const char *key, struct val v) {
	map_put(m, val_str(key), v);
}

struct val *map_find(const struct map *m, struct val key) {
	struct map_entry *e = m->n == 0 ? NULL : entry_find(m, key, val_hash(key));

	return e == NULL ? NULL : &e->val;
}

struct val *map_find_place(const struct map *m, struct val key, uint32_t hash, uint32_t *place) {
	struct map_entry *e;

	if (*place < m->n && same_key(&m->e[*place], key, hash))
		return &m->e[*place].val;
	e = m->n == 0 ? NULL : entry_find(m, key, hash);
	if (e != NULL)
		*place = (uint32_t)(e - m->e);
	return e == NULL ? NULL : &e->val;
}

struct val *map_find_hash(const struct map *m, struct val key, uint32_t hash) {
	struct map_entry *e = m->n == 0 ? NULL : entry_find(m, key, hash);

	return e == NULL ? NULL : &e->val;
}

struct val map_get(const struct map *m, const char *key) {
	const struct val *v = map_find(m, val_str(key));

	return v == NULL ? val_undef() : *v;
}

bool map_del(struct map *m, struct val key) {
	struct map_entry *e = m->n == 0 ? NULL : entry_find(m, key, val_hash(key));

	if (e == NULL)
		return false;
	m->n--;
	memmove(e, e + 1, (size_t)(m->e + m->n - e) * sizeof(*e));
	m->index = NULL;
	if (m->n > INDEX_FROM)
		index_build(m);
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
			map_put(m, val_keep(a, v.u.map->e[i].key), val_keep(a, v.u.map->e[i].val));
		return val_map(m);
	}
	return v;
}
