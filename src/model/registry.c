/* registry.c: finding resources and fields, and what is derived from their tables once a process. */
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <strings.h>

#include "base/conf.h"
#include "model/engine.h"

const struct resource *res_by_api(const char *api) {
	size_t i;

	for (i = 0; all_resources[i] != NULL; i++) {
		if (all_resources[i]->api != NULL && strcmp(all_resources[i]->api, api) == 0)
			return all_resources[i];
	}
	return NULL;
}

static bool is_model(const struct resource *r, const char *name, size_t len) {
	size_t app = strlen(r->app), model = strlen(r->model);

	return len == app + 1 + model && strncasecmp(name, r->app, app) == 0 && name[app] == '.' && strncasecmp(name + app + 1, r->model, model) == 0;
}

const struct resource *res_by_model(const char *app_model) {
	size_t i, len = strlen(app_model);

	for (i = 0; all_resources[i] != NULL; i++) {
		if (is_model(all_resources[i], app_model, len))
			return all_resources[i];
	}
	return NULL;
}

const struct resource *res_by_command(const char *command) {
	size_t i;

	for (i = 0; all_resources[i] != NULL; i++) {
		if (all_resources[i]->command != NULL && strcmp(all_resources[i]->command, command) == 0)
			return all_resources[i];
	}
	return NULL;
}

int field_named(const struct resource *r, const char *name, size_t len) {
	size_t i;

	for (i = 0; i < r->nfields; i++) {
		const char *s = r->fields[i].name;

		if (s[0] == name[0] && strncmp(s, name, len) == 0 && s[len] == '\0')
			return (int)i;
	}
	return (len == 2 && memcmp(name, "id", 2) == 0) || (len == 2 && memcmp(name, "pk", 2) == 0) ? PATH_ID : -2;
}

int res_field(const struct resource *r, const char *name) {
	int i = field_named(r, name, strlen(name));

	return i < 0 ? -1 : i;
}

const char *res_perm(struct arena *a, const struct resource *r, const char *verb) {
	return arena_printf(a, "%s.%s_%s", r->app, verb, r->model);
}

bool next_item(const char **s, char separator, const char **item, size_t *len) {
	const char *p = *s, *end;

	if (p == NULL)
		return false;
	while (*p == ' ' || *p == separator)
		p++;
	if (*p == '\0')
		return false;
	end = strchr(p, separator);
	if (end == NULL)
		end = p + strlen(p);
	*s = end;
	while (end > p && end[-1] == ' ')
		end--;
	*item = p;
	*len = (size_t)(end - p);
	return true;
}

bool path_parse(const struct resource *r, const char *text, size_t len, struct path *out) {
	static const struct { const char *name; enum path_form form; } forms[] = {
		{ "label", PATH_LABEL }, { "lower", PATH_LOWER }, { "title", PATH_TITLE }, { "minute", PATH_MINUTE },
	};
	struct path p = { .n = 0 };
	size_t i;

	while (len > 0) {
		const char *dot = memchr(text, '.', len);
		size_t n = dot == NULL ? len : (size_t)(dot - text);
		int f = r == NULL ? -2 : field_named(r, text, n);

		for (i = 0; f == -2 && p.n > 0 && i < ARRAY_LEN(forms); i++) {
			if (strlen(forms[i].name) == n && memcmp(forms[i].name, text, n) == 0) {
				p.form = forms[i].form;
				*out = p;
				return true;
			}
		}
		if (f == -2 || p.n == PATH_MAX_STEPS)
			return false;
		p.step[p.n++] = f;
		r = f == PATH_ID ? NULL : r->fields[f].ref;
		len -= n + (dot != NULL);
		text += n + (dot != NULL);
	}
	*out = p;
	return p.n > 0;
}

const struct field *path_field(const struct resource *r, const struct path *p) {
	const struct field *f = NULL;
	size_t i;

	for (i = 0; i < p->n; i++) {
		if (p->step[i] == PATH_ID)
			return NULL;
		f = &r->fields[p->step[i]];
		r = f->ref;
	}
	return f;
}

