/* api.c: the standard views of one resource: list, read, create, change, delete. Shapes and texts are Peering Manager's. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "web/private.h"

/* ---- paging ---- */

struct page {
	size_t limit, offset;
	bool cursor;            /* paging by id: no count, no row skipped or seen twice while others write */
};

/* A natural number as Python's int() takes it; -1 when it is none. */
static int64_t natural(const char *s) {
	char *end;
	long long n;

	if (s == NULL || *s < '0' || *s > '9' || strlen(s) > 18)
		return -1;
	n = strtoll(s, &end, 10);
	return *end == '\0' ? (int64_t)n : -1;
}

static struct page page_of(const struct req *r) {
	int64_t limit = natural(req_param(r, "limit")), offset = natural(req_param(r, "offset"));
	struct page p = { .cursor = req_param(r, "cursor") != NULL };

	if (limit < 0)
		limit = r->conf->page_size;
	if (limit == 0 || limit > r->conf->max_page_size)
		limit = r->conf->max_page_size;
	p.limit = (size_t)limit;
	p.offset = offset < 0 || p.cursor ? 0 : (size_t)offset;
	return p;
}

static int by_name(const void *a, const void *b) {
	const struct param *const *x = a, *const *y = b;
	int c = strcmp((*x)->name, (*y)->name);

	return c != 0 ? c : *x < *y ? -1 : *x > *y;     /* repeated names stay in order */
}

/* As application/x-www-form-urlencoded: a space is "+". */
static void plus_encode(struct sbuf *out, const char *s) {
	for (const char *space; (space = strchr(s, ' ')) != NULL; s = space + 1) {
		sb_url(out, s, (size_t)(space - s));
		sb_chr(out, '+');
	}
	sb_url(out, s, strlen(s));
}

/* This list's address with other values for `set`; one without a value is left out. Keys sorted, as clients know it. */
static const char *link_to(struct req *r, const struct param *set, size_t nset) {
	const struct param **all = arena_new(r->a, const struct param *, r->nparams + nset);
	struct sbuf sb;
	size_t n = 0, i, j;

	for (i = 0; i < r->nparams; i++) {
		for (j = 0; j < nset && strcmp(set[j].name, r->params[i].name) != 0; j++)
			;
		if (j == nset)
			all[n++] = &r->params[i];
	}
	for (j = 0; j < nset; j++) {
		if (set[j].value != NULL)
			all[n++] = &set[j];
	}
	qsort(all, n, sizeof(*all), by_name);
	sb_init(&sb, r->a);
	sb_str(&sb, r->store.base_url);
	sb_str(&sb, r->path);
	for (i = 0; i < n; i++) {
		sb_chr(&sb, i == 0 ? '?' : '&');
		plus_encode(&sb, all[i]->name);
		sb_chr(&sb, '=');
		plus_encode(&sb, all[i]->value);
	}
	return sb.s;
}

static const char *number(struct req *r, int64_t n) {
	return arena_printf(r->a, "%lld", (long long)n);
}

static void put_link(struct req *r, const char *key, const char *url) {
	sb_fmt(&r->body, "\"%s\":", key);
	if (url == NULL)
		sb_str(&r->body, "null");
	else
		sb_json(&r->body, url, strlen(url));
	sb_chr(&r->body, ',');
}

static void envelope(struct req *r, const struct page *p, const struct rows *rows, bool more) {
	const char *next = NULL, *previous = NULL, *limit = number(r, (int64_t)p->limit);

	sb_chr(&r->body, '{');
	if (p->cursor) {
		if (more)
			next = link_to(r, (struct param[]){ { "limit", limit }, { "cursor", number(r, rows->row[rows->n - 1]->id) } }, 2);
	} else {
		int64_t after = (int64_t)(p->offset + p->limit);

		sb_fmt(&r->body, "\"count\":%lld,", (long long)rows->total);
		if (after < rows->total)
			next = link_to(r, (struct param[]){ { "limit", limit }, { "offset", number(r, after) } }, 2);
		if (p->offset > p->limit)
			previous = link_to(r, (struct param[]){ { "limit", limit }, { "offset", number(r, (int64_t)(p->offset - p->limit)) } }, 2);
		else if (p->offset > 0)
			previous = link_to(r, (struct param[]){ { "limit", limit }, { "offset", NULL } }, 2);
	}
	put_link(r, "next", next);
	put_link(r, "previous", previous);
	sb_str(&r->body, "\"results\":[");
}

