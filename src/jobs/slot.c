/* slot.c: one child as the runner sees it: starting it, hearing it, ending it. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/log.h"
#include "jobs/child.h"
#include "jobs/runner.h"

enum {
	READ_CHUNK = 64 * 1024,
	READ_TURN = 4 * 1024 * 1024,            /* one child's share of a turn */
	REPORT_DEPTH = 64,
	REPORT_MAX = 6 * LIMIT_JOB_OUTPUT       /* every byte of an output may need an escape of six */
};

bool slot_start(struct runner *r, struct slot *s) {
	int ends[2];
	pid_t pid, runner = getpid();

	if (pipe2(ends, O_CLOEXEC) != 0) {
		s->error = arena_printf(s->job.a, "no pipe for it: %s", strerror(errno));
		return false;
	}
	pid = fork();
	if (pid == 0) {
		setpgid(0, 0);
		s->job.out = ends[1];
		child_main(&s->job, s->type, runner);
	}
	close(ends[1]);
	if (pid < 0) {
		s->error = arena_printf(s->job.a, "no process for it: %s", strerror(errno));
		close(ends[0]);
		return false;
	}
	setpgid(pid, pid);              /* here too: a signal to the group must not come before the child's own call */
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	s->pid = pid;
	s->fd = ends[0];
	s->deadline = r->now + (int64_t)(s->job.seconds * 1000);
	return true;
}

/* ---- lines ---- */

static void dirty(struct runner *r, struct slot *s) {
	if (s->dirty_since == 0)
		s->dirty_since = r->now;
}

static struct val keep(struct arena *a, struct val v) {
	return v.type == V_STR ? val_copy(a, v.u.s, v.len) : val_null();
}

static void add_line(struct runner *r, struct slot *s, const struct val *v) {
	struct list *l;
	size_t i;

	if (s->line_n >= LIMIT_JOB_LINES)
		return;
	if (s->lines == NULL)
		s->lines = list_new(s->line_arena, 16);
	l = list_new(s->line_arena, 7);
	list_push(l, val_int(++s->line_n));
	list_push(l, v[0].type == V_FLOAT ? v[0] : val_float(0));
	for (i = 1; i < 6; i++)
		list_push(l, keep(s->line_arena, v[i]));
	list_push(s->lines, val_list(l));
	dirty(r, s);
}

void slot_line(struct runner *r, struct slot *s, enum job_level level, const char *fmt, ...) {
	struct timespec now;
	va_list ap;

	clock_gettime(CLOCK_REALTIME, &now);
	va_start(ap, fmt);
	add_line(r, s, (struct val[]){ val_float((double)now.tv_sec + (double)now.tv_nsec / 1e9), val_str(job_levels[level]), val_null(), val_null(),
	    val_str("main"), val_str(arena_vprintf(s->line_arena, fmt, ap)) });
	va_end(ap);
}

/* ---- reports ---- */

static void take(struct runner *r, struct slot *s, const struct list *l) {
	const char *kind = l->n == 0 ? "" : val_cstr(l->v[0], "");

	if (strcmp(kind, "log") == 0 && l->n == 7) {
		add_line(r, s, &l->v[1]);
	} else if (strcmp(kind, "progress") == 0 && l->n == 4) {
		s->progress[0] = l->v[1];
		s->progress[1] = l->v[2];
		s->progress[2] = keep(s->line_arena, l->v[3]);
		s->progressed = true;
		dirty(r, s);
	} else if (strcmp(kind, "result") == 0 && l->n == 2) {
		struct sbuf b;

		sb_init(&b, s->job.a);
		json_write(&b, l->v[1]);
		s->result = val_mem(b.s, b.len);
	} else if (strcmp(kind, "again") == 0 && l->n == 2 && l->v[1].type == V_INT) {
		s->again = l->v[1].u.i;
	} else if (strcmp(kind, "output") == 0 && l->n == 2) {
		s->output = keep(s->job.a, l->v[1]);
	} else if (strcmp(kind, "end") == 0 && l->n == 3) {
		s->status = arena_strdup(s->job.a, val_cstr(l->v[1], "errored"));
		s->error = l->v[2].type == V_STR ? arena_strdup(s->job.a, l->v[2].u.s) : NULL;
	}
}

/* The whole lines in s->in. */
static void take_reports(struct runner *r, struct slot *s) {
	char *at = s->in.s, *end = s->in.s + s->in.len, *nl;
	struct err e;
	struct val v;

	while ((nl = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		struct arena_mark m = arena_mark(r->scratch);

		if (json_parse(r->scratch, at, (size_t)(nl - at), REPORT_DEPTH, &v, &e) && v.type == V_LIST)
			take(r, s, v.u.list);
		else
			log_msg(LOG_LEVEL_WARNING, "job %lld said what is not understood: %s", (long long)s->job.id, e.msg);
		arena_rewind(r->scratch, m);
		at = nl + 1;
	}
	s->in.len = (size_t)(end - at);
	memmove(s->in.s, at, s->in.len);
	s->in.s[s->in.len] = '\0';
}

void slot_read(struct runner *r, struct slot *s) {
	size_t total;
	ssize_t n;

	for (total = 0; s->fd >= 0 && (total < READ_TURN || s->over); total += (size_t)n) {
		sb_reserve(&s->in, READ_CHUNK);
		n = read(s->fd, s->in.s + s->in.len, READ_CHUNK);
		if (n > 0) {
			s->in.len += (size_t)n;
			s->in.s[s->in.len] = '\0';
			if (memchr(s->in.s + s->in.len - (size_t)n, '\n', (size_t)n) != NULL)
				take_reports(r, s);
			if (s->in.len <= REPORT_MAX)
				continue;
		}
		if (n < 0 && errno == EINTR) {
			n = 0;
			continue;
		}
		if (n < 0 && errno == EAGAIN)
			return;
		close(s->fd);           /* its end, or more than a job may say */
		s->fd = -1;
	}
}

/* ---- ending ---- */

void slot_end(struct runner *r, struct slot *s, enum why why) {
	bool asks = s->type != NULL && (s->type->flags & JOB_ASKS) != 0;

	if (s->over || s->pid == 0)
		return;
	if (s->why == WHY_NONE)
		s->why = why;
	if (why == WHY_LOST_HOLD || (s->kill_at != 0 && r->now >= s->kill_at)) {
		kill(-s->pid, SIGKILL);
		kill(s->pid, SIGKILL);
		s->kill_at = r->now + GRACE_MS;
	} else if (s->kill_at == 0) {
		kill(-s->pid, SIGTERM);
		s->kill_at = r->now + (asks ? GRACE_ASKS_MS : GRACE_MS);
	}
}

void slot_reap(struct slot *s) {
	if (s->over || s->pid == 0 || waitpid(s->pid, &s->wait_status, WNOHANG) != s->pid)
		return;
	s->over = true;
	kill(-s->pid, SIGKILL);
}

void slot_free(struct slot *s) {
	if (s->fd >= 0)
		close(s->fd);
	arena_free(s->line_arena);
	arena_free(s->job.a);
	*s = (struct slot){ .fd = -1 };
}
