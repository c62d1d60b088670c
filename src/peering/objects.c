/* objects.c: rows of the graph as template objects: attributes, str(), equality. */
#include "config.h"

#include <stdio.h>

#include "base/seal.h"
#include "model/model.h"
#include "peering/text.h"
#include "peering/values.h"

enum { ARGS_MAX = 4 };

static bool same(const char *name, size_t n, const char *other) {
	return strlen(other) == n && memcmp(name, other, n) == 0;
}

static int find_column(const struct gtable *gt, const char *name, size_t len) {
	size_t c;

	for (c = 0; c < gt->ncolumns; c++) {
		const struct column *col = &gt->columns[c];
		size_t n = strlen(col->name);

		if (col->kind == K_HIDDEN || n < len || memcmp(col->name, name, len) != 0)
			continue;
		if (n == len)
			return SLOT_COLUMN + (int)c;
		if (col->kind == K_REF && n == len + 3)
			return SLOT_REF + (int)c;
	}
	return -1;
}

static int find_label(const struct gtable *gt, const char *name, size_t len) {
	static const char before[] = "get_", after[] = "_display";
	size_t extra = sizeof(before) - 1 + sizeof(after) - 1, c;

	if (len <= extra || memcmp(name, before, sizeof(before) - 1) != 0 ||
	    memcmp(name + len - (sizeof(after) - 1), after, sizeof(after) - 1) != 0)
		return -1;
	for (c = 0; c < gt->ncolumns; c++) {
		if (gt->columns[c].kind == K_CHOICE && same(name + sizeof(before) - 1, len - extra, gt->columns[c].name))
			return SLOT_LABEL + (int)c;
	}
	return -1;
}

int gobj_slot(enum table_id t, const char *name, size_t len) {
	const struct gtable *gt = &gtables[t];
	int slot, i;

	if (same(name, len, "pk"))
		return SLOT_COLUMN + COL_ID;
	slot = find_column(gt, name, len);
	for (i = 0; slot < 0 && gt->attrs[i].name != NULL; i++) {
		if (same(name, len, gt->attrs[i].name))
			slot = SLOT_ATTR + i;
	}
	return slot >= 0 ? slot : find_label(gt, name, len);
}

/* A column's value as templates see it; what was made once is kept in the row. */
static bool column_value(struct gobj *o, int column, struct val *out, struct err *e) {
	struct val *v = &o->v[column];
	struct addr addr;

	if (v->type == V_STR) {
		switch (gtables[o->table].columns[column].kind) {
		case K_HOST:
		case K_IFACE:
		case K_NET:
			if (addr_parse(v->u.s, v->len, &addr))
				*v = addr_val(o->g->a, addr, gtables[o->table].columns[column].kind == K_HOST ? ADDR_ADDRESS :
				    gtables[o->table].columns[column].kind == K_NET ? ADDR_NETWORK : ADDR_INTERFACE);
			break;
		case K_TIME:
			*v = time_val(o->g->a, v->u.s);
			break;
		case K_SECRET:
			if (seal_is_sealed(v->u.s)) {
				const char *clear;

				if (o->g->seal == NULL)
					return err_set(e, ERR_INTERNAL, NULL, "secret_file is not set: the key of a session is sealed");
				if (!unseal_text(o->g->seal, o->g->a, v->u.s, &clear, e))
					return false;
				*v = val_str(clear);
			}
			break;
		case K_PLAIN:
		case K_REF:
		case K_MAC:
		case K_CHOICE:
		case K_HIDDEN:
			break;
		}
	}
	*out = *v;
	return true;
}

/* ---- methods */

struct method_obj {
	struct obj obj;
	struct gobj *self;
	const struct attr *attr;
	int column;             /* of a label, when attr is NULL */
};

static const struct choice *choices_of(const struct gtable *gt, const struct column *col) {
	const struct resource *r = col->choices == NULL ? res_by_model(gt->model) : NULL;
	int f = r == NULL ? -1 : res_field(r, col->name);

	return f < 0 ? col->choices : r->fields[f].choices;
}

