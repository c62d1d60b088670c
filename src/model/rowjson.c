/* rowjson.c: the API's form of a row, written straight into the response. */
#include "config.h"

#include "base/json.h"
#include "model/engine.h"

struct writer {
	struct store *s;
	struct model *m;
	struct sbuf *b;
	const char *base;               /* of urls */
	size_t base_len;
};

enum depth { DEPTH_TOP, DEPTH_NESTED };

static void write_row(const struct writer *w, const struct row *row, enum shape shape, enum depth depth, const char *only, const char *except);

/* Base and paths are plain: what would need escaping in JSON is not an address. */
static void write_url(const struct writer *w, const char *path, size_t len, int64_t id) {
	struct sbuf *b = w->b;

	sb_chr(b, '"');
	sb_mem(b, w->base, w->base_len);
	sb_mem(b, path, len);
	sb_int(b, id);
	sb_mem(b, "/\"", 2);
}

static void write_null(struct sbuf *b) {
	sb_mem(b, "null", 4);
}

/* Most of what there is needs no walk through values within values. */
static void write_plain(struct sbuf *b, struct val v) {
	if (v.type == V_STR)
		sb_json(b, v.u.s, v.len);
	else if (v.type == V_INT)
		sb_int(b, v.u.i);
	else if (v.type == V_NULL)
		write_null(b);
	else
		json_write(b, v);
}

static void write_enum(const struct writer *w, const struct field *f, struct val v, enum depth depth) {
	const struct choice *c;

	if ((f->flags & FF_BARE) != 0 || depth == DEPTH_NESTED || v.type != V_STR) {
		json_write(w->b, v);
		return;
	}
	if (v.len == 0) {
		write_null(w->b);
		return;
	}
	c = choice_find(f->choices, v.u.s, v.len);
	sb_mem(w->b, "{\"value\":", 9);
	sb_json(w->b, v.u.s, v.len);
	sb_mem(w->b, ",\"label\":", 9);
	if (c != NULL)
		sb_json(w->b, c->label, strlen(c->label));
	else
		sb_json(w->b, v.u.s, v.len);
	sb_chr(w->b, '}');
}

static void write_ref(const struct writer *w, const struct field *f, struct val v) {
	const struct row *row = row_of_val(v);

	if ((f->flags & FF_BARE) != 0 || row == NULL) {
		if (ref_id(v) != 0)
			sb_int(w->b, ref_id(v));
		else
			write_null(w->b);
		return;
	}
	write_row(w, row, SHAPE_BRIEF, DEPTH_NESTED, NULL, NULL);
}

static void write_refs(const struct writer *w, const struct field *f, struct val v) {
	size_t i;

	sb_chr(w->b, '[');
	for (i = 0; v.type == V_LIST && i < v.u.list->n; i++) {
		if (i > 0)
			sb_chr(w->b, ',');
		write_ref(w, f, v.u.list->v[i]);
	}
	sb_chr(w->b, ']');
}

/* Whatever its type, the target of an assignment is told by its display text alone. */
static void write_object(const struct writer *w, const struct field *f, struct val v) {
	const struct row *row = row_of_val(v);
	const struct info *info;
	const char *display;

	if (row == NULL) {
		write_null(w->b);
		return;
	}
	if ((f->flags & FF_BARE) == 0) {
		write_row(w, row, SHAPE_BRIEF, DEPTH_NESTED, NULL, NULL);
		return;
	}
	info = info_of(w->m, row->res);
	display = val_cstr(row->display, "");
	sb_str(w->b, "{\"id\":");
	sb_int(w->b, row->id);
	sb_str(w->b, ",\"url\":");
	write_url(w, info->api, info->api_len, row->id);
	sb_str(w->b, ",\"display_url\":");
	write_url(w, info->page, info->page_len, row->id);
	sb_str(w->b, ",\"display\":");
	sb_json(w->b, display, strlen(display));
	sb_str(w->b, ",\"name\":");
	sb_json(w->b, display, strlen(display));
	sb_chr(w->b, '}');
}

