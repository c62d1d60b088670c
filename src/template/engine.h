/*
 * engine.h: what the files of the engine share. The order of reading: ast.h, lex.c, parse.c, scope.c, eval.c, stmt.c.
 *
 * Everything that can fail returns false with in->e filled. Values are Python's: values.c says what they do.
 */
#ifndef PEERAGE_TEMPLATE_ENGINE_H
#define PEERAGE_TEMPLATE_ENGINE_H

#include "base/utf8.h"
#include "template/ast.h"
#include "template/template.h"

enum {
	HEIGHT_MAX = 400,               /* nesting of one expression or of statements: what the C stack bears with room to spare */
	DEPTH_MAX = 600,                /* calls and includes within each other, when no limit is given */
	ARGS_MAX = 12,                  /* parameters of a function in C */
	STRING_MAX = 1 << 30            /* bytes of one string */
};

/* A def made ready: its parameters taken apart. */
struct param {
	struct val name;
	bool required;
	struct val value;               /* default; of a required one that may be left out all the same: nothing */
};

struct fn {
	struct obj o;                   /* function_class: a function is a value as well */
	const struct tmpl_def *def;
	struct param *params;
	unsigned nparams, least, most;  /* least, most: positional arguments that a plain call has */
	bool ready, host, positional;   /* host: not one of the engine's own; positional: a method that takes no keywords */
};

enum table { TABLE_FILTERS, TABLE_TESTS, TABLE_GLOBALS, TABLE__COUNT };

struct tmpl_env {
	struct arena *a;
	struct tmpl_options o;
	struct map *fns[TABLE__COUNT];  /* name -> struct fn */
	struct map *methods[METHOD__COUNT];
	struct map *by_name;            /* of an attribute -> place in method_rows */
	const struct fn *(*method_rows)[METHOD__COUNT];
	struct map *cache;              /* name -> place in templates */
	struct tmpl **templates;
	size_t ntemplates, room;
	uint64_t runs;                  /* renders that began */
};

struct tmpl {
	struct tmpl_env *env;
	const char *name;               /* or NULL */
	const char *text;               /* newlines normalised */
	size_t len;
	struct func *fn;
	uint32_t self_slot;
	struct node *blocks;            /* linked by block->next */
	struct nodes body;
	bool have_extends, escape;
	const char *hint;               /* of the error that parsing ended with: "did you mean ..." */
};

/* How an undefined value arose (section 9 of Jinja2's behaviour: hint, or name with or without an object). */
struct undef {
	struct val name;                /* V_UNDEF: none */
	const char *hint;               /* NULL: none */
	const char *object;             /* type of the object that lacks `name`, or NULL */
	bool object_is_none;
	bool plain;                     /* an ordinary Undefined whatever the environment says */
	bool unsafe;                    /* the sandbox refused it: use is a SecurityError */
};

/* Where names are looked up that no scope of the template defines; one a template being rendered. */
struct ctx {
	struct ctx *parent;             /* of an included template: the includer's, as it then was */
	struct map *vars, *exported;    /* set at top level; `exported` keys are the public ones */
	struct map *locals;             /* given by an include, or NULL */
	const struct map *base;         /* the render's context; NULL below an include */
	struct map *blocks;             /* name -> struct block_stack */
	bool globals_only;
	bool escape;
	struct tmpl *tmpl;
};

/* One run of a func. */
struct act {
	struct act *outer;
	struct val *slots;
};

enum flow { FLOW_ON, FLOW_BREAK, FLOW_CONTINUE };

struct interp {
	struct tmpl_env *env;
	struct arena *a;
	struct sbuf *out;
	struct err *e;
	void *host;
	struct act *act;
	struct ctx *ctx;
	struct tmpl *tmpl;
	enum flow flow;
	uint64_t run;                   /* which render of the environment this is, from 1 */
	bool extended;                  /* the running template's body met `extends` */
	struct tmpl *parent;            /* which one */
	uint64_t steps, next_check;
	uint64_t effects;               /* counts what may keep a value that was made now: see forget() */
	unsigned depth;
	int64_t deadline;               /* milliseconds of the monotonic clock; 0: none */
	const char *stack;              /* address at the start of the render */
	size_t arena_start;
	struct map *modules;            /* name -> module, of imports without context */
	/* where it failed */
	const struct node *at;
	struct tmpl *at_tmpl;
	struct sbuf *trace;
	const struct undef *missed;     /* the last attribute that an object had not, */
	struct val missed_in;           /* and which object: for "did you mean" */
	struct printing *printing;      /* containers that repr() is in */
	const char *hint;
	struct tmpl_err *parse_err;     /* of an included template */
};

