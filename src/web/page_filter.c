/* page_filter.c: the card of filters beside a list, derived as the filters themselves are; and references that people type. */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>

#include "web/page.h"

enum { SHOW_TEXT, SHOW_NUMBER, SHOW_BOOL, SHOW_CHOICE, SHOW_REF, SHOW_TAG, SHOW_TYPE, SHOW_FAMILY, SHOW_TIME, SHOW_NOT };
static const char *const kinds[] = { "text", "number", "select", "select", "ref", "ref", "select", "select", "date" };

struct control {
	const char *name, *label;
	int show;
	const struct field *field;
	const struct resource *ref;
};

/* ---- which controls ---- */

static int derived_show(const struct field *f) {
	switch (f->type) {
	case F_BOOL:
	case F_IN: return SHOW_BOOL;
	case F_INT:
	case F_FLOAT:
	case F_ASN: return SHOW_NUMBER;
	case F_ENUM: return SHOW_CHOICE;
	case F_TEXT: case F_SLUG: case F_EMAIL: case F_URL: case F_UUID: return SHOW_TEXT;
	case F_REF: return SHOW_REF;
	case F_OBJTYPE: return SHOW_TYPE;
	case F_ID: case F_LONGTEXT: case F_COLOR: case F_INET: case F_IFACE: case F_CIDR: case F_MAC: case F_TIME: case F_DATE: case F_JSON:
	case F_SECRET: case F_PASSWORD: case F_REFS: case F_TAGS: case F_OBJTYPES: case F_OBJECT: case F_ASNS: case F_CIDRS: case F_TEXTS:
	case F_COUNT: case F_PATH: case F_DISPLAY: case F_FUNC: case F_COMPUTED: case F__COUNT: break;
	}
	return SHOW_NOT;
}

static const int explicit_show[FILTER__COUNT] = {
	[FILTER_TEXT] = SHOW_TEXT, [FILTER_NUMBER] = SHOW_NUMBER, [FILTER_TIME] = SHOW_NOT, [FILTER_BOOL] = SHOW_BOOL,
	[FILTER_EXACT] = SHOW_TEXT, [FILTER_CHOICE] = SHOW_CHOICE, [FILTER_REF] = SHOW_REF, [FILTER_NAMES] = SHOW_TEXT,
	[FILTER_FAMILY] = SHOW_FAMILY, [FILTER_UUID] = SHOW_TEXT, [FILTER_REQUEST] = SHOW_NOT, [FILTER_TAG] = SHOW_TAG,
	[FILTER_OBJTYPE] = SHOW_TYPE, [FILTER_OBJTYPE_ID] = SHOW_TYPE, [FILTER_TAGGED] = SHOW_TYPE, [FILTER_TAGGED_ID] = SHOW_NOT,
	[FILTER_BEFORE] = SHOW_TIME, [FILTER_AFTER] = SHOW_TIME, [FILTER_POLICY_TYPE] = SHOW_CHOICE,
};

static const struct filter *filter_named(const struct resource *res, const char *name) {
	for (size_t i = 0; i < res->nfilters; i++) {
		if (strcmp(res->filters[i].name, name) == 0)
			return &res->filters[i];
	}
	return NULL;
}

static bool derive(struct req *r, const struct resource *res, const struct field *f, struct control *c) {
	if ((f->flags & FF_FILTER) == 0)
		return false;
	*c = (struct control){ f->name, field_caption(r->a, f), derived_show(f), f, f->ref };
	if (c->show == SHOW_REF || c->show == SHOW_TYPE)
		c->name = arena_printf(r->a, "%s_id", f->name);
	if (c->show == SHOW_NOT || filter_named(res, c->name) != NULL)
		return false;
	if (c->show == SHOW_TEXT && f->type != F_UUID)
		c->name = arena_printf(r->a, "%s__ic", f->name);
	return true;
}

