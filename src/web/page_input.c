/* page_input.c: from a form to what the store takes: JSON of the API. What cannot be read as what it should be is told here. */
#include "config.h"

#include <stdlib.h>

#include "base/json.h"
#include "base/limits.h"
#include "model/tables/tables.h"
#include "web/page.h"

static bool all_digits(const char *s) {
	return *s != '\0' && s[*s == '-'] != '\0' && s[(*s == '-') + strspn(s + (*s == '-'), "0123456789")] == '\0' && strlen(s) < 19;
}

static const char *trimmed(struct req *r, const char *s) {
	size_t n;

	s += strspn(s, " \t\r\n");
	n = strlen(s);
	while (n > 0 && strchr(" \t\r\n", s[n - 1]) != NULL)
		n--;
	return arena_strndup(r->a, s, n);
}

/* Browsers end lines with CR LF; the book has LF. */
static const char *unix_lines(struct req *r, const char *s) {
	struct sbuf sb;

	sb_init(&sb, r->a);
	for (; *s != '\0'; s++) {
		if (s[0] != '\r' || s[1] != '\n')
			sb_chr(&sb, *s);
	}
	return sb.s;
}

struct in {
	struct req *r;
	const struct resource *res;
	const struct field *f;
	const char *text;               /* last value of that name, "" when absent */
	struct map *input;
};

static bool give(const struct in *in, struct val v) {
	map_set(in->input, in->f->name, v);
	return true;
}

static bool give_empty(const struct in *in) {
	bool text = in->f->type == F_TEXT || in->f->type == F_LONGTEXT || in->f->type == F_SLUG || in->f->type == F_EMAIL || in->f->type == F_URL;

	if (in->f->flags & FF_NULL)
		return give(in, val_null());
	if (text || in->f->type == F_ENUM)
		return in->f->def != NULL && *in->f->def != '\0' && (in->f->flags & FF_BLANK) == 0 ? true : give(in, val_str(""));
	if (in->f->flags & FF_REQUIRED)
		problem_add(&in->r->problems, in->f->name, "This field is required.");
	return true;
}

static bool in_text(const struct in *in) {
	const char *s = in->f->type == F_LONGTEXT ? unix_lines(in->r, in->text) : trimmed(in->r, in->text);

	return *s == '\0' ? give_empty(in) : give(in, val_str(s));
}

static bool in_number(const struct in *in) {
	const char *s = trimmed(in->r, in->text);

	if (in->f->type == F_ASN && strncasecmp(s, "AS", 2) == 0)
		s += 2;
	if (*s == '\0')
		return give_empty(in);
	return give(in, all_digits(s) ? val_int(strtoll(s, NULL, 10)) : val_str(s));
}

static bool in_bool(const struct in *in) {
	return give(in, val_bool(*in->text != '\0' && strcmp(in->text, "false") != 0));
}

static bool in_enum(const struct in *in) {
	if (*in->text == '\0')
		return give_empty(in);
	return give(in, in->f->choices != NULL && all_digits(in->f->choices[0].value) && all_digits(in->text) ?
	    val_int(strtoll(in->text, NULL, 10)) : val_str(in->text));
}

static bool in_color(const struct in *in) {
	const char *s = trimmed(in->r, in->text);

	return give(in, val_str(s + (*s == '#')));
}

/* A browser's "2026-03-01T12:30" has no zone: it is the user's, as the page shows it. */
static bool in_time(const struct in *in) {
	const char *s = trimmed(in->r, in->text);

	if (*s == '\0')
		return give_empty(in);
	return give(in, strlen(s) == 16 ? val_printf(in->r->a, "%s:00Z", time_utc(in->r, s)) : val_str(s));
}

static bool in_json(const struct in *in) {
	const char *s = trimmed(in->r, in->text);
	struct err e = { 0 };
	struct val v;

	if ((in->f->flags & FF_PREDICATE) != 0 && predicate_input(in->r, in->f, &v))
		return give(in, v);
	if (*s == '\0')
		return (in->f->flags & FF_NULL) != 0 ? give(in, val_null()) : give(in, val_map(map_new(in->r->a, 0)));
	if (json_parse(in->r->a, s, strlen(s), LIMIT_JSON_DEPTH, &v, &e))
		return give(in, v);
	problem_add(&in->r->problems, in->f->name, "This is not JSON: %s", e.msg);
	return true;
}

static bool in_secret(const struct in *in) {
	if (*in->text == '\0' && req_form(in->r, arena_printf(in->r->a, "%s.keep", in->f->name)) != NULL)
		return true;
	return *in->text == '\0' ? give_empty(in) : give(in, val_str(in->text));
}

static bool in_password(const struct in *in) {
	return *in->text == '\0' ? true : give(in, val_str(in->text));
}

/* What was not touched is still the id beside it; else the text says which one is meant. */
static bool in_ref(const struct in *in) {
	struct req *r = in->r;
	const char *s = trimmed(r, in->text), *id = req_form(r, arena_printf(r->a, "%s.id", in->f->name));
	const char *was = req_form(r, arena_printf(r->a, "%s.was", in->f->name));
	int64_t ids[2];
	size_t n;

	if (*s == '\0')
		return give_empty(in);
	if (id == NULL && was == NULL && all_digits(s))
		return give(in, val_int(strtoll(s, NULL, 10)));
	if (id != NULL && was != NULL && all_digits(id) && strcmp(trimmed(r, was), s) == 0)
		return give(in, val_int(strtoll(id, NULL, 10)));
	if (!refs_find(r, in->f->ref, s, ids, ARRAY_LEN(ids), &n))
		return false;
	if (n == 1)
		return give(in, val_int(ids[0]));
	if (n == 0)
		problem_add(&r->problems, in->f->name, "There is no %s \"%s\". Write its name%s or #id.", in->f->ref->name, s,
		    res_field(in->f->ref, "asn") >= 0 ? ", its AS number" : "");
	else
		problem_add(&r->problems, in->f->name, "More than one %s goes by \"%s\". Write #id.", in->f->ref->name, s);
	return true;
}