/* ---- errors.c */
bool fail(struct interp *, const char *kind, const char *fmt, ...) PRINTF(3, 4);
bool fail_type(struct interp *, const char *fmt, ...) PRINTF(2, 3);
void error_finish(struct interp *, struct tmpl_err *);    /* place, chain and text of what in->e says */
void trace_add(struct interp *, const char *fmt, ...) PRINTF(2, 3);
void tmpl_err_fill(struct arena *, struct tmpl_err *, const struct tmpl *, uint32_t line, uint32_t pos);
const char *did_you_mean(struct arena *, const char *name, const struct map *known);    /* "" or ", did you mean ..." */

/* ---- limits.c */
void limits_start(struct interp *);
bool limits_check(struct interp *);
bool enter_call(struct interp *);       /* one level deeper; leave_call() undoes it */
void leave_call(struct interp *);
bool room(struct interp *, uint64_t bytes);     /* may something of this size be made? */

static inline bool step(struct interp *in) {
	return ++in->steps < in->next_check || limits_check(in);
}

/* ---- env.c */
const struct fn *env_fn(const struct tmpl_env *, enum table, struct val name);
const struct fn *env_method(const struct tmpl_env *, enum method_of, struct val name);
const struct fn *const *env_methods(const struct tmpl_env *, struct val name);  /* of all groups, by enum method_of; NULL: none */
struct val env_global(const struct tmpl_env *, struct val name, uint32_t hash);     /* val_missing(): none */

/* ---- lex.c */
struct lexer;
struct lexer *lexer_new(struct arena *, struct tmpl *, struct err *);
bool lexer_next(struct lexer *, struct token *);        /* false: error in *e, its line in lexer_line() */
uint32_t lexer_line(const struct lexer *);
uint32_t lexer_pos(const struct lexer *);
const char *token_describe(struct arena *, const struct token *);
const char *token_name(enum token_type);

/* ---- parse.c */
bool parse_template(struct arena *, struct tmpl *, struct tmpl_err *);

/* ---- tree.c: the children of a node, in the order of Jinja2's own fields */
struct visitor {
	void (*visit)(struct visitor *, struct node *);
};
void tree_children(struct visitor *, struct node *);
void tree_visit(struct visitor *, const struct nodes *);
enum { MENTIONS_MAX = 3 };
void tree_mentions(const struct nodes *, const char *const names[MENTIONS_MAX], bool found[MENTIONS_MAX]);      /* read, and not assigned before */
bool tree_plain(const struct node *);           /* names, constants and attributes: needs no memory to compute */
bool tree_const(const struct node *);           /* would Jinja2 compute it when it parses? */
struct node *tree_clone_target(struct arena *, const struct node *);

/* ---- scope.c */
bool scope_resolve(struct arena *, struct tmpl *, struct err *, const struct node **where);

/* ---- eval.c */
bool eval(struct interp *, const struct node *, struct val *out);
bool eval_block_text(struct interp *, const struct nodes *, struct val *out);
bool eval_filter_on(struct interp *, const struct node *filter, struct val piped, struct val *out);
bool assign(struct interp *, const struct node *target, struct val v);

/* ---- call.c */
enum { ARGS_SMALL = 6 };
struct call_args {
	struct val *v, *kwnames, *kwargs;
	size_t n, nkw;
	bool mapping;                   /* format_map: keys of a dict, whatever they are */
};
bool eval_args(struct interp *, const struct args *, struct val small[ARGS_SMALL], struct call_args *);    /* small: room for the usual */
bool call_value(struct interp *, struct val callee, const struct call_args *, struct val *out);
bool call_fn(struct interp *, const struct fn *, struct val self, const struct call_args *, struct val *out);
bool call_filter(struct interp *, struct val name, struct val piped, const struct call_args *, struct val *out);
bool call_test(struct interp *, struct val name, struct val piped, const struct call_args *, bool *out);
struct val bound_method(struct arena *, const struct fn *, struct val self);

/* A call with as many positional arguments as the function takes, and no other, goes straight to it. */
static inline bool call_is_plain(const struct fn *f, const struct args *a) {
	return a->kw.n == 0 && a->dyn == NULL && a->dynkw == NULL && a->pos.n >= f->least && a->pos.n <= f->most;
}
bool call_plain(struct interp *, const struct fn *, struct val self, const struct args *, struct val *out);