static bool declared(struct req *r, const struct resource *res, const struct filter *f, struct control *c) {
	const struct resource *ref = NULL;
	const struct field *end = path_end(res, f->path, &ref);
	const char *label = f->label;

	if (f->flags & FILTERF_NOFORM)
		return false;
	if (label == NULL && f->kind == FILTER_TAG)
		label = "Tag";
	if (label == NULL && f->kind == FILTER_FAMILY)
		label = "Address family";
	if (label == NULL && end != NULL)
		label = field_caption(r->a, end);
	if (f->kind == FILTER_BEFORE || f->kind == FILTER_AFTER)
		label = arena_printf(r->a, "%s %s", label == NULL ? f->name : label, f->kind == FILTER_BEFORE ? "until" : "since");
	*c = (struct control){ f->name, label == NULL ? f->name : label, explicit_show[f->kind], end, ref };
	if (f->kind == FILTER_TAG)
		c->ref = res_by_model("extras.tag");
	if (c->show == SHOW_CHOICE && (end == NULL || end->choices == NULL))
		c->show = SHOW_TEXT;
	return c->show != SHOW_NOT && (c->show != SHOW_REF || c->ref != NULL);
}

/* Every control in the order of the fields, the further filters behind. */
static size_t controls(struct req *r, const struct resource *res, struct control **out) {
	size_t n = 0;

	*out = arena_new(r->a, struct control, res->nfields + res->nfilters);
	for (size_t i = 0; i < res->nfields; i++)
		n += derive(r, res, &res->fields[i], &(*out)[n]) ? 1 : 0;
	for (size_t i = 0; i < res->nfilters; i++)
		n += declared(r, res, &res->filters[i], &(*out)[n]) ? 1 : 0;
	return n;
}

/* ---- what is set ---- */

static const char *value_of(const struct param *p, size_t n, const char *name) {
	while (n-- > 0) {
		if (strcmp(p[n].name, name) == 0 && *p[n].value != '\0')
			return p[n].value;
	}
	return "";
}

static void option(struct req *r, struct list *out, const char *value, const char *label, const char *now) {
	struct map *m = map_new(r->a, 3);

	put_str(m, "value", value);
	put_str(m, "label", label);
	put_bool(m, "on", strcmp(value, now) == 0);
	list_push(out, val_map(m));
}

static void type_options(struct req *r, struct list *out, const char *now) {
	for (const struct resource *const *res = all_resources; *res != NULL; res++) {
		if (((*res)->flags & RF_NOPAGES) == 0)
			option(r, out, arena_printf(r->a, "%s.%s", (*res)->app, (*res)->model), res_title(r->a, *res), now);
	}
}

static struct val options(struct req *r, const struct control *c, const char *now) {
	struct list *out = list_new(r->a, 8);

	if (c->show == SHOW_BOOL) {
		option(r, out, "true", "Yes", now);
		option(r, out, "false", "No", now);
	} else if (c->show == SHOW_FAMILY) {
		option(r, out, "4", "IPv4", now);
		option(r, out, "6", "IPv6", now);
	} else if (c->show == SHOW_TYPE) {
		type_options(r, out, now);
	} else if (c->show == SHOW_CHOICE) {
		for (const struct choice *k = c->field->choices; k->value != NULL; k++)
			option(r, out, k->value, k->label, now);
	}
	return val_list(out);
}

static bool digits(const char *s) {
	return *s != '\0' && s[strspn(s, "0123456789")] == '\0' && strlen(s) < 19;
}

/* The name of what an id in the address means, so that the input shows it. */
static const char *ref_label(struct req *r, const struct control *c, const char *now) {
	struct err e;
	int64_t id = digits(now) ? strtoll(now, NULL, 10) : 0;
	struct query q = { .res = c->ref, .ids = &id, .nids = 1, .form = FORM_BRIEF, .limit = 1 };
	struct rows rows;

	if (c->show != SHOW_REF || id == 0 || !store_list(&r->store, &q, &rows, NULL, &e) || rows.n == 0)
		return now;
	return row_text(r, rows.row[0]);
}

struct val filter_card(struct req *r, const struct resource *res, const struct param *params, size_t n, size_t *active) {
	struct control *all;
	size_t count = controls(r, res, &all);
	struct list *out = list_new(r->a, count);

