/* filter.c: from the parameters of a list to conditions. One function a kind of filter; which filters there are follows from the table. */
#include "config.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <strings.h>

#include "base/net.h"
#include "base/utf8.h"
#include "db/pgtext.h"
#include "db/queries.h"
#include "model/engine.h"
#include "model/types.h"

enum suffix { SUF_NONE, SUF_N, SUF_LT, SUF_LTE, SUF_GT, SUF_GTE, SUF_IC, SUF_NIC, SUF_ISW, SUF_NISW, SUF_IEW, SUF_NIEW, SUF_IE, SUF_NIE, SUF_EMPTY };

static const struct { const char *name; enum suffix suffix; } suffixes[] = {
	{ "n", SUF_N }, { "lt", SUF_LT }, { "lte", SUF_LTE }, { "gt", SUF_GT }, { "gte", SUF_GTE }, { "ic", SUF_IC }, { "nic", SUF_NIC },
	{ "isw", SUF_ISW }, { "nisw", SUF_NISW }, { "iew", SUF_IEW }, { "niew", SUF_NIEW }, { "ie", SUF_IE }, { "nie", SUF_NIE },
	{ "empty", SUF_EMPTY },
};

/* One filter with all values that the request gives it. */
struct ask {
	struct where *w;
	const char *name;               /* the parameter, for messages */
	enum filter_kind kind;
	unsigned flags;
	enum suffix suffix;
	struct path path;
	const char *text;               /* the table's path, where it is not a path */
	const struct field *field;      /* at the end of the path; NULL: the id */
	const char *cast;               /* of a value: "::bigint"; "" */
	const char **value;
	size_t n;
	bool null, empty;               /* "null" or "" was among the values */
	struct problems *bad;
};

static bool refuse(struct ask *q, const char *fmt, const char *value) {
	const char *at = strstr(fmt, "%s");

	if (q->bad != NULL)
		problem_put(q->bad, q->name, val_printf(q->w->store->a, "%.*s%s%s", at == NULL ? (int)strlen(fmt) : (int)(at - fmt), fmt,
		    at == NULL ? "" : value, at == NULL ? "" : at + 2));
	return false;
}

static const char no_choice[] = "Select a valid choice. %s is not one of the available choices.";
static const char no_value[] = "\xE2\x80\x9C%s\xE2\x80\x9D is not a valid value.";
static const char no_such_choice[] = "Select a valid choice. That choice is not one of the available choices.";

static bool negated(enum suffix s) {
	return s == SUF_N || s == SUF_NIC || s == SUF_NISW || s == SUF_NIEW || s == SUF_NIE;
}

static struct val texts(struct ask *q) {
	struct list *l = list_new(q->w->store->a, q->n);
	size_t i;

	for (i = 0; i < q->n; i++)
		list_push(l, val_str(q->value[i]));
	return val_list(l);
}

/* `(<condition over the path's column>)`, of a list of values for any of them, negated so that null counts as "not equal". */
static void condition(struct ask *q, const char *before, const char *after, struct val param) {
	struct where *w = q->w;
	struct reach r;
	bool any;

	/* one value stands by itself: only then can an index that has its column first give the order of the list as well */
	if (param.type == V_LIST && param.u.list->n == 1)
		param = param.u.list->v[0];
	any = param.type == V_LIST;
	where_and(w);
	if (negated(q->suffix))
		sb_chr(&w->sql, '(');
	reach_open(w, w->res, &q->path, &r);
	sb_fmt(&w->sql, "%s%s%s%s", before, r.column, after, any ? "ANY(" : "");
	sb_fmt(&w->sql, "%s%s%s", where_param(w, param), q->cast, any && *q->cast != '\0' ? "[])" : any ? ")" : "");
	reach_close(w, &r);
	if (negated(q->suffix))
		sb_str(&w->sql, ") IS NOT TRUE");
}

/* ---- text ---- */

static const char *as_text(const struct ask *q) {
	return q->field != NULL && (field_is_text(q->field) || q->field->type == F_SECRET) ? "" : "::text";
}

