/* changelog.c: what every write leaves behind: a change log row and an event for webhooks. */
#include "config.h"

#include <stdio.h>

#include "base/json.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "db/pgtext.h"
#include "model/engine.h"

enum { REPR_MAX = 200 };

/* ---- snapshots ---- */

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
			v = ref_ids(s->a, v);
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

static struct val request_of(struct store *s) {
	if (s->request_id == NULL)
		s->request_id = random_uuid(s->a);      /* all that a job or the command does in one go belongs together */
	return val_str(s->request_id);
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

static struct val user_of(const struct store *s) {
	return text_cut(s->a, val_str(s->actor == NULL || s->actor->user_name == NULL ? "system" : s->actor->user_name), 150);
}

struct logged {                 /* one array a column, as the statements take them */
	struct list *id, *repr, *pre, *post, *data;
	struct rows now;                /* what the search index is told of */
};

static struct val text_or_null(struct store *s, struct val v) {
	struct sbuf b;

	if (val_is_null(v))
		return v;
	sb_init(&b, s->a);
	json_write(&b, v);
	return val_mem(b.s, b.len);
}

static void logged_add(struct store *s, const struct row *before, struct row *after, struct logged *out) {
	const struct row *row = after == NULL ? before : after;
	struct val pre = before == NULL ? val_null() : row_snapshot(s, before), post = after == NULL ? val_null() : row_snapshot(s, after);

	if (before != NULL && after != NULL && val_equal(pre, post))
		return;
	list_push(out->id, val_int(row->id));
	list_push(out->repr, text_cut(s->a, row->display, REPR_MAX));
	list_push(out->pre, text_or_null(s, pre));
	list_push(out->post, text_or_null(s, post));
	if ((row->res->flags & RF_NOEVENTS) == 0)
		list_push(out->data, event_data(s, row));
	if (after != NULL)
		out->now.row[out->now.n++] = after;
}

static size_t logged_calls(struct store *s, const struct resource *res, struct info *info, enum change_action action, const struct logged *l,
    struct db_call out[4]) {
	struct val user = s->actor == NULL || s->actor->user_id == 0 ? val_null() : val_int(s->actor->user_id);
	struct val common[] = { request_of(s), user_of(s), val_str(actions[action]), val_int(info->otype), val_list(l->id), val_list(l->pre), val_list(l->post) };
	struct val *p = arena_new(s->a, struct val, ARRAY_LEN(common) + 2);
	size_t n = 0;

	if ((res->flags & RF_NOLOG) != 0)
		return l->now.n > 0 && search_has(res) ? search_calls(s, info, &l->now, action == CHANGE_UPDATE, out) : 0;
	memcpy(p, common, sizeof(common));
	p[7] = val_list(l->repr);
	p[8] = user;
	out[n++] = (struct db_call){ .params = p, .nparams = 9, .sql =
		"INSERT INTO object_change (request_id, user_name, action, changed_object_type_id, changed_object_id, object_repr, prechange_data,"
		" postchange_data, user_id)"
		" SELECT $1::uuid, $2::text, $3::text, $4::smallint, x.id, x.repr, x.pre::jsonb, x.post::jsonb, $9::bigint"
		" FROM unnest($5::bigint[], $6::text[], $7::text[], $8::text[]) WITH ORDINALITY x(id, pre, post, repr, n) ORDER BY x.n" };
	if ((res->flags & RF_NOEVENTS) == 0) {
		p = arena_new(s->a, struct val, ARRAY_LEN(common) + 1);
		memcpy(p, common, sizeof(common));
		p[7] = val_list(l->data);
		/* json keeps the order of keys as receivers know it from the API; jsonb does not */
		out[n++] = (struct db_call){ .params = p, .nparams = 8, .sql =
			"INSERT INTO event (request_id, user_name, action, object_type_id, object_id, prechange, postchange, data)"
			" SELECT $1::uuid, $2::text, $3::text, $4::smallint, x.id, x.pre::json, x.post::json, x.data::json"
			" FROM unnest($5::bigint[], $6::text[], $7::text[], $8::text[]) WITH ORDINALITY x(id, pre, post, data, n) ORDER BY x.n" };
	}
	return l->now.n > 0 && search_has(res) ? n + search_calls(s, info, &l->now, action == CHANGE_UPDATE, &out[n]) : n;
}

bool log_changes(struct store *s, struct model *m, enum change_action action, struct row *const *before, struct row *const *after, size_t n,
    struct err *e) {
	const struct resource *res = n == 0 ? NULL : (after == NULL ? before : after)[0]->res;
	struct info *info = res == NULL ? NULL : info_of(m, res);
	struct logged l = { list_new(s->a, n), list_new(s->a, n), list_new(s->a, n), list_new(s->a, n), list_new(s->a, n), { .row = arena_new(s->a, struct row *, n) } };
	struct db_call calls[4];

