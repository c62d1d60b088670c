/* refs.c: references as clients write them: an id, a numeric string, or a dictionary of attributes that one object matches. */
#include "config.h"

#include "base/json.h"
#include "base/net.h"
#include "base/utf8.h"
#include "model/engine.h"
#include "model/types.h"

const char *python_type(struct val v) {
	static const char *const names[V__COUNT] = {
		[V_UNDEF] = "NoneType", [V_NULL] = "NoneType", [V_BOOL] = "bool", [V_INT] = "int", [V_FLOAT] = "float", [V_STR] = "str",
		[V_LIST] = "list", [V_MAP] = "dict", [V_OBJ] = "object",
	};

	return names[v.type];
}

static void repr_text(struct sbuf *b, struct val v) {
	char quote = memchr(v.u.s, '\'', v.len) != NULL && memchr(v.u.s, '"', v.len) == NULL ? '"' : '\'';
	size_t i;

	sb_chr(b, quote);
	for (i = 0; i < v.len; i++) {
		if (v.u.s[i] == quote || v.u.s[i] == '\\')
			sb_chr(b, '\\');
		if ((unsigned char)v.u.s[i] < 0x20)
			sb_fmt(b, "\\x%02x", (unsigned char)v.u.s[i]);
		else
			sb_chr(b, v.u.s[i]);
	}
	sb_chr(b, quote);
}

/* As Python prints a value of JSON: the messages about attributes quote it so. */
void python_repr(struct sbuf *b, struct val v) {
	size_t i;

	switch ((enum vtype)v.type) {
	case V_STR: repr_text(b, v); break;
	case V_BOOL: sb_str(b, v.u.b ? "True" : "False"); break;
	case V_INT: sb_int(b, v.u.i); break;
	case V_FLOAT: json_float(b, v.u.f); break;
	case V_LIST:
		sb_chr(b, '[');
		for (i = 0; i < v.u.list->n; i++) {
			sb_str(b, i > 0 ? ", " : "");
			python_repr(b, v.u.list->v[i]);
		}
		sb_chr(b, ']');
		break;
	case V_MAP:
		sb_chr(b, '{');
		for (i = 0; i < v.u.map->n; i++) {
			sb_str(b, i > 0 ? ", " : "");
			python_repr(b, map_key(v.u.map, i));
			sb_str(b, ": ");
			python_repr(b, map_val(v.u.map, i));
		}
		sb_chr(b, '}');
		break;
	case V_UNDEF:
	case V_NULL:
	case V_OBJ:
	case V__COUNT: sb_str(b, "None"); break;
	}
}

static const char *repr(struct arena *a, struct val v) {
	struct sbuf b;

	sb_init(&b, a);
	python_repr(&b, v);
	return b.s;
}

/* What a reference said, looked up: an id, or a message. */
struct found {
	int64_t id;
	const char *message;
};

static void no_keyword(struct found *out, struct arena *a, const struct resource *res, const char *key) {
	struct sbuf b;
	size_t i;

	sb_init(&b, a);
	sb_fmt(&b, "Cannot resolve keyword '%s' into field. Choices are: id", key);
	for (i = 0; i < res->nfields; i++) {
		if (field_is_column(&res->fields[i]) && res->fields[i].type != F_SECRET && res->fields[i].type != F_PASSWORD)
			sb_fmt(&b, ", %s", res->fields[i].name);
	}
	out->message = b.s;
}

static bool comparable(const struct field *f) {
	return f == NULL || (field_is_column(f) && f->type != F_SECRET && f->type != F_PASSWORD && f->type != F_JSON);
}

/* `column = value` with the value bound as text and cast by the column's own input function where it fits, else never equal. */
static bool attribute_fits(const struct model *m, const struct field *f, struct val *v, struct arena *a) {
	const struct object_type *t = f != NULL && f->type == F_OBJTYPE && v->type == V_STR ? otype_by_name(m, v->u.s, v->len) : NULL;
	int64_t n;
	struct sbuf b;

	if (t != NULL)
		*v = val_int(t->id);

	if (f == NULL || f->type == F_INT || f->type == F_ASN || f->type == F_REF || f->type == F_OBJTYPE || f->type == F_ID) {
		if (v->type == V_STR && int_parse(v->u.s, v->len, &n))
			*v = val_int(n);
		return v->type == V_INT;
	}
	if (f->type == F_BOOL)
		return v->type == V_BOOL;
	sb_init(&b, a);
	value_text(&b, *v);
	if (memchr(b.s, '\0', b.len) != NULL || v->type == V_LIST || v->type == V_MAP)
		return false;
	*v = val_mem(b.s, b.len);
	return true;
}

