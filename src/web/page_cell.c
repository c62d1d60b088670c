/* page_cell.c: a value as it is shown: which kind of cell a type makes stands in one table. */
#include "config.h"

#include "base/json.h"
#include "web/page.h"

struct val cell_text(struct req *r, const char *kind, const char *text, const char *href, const char *tone) {
	struct map *m = map_new(r->a, 5);

	put_str(m, "k", kind);
	put_str(m, "t", text);
	put_str(m, "u", href);
	put_str(m, "c", tone);
	map_set(m, "l", val_null());
	return val_map(m);
}

static struct val none(struct req *r) {
	return cell_text(r, "none", "", NULL, NULL);
}

static struct val cell_row(struct req *r, const struct row *row) {
	const char *path = row_path(r, row);

	return cell_text(r, "text", row_text(r, row), path == NULL ? NULL : page_href(r, "%s", path), NULL);
}

static struct val cell_plain(struct req *r, const struct field *f, struct val v) {
	(void)f;
	if (v.type == V_STR)
		return v.len == 0 ? none(r) : cell_text(r, "text", v.u.s, NULL, NULL);
	return cell_text(r, v.type == V_INT || v.type == V_FLOAT ? "num" : "text",
	    v.type == V_INT ? arena_printf(r->a, "%lld", (long long)v.u.i) : arena_printf(r->a, "%g", v.u.f), NULL, NULL);
}

static struct val cell_bool(struct req *r, const struct field *f, struct val v) {
	(void)f;
	return cell_text(r, "bool", v.type == V_BOOL && v.u.b ? "yes" : "no", NULL, NULL);
}

/* The length of an address that PeeringDB tells of is that of a host, and says nothing. */
static const char *host_of(struct req *r, const char *s) {
	const char *slash = strchr(s, '/');

	return slash != NULL && strcmp(slash, strchr(s, ':') == NULL ? "/32" : "/128") == 0 ? arena_strndup(r->a, s, (size_t)(slash - s)) : s;
}

static struct val cell_mono(struct req *r, const struct field *f, struct val v) {
	if (v.type == V_STR && f->type == F_IFACE && (f->flags & FF_READONLY) != 0)
		v = val_str(host_of(r, v.u.s));
	return v.type != V_STR || v.len == 0 ? none(r) : cell_text(r, "mono", v.u.s, NULL, NULL);
}

/* A comment that is a column is what its row is about (a journal's entry): as the page of the object shows it. So are notes of PeeringDB. */
static struct val cell_long(struct req *r, const struct field *f, struct val v) {
	bool markdown = strcmp(f->name, "comments") == 0 || strcmp(f->name, "notes") == 0;
	struct val m;

	if (v.type != V_STR || v.len == 0)
		return none(r);
	m = cell_text(r, markdown ? "markdown" : "long", v.u.s, NULL, NULL);
	if (markdown)
		map_set(m.u.map, "l", markdown_html(r->a, v.u.s));
	return m;
}

static struct val cell_time(struct req *r, const struct field *f, struct val v) {
	if (v.type != V_STR)
		return none(r);
	return cell_text(r, "time", f->type == F_DATE ? date_text(r, v.u.s) : time_text(r, v), NULL, v.u.s);
}

static struct val cell_enum(struct req *r, const struct field *f, struct val v) {
	const struct choice *c = choice_of(f, v);

	if (c == NULL)
		return cell_plain(r, f, v);
	/* what PeeringDB says: Peering Manager's labels, which are a contract, are not its words */
	if ((f->flags & FF_BARE) != 0 && (f->flags & FF_READONLY) != 0 && *c->value != '\0' && c->badge == NULL)
		return cell_text(r, "text", c->value, NULL, NULL);
	return cell_text(r, c->badge == NULL ? "text" : "badge", c->label, NULL, c->badge);
}

static bool is_web(const char *s) {
	return strncmp(s, "http://", 7) == 0 || strncmp(s, "https://", 8) == 0;
}

static struct val cell_link(struct req *r, const struct field *f, struct val v) {
	const char *s = val_cstr(v, "");

	if (*s == '\0')
		return none(r);
	if (f->type == F_EMAIL)
		return cell_text(r, "text", s, arena_printf(r->a, "mailto:%s", s), NULL);
	return cell_text(r, "out", s, is_web(s) ? s : NULL, NULL);
}

static struct val cell_color(struct req *r, const struct field *f, struct val v) {
	const struct choice *c = choice_of(f, v);

	return cell_text(r, "color", c == NULL ? val_cstr(v, "") : c->label, NULL, val_cstr(v, "9e9e9e"));
}

static struct val cell_secret(struct req *r, const struct field *f, struct val v) {
	(void)f;
	return v.type != V_STR || v.len == 0 ? none(r) : cell_text(r, "secret", v.u.s, NULL, NULL);
}

/* [{"service": "x", "identifier": "peerage"}] */
static struct val cell_social(struct req *r, struct val v) {
	struct val m = cell_text(r, "links", "", NULL, NULL);
	struct list *out = list_new(r->a, v.u.list->n);

	for (size_t i = 0; i < v.u.list->n; i++) {
		struct val e = v.u.list->v[i];
		const char *who = e.type == V_MAP ? val_cstr(map_get(e.u.map, "identifier"), "") : "", *where = e.type == V_MAP ?
		    val_cstr(map_get(e.u.map, "service"), "") : "";

		if (*who != '\0')
			list_push(out, cell_text(r, "text", is_web(who) || *where == '\0' ? who : arena_printf(r->a, "%s: %s", where, who), is_web(who) ? who : NULL, NULL));
	}
	map_set(m.u.map, "l", val_list(out));
	return out->n == 0 ? none(r) : m;
}

