/* order.c: "-weight, name" to ORDER BY. A reference orders by the order of what it points at, as far as that goes. */
#include "config.h"

#include <stdio.h>

#include "model/engine.h"

enum { ORDER_DEPTH = 4 };

struct ordering {
	struct model *m;
	struct sbuf *joins, *by;
	unsigned aliases;
	bool descending;        /* of the last key: the id that breaks ties goes the same way, so that one index serves both directions */
	bool unique;            /* a key so far tells rows apart by itself */
};

static void key(struct ordering *o, const char *alias, const char *column, bool descending) {
	sb_fmt(o->by, "%s%s.%s%s", o->by->len == 0 ? "" : ", ", alias, column, descending ? " DESC" : "");
	o->descending = descending;
}

static void keys(struct ordering *o, const struct resource *res, const char *alias, const char *order, bool flip, unsigned depth);

static void order_field(struct ordering *o, const struct resource *res, const char *alias, int field, bool descending, unsigned depth) {
	const struct field *f = &res->fields[field];
	char name[16];

	if (f->type == F_REF && depth < ORDER_DEPTH && f->ref->order != NULL) {
		snprintf(name, sizeof(name), "o%u", o->aliases++);
		sb_fmt(o->joins, " LEFT JOIN %s %s ON %s.id = %s.%s", f->ref->table, name, name, alias, field_column(o->joins->a, f));
		keys(o, f->ref, name, f->ref->order, descending, depth + 1);
	} else if (field_is_column(f) && f->type != F_SECRET && f->type != F_PASSWORD && f->type != F_JSON) {
		key(o, alias, field_column(o->joins->a, f), descending);
		if (depth == 0 && (f->flags & FF_UNIQUE) != 0 && (f->flags & FF_NULL) == 0)
			o->unique = true;
	}
}

static void keys(struct ordering *o, const struct resource *res, const char *alias, const char *order, bool flip, unsigned depth) {
	const char *item;
	size_t len;

	while (next_item(&order, ',', &item, &len)) {
		bool descending = *item == '-';
		int f;

		item += descending;
		len -= descending;
		f = len == 0 ? -2 : field_named(res, item, len);
		if (f == PATH_ID) {
			key(o, alias, "id", descending != flip);
			if (depth == 0)
				o->unique = true;
		} else if (f >= 0) {
			order_field(o, res, alias, f, descending != flip, depth);
		}
	}
}

void order_build(struct model *m, const struct resource *res, const char *order, struct sbuf *joins, struct sbuf *by) {
	struct ordering o = { .m = m, .joins = joins, .by = by };

	if (order != NULL)
		keys(&o, res, "t0", order, false, 0);
	if (by->len == 0 && res->order != NULL)
		keys(&o, res, "t0", res->order, false, 0);
	if (!o.unique)
		key(&o, "t0", "id", o.descending);
}