static bool ask_text(struct ask *q) {
	struct arena *a = q->w->store->a;
	enum suffix s = q->suffix;
	bool start = s == SUF_IC || s == SUF_NIC || s == SUF_IEW || s == SUF_NIEW, end = s == SUF_IC || s == SUF_NIC || s == SUF_ISW || s == SUF_NISW;
	struct list *l;
	uint8_t mac[6];
	char text[18];
	size_t i;

	if (s == SUF_NONE || s == SUF_N) {
		for (i = 0; q->field != NULL && q->field->type == F_MAC && i < q->n; i++) {
			if (mac_parse(q->value[i], strlen(q->value[i]), mac))
				q->value[i] = arena_strdup(a, mac_text(mac, text));
		}
		condition(q, "", arena_printf(a, "%s = ", as_text(q)), texts(q));
		return true;
	}
	l = list_new(a, q->n);
	for (i = 0; i < q->n; i++)
		list_push(l, pg_like(a, q->value[i], start, end));
	condition(q, "", arena_printf(a, "%s ILIKE ", as_text(q)), val_list(l));
	return true;
}

/* ---- numbers and times ---- */

static const char *comparison(enum suffix s) {
	return s == SUF_LT ? " < " : s == SUF_LTE ? " <= " : s == SUF_GT ? " > " : " >= ";
}

/* Repeated values of lt and gt mean any of them: the loosest decides. */
static struct val loosest(const struct list *l, enum suffix s) {
	bool greatest = s == SUF_LT || s == SUF_LTE;
	size_t i, best = 0;

	for (i = 1; i < l->n; i++) {
		double x = l->v[i].type == V_INT ? (double)l->v[i].u.i : l->v[i].u.f, y = l->v[best].type == V_INT ? (double)l->v[best].u.i : l->v[best].u.f;

		if (greatest ? x > y : x < y)
			best = i;
	}
	return l->v[best];
}

static bool ask_number(struct ask *q) {
	bool real = q->field != NULL && q->field->type == F_FLOAT, one = q->kind == FILTER_EXACT || strcmp(q->w->res->app, "peeringdb") == 0;
	struct list *l = list_new(q->w->store->a, q->n);
	int64_t i64;
	char *end;
	size_t i;

	for (i = 0; i < q->n; i++) {
		double f = strtod(q->value[i], &end);

		if (real ? end == q->value[i] || *end != '\0' || !isfinite(f) : !int_parse(q->value[i], strlen(q->value[i]), &i64))
			return refuse(q, real || one ? "Enter a number." : "Enter a whole number.", "");
		list_push(l, real ? val_float(f) : val_int(i64));
	}
	q->cast = real ? "::float8" : "::bigint";
	if (q->suffix == SUF_NONE || q->suffix == SUF_N)
		condition(q, "", " = ", val_list(l));
	else
		condition(q, "", comparison(q->suffix), loosest(l, q->suffix));
	return true;
}

static bool parse_times(struct ask *q, struct list *l) {
	const char *text;
	size_t i;

	for (i = 0; i < q->n; i++) {
		if (!time_parse(q->w->store->a, q->value[i], strlen(q->value[i]), &text))
			return refuse(q, "Enter a valid date/time.", "");
		list_push(l, val_str(text));
	}
	return true;
}

/* Times are compared as texts of one form: the greatest of several is found by PostgreSQL. */
static bool ask_time(struct ask *q) {
	struct list *l = list_new(q->w->store->a, q->n);
	bool any = q->suffix == SUF_LT || q->suffix == SUF_LTE || q->suffix == SUF_GT || q->suffix == SUF_GTE;

	if (!parse_times(q, l))
		return false;
	if (q->kind == FILTER_BEFORE || q->kind == FILTER_AFTER) {
		q->cast = "::timestamptz";
		for (uint32_t i = 0; i < l->n; i++)     /* each for itself: an index serves no ">= ALL" */
			condition(q, "", q->kind == FILTER_BEFORE ? " <= " : " >= ", l->v[i]);
		return true;
	}
	condition(q, "", any ? comparison(q->suffix) : " = ", val_list(l));
	return true;
}