static struct val cell_json(struct req *r, const struct field *f, struct val v) {
	struct sbuf sb;

	if (v.type == V_LIST && strcmp(f->name, "social_media") == 0)
		return cell_social(r, v);
	if (v.type == V_STR || v.type == V_INT || v.type == V_FLOAT)
		return cell_plain(r, f, v);
	sb_init(&sb, r->a);
	json_write_pretty(&sb, v, 2, JSON_AS_IS);
	return cell_text(r, "pre", sb.s, NULL, NULL);
}

static struct val cell_ref(struct req *r, const struct field *f, struct val v) {
	const struct row *row = row_of_val(v);

	if (row != NULL)
		return cell_row(r, row);
	if (v.type != V_INT || f->ref == NULL)
		return cell_plain(r, f, v);
	return cell_text(r, "text", arena_printf(r->a, "#%lld", (long long)v.u.i),
	    res_has_page(f->ref) ? page_href(r, "/%s/%lld/", f->ref->page, (long long)v.u.i) : NULL, NULL);
}

static struct val cell_items(struct req *r, const struct field *f, struct val v) {
	struct map *m = map_new(r->a, 5);
	struct list *out = list_new(r->a, 4);

	if (v.type != V_LIST || v.u.list->n == 0)
		return none(r);
	for (size_t i = 0; i < v.u.list->n; i++) {
		const struct row *row = row_of_val(v.u.list->v[i]);
		struct val color;

		if (row == NULL) {
			list_push(out, cell_plain(r, f, v.u.list->v[i]));
			continue;
		}
		list_push(out, cell_row(r, row));
		color = f->type == F_TAGS ? row_get(row, "color") : val_undef();
		if (color.type == V_STR)
			put_str(out->v[out->n - 1].u.map, "c", color.u.s);
	}
	put_str(m, "k", f->type == F_TAGS ? "tags" : "links");
	put_str(m, "t", "");
	put_str(m, "u", NULL);
	put_str(m, "c", NULL);
	map_set(m, "l", val_list(out));
	return val_map(m);
}

/* "peering.bgpgroup" is "BGP Group" for people. */
static struct val cell_objtype(struct req *r, const struct field *f, struct val v) {
	const struct resource *res = v.type == V_STR ? res_by_model(v.u.s) : NULL;

	if (v.type == V_LIST) {
		struct list *names = list_new(r->a, v.u.list->n);

		for (size_t i = 0; i < v.u.list->n; i++) {
			res = v.u.list->v[i].type == V_STR ? res_by_model(v.u.list->v[i].u.s) : NULL;
			list_push(names, res == NULL ? v.u.list->v[i] : val_str(res_title(r->a, res)));
		}
		return cell_items(r, f, val_list(names));
	}
	return res == NULL ? cell_plain(r, f, v) : cell_text(r, "text", res_title(r->a, res), NULL, NULL);
}

static struct val (*const cells[F__COUNT])(struct req *, const struct field *, struct val) = {
	[F_ID] = cell_plain, [F_BOOL] = cell_bool, [F_INT] = cell_plain, [F_FLOAT] = cell_plain, [F_ASN] = cell_plain,
	[F_TEXT] = cell_plain, [F_LONGTEXT] = cell_long, [F_SLUG] = cell_mono, [F_EMAIL] = cell_link, [F_URL] = cell_link,
	[F_COLOR] = cell_color, [F_ENUM] = cell_enum, [F_INET] = cell_mono, [F_IFACE] = cell_mono, [F_CIDR] = cell_mono,
	[F_MAC] = cell_mono, [F_TIME] = cell_time, [F_DATE] = cell_time, [F_UUID] = cell_mono, [F_JSON] = cell_json,
	[F_SECRET] = cell_secret, [F_PASSWORD] = cell_secret, [F_REF] = cell_ref, [F_REFS] = cell_items, [F_TAGS] = cell_items,
	[F_OBJTYPE] = cell_objtype, [F_OBJTYPES] = cell_objtype, [F_OBJECT] = cell_ref, [F_ASNS] = cell_items, [F_CIDRS] = cell_items,
	[F_TEXTS] = cell_items, [F_COUNT] = cell_plain, [F_PATH] = cell_ref, [F_DISPLAY] = cell_plain, [F_IN] = cell_bool,
	[F_FUNC] = cell_json, [F_COMPUTED] = cell_json,
};

/* "/internet-exchange-peering-sessions/?autonomous_system_id=3" for a count whose way back is one reference that can be filtered by. */
static const char *count_href(struct req *r, const struct row *row, const struct field *f) {
	const struct resource *res = f->ref;
	int via = res == NULL ? -1 : res_field(res, f->via);

	for (size_t i = 0; i < row->res->nchildren; i++) {
		const struct child *c = &row->res->children[i];

		if (c->res == res && strcmp(c->via, f->via) == 0)
			return page_href(r, "/%s/%lld/%s/", row->res->page, (long long)row->id, c->slug);
	}
	if (via < 0 || (res->fields[via].flags & FF_FILTER) == 0 || (res->flags & RF_NOPAGES) != 0)
		return NULL;
	return page_href(r, "/%s/?%s_id=%lld", res->page, f->via, (long long)row->id);
}

struct val cell_of(struct req *r, const struct row *row, int field) {
	const struct field *f = &row->res->fields[field];
	struct val v = row->v[field], cell;

	if (val_is_null(v))
		return none(r);
	cell = cells[f->type](r, f, v);
	if (f->type == F_COUNT && v.type == V_INT && v.u.i > 0)
		put_str(cell.u.map, "u", count_href(r, row, f));
	return cell;
}
