/* page_system.c: what operators look at: versions, settings, connections, what waits in the queue, disk, the last jobs. */
#include "config.h"

#include <sys/statvfs.h>

#include "db/queries.h"
#include "db/redis.h"
#include "model/tables/tables.h"
#include "web/page.h"
#include "web/pages.h"

enum { JOBS_SHOWN = 10 };

static void fact(struct list *out, const char *label, struct val value) {
	struct map *m = map_new(out->a, 2);

	map_set(m, "label", val_str(label));
	map_set(m, "value", value);
	list_push(out, val_map(m));
}

/* Of this host, where the programs lie; the database's may be another one's. */
static struct val disk(struct req *r) {
	struct statvfs fs;

	if (statvfs(r->conf->html_dir, &fs) != 0)
		return val_str("unknown");
	return val_printf(r->a, "%.1f of %.1f GB free", (double)fs.f_bavail * (double)fs.f_frsize / 1e9, (double)fs.f_blocks * (double)fs.f_frsize / 1e9);
}

static bool last_jobs(struct req *r, struct map *ctx) {
	static const char *const columns[] = { "created", "name", "status", NULL };
	struct query q = { .res = &res_job, .form = FORM_COLUMNS, .columns = columns, .limit = JOBS_SHOWN };
	struct list *out = list_new(r->a, JOBS_SHOWN);
	struct rows rows = { 0 };

	map_set(ctx, "jobs", val_list(out));
	if (may(&r->store, &res_job, "view") && !store_list(&r->store, &q, &rows, NULL, &r->err))
		return false;
	for (size_t i = 0; i < rows.n; i++) {
		struct map *m = map_new(r->a, ARRAY_LEN(columns));

		put_str(m, "href", page_href(r, "%s", row_path(r, rows.row[i])));
		for (size_t k = 0; columns[k] != NULL; k++)
			map_set(m, columns[k], cell_of(r, rows.row[i], res_field(&res_job, columns[k])));
		list_push(out, val_map(m));
	}
	return true;
}

bool page_system(struct req *r) {
	struct map *ctx = page_new(r, "System");
	struct list *facts = list_new(r->a, 12);
	struct result q;

	page_crumb(r, ctx, "System", NULL);
	if (!db_named(r->db, r->a, Q_SYSTEM_FACTS, NULL, &q, &r->err))
		return false;
	for (size_t i = 0; i < q.n; i++)
		fact(facts, result_at(&q, i, 0).u.s, result_at(&q, i, 1));
	fact(facts, "Redis", val_str(r->redis != NULL && redis_set(r->redis, "peerage:health", "1", 1, 60) ? "answers" :
	    "does not answer: jobs begin later, sign-ins are not throttled"));
	fact(facts, "Disk here", disk(r));
	if (!last_jobs(r, ctx))
		return false;
	put_str(ctx, "active", r->path);
	map_set(ctx, "facts", val_list(facts));
	map_set(ctx, "settings", val_list(conf_describe(r->a, r->conf)));
	return page_render(r, "system.html", ctx);
}