/* ---- closed values ---- */

/* 1, 0, or -1 for what says neither and is passed over. */
static int answer_of(const struct ask *q) {
	static const char *const yes[] = { "true", "1", "2" }, *const no[] = { "false", "0", "3" };
	const char *v = q->value[q->n - 1];
	int answer = -1;
	size_t i;

	for (i = 0; i < ARRAY_LEN(yes); i++)
		answer = strcasecmp(v, yes[i]) == 0 ? 1 : strcasecmp(v, no[i]) == 0 ? 0 : answer;
	return answer;
}

static bool ask_bool(struct ask *q) {
	struct where *w = q->w;
	int answer = answer_of(q);

	if (answer < 0)
		return true;
	if (q->field != NULL && q->field->type == F_IN) {
		where_and(w);
		sb_fmt(&w->sql, answer ? "t0.id IN (SELECT id FROM %s)" : "NOT EXISTS (SELECT FROM %s v WHERE v.id = t0.id)", q->field->link);
		return true;
	}
	condition(q, "", " = ", val_bool(answer == 1));
	return true;
}

static bool numeric_choices(const struct field *f) {
	return f->choices != NULL && f->choices->value != NULL && isdigit((unsigned char)f->choices->value[0]);
}

/* Null or ''; or, with `not`, neither. */
static void ask_empty(struct ask *q, bool not) {
	struct where *w = q->w;
	struct reach r;

	where_and(w);
	if (not)
		sb_str(&w->sql, "NOT ");
	reach_open(w, w->res, &q->path, &r);
	sb_fmt(&w->sql, "(%s IS NULL OR %s::text = '')", r.column, r.column);
	reach_close(w, &r);
}

static bool ask_choice(struct ask *q) {
	struct list *l = list_new(q->w->store->a, q->n + 1);
	int64_t number;
	size_t i;

	if (q->empty && (q->flags & FILTERF_EMPTY) != 0 && q->n == 0) {
		ask_empty(q, negated(q->suffix));
		return true;
	}
	for (i = 0; i < q->n; i++) {
		if (q->field == NULL || choice_find(q->field->choices, q->value[i], strlen(q->value[i])) == NULL)
			return refuse(q, no_choice, q->value[i]);
		if (numeric_choices(q->field) && int_parse(q->value[i], strlen(q->value[i]), &number))
			list_push(l, val_int(number));
		else
			list_push(l, val_str(q->value[i]));
	}
	if (q->kind == FILTER_POLICY_TYPE)
		list_push(l, val_str("import-export-policy"));
	if (q->n == 0)
		return true;
	q->cast = numeric_choices(q->field) ? "::bigint" : "";
	condition(q, "", " = ", val_list(l));
	return true;
}

static bool ask_uuid(struct ask *q) {
	struct list *l = list_new(q->w->store->a, q->n);
	const char *text;
	size_t i;

	for (i = 0; i < q->n; i++) {
		if (!uuid_parse(q->w->store->a, q->value[i], strlen(q->value[i]), &text))
			return refuse(q, "Enter a valid UUID.", "");
		list_push(l, val_str(text));
	}
	if (q->kind == FILTER_UUID) {
		condition(q, "", " = ", val_list(l));
		return true;
	}
	where_and(q->w);
	sb_fmt(&q->w->sql, "t0.id IN (SELECT changed_object_id FROM object_change WHERE request_id = %s::uuid AND action = '%s'"
	    " AND changed_object_type_id = %lld)", where_param(q->w, l->v[l->n - 1]), q->text, (long long)info_of(q->w->model, q->w->res)->otype);
	return true;
}

