/* parse.h: what parse.c, parse_expr.c and parse_trans.c share. Functions return NULL (or false) with p->e filled. */
#ifndef PEERAGE_TEMPLATE_PARSE_H
#define PEERAGE_TEMPLATE_PARSE_H

#include "template/engine.h"

enum { END_TOKENS_MAX = 3 };

struct ends {                           /* tags that end a body, for messages when none comes */
	struct ends *outer;
	const char *const *words;       /* ended by NULL */
};

struct tag {
	struct tag *outer;
	struct val name;
};

struct parser {
	struct arena *a;
	struct tmpl *t;
	struct lexer *lex;
	struct token cur, ahead;
	bool has_ahead, failed;
	struct ends *ends;
	struct tag *tags;
	unsigned depth;
	struct err *e;
	uint32_t e_line, e_pos;
};

/* Growing list of nodes, copied tight when done. */
struct nodelist {
	struct node **v;
	uint32_t n, cap;
};
void nl_push(struct parser *, struct nodelist *, struct node *);
struct nodes nl_done(struct parser *, struct nodelist *);

struct node *node_new(struct parser *, enum node_kind, const struct token *at);
struct node *node_above(struct parser *, struct node *n, const struct node *child);     /* raise its height; NULL: too high */

void *parse_fail(struct parser *, const struct token *at, const char *fmt, ...) PRINTF(3, 4);   /* NULL */
void *parse_fail_assertion(struct parser *, const struct token *at, const char *fmt, ...) PRINTF(3, 4);
bool advance(struct parser *);                          /* cur becomes the next token */
bool look(struct parser *, struct token *);             /* the one after cur */
bool is_name(const struct token *, const char *word);
bool skip_if(struct parser *, enum token_type, bool *skipped);
bool skip_name(struct parser *, const char *word, bool *skipped);
bool expect(struct parser *, enum token_type, struct token *got);       /* got may be NULL */

/* parse_expr.c */
enum { WITH_COND = 1, SIMPLIFIED = 2, PARENTHESES = 4, WITH_NAMESPACE = 8 };
struct node *parse_expression(struct parser *);
struct node *parse_tuple(struct parser *, unsigned flags);
struct node *parse_filter(struct parser *, struct node *of, bool inline_start);
struct node *parse_target(struct parser *, unsigned flags);
struct node *parse_name_target(struct parser *);

/* parse.c */

/* parse_trans.c */
struct node *parse_trans(struct parser *);

#endif