	if (info == NULL || info->otype == 0)
		return true;
	for (size_t i = 0; i < n; i++)
		logged_add(s, before == NULL ? NULL : before[i], after == NULL ? NULL : after[i], &l);
	n = l.id->n == 0 ? 0 : logged_calls(s, res, info, action, &l, calls);
	return n == 0 || db_batch(s->db, s->a, calls, n, e);
}

/* ---- what an import makes ---- */

/* What the lines of a created row have in common, in the order of their columns. */
enum { LINE_REQUEST, LINE_USER, LINE_ACTION, LINE_TYPE, LINE_ID, LINE_POST, LINE_REPR, LINE_USER_ID, LINE__COUNT, LINE_DATA = LINE_REPR };

static bool copy_begin(struct store *s, const char *sql, const struct sbuf *lines, struct err *e) {
	return db_copy_begin(s->db, sql, e) && db_copy_data(s->db, lines->s, lines->len, e);
}

/* The database takes in what was sent while the next lines are made. */
static bool log_events(struct store *s, const struct rows *rows, const struct val *posts, struct val *line, struct err *e) {
	struct sbuf lines;

	sb_init(&lines, s->a);
	for (size_t i = 0; (rows->row[0]->res->flags & RF_NOEVENTS) == 0 && i < rows->n; i++) {
		line[LINE_ID] = val_int(rows->row[i]->id);
		line[LINE_POST] = posts[i];
		line[LINE_DATA] = event_data(s, rows->row[i]);
		pg_copy_line(&lines, s->a, line, LINE_DATA + 1);
	}
	return db_copy_end(s->db, e) && copy_begin(s, "COPY event (request_id, user_name, action, object_type_id, object_id, postchange, data) FROM STDIN",
	    &lines, e);
}

bool log_created(struct store *s, struct model *m, const struct rows *rows, struct err *e) {
	struct info *info = rows->n == 0 ? NULL : info_of(m, rows->row[0]->res);
	struct val *posts = arena_new(s->a, struct val, rows->n), line[LINE__COUNT];
	struct sbuf changes, entries;

	if (info == NULL || info->otype == 0 || (info->res->flags & RF_NOLOG) != 0)
		return true;
	sb_init(&changes, s->a);
	sb_init(&entries, s->a);
	line[LINE_REQUEST] = request_of(s);
	line[LINE_USER] = user_of(s);
	line[LINE_ACTION] = val_str(actions[CHANGE_CREATE]);
	line[LINE_TYPE] = val_int(info->otype);
	line[LINE_USER_ID] = s->actor == NULL || s->actor->user_id == 0 ? val_null() : val_int(s->actor->user_id);
	for (size_t i = 0; i < rows->n; i++) {
		struct sbuf post;

		sb_init(&post, s->a);
		json_write(&post, row_snapshot(s, rows->row[i]));
		line[LINE_ID] = val_int(rows->row[i]->id);
		line[LINE_POST] = posts[i] = val_mem(post.s, post.len);
		line[LINE_REPR] = text_cut(s->a, rows->row[i]->display, REPR_MAX);
		pg_copy_line(&changes, s->a, line, LINE__COUNT);
	}
	if (!copy_begin(s, "COPY object_change (request_id, user_name, action, changed_object_type_id, changed_object_id, postchange_data, object_repr,"
	    " user_id) FROM STDIN", &changes, e) || !log_events(s, rows, posts, line, e))
		return false;
	search_lines(s, info, rows, &entries);
	return db_copy_end(s->db, e) && copy_begin(s, "COPY search_entry (object_type_id, object_id, field, weight, value, label) FROM STDIN", &entries, e) &&
	    db_copy_end(s->db, e);
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
