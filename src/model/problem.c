/* problem.c: gathering what is wrong with an input, field by field. */
#include "config.h"

#include "model/engine.h"

void problem_put(struct problems *p, const char *field, struct val message) {
	struct val key = val_str(field == NULL ? "__all__" : field), *found;

	if (p->fields == NULL)
		p->fields = map_new(p->a, 4);
	found = map_find(p->fields, key);
	if (found == NULL) {
		map_put(p->fields, val_copy(p->a, key.u.s, key.len), val_list(list_new(p->a, 1)));
		found = map_find(p->fields, key);
	}
	list_push(found->u.list, message);
}

void problem_add(struct problems *p, const char *field, const char *fmt, ...) {
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = arena_vprintf(p->a, fmt, ap);
	va_end(ap);
	problem_put(p, field, val_str(s));
}

const char *problems_first(const struct problems *p, const char **field) {
	struct val messages;

	*field = "";
	if (!problems_any(p))
		return NULL;
	*field = val_cstr(map_key(p->fields, 0), "");
	messages = map_val(p->fields, 0);
	return messages.type == V_LIST && messages.u.list->n > 0 ? val_cstr(messages.u.list->v[0], "") : "";
}