/* ---- stmt.c */
bool exec(struct interp *, const struct nodes *);
void enter_scope(struct interp *, const struct scope_info *);
void leave_scope(struct interp *, const struct scope_info *);
struct act *act_new(struct interp *, const struct func *, struct act *outer);
static inline struct val *act_slot(struct interp *in, uint32_t hops, uint32_t slot) {
	struct act *a = in->act;

	while (hops-- > 0)
		a = a->outer;
	return &a->slots[slot];
}
bool write_value(struct interp *, struct val, bool escape);
bool write_text(struct interp *, struct val);            /* what must be a text */

/*
 * Most of what an expression allocates is of no use once its text is written. What was made after remember() is given back by
 * forget(), unless something happened meanwhile that may have kept a part of it: a list, dict or namespace was changed, a host's
 * function ran, the output grew within the same arena.
 */
struct memory {
	struct arena_mark mark;
	uint64_t effects;
	const char *out;
	size_t cap;                     /* of the output: it may also have grown where it is */
};
static inline struct memory remember(struct interp *in) {
	return (struct memory){ .mark = arena_mark(in->a), .effects = in->effects, .out = in->out->s, .cap = in->out->cap };
}
static inline void forget(struct interp *in, const struct memory *m) {
	if (in->effects == m->effects && ((in->out->s == m->out && in->out->cap == m->cap) || in->out->a != in->a)) {
		arena_rewind(in->a, m->mark);
		in->missed = NULL;
	}
}

/* ---- loop.c */
bool exec_for(struct interp *, const struct node *);

/* ---- macro.c */
bool macro_new(struct interp *, const struct macro_info *, struct val *out);
bool macro_is(struct val);
void macro_trace(struct interp *, const struct obj *);
bool macro_write(struct interp *, struct obj *, const struct call_args *);       /* to the output */
bool exec_callblock(struct interp *, const struct node *);

/* ---- inherit.c */
struct val ctx_resolve(struct interp *, struct val name, uint32_t hash);
struct ctx *ctx_new(struct interp *, struct tmpl *);
bool run_template(struct interp *, struct tmpl *, struct ctx *);
bool exec_block(struct interp *, const struct node *);
bool exec_extends(struct interp *, const struct node *);
bool exec_include(struct interp *, const struct node *);
bool exec_import(struct interp *, const struct node *);
const char *ctx_suggest(struct interp *, const char *name);
void ctx_export(struct interp *, struct val name, struct val v);

/* ---- trans.c */
bool exec_trans(struct interp *, const struct node *);
extern const struct tmpl_def tmpl_i18n_globals[];

/* ---- values.c */
bool truth_of(struct interp *, struct val, bool *out);
static inline bool truth(struct interp *in, struct val v, bool *out) {
	if (v.type != V_BOOL)
		return truth_of(in, v, out);
	*out = v.u.b;
	return true;
}
bool equal(struct interp *, struct val, struct val, bool *out);
bool order(struct interp *, enum op, struct val, struct val, bool *out);
bool view_is_set(struct val);                   /* keys and items of a dict, and what is left of them */
bool contains(struct interp *, struct val item, struct val in_what, bool *out);
bool hashable(struct interp *, struct val);
const char *type_name(struct val);              /* as Python names it */
struct val undef_new(struct interp *, const struct undef *);
bool undef_fail(struct interp *, struct val);   /* UndefinedError */
const char *undef_message(struct interp *, struct val);
bool undef_strict(const struct interp *, struct val);
static inline struct val val_missing(void) { return (struct val){ .type = V_UNDEF, .flags = VF_MISSING }; }
static inline bool is_missing(struct val v) { return v.type == V_UNDEF && (v.flags & VF_MISSING) != 0; }
static inline struct val val_safe(struct val v) { v.flags |= VF_SAFE; return v; }
static inline struct val val_tuple(struct list *l) { return (struct val){ .type = V_LIST, .flags = VF_TUPLE, .u.list = l }; }
static inline bool is_tuple(struct val v) { return v.type == V_LIST && (v.flags & VF_TUPLE) != 0; }
static inline uint32_t utf8_at(struct val v, size_t at, size_t *len) {
	if (at < v.len && (unsigned char)v.u.s[at] < 0x80) {
		*len = 1;
		return (unsigned char)v.u.s[at];
	}
	return utf8_get(v.u.s + at, v.len - at, len);
}
static inline bool is_safe(struct val v) { return v.type == V_STR && (v.flags & VF_SAFE) != 0; }
static inline bool is_obj(struct val v, const struct obj_class *c) { return v.type == V_OBJ && v.u.obj->class == c; }