/* ---- reading ---- */

/* What ?brief=, ?fields= and ?exclude= make of the JSON. */
struct view {
	enum form form;
	const char *only, *except;
};

static const char *nonempty(const char *s) {
	return s == NULL || *s == '\0' ? NULL : s;
}

static struct view view_of(const struct req *r) {
	struct view v = { .form = FORM_FULL, .only = nonempty(req_param(r, "fields")), .except = nonempty(req_param(r, "exclude")) };

	if (v.only == NULL && nonempty(req_param(r, "brief")) != NULL && !method_writes(r->method))
		v.form = FORM_BRIEF;
	return v;
}

static bool list_failed(struct req *r) {
	if (problems_any(&r->problems))
		req_fail(r, ERR_INVALID, "A filter's value is wrong.");
	return false;
}

/* With a cursor the list is ordered by id, and begins after the one it names. */
static void by_cursor(struct req *r, struct query *q) {
	struct param *all = arena_new(r->a, struct param, r->nparams + 1);

	memcpy(all, r->params, r->nparams * sizeof(*all));
	all[r->nparams] = (struct param){ "id__gt", number(r, natural(req_param(r, "cursor")) < 0 ? 0 : natural(req_param(r, "cursor"))) };
	q->params = all;
	q->nparams = r->nparams + 1;
	q->order = "id";
	q->count = false;
	q->limit++;             /* one more tells whether there is a next page */
}

bool api_list(struct req *r) {
	struct page p = page_of(r);
	struct view v = view_of(r);
	struct query q = { .res = r->res, .params = r->params, .nparams = r->nparams, .order = nonempty(req_param(r, "ordering")),
		.offset = p.offset, .limit = p.limit, .form = v.form, .count = true };
	struct rows rows = { 0 };
	bool more;

	if (r->media == MEDIA_CSV)
		return api_csv(r, &q);
	if (nonempty(req_param(r, "export")) != NULL)
		return api_export(r, &q);
	if (p.cursor)
		by_cursor(r, &q);
	r->store.last = true;
	if (!store_list(&r->store, &q, &rows, &r->problems, &r->err))
		return list_failed(r);
	more = p.cursor && rows.n > p.limit;
	if (more)
		rows.n--;
	r->response_type = "application/json";
	envelope(r, &p, &rows, more);
	for (size_t i = 0; i < rows.n; i++) {
		if (i > 0)
			sb_chr(&r->body, ',');
		row_json(&r->store, &r->body, rows.row[i], v.form, v.only, v.except);
	}
	sb_str(&r->body, "]}");
	return true;
}

bool api_fail_missing(struct req *r) {
	if (r->err.code == ERR_NOT_FOUND && r->json)
		return req_fail(r, ERR_NOT_FOUND, "No %s matches the given query.", r->res->class_name);
	return false;
}

static void put_row(struct req *r, const struct row *row) {
	struct view v = view_of(r);

	r->response_type = "application/json";
	row_json(&r->store, &r->body, row, v.form, v.only, v.except);
}

/* A list of entity tags, or "*" (RFC 9110 13.1); `etag` with its quotes. A weak tag compares as its strong form. */
bool etag_matches(const char *header, const char *etag) {
	size_t n = strlen(etag);

	for (const char *s = header; *s != '\0';) {
		s += strspn(s, " \t,");
		if (*s == '*')
			return true;
		if (strncmp(s, "W/", 2) == 0)
			s += 2;
		if (strncmp(s, etag, n) == 0)
			return true;
		s += *s == '"' ? 1 : 0;
		s += strcspn(s, "\",");
		s += *s == '"' ? 1 : 0;
	}
	return false;
}

