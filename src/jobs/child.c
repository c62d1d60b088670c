/* child.c: doing a job in a process of its own, and telling the runner about it. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/secret.h"
#include "jobs/child.h"
#include "peering/peering.h"

const char *const job_levels[] = { "default", "success", "info", "warning", "failure" };

static volatile sig_atomic_t cancelled;

static void on_term(int sig) {
	(void)sig;
	cancelled = 1;
}

/* ---- reports ---- */

/* A list as one line. A runner that is gone takes us along (PR_SET_PDEATHSIG), so a failed write has nobody to hear of it. */
static void report(struct job *j, struct val *items, size_t n) {
	struct arena_mark m = arena_mark(j->a);
	struct list l = { .a = j->a, .v = items, .n = n, .cap = n };
	struct sbuf b;
	size_t at;
	ssize_t done;

	sb_init(&b, j->a);
	json_write(&b, val_list(&l));
	sb_chr(&b, '\n');
	for (at = 0; at < b.len; at += (size_t)done) {
		done = write(j->out, b.s + at, b.len - at);
		if (done < 0 && errno != EINTR)
			break;
		if (done < 0)
			done = 0;
	}
	arena_rewind(j->a, m);
}

/* Text as the database takes it: at most `max` bytes, cut between characters, without NUL. */
static struct val clean(struct job *j, const char *s, size_t len, size_t max) {
	char *copy;
	size_t i;

	if (len > max) {
		for (len = max; len > 0 && ((unsigned char)s[len] & 0xc0) == 0x80; len--)
			;
	}
	copy = arena_strndup(j->a, s, len);
	for (i = 0; i < len; i++) {
		if (copy[i] == '\0')
			copy[i] = ' ';
	}
	return val_mem(copy, len);
}

static struct val clean_or_null(struct job *j, const char *s, size_t max) {
	return s == NULL ? val_null() : clean(j, s, strlen(s), max);
}

void job_log_line(struct job *j, const struct job_line *line) {
	struct arena_mark m = arena_mark(j->a);
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	report(j, (struct val[]){ val_str("log"), val_float((double)now.tv_sec + (double)now.tv_nsec / 1e9), val_str(job_levels[line->level]),
	    clean_or_null(j, line->object, 200), clean_or_null(j, line->url, 200),
	    line->group == NULL ? val_str("main") : clean(j, line->group, strlen(line->group), 100),
	    clean(j, line->message, strlen(line->message), LIMIT_JOB_MESSAGE) }, 7);
	arena_rewind(j->a, m);
}

void job_log(struct job *j, enum job_level level, const char *fmt, ...) {
	struct arena_mark m = arena_mark(j->a);
	va_list ap;

	va_start(ap, fmt);
	job_log_line(j, &(struct job_line){ .level = level, .message = arena_vprintf(j->a, fmt, ap) });
	va_end(ap);
	arena_rewind(j->a, m);
}

void job_progress(struct job *j, int64_t done, int64_t total, const char *label) {
	struct arena_mark m = arena_mark(j->a);

	report(j, (struct val[]){ val_str("progress"), val_int(done), total <= 0 ? val_null() : val_int(total),
	    clean(j, label == NULL ? "" : label, label == NULL ? 0 : strlen(label), 200) }, 4);
	arena_rewind(j->a, m);
}

void job_again(struct job *j, int64_t seconds) {
	report(j, (struct val[]){ val_str("again"), val_int(seconds) }, 2);
}

void job_result(struct job *j, struct val v) {
	report(j, (struct val[]){ val_str("result"), v }, 2);
}

bool job_output(struct job *j, const char *text, size_t len, struct err *e) {
	struct arena_mark m = arena_mark(j->a);

	if (len > LIMIT_JOB_OUTPUT)
		return err_set(e, ERR_TOO_LARGE, NULL, "the text has %zu bytes; a job keeps at most %d", len, LIMIT_JOB_OUTPUT);
	report(j, (struct val[]){ val_str("output"), clean(j, text, len, len) }, 2);
	arena_rewind(j->a, m);
	return true;
}