static bool ask_exact(struct ask *q) {
	const char *v = q->value[q->n - 1];

	q->value[0] = v;
	q->n = 1;
	if (q->field == NULL || q->field->type == F_INT || q->field->type == F_ASN || q->field->type == F_FLOAT)
		return ask_number(q);
	if (q->field->type == F_TIME)
		return ask_time(q);
	if (q->field->type == F_REF) {
		int64_t id;

		if (!int_parse(v, strlen(v), &id))
			return refuse(q, "Enter a whole number.", "");
		condition(q, "", " = ", val_int(id));
		return true;
	}
	return q->field->type == F_UUID ? ask_uuid(q) : q->field->type == F_BOOL ? ask_bool(q) : ask_text(q);
}

static bool ask_family(struct ask *q) {
	const char *v = q->value[q->n - 1];
	char *end;
	double family = strtod(v, &end);

	if (end == v || *end != '\0' || !isfinite(family))
		return refuse(q, "Enter a number.", "");
	if (family == 4 || family == 6)
		condition(q, "family(", arena_printf(q->w->store->a, ") = "), val_int((int64_t)family));
	return true;
}

/* ---- what must exist in another table ---- */

/* The ids of the rows of `res` whose column has one of the values; each value must be there. */
static bool look_up(struct ask *q, const struct resource *res, const char *column, struct list *values, struct list *ids, struct err *e) {
	struct store *s = q->w->store;
	struct val param = val_list(values);
	struct result r;
	struct sbuf text;
	size_t i, k;

	if (values->n == 0)
		return true;
	if (!db_query(s->db, s->a, arena_printf(s->a, "SELECT id, %s FROM %s WHERE %s = ANY($1)", column, res->table, column), &param, 1, &r, e))
		return false;
	for (i = 0; i < values->n; i++) {
		for (k = 0; k < r.n && !val_equal(result_at(&r, k, 1), values->v[i]); k++)
			;
		if (k == r.n) {
			sb_init(&text, s->a);
			value_text(&text, values->v[i]);
			return refuse(q, (q->flags & FILTERF_ONE) != 0 ? no_such_choice : no_choice, text.s) || err_set(e, ERR_NONE, NULL, "%s", "");
		}
	}
	for (k = 0; k < r.n; k++)
		list_push(ids, result_at(&r, k, 0));
	return true;
}

/* `path` ends in the reference; ids are what it may point at. */
static void point_at(struct ask *q, const struct path *path, struct list *ids) {
	struct where *w = q->w;
	struct reach r;

	where_and(w);
	sb_chr(&w->sql, '(');
	if (q->null) {
		reach_null(w, w->res, path);
		if (ids->n > 0)
			sb_str(&w->sql, " OR ");
	}
	if (ids->n > 0) {
		reach_open(w, w->res, path, &r);
		sb_fmt(&w->sql, "%s = ANY(%s)", r.column, where_param(w, val_list(ids)));
		reach_close(w, &r);
	}
	sb_str(&w->sql, negated(q->suffix) ? ") IS NOT TRUE" : ")");
}

static bool ask_ref(struct ask *q, struct err *e) {
	struct list *values = list_new(q->w->store->a, q->n), *ids = list_new(q->w->store->a, q->n);
	int64_t id;
	size_t i;

	if ((q->flags & FILTERF_ONE) != 0 && q->n > 1) {
		q->value[0] = q->value[q->n - 1];
		q->n = 1;
	}
	for (i = 0; i < q->n; i++) {
		if (!int_parse(q->value[i], strlen(q->value[i]), &id)) {
			refuse(q, (q->flags & FILTERF_ONE) != 0 ? no_such_choice : no_value, q->value[i]);
			return true;
		}
		list_push(values, val_int(id));
	}
	if (q->field == NULL || q->field->ref == NULL)
		return true;
	if (!look_up(q, q->field->ref, "id", values, ids, e))
		return e->code == ERR_NONE;
	point_at(q, &q->path, ids);
	return true;
}

