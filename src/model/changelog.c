/* changelog.c: what every write leaves behind: a change log row and an event for webhooks. */
#include "config.h"

#include <stdio.h>

#include "base/json.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "model/engine.h"

enum { REPR_MAX = 200 };

/* ---- snapshots ---- */

static struct val ids(struct arena *a, struct val rows) {
	struct list *l = list_new(a, 0);
	size_t i;

	for (i = 0; rows.type == V_LIST && i < rows.u.list->n; i++)
		list_push(l, val_int(ref_id(rows.u.list->v[i])));
	return val_list(l);
}

static struct val names(struct arena *a, struct val rows) {
	struct list *l = list_new(a, 0);
	size_t i;

	for (i = 0; rows.type == V_LIST && i < rows.u.list->n; i++)
		list_push(l, row_get(row_of_val(rows.u.list->v[i]), "name"));
	return val_list(l);
}

/* "2026-11-20T19:21:21.618369Z" to milliseconds, as Django's serializer has it. */
static struct val milliseconds(struct arena *a, struct val v) {
	if (v.type != V_STR || v.len != 27 || v.u.s[19] != '.')
		return v;
	return val_printf(a, "%.23sZ", v.u.s);
}

struct val row_snapshot(struct store *s, const struct row *row) {
	struct map *m = map_new(s->a, row->res->nfields);
	size_t i;

	for (i = 0; i < row->res->nfields; i++) {
		const struct field *f = &row->res->fields[i];
		struct val v = row->v[i];

		if ((f->flags & FF_NOLOG) != 0 || v.type == V_UNDEF || f->type == F_SECRET || f->type == F_PASSWORD)
			continue;
		if (f->type == F_REFS)
			v = ids(s->a, v);
		else if (f->type == F_TAGS)
			v = names(s->a, v);
		else if (f->type == F_REF)
			v = ref_id(v) == 0 ? val_null() : val_int(ref_id(v));
		else if (f->type == F_TIME)
			v = milliseconds(s->a, v);
		else if (!field_is_column(f) && f->type != F_OBJTYPES)
			continue;
		map_set(m, f->name, v);
	}
	return val_map(m);
}

/* ---- the log ---- */

static const char *const actions[] = { [CHANGE_CREATE] = "create", [CHANGE_UPDATE] = "update", [CHANGE_DELETE] = "delete" };

struct val text_cut(struct arena *a, struct val text, size_t max) {
	size_t n = 0, count = 0;

	if (text.type != V_STR)
		return val_str("");
	while (n < text.len && count < max) {
		size_t l = utf8_len(text.u.s + n, text.len - n);

		n += l == 0 ? 1 : l;
		count++;
	}
	return n >= text.len ? text : val_copy(a, text.u.s, n);
}

static struct val json_or_null(struct val v) {
	return val_is_null(v) ? val_null() : v;
}

static struct val request_of(struct store *s) {
	if (s->request_id == NULL)
		s->request_id = random_uuid(s->a);      /* all that a job or the command does in one go belongs together */
	return val_str(s->request_id);
}

static size_t change_call(struct store *s, struct info *info, enum change_action action, const struct row *row, struct val pre, struct val post,
    struct db_call *out) {
	struct val *p = arena_new(s->a, struct val, 9);

	p[0] = s->actor == NULL || s->actor->user_id == 0 ? val_null() : val_int(s->actor->user_id);
	p[1] = text_cut(s->a, val_str(s->actor == NULL || s->actor->user_name == NULL ? "system" : s->actor->user_name), 150);
	p[2] = request_of(s);
	p[3] = val_str(actions[action]);
	p[4] = val_int(info->otype);
	p[5] = val_int(row->id);
	p[6] = text_cut(s->a, row->display, REPR_MAX);
	p[7] = json_or_null(pre);
	p[8] = json_or_null(post);
	*out = (struct db_call){ .params = p, .nparams = 9, .sql =
		"INSERT INTO object_change (user_id, user_name, request_id, action, changed_object_type_id, changed_object_id, object_repr,"
		" prechange_data, postchange_data) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)" };
	return 1;
}

/* The event has the API's form of the object with addresses that have no host; secrets are left out of it. */
static struct val event_data(struct store *s, const struct row *row) {
	struct store plain = *s;
	struct sbuf b, secrets;
	size_t i;

	sb_init(&b, s->a);
	sb_init(&secrets, s->a);
	for (i = 0; i < row->res->nfields; i++) {
		if (row->res->fields[i].type == F_SECRET)
			sb_fmt(&secrets, "%s,", row->res->fields[i].name);
	}
	plain.base_url = "";
	row_json(&plain, &b, row, FORM_FULL, NULL, secrets.len == 0 ? NULL : secrets.s);
	return val_mem(b.s, b.len);
}

