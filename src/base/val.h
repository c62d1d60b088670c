/*
 * val.h: one value type for JSON, database rows and templates, so that nothing is converted between them.
 *
 * A val is 16 bytes and is passed by value; what it points at lives in the arena it was made in and is treated as
 * immutable once shared, except lists and maps that a template changes on purpose.
 */
#ifndef PEERAGE_VAL_H
#define PEERAGE_VAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"

enum vtype {
	V_UNDEF,        /* templates: a name that is not there; elsewhere: absent, which is not null */
	V_NULL, V_BOOL, V_INT, V_FLOAT, V_STR, V_LIST, V_MAP, V_OBJ,
	V__COUNT
};

enum vflag {
	VF_SAFE  = 1 << 0,      /* V_STR: markup that is escaped already */
	VF_TUPLE = 1 << 1,      /* V_LIST: a tuple */
	VF_GROUP = 1 << 2,      /* V_LIST: a tuple whose two items are also .grouper and .list */
	VF_MISSING = 1 << 3,    /* V_UNDEF: templates' mark of a place that nothing was put in; never seen by filters */
};

struct list;
struct map;
struct obj;
struct undef;                   /* templates: how an undefined value arose */

struct val {
	uint8_t  type;          /* enum vtype */
	uint8_t  flags;         /* enum vflag */
	uint16_t mark;          /* of a map's key: a part of its hash; of no meaning elsewhere */
	uint32_t len;           /* V_STR: bytes, without the NUL that always follows */
	union {
		const struct undef *undef;      /* V_UNDEF: NULL outside templates */
		bool b;
		int64_t i;
		double f;
		const char *s;
		struct list *list;
		struct map *map;
		struct obj *obj;
	} u;
};

struct list {
	struct arena *a;
	struct val *v;
	uint32_t n, cap;
};

/* An ordered map, in order of insertion as Python's dict. Keys are any hashable val; JSON's are strings. */
struct map {
	struct map_keys *keys;
	struct val *v;          /* in the places of their keys */
	uint32_t n, cap;        /* cap: of v */
};

/* The keys of a map; maps that were read alike share theirs, which is then never changed again. */
struct map_keys {
	struct arena *a;        /* of the maps as well */
	struct val *k;
	uint32_t *index;        /* open addressing over k, made when n grows past a few; 0 is free, else place + 1; the mask goes first */
	uint32_t n, cap;
	bool shared;
};

static inline uint16_t map_mark(uint32_t hash) { return (uint16_t)(hash >> 16); }

/* Walking over a map, with i below n. */
struct map_entry { struct val key, val; };
static inline struct val map_key(const struct map *m, size_t i) { return m->keys->k[i]; }
static inline struct val map_val(const struct map *m, size_t i) { return m->v[i]; }
static inline struct val *map_at(const struct map *m, size_t i) { return &m->v[i]; }
static inline struct map_entry map_pair(const struct map *m, size_t i) { return (struct map_entry){ m->keys->k[i], m->v[i] }; }

struct val val_ints(struct arena *, const int64_t *, size_t n);         /* as a list */

/* The pairs, a copy; when `sorted` in the order of their keys: text by its bytes, integers by value. */
struct map_entry *map_pairs(struct arena *, const struct map *, bool sorted);

/*
 * Something with behaviour of its own: a row, a query set, an address, a function. Every member may be NULL: the
 * object then cannot do that. The functions that can fail fill *e.
 */
struct call;
struct obj_class {
	const char *name;                                                       /* as Python would name the type, for messages */
	int  (*find)(const struct obj *, const char *name, size_t len);         /* an attribute's slot, or -1; the same for all objects of a class */
	void (*names)(const struct obj *, struct map *to);                      /* adds the attributes' names as keys, for "did you mean" */
	bool (*get)(struct obj *, int slot, struct arena *, struct val *out, struct err *e);
	bool (*item)(struct obj *, struct val key, struct arena *, struct val *out, struct err *e);  /* V_UNDEF in *out: no such item */
	bool (*list)(struct obj *, struct arena *, struct list **out, struct err *e);   /* what iteration gives */
	bool (*count)(struct obj *, struct arena *, size_t *n, struct err *e);          /* len() */
	bool (*truth)(struct obj *);
	bool (*text)(struct obj *, struct sbuf *, struct err *e);                       /* str() */
	bool (*repr)(struct obj *, struct sbuf *, struct err *e);
	bool (*call)(struct obj *, struct call *, struct val *out);
	bool (*equal)(const struct obj *, struct val other);
	uint32_t (*hash)(const struct obj *);                                   /* NULL: by address */
	int  (*compare)(const struct obj *, struct val other, bool *comparable);
};

