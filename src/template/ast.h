/*
 * ast.h: tokens, nodes and what the scope pass adds to them.
 *
 * Variables become slots at parse time: each piece of template that runs as a function of its own (a template's body, a
 * block, a macro, a call body, a recursive loop) has a struct func, and its names are numbers in an array made at each
 * run. A scope within it (loop body, with ...) owns some of those slots and fills them by its list of loads when it
 * is entered.
 */
#ifndef PEERAGE_TEMPLATE_AST_H
#define PEERAGE_TEMPLATE_AST_H

#include "base/val.h"

enum token_type {
	T_EOF, T_DATA, T_VARIABLE_BEGIN, T_VARIABLE_END, T_BLOCK_BEGIN, T_BLOCK_END, T_NAME, T_STRING, T_INTEGER, T_FLOAT,
	T_ADD, T_SUB, T_DIV, T_FLOORDIV, T_MUL, T_MOD, T_POW, T_TILDE, T_LBRACKET, T_RBRACKET, T_LPAREN, T_RPAREN, T_LBRACE,
	T_RBRACE, T_EQ, T_NE, T_GT, T_GTEQ, T_LT, T_LTEQ, T_ASSIGN, T_DOT, T_COLON, T_PIPE, T_COMMA, T_SEMICOLON, T__COUNT
};

struct token {
	enum token_type type;
	uint32_t line, pos;             /* line from 1; byte in the normalised source */
	struct val v;                   /* name, string, number, data */
};

enum node_kind {
	/* expressions */
	N_CONST, N_NAME, N_NSREF, N_TUPLE, N_LIST, N_DICT, N_UNARY, N_BINARY, N_AND, N_OR, N_NOT, N_CONCAT, N_COMPARE, N_COND,
	N_GETATTR, N_GETITEM, N_SLICE, N_CALL, N_FILTER, N_TEST,
	/* statements */
	N_DATA, N_OUTPUT, N_IF, N_FOR, N_SET, N_SETBLOCK, N_MACRO, N_CALLBLOCK, N_FILTERBLOCK, N_WITH, N_AUTOESCAPE, N_BLOCK,
	N_EXTENDS, N_INCLUDE, N_IMPORT, N_FROM, N_DO, N_BREAK, N_CONTINUE, N_TRANS, N_INCLUDETAG, N__COUNT
};

enum op {
	OP_ADD, OP_SUB, OP_MUL, OP_DIV, OP_FLOORDIV, OP_MOD, OP_POW, OP_NEG, OP_POS,
	OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE, OP_IN, OP_NOTIN, OP__COUNT
};

/* How text that is written in this place is escaped: known when parsed, unless `autoescape` has an expression. */
enum escape_mode { ESC_NO, ESC_YES, ESC_VOLATILE };

/* Groups of methods in C. */
enum method_of { METHOD_STR, METHOD_LIST, METHOD_TUPLE, METHOD_MAP, METHOD_RANGE, METHOD_LOOP, METHOD_CYCLER,
	METHOD_INT, METHOD_FLOAT, METHOD_BYTES, METHOD_VIEW, METHOD__COUNT };

struct node;
struct fn;

struct nodes {
	struct node **v;
	uint32_t n;
};

struct args {
	struct nodes pos, kw;           /* kw: values; the names in kwnames */
	struct val *kwnames;
	struct node *dyn, *dynkw;       /* *expr, **expr; or NULL */
};

/* What a scope does with a slot when it is entered. */
enum load_action { LOAD_PARAM, LOAD_RESOLVE, LOAD_ALIAS, LOAD_UNDEF };

struct load {
	enum load_action action;
	uint32_t slot;
	uint32_t from_hops, from_slot;  /* LOAD_ALIAS */
	struct val name;
	uint32_t hash;
};

/* A name stored in this or an enclosing scope: what include and scoped blocks hand on. */
struct visible {
	struct val name;
	uint32_t hops, slot;
};

struct scope_info {
	struct load *loads;
	uint32_t nloads;
};

struct func {
	uint32_t nslots;
	struct scope_info scope;        /* of its outermost scope */
	struct nodes body;
};

struct branch {
	struct node *test;              /* NULL: else */
	struct nodes body;
};