static size_t event_call(struct store *s, struct info *info, enum change_action action, const struct row *row, struct val pre, struct val post,
    struct db_call *out) {
	struct val *p = arena_new(s->a, struct val, 8);

	p[0] = request_of(s);
	p[1] = text_cut(s->a, val_str(s->actor == NULL || s->actor->user_name == NULL ? "system" : s->actor->user_name), 150);
	p[2] = val_str(actions[action]);
	p[3] = val_int(info->otype);
	p[4] = val_int(row->id);
	p[5] = event_data(s, row);
	p[6] = json_or_null(pre);
	p[7] = json_or_null(post);
	*out = (struct db_call){ .params = p, .nparams = 8, .sql =
		"INSERT INTO event (request_id, user_name, action, object_type_id, object_id, data, prechange, postchange)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8)" };
	return 1;
}

bool log_change(struct store *s, struct model *m, enum change_action action, const struct row *before, const struct row *after, struct err *e) {
	const struct row *row = after == NULL ? before : after;
	struct info *info = info_of(m, row->res);
	struct val pre = before == NULL ? val_null() : row_snapshot(s, before), post = after == NULL ? val_null() : row_snapshot(s, after);
	struct db_call calls[4];
	size_t n = 0;

	if (info->otype == 0 || (action == CHANGE_UPDATE && val_equal(pre, post)))
		return true;
	if ((row->res->flags & RF_NOLOG) == 0)
		n += change_call(s, info, action, row, pre, post, &calls[n]);
	if ((row->res->flags & (RF_NOEVENTS | RF_NOLOG)) == 0)
		n += event_call(s, info, action, row, pre, post, &calls[n]);
	if (after != NULL && search_has(row->res))
		n += search_calls(s, info, row, &calls[n]);
	return n == 0 || db_batch(s->db, s->a, calls, n, e);
}

/* ---- many at once ---- */

static struct val user_of(const struct store *s) {
	return text_cut(s->a, val_str(s->actor == NULL || s->actor->user_name == NULL ? "system" : s->actor->user_name), 150);
}

static struct val *created_params(struct store *s, const struct info *info, struct list *ids_in, struct list *post) {
	struct val *p = arena_new(s->a, struct val, 7);

	p[0] = request_of(s);
	p[1] = user_of(s);
	p[2] = val_int(info->otype);
	p[3] = val_list(ids_in);
	p[4] = val_list(post);
	return p;
}

bool log_created(struct store *s, struct model *m, const struct rows *rows, struct err *e) {
	struct list *id = list_new(s->a, rows->n), *repr = list_new(s->a, rows->n), *post = list_new(s->a, rows->n), *data = list_new(s->a, rows->n);
	const struct resource *res = rows->n == 0 ? NULL : rows->row[0]->res;
	struct info *info = res == NULL ? NULL : info_of(m, res);
	struct db_call calls[3];
	struct val *p;
	size_t n = 0, i;

	if (info == NULL || info->otype == 0 || (res->flags & RF_NOLOG) != 0)
		return true;
	for (i = 0; i < rows->n; i++) {
		struct sbuf b;

		sb_init(&b, s->a);
		json_write(&b, row_snapshot(s, rows->row[i]));
		list_push(id, val_int(rows->row[i]->id));
		list_push(repr, text_cut(s->a, rows->row[i]->display, REPR_MAX));
		list_push(post, val_mem(b.s, b.len));
		if ((res->flags & RF_NOEVENTS) == 0)
			list_push(data, event_data(s, rows->row[i]));
	}
	p = created_params(s, info, id, post);
	p[5] = val_list(repr);
	p[6] = s->actor == NULL || s->actor->user_id == 0 ? val_null() : val_int(s->actor->user_id);
	calls[n++] = (struct db_call){ .params = p, .nparams = 7, .sql =
		"INSERT INTO object_change (request_id, user_name, action, changed_object_type_id, changed_object_id, object_repr, postchange_data, user_id)"
		" SELECT $1::uuid, $2::text, 'create', $3::smallint, x.id, x.repr, x.post::jsonb, $7::bigint"
		" FROM unnest($4::bigint[], $6::text[], $5::text[]) WITH ORDINALITY x(id, repr, post, n) ORDER BY x.n" };
	if ((res->flags & RF_NOEVENTS) == 0) {
		p = created_params(s, info, id, post);
		p[5] = val_list(data);
		calls[n++] = (struct db_call){ .params = p, .nparams = 6, .sql =
			"INSERT INTO event (request_id, user_name, action, object_type_id, object_id, postchange, data)"
			" SELECT $1::uuid, $2::text, 'create', $3::smallint, x.id, x.post::jsonb, x.data::jsonb"
			" FROM unnest($4::bigint[], $5::text[], $6::text[]) WITH ORDINALITY x(id, post, data, n) ORDER BY x.n" };
	}
	if (search_has(res))
		calls[n++] = search_call(s, info, rows);
	return db_batch(s->db, s->a, calls, n, e);
}

/* ---- revisions ---- */

const char *text_etag(struct arena *a, const char *text, size_t len) {
	char sum[SHA256_HEX];

	return arena_printf(a, "\"%.32s\"", sha256_hex(text, len, sum));
}

const char *store_etag(struct store *s, const struct row *row) {
	struct sbuf b;

	sb_init(&b, s->a);
	row_json(s, &b, row, FORM_FULL, NULL, NULL);
	return text_etag(s->a, b.s, b.len);
}
