/*
 * page.h: what the files that make pages share. A page function prepares a map of plain values and gives it to a template;
 * no tag is printed here. What is shown follows from the resource's table.
 */
#ifndef PEERAGE_PAGE_H
#define PEERAGE_PAGE_H

#include "web/private.h"

enum {
	PAGE_SELECT_MAX = 200,          /* a reference to a table with more rows than this is typed, not chosen from a menu */
	PAGE_BULK_SHOWN = 200,          /* rows that a bulk page prints one by one */
	PAGE_LINKS_SHOWN = 8            /* links of a many-to-many field in a list's cell */
};

/* ---- page.c: the frame ---- */

/* A context with its title; a crumb leads back. `href` is a path of ours without the base path, or NULL for the last one. */
struct map *page_new(struct req *, const char *title);
void page_crumb(struct req *, struct map *ctx, const char *text, const char *href);
/* html/<command>/<name> of the resource if there is one, else html/<name>. */
bool page_render_for(struct req *, const struct resource *, const char *name, struct map *ctx);
/* A path of ours with the base path before it. */
const char *page_href(struct req *, const char *fmt, ...) PRINTF(2, 3);

/* A page of PeeringDB, such as "net/42": they lie beside its API. */
const char *page_peeringdb(struct req *, const char *path);
/* ?return_url= or the form's, when it is a path of ours; else `other`. */
const char *page_return(struct req *, const char *other);

/* What a process keeps from one request to the next: templates, and menus by what may be seen and added. */
enum { NAV_KEPT = 64 };
struct site {
	struct tmpl_loader loader;      /* first: it is handed to load() */
	struct arena *a;
	struct tmpl_env *env;
	struct map *known;              /* name -> whether there is such a template */
	const char *dir;
	struct {
		uint64_t view, add;
		struct val list;
	} menu[NAV_KEPT];
	size_t nmenus;
};
struct site *site_of(struct req *);
/* Where the user is told about what is wrong as a whole, not in a field. */
void page_flash_err(struct req *, const struct err *);
/* A success, with the way to the changes of this request, where they can be undone. */
bool page_flash_undo(struct req *, const char *text);

static inline void put_str(struct map *m, const char *key, const char *s) { map_set(m, key, val_str_or_null(s)); }
static inline void put_bool(struct map *m, const char *key, bool b) { map_set(m, key, val_bool(b)); }
static inline void put_int(struct map *m, const char *key, int64_t i) { map_set(m, key, val_int(i)); }

/* ---- nav.c ---- */
/* Groups {text, icon, items: [{text, href, add, page}]} that the actor may see; the same list for the same rights. */
struct val nav_list(struct req *);

/* ---- page_text.c: words and links that follow from a table ---- */
/* A pattern for LIKE: what holds `q`, "AS64500" being 64500. */
struct val search_pattern(struct req *, const char *q);
const char *field_caption(struct arena *, const struct field *);
const char *res_title(struct arena *, const struct resource *);         /* "BGP Group" */
const char *res_titles(struct arena *, const struct resource *);        /* "BGP Groups" */
const char *res_article(const struct resource *);                       /* "a", "an" */
struct val res_map(struct req *, const struct resource *);              /* {name, plural, title, titles, href, api, can: {...}} */
/* The next card of a resource's form, from *at on, which moves behind it: title and indexes of its fields. False when there is none. */
struct form_card {
	const char *title;
	int *fields;
	size_t n;
};
bool form_card_next(struct arena *, const struct resource *, const char **at, struct form_card *);
/* A new card {title, <key>: list} at the end of a page's cards; the list. */
struct list *card_new(struct req *, struct list *cards, const char *title, const char *key);
const char *row_path(struct req *, const struct row *);                 /* "/bgp-groups/3/" without base path; NULL: no page */
const char *row_text(struct req *, const struct row *);                 /* its display, never empty */
/* The answer is a text to be kept as a file with that name and ending; what a file's name cannot have becomes "-". */
bool page_file(struct req *, const char *name, const char *ending, const char *text, size_t len);
const struct choice *choice_of(const struct field *, struct val v);
/* The field that a path through references ends in, and its resource; NULL when it leads nowhere. */
const struct field *path_end(const struct resource *, const char *path, const struct resource **res);
const char *slug_text(struct arena *, const char *name);                 /* "Core routers" as "core-routers" */
bool list_has(const char *list, const char *name);                      /* "a, b; Title: c" has b and c */
struct val prefs_get(const struct req *, const char *path);             /* "pagination.per_page"; V_UNDEF */
bool prefs_set(struct req *, const char *path, struct val v);           /* V_NULL: forget it */
bool res_has_page(const struct resource *);

/* ---- page_time.c: times in the user's zone (preference time.zone) and form (time.form) ---- */
extern const struct choice date_forms[];
const char *time_text(struct req *, struct val iso);            /* "2026-03-01 12:30"; "" for null */
const char *date_text(struct req *, const char *iso);           /* "2026-03-01" of a date or time */
const char *time_local(struct req *, const char *iso);          /* "2026-03-01T12:30" in the user's zone, of one in UTC; and back */
const char *time_utc(struct req *, const char *local);
const char *zone_of(const struct req *);                        /* "UTC" unless the user chose one that there is */
bool zone_known(const char *name);
struct val zone_names(struct req *);