/* An address in the form that PostgreSQL prints: its length only where the client wrote one. */
static struct val plain_address(struct arena *a, const struct field *f, struct val v) {
	char text[ADDR_TEXT_MAX];
	struct addr addr;

	if (f == NULL || (f->type != F_INET && f->type != F_IFACE) || v.type != V_STR || !addr_parse(v.u.s, v.len, &addr))
		return v;
	addr_text(&addr, memchr(v.u.s, '/', v.len) == NULL ? ADDR_HOST : ADDR_WITH_LENGTH, text);
	return val_str(arena_strdup(a, text));
}

/* One attribute: a plain value, or a dictionary about what a reference points at. */
static bool attribute(struct where *w, struct path *p, const struct resource *res, const char *key, size_t len, struct val v, struct found *out) {
	struct arena *a = w->store->a;
	const struct resource *at = p->n == 0 ? res : path_field(res, p)->ref;
	int f = field_named(at, key, len);
	const struct field *field = f >= 0 ? &at->fields[f] : NULL;
	struct reach r;
	bool ok = true;
	size_t i;

	if (f == -2 || p->n == PATH_MAX_STEPS || !comparable(field)) {
		no_keyword(out, a, at, key);
		return false;
	}
	p->step[p->n++] = f;
	if (v.type == V_MAP && field != NULL && field->type == F_REF) {
		for (i = 0; ok && i < v.u.map->n; i++)
			ok = attribute(w, p, res, val_cstr(map_key(v.u.map, i), ""), map_key(v.u.map, i).len, map_val(v.u.map, i), out);
		p->n--;
		return ok;
	}
	where_and(w);
	if (val_is_null(v)) {
		reach_null(w, res, p);
	} else if (!attribute_fits(w->model, field, &v, a)) {
		sb_str(&w->sql, "FALSE");
	} else {
		bool as_text = v.type == V_STR && !field_is_text(field), host = as_text && (field->type == F_INET || field->type == F_IFACE) &&
		    memchr(v.u.s, '/', v.len) == NULL;

		reach_open(w, res, p, &r);
		sb_fmt(&w->sql, host ? "host(%s)%s = %s" : "%s%s = %s", r.column, as_text && !host ? "::text" : "", where_param(w, plain_address(a, field, v)));
		sb_str(&w->sql, v.type == V_INT ? "::bigint" : "");
		reach_close(w, &r);
	}
	p->n--;
	return true;
}

static bool by_attributes(struct changes *c, const struct resource *res, struct val in, struct found *out, struct err *e) {
	struct store *s = c->store;
	struct path p = { .n = 0 };
	struct where w;
	struct result r;
	size_t i;

	where_init(&w, s, c->model, res);
	for (i = 0; i < in.u.map->n; i++) {
		const struct map_entry a = map_pair(in.u.map, i);

		if (!attribute(&w, &p, res, val_cstr(a.key, ""), a.key.len, a.val, out))
			return true;
	}
	if (!db_query(s->db, s->a, arena_printf(s->a, "SELECT t0.id FROM %s t0 WHERE %s LIMIT 2", res->table, w.sql.len == 0 ? "TRUE" : w.sql.s),
	    w.params->v, w.params->n, &r, e))
		return false;
	if (r.n == 1)
		out->id = result_at(&r, 0, 0).u.i;
	else
		out->message = arena_printf(s->a, r.n == 0 ? "Related object not found using the provided attributes: %s" :
		    "Multiple objects match the provided attributes: %s", repr(s->a, in));
	return true;
}

/* An id out of whatever came; *out says either. Existence of a plain id is for the caller, who reads the row. */
static bool identify(struct changes *c, const struct resource *res, struct val in, struct found *out, struct err *e) {
	struct arena *a = c->store->a;
	struct sbuf b;
	int64_t id;

	*out = (struct found){ .id = 0 };
	if (in.type == V_MAP)
		return by_attributes(c, res, in, out, e);
	if (in.type == V_INT || (in.type == V_STR && int_parse(in.u.s, in.len, &id))) {
		out->id = in.type == V_INT ? in.u.i : id;
		if (out->id == 0)
			out->message = "Related object not found using the provided numeric ID: 0";
		return true;
	}
	sb_init(&b, a);
	if (in.type == V_LIST)
		python_repr(&b, in);
	else
		value_text(&b, in);
	out->message = arena_printf(a, "Related objects must be referenced by numeric ID or by dictionary of attributes. "
	    "Received an unrecognized value: %s", b.s);
	return true;
}

static bool nested_row(struct changes *c, const struct resource *res, int64_t id, struct row **row, struct err *e) {
	return read_one(c->store, c->model, plan_get(c->model, res, (enum form)FORM_NESTED, NULL), id, row, e);
}

