/* book.c: what identifies an object, in which order kinds of objects are made, and a file's objects put into the book. */
#include "config.h"

#include <stdlib.h>
#include <strings.h>

#include "base/json.h"
#include "base/secret.h"
#include "model/book.h"

enum { PIECE = 500 };           /* objects written together */

/* ---- what identifies an object ---- */

static bool in_words(const char *list, const char *name) {
	size_t n = strlen(name);
	const char *at;

	for (at = list; at != NULL && (at = strstr(at, name)) != NULL; at += n) {
		bool starts = at == list || at[-1] == ' ' || at[-1] == ',';

		if (starts && (at[n] == '\0' || at[n] == ',' || at[n] == ' ' || at[n] == ';'))
			return true;
	}
	return false;
}

static bool has_all(const struct resource *res, const char *set, const struct map *object) {
	size_t i;

	for (i = 0; i < res->nfields; i++) {
		if (in_words(set, res->fields[i].name) && map_get(object, res->fields[i].name).type == V_UNDEF)
			return false;
	}
	return true;
}

static bool tells_apart(const struct field *f) {
	return (f->flags & FF_REQUIRED) != 0 || f->type == F_INET || f->type == F_IFACE || f->type == F_MAC || strcmp(f->name, "name") == 0;
}

static bool single(const struct field *f) {
	return f->type != F_JSON && f->type != F_SECRET && f->type != F_PASSWORD && f->type != F_REFS && f->type != F_TAGS && f->type != F_OBJTYPES &&
	    f->type != F_ASNS && f->type != F_CIDRS && f->type != F_TEXTS && (f->type != F_LONGTEXT || (f->flags & FF_REQUIRED) != 0);
}

const struct map *book_identity(struct arena *a, const struct resource *res, const struct map *object) {
	bool set = res->unique != NULL && strchr(res->unique, ';') == NULL && has_all(res, res->unique, object);
	struct map *m = map_new(a, 4);
	size_t i;

	for (i = 0; i < 2 * res->nfields; i++) {
		const struct field *f = &res->fields[i % res->nfields];
		struct val v = map_get(object, f->name);

		if ((f->flags & (FF_UNIQUE | FF_READONLY)) == FF_UNIQUE && !val_is_null(v) && (i >= res->nfields || f->type == F_SLUG)) {
			m = map_new(a, 1);
			map_set(m, f->name, v);
			return m;
		}
	}
	for (i = 0; i < res->nfields; i++) {
		const struct field *f = &res->fields[i];
		struct val v = map_get(object, f->name);

		if (v.type != V_UNDEF && v.type != V_LIST && (f->flags & FF_READONLY) == 0 && single(f) &&
		    (set ? in_words(res->unique, f->name) : tells_apart(f)))
			map_set(m, f->name, v);
	}
	return m;
}

size_t book_key(const struct resource *res, int out[BOOK_KEY_MAX]) {
	bool set = res->unique != NULL && strchr(res->unique, ';') == NULL;
	size_t n = 0, i;

	for (i = 0; i < 2 * res->nfields; i++) {        /* a slug before a name: it was made to be one */
		const struct field *f = &res->fields[i % res->nfields];

		if ((f->flags & (FF_UNIQUE | FF_READONLY)) == FF_UNIQUE && single(f) && (i >= res->nfields || f->type == F_SLUG)) {
			out[0] = (int)(i % res->nfields);
			return 1;
		}
	}
	for (i = 0; i < res->nfields && n < BOOK_KEY_MAX; i++) {
		const struct field *f = &res->fields[i];

		if ((f->flags & FF_READONLY) == 0 && single(f) && (set ? in_words(res->unique, f->name) : tells_apart(f)))
			out[n++] = (int)i;
	}
	return n;
}