/* The row with its revision; what stands in the body already is not written a second time to know it. */
static void put_revision(struct req *r, const struct row *row) {
	struct view v = view_of(r);

	put_row(r, row);
	if (v.form == FORM_FULL && v.only == NULL && v.except == NULL)
		req_header(r, "ETag", text_etag(r->a, r->body.s, r->body.len));
	else
		req_header(r, "ETag", store_etag(&r->store, row));
}

bool api_detail(struct req *r) {
	struct row *row;

	r->store.last = true;
	if (!store_get(&r->store, r->res, r->id, "view", &row, &r->err))
		return api_fail_missing(r);
	put_revision(r, row);
	return true;
}

/* ---- writing ---- */

static bool want_map(struct req *r, struct val in) {
	if (in.type == V_MAP)
		return true;
	if (in.type == V_NULL)
		problem_add(&r->problems, "non_field_errors", "No data provided");
	else
		problem_add(&r->problems, "non_field_errors", "Invalid data. Expected a dictionary, but got %s.", python_type(in));
	return req_fail(r, ERR_INVALID, "The body is no object.");
}

/* ?fields= drops the other keys of what is written, too. */
struct val input_restrict(struct req *r, struct val in) {
	const char *only = nonempty(req_param(r, "fields"));
	struct map *out;

	if (only == NULL || in.type != V_MAP)
		return in;
	out = map_new(r->a, in.u.map->n);
	for (const char *s = only; *s != '\0';) {
		size_t n = strcspn(s, ",");
		struct val key = val_mem(arena_strndup(r->a, s, n), n), *v = map_find(in.u.map, key);

		if (v != NULL)
			map_put(out, key, *v);
		s += n + (s[n] == ',');
	}
	return val_map(out);
}

/* The problems of one item of a list, taken out of the request; their words may stand in the item's memory. */
static struct val take_problems(struct req *r) {
	struct map *m = r->problems.fields == NULL ? map_new(r->a, 0) : r->problems.fields;

	r->problems.fields = NULL;
	return val_keep(r->a, val_map(m));
}

/* Answer 400 with a list as long as the input, {} for items that are right. */
static bool fail_list(struct req *r, struct list *errors) {
	db_rollback(r->db);
	r->status = 400;
	sb_reset(&r->body);
	return req_json(r, val_list(errors));
}

/* The objects of a piece of the list that are objects; problems of the others at once. */
static size_t take_piece(struct req *r, const struct list *in, size_t from, size_t to, struct put *put, size_t *place, struct list *errors) {
	size_t n = 0;

	for (size_t i = from; i < to; i++) {
		struct val item = input_restrict(r, in->v[i]);

		list_push(errors, val_map(map_new(r->a, 0)));
		if (want_map(r, item)) {
			place[n] = i;
			put[n++] = (struct put){ .input = item.u.map, .key = map_new(r->a, 0) };
		} else {
			errors->v[i] = take_problems(r);
		}
	}
	return n;
}

/* Its rows into the body, or what is wrong with them into the list; *bad when some are. */
static bool tell_piece(struct req *r, struct put *put, const size_t *place, size_t n, struct list *errors, bool *bad) {
	for (size_t i = 0; i < n; i++) {
		if (put[i].outcome != PUT_REFUSED)
			continue;
		*bad = true;
		r->problems = put[i].problems;
		if (!problems_any(&r->problems)) {
			r->err = put[i].err;
			return false;
		}
		errors->v[place[i]] = take_problems(r);
	}
	for (size_t i = 0; !*bad && i < n; i++) {
		if (r->body.len > 1)
			sb_chr(&r->body, ',');
		put_row(r, put[i].after);
	}
	return true;
}