static bool ask_names(struct ask *q, struct err *e) {
	struct arena *a = q->w->store->a;
	struct list *values = list_new(a, q->n), *ids = list_new(a, q->n);
	struct path owner = q->path;
	const struct field *ref;
	int64_t number;
	size_t i;

	if (q->path.n < 2 || q->field == NULL)
		return true;
	owner.n--;
	ref = path_field(q->w->res, &owner);
	for (i = 0; i < q->n; i++) {
		bool integer = q->field->type == F_ASN || q->field->type == F_INT;

		if (integer && !int_parse(q->value[i], strlen(q->value[i]), &number)) {
			refuse(q, no_choice, q->value[i]);
			return true;
		}
		list_push(values, integer ? val_int(number) : val_str(q->value[i]));
	}
	if (!look_up(q, ref->ref, field_column(a, q->field), values, ids, e))
		return e->code == ERR_NONE;
	point_at(q, &owner, ids);
	return true;
}

static bool ask_tag(struct ask *q, struct err *e) {
	struct where *w = q->w;
	struct list *ids = list_new(w->store->a, q->n);
	long long type = (long long)info_of(w->model, w->res)->otype;
	const struct resource *tag = res_by_model("extras.tag");
	size_t i;

	if (tag == NULL)
		return true;
	if (!look_up(q, tag, "slug", texts(q).u.list, ids, e))
		return e->code == ERR_NONE;
	if (q->null) {
		where_and(w);
		sb_fmt(&w->sql, "%sEXISTS (SELECT FROM tagged_item g WHERE g.object_type_id = %lld AND g.object_id = t0.id)",
		    negated(q->suffix) ? "" : "NOT ", type);
	}
	if (negated(q->suffix) && ids->n > 0) {
		where_and(w);
		sb_fmt(&w->sql, "NOT EXISTS (SELECT FROM tagged_item g WHERE g.object_type_id = %lld AND g.object_id = t0.id AND g.tag_id = ANY(%s))",
		    type, where_param(w, val_list(ids)));
		return true;
	}
	for (i = 0; i < ids->n; i++) {
		where_and(w);
		sb_fmt(&w->sql, "t0.id IN (SELECT object_id FROM tagged_item WHERE tag_id = %s AND object_type_id = %lld)", where_param(w, ids->v[i]), type);
	}
	return true;
}

/* ---- object types ---- */

static const struct object_type *type_of(struct ask *q, const char *v) {
	int64_t id;

	if (int_parse(v, strlen(v), &id))
		return q->kind == FILTER_OBJTYPE_ID || q->kind == FILTER_TAGGED_ID ? otype_by_id(q->w->model, id) : NULL;
	return otype_by_name(q->w->model, v, strlen(v));
}

static bool refuse_type(struct ask *q, const char *v) {
	int64_t id;
	bool number = int_parse(v, strlen(v), &id);

	if (q->kind == FILTER_TAGGED_ID)
		return number || refuse(q, "Enter a whole number.", "");
	if ((q->flags & FILTERF_MANY) == 0)
		return refuse(q, no_such_choice, "");
	return refuse(q, number ? no_choice : no_value, v);
}

/* A name that is no type selects nothing; an id that is none is refused. */
static bool ask_type(struct ask *q) {
	struct where *w = q->w;
	struct list *ids = list_new(w->store->a, q->n);
	bool by_id = q->kind == FILTER_OBJTYPE_ID || q->kind == FILTER_TAGGED_ID;
	size_t i;

	for (i = 0; i < q->n; i++) {
		const struct object_type *t = type_of(q, q->value[i]);

		if (t == NULL && by_id && (q->flags & FILTERF_MANY) != 0 && strcmp(q->value[i], "null") == 0)
			continue;
		if (t == NULL && by_id && !refuse_type(q, q->value[i]))
			return false;
		if (t != NULL)
			list_push(ids, val_int(t->id));
	}
	if (q->kind == FILTER_TAGGED || q->kind == FILTER_TAGGED_ID) {
		where_and(w);
		sb_fmt(&w->sql, "t0.id IN (SELECT tag_id FROM tagged_item WHERE object_type_id = ANY(%s))", where_param(w, val_list(ids)));
		return true;
	}
	condition(q, "", " = ", val_list(ids));
	return true;
}