/* ---- arith.c */
bool arith(struct interp *, enum op, struct val, struct val, struct val *out);
bool arith_unary(struct interp *, enum op, struct val, struct val *out);
bool is_number(struct val);                     /* bool, int of any size, float */
bool is_int(struct val);                        /* bool, int of any size */
bool to_float(struct val, double *);            /* false: not a number */
bool as_float(struct interp *, struct val, double *out);        /* the same; false with an error also for an int beyond what floats hold */
bool index_of(struct interp *, struct val, int64_t *out);       /* an int as a place; beyond 64 bits: clamped */
bool flag_of(struct interp *, struct val, bool *out);           /* an int as a flag: what Python's own functions take */
bool count_of(struct interp *, struct val, int64_t *out);       /* an int as a size; beyond 64 bits: an error */
bool repeat(struct interp *, struct val, int64_t times, struct val *out);

/* ---- bignum.c: integers beyond 64 bits, as objects of big_class */
extern const struct obj_class big_class;
struct val big_arith(struct arena *, enum op, struct val, struct val);  /* + - * // % of ints; the divisor is not 0 */
struct val big_neg(struct arena *, struct val);
struct val big_parse(struct arena *, const char *digits, size_t n, unsigned base);
void big_text(struct sbuf *, struct val, unsigned base);        /* with '-' */
double big_float(struct val);                   /* nearest; inf when beyond */
struct val big_from_float(struct arena *, double);
int big_compare(struct val, struct val);        /* any ints */
double big_quotient(struct arena *, struct val, struct val);      /* of two ints, as near as a float can be */
size_t big_bits(struct val);
bool big_negative(struct val);

/* ---- str.c */
bool str(struct interp *, struct val, struct sbuf *);           /* str(v) */
bool repr(struct interp *, struct val, struct sbuf *);
bool str_val(struct interp *, struct val, struct val *out);     /* as a string value; markup stays markup */
bool escape_val(struct interp *, struct val, struct val *out);  /* MarkupSafe's escape() */
struct val html_unescape(struct arena *, struct val);           /* entities; entities.c */
struct val html_escape(struct arena *, struct val text);
void repr_str(struct sbuf *, const char *, size_t);
char *quoted(struct arena *, struct val);                       /* repr of a string, for messages */

/* ---- attr.c */
/* Is v a dict with the very keys of the last one that this node found its name in? */
static inline bool attr_is_where_it_was(const struct interp *in, struct val v, const struct node *n) {
	return v.type == V_MAP && v.u.map->keys == n->u.attr.keys && n->u.attr.run == in->run && n->u.attr.place != UINT32_MAX;
}
bool get_attr(struct interp *, struct val, const struct node *, struct val *out);       /* N_GETATTR */
bool get_attr_name(struct interp *, struct val, struct val name, struct val *out);      /* v.name */
bool get_attr_only(struct interp *, struct val, struct val name, struct val *out, bool *found);
bool get_item(struct interp *, struct val, struct val key, struct val *out);            /* v[key] */
bool get_slice(struct interp *, struct val, const struct val part[3], struct val *out);
struct val undef_attr(struct interp *, struct val of, struct val name);
const char *attr_suggest(struct interp *, const struct undef *);  /* of an attribute that the object has not: "" or "Did you mean ..." */
int method_group(struct val);                   /* enum method_of, or -1 */
extern const struct obj_class slice_class;
struct slice { struct obj o; struct val part[3]; };

/* ---- iter.c */
struct iter {
	struct interp *in;
	struct val of;
	size_t i, n;
	int64_t at, step;
	struct list *list;
};
bool iter_init(struct interp *, struct val, struct iter *);
bool iter_next(struct iter *, struct val *out, bool *more);
bool iter_list(struct interp *, struct val, struct list **out);         /* all of it, in a list of its own or shared: do not change it */
bool iter_is(struct val);                                               /* can it be iterated? */
bool length(struct interp *, struct val, size_t *out, bool *has);       /* len() */

/* A one-shot iterator: what map, select, batch ... give. */
struct gen {
	struct obj o;
	struct interp *in;
	bool (*next)(struct gen *, struct val *out, bool *more);
	bool done;
	struct iter src;
	const char *type;               /* for repr: "generator" */
	struct val peeked;
};
extern const struct obj_class gen_class;

