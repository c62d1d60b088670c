/* page_widget.c: the inputs of a form: which kind a type makes, its value, its choices. */
#include "config.h"

#include "base/json.h"
#include "model/tables/tables.h"
#include "web/page.h"

static const char *const kinds[F__COUNT] = {
	[F_ID] = "text", [F_BOOL] = "check", [F_INT] = "number", [F_FLOAT] = "text", [F_ASN] = "text", [F_TEXT] = "text",
	[F_LONGTEXT] = "textarea", [F_SLUG] = "slug", [F_EMAIL] = "email", [F_URL] = "text", [F_COLOR] = "color", [F_ENUM] = "select",
	[F_INET] = "text", [F_IFACE] = "text", [F_CIDR] = "text", [F_MAC] = "text", [F_TIME] = "datetime", [F_DATE] = "date",
	[F_UUID] = "text", [F_JSON] = "code", [F_SECRET] = "secret", [F_PASSWORD] = "password", [F_REF] = "ref", [F_REFS] = "multi",
	[F_TAGS] = "tags", [F_OBJTYPE] = "select", [F_OBJTYPES] = "multi", [F_ASNS] = "lines", [F_CIDRS] = "lines", [F_TEXTS] = "lines",
};

bool field_on_form(const struct resource *res, int field) {
	const struct field *f = &res->fields[field];

	return (f->flags & (FF_READONLY | FF_NOFORM)) == 0 && kinds[f->type] != NULL && f->type != F_ID;
}

/* ---- values as a form has them: text, or a list of texts ---- */

static const char *typed(const struct widget_use *use, const char *name) {
	for (size_t i = use->nparams; i-- > 0;) {
		if (strcmp(use->params[i].name, name) == 0)
			return use->params[i].value;
	}
	return NULL;
}

static bool in_values(const struct list *l, const char *value) {
	for (size_t i = 0; i < l->n; i++) {
		if (l->v[i].type == V_STR && strcmp(l->v[i].u.s, value) == 0)
			return true;
	}
	return false;
}

static struct val scalar_text(struct req *r, const struct field *f, struct val v) {
	struct sbuf sb;

	sb_init(&sb, r->a);
	if (v.type == V_STR)
		return f->type == F_TIME && v.len >= 16 ? val_str(time_local(r, v.u.s)) : v;
	if (v.type == V_INT)
		sb_int(&sb, v.u.i);
	else if (v.type == V_BOOL)
		sb_str(&sb, v.u.b ? "true" : "false");
	else if (v.type == V_FLOAT)
		json_float(&sb, v.u.f);
	else if (row_of_val(v) != NULL)
		sb_int(&sb, row_of_val(v)->id);
	else if (v.type == V_MAP || v.type == V_LIST)
		json_write_pretty(&sb, v, 2, JSON_AS_IS);
	return val_mem(sb.s, sb.len);
}

/* What the field holds, as texts: of what was typed, else of the row, else the default. */
static struct list *values_of(struct req *r, const struct field *f, const struct widget_use *use, int field) {
	struct list *out = list_new(r->a, 4);
	struct val v = use->row == NULL ? val_undef() : use->row->v[field];
	bool many = f->type == F_REFS || f->type == F_TAGS || f->type == F_OBJTYPES || f->type == F_ASNS || f->type == F_CIDRS || f->type == F_TEXTS;

	for (size_t i = 0; i < use->nparams; i++) {
		if (strcmp(use->params[i].name, f->name) == 0)
			list_push(out, val_str(use->params[i].value));
	}
	if (out->n > 0 || use->typed || use->bulk)
		return out;
	if (many && v.type == V_LIST) {
		for (size_t i = 0; i < v.u.list->n; i++)
			list_push(out, scalar_text(r, f, v.u.list->v[i]));
	} else if (!many && !val_is_null(v)) {
		list_push(out, scalar_text(r, f, v));
	} else if (use->row == NULL && f->def != NULL) {
		list_push(out, val_str(f->def));
	} else if (use->row == NULL && f->ref == &res_autonomous_system && strcmp(f->name, "local_autonomous_system") == 0 &&
	    prefs_get(r, "context.as").type == V_INT) {
		list_push(out, scalar_text(r, f, prefs_get(r, "context.as")));
	}
	return out;
}