/* ---- page_cell.c: a value as it is shown ---- */
/* {k: kind, t: text, u: href, c: tone or colour, l: list of cells}: every key is always there. */
struct val cell_of(struct req *, const struct row *, int field);
struct val cell_text(struct req *, const char *kind, const char *text, const char *href, const char *tone);

/* ---- page_filter.c ---- */
struct val filter_card(struct req *, const struct resource *, const struct param *params, size_t n, size_t *active);
/* Parameters of the store: text that names a reference becomes its id, empty ones go. */
bool filter_params(struct req *, const struct resource *, struct param **out, size_t *n);
/* Rows of `res` that a text typed by somebody may mean: "12", "#12", "AS64500", a display, a name; at most `room` ids. */
bool refs_find(struct req *, const struct resource *, const char *text, int64_t *ids, size_t room, size_t *n);

/* ---- page_list.c ---- */
/* "?name=value&..." of the page as it was asked for: without the page's number, without `drop` (only where its value is `only`, if that is not
 * NULL), with drop=put at the end if put is not NULL. */
const char *page_query(struct req *, const char *drop, const char *only, const char *put);

struct table {                  /* a list within a page */
	const struct resource *res;
	const struct child *child;      /* NULL: all */
	int64_t child_of;
	const char *path;               /* of the page it stands on, for links */
	const struct param *extra;      /* filters that the page itself asks for */
	size_t nextra;
	bool bare;                      /* without filters and bulk actions */
};
/* Fills {columns, rows, pager, filters, chooser, ...}. */
bool table_put(struct req *, const struct table *, struct map *ctx);

int64_t list_page(struct req *);        /* ?page=, from 1 */
int64_t list_size(struct req *);        /* rows a page: ?per_page=, the user's, the settings' */
/* total < 0: more than so many; beyond them there is a next page wherever this one is full. */
struct val list_pager(struct req *, int64_t page, int64_t size, int64_t total, size_t shown);

/* ---- page_detail.c ---- */
/* Title, crumbs, tabs, actions, last change: what every page of one object has; `tab` is the slug of the open one, "" the object's own. */
struct map *detail_new(struct req *, struct row *, const char *tab);
bool detail_load(struct req *, struct row **out);
struct map *detail_page(struct req *);          /* all that detail.html shows; for pages that show more */

/* ---- page_widget.c: form inputs ---- */
struct widget_use {
	const struct row *row;          /* its values as they are, or NULL */
	const struct param *params;     /* what was typed or the query's prefill; wins over row */
	size_t nparams;
	bool typed;                     /* params are a form that came back: an absent check box is off */
	bool bulk;                      /* nothing is preset */
	bool creating;
};
/* ?change=ID: the values that the object had before that change, as what was asked for; page_restore.c. */
bool form_preset(struct req *, const struct row *, struct widget_use *);
bool form_cards(struct req *, const struct resource *, const struct widget_use *, struct list **cards);
/* Messages that belong to no input on the form (`bulk`: that of a bulk edit): the rule over several fields, a clash with another object. */
struct val form_errors(struct req *, bool bulk);

/* ---- page_predicate.c: FF_PREDICATE ---- */
/* What the editor adds to its input: how, rows, names, matches. */
bool predicate_put(struct req *, const struct field *, const struct widget_use *, struct map *m);
/* The value that the form's rows make, mistakes in r->problems; false: it was written as JSON. */
bool predicate_input(struct req *, const struct field *, struct val *out);

/* ---- page_input.c: from a form to what the store takes ---- */
/* The named field of the form into *input as JSON of the API; mistakes go to r->problems. */
bool input_field(struct req *, const struct resource *, int field, struct map *input);
bool input_form(struct req *, const struct resource *, struct map *input);
bool field_on_form(const struct resource *, int field);

/* ---- page_saved.c ---- */
/* "saved": the saved filters that the list offers, [{name, help, href, on, own, shared, edit}]. */
bool saved_put(struct req *, const struct resource *, struct map *ctx);

/* ---- page_bulk.c ---- */
/* Parameters of the store from a list's query that a form carries. */
bool query_params(struct req *, const char *query, struct param **out, size_t *n);
/* The rows that a list's form is about, ticked or all that its query finds, within the right to `verb`. */
bool page_selected(struct req *, const char *verb, enum form, struct rows *);

/* ---- action.c ---- */
/* {label, help, href} of what the actor may do with the row, or, when it is NULL, with several rows of a list. */
struct val action_buttons(struct req *, const struct resource *, const struct row *);

/* ---- page_picture.c ---- */
struct val picture_states(struct req *, struct val by_state, const char *href);         /* parts of a bar 1000 wide */
bool picture_sessions(struct req *, const struct row *, struct map *ctx);               /* "bars": of the sessions of an exchange, an AS ... */
struct val picture_share(struct req *, const struct row *, const char *field, struct val cell);

/* ---- page_history.c ---- */
bool picture_history(struct req *, const struct row *, struct map *ctx);                /* "history" of a session or of an object's sessions, or null */

/* ---- page_user.c: the pages of who is signed in ---- */
struct map *user_new(struct req *, const char *title, const char *tab);

/* ---- markdown.c ---- */
struct val markdown_html(struct arena *, const char *text);     /* safe markup; raw HTML in it is left out */

/* ---- what only page_routes.c names ---- */
route_fn page_import_file, page_import_file_post, page_columns, page_saved_add, page_context, page_journal, page_journal_add, page_jobs, page_form_post, page_delete_post;

#endif