bool book_field(const struct field *f) {
	switch (f->type) {
	case F_ID: case F_COUNT: case F_PATH: case F_DISPLAY: case F_IN: case F_FUNC: case F_COMPUTED: case F_OBJECT: case F_PASSWORD: case F__COUNT:
		return false;
	case F_SECRET:
		return (f->flags & FF_CLEAR) != 0 && (f->flags & FF_READONLY) == 0;
	case F_BOOL: case F_INT: case F_FLOAT: case F_ASN: case F_TEXT: case F_LONGTEXT: case F_SLUG: case F_EMAIL: case F_URL: case F_COLOR:
	case F_ENUM: case F_INET: case F_IFACE: case F_CIDR: case F_MAC: case F_TIME: case F_DATE: case F_UUID: case F_JSON: case F_REF:
	case F_REFS: case F_TAGS: case F_OBJTYPE: case F_OBJTYPES: case F_ASNS: case F_CIDRS: case F_TEXTS: break;
	}
	return (f->flags & (FF_READONLY | FF_NOLOG | FF_NOAPI)) == 0;
}

/* ---- the kinds, those that others refer to first ---- */

/* Is it part of the book: written by people, with a change log? Users, jobs and what comes from PeeringDB are not. */
static bool book_holds(const struct resource *res) {
	return res->command != NULL && res->api != NULL && (res->flags & (RF_READONLY | RF_NOLOG | RF_NOAPI)) == 0 && strncmp(res->api, "users/", 6) != 0 &&
	    strcmp(res->app, "peeringdb") != 0 && strcmp(res->model, "journalentry") != 0;
}

static void place(const struct resource *res, const struct resource **out, size_t *n, unsigned depth) {
	size_t i;

	for (i = 0; i < *n; i++) {
		if (out[i] == res)
			return;
	}
	for (i = 0; i < res->nfields && depth < 16; i++) {
		const struct field *f = &res->fields[i];

		if ((f->type == F_REF || f->type == F_REFS) && f->ref != res && f->ref != NULL)
			place(f->ref, out, n, depth + 1);
		if (f->type == F_TAGS)
			place(res_by_model("extras.tag"), out, n, depth + 1);
	}
	for (i = 0; i < *n; i++) {
		if (out[i] == res)
			return;
	}
	out[(*n)++] = res;
}

static bool points_anywhere(const struct resource *res) {
	for (size_t i = 0; i < res->nfields; i++) {
		if (res->fields[i].type == F_OBJTYPE)
			return true;
	}
	return false;
}

/* Every resource once; what may point at objects of any kind comes last. */
static const struct resource **ordered(struct arena *a, size_t *count) {
	const struct resource **out;
	size_t n = 0, all = 0;

	while (all_resources[all] != NULL)
		all++;
	out = arena_new(a, const struct resource *, all + 1);
	for (int last = 0; last < 2; last++) {
		for (size_t i = 0; i < all; i++) {
			if (points_anywhere(all_resources[i]) == (last == 1))
				place(all_resources[i], out, &n, 0);
		}
	}
	*count = n;
	return out;
}

const struct resource **book_resources(struct arena *a) {
	size_t n, k = 0;
	const struct resource **all = ordered(a, &n);

	for (size_t i = 0; i < n; i++) {
		if (book_holds(all[i]))
			all[k++] = all[i];
	}
	all[k] = NULL;
	return all;
}

/* ---- what an object's write was ---- */

struct applying {
	struct store *s;                /* its memory is given back after each piece */
	struct arena *a;                /* of the plan */
	struct book_plan *plan;
	bool table;
};

static struct map *line_new(struct applying *w, const char *action, const struct resource *res) {
	struct map *m = map_new(w->a, 8);

	map_set(m, "action", val_str(action));
	map_set(m, "resource", val_str(res->command));
	map_set(m, "title", val_str(res->title == NULL ? res->name : res->title));
	list_push(w->plan->lines, val_map(m));
	return m;
}

static bool is_known(const char *const *names, const char *name) {
	for (; *names != NULL; names++) {
		if (strcmp(*names, name) == 0)
			return true;
	}
	return false;
}

