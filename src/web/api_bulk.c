/* api_bulk.c: changing and deleting several objects at once on a list's address, in one transaction. */
#include "config.h"

#include "base/limits.h"
#include "db/queries.h"
#include "web/private.h"

static void free_arena(void *a) {
	arena_free(a);
}

void item_begin(struct req *r) {
	if (r->store.a != r->a) {
		arena_reset(r->store.a);
		return;
	}
	r->store.a = arena_new_root();
	arena_defer(r->a, free_arena, r->store.a);
}

void items_end(struct req *r) {
	r->store.a = r->a;
}

/* What is wrong with an item before anything is looked up: {} when nothing is. */
static struct map *item_problems(struct req *r, struct val item) {
	struct problems p = { .a = r->a };
	struct val id;

	if (item.type != V_MAP) {
		problem_add(&p, "non_field_errors", "Invalid data. Expected a dictionary, but got %s.", python_type(item));
	} else {
		id = map_get(item.u.map, "id");
		if (id.type == V_UNDEF)
			problem_add(&p, "id", "This field is required.");
		else if (id.type == V_NULL)
			problem_add(&p, "id", "This field may not be null.");
		else if (id.type != V_INT)
			problem_add(&p, "id", "A valid integer is required.");
	}
	return p.fields;
}

/* The ids of the items; the answer is complete and *ok false when some item has none. */
static bool items_of(struct req *r, struct list **items, bool *ok) {
	struct list *errors;
	struct val in;

	*ok = true;
	if (!req_input(r, &in))
		return false;
	if (in.type != V_LIST) {
		problem_add(&r->problems, "non_field_errors", "Expected a list of items but got type \"%s\".", python_type(in));
		return req_fail(r, ERR_INVALID, "The body is no list.");
	}
	*items = in.u.list;
	if (in.u.list->n > LIMIT_BULK)
		return req_fail(r, ERR_TOO_LARGE, "A list of %u objects is too long: at most %d are taken at once.", in.u.list->n, LIMIT_BULK);
	errors = list_new(r->a, in.u.list->n);
	for (size_t i = 0; i < in.u.list->n; i++) {
		struct map *m = item_problems(r, in.u.list->v[i]);

		*ok = *ok && m == NULL;
		list_push(errors, val_map(m == NULL ? map_new(r->a, 0) : m));
	}
	if (*ok)
		return true;
	r->status = 400;
	return req_json(r, val_list(errors));
}

/* The body is what Peering Manager answers, which does not tell whose it is: the place in the list, counted from 0, goes beside it. */
static bool fail_item(struct req *r, size_t i) {
	req_header(r, "X-Item-Index", arena_printf(r->a, "%zu", i));
	return false;
}

static bool bulk_delete(struct req *r, const struct list *items) {
	int64_t *ids = arena_new(r->a, int64_t, items->n), bad;
	size_t i;

	for (i = 0; i < items->n; i++)
		ids[i] = map_get(items->v[i].u.map, "id").u.i;
	if (!may(&r->store, r->res, "delete"))
		return req_fail(r, ERR_DENIED, "You do not have permission to perform this action.");
	if (!pieces_delete(r, ids, items->n, &bad)) {
		for (i = 0; i < items->n && ids[i] != bad; i++)
			;
		return fail_item(r, i);
	}
	r->status = 204;
	return true;
}

bool pieces_delete(struct req *r, const int64_t *ids, size_t n, int64_t *bad) {
	for (size_t i = 0; i < n; i += PUT_PIECE) {
		item_begin(r);
		if (!store_delete_many(&r->store, r->res, ids + i, n - i < PUT_PIECE ? n - i : PUT_PIECE, bad, &r->err))
			return false;
	}
	items_end(r);
	return true;
}

