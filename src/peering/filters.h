/* filters.h: the tables of template filters, and what their functions share. */
#ifndef PEERAGE_FILTERS_H
#define PEERAGE_FILTERS_H

#include "peering/rules.h"
#include "peering/values.h"
#include "template/template.h"

extern const struct tmpl_def filters_general[], filters_net[], filters_as[], filters_session[], filters_policy[], filters_text[];

/* The i-th argument after the piped value, or `other` when it was not given. */
static inline struct val filter_arg(const struct call *c, size_t i, struct val other) {
	return i + 1 < c->nargs && c->args[i + 1].type != V_UNDEF ? c->args[i + 1] : other;
}
static inline int filter_int(const struct call *c, size_t i, int other) {
	struct val v = filter_arg(c, i, val_int(other));

	return v.type == V_INT ? (int)v.u.i : other;
}
static inline bool filter_give(struct val *out, struct gset *s) {
	*out = gset_val(s);
	return true;
}
bool filter_fail(struct call *, const char *kind, const char *text);

/* An attribute of an object or a key of a map; V_UNDEF when it is not there. */
bool filter_attr(struct call *, struct val, const char *name, struct val *out);
/* That attribute of every object of a set, as a list; null where it is not there. With an empty name: the set itself. */
bool filter_field(struct call *, struct gset *, const char *field, struct val *out);

/* yaml.dump() of Python. */
bool dump_yaml(struct call *, struct val, int indent, bool sort_keys, struct sbuf *);

/* Compatibility decomposition (Unicode NFKD) of a code point, its ASCII part: "" when nothing is left. */
const char *ascii_of(uint32_t c, char one[2]);

#endif
