/*
 * xml.h: XML as routers answer it (XML 1.0), read into a tree. Not a general processor: no DTD and so no entities but the five of the
 * specification and numbers, prefixes of names are dropped (routers of one make use different ones), comments and instructions are skipped.
 */
#ifndef PEERAGE_XML_H
#define PEERAGE_XML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct err;
struct sbuf;

struct xml_attr {
	const char *name, *value;       /* name without its prefix */
	struct xml_attr *next;
};

struct xml {
	const char *name;               /* without its prefix */
	const char *text;               /* all text directly within, blanks at both ends taken away; "" none */
	struct xml_attr *attrs;
	struct xml *child, *next, *up;
	struct xml *last;               /* child, for who builds */
};

enum { XML_DEPTH_MAX = 100 };

/* The root element. ERR_INVALID: what is wrong and at which byte. */
bool xml_parse(struct arena *, const char *s, size_t len, struct xml **out, struct err *);

/* All may be given NULL and then find nothing. */
struct xml *xml_child(const struct xml *, const char *name);            /* the first; NULL none */
struct xml *xml_next(const struct xml *);                               /* the next sibling of the same name */
struct xml *xml_path(const struct xml *, const char *path);             /* "a/b/c": the first of each */
struct xml *xml_find(const struct xml *, const char *name);             /* this or anywhere within, in order; NULL none */
struct xml *xml_find_next(const struct xml *root, const struct xml *at);        /* of the same name as `at`, in the order of the text */
const char *xml_text(const struct xml *, const char *path);             /* "" none */
int64_t xml_int(const struct xml *, const char *path, int64_t other);
const char *xml_attr(const struct xml *, const char *name);             /* "" none */

/* Text for between tags. */
void sb_xml(struct sbuf *, const char *, size_t);

#endif
