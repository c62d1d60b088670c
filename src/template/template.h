/*
 * template.h: Jinja2's language (3.1), parsed once and rendered many times. Knows only src/base.
 *
 * Two environments use it: pages (trusted, autoescaped, StrictUndefined) and configurations (written by users: sandboxed,
 * limited, default Undefined). A failed render is an error, never a text.
 */
#ifndef PEERAGE_TEMPLATE_H
#define PEERAGE_TEMPLATE_H

#include "base/val.h"

enum tmpl_undefined { TMPL_DEFAULT, TMPL_STRICT, TMPL_CHAINABLE, TMPL_DEBUG };
enum tmpl_escape { TMPL_PLAIN, TMPL_ESCAPE, TMPL_ESCAPE_BY_NAME };     /* by name: html, htm, xml */

/* Where it went wrong. `text` is the message for people: place, source line with a caret, chain of includes and macros. */
struct tmpl_err {
	struct err e;                   /* e.kind: the class that Jinja2 or Python gives this error */
	const char *name;               /* template */
	unsigned line, column;          /* from 1; 0 when unknown */
	const char *text;
};

struct tmpl_limits {                    /* 0: none */
	uint64_t steps;                 /* nodes evaluated */
	size_t output, memory;          /* bytes */
	unsigned depth;                 /* nested calls, includes, expressions */
	unsigned milliseconds;
};

/* A filter, test or global function in C: c->args[0] is the piped value. False with *c->e filled. */
typedef bool tmpl_fn(struct call *c, struct val *out);

struct tmpl_def {
	const char *name;
	tmpl_fn *fn;
	int min, max;                   /* arguments, the piped value not counted; max -1: any */
	const char *params;             /* names in order with defaults, "field='', family=-1": keywords are matched to places by it */
	const char *help, *example;     /* for `peerage schema filters` */
	bool any_keyword;               /* keywords without a place are handed on in c->kwnames */
};

/* A source by name for include, import, extends; false without *e filled: there is no such template. */
struct tmpl_loader {
	bool (*load)(struct tmpl_loader *, struct arena *, const char *name, const char **text, size_t *len, struct err *);
};

/* `{% include_configuration X %}` and friends: the tag's name and the prefix that it puts before X ("configuration::"). */
struct tmpl_include_tag {
	const char *tag, *prefix;
};

struct tmpl_options {
	const char *block_start, *block_end, *variable_start, *variable_end, *comment_start, *comment_end;      /* NULL: Jinja2's own */
	const char *line_statement_prefix, *line_comment_prefix;        /* NULL: none */
	const char *newline;                                            /* NULL: "\n" */
	bool trim_blocks, lstrip_blocks, keep_trailing_newline;
	bool ext_do, ext_loopcontrols, ext_i18n;
	bool item_attributes;           /* `attr` finds the keys of a dict as well: plain data in the place of objects */
	bool newstyle_gettext;          /* with ext_i18n: gettext formats its text with the keywords it is given */
	bool sandboxed;
	enum tmpl_escape escape;
	enum tmpl_undefined undefined;
	struct tmpl_limits limits;
	const struct tmpl_def *const *filters, *const *tests, *const *globals;  /* tables beyond the built-in ones, each ended by a
	                                                                           def without a name; the array by NULL */
	const struct tmpl_include_tag *include_tags;                    /* ended by a NULL tag; or NULL */
	struct tmpl_loader *loader;                                     /* or NULL */
};

/* An environment and its cache of parsed templates live in `a`. */
struct tmpl_env;
struct tmpl_env *tmpl_env_new(struct arena *a, const struct tmpl_options *);

struct tmpl;
/* Parse a source; `name` (or NULL) is for messages. */
bool tmpl_parse(struct tmpl_env *, const char *name, const char *text, size_t len, struct tmpl **out, struct tmpl_err *);
/* By name through the loader, parsed once an environment. */
bool tmpl_get(struct tmpl_env *, const char *name, struct tmpl **out, struct tmpl_err *);

/* Render with the variables of `context` to *out (appended; on failure cut back to what it was). `a` is scratch for this render.
 * `host` reaches filters as tmpl_host(c): the world they work in (a render's graph of peers, a page's request). */
bool tmpl_render(struct tmpl *, struct arena *a, const struct map *context, void *host, struct sbuf *out, struct tmpl_err *);
void *tmpl_host(const struct call *c);

/* Python's str() of a value, as {{ v }} prints it without escaping; its truth; an attribute or item as `v.name` finds it. */
bool tmpl_text(struct call *c, struct val v, struct sbuf *out);
bool tmpl_truth(struct call *c, struct val v, bool *out);
bool tmpl_attr(struct call *c, struct val v, const char *name, struct val *out);        /* V_UNDEF in *out when absent */
bool tmpl_iterate(struct call *c, struct val v, struct list **out);                     /* what `for` would walk */

/* For tools: the template printed back (parses to the same), its tree, and names that nothing in `known` defines. */
void tmpl_print(const struct tmpl *, struct sbuf *);
void tmpl_dump(const struct tmpl *, struct sbuf *);
struct list *tmpl_unknown(const struct tmpl *, struct arena *, const struct map *known);

/* An integer beyond 64 bits as a value that templates can compute with: for json_parse_exact(). */
struct val tmpl_big_int(struct arena *, const char *text, size_t n);

/* The built-in tables, for documents; each ended by a def without a name. */
extern const struct tmpl_def tmpl_filters[], tmpl_tests[], tmpl_globals[];

#endif