extern const struct obj_class range_class, view_class, namespace_class, macro_class, method_class, function_class, loop_class,
	module_class, cycler_class, joiner_class, block_class, self_class;

struct range { struct obj o; int64_t start, stop, step; };
int64_t range_len(const struct range *);
struct val range_new(struct arena *, int64_t start, int64_t stop, int64_t step);

enum view_kind { VIEW_KEYS, VIEW_VALUES, VIEW_ITEMS, VIEW_SET };     /* VIEW_SET: what is left of keys or items: a set */
struct view { struct obj o; enum view_kind kind; struct map *map; };
bool view_minus(struct interp *, const struct view *, struct val other, struct val *out);       /* a set */

struct ns { struct obj o; struct map *attrs; };
struct method { struct obj o; const struct fn *fn; struct val self; };

/* what objects of the engine need to know of who asks */
bool loop_attr(struct interp *, struct obj *, struct val name, struct val *out, bool *found);
bool loop_call(struct interp *, struct obj *, const struct call_args *, struct val *out);
bool loop_iter(struct interp *, struct obj *, struct val *out, bool *more);
bool loop_length(struct interp *, struct obj *, size_t *);
bool loop_str(struct interp *, struct obj *, struct sbuf *);
bool macro_attr(struct interp *, struct obj *, struct val name, struct val *out, bool *found);
bool macro_call(struct interp *, struct obj *, const struct call_args *, struct val *out);
bool macro_str(struct interp *, struct obj *, struct sbuf *);
bool reference_attr(struct interp *, struct obj *, struct val name, struct val *out, bool *found);
bool reference_call(struct interp *, struct obj *, struct val *out);
bool module_attr(struct interp *, struct obj *, struct val name, struct val *out, bool *found);
void self_str(struct interp *, const struct obj *, struct sbuf *);
bool module_str(struct interp *, struct obj *, struct sbuf *);
bool cycler_attr(struct interp *, struct obj *, struct val name, struct val *out, bool *found);
bool joiner_call(struct interp *, struct obj *, struct val *out);

/* ---- format.c, format_new.c */
bool format_printf(struct interp *, struct val fmt, struct val args, struct val *out);          /* fmt % args */
bool format_str(struct interp *, struct val fmt, const struct call_args *, struct val *out);    /* fmt.format(...) */
bool format_float(struct sbuf *, double, char type, int precision, bool alt);   /* e E f F g G as Python has them */

/* ---- print.c */
const char *op_text(enum op);
void print_literal(struct sbuf *, struct val);   /* repr() outside of a render */

/* ---- unicode.c */
bool uc_space(uint32_t), uc_alpha(uint32_t), uc_decimal(uint32_t), uc_digit(uint32_t), uc_numeric(uint32_t), uc_upper(uint32_t),
	uc_lower(uint32_t), uc_title(uint32_t), uc_cased(uint32_t), uc_ignorable(uint32_t), uc_printable(uint32_t),
	uc_start(uint32_t), uc_continue(uint32_t);
bool uc_word(uint32_t);                         /* \w */
int uc_decimal_value(uint32_t);                 /* -1: none */
enum uc_case { UC_UPPER, UC_LOWER, UC_TITLE, UC_FOLD };
void uc_put(struct sbuf *, enum uc_case, uint32_t);             /* full mapping */
void uc_put_lower(struct sbuf *, struct val, size_t at, size_t len);     /* the character there, a final sigma as such */
struct val uc_convert(struct arena *, struct val, enum uc_case);
size_t uc_named(struct sbuf *, const char *, size_t);      /* "{NAME}" of an escape \\N: bytes taken, 0: unknown */

/* ---- methods and tables */
extern const struct tmpl_def tmpl_str_methods[], tmpl_str_methods_search[], tmpl_list_methods[], tmpl_tuple_methods[], tmpl_map_methods[],
	tmpl_loop_methods[], tmpl_cycler_methods[], tmpl_int_methods[], tmpl_float_methods[], tmpl_bytes_methods[],
	tmpl_view_methods[];
extern const struct obj_class bytes_class;      /* methods_num.c */
bool m_encode(struct call *, struct val *out);
bool m_translate(struct call *, struct val *out), m_maketrans(struct call *, struct val *out);      /* methods_form.c */
bool dict_fill(struct call *, struct map *, const char *name);  /* from a dict or pairs, then keywords: what dict(), namespace() and update() take; methods_seq.c */

static inline struct interp *interp_of(const struct call *c) { return c->interp; }
#endif
