/* filters_urlize.c: addresses in a text made into links. What counts as one follows Jinja2's patterns. */
#include "config.h"

#include <ctype.h>

#include "template/filters.h"

struct linker {
	struct interp *in;
	struct sbuf out;
	int64_t limit;                  /* of the text shown; -1: none */
	struct val no_limit;            /* what was given as such but is no int: wrong only once a text is held against it */
	bool failed;
	struct val attributes;          /* rel and target */
	struct list *schemes;
};

static bool starts(struct val v, const char *with) {
	size_t n = strlen(with);

	return v.len >= n && memcmp(v.u.s, with, n) == 0;
}

static struct val part(struct val v, size_t from, size_t to) {
	return val_mem(v.u.s + from, to - from);
}

/* Bytes of the \w character at i, or 0. */
static size_t word_at(struct val v, size_t i) {
	size_t len;

	return i < v.len && uc_word(utf8_at(v, i, &len)) ? len : 0;
}

static size_t host_char(struct val v, size_t i) {
	size_t n = word_at(v, i);

	return n > 0 ? n : i < v.len && (v.u.s[i] == '%' || v.u.s[i] == '-') ? 1 : 0;
}

/* Port, path, end. */
static bool rest(struct val v, size_t i) {
	size_t digits = 0;

	if (i < v.len && v.u.s[i] == ':') {
		while (i + 1 + digits < v.len && isdigit((unsigned char)v.u.s[i + 1 + digits]))
			digits++;
		if (digits == 0 || digits > 5)
			return false;
		i += 1 + digits;
	}
	return i == v.len || v.u.s[i] == '/' || v.u.s[i] == '?' || v.u.s[i] == '#';
}

static bool top_level(struct val v, size_t i) {
	size_t n = 0, len, count;

	while (i + n < v.len && isalpha((unsigned char)v.u.s[i + n]))
		n++;
	if (n >= 2 && n <= 63 && rest(v, i + n))
		return true;
	if (v.len - i < 4 || strncasecmp(v.u.s + i, "xn--", 4) != 0)
		return false;
	for (i += 4, count = 0; (len = i < v.len && v.u.s[i] == '%' ? 1 : word_at(v, i)) > 0; i += len)
		count++;
	return count >= 2 && count <= 59 && rest(v, i);
}

/* scheme or www, labels, a top level */
static bool with_scheme(struct val v, size_t i) {
	size_t len, start;

	if (top_level(v, i))
		return true;
	while (i < v.len) {
		for (start = i; (len = host_char(v, i)) > 0; i += len)
			continue;
		if (i == start || i >= v.len || v.u.s[i] != '.')
			return false;
		if (top_level(v, ++i))
			return true;
	}
	return false;
}

static bool known_top(struct val v, size_t i) {
	static const char *const tops[] = { "com", "net", "int", "edu", "gov", "org", "info", "mil" };
	size_t k;

	for (k = 0; k < ARRAY_LEN(tops); k++) {
		size_t n = strlen(tops[k]);

		if (v.len - i >= n && strncasecmp(v.u.s + i, tops[k], n) == 0 && rest(v, i + n))
			return true;
	}
	return false;
}

static bool bare_domain(struct val v) {
	size_t i = 0, len, count;

	while (i < v.len) {
		for (count = 0; (len = host_char(v, i)) > 0; i += len)
			count++;
		if (count < 2 || count > 63 || i >= v.len || v.u.s[i] != '.')
			return false;
		if (known_top(v, ++i))
			return true;
	}
	return false;
}

static bool ipv4(struct val v, size_t i) {
	int k;

	for (k = 0; k < 4; k++) {
		size_t n = 0;

		while (n < 3 && i + n < v.len && isdigit((unsigned char)v.u.s[i + n]))
			n++;
		if (n == 0)
			return false;
		i += n;
		if (k < 3 && (i >= v.len || v.u.s[i++] != '.'))
			return false;
	}
	return rest(v, i);
}

static bool ipv6(struct val v, size_t i) {
	size_t groups = 0, colons = 0, n;

	if (i >= v.len || v.u.s[i++] != '[')
		return false;
	for (; i < v.len && v.u.s[i] != ']'; groups++) {
		for (n = 0; i < v.len && isxdigit((unsigned char)v.u.s[i]); i++)
			n++;
		if (n > 4 || (n == 0 && (i >= v.len || v.u.s[i] != ':')))
			return false;
		if (i < v.len && v.u.s[i] == ':') {
			colons++;
			i++;
		}
	}
	return i < v.len && colons >= 2 && groups >= 3 && groups <= 8 && rest(v, i + 1);
}