bool field_is_column(const struct field *f) {
	if (f->column != NULL && f->column[0] == '\0')
		return false;
	switch (f->type) {
	case F_REFS:
	case F_TAGS:
	case F_OBJTYPES:
	case F_OBJECT:
	case F_COUNT:
	case F_PATH:
	case F_DISPLAY:
	case F_IN:
	case F_FUNC:
	case F_COMPUTED: return false;
	case F_ID: case F_BOOL: case F_INT: case F_FLOAT: case F_ASN: case F_TEXT: case F_LONGTEXT: case F_SLUG: case F_EMAIL: case F_URL:
	case F_COLOR: case F_ENUM: case F_INET: case F_IFACE: case F_CIDR: case F_MAC: case F_TIME: case F_DATE: case F_UUID: case F_JSON:
	case F_SECRET: case F_PASSWORD: case F_REF: case F_OBJTYPE: case F_ASNS: case F_CIDRS: case F_TEXTS: case F__COUNT: break;
	}
	return true;
}

const char *field_column(struct arena *a, const struct field *f) {
	if (f->column != NULL)
		return f->column;
	return f->type == F_REF || f->type == F_OBJTYPE ? arena_printf(a, "%s_id", f->name) : f->name;
}

bool field_is_text(const struct field *f) {
	return f->type == F_TEXT || f->type == F_LONGTEXT || f->type == F_SLUG || f->type == F_EMAIL || f->type == F_URL || f->type == F_COLOR;
}

const char *field_words(struct arena *a, const struct field *f) {
	char *s = arena_strdup(a, f->label != NULL ? f->label : f->name), *p;

	if (f->label != NULL) {
		if (isupper((unsigned char)s[0]) && !isupper((unsigned char)s[1]))
			s[0] = (char)tolower((unsigned char)s[0]);
		return s;
	}
	for (p = s; *p != '\0'; p++) {
		if (*p == '_')
			*p = ' ';
	}
	return s;
}

const struct choice *choice_find(const struct choice *c, const char *value, size_t len) {
	for (; c != NULL && c->value != NULL; c++) {
		if (c->value[0] == *value && strlen(c->value) == len && memcmp(c->value, value, len) == 0)
			return c;
	}
	return NULL;
}

const struct behaviour *behaviour_of(const struct store *s, const struct resource *r) {
	size_t i;

	for (i = 0; s->behaviours != NULL && s->behaviours[i] != NULL; i++) {
		if (s->behaviours[i]->res == r)
			return s->behaviours[i];
	}
	return NULL;
}

/* ---- once a process ---- */

static bool read_types(struct model *m, struct arena *scratch, struct err *e) {
	struct result r;
	size_t i;

	if (!db_query(m->db, scratch, "SELECT id, app_label || '.' || model FROM object_type ORDER BY id", NULL, 0, &r, e))
		return false;
	m->otypes = arena_new(m->a, struct object_type, r.n);
	m->notypes = r.n;
	for (i = 0; i < r.n; i++) {
		m->otypes[i].id = result_at(&r, i, 0).u.i;
		m->otypes[i].name = arena_strdup(m->a, result_at(&r, i, 1).u.s);
		m->otypes[i].res = res_by_model(m->otypes[i].name);
	}
	return true;
}

struct model *model_of(const struct store *s, struct err *e) {
	void **keep = db_keep(s->db);
	struct model *m = *keep;

	if (m == NULL) {
		m = arena_new(db_arena(s->db), struct model, 1);
		m->a = db_arena(s->db);
		m->db = s->db;
		if (!read_types(m, s->a, e))
			return NULL;
		*keep = m;
	}
	if (m->seal == NULL && s->conf != NULL && s->conf->secret_file != NULL)
		m->seal = seal_new(m->a, s->conf->secret_file);
	return m;
}