/* ---- which filter is it ---- */

static bool takes(enum filter_kind kind, unsigned flags, enum suffix s) {
	if (s == SUF_NONE)
		return true;
	if (s == SUF_N && (flags & FILTERF_NO_NEGATE) != 0)
		return false;
	switch (kind) {
	case FILTER_TEXT: return s == SUF_N || s >= SUF_IC;
	case FILTER_NUMBER:
	case FILTER_TIME: return s <= SUF_GTE || s == SUF_EMPTY;
	case FILTER_CHOICE:
	case FILTER_REF:
	case FILTER_NAMES:
	case FILTER_TAG:
	case FILTER_OBJTYPE:
	case FILTER_OBJTYPE_ID: return s == SUF_N;
	case FILTER_BOOL: case FILTER_EXACT: case FILTER_FAMILY: case FILTER_UUID: case FILTER_REQUEST: case FILTER_TAGGED: case FILTER_TAGGED_ID:
	case FILTER_BEFORE: case FILTER_AFTER: case FILTER_POLICY_TYPE: case FILTER__COUNT: break;
	}
	return false;
}

static bool is(const char *name, const char *text, size_t len) {
	return strncmp(name, text, len) == 0 && name[len] == '\0';
}

static bool set_path(struct ask *q, const char *path) {
	const struct resource *res = q->w->res;

	q->text = path;
	if (q->kind == FILTER_REQUEST || q->kind == FILTER_TAG || q->kind == FILTER_TAGGED || q->kind == FILTER_TAGGED_ID)
		return true;
	if (!path_parse(res, path, strlen(path), &q->path))
		return false;
	q->field = path_field(res, &q->path);
	return true;
}

/* A filter that the table names. */
static bool named_filter(struct ask *q, const char *name, size_t len) {
	size_t i;

	for (i = 0; i < q->w->res->nfilters; i++) {
		const struct filter *f = &q->w->res->filters[i];

		if (!is(f->name, name, len))
			continue;
		q->kind = f->kind;
		q->flags = f->flags;
		return set_path(q, f->path);
	}
	return false;
}

/* A filter that FF_FILTER gives. */
static bool derived_filter(struct ask *q, const char *name, size_t len) {
	const struct resource *res = q->w->res;
	size_t i;

	if (len == 2 && memcmp(name, "id", 2) == 0) {
		q->kind = FILTER_NUMBER;
		return set_path(q, "id");
	}
	for (i = 0; i < res->nfields; i++) {
		const struct field *f = &res->fields[i];
		int kind = type_info(f->type)->filter;
		size_t n = strlen(f->name);
		bool by_id = len == n + 3 && memcmp(name + n, "_id", 3) == 0 && memcmp(name, f->name, n) == 0;

		if ((f->flags & FF_FILTER) == 0 || kind < 0 || (!by_id && !is(f->name, name, len)))
			continue;
		if (by_id && f->type == F_OBJTYPE)
			kind = FILTER_OBJTYPE_ID;
		else if (by_id != (f->type == F_REF || f->type == F_REFS))
			continue;
		q->kind = (enum filter_kind)kind;
		return set_path(q, f->name);
	}
	return false;
}

static bool find_filter(struct ask *q, const char *name) {
	const char *mark = NULL, *p;
	size_t i;

	q->suffix = SUF_NONE;
	q->flags = 0;
	if (named_filter(q, name, strlen(name)) || derived_filter(q, name, strlen(name)))
		return true;
	for (p = strstr(name, "__"); p != NULL; p = strstr(p + 2, "__"))
		mark = p;
	for (i = 0; mark != NULL && i < ARRAY_LEN(suffixes); i++) {
		if (strcmp(suffixes[i].name, mark + 2) != 0)
			continue;
		q->suffix = suffixes[i].suffix;
		return (named_filter(q, name, (size_t)(mark - name)) || derived_filter(q, name, (size_t)(mark - name))) &&
		    takes(q->kind, q->flags, q->suffix);
	}
	return false;
}

