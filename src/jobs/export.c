/* export.c: an export template as a job: the text is its output. */
#include "config.h"

#include "jobs/jobs.h"
#include "model/tables/tables.h"
#include "peering/render.h"

static bool flag(const struct row *r, const char *name) {
	struct val v = row_get(r, name);

	return v.type == V_BOOL && v.u.b;
}

bool job_export(struct job *j, struct err *e) {
	struct tmpl_err te = { .line = 0 };
	struct render_source source;
	const char *model;
	struct store *s;
	struct row *row;
	struct sbuf text;

	/* as who asked, for what may be viewed ends with them */
	if (!job_store(j, JOB_AS_USER, &s, e) || !store_get(s, &res_export_template, j->object_id, "view", &row, e))
		return false;
	model = val_cstr(row_get(row, "content_type"), "");
	if (res_by_model(model) == NULL || !may(s, res_by_model(model), "view"))
		return err_set(e, ERR_DENIED, NULL, "the user may not view objects of the type %s", model);
	source = (struct render_source){ .name = val_cstr(row_get(row, "name"), ""), .text = val_cstr(row_get(row, "template"), ""),
		.trim = flag(row, "jinja2_trim"), .lstrip = flag(row, "jinja2_lstrip") };
	job_log(j, JOB_INFO, "Rendering the export template");
	sb_init(&text, j->a);
	if (!render_export(s, model, &source, &text, &te))
		return job_template_failed(j, &te, e);
	job_log(j, JOB_SUCCESS, "Export template rendered.");
	return job_output(j, text.s, text.len, e);
}
