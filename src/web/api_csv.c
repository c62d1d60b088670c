/* api_csv.c: a list as a table (RFC 4180): one column a field; a reference has its name and, as name_id, its number. */
#include "config.h"

#include "web/private.h"

enum { CSV_PIECE = 1000 };      /* rows read at once */

static bool is_column(const struct field *f) {
	return ((f->flags & FF_NOAPI) == 0 || (f->flags & FF_ASKED) != 0) && f->type != F_SECRET && f->type != F_PASSWORD && f->type != F_COMPUTED && f->type != F_OBJECT;
}

static void head(struct req *r) {
	const struct resource *res = r->res;

	sb_str(&r->body, "id,display");
	for (size_t i = 0; i < res->nfields; i++) {
		if (!is_column(&res->fields[i]))
			continue;
		sb_fmt(&r->body, ",%s", res->fields[i].name);
		if (res->fields[i].type == F_REF)
			sb_fmt(&r->body, ",%s_id", res->fields[i].name);
	}
	sb_str(&r->body, "\r\n");
}

static const struct row *row_of(struct val v) {
	return v.type == V_OBJ && v.u.obj->class != NULL ? (const struct row *)v.u.obj : NULL;
}

static void text_of(struct sbuf *out, const struct field *f, struct val v) {
	switch ((enum vtype)v.type) {
	case V_UNDEF: case V_NULL: case V__COUNT:
		break;
	case V_STR:
		sb_mem(out, v.u.s, v.len);
		break;
	case V_LIST:
		for (size_t i = 0; i < v.u.list->n; i++) {
			if (i > 0)
				sb_chr(out, ',');
			text_of(out, f, v.u.list->v[i]);
		}
		break;
	case V_OBJ:
		if (f->type == F_REF || f->type == F_REFS || f->type == F_TAGS)
			text_of(out, f, row_of(v)->display);
		break;
	case V_BOOL: case V_INT: case V_FLOAT: case V_MAP:
		json_write(out, v);
		break;
	}
}

static void cell(struct req *r, struct sbuf *scratch, const struct field *f, struct val v) {
	sb_reset(scratch);
	text_of(scratch, f, v);
	sb_chr(&r->body, ',');
	sb_csv(&r->body, scratch->s, scratch->len);
	if (f->type != F_REF)
		return;
	sb_chr(&r->body, ',');
	if (v.type == V_INT)
		sb_int(&r->body, v.u.i);
	else if (v.type == V_OBJ)
		sb_int(&r->body, row_of(v)->id);
}

static void line(struct req *r, struct sbuf *scratch, const struct row *row) {
	sb_int(&r->body, row->id);
	sb_chr(&r->body, ',');
	sb_csv(&r->body, val_cstr(row->display, ""), row->display.type == V_STR ? row->display.len : 0);
	for (size_t i = 0; i < r->res->nfields; i++) {
		if (is_column(&r->res->fields[i]))
			cell(r, scratch, &r->res->fields[i], row->v[i]);
	}
	sb_str(&r->body, "\r\n");
}

bool api_csv(struct req *r, const struct query *asked) {
	bool paged = req_param(r, "limit") != NULL || req_param(r, "offset") != NULL;
	struct query q = *asked;
	struct sbuf scratch;
	struct rows rows;

	sb_init(&scratch, r->a);
	q.form = FORM_FULL;
	q.count = false;
	if (!paged)
		q.limit = CSV_PIECE;
	head(r);
	do {
		rows = (struct rows){ 0 };
		if (!store_list(&r->store, &q, &rows, &r->problems, &r->err))
			return problems_any(&r->problems) ? req_fail(r, ERR_INVALID, "A filter's value is wrong.") : false;
		for (size_t i = 0; i < rows.n; i++)
			line(r, &scratch, rows.row[i]);
		q.offset += rows.n;
	} while (!paged && rows.n == CSV_PIECE);
	r->response_type = "text/csv; charset=utf-8";
	req_header(r, "Content-Disposition", arena_printf(r->a, "attachment; filename=\"%s.csv\"", r->res->command));
	return true;
}
