/* xml.c: a reader of XML in one pass; the tree lies in the arena. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "base/base.h"
#include "base/xml.h"

struct reader {
	struct arena *a;
	const char *begin, *s, *end;
	struct err *e;
};

static bool bad(struct reader *r, const char *what) {
	return err_set(r->e, ERR_INVALID, NULL, "XML: %s at byte %zu", what, (size_t)(r->s - r->begin));
}

static bool is_blank(char c) {
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_blanks(struct reader *r) {
	while (r->s < r->end && is_blank(*r->s))
		r->s++;
}

static bool at(const struct reader *r, const char *word) {
	size_t n = strlen(word);

	return (size_t)(r->end - r->s) >= n && memcmp(r->s, word, n) == 0;
}

/* Past the next `word`. */
static bool skip_past(struct reader *r, const char *word) {
	const char *found = memmem(r->s, (size_t)(r->end - r->s), word, strlen(word));

	if (found == NULL)
		return bad(r, "something that begins here does not end");
	r->s = found + strlen(word);
	return true;
}

static void add_code_point(struct sbuf *b, unsigned long c) {
	if (c < 0x80) {
		sb_chr(b, (char)c);
	} else if (c < 0x800) {
		sb_chr(b, (char)(0xc0 | c >> 6));
		sb_chr(b, (char)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		sb_chr(b, (char)(0xe0 | c >> 12));
		sb_chr(b, (char)(0x80 | (c >> 6 & 0x3f)));
		sb_chr(b, (char)(0x80 | (c & 0x3f)));
	} else {
		sb_chr(b, (char)(0xf0 | c >> 18));
		sb_chr(b, (char)(0x80 | (c >> 12 & 0x3f)));
		sb_chr(b, (char)(0x80 | (c >> 6 & 0x3f)));
		sb_chr(b, (char)(0x80 | (c & 0x3f)));
	}
}

/* &amp; and the like; what is none of them stays as it stands. Returns the bytes read. */
static size_t add_entity(struct sbuf *b, const char *s, size_t n) {
	static const struct { const char *name; char c; } known[] = { { "&lt;", '<' }, { "&gt;", '>' }, { "&amp;", '&' }, { "&quot;", '"' }, { "&apos;", '\'' } };
	size_t i, len;

	for (i = 0; i < ARRAY_LEN(known); i++) {
		len = strlen(known[i].name);
		if (n >= len && memcmp(s, known[i].name, len) == 0) {
			sb_chr(b, known[i].c);
			return len;
		}
	}
	if (n > 3 && s[1] == '#') {
		const char *semicolon = memchr(s, ';', n < 12 ? n : 12);
		char *end;
		unsigned long c = s[2] == 'x' ? strtoul(s + 3, &end, 16) : strtoul(s + 2, &end, 10);

		if (semicolon != NULL && end == semicolon && c > 0 && c < 0x110000) {
			add_code_point(b, c);
			return (size_t)(semicolon - s) + 1;
		}
	}
	sb_chr(b, '&');
	return 1;
}

static void add_text(struct sbuf *b, const char *s, size_t n) {
	size_t i = 0, plain;

	while (i < n) {
		const char *amp = memchr(s + i, '&', n - i);

		plain = amp == NULL ? n - i : (size_t)(amp - (s + i));
		sb_mem(b, s + i, plain);
		i += plain;
		if (i < n)
			i += add_entity(b, s + i, n - i);
	}
}

/* A name without its prefix; NULL when there is none here. */
static const char *read_name(struct reader *r) {
	const char *from = r->s, *colon = NULL;

	while (r->s < r->end && !is_blank(*r->s) && strchr("=/><\"'", *r->s) == NULL) {
		if (*r->s == ':')
			colon = r->s;
		r->s++;
	}
	if (colon != NULL)
		from = colon + 1;
	return r->s == from ? NULL : arena_strndup(r->a, from, (size_t)(r->s - from));
}

static bool read_attr(struct reader *r, struct xml *x) {
	struct xml_attr *attr = arena_new(r->a, struct xml_attr, 1);
	const char *from;
	struct sbuf b;
	char quote;

	attr->name = read_name(r);
	skip_blanks(r);
	if (attr->name == NULL || r->s >= r->end || *r->s != '=')
		return bad(r, "an attribute without a name or a value");
	r->s++;
	skip_blanks(r);
	if (r->s >= r->end || (*r->s != '"' && *r->s != '\''))
		return bad(r, "an attribute's value without quotes");
	quote = *r->s++;
	from = r->s;
	r->s = memchr(from, quote, (size_t)(r->end - from));
	if (r->s == NULL) {
		r->s = from;
		return bad(r, "an attribute's value that does not end");
	}
	sb_init(&b, r->a);
	add_text(&b, from, (size_t)(r->s - from));
	r->s++;
	attr->value = b.s;
	attr->next = x->attrs;
	x->attrs = attr;
	return true;
}

/* After "<": name and attributes up to ">"; *empty: it was "/>". */
static bool read_tag(struct reader *r, struct xml *x, bool *empty) {
	*empty = false;
	x->name = read_name(r);
	x->text = "";
	if (x->name == NULL)
		return bad(r, "a tag without a name");
	for (;;) {
		skip_blanks(r);
		if (r->s >= r->end)
			return bad(r, "a tag that does not end");
		if (*r->s == '>') {
			r->s++;
			return true;
		}
		if (at(r, "/>")) {
			r->s += 2;
			*empty = true;
			return true;
		}
		if (!read_attr(r, x))
			return false;
	}
}

/* Text and CDATA up to the next tag, added to what there was. */
static bool read_text(struct reader *r, struct xml *x) {
	struct sbuf b;

	sb_init(&b, r->a);
	sb_str(&b, x->text);
	if (at(r, "<![CDATA[")) {
		const char *from = r->s + 9;

		if (!skip_past(r, "]]>"))
			return false;
		sb_mem(&b, from, (size_t)(r->s - 3 - from));
	} else {
		const char *from = r->s, *lt = memchr(from, '<', (size_t)(r->end - from));

		r->s = lt == NULL ? r->end : lt;
		while (from < r->s && x->text[0] == '\0' && is_blank(*from))
			from++;
		if (from == r->s)
			return true;
		add_text(&b, from, (size_t)(r->s - from));
	}
	x->text = b.s;
	return true;
}

static void trim(struct reader *r, struct xml *x) {
	size_t n = strlen(x->text);

	while (n > 0 && is_blank(x->text[n - 1]))
		n--;
	if (x->text[n] != '\0')
		x->text = arena_strndup(r->a, x->text, n);
}

static struct xml *add_child(struct reader *r, struct xml *up) {
	struct xml *x = arena_new(r->a, struct xml, 1);

	x->up = up;
	if (up == NULL)
		return x;
	if (up->last == NULL)
		up->child = x;
	else
		up->last->next = x;
	up->last = x;
	return x;
}

/* "</name>" of the innermost open element. */
static bool read_end(struct reader *r, struct xml **open) {
	const char *name;

	r->s += 2;
	name = read_name(r);
	skip_blanks(r);
	if (*open == NULL || name == NULL || strcmp(name, (*open)->name) != 0 || r->s >= r->end || *r->s != '>')
		return bad(r, "an end tag that fits no open element");
	r->s++;
	trim(r, *open);
	*open = (*open)->up;
	return true;
}

static bool read_node(struct reader *r, struct xml **open, struct xml **root, unsigned *depth) {
	struct xml *x;
	bool empty;

	if (at(r, "<?"))
		return skip_past(r, "?>");
	if (at(r, "<!--"))
		return skip_past(r, "-->");
	if (at(r, "<!DOCTYPE") || at(r, "<!ENTITY"))
		return bad(r, "a document type, which is not read,");
	if (at(r, "</")) {
		(*depth)--;
		return read_end(r, open);
	}
	if (*r->s != '<' || at(r, "<![CDATA["))
		return *open == NULL ? bad(r, "text outside of all elements") : read_text(r, *open);
	if (*open == NULL && *root != NULL)
		return bad(r, "a second root element");
	if (*depth >= XML_DEPTH_MAX)
		return bad(r, "too many elements in each other");
	r->s++;
	x = add_child(r, *open);
	if (*root == NULL)
		*root = x;
	if (!read_tag(r, x, &empty))
		return false;
	if (!empty) {
		*open = x;
		(*depth)++;
	}
	return true;
}

bool xml_parse(struct arena *a, const char *s, size_t len, struct xml **out, struct err *e) {
	struct reader r = { .a = a, .begin = s, .s = s, .end = s + len, .e = e };
	struct xml *open = NULL, *root = NULL;
	unsigned depth = 0;

	for (;;) {
		if (open == NULL)
			skip_blanks(&r);
		if (r.s >= r.end)
			break;
		if (!read_node(&r, &open, &root, &depth))
			return false;
	}
	if (root == NULL || open != NULL)
		return bad(&r, root == NULL ? "no element" : "the end, with elements still open,");
	*out = root;
	return true;
}

/* ---- looking ---- */

static struct xml *named(struct xml *x, const char *name, size_t n) {
	while (x != NULL && (strlen(x->name) != n || memcmp(x->name, name, n) != 0))
		x = x->next;
	return x;
}

struct xml *xml_child(const struct xml *x, const char *name) {
	return x == NULL ? NULL : named(x->child, name, strlen(name));
}

struct xml *xml_next(const struct xml *x) {
	return x == NULL ? NULL : named(x->next, x->name, strlen(x->name));
}

struct xml *xml_path(const struct xml *x, const char *path) {
	struct xml *found = NULL;

	while (x != NULL && *path != '\0') {
		size_t n = strcspn(path, "/");

		x = found = named(x->child, path, n);
		path += n + (path[n] == '/');
	}
	return x == NULL ? NULL : found;
}

/* The node after x in the order of the text, within root. */
static const struct xml *after(const struct xml *root, const struct xml *x) {
	if (x->child != NULL)
		return x->child;
	while (x != root && x->next == NULL)
		x = x->up;
	return x == root ? NULL : x->next;
}

static struct xml *find_from(const struct xml *root, const struct xml *x, const char *name) {
	while (x != NULL && strcmp(x->name, name) != 0)
		x = after(root, x);
	return (struct xml *)(uintptr_t)x;
}

struct xml *xml_find(const struct xml *x, const char *name) {
	return find_from(x, x, name);
}

struct xml *xml_find_next(const struct xml *root, const struct xml *at_node) {
	return find_from(root, after(root, at_node), at_node->name);
}

const char *xml_text(const struct xml *x, const char *path) {
	const struct xml *found = xml_path(x, path);

	return found == NULL ? "" : found->text;
}

int64_t xml_int(const struct xml *x, const char *path, int64_t other) {
	const char *text = xml_text(x, path);
	char *end;
	long long n;

	errno = 0;
	n = strtoll(text, &end, 10);
	return errno != 0 || end == text || *end != '\0' ? other : n;
}

const char *xml_attr(const struct xml *x, const char *name) {
	const struct xml_attr *attr = x == NULL ? NULL : x->attrs;

	while (attr != NULL && strcmp(attr->name, name) != 0)
		attr = attr->next;
	return attr == NULL ? "" : attr->value;
}

void sb_xml(struct sbuf *b, const char *s, size_t n) {
	size_t i;

	for (i = 0; i < n; i++) {
		if (s[i] == '&')
			sb_str(b, "&amp;");
		else if (s[i] == '<')
			sb_str(b, "&lt;");
		else if (s[i] == '>')
			sb_str(b, "&gt;");
		else
			sb_chr(b, s[i]);
	}
}