/* The fields that differ, as the change log has them. */
static struct val differences(struct applying *w, const struct put *p) {
	static const char *const own[] = { "created", "updated", NULL };
	struct val before = row_snapshot(w->s, p->before), after = row_snapshot(w->s, p->after);
	struct map *out = map_new(w->a, 4);

	for (size_t i = 0; i < after.u.map->n; i++) {
		const struct map_entry e = map_pair(after.u.map, i);
		struct val old = map_get(before.u.map, e.key.u.s);
		struct list *pair;

		if (is_known(own, e.key.u.s) || val_equal(old, e.val))
			continue;
		pair = list_new(w->a, 2);
		list_push(pair, val_keep(w->a, old.type == V_UNDEF ? val_null() : old));
		list_push(pair, val_keep(w->a, e.val));
		map_put(out, val_copy(w->a, e.key.u.s, e.key.len), val_list(pair));
	}
	return val_map(out);
}

static struct val problems_of(struct applying *w, const struct put *p) {
	struct problems all = { .a = w->a };

	if (problems_any(&p->problems))
		return val_keep(w->a, val_map(p->problems.fields));
	problem_add(&all, p->err.field, "%s", p->err.msg);
	return val_map(all.fields);
}

/* Before it is there an object goes by what identifies it. */
static struct val name_of(struct applying *w, const struct put *p) {
	const struct row *row = p->after != NULL ? p->after : p->before;
	struct sbuf b;

	if (row != NULL && row->display.type == V_STR)
		return val_copy(w->a, row->display.u.s, row->display.len);
	sb_init(&b, w->a);
	for (size_t i = 0; i < p->key->n; i++) {
		sb_fmt(&b, "%s%s=", i == 0 ? "" : " ", map_key(p->key, i).u.s);
		if (map_val(p->key, i).type == V_STR)
			sb_mem(&b, map_val(p->key, i).u.s, map_val(p->key, i).len);
		else
			json_write(&b, map_val(p->key, i));
	}
	return val_mem(b.s, b.len);
}

static void note(struct applying *w, const struct book_item *item, const struct put *p) {
	static const char *const actions[] = { [PUT_REFUSED] = "refused", [PUT_CREATED] = "create", [PUT_UPDATED] = "change" };
	struct val fields = val_undef();
	struct map *m;

	if (p->outcome == PUT_UPDATED) {
		fields = differences(w, p);
		if (fields.u.map->n == 0 && p->before != NULL) {
			w->plan->same++;
			return;
		}
	}
	*(p->outcome == PUT_REFUSED ? &w->plan->refused : p->outcome == PUT_SAME ? &w->plan->same : p->outcome == PUT_CREATED ?
	    &w->plan->created : &w->plan->changed) += 1;
	if (p->outcome == PUT_SAME)
		return;
	m = line_new(w, actions[p->outcome], item->res);
	map_set(m, "line", val_int((int64_t)item->line));
	if (p->id > 0 && p->outcome != PUT_CREATED)
		map_set(m, "id", val_int(p->id));
	map_set(m, "name", name_of(w, p));
	if (fields.type != V_UNDEF)
		map_set(m, "fields", fields);
	if (p->outcome == PUT_REFUSED)
		map_set(m, "problems", problems_of(w, p));
}

/* ---- writing ---- */

static bool put_piece(struct applying *w, const struct resource *res, const struct book_item *const *items, size_t n, struct map *seen, struct err *e) {
	struct put *put = arena_new(w->s->a, struct put, n);
	size_t i;

	for (i = 0; i < n; i++) {
		struct val id = map_get(items[i]->object, "id");

		put[i].table = w->table;
		put[i].input = items[i]->object;
		put[i].key = id.type == V_INT && id.u.i > 0 ? map_new(w->s->a, 0) : book_identity(w->s->a, res, items[i]->object);
		put[i].id = id.type == V_INT && id.u.i > 0 ? id.u.i : 0;
	}
	if (!store_put_many(w->s, res, put, n, e))
		return false;
	for (i = 0; i < n; i++) {
		note(w, items[i], &put[i]);
		if (seen != NULL && put[i].id > 0)
			map_put(seen, val_int(put[i].id), val_null());
	}
	return true;
}