void memo_key(struct sbuf *b, const struct resource *res, struct val in) {
	sb_str(b, res->table);
	json_write(b, in);
}

/* In a memo rows stay; else they live as long as what is being written. */
static bool memo_row(struct changes *c, const struct resource *res, struct val in, int64_t id, struct row **row, struct err *e) {
	struct refs_memo *memo = c->store->memo;
	struct arena *own = c->store->a;
	struct sbuf key;
	bool ok;

	if (memo != NULL)
		c->store->a = memo->a;
	ok = nested_row(c, res, id, row, e);
	c->store->a = own;
	if (!ok || memo == NULL || *row == NULL)
		return ok;
	sb_init(&key, memo->a);
	memo_key(&key, res, in);
	map_put(memo->known, val_mem(key.s, key.len), val_obj(&(*row)->obj));
	return true;
}

static const struct val *memo_find(struct changes *c, const struct resource *res, struct val in) {
	struct sbuf key;

	if (c->store->memo == NULL)
		return NULL;
	sb_init(&key, c->store->a);
	memo_key(&key, res, in);
	return map_find(c->store->memo->known, val_mem(key.s, key.len));
}

bool resolve_ref(struct changes *c, const struct field *f, struct val in, struct val *out, struct err *e) {
	const struct val *known = memo_find(c, f->ref, in);
	struct found found;
	struct row *row;

	if (known != NULL) {
		*out = *known;
		return true;
	}
	if (!identify(c, f->ref, in, &found, e))
		return false;
	if (found.message == NULL) {
		if (!memo_row(c, f->ref, in, found.id, &row, e))
			return false;
		if (row != NULL) {
			*out = val_obj(&row->obj);
			return true;
		}
		if ((f->flags & FF_BARE) != 0)
			found.message = arena_printf(c->store->a, "Invalid pk \"%lld\" - object does not exist.", (long long)found.id);
		else
			found.message = arena_printf(c->store->a, "Related object not found using the provided numeric ID: %lld", (long long)found.id);
	}
	problem_put(c->problems, f->name, val_str(found.message));
	return false;
}

/* Rows of the ids of a list at once, each once, in the target's order. *missing: the first id that is not there. */
static bool rows_read(struct changes *c, const struct resource *res, const int64_t *ids, size_t n, struct list **out, int64_t *missing, struct err *e) {
	struct rows rows;
	size_t i;

	if (!read_rows(c->store, c->model, plan_get(c->model, res, (enum form)FORM_NESTED, NULL), ids, n, READ_ORDERED, &rows, e))
		return false;
	*missing = 0;
	for (i = 0; i < n && *missing == 0; i++)
		*missing = rows_find(&rows, ids[i]) == NULL ? ids[i] : 0;
	*out = list_new(c->store->a, rows.n);
	for (i = 0; i < rows.n; i++)
		list_push(*out, val_obj(&rows.row[i]->obj));
	return true;
}

/* Lists that many inputs have in common are read once. */
static bool rows_of(struct changes *c, const struct resource *res, struct val in, const int64_t *ids, struct list **out, int64_t *missing, struct err *e) {
	const struct val *known = memo_find(c, res, in);
	struct refs_memo *memo = c->store->memo;
	struct arena *own = c->store->a;
	struct sbuf key;
	bool ok;

	*missing = 0;
	if (known != NULL && known->type == V_LIST) {
		*out = known->u.list;
		return true;
	}
	if (memo != NULL)
		c->store->a = memo->a;
	ok = rows_read(c, res, ids, in.u.list->n, out, missing, e);
	c->store->a = own;
	if (!ok || memo == NULL || *missing != 0)
		return ok;
	sb_init(&key, memo->a);
	memo_key(&key, res, in);
	map_put(memo->known, val_mem(key.s, key.len), val_list(*out));
	return true;
}

static bool expect_list(struct changes *c, const struct field *f, struct val in) {
	if (in.type == V_LIST)
		return true;
	problem_add(c->problems, f->name, "Expected a list of items but got type \"%s\".", python_type(in));
	return false;
}

/* A tag's messages come as a list for each tag that is wrong. */
static void wrong_item(struct changes *c, const struct field *f, const char *message) {
	struct list *l;

	if (f->type != F_TAGS) {
		problem_put(c->problems, f->name, val_str(message));
		return;
	}
	l = list_new(c->store->a, 1);
	list_push(l, val_str(message));
	problem_put(c->problems, f->name, val_list(l));
}

