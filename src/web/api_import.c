/* api_import.c: tables and YAML posted on a list, and lists as files that can be posted so. */
#include "config.h"

#include "base/json.h"
#include "model/book.h"
#include "web/private.h"

static const struct {
	const char *type;
	enum book_format format;
} types[] = {
	{ "text/csv", BOOK_CSV }, { "application/yaml", BOOK_YAML }, { "application/x-yaml", BOOK_YAML }, { "text/yaml", BOOK_YAML },
};

bool api_is_import(const struct req *r) {
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		if (strcmp(types[i].type, r->content_type) == 0)
			return true;
	}
	return false;
}

static enum book_format format_of(const struct req *r) {
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		if (strcmp(types[i].type, r->content_type) == 0)
			return types[i].format;
	}
	return BOOK_AUTO;
}

bool api_import(struct req *r) {
	struct book_source src = { .text = r->body_in, .len = r->body_in_len, .only = r->res, .format = format_of(r) };
	struct book_file file;
	struct book_plan plan;
	struct map *m = map_new(r->a, 5);

	if (!book_read(r->a, &src, &file, &r->err) || !book_apply(&r->store, &file, false, &plan, &r->err))
		return false;
	map_set(m, "created", val_int((int64_t)plan.created));
	map_set(m, "changed", val_int((int64_t)plan.changed));
	map_set(m, "unchanged", val_int((int64_t)plan.same));
	map_set(m, "refused", val_int((int64_t)plan.refused));
	map_set(m, "lines", val_list(plan.lines));
	if (plan.refused > 0) {
		db_rollback(r->db);             /* one transaction: all of it or nothing */
		r->status = 400;
	}
	return req_json(r, val_map(m));
}

bool api_export(struct req *r, const struct query *asked) {
	static const char *const media[] = { [BOOK_CSV] = "text/csv; charset=utf-8", [BOOK_YAML] = "application/yaml", [BOOK_JSON] = "application/json" };
	struct book_export x = { .format = BOOK_AUTO };
	struct query q = *asked;

	if (!book_format_named(req_param(r, "export"), &x.format) || x.format == BOOK_AUTO)
		return req_fail(r, ERR_INVALID, "\"%.50s\" is no form of export: csv, yaml or json is.", req_param(r, "export"));
	if (req_param(r, "limit") == NULL && req_param(r, "offset") == NULL)
		q.limit = q.offset = 0;
	r->problems.a = r->a;
	if (!book_export_rows(&r->store, &q, &x, &r->body, &r->problems, &r->err))
		return problems_any(&r->problems) ? req_fail(r, ERR_INVALID, "A filter's value is wrong.") : false;
	r->response_type = media[x.format];
	req_header(r, "Content-Disposition", arena_printf(r->a, "attachment; filename=\"%s.%s\"", r->res->command, req_param(r, "export")));
	return true;
}