static bool in_refs(const struct in *in) {
	struct list *out = list_new(in->r->a, 4);

	for (size_t i = 0; i < in->r->nform; i++) {
		const struct param *p = &in->r->form[i];

		if (strcmp(p->name, in->f->name) == 0 && *p->value != '\0')
			list_push(out, all_digits(p->value) ? val_int(strtoll(p->value, NULL, 10)) : val_str(p->value));
	}
	return give(in, val_list(out));
}

/* A tag that does not exist is made, by who may. */
static bool tag_id(const struct in *in, const char *name, struct val *out) {
	struct req *r = in->r;
	struct param p = { "name", name };
	struct query q = { .res = &res_tag, .params = &p, .nparams = 1, .form = FORM_ID, .limit = 1 };
	struct map *tag = map_new(r->a, 2);
	struct rows rows;
	struct row *row;

	if (!store_list(&r->store, &q, &rows, NULL, &r->err))
		return false;
	if (rows.n > 0) {
		*out = val_int(rows.row[0]->id);
		return true;
	}
	if (!may(&r->store, &res_tag, "add")) {
		problem_add(&r->problems, in->f->name, "There is no tag \"%s\", and you may not add one.", name);
		return true;
	}
	put_str(tag, "name", name);
	put_str(tag, "slug", slug_text(r->a, name));
	if (!store_create(&r->store, &res_tag, tag, &row, &r->problems, &r->err))
		return false;
	*out = val_int(row->id);
	return true;
}

static bool in_tags(const struct in *in) {
	const char *s = req_form(in->r, "tags.new");
	struct list *out;

	in_refs(in);
	out = map_get(in->input, in->f->name).u.list;
	while (s != NULL && *s != '\0') {
		size_t n = strcspn(s, ",");
		const char *name = trimmed(in->r, arena_strndup(in->r->a, s, n));
		struct val id = val_undef();

		if (*name != '\0' && !tag_id(in, name, &id))
			return false;
		if (id.type == V_INT)
			list_push(out, id);
		s += n + (s[n] == ',');
	}
	return true;
}

static void lines_of(const struct in *in, const char *s, struct list *out) {
	while (*s != '\0') {
		size_t n;

		s += strspn(s, ", \t\r\n");
		n = strcspn(s, ",\r\n");
		if (n > 0) {
			const char *one = trimmed(in->r, arena_strndup(in->r->a, s, n));

			list_push(out, in->f->type == F_ASNS && all_digits(one) ? val_int(strtoll(one, NULL, 10)) : val_str(one));
		}
		s += n;
	}
}

/* Of every input of that name: verbs have check boxes beside their lines. */
static bool in_lines(const struct in *in) {
	struct list *out = list_new(in->r->a, 4);

	for (size_t i = 0; i < in->r->nform; i++) {
		if (strcmp(in->r->form[i].name, in->f->name) == 0)
			lines_of(in, in->r->form[i].value, out);
	}
	return out->n == 0 ? (in->f->flags & FF_NULL) != 0 ? give(in, val_null()) : give_empty(in) : give(in, val_list(out));
}

static bool (*const readers[F__COUNT])(const struct in *) = {
	[F_BOOL] = in_bool, [F_INT] = in_number, [F_FLOAT] = in_text, [F_ASN] = in_number, [F_TEXT] = in_text, [F_LONGTEXT] = in_text,
	[F_SLUG] = in_text, [F_EMAIL] = in_text, [F_URL] = in_text, [F_COLOR] = in_color, [F_ENUM] = in_enum, [F_INET] = in_text,
	[F_IFACE] = in_text, [F_CIDR] = in_text, [F_MAC] = in_text, [F_TIME] = in_time, [F_DATE] = in_text, [F_UUID] = in_text,
	[F_JSON] = in_json, [F_SECRET] = in_secret, [F_PASSWORD] = in_password, [F_REF] = in_ref, [F_REFS] = in_refs, [F_TAGS] = in_tags,
	[F_OBJTYPE] = in_text, [F_OBJTYPES] = in_refs, [F_ASNS] = in_lines, [F_CIDRS] = in_lines, [F_TEXTS] = in_lines,
};

bool input_field(struct req *r, const struct resource *res, int field, struct map *input) {
	const struct field *f = &res->fields[field];
	const char *text = req_form(r, f->name);
	struct in in = { r, res, f, text == NULL ? "" : text, input };

	return readers[f->type] == NULL || readers[f->type](&in);
}

bool input_form(struct req *r, const struct resource *res, struct map *input) {
	r->problems.a = r->a;
	for (size_t i = 0; i < res->nfields; i++) {
		if (!field_on_form(res, (int)i) || (res->form != NULL && !list_has(res->form, res->fields[i].name)))
			continue;
		if (!input_field(r, res, (int)i, input))
			return false;
	}
	return true;
}