struct obj {
	const struct obj_class *class;
};

/* A call of a function object, a filter or a test. Errors go to *e; `interp` is the template engine's own. */
struct call {
	struct arena *a;
	const struct val *args;
	size_t nargs;
	const struct val *kwnames;      /* strings */
	const struct val *kwargs;
	size_t nkw;
	void *interp;
	struct err *e;
};

static inline struct val val_undef(void) { return (struct val){ .type = V_UNDEF }; }
static inline struct val val_null(void) { return (struct val){ .type = V_NULL }; }
static inline struct val val_bool(bool b) { return (struct val){ .type = V_BOOL, .u.b = b }; }
static inline struct val val_int(int64_t i) { return (struct val){ .type = V_INT, .u.i = i }; }
static inline struct val val_float(double f) { return (struct val){ .type = V_FLOAT, .u.f = f }; }
static inline struct val val_mem(const char *s, size_t n) { return (struct val){ .type = V_STR, .len = (uint32_t)n, .u.s = s }; }
static inline struct val val_str(const char *s) { return val_mem(s, strlen(s)); }
static inline struct val val_str_or_null(const char *s) { return s == NULL ? val_null() : val_str(s); }
static inline struct val val_list(struct list *l) { return (struct val){ .type = V_LIST, .u.list = l }; }
static inline struct val val_map(struct map *m) { return (struct val){ .type = V_MAP, .u.map = m }; }
static inline struct val val_obj(struct obj *o) { return (struct val){ .type = V_OBJ, .u.obj = o }; }

static inline bool val_is_null(struct val v) { return v.type == V_NULL || v.type == V_UNDEF; }

/* The string, or `other` when v is not one. */
static inline const char *val_cstr(struct val v, const char *other) { return v.type == V_STR ? v.u.s : other; }

/* A copy of text in the arena. */
struct val val_copy(struct arena *, const char *s, size_t n);
struct val val_printf(struct arena *, const char *fmt, ...) PRINTF(2, 3);

struct list *list_new(struct arena *, size_t room);
void list_push(struct list *, struct val);

struct map *map_new(struct arena *, size_t room);
/* A map with those keys, which must be shared and are not copied; its values are to be put in their places. */
struct map *map_like(struct map_keys *);
struct map *map_copy(struct arena *, const struct map *, size_t more); /* with room for as many more */
/* Keys for map_like(); they must differ. */
struct map_keys *map_keys_new(struct arena *, const struct val *keys, size_t n);
void map_put(struct map *, struct val key, struct val v);              /* replaces; keeps the place of an old key */
void map_set(struct map *, const char *key, struct val v);             /* key must outlive the map */
struct val *map_find(const struct map *, struct val key);              /* NULL when not there */
struct val map_get(const struct map *, const char *key);               /* V_UNDEF when not there */
/* The same where the caller remembers in which place such a key was last: objects of one kind have it in the same one. */
struct val *map_find_place(const struct map *, struct val key, uint32_t hash, uint32_t *place);
static inline struct val *map_find_at(const struct map *m, struct val key, uint32_t hash, uint32_t *place) {
	if (*place < m->n) {
		const struct val *k = &m->keys->k[*place];

		if (k->mark == map_mark(hash) && k->type == V_STR && key.type == V_STR && k->len == key.len && memcmp(k->u.s, key.u.s, key.len) == 0)
			return &m->v[*place];
	}
	return map_find_place(m, key, hash, place);
}
struct val *map_find_hash(const struct map *, struct val key, uint32_t hash);   /* the same for a hash known beforehand */
bool map_del(struct map *, struct val key);                            /* false when not there */

/* Equality and hash as Python has them for these types: 1 == 1.0 == True; lists and maps by content. */
bool val_equal(struct val, struct val);
/* The whole of a value that is to outlive its arena; objects stay where they are. */
struct val val_keep(struct arena *, struct val);
uint32_t val_hash(struct val);

/* A value read as a dotted path ("status.value"); a list maps the step over its items; V_UNDEF when it leads nowhere. */
struct val val_path(struct arena *, struct val, const char *path);

/* Name of a JSON type for messages: "string", "number", "object" ... */
const char *val_type_name(struct val);

#endif