static void write_field(const struct writer *w, const struct field *f, struct val v, enum depth depth) {
	switch (f->type) {
	case F_ENUM: write_enum(w, f, v, depth); break;
	case F_REF: write_ref(w, f, v); break;
	case F_REFS:
	case F_TAGS: write_refs(w, f, v); break;
	case F_OBJECT: write_object(w, f, v); break;
	case F_SECRET:
		if ((f->flags & FF_CLEAR) != 0)
			json_write(w->b, v);
		else
			sb_str(w->b, (f->flags & FF_NULL) != 0 ? "null" : "\"\"");
		break;
	case F_PATH:
		if (v.type == V_OBJ)
			write_ref(w, f, v);
		else
			json_write(w->b, v);
		break;
	case F_DISPLAY:
	case F_ID: case F_BOOL: case F_INT: case F_FLOAT: case F_ASN: case F_TEXT: case F_LONGTEXT: case F_SLUG: case F_EMAIL: case F_URL:
	case F_COLOR: case F_INET: case F_IFACE: case F_CIDR: case F_MAC: case F_TIME: case F_DATE: case F_UUID: case F_JSON: case F_PASSWORD:
	case F_OBJTYPE: case F_OBJTYPES: case F_ASNS: case F_CIDRS: case F_TEXTS: case F_COUNT: case F_IN: case F_FUNC: case F_COMPUTED:
	case F__COUNT: write_plain(w->b, v); break;
	}
}

/* "a,b" holds the key `"a":`? Blanks around names are allowed; "all" holds every key. */
static bool listed(const char *list, const struct json_key *k) {
	const char *item;
	size_t len;

	while (next_item(&list, ',', &item, &len)) {
		if ((len + 3 == k->len && memcmp(item, k->text + 1, len) == 0) || (len == 3 && memcmp(item, "all", 3) == 0))
			return true;
	}
	return false;
}

static void write_row(const struct writer *w, const struct row *row, enum shape shape, enum depth depth, const char *only, const char *except) {
	const struct info *info = info_of(w->m, row->res);
	const struct resource *res = row->res;
	struct sbuf *b = w->b;
	bool first = true;
	size_t i;

	sb_chr(b, '{');
	for (i = 0; i < info->nkeys[shape]; i++) {
		const struct json_key *k = &info->keys[shape][i];

		if ((only != NULL && !listed(only, k)) || (except != NULL && listed(except, k)))
			continue;
		if (!first)
			sb_chr(b, ',');
		first = false;
		sb_mem(b, k->text, k->len);
		switch (k->kind) {
		case KEY_ID: sb_int(b, row->id); break;
		case KEY_URL: write_url(w, info->api, info->api_len, row->id); break;
		case KEY_DISPLAY_URL: write_url(w, info->page, info->page_len, row->id); break;
		case KEY_DISPLAY: write_plain(b, row->display); break;
		case KEY_FIELD: write_field(w, &res->fields[k->field], row->v[k->field], depth); break;
		}
	}
	sb_chr(b, '}');
}

static bool plain(const char *s) {
	for (; *s != '\0'; s++) {
		if ((unsigned char)*s < 0x21 || (unsigned char)*s > 0x7E || *s == '"' || *s == '\\')
			return false;
	}
	return true;
}

void row_json(struct store *s, struct sbuf *b, const struct row *row, enum form form, const char *only, const char *except) {
	struct err e;
	struct writer w = { .s = s, .b = b, .m = model_of(s, &e), .base = "" };

	if (w.m == NULL)
		return;
	if (s->base_url != NULL && plain(s->base_url))
		w.base = s->base_url;
	w.base_len = strlen(w.base);
	sb_reserve(b, 2048);
	write_row(&w, row, form == FORM_BRIEF ? SHAPE_BRIEF : only != NULL ? SHAPE_ASKED : SHAPE_FULL, DEPTH_TOP, only, except);
}