	*active = 0;
	for (size_t i = 0; i < count; i++) {
		const struct control *c = &all[i];
		const char *now = value_of(params, n, c->name);
		struct map *m = map_new(r->a, 8);
		bool ref = c->show == SHOW_REF || c->show == SHOW_TAG;

		put_str(m, "name", c->name);
		put_str(m, "label", c->label);
		put_str(m, "kind", kinds[c->show]);
		put_str(m, "value", *now == '\0' ? "" : ref_label(r, c, now));
		put_str(m, "api", ref && (c->ref->flags & RF_NOAPI) == 0 ? page_href(r, "/api/%s/", c->ref->api) : NULL);
		put_str(m, "key", c->show == SHOW_TAG ? "slug" : "display");
		map_set(m, "options", options(r, c, now));
		list_push(out, val_map(m));
		*active += *now != '\0';
	}
	return val_list(out);
}

/* ---- references as people write them ---- */

static bool same_text(const struct row *row, const char *text) {
	struct val name = row_get(row, "name");

	return strcasecmp(val_cstr(row->display, ""), text) == 0 || strcasecmp(val_cstr(name, ""), text) == 0;
}

/* Rows that one parameter finds; those whose display or name is the text itself win over the others. */
static bool find_by(struct req *r, const struct resource *res, const char *param, const char *value, const char *text, int64_t *ids, size_t room,
    size_t *n) {
	struct param p = { param, value };
	struct query q = { .res = res, .params = &p, .nparams = 1, .form = FORM_BRIEF, .limit = 50 };
	struct rows rows;
	size_t exact = 0;

	*n = 0;
	if (!store_list(&r->store, &q, &rows, NULL, &r->err))
		return false;
	for (size_t i = 0; i < rows.n; i++)
		exact += text != NULL && same_text(rows.row[i], text);
	for (size_t i = 0; i < rows.n && *n < room; i++) {
		if (exact == 0 || same_text(rows.row[i], text))
			ids[(*n)++] = rows.row[i]->id;
	}
	return true;
}

bool refs_find(struct req *r, const struct resource *res, const char *text, int64_t *ids, size_t room, size_t *n) {
	const char *number = text + (*text == '#');
	const char *dash;

	*n = 0;
	if (res_field(res, "asn") >= 0) {
		const char *asn = strncasecmp(text, "AS", 2) == 0 ? text + 2 : text;
		size_t len = strspn(asn, "0123456789");

		if (len > 0 && len < 11 && (asn[len] == '\0' || strncmp(asn + len, " - ", 3) == 0)) {
			if (!find_by(r, res, "asn", arena_strndup(r->a, asn, len), NULL, ids, room, n) || *n > 0)
				return r->err.code == ERR_NONE;
		}
	}
	if (digits(number))
		return find_by(r, res, "id", number, NULL, ids, room, n);
	if (!find_by(r, res, "q", text, text, ids, room, n) || *n > 0)
		return r->err.code == ERR_NONE;
	/* a display text is made of several fields; its first word finds candidates among which it is looked for as a whole */
	dash = strstr(text, " ");
	return dash == NULL || find_by(r, res, "q", arena_strndup(r->a, text, (size_t)(dash - text)), text, ids, room, n);
}

bool filter_params(struct req *r, const struct resource *res, struct param **out, size_t *n) {
	struct control *all;
	size_t count = controls(r, res, &all);
	struct param *p = arena_new(r->a, struct param, r->nparams * 8 + 16);  /* room for what a page adds */

	*n = 0;
	for (size_t i = 0; i < r->nparams; i++) {
		const struct param *in = &r->params[i];
		const struct control *c = NULL;
		int64_t ids[8];
		size_t found = 0;

		if (*in->value == '\0')
			continue;
		for (size_t k = 0; k < count; k++)
			c = strcmp(all[k].name, in->name) == 0 ? &all[k] : c;
		if (c == NULL || c->show != SHOW_REF || digits(in->value) || strcmp(in->value, "null") == 0) {
			p[(*n)++] = *in;
			continue;
		}
		if (!refs_find(r, c->ref, in->value, ids, ARRAY_LEN(ids), &found))
			return false;
		for (size_t k = 0; k < found; k++)
			p[(*n)++] = (struct param){ in->name, arena_printf(r->a, "%lld", (long long)ids[k]) };
		if (found == 0)
			p[(*n)++] = (struct param){ "id", "0" };        /* what does not exist has no rows */
	}
	*out = p;
	return true;
}
