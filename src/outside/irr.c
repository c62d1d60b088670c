/* irr.c: bgpq4 as a child process, several at a time. No shell; what comes from users stands behind "--" or is checked. */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/json.h"
#include "base/limits.h"
#include "outside/irr.h"
#include "peering/irr_question.h"

enum { SETS_MOST = 64, ERRORS_MOST = 4096, PARALLEL_MOST = 32 };

const char *const irr_kind_names[3] = { "ipv4-prefixes", "ipv6-prefixes", "as-list" };

/* ---- one process ---- */

struct run {
	const struct irr_question *q;   /* NULL: free */
	struct arena *a;
	unsigned server;                /* 0, 1: the second one */
	pid_t pid;
	int out, err;                   /* -1 once ended */
	struct sbuf text, errors;
	int64_t deadline;               /* ms */
	bool late, large;
};

static int64_t now_ms(void) {
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static const char *given(const char *s, const char *other) {
	return s == NULL || *s == '\0' ? other : s;
}

static const char *host_of(const struct conf *c, unsigned server) {
	return server == 0 ? c->bgpq_host : c->bgpq_second_host;
}

static bool argv_of(const struct conf *c, struct run *r, const char **argv, struct err *e) {
	static const char *const lists[] = { "prefix_list", "prefix_list", "as_list" };
	const char *sources = given(r->q->sources, c->bgpq_sources);
	size_t n = 0;

	argv[n++] = c->bgpq_path;
	argv[n++] = "-h";
	argv[n++] = host_of(c, r->server);
	if (*sources != '\0') {
		argv[n++] = "-S";
		argv[n++] = sources;
	}
	argv[n++] = "-j";
	argv[n++] = "-l";
	argv[n++] = lists[r->q->kind];
	if (r->q->kind == IRR_AS_LIST) {
		argv[n++] = "-f";
		argv[n++] = arena_printf(r->a, "%lld", (long long)r->q->asn);
	} else {
		const char *usual = r->q->kind == IRR_IPV6 ? c->bgpq_ipv6_args : c->bgpq_ipv4_args;

		argv[n++] = r->q->kind == IRR_IPV6 ? "-6" : "-4";
		if (!irr_args_split(r->a, given(r->q->args, usual), argv, &n, IRR_ARGS_MOST, e))
			return false;
	}
	argv[n++] = "--";
	for (size_t i = 0; r->q->sets[i] != NULL; i++) {
		if (i >= SETS_MOST)
			return err_set(e, ERR_TOO_LARGE, NULL, "more than %d AS-SETs for one question", SETS_MOST);
		if (!irr_name_ok(r->q->sets[i]))
			return err_set(e, ERR_INVALID, NULL, "\"%.100s\" is no AS-SET: a name as AS-FOO or RIPE::AS-FOO is", r->q->sets[i]);
		argv[n++] = r->q->sets[i];
	}
	argv[n] = NULL;
	return true;
}

static void child(const char *const *argv, const int *out, const int *err) {
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(out[1], STDOUT_FILENO);
	dup2(err[1], STDERR_FILENO);
	close(STDIN_FILENO);
	open("/dev/null", O_RDONLY);
	execvp(argv[0], (char *const *)(uintptr_t)argv);
	dprintf(STDERR_FILENO, "ERROR: %s cannot be started: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static bool start(const struct conf *c, struct run *r, struct err *e) {
	const char *argv[IRR_ARGS_MOST + SETS_MOST + 2];
	int out[2], err[2];

	sb_init(&r->text, r->a);
	sb_init(&r->errors, r->a);
	r->late = r->large = false;
	if (!argv_of(c, r, argv, e))
		return false;
	if (pipe2(out, O_CLOEXEC) != 0)
		return err_set(e, ERR_INTERNAL, NULL, "no pipe: %s", strerror(errno));
	if (pipe2(err, O_CLOEXEC) != 0) {
		close(out[0]);
		close(out[1]);
		return err_set(e, ERR_INTERNAL, NULL, "no pipe: %s", strerror(errno));
	}
	r->pid = fork();
	if (r->pid == 0)
		child(argv, out, err);
	close(out[1]);
	close(err[1]);
	r->out = out[0];
	r->err = err[0];
	r->deadline = now_ms() + c->bgpq_timeout * 1000;
	if (r->pid > 0)
		return true;
	close(out[0]);
	close(err[0]);
	return err_set(e, ERR_INTERNAL, NULL, "no process: %s", strerror(errno));
}

/* What is there, up to `most` bytes; closed and -1 at its end. */
static void drain(int *fd, struct sbuf *into, size_t most, bool *large) {
	char chunk[16384];
	ssize_t n = read(*fd, chunk, sizeof(chunk));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		close(*fd);
		*fd = -1;
	} else if (into->len + (size_t)n <= most) {
		sb_mem(into, chunk, (size_t)n);
	} else if (large != NULL) {
		*large = true;
	}
}

/* ---- what it answered ---- */

static int by_number(const void *a, const void *b) {
	const struct val *x = a, *y = b;

	return x->u.i < y->u.i ? -1 : x->u.i > y->u.i;
}

/* Members: those that came and the AS itself, in order, without doubles and AS_TRANS (RFC 6793). */
static bool as_list(struct run *r, const struct list *in, struct val *out, struct err *e) {
	enum { AS_TRANS = 23456 };
	struct list *l = list_new(r->a, in->n + 1);
	size_t n = 0;

	for (size_t i = 0; i < in->n; i++) {
		if (in->v[i].type != V_INT || in->v[i].u.i < 1 || in->v[i].u.i > UINT32_MAX)
			return err_set(e, ERR_UPSTREAM, NULL, "bgpq printed something that is no AS number");
		if (in->v[i].u.i != AS_TRANS)
			list_push(l, in->v[i]);
	}
	if (r->q->asn > 0)
		list_push(l, val_int(r->q->asn));
	if (l->n > 1)
		qsort(l->v, l->n, sizeof(*l->v), by_number);
	for (size_t i = 0; i < l->n; i++) {
		if (n == 0 || l->v[n - 1].u.i != l->v[i].u.i)
			l->v[n++] = l->v[i];
	}
	l->n = n;
	*out = val_list(l);
	return true;
}

static bool prefix_list(struct run *r, const struct list *in, struct val *out, struct err *e) {
	struct map *seen = map_new(r->a, in->n + 1);
	struct list *l = list_new(r->a, in->n);

	for (size_t i = 0; i < in->n; i++) {
		struct sbuf text;

		if (in->v[i].type != V_MAP || map_get(in->v[i].u.map, "prefix").type != V_STR)
			return err_set(e, ERR_UPSTREAM, NULL, "bgpq printed an entry without a prefix");
		sb_init(&text, r->a);
		json_write(&text, in->v[i]);
		if (map_find(seen, val_mem(text.s, text.len)) != NULL)
			continue;
		map_put(seen, val_mem(text.s, text.len), val_null());
		list_push(l, in->v[i]);
	}
	*out = val_list(l);
	return true;
}

/* An error that it told of counts, whatever its exit status: with an unknown name it prints an empty list and ends well. */
static bool understand(struct run *r, int status, struct val *out, struct err *e) {
	const char *wrong = strstr(r->errors.s, "ERROR");
	struct err bad;
	struct val v;

	if (r->late)
		return err_set(e, ERR_TIMEOUT, NULL, "no answer within the time that bgpq_timeout gives");
	if (r->large)
		return err_set(e, ERR_TOO_LARGE, NULL, "an answer of more than %d bytes", LIMIT_IRR_ANSWER);
	if (wrong != NULL || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		const char *line = wrong == NULL ? r->errors.s : wrong + strlen("ERROR");

		line += strspn(line, ": ");
		return err_set(e, ERR_UPSTREAM, NULL, "%.300s", *line == '\0' ? "bgpq failed without a word" :
		    arena_strndup(r->a, line, strcspn(line, "\n")));
	}
	if (!json_parse(r->a, r->text.s, r->text.len, LIMIT_JSON_DEPTH, &v, &bad))
		return err_set(e, ERR_UPSTREAM, NULL, "bgpq printed no JSON: %.300s", bad.msg);
	v = v.type == V_MAP ? map_get(v.u.map, r->q->kind == IRR_AS_LIST ? "as_list" : "prefix_list") : val_undef();
	if (v.type != V_LIST)
		return err_set(e, ERR_UPSTREAM, NULL, "bgpq printed no list");
	return r->q->kind == IRR_AS_LIST ? as_list(r, v.u.list, out, e) : prefix_list(r, v.u.list, out, e);
}

/* ---- many ---- */

struct asking {
	const struct conf *conf;
	const struct irr_question *q;
	size_t n, next;
	struct run run[PARALLEL_MOST];
	size_t width;
	irr_told *told;
	void *arg;
};

static bool tell(struct asking *s, struct run *r, struct irr_answer *answer, struct err *e) {
	const struct irr_question *q = r->q;
	bool ok;

	answer->source = arena_printf(r->a, "%s %s", host_of(s->conf, r->server), given(q->sources, s->conf->bgpq_sources));
	ok = s->told(s->arg, r->a, q, answer, e);
	r->q = NULL;
	arena_free(r->a);
	return ok;
}

/* The next question into this place; one that cannot be asked is answered at once. */
static bool put_next(struct asking *s, struct run *r, struct err *e) {
	while (s->next < s->n) {
		struct irr_answer answer = { .ok = false };

		*r = (struct run){ .q = &s->q[s->next++], .a = arena_new_root(), .out = -1, .err = -1 };
		if (start(s->conf, r, &answer.why))
			return true;
		if (!tell(s, r, &answer, e))
			return false;
	}
	return true;
}

/* It has ended: its answer, or the second server, and then the next question. */
static bool ended(struct asking *s, struct run *r, struct err *e) {
	struct irr_answer answer = { .ok = false };
	int status = 0;

	while (waitpid(r->pid, &status, 0) < 0 && errno == EINTR)
		;
	answer.ok = understand(r, status, &answer.list, &answer.why);
	if (!answer.ok && r->server == 0 && *s->conf->bgpq_second_host != '\0') {
		r->server = 1;
		if (start(s->conf, r, &answer.why))
			return true;
	}
	return tell(s, r, &answer, e) && put_next(s, r, e);
}

static bool going(const struct run *r) {
	return r->q != NULL && (r->out >= 0 || r->err >= 0);
}

/* Wait for something to be read or for a deadline; late ones are killed, which ends their pipes. */
static void wait_and_read(struct asking *s) {
	struct pollfd fds[2 * PARALLEL_MOST];
	int64_t now = now_ms(), until = now + 60000;

	for (size_t i = 0; i < s->width; i++) {
		struct run *r = &s->run[i];

		fds[2 * i] = (struct pollfd){ .fd = going(r) ? r->out : -1, .events = POLLIN };
		fds[2 * i + 1] = (struct pollfd){ .fd = going(r) ? r->err : -1, .events = POLLIN };
		if (going(r) && r->deadline < until)
			until = r->deadline;
	}
	if (poll(fds, 2 * s->width, until > now ? (int)(until - now) : 0) < 0)
		return;
	now = now_ms();
	for (size_t i = 0; i < s->width; i++) {
		struct run *r = &s->run[i];

		if (fds[2 * i].revents != 0)
			drain(&r->out, &r->text, LIMIT_IRR_ANSWER, &r->large);
		if (fds[2 * i + 1].revents != 0)
			drain(&r->err, &r->errors, ERRORS_MOST, NULL);
		if (going(r) && !r->late && (now >= r->deadline || r->large)) {
			r->late = !r->large;
			kill(r->pid, SIGKILL);
			r->deadline = INT64_MAX;
		}
	}
}

static void give_up(struct asking *s) {
	for (size_t i = 0; i < s->width; i++) {
		struct run *r = &s->run[i];

		if (r->q == NULL)
			continue;
		kill(r->pid, SIGKILL);
		waitpid(r->pid, NULL, 0);
		if (r->out >= 0)
			close(r->out);
		if (r->err >= 0)
			close(r->err);
		arena_free(r->a);
	}
}

static bool any_open(const struct asking *s) {
	for (size_t i = 0; i < s->width; i++) {
		if (s->run[i].q != NULL)
			return true;
	}
	return false;
}

bool irr_ask(const struct conf *c, const struct irr_question *q, size_t n, irr_told *told, void *arg, struct err *e) {
	struct asking s = { .conf = c, .q = q, .n = n, .told = told, .arg = arg };
	bool ok = true;

	s.width = c->bgpq_parallel < 1 ? 1 : c->bgpq_parallel > PARALLEL_MOST ? PARALLEL_MOST : (size_t)c->bgpq_parallel;
	for (size_t i = 0; i < s.width && ok; i++)
		ok = put_next(&s, &s.run[i], e);
	while (ok && any_open(&s)) {
		wait_and_read(&s);
		for (size_t i = 0; i < s.width && ok; i++) {
			if (s.run[i].q != NULL && !going(&s.run[i]))
				ok = ended(&s, &s.run[i], e);
		}
	}
	if (!ok)
		give_up(&s);
	return ok;
}
