/* diff.h: the difference of two texts, line by line. */
#ifndef PEERAGE_BASE_DIFF_H
#define PEERAGE_BASE_DIFF_H

#include "base/base.h"

enum diff_op { DIFF_SAME, DIFF_GONE, DIFF_NEW };

struct diff_line {
	enum diff_op op;
	const char *s;                  /* in the text it is from, without its newline */
	size_t len;
	size_t before, after;           /* its number there, from 1; 0: it is not there */
};

struct diff {
	struct diff_line *line;         /* all lines of both texts in order */
	size_t n;
	size_t gone, added;             /* how many of each */
};

/* A shortest difference (Myers, 1986); of texts that have next to nothing in common, a correct one that is not the shortest. The texts must outlive it. */
void diff_lines(struct arena *, const char *before, size_t before_len, const char *after, size_t after_len, struct diff *out);

/* As `diff -u` prints it, with `context` lines around each change and without the two header lines; nothing when the texts are the same. */
void diff_unified(struct sbuf *out, const struct diff *, size_t context);

#endif
