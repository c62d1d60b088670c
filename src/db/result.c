/* result.c: rows as maps, for what goes out as JSON or into a page. */
#include "config.h"

#include "db/db.h"

struct map *result_map(struct arena *a, const struct result *r, size_t row, const char *const *names) {
	struct map *m = map_new(a, r->cols + 4);        /* most callers add a few of their own */
	size_t k;

	if (names == NULL)
		names = r->names;
	for (k = 0; k < r->cols && names[k] != NULL; k++)
		map_set(m, names[k], result_at(r, row, k));
	return m;
}

struct val result_maps(struct arena *a, const struct result *r, const char *const *names) {
	struct list *l = list_new(a, r->n);
	size_t i;

	for (i = 0; i < r->n; i++)
		list_push(l, val_map(result_map(a, r, i, names)));
	return val_list(l);
}