static const char *joined(struct req *r, const struct list *l) {
	struct sbuf sb;

	sb_init(&sb, r->a);
	for (size_t i = 0; i < l->n; i++)
		sb_fmt(&sb, "%s%s", i == 0 ? "" : "\n", val_cstr(l->v[i], ""));
	return sb.s;
}

/* ---- choices ---- */

static void option(struct req *r, struct list *out, const char *value, const char *label, const struct list *on) {
	struct map *m = map_new(r->a, 3);

	put_str(m, "value", value);
	put_str(m, "label", label);
	put_bool(m, "on", in_values(on, value));
	list_push(out, val_map(m));
}

static void words_of(struct req *r, const char *s, struct list *out) {
	while (*s != '\0') {
		size_t n;

		s += strspn(s, ", \t\r\n");
		n = strcspn(s, ", \t\r\n");
		if (n > 0)
			list_push(out, val_copy(r->a, s, n));
		s += n;
	}
}

/* Which types a field of the resource is about: those that can have what it says of them. */
static bool type_fits(const struct resource *owner, const struct resource *type) {
	static const struct { const struct resource *owner; unsigned has, lacks; } fits[] = {
		{ &res_webhook, 0, RF_NOEVENTS }, { &res_journal_entry, RF_JOURNAL, 0 }, { &res_contact_assignment, RF_CONTACTS, 0 },
		{ &res_config_context_assignment, RF_CONTEXTS, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(fits); i++) {
		if (owner == fits[i].owner)
			return (type->flags & fits[i].has) == fits[i].has && (type->flags & fits[i].lacks) == 0;
	}
	return true;
}

static void types_put(struct req *r, const struct resource *owner, struct list *out, const struct list *on) {
	for (const struct resource *const *res = all_resources; *res != NULL; res++) {
		const char *name = arena_printf(r->a, "%s.%s", (*res)->app, (*res)->model);

		if (type_fits(owner, *res) || in_values(on, name))
			option(r, out, name, res_titles(r->a, *res), on);
	}
}

/* Rows as choices; *few false: there are too many for a menu, and only those that are chosen come. */
static bool rows_put(struct req *r, const struct resource *ref, const char *name, struct list *out, const struct list *on, bool *few) {
	struct query q = { .res = ref, .form = FORM_BRIEF, .limit = PAGE_SELECT_MAX + 1 };
	struct param p = { "type", "" };
	struct rows rows;

	/* policies that only the other direction may have are not offered */
	if (ref == &res_routing_policy) {
		p.value = strncmp(name, "import", 6) == 0 ? "import-policy" : "export-policy";
		q.params = &p;
		q.nparams = 1;
	}
	*few = true;
	if (!store_list(&r->store, &q, &rows, NULL, &r->err))
		return false;
	*few = rows.n <= PAGE_SELECT_MAX;
	for (size_t i = 0; *few && i < rows.n; i++)
		option(r, out, arena_printf(r->a, "%lld", (long long)rows.row[i]->id), row_text(r, rows.row[i]), on);
	return true;
}

/* A reference that is typed: what the input shows, and the id that it stands for. */
static bool ref_typed(struct req *r, const struct field *f, const struct list *values, const struct widget_use *use, struct map *m) {
	const char *now = values->n == 0 ? "" : val_cstr(values->v[0], "");
	const char *id = use->typed ? typed(use, arena_printf(r->a, "%s.id", f->name)) : now, *label = now;
	const char *end;
	int64_t n = 0;

	for (end = now; *end >= '0' && *end <= '9' && end - now < 18; end++)
		n = n * 10 + (*end - '0');
	if (!use->typed && *end == '\0' && n > 0) {
		struct query q = { .res = f->ref, .ids = &n, .nids = 1, .form = FORM_BRIEF, .limit = 1 };
		struct rows rows;

		if (!store_list(&r->store, &q, &rows, NULL, &r->err))
			return false;
		label = rows.n == 0 ? now : row_text(r, rows.row[0]);
	}
	put_str(m, "kind", "typed");
	put_str(m, "value", label);
	put_str(m, "id", id == NULL ? "" : id);
	put_str(m, "was", use->typed ? typed(use, arena_printf(r->a, "%s.was", f->name)) : label);
	return true;
}

/* Every verb that some action asks for has a box; what is none of them is typed. */
static void verbs_put(struct req *r, struct list *out, const struct list *values, struct map *m) {
	static const char *const usual[] = { "view", "add", "change", "delete" };
	struct list *known = list_new(r->a, 16), *typed = list_new(r->a, 8);
	struct sbuf other;

	for (size_t i = 0; i < values->n; i++)
		words_of(r, val_cstr(values->v[i], ""), typed);
	for (size_t i = 0; i < ARRAY_LEN(usual); i++)
		list_push(known, val_str(usual[i]));
	for (const struct action *t = r->handler->actions; t != NULL && t->name != NULL; t++) {
		if (!in_values(known, t->verb))
			list_push(known, val_str(t->verb));
	}
	for (size_t i = 0; i < known->n; i++)
		option(r, out, known->v[i].u.s, known->v[i].u.s, typed);
	sb_init(&other, r->a);
	for (size_t i = 0; i < typed->n; i++) {
		if (!in_values(known, typed->v[i].u.s))
			sb_fmt(&other, "%s%s", other.len == 0 ? "" : ", ", typed->v[i].u.s);
	}
	put_str(m, "kind", "verbs");
	put_str(m, "value", other.s == NULL ? "" : other.s);
}

static bool choices_put(struct req *r, const struct resource *res, const struct field *f, const struct widget_use *use, const struct list *values, struct map *m) {
	struct list *out = list_new(r->a, 16);
	bool few = true;

	map_set(m, "options", val_list(out));
	if ((f->flags & FF_VERBS) != 0) {
		verbs_put(r, out, values, m);
	} else if (f->type == F_ENUM) {
		for (const struct choice *c = f->choices; c != NULL && c->value != NULL; c++)
			option(r, out, c->value, c->label, values);
	} else if (f->type == F_OBJTYPE || f->type == F_OBJTYPES) {
		types_put(r, res, out, values);
	} else if (f->type == F_REF || f->type == F_REFS) {
		if (!rows_put(r, f->ref, f->name, out, values, &few))
			return false;
		put_str(m, "api", (f->ref->flags & RF_NOAPI) != 0 ? NULL : page_href(r, "/api/%s/", f->ref->api));
		if (f->type == F_REF && !few)
			return ref_typed(r, f, values, use, m);
		if (f->type == F_REF)
			put_str(m, "kind", "select");
	} else if (f->type == F_TAGS) {
		return rows_put(r, &res_tag, f->name, out, values, &few);
	}
	return true;
}

/* ---- the input ---- */

static struct val errors_of(struct req *r, const char *name) {
	struct val v = r->problems.fields == NULL ? val_undef() : map_get(r->problems.fields, name);
	struct list *one = list_new(r->a, 1);

	if (v.type == V_LIST)
		return v;
	if (v.type == V_STR)
		list_push(one, v);
	else if (v.type == V_MAP)
		list_push(one, val_str("One of the values is not right."));
	return val_list(one);
}

static const char *const placeholders[F__COUNT] = {
	[F_ASN] = "64500 or AS64500", [F_IFACE] = "192.0.2.1/24 or 2001:db8::1/64", [F_INET] = "192.0.2.1 or 2001:db8::1",
	[F_MAC] = "00:00:5e:00:53:01", [F_JSON] = "{}", [F_ASNS] = "one a line", [F_CIDRS] = "one a line", [F_TEXTS] = "one a line",
};

static const char *placeholder(const struct field *f) {
	if (f->type == F_JSON && strcmp(f->name, "conditions") == 0)
		return "{\"and\": [{\"attr\": \"status.value\", \"value\": \"enabled\"}, {\"attr\": \"asn\", \"op\": \"gte\", \"value\": 64512, \"negate\": true}]}";
	if (f->type == F_IFACE && f->min == f->max && f->min != 0)
		return f->min == 6 ? "2001:db8::1/64" : "192.0.2.1/24";
	return placeholders[f->type] == NULL ? "" : placeholders[f->type];
}

static const char *value_text(struct req *r, const struct field *f, const struct list *values) {
	if (f->type == F_ASNS || f->type == F_CIDRS || f->type == F_TEXTS)
		return joined(r, values);
	if (values->n == 0)
		return "";
	if (f->type == F_COLOR)
		return arena_printf(r->a, "#%s", val_cstr(values->v[values->n - 1], "") + (*val_cstr(values->v[values->n - 1], "") == '#'));
	return val_cstr(values->v[values->n - 1], "");
}

static bool widget_of(struct req *r, const struct resource *res, int field, const struct widget_use *use, struct map **out) {
	const struct field *f = &res->fields[field];
	struct list *values = values_of(r, f, use, field);
	struct map *m = *out = map_new(r->a, 28);
	bool big = f->type == F_LONGTEXT && strcmp(f->name, "template") == 0;

	put_str(m, "name", f->name);
	put_str(m, "label", field_caption(r->a, f));
	/* help texts are ours and may hold markup */
	map_set(m, "help", f->help == NULL ? val_null() : (struct val){ .type = V_STR, .flags = VF_SAFE, .len = (uint32_t)strlen(f->help), .u.s = f->help });
	put_bool(m, "required", !use->bulk && (f->flags & FF_REQUIRED) != 0 && (f->type != F_PASSWORD || use->creating));
	put_str(m, "kind", big ? "code" : kinds[f->type]);
	put_str(m, "value", value_text(r, f, values));
	put_bool(m, "on", values->n > 0 && strcmp(val_cstr(values->v[values->n - 1], ""), "false") != 0);
	put_str(m, "id", "");
	put_str(m, "was", "");
	put_str(m, "api", NULL);
	put_str(m, "placeholder", placeholder(f));
	put_bool(m, "nullable", (f->flags & FF_NULL) != 0 || f->type == F_REFS || f->type == F_TAGS || ((f->type == F_TEXT || f->type == F_LONGTEXT) && (f->flags & FF_REQUIRED) == 0));
	map_set(m, "min", f->type == F_INT && f->min != f->max ? val_int(f->min) : val_null());
	map_set(m, "max", (f->type == F_INT || f->type == F_TEXT) && f->max > 0 ? val_int(f->max) : val_null());
	put_bool(m, "empty", f->type != F_ENUM || (f->flags & (FF_NULL | FF_BLANK)) != 0 || f->def == NULL || *f->def == '\0');
	put_bool(m, "keep", f->type == F_SECRET && !use->creating && values->n == 0);
	put_bool(m, "bulk", use->bulk);
	put_str(m, "slug_of", f->type == F_SLUG && use->creating && res_field(res, "name") >= 0 ? "name" : NULL);
	put_str(m, "new_tags", f->type == F_TAGS && typed(use, "tags.new") != NULL ? typed(use, "tags.new") : "");
	map_set(m, "options", val_list(list_new(r->a, 0)));
	if ((f->flags & FF_PREDICATE) != 0 && !predicate_put(r, f, use, m))
		return false;
	map_set(m, "errors", errors_of(r, f->name));
	return choices_put(r, res, f, use, values, m);
}

/* ---- cards ---- */

static bool card_add(struct req *r, const struct resource *res, int field, const struct widget_use *use, struct list *fields) {
	struct map *m;

	if (!field_on_form(res, field))
		return true;
	if (!widget_of(r, res, field, use, &m))
		return false;
	list_push(fields, val_map(m));
	return true;
}

bool form_cards(struct req *r, const struct resource *res, const struct widget_use *use, struct list **out) {
	struct list *cards = *out = list_new(r->a, 8), *fields;
	const char *at = res->form;
	struct form_card card;

	if (use->bulk || res->form == NULL) {
		fields = card_new(r, cards, use->bulk ? "What to change" : res_title(r->a, res), "fields");
		for (size_t i = 0; i < res->nfields; i++) {
			if ((!use->bulk || (res->fields[i].flags & FF_BULK) != 0) && !card_add(r, res, (int)i, use, fields))
				return false;
		}
		return true;
	}
	while (form_card_next(r->a, res, &at, &card)) {
		fields = card_new(r, cards, card.title, "fields");
		for (size_t i = 0; i < card.n; i++) {
			if (!card_add(r, res, card.fields[i], use, fields))
				return false;
		}
		if (fields->n == 0)
			cards->n--;
	}
	return true;
}