static bool is_http(struct val v) {
	size_t scheme = 0;

	if (v.len >= 7 && strncasecmp(v.u.s, "http://", 7) == 0)
		scheme = 7;
	else if (v.len >= 8 && strncasecmp(v.u.s, "https://", 8) == 0)
		scheme = 8;
	if (scheme > 0 && (with_scheme(v, scheme) || ipv4(v, scheme) || ipv6(v, scheme)))
		return true;
	if (v.len >= 4 && strncasecmp(v.u.s, "www.", 4) == 0 && with_scheme(v, 4))
		return true;
	return bare_domain(v);
}

/* something@host.top, the last @ that works */
static bool is_email(struct val v) {
	size_t at, i, len, dot;

	for (at = v.len; at-- > 1;) {
		if (v.u.s[at] != '@' || word_at(v, at + 1) == 0)
			continue;
		dot = 0;
		for (i = at + 1; i < v.len; i += len) {
			len = word_at(v, i);
			if (len == 0 && v.u.s[i] != '.' && v.u.s[i] != '-')
				break;
			len = len == 0 ? 1 : len;
			dot = v.u.s[i] == '.' ? i : v.u.s[i] == '-' ? 0 : dot;
		}
		if (i == v.len && dot > at + 1 && dot + 1 < v.len)
			return true;
	}
	return false;
}

static size_t count(struct val v, const char *what) {
	size_t n = 0, k = strlen(what);
	const char *p = v.u.s, *end = v.u.s + v.len;

	while ((p = memmem(p, (size_t)(end - p), what, k)) != NULL) {
		n++;
		p += k;
	}
	return n;
}

/* Punctuation around the address: how much of the word's head and tail it takes. */
static void trim(struct val word, size_t *head, size_t *tail) {
	static const char *const pairs[][2] = { { "(", ")" }, { "<", ">" }, { "&lt;", "&gt;" } };
	size_t from = 0, to = word.len, i, n;

	while (from < to) {
		if (word.u.s[from] == '(' || word.u.s[from] == '<')
			from++;
		else if (to - from >= 4 && memcmp(word.u.s + from, "&lt;", 4) == 0)
			from += 4;
		else
			break;
	}
	while (to > from) {
		if (strchr(")>.,\n", word.u.s[to - 1]) != NULL)
			to--;
		else if (to - from >= 4 && memcmp(word.u.s + to - 4, "&gt;", 4) == 0)
			to -= 4;
		else
			break;
	}
	for (i = 0; i < ARRAY_LEN(pairs); i++) {
		size_t open = count(part(word, from, to), pairs[i][0]);
		struct val end = part(word, to, word.len);

		if (open <= count(part(word, from, to), pairs[i][1]))
			continue;
		for (n = count(end, pairs[i][1]); open > 0 && n > 0; open--, n--) {
			const char *p = memmem(word.u.s + to, word.len - to, pairs[i][1], strlen(pairs[i][1]));

			to = (size_t)(p - word.u.s) + strlen(pairs[i][1]);
		}
	}
	*head = from;
	*tail = to;
}

static void link_to(struct linker *l, const char *before, struct val href, struct val shown, bool attributes) {
	size_t i = 0, len;
	int64_t left = l->limit;

	sb_fmt(&l->out, "<a href=\"%s", before);
	sb_mem(&l->out, href.u.s, href.len);
	sb_chr(&l->out, '"');
	if (attributes)
		sb_mem(&l->out, l->attributes.u.s, l->attributes.len);
	sb_chr(&l->out, '>');
	for (; attributes && left > 0 && i < shown.len; left--, i += len)
		(void)utf8_at(shown, i, &len);
	if (attributes && l->no_limit.type != V_NULL)
		l->failed = l->failed || l->no_limit.type != V_FLOAT || (double)utf8_count(shown.u.s, shown.len) > l->no_limit.u.f;
	if (attributes && l->limit >= 0 && i < shown.len) {
		sb_mem(&l->out, shown.u.s, i);
		sb_str(&l->out, "...");
	} else {
		sb_mem(&l->out, shown.u.s, shown.len);
	}
	sb_str(&l->out, "</a>");
}

static void extra(struct linker *l, struct val middle) {
	size_t i;

	for (i = 0; l->schemes != NULL && i < l->schemes->n; i++) {
		struct val s = l->schemes->v[i];

		if (middle.len > s.len && memcmp(middle.u.s, s.u.s, s.len) == 0) {
			link_to(l, "", middle, middle, true);
			return;
		}
	}
	sb_mem(&l->out, middle.u.s, middle.len);
}

static void word(struct linker *l, struct val w) {
	size_t head, tail;
	struct val middle;

	trim(w, &head, &tail);
	middle = val_mem(w.u.s + head, tail - head);
	sb_mem(&l->out, w.u.s, head);
	if (is_http(middle))
		link_to(l, starts(middle, "https://") || starts(middle, "http://") ? "" : "https://", middle, middle, true);
	else if (starts(middle, "mailto:") && is_email(part(middle, 7, middle.len)))
		link_to(l, "", middle, part(middle, 7, middle.len), false);
	else if (memchr(middle.u.s, '@', middle.len) != NULL && !starts(middle, "www.") && !starts(middle, "@") &&
	         memchr(middle.u.s, ':', middle.len) == NULL && is_email(middle))
		link_to(l, "mailto:", middle, middle, false);
	else
		extra(l, middle);
	sb_mem(&l->out, w.u.s + tail, w.len - tail);
}