static bool label_of(struct gobj *o, int column, struct arena *a, struct val *out) {
	const struct choice *c = choices_of(&gtables[o->table], &gtables[o->table].columns[column]);
	struct val v = o->v[column];
	const char *value = v.type == V_INT ? arena_printf(a, "%lld", (long long)v.u.i) : val_cstr(v, NULL);

	*out = v;
	for (; value != NULL && c != NULL && c->value != NULL; c++) {
		if (strcmp(c->value, value) == 0)
			*out = val_str(c->label);
	}
	return true;
}

static bool method_call(struct obj *obj, struct call *c, struct val *out) {
	struct method_obj *m = (struct method_obj *)obj;
	struct val args[ARGS_MAX];
	struct call bound = *c;

	if (m->attr == NULL)
		return label_of(m->self, m->column, c->a, out);
	if (!call_bind(c, m->attr->name, m->attr->params, args, ARGS_MAX))
		return false;
	bound.args = args;
	bound.nargs = ARGS_MAX;
	bound.nkw = 0;
	return m->attr->method(m->self, &bound, out);
}

static bool method_text(struct obj *obj, struct sbuf *out, struct err *e) {
	struct method_obj *m = (struct method_obj *)obj;

	(void)e;
	sb_fmt(out, "<bound method %s.%s>", gtables[m->self->table].class_name, m->attr == NULL ? "get_display" : m->attr->name);
	return true;
}

static const struct obj_class gmethod_class = { .name = "method", .call = method_call, .text = method_text };

static struct val method_new(struct arena *a, struct gobj *self, const struct attr *attr, int column) {
	struct method_obj *m = arena_new(a, struct method_obj, 1);

	*m = (struct method_obj){ { &gmethod_class }, self, attr, column };
	return val_obj(&m->obj);
}

/* ---- attributes */

static bool attr_value(struct gobj *o, const struct attr *x, struct arena *a, struct val *out, struct err *e) {
	struct gset *s = NULL;
	bool ok = true;

	switch (x->kind) {
	case ATTR_LINK: ok = gobj_linked(o, x->link, &s, e); break;
	case ATTR_LINKED: ok = gobj_linked_from(o, x->table, x->link, &s, e); break;
	case ATTR_REVERSE: ok = gobj_reverse(o, x->table, x->column, &s, e); break;
	case ATTR_ASSIGNED: ok = gobj_assigned(o, x->table, &s, e); break;
	case ATTR_PROPERTY: return x->property(o, out, e);
	case ATTR_METHOD:
		*out = method_new(a, o, x, -1);
		return true;
	}
	if (ok)
		*out = gset_val(s);
	return ok;
}

bool gobj_slot_get(struct gobj *o, int slot, struct arena *a, struct val *out, struct err *e) {
	struct gobj *ref;

	if (slot >= SLOT_ATTR)
		return attr_value(o, &gtables[o->table].attrs[slot - SLOT_ATTR], a, out, e);
	if (slot >= SLOT_LABEL) {
		*out = method_new(a, o, NULL, slot - SLOT_LABEL);
		return true;
	}
	if (slot >= SLOT_REF) {
		if (!gobj_ref(o, slot - SLOT_REF, &ref, e))
			return false;
		*out = gobj_val(ref);
		return true;
	}
	return column_value(o, slot, out, e);
}

bool gobj_attr(struct gobj *o, const char *name, size_t len, struct val *out, struct err *e) {
	int slot = gobj_slot((enum table_id)o->table, name, len);

	*out = val_undef();
	return slot < 0 || gobj_slot_get(o, slot, o->g->a, out, e);
}

struct addr gobj_addr(const struct gobj *o, int column) {
	struct addr a = { .family = 0 };
	enum addr_kind kind;

	if (!val_addr(o->v[column], &a, &kind))
		a.family = 0;
	return a;
}

/* ---- str() */

bool gobj_text(struct gobj *o, struct sbuf *out, struct err *e) {
	const struct gtable *gt = &gtables[o->table];
	size_t c;

	if (gt->text != NULL)
		return gt->text(o, out, e);
	for (c = 0; c < gt->ncolumns; c++) {
		if (strcmp(gt->columns[c].name, "name") == 0)
			text_put(o->v[c], out);
	}
	return true;
}

/* ---- the class of each table */

static int class_find(const struct obj *obj, const char *name, size_t len) {
	return gobj_slot((enum table_id)((const struct gobj *)obj)->table, name, len);
}

