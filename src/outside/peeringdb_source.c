/* peeringdb_source.c: see the header. */
#include "config.h"

#include <errno.h>
#include <sys/stat.h>

#include "outside/peeringdb_source.h"

bool source_init(struct source *s, struct arena *a, const struct conf *conf, const char *from, struct err *e) {
	struct stat st;

	*s = (struct source){ .conf = conf, .name = from };
	(void)a;
	if (from == NULL)
		return err_set(e, ERR_INVALID, "from", "name a folder with PeeringDB's files");
	if (stat(from, &st) != 0)
		return err_set(e, ERR_INVALID, "from", "%s: %s", from, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return err_set(e, ERR_INVALID, "from", "%s is not a folder", from);
	s->dir = from;
	return true;
}

static void close_file(void *f) {
	fclose(f);
}

bool source_file(struct source *s, struct arena *a, const char *tag, FILE **out, struct err *e) {
	const char *path = arena_printf(a, "%s/%s.json", s->dir, tag);

	*out = fopen(path, "re");
	if (*out == NULL && errno != ENOENT)
		return err_set(e, ERR_INVALID, "from", "%s: %s", path, strerror(errno));
	if (*out != NULL)
		arena_defer(a, close_file, *out);
	return true;
}