static bool add_part(struct list *parts, struct val v) {
	size_t i;

	for (i = 0; i < parts->n; i++) {
		if (val_equal(parts->v[i], v))
			return false;
	}
	list_push(parts, v);
	return true;
}

/* ` rel="..." target="..."`, the parts of rel sorted. */
static bool attributes(struct call *c, struct linker *l, bool nofollow) {
	struct list *parts = list_new(c->a, 4);
	struct val rel = c->args[4], target = c->args[3], e;
	struct sbuf b, joined;
	size_t i = 0, n;
	bool any;

	if (!truth(l->in, rel, &any))
		return false;
	if (any && rel.type != V_STR)
		return fail(l->in, "AttributeError", "'%s' object has no attribute 'split'", type_name(rel));
	while (rel.type == V_STR && i < rel.len) {
		n = strcspn(rel.u.s + i, " \t\n\r");
		if (n > 0)
			add_part(parts, val_copy(c->a, rel.u.s + i, n));
		i += n + 1;
	}
	if (nofollow)
		add_part(parts, val_str("nofollow"));
	add_part(parts, val_str("noopener"));
	if (!sort_values(l->in, parts->v, arena_new(c->a, struct val, parts->n), parts->n, 0))
		return false;
	sb_init(&joined, c->a);
	for (i = 0; i < parts->n; i++)
		sb_fmt(&joined, "%s%s", i > 0 ? " " : "", parts->v[i].u.s);
	sb_init(&b, c->a);
	sb_str(&b, " rel=\"");
	sb_html(&b, joined.s, joined.len);
	sb_chr(&b, '"');
	if (!truth(l->in, target, &any))
		return false;
	if (any) {
		if (!escape_val(l->in, target, &e))
			return false;
		sb_str(&b, " target=\"");
		sb_mem(&b, e.u.s, e.len);
		sb_chr(&b, '"');
	}
	l->attributes = val_mem(b.s, b.len);
	return true;
}

/* A scheme as `tel:`, `ftp://`: letters, digits, + - . and a colon with up to two slashes. */
static bool valid_scheme(struct val v) {
	size_t n;

	if (v.type != V_STR || v.len == 0)
		return false;
	for (n = 0; n < v.len && (isalnum((unsigned char)v.u.s[n]) || strchr("_.+-", v.u.s[n]) != NULL); n++)
		continue;
	return n >= 2 && n <= 30 && v.u.s[n] == ':' && strspn(v.u.s + n + 1, "/") <= 2 && n + 1 + strspn(v.u.s + n + 1, "/") == v.len;
}

bool f_urlize(struct call *c, struct val *out) {
	struct interp *in = interp_of(c);
	struct linker l = { .in = in, .limit = -1, .no_limit = is_int(c->args[1]) ? val_null() : c->args[1] };
	struct val text;
	size_t i = 0, start, len;
	bool nofollow;

	if ((is_int(c->args[1]) && !index_of(in, c->args[1], &l.limit)) || !truth(in, c->args[2], &nofollow) ||
	    !attributes(c, &l, nofollow) || !escape_val(in, c->args[0], &text))
		return false;
	if (c->args[5].type != V_NULL && !iter_list(in, c->args[5], &l.schemes))
		return false;
	for (i = 0; l.schemes != NULL && i < l.schemes->n; i++) {
		if (l.schemes->v[i].type != V_STR)
			return fail_type(in, "expected string or bytes-like object, got '%s'", type_name(l.schemes->v[i]));
		if (!valid_scheme(l.schemes->v[i]))
			return fail(in, "FilterArgumentError", "%s is not a valid URI scheme prefix.",
				l.schemes->v[i].type == V_STR ? quoted(c->a, l.schemes->v[i]) : type_name(l.schemes->v[i]));
	}
	sb_init(&l.out, c->a);
	for (i = 0; i < text.len;) {
		for (start = i; i < text.len && uc_space(utf8_at(text, i, &len)); i += len)
			continue;
		sb_mem(&l.out, text.u.s + start, i - start);
		for (start = i; i < text.len && !uc_space(utf8_at(text, i, &len)); i += len)
			continue;
		if (i > start && step(in))
			word(&l, val_mem(text.u.s + start, i - start));
	}
	if (l.failed && l.no_limit.type == V_UNDEF)
		return undef_fail(in, l.no_limit);
	if (l.failed)
		return fail_type(in, "a text cannot be limited to a %s", type_name(l.no_limit));
	*out = val_mem(l.out.s, l.out.len);
	out->flags = in->ctx->escape ? VF_SAFE : 0;
	return true;
}
