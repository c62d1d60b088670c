/*
 * book.h: the book as files: what identifies an object without its number, files of objects read, what they would change, and the
 * book written out so that it can be read back.
 */
#ifndef PEERAGE_BOOK_H
#define PEERAGE_BOOK_H

#include "model/store.h"

enum book_format { BOOK_AUTO, BOOK_CSV, BOOK_YAML, BOOK_JSON };
bool book_format_named(const char *name, enum book_format *out);       /* "csv", "yaml", "json", "auto" */

struct book_item {
	const struct resource *res;
	struct map *object;
	size_t line;            /* on which it begins, counted from 1 */
};

struct book_file {
	struct book_item *item;
	size_t n;
	const struct resource **kind;   /* that it names, be it with an empty list; ended by NULL */
	struct list *columns;   /* of a table: maps {name, field: what it was taken for, "" ignored, wrong: true when it is no field} */
	size_t errors;          /* columns that are wrong: nothing was read then */
};

struct book_source {
	const char *text;
	size_t len;
	enum book_format format;
	const struct resource *only;    /* what a table or a plain list holds; NULL: a document that names its resources */
	const struct map *columns;      /* of a table: heading -> field, "" to pass over it; NULL: none is another */
};

/*
 * Objects out of a table, a list, or a document {autonomous-system: [...], ...}. False with line and column on anything that is not
 * clear. A wrong heading of a table is an error too; out->columns then tells all of them.
 */
bool book_read(struct arena *, const struct book_source *, struct book_file *out, struct err *);

/* The part of an object that tells which one it is: a unique field, a set that is unique together, or all that is required. */
const struct map *book_identity(struct arena *, const struct resource *, const struct map *object);

struct book_plan {
	struct list *lines;     /* maps {action: create change delete refused, resource, id, name, line, fields: {f: [old, new]}, problems} */
	size_t created, changed, same, deleted, refused;
};

/*
 * Put the objects into the book within the transaction that the caller began: who only wants to know rolls back. With `prune`, objects
 * of the resources named in the file that it does not have are deleted. Refused objects stand in the plan; the caller commits
 * only when there are none. False when the database fails.
 */
bool book_apply(struct store *, const struct book_file *, bool prune, struct book_plan *, struct err *);

/* All of the book, those that others refer to first; ended by NULL. */
const struct resource **book_resources(struct arena *);

struct book_export {
	enum book_format format;
	bool secrets;           /* session keys in clear */
	bool document;          /* under the resource's name, as one of several */
};

/* The rows of a query, without numbers that mean nothing elsewhere: references as attributes. */
bool book_export_rows(struct store *, const struct query *, const struct book_export *, struct sbuf *out, struct problems *bad, struct err *);

/* ---- shared by its files ---- */
enum { BOOK_KEY_MAX = 12 };
/* The fields that name an object of this kind; returns how many. */
size_t book_key(const struct resource *, int out[BOOK_KEY_MAX]);
bool book_field(const struct field *);          /* written by people: in exports */

#endif