/* In pieces, in memory that is given back between them. What was written is given up when something is wrong; what follows is still looked
 * at, in a transaction that is as good as new. */
static bool create_list(struct req *r, const struct list *in) {
	struct put *put = arena_new(r->a, struct put, PUT_PIECE);
	size_t *place = arena_new(r->a, size_t, PUT_PIECE), n;
	struct list *errors = list_new(r->a, in->n);
	bool bad = false;

	if (in->n > LIMIT_BULK)
		return req_fail(r, ERR_TOO_LARGE, "A list of %u objects is too long: at most %d are taken at once.", in->n, LIMIT_BULK);
	sb_chr(&r->body, '[');
	for (size_t i = 0; i < in->n; i += PUT_PIECE) {
		size_t to = in->n - i < PUT_PIECE ? in->n : i + PUT_PIECE;

		item_begin(r);
		n = take_piece(r, in, i, to, put, place, errors);
		bad = bad || n < to - i;
		if (!store_put_many(&r->store, r->res, put, n, &r->err) || !tell_piece(r, put, place, n, errors, &bad))
			return false;
		r->err = (struct err){ 0 };
		if (!bad)
			continue;
		db_rollback(r->db);
		if (!db_begin(r->db, DB_WRITE, &r->err))
			return false;
	}
	items_end(r);
	sb_chr(&r->body, ']');
	r->response_type = "application/json";
	r->status = 201;
	return bad ? fail_list(r, errors) : true;
}

bool api_create(struct req *r) {
	struct val in;
	struct row *row;

	if (api_is_import(r))
		return api_import(r);
	if (!req_input(r, &in))
		return false;
	if (in.type == V_LIST)
		return create_list(r, in.u.list);
	in = input_restrict(r, in);
	if (!want_map(r, in) || !store_create(&r->store, r->res, in.u.map, &row, &r->problems, &r->err))
		return false;
	r->status = 201;
	req_header(r, "Location", req_url(r, arena_printf(r->a, "/api/%s/%lld/", r->res->api, (long long)row->id)));
	put_revision(r, row);
	return true;
}

/* If-Match: the row is held until the transaction ends, so nobody comes between the look and the write. */
static bool precondition(struct req *r, const char *action) {
	const char *match = req_env(r, "HTTP_IF_MATCH"), *sql;
	struct val id = val_int(r->id);
	struct result q;
	struct row *row;

	if (match == NULL)
		return true;
	sql = arena_printf(r->a, "SELECT id FROM %s WHERE id = $1 FOR UPDATE", r->res->table);
	if (!db_query(r->db, r->a, sql, &id, 1, &q, &r->err) || !store_get(&r->store, r->res, r->id, action, &row, &r->err))
		return api_fail_missing(r);
	if (!etag_matches(match, store_etag(&r->store, row)))
		return req_fail(r, ERR_PRECONDITION, "It was changed since you read it. Read it again, then decide anew.");
	return true;
}

bool api_update(struct req *r) {
	enum write_mode mode = r->method == M_PUT ? WRITE_PUT : WRITE_PATCH;
	struct val in;
	struct row *row;

	if (!req_input(r, &in))
		return false;
	in = input_restrict(r, in);
	if (!precondition(r, "change"))
		return false;
	if (in.type != V_MAP && !store_get(&r->store, r->res, r->id, "change", &row, &r->err))
		return api_fail_missing(r);
	if (!want_map(r, in))
		return false;
	if (!store_update(&r->store, r->res, r->id, in.u.map, mode, &row, &r->problems, &r->err))
		return api_fail_missing(r);
	put_revision(r, row);
	return true;
}

bool api_delete(struct req *r) {
	if (!precondition(r, "delete"))
		return false;
	if (!store_delete(&r->store, r->res, r->id, &r->err))
		return api_fail_missing(r);
	r->status = 204;
	return true;
}
