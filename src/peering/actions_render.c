/* actions_render.c: texts made from templates for who asks: e-mails, exports. */
#include "config.h"

#include "base/json.h"
#include "model/tables/tables.h"
#include "model/types.h"
#include "peering/actions.h"
#include "peering/render.h"

/* A number of the input under this name; 0: it is missing or none. */
static int64_t number(const struct action_call *c, const char *name) {
	struct val v = map_get(c->input, name);
	int64_t n = 0;

	if (v.type == V_INT)
		return v.u.i;
	return v.type == V_STR && int_parse(v.u.s, v.len, &n) ? n : 0;
}

/* The row that the input names, within the right to view it. Not there: the status says so, with an empty body. */
static bool named_row(struct action_call *c, const struct resource *res, const char *name, struct row **out, struct err *e) {
	int64_t id = number(c, name);

	*out = NULL;
	if (c->status != 0)
		return true;
	if (id == 0) {
		problem_add(&c->problems, name, "The number of the %s is needed.", res->name);
		return err_set(e, ERR_INVALID, name, "the number of the %s is needed", res->name);
	}
	if (store_get(c->s, res, id, "view", out, e))
		return true;
	if (e->code != ERR_NOT_FOUND && e->code != ERR_DENIED)
		return false;
	c->status = 404;
	c->said = arena_printf(c->s->a, "there is no %s with the number %lld", res->name, (long long)id);
	return true;
}

static struct render_source source_of(const struct row *r, const char *field) {
	struct val trim = row_get(r, "jinja2_trim"), lstrip = row_get(r, "jinja2_lstrip");

	return (struct render_source){ .name = val_cstr(row_get(r, "name"), "template"), .text = val_cstr(row_get(r, field), ""),
		.trim = trim.type == V_BOOL && trim.u.b, .lstrip = lstrip.type == V_BOOL && lstrip.u.b };
}

/* A template that fails is an error with its place, never a text. */
static bool failed(const struct tmpl_err *te, struct err *e) {
	*e = te->e;
	if (te->e.code == ERR_TEMPLATE && te->text != NULL)
		err_set(e, ERR_TEMPLATE, NULL, "%s", te->text);
	return false;
}

static void put_email(struct action_call *c, const struct sbuf *subject, const struct sbuf *body) {
	struct map *m = map_new(c->s->a, 2);

	map_set(m, "subject", val_mem(subject->s, subject->len));
	map_set(m, "body", val_mem(body->s, body->len));
	json_write(c->body, val_map(m));
}

bool act_generate_email(struct action_call *c, struct err *e) {
	struct render_source subject, body;
	struct tmpl_err te = { .line = 0 };
	struct sbuf s, b;
	struct row *email;

	if (!named_row(c, &res_email, "email", &email, e) || email == NULL)
		return c->status != 0;
	sb_init(&s, c->s->a);
	sb_init(&b, c->s->a);
	subject = source_of(email, "subject");
	body = source_of(email, "template");
	if (!render_email(c->s, c->object->id, &subject, &body, &s, &b, &te))
		return failed(&te, e);
	put_email(c, &s, &b);
	return true;
}

bool act_render_email(struct action_call *c, struct err *e) {
	struct render_source subject, body;
	struct tmpl_err te = { .line = 0 };
	struct row *email, *as, *network;
	struct sbuf s, b;
	struct val asn;

	if (!named_row(c, &res_email, "email", &email, e) || !named_row(c, &res_autonomous_system, "autonomous_system", &as, e) ||
	    !named_row(c, &res_peeringdb_network, "network", &network, e))
		return false;
	if (c->status != 0)
		return true;
	asn = row_get(network, "asn");
	sb_init(&s, c->s->a);
	sb_init(&b, c->s->a);
	subject = source_of(email, "subject");
	body = source_of(email, "template");
	if (!render_network_email(c->s, as->id, asn.type == V_INT ? asn.u.i : 0, &subject, &body, &s, &b, &te))
		return failed(&te, e);
	put_email(c, &s, &b);
	return true;
}

/* ---- exports ---- */

bool act_export_render(struct action_call *c, struct err *e) {
	c->plain_job = true;
	return action_job(c, &(struct job_request){ .name = "extras.exporttemplate.render" }, e);
}

bool act_export_now(struct action_call *c, struct err *e) {
	struct render_source source = source_of(c->object, "template");
	const char *model = val_cstr(row_get(c->object, "content_type"), "");
	struct tmpl_err te = { .line = 0 };
	struct map *m = map_new(c->s->a, 1);
	struct sbuf out;

	/* the rows that a template sees are not picked by rights: who may not see the type gets nothing */
	if (res_by_model(model) == NULL || !may(c->s, res_by_model(model), "view"))
		return err_set(e, ERR_DENIED, NULL, "You may not view the objects that this template exports.");
	sb_init(&out, c->s->a);
	if (!render_export(c->s, model, &source, &out, &te))
		return failed(&te, e);
	map_set(m, "rendered", val_mem(out.s, out.len));
	json_write(c->body, val_map(m));
	return true;
}
