/* folder.h: folders of this host that others may write to. No link is followed below the folder that the operator named. */
#ifndef PEERAGE_FOLDER_H
#define PEERAGE_FOLDER_H

#include <stdint.h>

#include "base/base.h"

struct folder;

/*
 * Open `path`, an absolute path or file:// URL, when it is one of `roots` (absolute, separated by colons) or lies below one. ERR_DENIED: it does not,
 * or a link stands on the way; ERR_INVALID: no folder. Closed with the arena.
 */
bool folder_open(struct arena *, const char *path, const char *roots, struct folder **out, struct err *);

enum folder_kind { FOLDER_FILE, FOLDER_LINK, FOLDER_OTHER };
struct folder_entry {
	const char *path;               /* below the folder */
	enum folder_kind kind;
	size_t size;
	int at;                         /* of the folder it stands in, for folder_read() */
	const char *name;
};
/* Everything below it but folders, and nothing in or called .something. False from the function ends the walk. ERR_TOO_LARGE: too deep. */
typedef bool folder_entry_fn(void *arg, const struct folder_entry *, struct err *);
bool folder_walk(struct folder *, folder_entry_fn *, void *arg, struct err *);
/* At most `max` bytes; ERR_TOO_LARGE when there are more. */
bool folder_read(struct arena *, const struct folder_entry *, size_t max, const char **data, size_t *len, struct err *);

/* Write a file below it, the folders on the way as well; who reads sees the old or the new one. *changed: false when it was so already. */
bool folder_write(struct folder *, const char *path, const char *text, size_t len, bool *changed, struct err *);

/* A folder for this process alone, gone with all in it when the arena is reset. */
bool folder_temporary(struct arena *, const char **path, struct err *);

#endif
