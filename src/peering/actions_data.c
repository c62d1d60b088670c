/* actions_data.c: data sources: read them, read a file again, push a configuration to one. */
#include "config.h"

#include "db/queries.h"
#include "model/tables/tables.h"
#include "peering/actions.h"

bool source_is_enabled(const struct row *r) {
	struct val on = row_get(r, "enabled");

	return on.type == V_BOOL && on.u.b;
}

bool follows_a_file(const struct row *r) {
	return row_of_val(row_get(r, "data_file")) != NULL;
}

bool router_has_source(const struct row *r) {
	return row_of_val(row_get(r, "data_source")) != NULL && *val_cstr(row_get(r, "data_path"), "") != '\0';
}

bool act_data_synchronise(struct action_call *c, struct err *e) {
	static const char name[] = "core.datasource.synchronisation";
	struct result r;

	if (!source_is_enabled(c->object))
		return err_set(e, ERR_CONFLICT, NULL, "The data source is disabled; enable it first.");
	c->plain_job = true;
	if (!db_named(c->s->db, c->s->a, Q_DATA_JOB_WAITS, (struct val[]){ val_str(name), val_int(c->object->id), val_str("core.datasource") }, &r, e))
		return false;
	if (r.n > 0)
		return list_push(c->jobs, result_at(&r, 0, 0)), true;
	return db_named(c->s->db, c->s->a, Q_DATA_SOURCE_BEGINS, (struct val[]){ val_int(c->object->id), val_str("queued") }, NULL, e) &&
	    action_job(c, &(struct job_request){ .name = name, .lock_key = job_lock(c->s->a, &res_data_source, c->object->id) }, e);
}

/* What follows a file takes its text whenever it is written: so it is written with nothing new. */
bool act_follow_again(struct action_call *c, struct err *e) {
	struct row *after;

	if (!follows_a_file(c->object))
		return err_set(e, ERR_CONFLICT, NULL, "The %s follows no file of a data source; choose one first.", c->res->name);
	if (!store_update(c->s, c->res, c->object->id, map_new(c->s->a, 0), WRITE_PATCH, &after, &c->problems, e))
		return false;
	c->said = "It has the text of its file.";
	return true;
}

static bool push(struct action_call *c, struct row *router, void *arg, struct err *e) {
	const struct row *source = row_of_val(row_get(router, "data_source"));

	(void)arg;
	return action_job(c, &(struct job_request){ .name = "devices.router.push_to_data_source", .res = &res_router, .object_id = router->id,
	    .lock_key = source == NULL ? NULL : job_lock(c->s->a, &res_data_source, source->id) }, e);
}

bool act_push_datasource(struct action_call *c, struct err *e) {
	return action_each_router(c, "push_router_configuration_to_data_source", push, NULL, e);
}

bool act_push_router(struct action_call *c, struct err *e) {
	if (!router_has_source(c->object))
		return err_set(e, ERR_CONFLICT, NULL, "The router has no data source and path to push its configuration to; set data_source and data_path.");
	c->plain_job = true;
	return push(c, c->object, NULL, e);
}
