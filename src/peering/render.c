/* render.c: the environment of users' templates, and what each kind of template is given. */
#include "config.h"

#include <stdio.h>
#include <time.h>

#include "base/conf.h"
#include "base/limits.h"
#include "base/seal.h"
#include "db/queries.h"
#include "peering/filters.h"
#include "peering/peering.h"
#include "model/types.h"
#include "peering/render.h"

enum { TEXT_MILLISECONDS = 1000, TEXT_OUTPUT = 8 * 1024 * 1024, TEXT_MEMORY = 256 * 1024 * 1024 };

extern const struct tmpl_def globals_peering[];

const struct tmpl_def *const peering_filters[] = {
	filters_general, filters_net, filters_as, filters_session, filters_policy, filters_text, NULL,
};
const struct tmpl_def *const peering_globals[] = { globals_peering, NULL };
const struct tmpl_include_tag peering_include_tags[] = {
	{ "include_configuration", "configuration::" },
	{ "include_email", "email::" },
	{ "include_exporttemplate", "exporttemplate::" },
	{ NULL, NULL },
};

/* One render: its world, and the loader of what it includes. */
struct render {
	struct tmpl_loader loader;      /* first: the engine gives it back to load() */
	struct store *s;
	struct graph *g;
	struct tmpl_options options;
	struct render_host host;
	bool began;
	uint64_t statements;            /* of the connection when it began */
};