/* The objects as they are now, in the order of the list, not of the input. */
static bool put_changed(struct req *r, const int64_t *ids, size_t n) {
	struct query q = { .res = r->res, .ids = ids, .nids = n, .action = "change", .form = FORM_FULL };
	struct rows rows = { 0 };

	if (n > 0 && !store_list(&r->store, &q, &rows, NULL, &r->err))
		return false;
	r->response_type = "application/json";
	sb_chr(&r->body, '[');
	for (size_t i = 0; i < rows.n; i++) {
		if (i > 0)
			sb_chr(&r->body, ',');
		row_json(&r->store, &r->body, rows.row[i], FORM_FULL, NULL, NULL);
	}
	sb_chr(&r->body, ']');
	return true;
}

static bool bulk_update(struct req *r, const struct list *items) {
	struct query q = { .res = r->res, .nids = items->n, .action = "change", .form = FORM_ID };
	struct put *put = arena_new(r->a, struct put, items->n);
	int64_t *ids = arena_new(r->a, int64_t, items->n);
	size_t *place = arena_new(r->a, size_t, items->n), n = 0, bad;
	struct rows known = { 0 };

	for (size_t i = 0; i < items->n; i++)
		ids[i] = map_get(items->v[i].u.map, "id").u.i;
	q.ids = ids;
	if (!may(&r->store, r->res, "change"))
		return req_fail(r, ERR_DENIED, "You do not have permission to perform this action.");
	if (items->n > 0 && !store_list(&r->store, &q, &known, NULL, &r->err))
		return false;
	for (size_t i = 0; i < items->n; i++) {
		if (rows_find(&known, ids[i]) == NULL)
			continue;               /* what is not there is passed over */
		place[n] = i;
		put[n] = (struct put){ .id = ids[i], .input = input_restrict(r, items->v[i]).u.map, .key = map_new(r->a, 0), .checked = true,
			.mode = r->method == M_PUT ? WRITE_PUT : WRITE_PATCH };
		ids[n++] = ids[i];
	}
	return pieces_put(r, put, n, &bad) ? put_changed(r, ids, n) : fail_item(r, place[bad]);
}

bool pieces_put(struct req *r, struct put *put, size_t n, size_t *bad) {
	for (size_t i = 0; i < n; i += PUT_PIECE) {
		item_begin(r);
		if (!store_put_all(&r->store, r->res, put + i, n - i < PUT_PIECE ? n - i : PUT_PIECE, bad, &r->problems, &r->err)) {
			*bad += i;
			return false;
		}
	}
	items_end(r);
	return true;
}

bool api_bulk(struct req *r) {
	struct list *items = NULL;
	bool ok;

	if (!items_of(r, &items, &ok) || !ok)
		return !ok;
	return r->method == M_DELETE ? bulk_delete(r, items) : bulk_update(r, items);
}

/* The answer becomes {"dry_run": true, "status": what it would have been, "result": ..., "changes": [...]}. */
bool api_dry_run(struct req *r) {
	struct val id = val_str(r->request_id);
	struct sbuf out;
	struct result q;
	static const char *const keys[] = { "object_type", "object_id", "display", "action", "prechange_data", "postchange_data" };

	if (!r->json)
		return req_fail(r, ERR_INVALID, "A dry run is for the API.");
	if (!db_named(r->db, r->a, Q_CHANGES_OF_REQUEST, &id, &q, &r->err))
		return false;
	sb_init(&out, r->a);
	sb_fmt(&out, "{\"dry_run\":true,\"status\":%d,\"result\":", r->status == 0 ? 200 : r->status);
	if (r->body.len > 0)
		sb_mem(&out, r->body.s, r->body.len);
	else
		sb_str(&out, "null");
	sb_str(&out, ",\"changes\":[");
	for (size_t i = 0; i < q.n; i++) {
		struct map *m = map_new(r->a, ARRAY_LEN(keys));

		for (size_t k = 0; k < ARRAY_LEN(keys); k++)
			map_set(m, keys[k], result_at(&q, i, k));
		if (i > 0)
			sb_chr(&out, ',');
		json_write(&out, val_map(m));
	}
	sb_str(&out, "]}");
	r->body = out;
	r->status = 200;
	r->nheaders = 0;        /* Location and ETag of what is not there */
	r->response_type = "application/json";
	return true;
}