/* The id that an item of the list names; 0 and a problem when it names nothing. */
static bool item_id(struct changes *c, const struct field *f, const struct resource *ref, struct val v, int64_t *id, struct err *e) {
	struct found found = { .message = NULL };
	int64_t n;

	if (f->type != F_TAGS && v.type != V_MAP && v.type != V_INT && !(v.type == V_STR && int_parse(v.u.s, v.len, &n)))
		found.message = arena_printf(c->store->a, "Incorrect type. Expected pk value, received %s.", python_type(v));
	else if (!identify(c, ref, v, &found, e))
		return false;
	*id = found.message == NULL ? found.id : 0;
	if (found.message != NULL)
		wrong_item(c, f, found.message);
	return true;
}

bool resolve_many(struct changes *c, const struct field *f, struct val in, struct val *out, struct err *e) {
	const struct resource *ref = f->type == F_TAGS ? res_by_model("extras.tag") : f->ref;
	int64_t *ids, missing;
	struct list *rows;
	bool ok = true;
	size_t i;

	if (!expect_list(c, f, in))
		return false;
	ids = arena_new(c->store->a, int64_t, in.u.list->n);
	for (i = 0; i < in.u.list->n; i++) {
		if (!item_id(c, f, ref, in.u.list->v[i], &ids[i], e))
			return false;
		ok &= ids[i] != 0;
	}
	if (!ok || !rows_of(c, ref, in, ids, &rows, &missing, e))
		return false;
	if (missing != 0) {
		wrong_item(c, f, arena_printf(c->store->a, f->type == F_TAGS ? "Related object not found using the provided numeric ID: %lld" :
		    "Invalid pk \"%lld\" - object does not exist.", (long long)missing));
		return false;
	}
	*out = val_list(rows);
	return true;
}

/* ---- objects of any type ---- */

bool resolve_object_id(struct changes *c, int i, struct val in, struct val *out, struct err *e) {
	const struct field *f = &c->res->fields[i];
	const struct object_type *t = c->v[i - 1].type == V_STR ? otype_by_name(c->model, c->v[i - 1].u.s, c->v[i - 1].len) : NULL;
	struct found found;

	if (t == NULL || t->res == NULL) {
		problem_add(c->problems, f->name, "The object cannot be found without a valid %s.", c->res->fields[i - 1].name);
		return false;
	}
	if (!by_attributes(c, t->res, in, (found = (struct found){ .id = 0 }, &found), e))
		return false;
	if (found.message != NULL) {
		problem_put(c->problems, f->name, val_str(found.message));
		return false;
	}
	*out = val_int(found.id);
	return true;
}

/* What an F_OBJECT field points at must be there: nobody can make a note about nothing. */
bool objects_exist(struct changes *c, const struct row *after, struct err *e) {
	size_t i;

	for (i = 0; i < c->res->nfields; i++) {
		const struct field *f = &c->res->fields[i];
		int via = f->type == F_OBJECT ? res_field(c->res, f->via) : -1;
		const struct object_type *t;
		struct val id, type;
		struct result r;

		if (via < 0 || (c->v[via].type == V_UNDEF && c->v[via + 1].type == V_UNDEF))
			continue;
		type = after->v[via];
		id = after->v[via + 1];
		t = type.type == V_STR ? otype_by_name(c->model, type.u.s, type.len) : NULL;
		if (t == NULL || id.type != V_INT)
			continue;
		if (t->res != NULL && !db_query(c->store->db, c->store->a, arena_printf(c->store->a, "SELECT 1 FROM %s WHERE id = $1", t->res->table),
		    &id, 1, &r, e))
			return false;
		if (t->res == NULL || r.n == 0)
			problem_add(c->problems, "non_field_errors", "Invalid %s: %c%s | %s ID %lld", f->name, t->name[0] - 'a' + 'A',
			    arena_strndup(c->store->a, t->name + 1, strcspn(t->name, ".") - 1), t->res == NULL ? strchr(t->name, '.') + 1 : t->res->name,
			    (long long)id.u.i);
	}
	return true;
}

bool store_find(struct store *s, const struct resource *res, const struct map *attributes, int64_t *id, struct err *e) {
	struct problems p = { .a = s->a };
	struct changes c = { .store = s, .res = res, .problems = &p, .model = model_of(s, e) };
	struct found found = { .id = 0 };

	if (c.model == NULL || !by_attributes(&c, res, val_map(map_copy(s->a, attributes, 0)), &found, e))
		return false;
	if (found.message != NULL)
		return err_set(e, strncmp(found.message, "Related", 7) == 0 ? ERR_NOT_FOUND : strncmp(found.message, "Multiple", 8) == 0 ? ERR_CONFLICT :
		    ERR_INVALID, NULL, "%s", found.message);
	*id = found.id;
	return true;
}
