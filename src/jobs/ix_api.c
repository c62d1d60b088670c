/* ix_api.c: IX-APIs as jobs: reading them, their accounts before they are in the book, changing what an exchange has for a connection. */
#include "config.h"

#include "base/json.h"
#include "base/seal.h"
#include "db/queries.h"
#include "jobs/jobs.h"
#include "model/tables/tables.h"
#include "outside/ix_api.h"

bool job_ix_api(struct job *j, struct err *e) {
	int64_t one = job_object(j, "extras.ixapi");
	size_t failed = 0, n;
	struct result w;
	struct db *db;

	if (!job_db(j, &db, e) || !db_named(db, j->a, Q_IX_API_WANTED, (struct val[]){ one != 0 ? val_int(one) : val_null() }, &w, e))
		return false;
	for (size_t i = 0; i < w.n; i++) {
		const char *name = result_at(&w, i, 1).u.s;
		struct job_line line = { .object = name, .url = arena_printf(j->a, "/extras/ix-api/%lld/objects/", (long long)result_at(&w, i, 0).u.i) };
		bool ok;

		job_progress(j, (int64_t)i, (int64_t)w.n, name);
		ok = ix_api_synchronise(j->a, db, j->conf, result_at(&w, i, 0).u.i, &n, e);
		failed += !ok;
		line.level = ok ? JOB_SUCCESS : JOB_WARNING;
		line.message = ok ? arena_printf(j->a, "%zu objects", n) : arena_printf(j->a, "%s; what was known stays", e->msg);
		job_log_line(j, &line);
	}
	if (w.n == 0)
		job_log(j, JOB_INFO, "There is no IX-API in the book");
	return failed == 0 || (w.n == 1 ? false : err_set(e, ERR_UPSTREAM, NULL, "%zu of %zu IX-APIs could not be read; what was known of them stays",
	    failed, w.n));
}

/* Key and secret come sealed. */
bool job_ix_api_accounts(struct job *j, struct err *e) {
	struct seal *seal = seal_new(j->a, j->conf->secret_file);
	struct ix_api_key k = { .url = job_text(j, "api_url", "") };
	struct list *accounts;
	struct db *db;

	if (!job_db(j, &db, e) || !unseal_text(seal, j->a, job_text(j, "api_key", ""), &k.key, e) ||
	    !unseal_text(seal, j->a, job_text(j, "api_secret", ""), &k.secret, e) || !ix_api_accounts(j->a, db, j->conf, &k, &accounts, e))
		return false;
	job_log(j, JOB_SUCCESS, "%u accounts", accounts->n);
	job_result(j, val_list(accounts));
	return true;
}

/* ---- changes ---- */

static void changes_text(struct sbuf *b, const struct map *seen, const struct map *set) {
	for (size_t i = 0; i < set->n; i++) {
		const char *key = val_cstr(map_key(set, i), "");

		sb_fmt(b, "\n* %s: `", key);
		if (seen != NULL && map_get(seen, key).type != V_UNDEF) {
			json_write(b, map_get(seen, key));
			sb_str(b, "` → `");
		}
		json_write(b, map_val(set, i));
		sb_chr(b, '`');
	}
}

/* What was changed at the exchange stands in the connection's journal. */
static bool journal(struct job *j, const struct ix_api_change *change, struct err *e) {
	struct map *input = map_new(j->a, 5);
	struct problems problems = { .a = j->a };
	struct store *s;
	struct sbuf text;
	struct row *row;

	if (!job_store(j, JOB_AS_SYSTEM, &s, e))
		return false;
	sb_init(&text, j->a);
	sb_fmt(&text, "Network service config `%s` changed through the exchange's IX-API%s. It is in state “%s” there.\n", change->config,
	    change->confirmed ? "" : ", which took the change but does not show it yet", change->state);
	changes_text(&text, change->seen.type == V_MAP ? change->seen.u.map : NULL, change->set);
	map_set(input, "assigned_object_type", val_str("net.connection"));
	map_set(input, "assigned_object_id", val_int(j->object_id));
	map_set(input, "kind", val_str(change->confirmed ? "success" : "warning"));
	map_set(input, "comments", val_mem(text.s, text.len));
	map_set(input, "created_by", j->user_id == 0 ? val_null() : val_int(j->user_id));
	if (!db_begin(s->db, DB_WRITE, e))
		return false;
	if (!store_create(s, &res_journal_entry, input, &row, &problems, e)) {
		db_rollback(s->db);
		return false;
	}
	return db_commit(s->db, e);
}

bool job_ix_api_change(struct job *j, struct err *e) {
	struct val set = map_get(j->parameters, "set");
	struct ix_api_change change = { .id = job_int(j, "ixapi", 0), .config = job_text(j, "config", ""), .seen = map_get(j->parameters, "seen"), .state = "" };
	struct map *result = map_new(j->a, 2);
	struct db *db;

	if (set.type != V_MAP)
		return err_set(e, ERR_INVALID, NULL, "the job does not say what is to be changed");
	change.set = set.u.map;
	if (!job_db(j, &db, e) || !ix_api_change(j->a, db, j->conf, &change, e))
		return false;
	map_set(result, "state", val_str(change.state));
	map_set(result, "confirmed", val_bool(change.confirmed));
	job_result(j, val_map(result));
	job_log(j, change.confirmed ? JOB_SUCCESS : JOB_WARNING, "Network service config %s: the exchange took the change%s; state %s", change.config,
	    change.confirmed ? " and shows it" : ", but does not show it yet", *change.state == '\0' ? "unknown" : change.state);
	return journal(j, &change, e);
}