static bool put_resource(struct applying *w, const struct resource *res, const struct book_file *file, struct map *seen, struct err *e) {
	const struct book_item **items = arena_new(w->a, const struct book_item *, file->n);
	struct refs_memo memo = { .a = arena_new_root() };
	size_t n = 0, i;
	bool ok = true;

	for (i = 0; i < file->n; i++) {
		if (file->item[i].res == res)
			items[n++] = &file->item[i];
	}
	memo.known = map_new(memo.a, 64);
	w->s->memo = &memo;
	for (i = 0; ok && i < n; i += PIECE) {
		ok = put_piece(w, res, items + i, n - i < PIECE ? n - i : PIECE, seen, e);
		arena_reset(w->s->a);
	}
	w->s->memo = NULL;
	arena_free(memo.a);
	return ok;
}

static bool prune_resource(struct applying *w, const struct resource *res, const struct map *seen, struct err *e) {
	struct query q = { .res = res, .form = FORM_BRIEF };
	struct rows rows;

	if (!store_list(w->s, &q, &rows, NULL, e))
		return false;
	for (size_t i = 0; i < rows.n; i++) {
		struct problems p = { .a = w->a };
		struct map *m;
		struct err why;
		bool ok;

		if (map_find(seen, val_int(rows.row[i]->id)) != NULL)
			continue;
		if (!db_savepoint(w->s->db, "prune", e))
			return false;
		ok = store_delete(w->s, res, rows.row[i]->id, &why);
		if (!ok && why.code == ERR_NOT_FOUND)
			continue;               /* it went along with another */
		m = line_new(w, ok ? "delete" : "refused", res);
		map_set(m, "id", val_int(rows.row[i]->id));
		map_set(m, "name", val_keep(w->a, rows.row[i]->display));
		*(ok ? &w->plan->deleted : &w->plan->refused) += 1;
		if (ok)
			continue;
		problem_add(&p, NULL, "%s", why.msg);
		map_set(m, "problems", val_map(p.fields));
		if (!db_rollback_to(w->s->db, "prune", e))
			return false;
	}
	arena_reset(w->s->a);
	return true;
}

static bool named(const struct book_file *file, const struct resource *res) {
	for (const struct resource **k = file->kind; k != NULL && *k != NULL; k++) {
		if (*k == res)
			return true;
	}
	return false;
}

bool book_apply(struct store *s, const struct book_file *file, bool prune, struct book_plan *plan, struct err *e) {
	struct store piece = *s;
	struct applying w = { .s = &piece, .a = s->a, .plan = plan, .table = file->columns != NULL };
	const struct resource **all;
	struct map **seen;
	size_t n, i;
	bool ok = true;

	*plan = (struct book_plan){ .lines = list_new(s->a, 16) };
	all = ordered(s->a, &n);
	seen = arena_new(s->a, struct map *, n);
	if (piece.request_id == NULL)
		piece.request_id = random_uuid(s->a);   /* all of it belongs together */
	piece.a = arena_new_root();
	for (i = 0; ok && i < n; i++) {
		if (!named(file, all[i]))
			continue;
		seen[i] = map_new(s->a, 64);
		ok = put_resource(&w, all[i], file, seen[i], e);
	}
	for (i = n; ok && prune && i-- > 0;)
		ok = seen[i] == NULL || prune_resource(&w, all[i], seen[i], e);
	arena_free(piece.a);
	return ok;
}

bool book_format_named(const char *name, enum book_format *out) {
	static const char *const names[] = { [BOOK_AUTO] = "auto", [BOOK_CSV] = "csv", [BOOK_YAML] = "yaml", [BOOK_JSON] = "json" };

	for (size_t i = 0; name != NULL && i < ARRAY_LEN(names); i++) {
		if (strcasecmp(names[i], name) == 0) {
			*out = (enum book_format)i;
			return true;
		}
	}
	return false;
}
