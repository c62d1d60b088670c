/* actions_archive.c: what was rendered for routers and seen on them: read, compared, gone back to; and the drift of the routers. */
#include "config.h"

#include <stdio.h>

#include "base/diff.h"
#include "base/json.h"
#include "db/queries.h"
#include "model/job.h"
#include "model/tables/tables.h"
#include "peering/actions.h"
#include "peering/deploy.h"

bool version_is_whole(const struct row *v) {
	return strcmp(val_cstr(row_get(v, "kind"), ""), "diff") != 0;
}

static bool text_of(struct action_call *c, int64_t id, const char **text, struct err *e) {
	struct result r;

	if (!db_named(c->s->db, c->s->a, Q_DEPLOY_VERSION, (struct val[]){ val_int(id) }, &r, e))
		return false;
	*text = r.n == 0 ? NULL : result_at(&r, 0, 0).u.s;
	return r.n > 0 || err_set(e, ERR_NOT_FOUND, NULL, "there is no archived configuration %lld", (long long)id);
}

bool act_version_text(struct action_call *c, struct err *e) {
	const char *text;

	if (!text_of(c, c->object->id, &text, e))
		return false;
	sb_str(c->body, "{\"text\":");
	sb_json(c->body, text, strlen(text));
	sb_chr(c->body, '}');
	return true;
}

bool act_version_compare(struct action_call *c, struct err *e) {
	const char *with = val_cstr(map_get(c->input, "with"), ""), *before, *after;
	struct row *other;
	struct diff d;
	struct sbuf b;
	long long id;
	char rest;

	if (sscanf(with, "%lld%c", &id, &rest) != 1)
		return err_set(e, ERR_INVALID, "with", "with must be the number of another archived configuration");
	if (!store_get(c->s, &res_configuration_version, id, "view", &other, e) || !text_of(c, other->id, &before, e) ||
	    !text_of(c, c->object->id, &after, e))
		return false;
	sb_init(&b, c->s->a);
	diff_lines(c->s->a, before, strlen(before), after, strlen(after), &d);
	diff_unified(&b, &d, 3);
	sb_str(c->body, "{\"diff\":");
	sb_json(c->body, b.s, b.len);
	sb_fmt(c->body, ",\"added\":%zu,\"removed\":%zu}", d.added, d.gone);
	return true;
}

/* Two pushes to one source follow one another: it has the source's lock. */
bool act_version_push(struct action_call *c, struct err *e) {
	struct result r;

	if (!db_named(c->s->db, c->s->a, Q_DEPLOY_VERSION_PUSH, (struct val[]){ val_int(c->object->id) }, &r, e))
		return false;
	if (r.n == 0 || result_at(&r, 0, 9).type != V_INT || *val_cstr(result_at(&r, 0, 10), "") == '\0')
		return err_set(e, ERR_CONFLICT, NULL, "The router has no data source and path to push to; set data_source and data_path.");
	c->plain_job = true;
	return action_job(c, &(struct job_request){ .name = "devices.configuration_version.push", .res = &res_configuration_version, .object_id = c->object->id,
	    .lock_key = job_lock(c->s->a, &res_data_source, result_at(&r, 0, 9).u.i) }, e);
}

bool act_version_plan(struct action_call *c, struct err *e) {
	struct row *router = row_of_val(row_get(c->object, "router"));
	const char *reason = val_cstr(map_get(c->input, "reason"), ""), *created = val_cstr(row_get(c->object, "created"), "");
	struct deploy_ask q = { .nrouters = 1, .restores = c->object->id, .gate_share = -1 };
	struct result r;
	int64_t id;

	if (router == NULL)
		return err_set(e, ERR_CONFLICT, NULL, "the router of this configuration is gone");
	q.routers = &router->id;
	q.reason = *reason != '\0' ? reason : arena_printf(c->s->a, "Back to configuration %lld of %.10s %.5s", (long long)c->object->id,
	    created, strlen(created) > 16 ? created + 11 : "");
	if (!deploy_ask(c->s, &q, &id, e) || !db_named(c->s->db, c->s->a, Q_DEPLOY_JOB_OF, (struct val[]){ val_int(id) }, &r, e))
		return false;
	list_push(c->jobs, result_at(&r, 0, 0));
	c->go = arena_printf(c->s->a, "/devices/deployments/%lld/", (long long)id);
	sb_fmt(c->body, "{\"deployment\":%lld}", (long long)id);
	return true;
}

bool act_drift_diff(struct action_call *c, struct err *e) {
	struct result r;

	if (!db_named(c->s->db, c->s->a, Q_DEPLOY_DRIFT_TEXT, (struct val[]){ val_int(c->object->id) }, &r, e))
		return false;
	sb_str(c->body, "{\"diff\":");
	sb_json(c->body, r.n == 0 ? "" : result_at(&r, 0, 0).u.s, r.n == 0 ? 0 : result_at(&r, 0, 0).len);
	sb_chr(c->body, '}');
	return true;
}

bool act_drift_check(struct action_call *c, struct err *e) {
	c->said = "The routers are looked at.";
	c->go = "/devices/drift/";
	return action_job(c, &(struct job_request){ .name = "devices.drift", .res = &res_drift, .lock_key = "devices.drift" }, e);
}
