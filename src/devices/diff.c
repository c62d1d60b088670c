/*
 * diff.c: the difference of two texts by lines, for platforms that have none of their own: E. Myers, "An O(ND) Difference Algorithm and
 * Its Variations" (1986), the variant in linear space, printed in unified form.
 */
#include "config.h"

#include "devices/driver.h"

enum { CONTEXT = 3, EFFORT = 4000 };    /* beyond that many edits a part is shown as removed and added whole */

struct line {
	const char *s;
	size_t n;
	uint32_t hash;
};

struct side {
	struct line *v;
	size_t n;
	bool *changed;
};

struct work {
	struct side a, b;
	int64_t *down, *up;             /* furthest x on each diagonal, from both ends; offset by `off` */
	int64_t off;
};

static void split(struct arena *arena, const char *s, size_t len, struct side *out) {
	size_t i, start = 0, lines = 1;

	for (i = 0; i < len; i++)
		lines += s[i] == '\n';
	out->v = arena_new(arena, struct line, lines);
	out->changed = arena_new(arena, bool, lines + 1);
	out->n = 0;
	for (i = 0; i <= len; i++) {
		struct line *l;
		size_t k;

		if (i < len && s[i] != '\n')
			continue;
		if (i == len && start == len)
			break;
		l = &out->v[out->n++];
		*l = (struct line){ .s = s + start, .n = i - start, .hash = 2166136261u };
		for (k = 0; k < l->n; k++)
			l->hash = (l->hash ^ (uint8_t)l->s[k]) * 16777619u;
		start = i + 1;
	}
}

static bool same(const struct work *w, int64_t x, int64_t y) {
	const struct line *a = &w->a.v[x], *b = &w->b.v[y];

	return a->hash == b->hash && a->n == b->n && memcmp(a->s, b->s, a->n) == 0;
}

struct part { int64_t x0, x1, y0, y1; };

/* A point in the middle of a shortest edit of the part; false when it costs too much to find. */
static bool middle(struct work *w, const struct part *p, int64_t *mx, int64_t *my) {
	int64_t n = p->x1 - p->x0, m = p->y1 - p->y0, delta = n - m, d, k, x;
	int64_t *down = w->down + w->off, *up = w->up + w->off;

	down[1] = 0;
	up[1] = 0;
	for (d = 0; d <= (n + m + 1) / 2 && d < EFFORT; d++) {
		for (k = -d; k <= d; k += 2) {
			x = k == -d || (k != d && down[k - 1] < down[k + 1]) ? down[k + 1] : down[k - 1] + 1;
			while (x < n && x - k < m && x - k >= 0 && same(w, p->x0 + x, p->y0 + x - k))
				x++;
			down[k] = x;
			if ((delta & 1) != 0 && delta - k >= -(d - 1) && delta - k <= d - 1 && x + up[delta - k] >= n) {
				*mx = p->x0 + x;
				*my = p->y0 + x - k;
				return true;
			}
		}
		for (k = -d; k <= d; k += 2) {
			x = k == -d || (k != d && up[k - 1] < up[k + 1]) ? up[k + 1] : up[k - 1] + 1;
			while (x < n && x - k < m && x - k >= 0 && same(w, p->x1 - x - 1, p->y1 - (x - k) - 1))
				x++;
			up[k] = x;
			if ((delta & 1) == 0 && delta - k >= -d && delta - k <= d && x + down[delta - k] >= n) {
				*mx = p->x1 - x;
				*my = p->y1 - (x - k);
				return true;
			}
		}
	}
	return false;
}

/* NOLINT: recursion is as deep as the logarithm of the edits, and ends because a middle splits its part. */
static void compare(struct work *w, struct part p) {
	int64_t mx, my;

	while (p.x0 < p.x1 && p.y0 < p.y1 && same(w, p.x0, p.y0))
		p.x0++, p.y0++;
	while (p.x0 < p.x1 && p.y0 < p.y1 && same(w, p.x1 - 1, p.y1 - 1))
		p.x1--, p.y1--;
	if (p.x0 == p.x1 || p.y0 == p.y1 || !middle(w, &p, &mx, &my) || mx < p.x0 || mx > p.x1 || my < p.y0 || my > p.y1 ||
	    (mx == p.x0 && my == p.y0) || (mx == p.x1 && my == p.y1)) {
		memset(w->a.changed + p.x0, true, (size_t)(p.x1 - p.x0));
		memset(w->b.changed + p.y0, true, (size_t)(p.y1 - p.y0));
		return;
	}
	compare(w, (struct part){ p.x0, mx, p.y0, my });
	compare(w, (struct part){ mx, p.x1, my, p.y1 });
}

static void put(struct sbuf *out, char sign, const struct line *l) {
	sb_chr(out, sign);
	sb_mem(out, l->s, l->n);
	sb_chr(out, '\n');
}

/* How many lines from here on are the same on both sides, counted up to `most`. */
static size_t equal_run(const struct work *w, size_t x, size_t y, size_t most) {
	size_t n = 0;

	while (n < most && x + n < w->a.n && y + n < w->b.n && !w->a.changed[x + n] && !w->b.changed[y + n])
		n++;
	return n;
}

/* One hunk that begins at the changed place (i, j), with its context; both move behind it. */
static void hunk(const struct work *w, struct sbuf *out, size_t *i, size_t *j) {
	size_t before = *i < CONTEXT ? *i : CONTEXT, x = *i, y = *j, run, k, head;
	struct sbuf body;

	while (before > *j)
		before--;
	sb_init(&body, out->a);
	for (k = before; k > 0; k--)
		put(&body, ' ', &w->a.v[*i - k]);
	for (;;) {
		while (x < w->a.n && w->a.changed[x])
			put(&body, '-', &w->a.v[x++]);
		while (y < w->b.n && w->b.changed[y])
			put(&body, '+', &w->b.v[y++]);
		run = equal_run(w, x, y, 2 * CONTEXT + 1);
		if (run > 2 * CONTEXT || (x + run == w->a.n && y + run == w->b.n))
			break;
		for (k = 0; k < run; k++, x++, y++)
			put(&body, ' ', &w->a.v[x]);
	}
	for (k = 0; k < CONTEXT && k < run; k++)
		put(&body, ' ', &w->a.v[x++]), y++;
	head = *i - before;
	sb_fmt(out, "@@ -%zu,%zu +%zu,%zu @@\n", x == head ? head : head + 1, x - head, y == *j - before ? *j - before : *j - before + 1, y - (*j - before));
	sb_mem(out, body.s, body.len);
	*i = x;
	*j = y;
}

void text_diff(struct sbuf *out, const char *before, size_t before_len, const char *after, size_t after_len) {
	struct work w;
	size_t i = 0, j = 0, size;

	split(out->a, before, before_len, &w.a);
	split(out->a, after, after_len, &w.b);
	size = 2 * (w.a.n + w.b.n) + 8;
	w.down = arena_new(out->a, int64_t, size);
	w.up = arena_new(out->a, int64_t, size);
	w.off = (int64_t)(size / 2);
	compare(&w, (struct part){ 0, (int64_t)w.a.n, 0, (int64_t)w.b.n });
	while (i < w.a.n || j < w.b.n) {
		if ((i < w.a.n && w.a.changed[i]) || (j < w.b.n && w.b.changed[j]))
			hunk(&w, out, &i, &j);
		else
			i++, j++;
	}
}
