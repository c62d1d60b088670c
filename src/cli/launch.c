/*
 * launch.c: the program `peerage`. Rendering a plain template needs none of the libraries for databases, mail and routers, whose
 * loading takes longer and more memory than most templates do; so that is done here, and all else by `peerage-command` beside it.
 */
#include "config.h"

#include <errno.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdio.h>
#include <unistd.h>

#include "cli/commands.h"
#include "template/template.h"

/* Is it a template that needs nothing but the engine? */
static bool plain(int argc, char **argv) {
	int i;

	if (argc < 2 || strcmp(argv[1], "template") != 0)
		return false;
	for (i = 2; i < argc; i++) {
		if (strcmp(argv[i], "--batch") == 0 || strcmp(argv[i], "--peering-manager") == 0)
			return false;
	}
	return true;
}

/* The profile's filters know the database: plain() sends what asks for it to the other program. */
void template_profile(struct tmpl_options *o) {
	o->sandboxed = true;
}

int main(int argc, char **argv) {
	static const char other[] = "peerage-command";
	char path[4096];
	ssize_t n;
	char *slash;

	if (plain(argc, argv)) {
		/* large blocks stay apart whatever was freed before: they grow in place and go back to the system whole */
#ifdef __GLIBC__
		mallopt(M_MMAP_THRESHOLD, 256 * 1024);
#endif
		struct cli cli = { .a = arena_new_root(), .argc = argc - 1, .argv = argv + 1 };

		return cmd_template(&cli);
	}
	n = readlink("/proc/self/exe", path, sizeof(path) - sizeof(other));
	path[n < 0 ? 0 : n] = '\0';
	slash = strrchr(path, '/');
	memcpy(slash == NULL ? path : slash + 1, other, sizeof(other));
	if (slash == NULL)
		execvp(path, argv);
	else
		execv(path, argv);
	fprintf(stderr, "peerage: %s cannot be started: %s\n", path, strerror(errno));
	return 7;
}
