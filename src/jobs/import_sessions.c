/*
 * import_sessions.c: what sessions routers have that the book lacks: a list for a person to look at. Nothing is made here; the page that shows
 * the list makes what is ticked.
 */
#include "config.h"

#include "base/net.h"
#include "db/queries.h"
#include "devices/driver.h"
#include "jobs/jobs.h"

enum { FOUND_MOST = 5000, WORD_MAX = 200 };

static const char *const keys[] = { "kind", "router_id", "router", "address", "vrf", "asn", "bgp_state", "description", "as_id", "name", "connection_id",
	"connection", "exchange", "local_as_id" };

static void push(struct arena *a, struct list *l, const char *s) {
	struct sbuf b;

	sb_init(&b, a);
	sb_utf8(&b, s, strlen(s), WORD_MAX);
	list_push(l, val_mem(b.s, b.len));
}

/* Those of a router's neighbours that the book lacks, into *found. */
static bool lacking(struct job *j, struct db *db, int64_t router, const struct neighbours *all, struct list *found, struct err *e) {
	struct list *col[5];
	struct val p[8];
	struct result r;

	for (size_t k = 0; k < ARRAY_LEN(col); k++) {
		col[k] = list_new(j->a, all->n);
		p[k + 1] = val_list(col[k]);
	}
	for (size_t i = 0; i < all->n; i++) {
		struct addr address;

		if (!addr_parse(all->v[i].address, strlen(all->v[i].address), &address))
			continue;
		push(j->a, col[0], all->v[i].address);
		push(j->a, col[1], all->v[i].vrf);
		list_push(col[2], val_int(all->v[i].asn));
		push(j->a, col[3], bgp_state_name(all->v[i].state));
		push(j->a, col[4], all->v[i].description);
	}
	p[0] = val_int(router);
	p[6] = val_str(j->object_type == NULL ? "" : j->object_type);
	p[7] = val_int(j->object_id);
	if (!db_named(db, j->a, Q_IMPORT_LACKING, p, &r, e))
		return false;
	for (size_t i = 0; i < r.n && found->n < FOUND_MOST; i++) {
		struct map *m = map_new(j->a, r.cols);

		for (size_t k = 0; k < r.cols && k < ARRAY_LEN(keys); k++)
			map_set(m, keys[k], result_at(&r, i, k));
		list_push(found, val_map(m));
	}
	return true;
}

bool job_import_sessions(struct job *j, struct err *e) {
	struct val p[] = { val_str(j->object_type == NULL ? "" : j->object_type), val_int(j->object_id) };
	struct list *found = list_new(j->a, 64);
	struct map *m = map_new(j->a, 1);
	struct neighbours all;
	struct result routers;
	size_t asked = 0;
	struct db *db;

	if (!job_db(j, &db, e) || !db_named(db, j->a, Q_IMPORT_ROUTERS, p, &routers, e))
		return false;
	job_log(j, JOB_INFO, "Trying to import peering sessions.");
	for (size_t i = 0; i < routers.n; i++) {
		const char *name = val_cstr(result_at(&routers, i, 1), ""), *why = val_cstr(result_at(&routers, i, 2), NULL);

		job_progress(j, (int64_t)i, (int64_t)routers.n, name);
		if (why != NULL) {
			job_log(j, JOB_WARNING, "Ignored router %s: %s", name, why);
			continue;
		}
		if (!poll_read(j, db, result_at(&routers, i, 0).u.i, &all, e)) {
			job_log(j, JOB_WARNING, "Ignored router %s: %s", name, e->msg);
			continue;
		}
		asked++;
		if (!lacking(j, db, result_at(&routers, i, 0).u.i, &all, found, e))
			return false;
	}
	if (asked == 0)
		return err_set(e, ERR_UPSTREAM, NULL, routers.n == 0 ? "No usable connections." : "No router could be asked: the log says why.");
	map_set(m, "found", val_list(found));
	job_result(j, val_map(m));
	job_log(j, JOB_SUCCESS, "Found %u sessions that are not in the book.", found->n);
	job_log(j, JOB_INFO, "[Look at them, and make those that you want](/internet-exchange-peering-sessions/found/?job=%lld)", (long long)j->id);
	return true;
}