static int64_t now_ms(void) {
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool fail_with(struct render *r, struct tmpl_err *te) {
	if (te->text == NULL)
		te->text = arena_strdup(r->s->a, te->e.msg);
	return false;
}

/* Read in one moment of the database, whoever writes meanwhile. */
static bool begin(struct render *r, struct store *s, struct tmpl_err *te) {
	*te = (struct tmpl_err){ .line = 0 };
	*r = (struct render){ .s = s, .statements = db_statements(s->db) };
	r->began = !db_in_transaction(s->db);
	if (r->began && !db_begin(s->db, DB_READ, &te->e))
		return fail_with(r, te);
	return true;
}

/* Nothing was written: the end of what went well need not be waited for. */
static bool end(struct render *r, bool ok) {
	struct err ignored;

	if (r->began && !(ok && db_commit(r->s->db, &ignored)))
		db_rollback(r->s->db);
	return ok;
}

static bool export_text(struct render *r, const char *model, const struct render_source *source, struct sbuf *out, struct tmpl_err *te);

/* "configuration::Base" -> its template's text; an export template is rendered first, over all objects of its type. */
static bool load(struct tmpl_loader *loader, struct arena *a, const char *name, const char **text, size_t *len, struct err *e) {
	struct render *r = (struct render *)loader;
	const char *colons = strstr(name, "::");
	struct val params[2];
	struct result rows;

	if (colons == NULL)
		return false;
	params[0] = val_copy(a, name, (size_t)(colons - name));
	params[1] = val_str(colons + 2);
	if (!db_named(r->s->db, a, Q_RENDER_INCLUDE, params, &rows, e))
		return false;
	if (rows.n == 0)
		return false;
	if (rows.n > 1)
		return err_kind(e, ERR_TEMPLATE, "MultipleObjectsReturned", "there are several of the name '%.200s': include it by its id", colons + 2);
	*text = val_cstr(result_at(&rows, 0, 0), "");
	*len = result_at(&rows, 0, 0).len;
	if (result_at(&rows, 0, 1).type == V_STR) {
		struct render_source source = { name, *text, result_at(&rows, 0, 2).u.b, result_at(&rows, 0, 3).u.b };
		struct tmpl_err te = { .line = 0 };
		struct sbuf out;

		sb_init(&out, a);
		if (!export_text(r, result_at(&rows, 0, 1).u.s, &source, &out, &te)) {
			*e = te.e;
			return false;
		}
		*text = out.s;
		*len = out.len;
	}
	return true;
}

static bool has_extension(const struct conf *conf, const char *name) {
	return conf != NULL && conf->jinja2_template_extensions != NULL && strstr(conf->jinja2_template_extensions, name) != NULL;
}

static void set_options(struct render *r, bool trim, bool lstrip) {
	const struct conf *conf = r->s->conf;

	r->loader.load = load;
	r->host.time_zone = conf == NULL ? NULL : conf->time_zone;
	r->options = (struct tmpl_options){
		.trim_blocks = trim, .lstrip_blocks = lstrip,
		.ext_do = has_extension(conf, "jinja2.ext.do"),
		.ext_loopcontrols = has_extension(conf, "jinja2.ext.loopcontrols"),
		.ext_i18n = has_extension(conf, "jinja2.ext.i18n"),
		.sandboxed = true, .escape = TMPL_PLAIN, .undefined = TMPL_DEFAULT,
		.limits = { .steps = LIMIT_TEMPLATE_STEPS, .output = LIMIT_TEMPLATE_OUTPUT, .memory = LIMIT_TEMPLATE_MEMORY,
		    .depth = LIMIT_TEMPLATE_DEPTH, .milliseconds = LIMIT_TEMPLATE_SECONDS * 1000 },
		.filters = peering_filters, .globals = peering_globals, .include_tags = peering_include_tags, .loader = &r->loader,
	};
}

static struct tmpl_env *environment(struct render *r, bool trim, bool lstrip) {
	set_options(r, trim, lstrip);
	return tmpl_env_new(r->s->a, &r->options);
}

static bool run(struct render *r, const struct render_source *source, struct map *context, struct sbuf *out, struct tmpl_err *te) {
	struct tmpl_env *env = environment(r, source->trim, source->lstrip);
	struct tmpl *t;

	if (!tmpl_parse(env, source->name, source->text, strlen(source->text), &t, te) ||
	    !tmpl_render(t, r->s->a, context, &r->host, out, te))
		return fail_with(r, te);
	return true;
}

static bool graph_for(struct render *r, int64_t router_id, struct err *e) {
	if (!graph_new(r->s->a, r->s->db, r->s->conf, router_id, &r->g, e))
		return false;
	r->g->seal = r->s->conf == NULL || r->s->conf->secret_file == NULL ? NULL : seal_new(r->s->a, r->s->conf->secret_file);
	return true;
}

/* ---- routers */

/* The variables of a configuration template. */
static bool router_context(struct graph *g, struct map *m, struct err *e) {
	struct gobj *local;
	struct gset *as, *groups, *ixps, *communities, *policies;

	if (!gobj_ref(g->router, ROUTER_AS, &local, e) || !router_autonomous_systems(g->router, &as, e) ||
	    !gobj_reverse(g->router, T_DIRECT, DIRECT_ROUTER, &groups, e) || !gset_refs(groups, DIRECT_GROUP, &groups, e) ||
	    !router_ixps(g->router, &ixps, e) || !graph_all(g, T_COMMUNITY, &communities, e) ||
	    !router_policies(g->router, &policies, e))
		return false;
	map_set(m, "router", gobj_val(g->router));
	map_set(m, "local_as", gobj_val(local));
	map_set(m, "autonomous_systems", gset_val(as));
	map_set(m, "bgp_groups", gset_val(groups));
	map_set(m, "internet_exchange_points", gset_val(ixps));
	map_set(m, "communities", gset_val(communities));
	map_set(m, "routing_policies", gset_val(policies));
	return true;
}

/* The template to use: the text given, with the blanks of the router's own, or the router's own. False in *any: there is none. */
static bool router_source(struct graph *g, const char *text, struct render_source *out, bool *any, struct err *e) {
	struct gobj *configuration;

	if (!gobj_ref(g->router, ROUTER_CONFIGURATION, &configuration, e))
		return false;
	*out = (struct render_source){ .name = "template", .text = text };
	*any = text != NULL || configuration != NULL;
	if (configuration == NULL)
		return true;
	out->trim = configuration->v[CONFIGURATION_TRIM].u.b;
	out->lstrip = configuration->v[CONFIGURATION_LSTRIP].u.b;
	if (text == NULL) {
		out->name = val_cstr(configuration->v[CONFIGURATION_NAME], "template");
		out->text = val_cstr(configuration->v[CONFIGURATION_TEMPLATE], "");
	}
	return true;
}

bool render_router(struct store *s, int64_t router_id, const char *text, struct sbuf *out, struct render_report *report,
    struct tmpl_err *te) {
	struct map *context = map_new(s->a, 8);
	struct render_source source;
	struct render r;
	int64_t start = now_ms(), loaded;
	size_t before = out->len;
	bool any, ok;

	if (!begin(&r, s, te))
		return false;
	if (!graph_for(&r, router_id, &te->e) || !router_source(r.g, text, &source, &any, &te->e) ||
	    !router_context(r.g, context, &te->e))
		return end(&r, fail_with(&r, te));
	loaded = now_ms();
	ok = !any || run(&r, &source, context, out, te);
	*report = (struct render_report){ .statements = db_statements(s->db) - r.statements,
		.sessions = r.g->tab[T_DIRECT].n + r.g->tab[T_IX].n, .bytes = out->len - before,
		.milliseconds = (unsigned)(now_ms() - start), .load_milliseconds = (unsigned)(loaded - start) };
	return end(&r, ok);
}

bool render_find_router(struct store *s, const char *name, int64_t *id, struct err *e) {
	struct val params[] = { val_null(), val_str(name) };
	struct result rows;

	if (int_parse(name, strlen(name), id))
		params[0] = val_int(*id);
	if (!db_named(s->db, s->a, Q_ROUTER_BY_NAME, params, &rows, e))
		return false;
	if (rows.n == 0)
		return err_set(e, ERR_NOT_FOUND, NULL, "there is no router \"%.100s\"", name);
	*id = result_at(&rows, 0, 0).u.i;
	return true;
}

/* ---- e-mails */

static bool two(struct render *r, const struct render_source *subject, const struct render_source *body, struct map *context,
    struct sbuf *subject_out, struct sbuf *body_out, struct tmpl_err *te) {
	return (subject == NULL || run(r, subject, context, subject_out, te)) && (body == NULL || run(r, body, context, body_out, te));
}

/* Our own autonomous systems; they and the one asked for are the reach of what is read about autonomous systems. */
static bool affiliated(struct graph *g, struct gset **out, struct err *e) {
	struct gset *all, *ours;
	size_t i;

	if (!graph_all(g, T_AS, &all, e))
		return false;
	ours = gset_new(g, T_AS, all->n);
	for (i = 0; i < all->n; i++) {
		if (all->o[i]->v[AS_AFFILIATED].type != V_BOOL || !all->o[i]->v[AS_AFFILIATED].u.b)
			continue;
		all->o[i]->in_scope = true;
		gset_push(ours, all->o[i]);
	}
	*out = ours;
	return true;
}

static bool find_as(struct graph *g, int64_t id, struct gobj **out, struct err *e) {
	if (!graph_find(g, T_AS, id, out, e))
		return false;
	if (*out == NULL)
		return err_set(e, ERR_NOT_FOUND, NULL, "there is no autonomous system with the id %lld", (long long)id);
	(*out)->in_scope = true;
	return true;
}

bool render_email(struct store *s, int64_t as_id, const struct render_source *subject, const struct render_source *body, struct sbuf *subject_out,
    struct sbuf *body_out, struct tmpl_err *te) {
	struct map *context = map_new(s->a, 2);
	struct gset *ours;
	struct gobj *as;
	struct render r;

	if (!begin(&r, s, te))
		return false;
	if (!graph_for(&r, 0, &te->e) || !affiliated(r.g, &ours, &te->e) || !find_as(r.g, as_id, &as, &te->e))
		return end(&r, fail_with(&r, te));
	map_set(context, "autonomous_system", gobj_val(as));
	map_set(context, "affiliated_autonomous_systems", gset_val(ours));
	return end(&r, two(&r, subject, body, context, subject_out, body_out, te));
}

bool render_network_email(struct store *s, int64_t local_as_id, int64_t asn, const struct render_source *subject,
    const struct render_source *body, struct sbuf *subject_out, struct sbuf *body_out, struct tmpl_err *te) {
	struct map *context = map_new(s->a, 1);
	struct list *both = list_new(s->a, 2);
	struct gset *ours, *networks;
	struct gobj *local;
	struct render r;

	if (!begin(&r, s, te))
		return false;
	if (!graph_for(&r, 0, &te->e) || !affiliated(r.g, &ours, &te->e) || !find_as(r.g, local_as_id, &local, &te->e))
		return end(&r, fail_with(&r, te));
	r.g->also_asn = asn;
	if (!graph_need(r.g, T_NETWORK, REACH_SCOPE, &te->e))
		return end(&r, fail_with(&r, te));
	networks = graph_with(r.g, T_NETWORK, NETWORK_ASN, asn);
	if (networks->n == 0) {
		err_set(&te->e, ERR_NOT_FOUND, NULL, "PeeringDB has no network with the AS number %lld", (long long)asn);
		return end(&r, fail_with(&r, te));
	}
	list_push(both, gobj_val(local));
	list_push(both, gobj_val(networks->o[0]));
	map_set(context, "autonomous_systems", val_list(both));
	return end(&r, two(&r, subject, body, context, subject_out, body_out, te));
}

/* ---- exports */

static int table_of(const char *model) {
	int t;

	for (t = 0; t < T__COUNT; t++) {
		if (strcmp(gtables[t].model, model) == 0)
			return t;
	}
	return -1;
}

static bool export_text(struct render *r, const char *model, const struct render_source *source, struct sbuf *out, struct tmpl_err *te) {
	struct map *context = map_new(r->s->a, 1);
	int t = table_of(model);
	struct gset *all;

	if (r->g == NULL && !graph_for(r, 0, &te->e))
		return fail_with(r, te);
	if (t < 0) {
		err_set(&te->e, ERR_INVALID, NULL, "objects of the type %.100s cannot be exported by a template", model);
		return fail_with(r, te);
	}
	if (!graph_all(r->g, (enum table_id)t, &all, &te->e))
		return fail_with(r, te);
	map_set(context, "dataset", gset_val(all));
	return run(r, source, context, out, te);
}

bool render_export(struct store *s, const char *app_model, const struct render_source *source, struct sbuf *out, struct tmpl_err *te) {
	struct render r;

	if (!begin(&r, s, te))
		return false;
	if (!graph_for(&r, 0, &te->e))
		return end(&r, fail_with(&r, te));
	return end(&r, export_text(&r, app_model, source, out, te));
}

bool render_check(struct store *s, const struct render_source *source, struct tmpl_err *te) {
	struct render r = { .s = s };
	struct tmpl *t;

	*te = (struct tmpl_err){ .line = 0 };
	return tmpl_parse(environment(&r, source->trim, source->lstrip), source->name, source->text, strlen(source->text), &t, te) ||
	    fail_with(&r, te);
}

bool render_text(struct store *s, const struct render_source *source, struct map *context, struct sbuf *out, struct tmpl_err *te) {
	struct render r = { .s = s };
	struct tmpl *t;

	*te = (struct tmpl_err){ .line = 0 };
	set_options(&r, source->trim, source->lstrip);
	r.options.limits.milliseconds = TEXT_MILLISECONDS;
	r.options.limits.output = TEXT_OUTPUT;
	r.options.limits.memory = TEXT_MEMORY;
	return (tmpl_parse(tmpl_env_new(s->a, &r.options), source->name, source->text, strlen(source->text), &t, te) &&
	    tmpl_render(t, s->a, context, &r.host, out, te)) || fail_with(&r, te);
}

bool render_failed(const struct tmpl_err *te, struct err *e) {
	if (te->e.code == ERR_TEMPLATE && te->line > 0)
		return err_set(e, ERR_TEMPLATE, NULL, "%s line %u: %.400s", te->name == NULL ? "template" : te->name, te->line, te->e.msg);
	*e = te->e;
	return false;
}
