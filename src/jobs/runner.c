/* runner.c: the loop of the runner. It never waits for a child, for Redis, or for a queue: it sleeps until one of them has something. */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "jobs/deliver.h"
#include "jobs/runner.h"
#include "model/job.h"

static int64_t clock_ms(void) {
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static size_t used(const struct runner *r) {
	size_t n = 0, i;

	for (i = 0; i < r->nslots; i++)
		n += slot_used(&r->slot[i]);
	return n;
}

/* ---- signals ---- */

static void read_signals(struct runner *r) {
	struct signalfd_siginfo info;
	size_t i;

	while (read(r->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			continue;
		r->stopping++;
		log_msg(LOG_LEVEL_INFO, r->stopping == 1 ? "stopping: %zu jobs are brought to their end" : "stopping at once: %zu jobs are ended", used(r));
		for (i = 0; i < r->nslots && r->stopping > 1; i++) {
			if (slot_used(&r->slot[i]))
				slot_end(r, &r->slot[i], WHY_STOP);
		}
	}
}

/* ---- Redis ---- */

static void listen_to_redis(struct runner *r) {
	const char *message = NULL;

	if (redis_fd(r->redis) < 0) {
		if (r->now < r->next_redis)
			return;
		if (!redis_subscribe(r->redis, JOB_CHANNEL)) {
			r->next_redis = r->now + r->opt.poll_ms;
			return;
		}
		log_msg(LOG_LEVEL_DEBUG, "listening to Redis");
		r->look = true;         /* what was said while we did not listen */
	}
	while (redis_heard(r->redis, r->scratch, &message) && message != NULL) {
		r->look = true;
		if (strcmp(message, "stop") == 0)
			r->beat = true; /* the renewal tells which one */
	}
}

/* ---- children ---- */

static void mind_children(struct runner *r) {
	size_t i;

	for (i = 0; i < r->nslots; i++) {
		struct slot *s = &r->slot[i];

		if (!slot_used(s))
			continue;
		slot_reap(s);           /* before reading: all that it said is then in the pipe */
		slot_read(r, s);
		if (s->over)
			continue;
		if (r->now >= r->held_until)
			slot_end(r, s, WHY_LOST_HOLD);
		else if (r->now >= s->deadline)
			slot_end(r, s, WHY_DEADLINE);
		if (s->kill_at != 0 && r->now >= s->kill_at)
			slot_end(r, s, s->why);
	}
}

static bool claim(struct runner *r) {
	size_t room = r->nslots - used(r), taken, i;

	if (r->stopping > 0 || room == 0)
		return true;
	if (used(r) == 0)
		r->held_until = r->now + r->opt.lease_ms * 3 / 4;
	if (!book_claim(r, room, &taken))
		return false;
	r->look = taken > 0;            /* then there may be more, also behind those that waited for a lock just taken */
	r->next_poll = r->now + r->opt.poll_ms;
	for (i = 0; i < r->nslots; i++) {
		struct slot *s = &r->slot[i];

		if (slot_used(s) && s->pid == 0 && !s->over && !slot_start(r, s))
			s->over = true;
	}
	return true;
}

/* ---- the process that delivers events ---- */

static void mind_deliverer(struct runner *r) {
	int status;

	if (r->deliverer > 0 && waitpid(r->deliverer, &status, WNOHANG) == r->deliverer) {
		log_msg(LOG_LEVEL_WARNING, "the process that delivers events has ended (%d); it is started again", status);
		r->deliverer = 0;
		r->deliverer_due = r->now + DELIVERER_PAUSE_MS;
	}
	if (r->opt.events && r->stopping == 0 && r->deliverer == 0 && r->now >= r->deliverer_due) {
		pid_t pid, runner = getpid();

		pid = fork();
		if (pid == 0) {
			setpgid(0, 0);
			deliver_main(&r->conf, runner);
		}
		if (pid > 0)
			r->deliverer = pid;
		else
			r->deliverer_due = r->now + DELIVERER_PAUSE_MS;
	}
}

static void end_deliverer(struct runner *r) {
	if (r->deliverer > 0) {
		kill(r->deliverer, SIGTERM);
		waitpid(r->deliverer, NULL, 0);
	}
	r->deliverer = 0;
}

/* ---- the loop ---- */

/*
 * Told to stop, it leaves when all that it had is written down; or, while the database is away, when nothing of it runs any more and it has waited for a
 * while: what could not be written counts as lost, and another runner finds out what became of it.
 */
static bool goes_on(struct runner *r) {
	size_t i;

	if (r->stopping == 0)
		return true;
	if (used(r) == 0)
		return false;
	for (i = 0; i < r->nslots; i++) {
		if (slot_used(&r->slot[i]) && !r->slot[i].over)
			return true;
	}
	if (!r->away) {
		r->leave_at = 0;
		return true;
	}
	if (r->leave_at == 0)
		r->leave_at = r->now + STOP_AWAY_MS;
	if (r->now < r->leave_at && r->stopping == 1)
		return true;
	log_msg(LOG_LEVEL_WARNING, "the database is away: the ends of %zu jobs are not recorded; they count as lost", used(r));
	return false;
}

/* What is due with the database; ends at the first failure, to go on in a moment. */
static void do_book(struct runner *r) {
	if (r->now < r->away_until)
		return;
	if (!book_write(r))
		return;
	if ((r->now >= r->next_beat || r->beat) && used(r) > 0) {
		if (!book_beat(r))
			return;
		r->beat = false;
		r->next_beat = r->now + r->opt.lease_ms / 6;
	}
	if (r->now >= r->next_sweep && r->stopping == 0) {
		if (!book_sweep(r) || !book_schedule(r))
			return;
		r->next_sweep = r->now + r->opt.poll_ms;
	}
	if (r->look || r->now >= r->next_poll)
		claim(r);
}

static int64_t sooner(int64_t a, int64_t b) {
	return a < b ? a : b;
}

/* Milliseconds until something is due that no descriptor will tell. */
static int64_t patience(const struct runner *r) {
	int64_t t = r->now + r->opt.poll_ms;
	size_t i;

	if (r->look && r->stopping == 0 && used(r) < r->nslots)
		t = sooner(t, r->now < r->away_until ? r->away_until : r->now);
	if (r->stopping == 0)
		t = sooner(t, r->next_sweep);
	if (r->deliverer == 0 && r->opt.events && r->stopping == 0)
		t = sooner(t, r->deliverer_due);
	if (used(r) > 0)
		t = sooner(t, sooner(r->next_beat, r->held_until));
	for (i = 0; i < r->nslots; i++) {
		const struct slot *s = &r->slot[i];

		if (!slot_used(s))
			continue;
		if (s->over)
			t = sooner(t, r->now);
		if (s->dirty_since != 0)
			t = sooner(t, s->dirty_since + QUIET_MS);
		t = sooner(t, s->kill_at != 0 ? s->kill_at : s->deadline);
	}
	if (r->now < r->away_until)
		t = t < r->away_until ? r->away_until : t;
	return t < r->now ? 0 : t - r->now;
}

static void wait_for_something(struct runner *r) {
	struct pollfd *p = arena_new(r->scratch, struct pollfd, r->nslots + 2);
	size_t n = 0, i;

	p[n++] = (struct pollfd){ .fd = r->signals, .events = POLLIN };
	p[n++] = (struct pollfd){ .fd = redis_fd(r->redis), .events = POLLIN };
	for (i = 0; i < r->nslots; i++) {
		if (slot_used(&r->slot[i]) && !r->slot[i].over)
			p[n++] = (struct pollfd){ .fd = r->slot[i].fd, .events = POLLIN };
	}
	poll(p, n, (int)patience(r));
	r->now = clock_ms();
}

int runner_run(struct runner *r) {
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	r->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	r->now = clock_ms();
	r->look = true;
	log_msg(LOG_LEVEL_INFO, "%s takes jobs, %zu at a time", r->owner, r->nslots);
	while (goes_on(r)) {
		arena_reset(r->scratch);
		listen_to_redis(r);
		mind_children(r);
		mind_deliverer(r);
		do_book(r);
		wait_for_something(r);
		read_signals(r);
	}
	end_deliverer(r);
	log_msg(LOG_LEVEL_INFO, "stopped; %llu jobs done", (unsigned long long)r->done);
	return 0;
}
