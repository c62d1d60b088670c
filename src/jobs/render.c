/* render.c: the configuration of a router as a job: the text is its output. */
#include "config.h"

#include "jobs/jobs.h"
#include "peering/render.h"

bool job_template_failed(struct job *j, const struct tmpl_err *te, struct err *e) {
	struct err ignored;

	if (te->e.code == ERR_TEMPLATE && te->text != NULL)
		job_output(j, te->text, strlen(te->text), &ignored);
	return render_failed(te, e);
}

bool job_render_configuration(struct job *j, struct err *e) {
	struct render_report report = { .milliseconds = 0 };
	struct tmpl_err te = { .line = 0 };
	struct map *result = map_new(j->a, 3);
	struct store *s;
	struct sbuf text;

	sb_init(&text, j->a);
	if (!job_store(j, JOB_AS_SYSTEM, &s, e))
		return false;
	job_log(j, JOB_INFO, "Rendering the configuration");
	if (!render_router(s, j->object_id, NULL, &text, &report, &te))
		return job_template_failed(j, &te, e);
	if (text.len == 0)
		job_log(j, JOB_INFO, "There is no configuration, or it is empty");
	map_set(result, "bytes", val_int((int64_t)report.bytes));
	map_set(result, "sessions", val_int((int64_t)report.sessions));
	map_set(result, "milliseconds", val_int(report.milliseconds));
	job_result(j, val_map(result));
	return job_output(j, text.s, text.len, e);
}
