/* fcgi.c: libfcgi's loop with what it lacks: a clean stop, and bodies read to their end. */
#include "config.h"

#include <errno.h>
#include <fcgiapp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "web/fcgi.h"

enum { BACKLOG = 1024, DRAIN_MAX = 256 * 1024 * 1024 };

struct fcgi {
	FCGX_Request request;
	sigset_t calm, held;    /* masks while waiting and while working */
};

static void stop(int sig) {
	(void)sig;
	FCGX_ShutdownPending();
	alarm(2);               /* should the signal have come just before accept(2) */
}

/* Without SA_RESTART, so that accept(2) comes back. */
static void catch(int sig) {
	struct sigaction sa = { .sa_handler = stop };

	sigemptyset(&sa.sa_mask);
	sigaction(sig, &sa, NULL);
}

static int listen_fd(const char *path, struct err *e) {
	const char *given = getenv("LISTEN_FDS");
	struct stat st;
	int fd = 0;

	if (path != NULL) {
		fd = FCGX_OpenSocket(path, BACKLOG);
		if (fd < 0)
			err_set(e, ERR_UNAVAILABLE, NULL, "cannot listen on %s: %s", path, strerror(errno));
		return fd;
	}
	if (given != NULL && strcmp(given, "1") == 0)
		fd = 3;
	if (fstat(fd, &st) != 0 || !S_ISSOCK(st.st_mode)) {
		err_set(e, ERR_UNAVAILABLE, NULL, "descriptor %d is no socket: start this with spawn-fcgi, by a systemd socket, or with -l PATH", fd);
		return -1;
	}
	return fd;
}

struct fcgi *fcgi_open(struct arena *a, const char *path, struct err *e) {
	struct fcgi *f = arena_new(a, struct fcgi, 1);
	int fd = listen_fd(path, e);

	if (fd < 0)
		return NULL;
	if (FCGX_Init() != 0 || FCGX_InitRequest(&f->request, fd, FCGI_FAIL_ACCEPT_ON_INTR) != 0) {
		err_set(e, ERR_UNAVAILABLE, NULL, "libfcgi does not start");
		return NULL;
	}
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&f->held);
	sigaddset(&f->held, SIGTERM);
	sigaddset(&f->held, SIGINT);
	sigprocmask(SIG_BLOCK, &f->held, &f->calm);
	sigdelset(&f->calm, SIGTERM);
	sigdelset(&f->calm, SIGINT);
	catch(SIGTERM);
	catch(SIGINT);
	return f;
}

bool fcgi_accept(struct fcgi *f) {
	int rc;

	sigprocmask(SIG_SETMASK, &f->calm, NULL);
	rc = FCGX_Accept_r(&f->request);
	sigprocmask(SIG_BLOCK, &f->held, NULL);
	return rc == 0;
}

const char *const *fcgi_env(const struct fcgi *f) {
	return (const char *const *)f->request.envp;
}

bool fcgi_read(struct fcgi *f, struct sbuf *out, size_t limit) {
	char piece[16 * 1024];
	size_t total = 0;
	int n;

	while (total < DRAIN_MAX && (n = FCGX_GetStr(piece, (int)sizeof(piece), f->request.in)) > 0) {
		total += (size_t)n;
		if (total <= limit)
			sb_mem(out, piece, (size_t)n);
	}
	return total <= limit;
}

bool fcgi_write(struct fcgi *f, const char *data, size_t n) {
	while (n > 0) {
		int piece = n > (1 << 20) ? 1 << 20 : (int)n;

		if (FCGX_PutStr(data, piece, f->request.out) < piece)
			return false;
		data += piece;
		n -= (size_t)piece;
	}
	return true;
}

void fcgi_finish(struct fcgi *f) {
	FCGX_Finish_r(&f->request);
}
