/*
 * diff.c: Myers' algorithm (An O(ND) Difference Algorithm and Its Variations, 1986) over interned lines. What is the same at both ends is
 * cut off first; the trace of each step is kept, so the number of steps is bounded and what is beyond it counts as all different.
 */
#include "config.h"

#include "base/diff.h"

enum { STEPS_MAX = 2000 };      /* differing lines; the traces of so many take 32 MB at most, of a usual change some kilobytes */

struct text {
	const char **s;
	size_t *len, n;
	uint32_t *id;                   /* equal lines have equal ids */
};

struct intern {
	struct { const char *s; size_t len; uint32_t id; } *slot;
	size_t nslots;
	uint32_t n;
};

static uint32_t hash(const char *s, size_t n) {
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)s[i]) * 16777619u;
	return h;
}

static uint32_t intern(struct intern *in, const char *s, size_t n) {
	size_t at = hash(s, n) & (in->nslots - 1);

	for (; in->slot[at].s != NULL; at = (at + 1) & (in->nslots - 1)) {
		if (in->slot[at].len == n && memcmp(in->slot[at].s, s, n) == 0)
			return in->slot[at].id;
	}
	in->slot[at].s = s;
	in->slot[at].len = n;
	in->slot[at].id = in->n++;
	return in->slot[at].id;
}

static size_t count_lines(const char *s, size_t len) {
	size_t n = len > 0 && s[len - 1] != '\n';

	for (size_t i = 0; i < len; i++)
		n += s[i] == '\n';
	return n;
}

static void split(struct arena *a, const char *s, size_t len, size_t n, struct text *out) {
	const char *end = s + len;

	*out = (struct text){ arena_new(a, const char *, n), arena_new(a, size_t, n), n, arena_new(a, uint32_t, n) };
	for (size_t i = 0; i < n; i++) {
		const char *nl = memchr(s, '\n', (size_t)(end - s));

		out->s[i] = s;
		out->len[i] = (size_t)((nl == NULL ? end : nl) - s);
		s = nl == NULL ? end : nl + 1;
	}
}

static void intern_all(struct arena *a, struct text *x, struct text *y) {
	struct intern in = { .nslots = 16 };

	while (in.nslots < 2 * (x->n + y->n))
		in.nslots *= 2;
	in.slot = arena_array(a, in.nslots, sizeof(*in.slot));
	for (size_t i = 0; i < x->n; i++)
		x->id[i] = intern(&in, x->s[i], x->len[i]);
	for (size_t i = 0; i < y->n; i++)
		y->id[i] = intern(&in, y->s[i], y->len[i]);
}

/* Which lines stay: keep_x and keep_y mark them. From `lo` on, n and m lines. */
struct walk {
	const uint32_t *x, *y;
	bool *keep_x, *keep_y;
	long n, m;
};

/* The furthest x on diagonal k after one more step. */
static long step(const struct walk *w, const long *v, long k, long d) {
	long x = k == -d || (k != d && v[k - 1] < v[k + 1]) ? v[k + 1] : v[k - 1] + 1;

	while (x < w->n && x - k < w->m && w->x[x] == w->y[x - k])
		x++;
	return x;
}

static void back(struct walk *w, long **trace, long d) {
	long x = w->n, y = w->m;

	for (; d >= 0; d--) {
		const long *v = trace[d] + d + 1;       /* as it was before step d */
		long k = x - y, before = k == -d || (k != d && v[k - 1] < v[k + 1]) ? k + 1 : k - 1;
		long px = d == 0 ? 0 : v[before], py = d == 0 ? 0 : px - before;

		while (x > px && y > py) {
			x--;
			y--;
			w->keep_x[x] = w->keep_y[y] = true;
		}
		x = px;
		y = py;
	}
}