static void report_end(struct job *j, const char *status, const char *error) {
	report(j, (struct val[]){ val_str("end"), val_str(status), clean_or_null(j, error, LIMIT_JOB_MESSAGE) }, 3);
}

/* ---- what a job asks ---- */

bool job_db(struct job *j, struct db **out, struct err *e) {
	if (j->db_arena == NULL)
		j->db_arena = arena_new_root();
	/* a job has its own deadline: a long statement is none of the database's business */
	if (j->db == NULL && (!db_open(j->db_arena, j->conf->database, "peerage-job", &j->db, e) ||
	    !db_query(j->db, j->a, "SELECT set_config('statement_timeout', '0', false)", NULL, 0, NULL, e)))
		return false;
	*out = j->db;
	return true;
}

bool job_store(struct job *j, enum job_as as, struct store **out, struct err *e) {
	struct actor *actor = arena_new(j->a, struct actor, 1);
	struct store *s = arena_new(j->a, struct store, 1);
	struct db *db;

	if (!job_db(j, &db, e))
		return false;
	if (as == JOB_AS_SYSTEM || j->user_id == 0)
		*actor = (struct actor){ .user_name = "system", .authenticated = true, .superuser = true, .staff = true };
	else if (!actor_load(j->a, db, j->user_id, actor, e))
		return false;
	*s = (struct store){ .a = j->a, .db = db, .conf = j->conf, .actor = actor, .base_url = "", .behaviours = peering_behaviours,
	    .request_id = j->request_id == NULL ? random_uuid(j->a) : j->request_id };
	*out = s;
	return true;
}

bool job_cancelled(const struct job *j) {
	(void)j;
	return cancelled != 0;
}

int64_t job_int(const struct job *j, const char *name, int64_t other) {
	struct val v = map_get(j->parameters, name);

	return v.type == V_INT ? v.u.i : other;
}

const char *job_text(const struct job *j, const char *name, const char *other) {
	return val_cstr(map_get(j->parameters, name), other);
}

/* ---- the process ---- */

static void settle_in(const struct job *j, const struct job_type *t) {
	struct sigaction act = { .sa_handler = SIG_DFL };
	sigset_t none;
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (null >= 0)
		dup2(null, STDIN_FILENO);
	/* the runner's connections are not ours to use, nor to close properly */
	if (j->out > 3)
		close_range(3, (unsigned)j->out - 1, 0);
	close_range((unsigned)j->out + 1, ~0u, 0);
	if (t != NULL && (t->flags & JOB_ASKS) != 0)
		act.sa_handler = on_term;
	sigaction(SIGTERM, &act, NULL);
	act.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &act, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	log_request(j->request_id);
}

/* The work or what it was given is broken; else it was the world that did not let it be done. */
static bool errored(enum err_code code) {
	return code == ERR_INTERNAL || code == ERR_TEMPLATE || code == ERR_TOO_LARGE || code == ERR_TIMEOUT;
}

void child_main(struct job *j, const struct job_type *t, pid_t runner) {
	struct err e = { .code = ERR_INTERNAL, .msg = "it failed without saying why" };
	job_fn *fn;

	settle_in(j, t);
	if (getppid() != runner)
		_exit(1);               /* the runner died before we could ask to die with it */
	if (t == NULL) {
		report_end(j, "errored", arena_printf(j->a, "there is no kind of job \"%s\"; `peerage jobs kinds` lists them", j->name));
		_exit(0);
	}
	fn = j->attempt > 1 && t->recover != NULL ? t->recover : t->run;
	if (fn(j, &e))
		report_end(j, "completed", NULL);
	else
		report_end(j, errored(e.code) ? "errored" : "failed", e.msg);
	if (j->db_arena != NULL)
		arena_free(j->db_arena);
	_exit(0);
}