static bool names_objects(enum filter_kind k) {
	return k == FILTER_REF || k == FILTER_NAMES || k == FILTER_TAG;
}

/* All values of this parameter, from place i on. Bytes that are no text are refused here, for every kind. */
static void gather(struct ask *q, const struct param *params, size_t n, size_t i) {
	q->value = arena_new(q->w->store->a, const char *, n - i);
	q->n = 0;
	q->null = q->empty = false;
	for (; i < n; i++) {
		const char *v = params[i].value;

		if (strcmp(params[i].name, q->name) != 0)
			continue;
		if (v[0] == '\0')
			q->empty = true;
		else if (strcmp(v, "null") == 0 && names_objects(q->kind) && (q->flags & FILTERF_NO_NULL) == 0)
			q->null = true;
		else if (!utf8_valid(v, strlen(v)))
			refuse(q, "Enter valid text.", "");
		else
			q->value[q->n++] = v;
	}
}

/* Equality with what many rows differ in selects few, whatever the value; all else may select nearly all or nearly none. */
static bool is_skewed(const struct ask *q) {
	return q->suffix != SUF_NONE || q->null || q->kind == FILTER_CHOICE || q->kind == FILTER_BOOL || q->kind == FILTER_FAMILY ||
	    q->kind == FILTER_POLICY_TYPE || q->kind == FILTER_BEFORE || q->kind == FILTER_AFTER;
}

static bool apply(struct ask *q, struct err *e) {
	if (q->n == 0 && !q->null && !(q->empty && q->kind == FILTER_CHOICE))
		return true;
	q->w->skewed = q->w->skewed || is_skewed(q);
	if (q->suffix == SUF_EMPTY) {
		if (answer_of(q) >= 0)
			ask_empty(q, answer_of(q) == 0);
		return true;
	}
	switch (q->kind) {
	case FILTER_TEXT: ask_text(q); break;
	case FILTER_NUMBER: ask_number(q); break;
	case FILTER_TIME:
	case FILTER_BEFORE:
	case FILTER_AFTER: ask_time(q); break;
	case FILTER_BOOL: ask_bool(q); break;
	case FILTER_EXACT: ask_exact(q); break;
	case FILTER_CHOICE:
	case FILTER_POLICY_TYPE: ask_choice(q); break;
	case FILTER_REF: return ask_ref(q, e);
	case FILTER_NAMES: return ask_names(q, e);
	case FILTER_TAG: return ask_tag(q, e);
	case FILTER_FAMILY: ask_family(q); break;
	case FILTER_UUID:
	case FILTER_REQUEST: ask_uuid(q); break;
	case FILTER_OBJTYPE:
	case FILTER_OBJTYPE_ID:
	case FILTER_TAGGED:
	case FILTER_TAGGED_ID: ask_type(q); break;
	case FILTER__COUNT: break;
	}
	return true;
}

/* ---- ?filter=, ?filter_id=: saved ones ---- */

static bool is_saved(const char *name) {
	return strcmp(name, "filter") == 0 || strcmp(name, "filter_id") == 0;
}

/* Each must be one of this list, of the actor's own or shared, and enabled; on a page, where nothing is refused, one that is not selects nothing. */
static bool ask_saved(struct ask *q, struct err *e) {
	struct where *w = q->w;
	struct store *s = w->store;
	bool all = s->actor == NULL || s->actor->superuser;
	struct val p[5] = { texts(q), val_int(info_of(w->model, w->res)->otype), val_int(all ? 0 : s->actor->user_id), val_bool(all),
		val_bool(strcmp(q->name, "filter_id") == 0) };
	struct result r;
	size_t i, k;

	if (!db_named(s->db, s->a, Q_SAVED_FILTERS_NAMED, p, &r, e))
		return false;
	for (i = 0; i < q->n; i++) {
		for (k = 0; k < r.n && strcmp(val_cstr(result_at(&r, k, 0), ""), q->value[i]) != 0; k++)
			;
		where_and(w);
		if (k == r.n) {
			refuse(q, no_choice, q->value[i]);
			sb_str(&w->sql, "FALSE");
		} else if (!predicate_where(w, result_at(&r, k, 1).u.map, e)) {
			return false;
		}
	}
	w->skewed = true;
	return true;
}