struct macro_info {
	struct val name;                /* V_NULL for a call block */
	struct nodes params;            /* N_NAME */
	struct node **defaults;         /* of the last ndefaults parameters */
	uint32_t ndefaults;
	bool catch_caller, catch_kwargs, catch_varargs, explicit_caller;
	uint32_t caller_slot, kwargs_slot, varargs_slot;
	struct func *fn;
};

struct for_info {
	struct node *target, *iter, *test;
	struct node *test_target;       /* a copy of target in the scope of the test, which runs ahead of the body */
	struct nodes body, otherwise;
	bool recursive, extended;
	uint32_t loop_slot;
	struct scope_info scope, test_scope, else_scope;
	struct func *fn;                /* recursive only */
};

struct block_info {
	struct val name;
	struct nodes body;
	bool scoped, required;
	uint32_t self_slot, super_slot; /* UINT32_MAX: not mentioned */
	struct func *fn;
	struct visible *visible;        /* scoped */
	uint32_t nvisible;
	struct node *next;              /* the template's blocks */
};

struct import_info {                    /* include, import, from */
	struct node *template;
	bool with_context, ignore_missing;
	struct node *target;            /* import */
	struct val *names;              /* from: as the module calls them */
	struct nodes aliases;           /* from: N_NAME */
	struct visible *visible;        /* with context */
	uint32_t nvisible;
};

struct trans_info {
	struct val *names;
	struct nodes values;
	struct val singular, plural;    /* V_NULL: none */
	struct val context;             /* V_NULL: none */
	struct node *count;             /* how many, or NULL; one of values, or a name of its own */
	bool count_is_num, has_vars, format;
	struct node *function;          /* the name gettext, ngettext, pgettext or npgettext */
};

struct node {
	uint8_t kind, op, flags;        /* op: enum op; flags: below */
	uint8_t toplevel;               /* set, macro, import, output: stands in the template's outermost scope */
	uint16_t height;                /* of the tree below, against stack overflow */
	uint16_t esc;                   /* enum escape_mode */
	uint32_t line, pos;
	uint32_t slot, hops;            /* N_NAME, N_NSREF; N_MACRO: where it is stored */
	union {
		struct val val;                                         /* N_CONST, N_DATA */
		struct { struct val name; uint32_t hash; const struct undef *undef; struct val attr; } name;
		struct nodes items;                                     /* tuple, list, dict (key, value ...), concat, output */
		struct { struct node *a, *b, *c, *d; const struct undef *undef; } x; /* unary, binary, cond: test a b; slice: start stop step */
		struct { struct node *first; struct nodes rest; uint8_t *ops; } cmp;
		struct {
			struct node *of;
			struct val name;
			uint32_t hash, place;                           /* place: where a dict had it last; UINT32_MAX: it had not */
			const struct map_keys *keys;                    /* of that dict, when shared: true of all that have them, */
			uint64_t run;                                   /* for as long as this render lasts */
			const struct fn *const *methods;                /* by enum method_of; NULL: no group has one of that name */
			const struct obj_class *class;                  /* class and slot found here last */
			int class_slot;
			const struct undef *undef;                      /* what a dict without the name gives */
		} attr;
		struct { struct node *of; struct val name; const struct fn *fn; struct args *args; } call;      /* call, filter, test */
		struct { struct branch *v; uint32_t n; } branches;
		struct for_info *loop;
		struct { struct node *target, *value; struct nodes body; struct scope_info scope; } set;        /* set, setblock (value: filter), filterblock */
		struct { struct nodes targets, values, body; struct scope_info scope; } with;
		struct { struct node *value; struct nodes body; struct scope_info scope; } escape;
		struct { struct macro_info *m; struct node *call; } macro;                      /* macro, call block */
		struct block_info *block;
		struct import_info *import;
		struct trans_info *trans;
	} u;
};

enum node_flag {
	NF_CONST = 1 << 0,              /* **: its base is a constant. concat: Jinja2 folds it when it parses, which loses the mark of markup */
	NF_SOFT = 1 << 1,               /* filter, test: within if, where an unknown name only fails when it is reached */
	NF_STORE = 1 << 2,              /* N_NAME: written, not read */
	NF_PURE = 1 << 3,               /* output item, condition: needs no memory */
	NF_PARENS = 1 << 4,
	NF_CHECK = 1 << 5,              /* output, block: dropped when the template has extended another one */
	NF_PRINT = 1 << 6               /* output: the statement `print` */
};


#endif