static void class_names(const struct obj *obj, struct map *to) {
	const struct gtable *gt = &gtables[((const struct gobj *)obj)->table];
	size_t i;

	for (i = 0; i < gt->ncolumns; i++) {
		const struct column *col = &gt->columns[i];

		if (col->kind == K_REF)         /* "router_id", and what it points at as "router" */
			map_set(to, arena_strndup(to->keys->a, col->name, strlen(col->name) - 3), val_null());
		if (col->kind != K_HIDDEN)
			map_set(to, col->name, val_null());
	}
	for (i = 0; gt->attrs[i].name != NULL; i++)
		map_set(to, gt->attrs[i].name, val_null());
}

static bool class_get(struct obj *obj, int slot, struct arena *a, struct val *out, struct err *e) {
	return gobj_slot_get((struct gobj *)obj, slot, a, out, e);
}

static bool class_text(struct obj *obj, struct sbuf *out, struct err *e) {
	return gobj_text((struct gobj *)obj, out, e);
}

static bool class_repr(struct obj *obj, struct sbuf *out, struct err *e) {
	sb_fmt(out, "<%s: ", obj->class->name);
	if (!class_text(obj, out, e))
		return false;
	sb_chr(out, '>');
	return true;
}

#define GCLASS(python) \
	{ .name = (python), .find = class_find, .names = class_names, .get = class_get, .text = class_text, .repr = class_repr }

const struct obj_class gclasses[T__COUNT] = {
	[T_ROUTER] = GCLASS("Router"), [T_PLATFORM] = GCLASS("Platform"), [T_CONFIGURATION] = GCLASS("Configuration"),
	[T_AS] = GCLASS("AutonomousSystem"), [T_GROUP] = GCLASS("BGPGroup"), [T_IXP] = GCLASS("InternetExchange"),
	[T_CONNECTION] = GCLASS("Connection"), [T_DIRECT] = GCLASS("DirectPeeringSession"),
	[T_IX] = GCLASS("InternetExchangePeeringSession"), [T_POLICY] = GCLASS("RoutingPolicy"), [T_COMMUNITY] = GCLASS("Community"),
	[T_RELATIONSHIP] = GCLASS("Relationship"), [T_BFD] = GCLASS("BFD"), [T_TAG] = GCLASS("Tag"),
	[T_CONTEXT] = GCLASS("ConfigContext"), [T_CONTEXT_ASSIGNMENT] = GCLASS("ConfigContextAssignment"),
	[T_CONTACT] = GCLASS("Contact"), [T_ROLE] = GCLASS("ContactRole"), [T_CONTACT_ASSIGNMENT] = GCLASS("ContactAssignment"),
	[T_NETWORK] = GCLASS("Network"), [T_NETIXLAN] = GCLASS("NetworkIXLan"), [T_IXLAN] = GCLASS("IXLan"),
	[T_IXLAN_PREFIX] = GCLASS("IXLanPrefix"), [T_PDB_IX] = GCLASS("InternetExchange"), [T_NETFAC] = GCLASS("NetworkFacility"),
	[T_FACILITY] = GCLASS("Facility"), [T_POC] = GCLASS("NetworkContact"), [T_ORG] = GCLASS("Organization"), [T_CAMPUS] = GCLASS("Campus"),
	[T_CARRIER] = GCLASS("Carrier"), [T_CARRIERFAC] = GCLASS("CarrierFacility"), [T_IXFAC] = GCLASS("InternetExchangeFacility"),
	[T_HIDDEN_PEER] = GCLASS("HiddenPeer"), [T_TAGGED_ITEM] = GCLASS("TaggedItem"), [T_JOURNAL] = GCLASS("JournalEntry"),
	[T_IXAPI] = GCLASS("IXAPI"), [T_DATA_SOURCE] = GCLASS("DataSource"), [T_DATA_FILE] = GCLASS("DataFile"),
};

struct gobj *val_any_gobj(struct val v) {
	if (v.type != V_OBJ || v.u.obj->class < gclasses || v.u.obj->class >= gclasses + T__COUNT)
		return NULL;
	return (struct gobj *)v.u.obj;
}

struct gobj *val_gobj(struct val v, enum table_id t) {
	return v.type == V_OBJ && v.u.obj->class == &gclasses[t] ? (struct gobj *)v.u.obj : NULL;
}