/* ---- ?q= ---- */

static bool search_one(struct where *w, const struct path *p, const char *q, bool first) {
	const struct field *f = path_field(w->res, p);
	struct addr address;
	char text[ADDR_TEXT_MAX];
	struct reach r;
	bool number = strspn(q, "0123456789") == strlen(q), is_text = f != NULL && (field_is_text(f) || f->type == F_ENUM || f->type == F_MAC);
	bool is_number = f == NULL || f->type == F_ASN || f->type == F_INT || f->type == F_ID, is_address = !is_text && !is_number &&
	    (f->type == F_INET || f->type == F_IFACE);

	if (!is_text && !(is_number && number) && !(is_address && addr_parse(q, strlen(q), &address)))
		return false;
	if (!first)
		sb_str(&w->sql, " OR ");
	reach_open(w, w->res, p, &r);
	if (is_text)
		sb_fmt(&w->sql, "%s%s ILIKE %s", r.column, f->type == F_ENUM || f->type == F_MAC ? "::text" : "",
		    where_param(w, pg_like(w->store->a, q, true, true)));
	else if (is_number)
		sb_fmt(&w->sql, "%s::text LIKE %s", r.column, where_param(w, pg_like(w->store->a, q, false, true)));
	else
		sb_fmt(&w->sql, "host(%s) = %s", r.column, where_param(w, val_str(arena_strdup(w->store->a, addr_text(&address, ADDR_HOST, text)))));
	reach_close(w, &r);
	return true;
}

static bool filter_search(struct where *w, const char *q) {
	const char *paths = w->res->search, *item;
	bool first = true;
	struct path p;
	size_t i, len;

	while (*q == ' ')
		q++;
	if (*q == '\0')
		return true;
	w->skewed = true;
	where_and(w);
	sb_chr(&w->sql, '(');
	for (i = 0; i < w->res->nfields; i++) {
		if ((w->res->fields[i].flags & FF_SEARCH) == 0 || !field_is_column(&w->res->fields[i]) || w->res->fields[i].type == F_REF)
			continue;
		p = (struct path){ .n = 1, .step = { (int)i } };
		if (search_one(w, &p, q, first))
			first = false;
	}
	while (next_item(&paths, ',', &item, &len)) {
		if (path_parse(w->res, item, len, &p) && search_one(w, &p, q, first))
			first = false;
	}
	sb_str(&w->sql, first ? "FALSE)" : ")");
	return true;
}

/* ---- the list's parameters ---- */

static bool seen_before(const struct param *params, size_t i) {
	size_t k;

	for (k = 0; k < i; k++) {
		if (strcmp(params[k].name, params[i].name) == 0)
			return true;
	}
	return false;
}

bool filter_apply(struct where *w, const struct param *params, size_t n, struct problems *bad, bool *unknown, struct err *e) {
	size_t i;

	for (i = 0; i < n; i++) {
		struct ask q = { .w = w, .name = params[i].name, .bad = bad, .cast = "" };

		if (strcmp(params[i].name, "q") == 0) {
			if (params[i].value[0] != '\0' && utf8_valid(params[i].value, strlen(params[i].value)))
				filter_search(w, params[i].value);
			continue;
		}
		if (seen_before(params, i))
			continue;
		if (!w->nested && is_saved(params[i].name)) {
			gather(&q, params, n, i);
			if (q.n > 0 && !ask_saved(&q, e))
				return false;
			continue;
		}
		if (!find_filter(&q, params[i].name)) {
			if (unknown != NULL)
				*unknown = true;
			continue;
		}
		gather(&q, params, n, i);
		if (!apply(&q, e))
			return false;
	}
	return true;
}