const struct object_type *otype_by_id(const struct model *m, int64_t id) {
	size_t low = 0, high = m->notypes;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (m->otypes[mid].id == id)
			return &m->otypes[mid];
		if (m->otypes[mid].id < id)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

const struct object_type *otype_by_name(const struct model *m, const char *name, size_t len) {
	size_t i;

	for (i = 0; i < m->notypes; i++) {
		if (strlen(m->otypes[i].name) == len && strncasecmp(m->otypes[i].name, name, len) == 0)
			return &m->otypes[i];
	}
	return NULL;
}

static bool in_list(const char *list, const char *name) {
	const char *item;
	size_t len;

	while (next_item(&list, ',', &item, &len)) {
		if (strlen(name) == len && memcmp(name, item, len) == 0)
			return true;
	}
	return false;
}

static void add_key(struct model *m, struct info *info, enum shape shape, enum key_kind kind, int field, const char *name, size_t len) {
	struct json_key *k = &info->keys[shape][info->nkeys[shape]++];

	k->kind = kind;
	k->field = field;
	k->text = arena_printf(m->a, "\"%.*s\":", (int)len, name);
	k->len = len + 3;
}

static bool shown(const struct field *f, enum shape shape) {
	return f->type != F_PASSWORD && ((f->flags & FF_NOAPI) == 0 || (shape == SHAPE_ASKED && (f->flags & FF_ASKED) != 0));
}

static void build_keys(struct model *m, struct info *info, enum shape shape) {
	static const struct { const char *name; enum key_kind kind; } heads[] = {
		{ "id", KEY_ID }, { "url", KEY_URL }, { "display_url", KEY_DISPLAY_URL }, { "display", KEY_DISPLAY },
	};
	const struct resource *r = info->res;
	const char *head = r->head == NULL ? "id, url, display_url, display" : *r->head == '\0' && shape == SHAPE_ASKED ? "id" : r->head, *item;
	size_t len, i;

	info->keys[shape] = arena_new(m->a, struct json_key, ARRAY_LEN(heads) + r->nfields);
	while (next_item(&head, ',', &item, &len)) {
		for (i = 0; i < ARRAY_LEN(heads); i++) {
			if (strlen(heads[i].name) == len && memcmp(heads[i].name, item, len) == 0)
				add_key(m, info, shape, heads[i].kind, -1, item, len);
		}
	}
	for (i = 0; i < r->nfields; i++) {
		if (shown(&r->fields[i], shape) && (shape != SHAPE_BRIEF || info->nested[i]))
			add_key(m, info, shape, KEY_FIELD, (int)i, r->fields[i].name, strlen(r->fields[i].name));
	}
}

/* The nested form's keys stand in the order of the fields, as the recorded answers have them. */
struct info *info_of(struct model *m, const struct resource *r) {
	struct info **slot = &m->infos[((uintptr_t)r / 64) % ARRAY_LEN(m->infos)], *info;
	char name[128];
	const struct object_type *t;
	size_t i;

	for (info = *slot; info != NULL; info = info->next) {
		if (info->res == r)
			return info;
	}
	info = arena_new(m->a, struct info, 1);
	info->res = r;
	info->next = *slot;
	*slot = info;
	info->api = arena_printf(m->a, "/api/%s/", r->api == NULL ? "" : r->api);
	info->page = arena_printf(m->a, "/%s/", r->page == NULL ? "" : r->page);
	info->api_len = strlen(info->api);
	info->page_len = strlen(info->page);
	snprintf(name, sizeof(name), "%s.%s", r->app, r->model);
	t = otype_by_name(m, name, strlen(name));
	info->otype = t == NULL ? 0 : t->id;
	info->class = row_class;
	info->class.name = r->class_name;
	info->nested = arena_new(m->a, bool, r->nfields);
	for (i = 0; i < r->nfields; i++)
		info->nested[i] = r->nested == NULL ? r->fields[i].type != F_COUNT : in_list(r->nested, r->fields[i].name);
	build_keys(m, info, SHAPE_FULL);
	build_keys(m, info, SHAPE_BRIEF);
	build_keys(m, info, SHAPE_ASKED);
	display_compile(m, info);
	return info;
}
