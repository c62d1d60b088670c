/*
 * noroot.c: preloaded into OpenBGPD by the tests, which run as an ordinary user: what only root may do (change user, chroot) is passed over, so that
 * the daemon runs as it is otherwise.
 */
#define _GNU_SOURCE
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

uid_t geteuid(void) {
	return 0;
}

uid_t getuid(void) {
	return 0;
}

int setgroups(size_t n, const gid_t *list) {
	(void)n;
	(void)list;
	return 0;
}

int setresuid(uid_t a, uid_t b, uid_t c) {
	(void)a;
	(void)b;
	(void)c;
	return 0;
}

int setresgid(gid_t a, gid_t b, gid_t c) {
	(void)a;
	(void)b;
	(void)c;
	return 0;
}

int chroot(const char *path) {
	(void)path;
	return 0;
}

int chown(const char *path, uid_t u, gid_t g) {
	(void)path;
	(void)u;
	(void)g;
	return 0;
}
