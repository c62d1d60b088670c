/* page_job.c: what a job says, as it says it: progress, log, result, output. The page renews itself until the job has ended. */
#include "config.h"

#include "db/queries.h"
#include "web/page.h"
#include "web/pages.h"

enum { LINES_SHOWN = 1000 };

static const char *tone_of(const char *level) {
	static const struct { const char *level, *tone; } tones[] = {
		{ "success", "success" }, { "info", "info" }, { "warning", "warning" }, { "failure", "danger" },
	};

	for (size_t i = 0; i < ARRAY_LEN(tones); i++) {
		if (strcmp(tones[i].level, level) == 0)
			return tones[i].tone;
	}
	return "secondary";
}

/* To the second: "2026-11-21 14:13:20". */
static const char *log_time(struct req *r, struct val iso) {
	return iso.type == V_STR && iso.len > 19 ? arena_printf(r->a, "%s:%.2s", time_text(r, iso), iso.u.s + 17) : time_text(r, iso);
}

static bool lines_put(struct req *r, int64_t last, struct map *ctx) {
	int64_t from = last > LINES_SHOWN ? last - LINES_SHOWN : 0;
	struct list *lines = list_new(r->a, 32);
	struct result q;

	if (!db_named(r->db, r->a, Q_JOB_LOG_AFTER, (struct val[]){ val_int(r->id), val_int(from) }, &q, &r->err))
		return false;
	for (size_t i = 0; i < q.n; i++) {
		struct map *m = map_new(r->a, 6);

		map_set(m, "n", result_at(&q, i, 0));
		put_str(m, "time", log_time(r, result_at(&q, i, 1)));
		map_set(m, "level", result_at(&q, i, 2));
		put_str(m, "tone", tone_of(result_at(&q, i, 2).u.s));
		map_set(m, "object", result_at(&q, i, 3));
		map_set(m, "message", result_at(&q, i, 4));
		list_push(lines, val_map(m));
	}
	map_set(ctx, "lines", val_list(lines));
	put_int(ctx, "left_out", from);
	return true;
}

static const char *json_text(struct req *r, struct val v) {
	struct sbuf b;

	if (val_is_null(v))
		return NULL;
	sb_init(&b, r->a);
	json_write_pretty(&b, v, 2, JSON_AS_IS);
	return b.s;
}

bool page_job_log(struct req *r) {
	struct row *row;
	struct map *ctx;
	struct result q;

	if (!detail_load(r, &row))
		return false;
	if (!db_named(r->db, r->a, Q_JOB_PROGRESS_OF, (struct val[]){ val_int(r->id) }, &q, &r->err))
		return false;
	ctx = detail_new(r, row, "log");
	if (ctx == NULL)
		return false;
	page_crumb(r, ctx, "Log", NULL);
	map_set(ctx, "object", val_obj(&row->obj));
	map_set(ctx, "fault", result_at(&q, 0, 0));
	put_str(ctx, "result", json_text(r, result_at(&q, 0, 1)));
	map_set(ctx, "output", result_at(&q, 0, 2));
	put_bool(ctx, "going", result_at(&q, 0, 3).u.b);
	if (result_at(&q, 0, 3).u.b)
		req_header(r, "Refresh", "2");
	return lines_put(r, result_at(&q, 0, 4).u.i, ctx) && page_render_for(r, r->res, "log.html", ctx);
}
