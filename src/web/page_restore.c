/* page_restore.c: going back: a form filled with what the change log knows, for a person to look at and save. */
#include "config.h"

#include <stdlib.h>

#include "base/json.h"
#include "db/queries.h"
#include "model/tables/tables.h"
#include "web/page.h"

struct preset {
	struct req *r;
	struct param *v;
	size_t n, room;
};

static void add(struct preset *p, const char *name, struct val v) {
	struct sbuf b;

	if (p->n == p->room) {
		size_t more = p->room == 0 ? 64 : p->room * 2;

		p->v = arena_grow(p->r->a, p->v, p->room * sizeof(*p->v), more * sizeof(*p->v));
		p->room = more;
	}
	sb_init(&b, p->r->a);
	if (v.type == V_STR)
		sb_mem(&b, v.u.s, v.len);
	else if (v.type == V_MAP || v.type == V_LIST)
		json_write_pretty(&b, v, 2, JSON_AS_IS);
	else if (v.type != V_NULL)
		json_write(&b, v);
	p->v[p->n++] = (struct param){ name, b.s };
}

/* The change log has tags by name, forms have them by number. Those that are gone stay away. */
static bool add_tags(struct preset *p, const char *name, struct val names) {
	struct result q;

	if (!db_named(p->r->db, p->r->a, Q_TAGS_NAMED, &names, &q, &p->r->err))
		return false;
	for (size_t i = 0; i < q.n; i++)
		add(p, name, result_at(&q, i, 0));
	return true;
}

static bool add_field(struct preset *p, const struct field *f, struct val v) {
	if (f->type == F_TAGS && v.type == V_LIST)
		return add_tags(p, f->name, v);
	if (v.type != V_LIST || f->type == F_JSON) {
		add(p, f->name, v);
		return true;
	}
	for (size_t i = 0; i < v.u.list->n; i++)
		add(p, f->name, v.u.list->v[i]);
	return true;
}

bool form_preset(struct req *r, const struct row *row, struct widget_use *use) {
	const char *id = req_param(r, "change");
	struct preset p = { .r = r };
	struct row *change;
	struct val before;

	if (id == NULL || use->typed)
		return true;
	if (!store_get(&r->store, &res_object_change, strtoll(id, NULL, 10), "view", &change, &r->err))
		return false;
	before = row_get(change, "prechange_data");
	if (before.type != V_MAP || res_by_model(val_cstr(row_get(change, "changed_object_type"), "")) != r->res ||
	    (row != NULL && row_get(change, "changed_object_id").u.i != row->id))
		return req_fail(r, ERR_INVALID, "Change %s is none of this object that can be gone back to.", id);
	for (size_t i = 0; i < r->res->nfields; i++) {
		const struct field *f = &r->res->fields[i];
		struct val *v = map_find(before.u.map, val_str(f->name));

		if (v != NULL && field_on_form(r->res, (int)i) && !add_field(&p, f, *v))
			return false;
	}
	use->params = p.v;
	use->nparams = p.n;
	return true;
}