static void walk(struct arena *a, struct walk *w) {
	long max = w->n + w->m < STEPS_MAX ? w->n + w->m : STEPS_MAX;
	long **trace = arena_new(a, long *, (size_t)max + 1);
	long *v = arena_new(a, long, 2 * (size_t)max + 3), *mid = v + max + 1;

	for (long d = 0; d <= max; d++) {
		trace[d] = arena_new(a, long, 2 * (size_t)d + 3);
		memcpy(trace[d], mid - d - 1, (2 * (size_t)d + 3) * sizeof(long));
		for (long k = -d; k <= d; k += 2) {
			mid[k] = step(w, mid, k, d);
			if (mid[k] >= w->n && mid[k] - k >= w->m) {
				back(w, trace, d);
				return;
			}
		}
	}
}

static void put(struct diff *d, enum diff_op op, const struct text *t, size_t i, size_t j) {
	size_t at = op == DIFF_NEW ? j : i;

	d->line[d->n++] = (struct diff_line){ op, t->s[at], t->len[at], op == DIFF_NEW ? 0 : i + 1, op == DIFF_GONE ? 0 : j + 1 };
	d->gone += op == DIFF_GONE;
	d->added += op == DIFF_NEW;
}

void diff_lines(struct arena *a, const char *before, size_t before_len, const char *after, size_t after_len, struct diff *out) {
	size_t n = count_lines(before, before_len), m = count_lines(after, after_len), lo = 0, i = 0, j = 0, end = 0;
	struct text x, y;
	struct walk w;

	split(a, before, before_len, n, &x);
	split(a, after, after_len, m, &y);
	intern_all(a, &x, &y);
	while (lo < n && lo < m && x.id[lo] == y.id[lo])
		lo++;
	while (end < n - lo && end < m - lo && x.id[n - 1 - end] == y.id[m - 1 - end])
		end++;
	w = (struct walk){ x.id + lo, y.id + lo, arena_new(a, bool, n + 1), arena_new(a, bool, m + 1), (long)(n - lo - end), (long)(m - lo - end) };
	walk(a, &w);
	*out = (struct diff){ .line = arena_new(a, struct diff_line, n + m) };
	while (i < n || j < m) {
		bool inside = i >= lo && i < n - end, inside_y = j >= lo && j < m - end;

		if (inside && !w.keep_x[i - lo])
			put(out, DIFF_GONE, &x, i++, j);
		else if (inside_y && !w.keep_y[j - lo])
			put(out, DIFF_NEW, &y, i, j++);
		else
			put(out, DIFF_SAME, &x, i++, j++);
	}
}

/* One past the hunk that begins with the change at `at`: up to where more than twice `context` lines are the same. */
static size_t hunk_end(const struct diff *d, size_t at, size_t context) {
	size_t last = at, i;

	for (i = at; i < d->n && i - last <= 2 * context; i++) {
		if (d->line[i].op != DIFF_SAME)
			last = i;
	}
	return last + 1;
}

static void hunk(struct sbuf *out, const struct diff *d, size_t from, size_t to) {
	size_t a = 0, b = 0, na = 0, nb = 0;

	for (size_t i = 0; i < from; i++) {
		a += d->line[i].op != DIFF_NEW;
		b += d->line[i].op != DIFF_GONE;
	}
	for (size_t i = from; i < to; i++) {
		na += d->line[i].op != DIFF_NEW;
		nb += d->line[i].op != DIFF_GONE;
	}
	sb_fmt(out, "@@ -%zu,%zu +%zu,%zu @@\n", na > 0 ? a + 1 : a, na, nb > 0 ? b + 1 : b, nb);
	for (size_t i = from; i < to; i++) {
		sb_chr(out, " -+"[d->line[i].op]);
		sb_mem(out, d->line[i].s, d->line[i].len);
		sb_chr(out, '\n');
	}
}

void diff_unified(struct sbuf *out, const struct diff *d, size_t context) {
	size_t i = 0, shown = 0;

	while (i < d->n) {
		size_t end, from, to;

		if (d->line[i].op == DIFF_SAME) {
			i++;
			continue;
		}
		end = hunk_end(d, i, context);
		from = i > shown + context ? i - context : shown;
		to = end + context < d->n ? end + context : d->n;
		hunk(out, d, from, to);
		shown = i = to;
	}
}
