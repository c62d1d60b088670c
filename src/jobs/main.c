/* main.c: the program peerage-runner. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "jobs/runner.h"

static const char help[] =
	"usage: peerage-runner [-c FILE] [-n CHILDREN] [-q QUEUE,...] [--poll SECONDS] [--lease SECONDS] [--events yes|no]\n\n"
	"Takes jobs from the database and runs each in a process of its own; makes the jobs of the schedule.\n"
	"  -c FILE          settings\n"
	"  -n CHILDREN      jobs at the same time, 1 to 256 (4)\n"
	"  -q QUEUE,...     queues to take from, in this order (high,default,low)\n"
	"  --poll SECONDS   how often it looks for work without being told by Redis (5)\n"
	"  --lease SECONDS  a job whose runner gave no sign of life for so long is taken for lost (60); the same on all hosts\n"
	"  --events yes|no  tell the receivers of webhooks what happened (yes)\n\n"
	"SIGTERM: take no more, bring what runs to its end, leave. A second one ends what runs.\n";

static bool seconds(const char *text, int64_t *ms) {
	char *end;
	double v = strtod(text, &end);

	if (end == text || *end != '\0' || !(v >= 0.1) || v > 86400)
		return false;
	*ms = (int64_t)(v * 1000);
	return true;
}

static bool queues(struct arena *a, const char *text, struct list **out) {
	static const char *const known[] = { "high", "default", "low" };
	struct list *l = list_new(a, 3);
	size_t len, i;

	for (;; text++) {
		len = strcspn(text, ",");
		for (i = 0; i < ARRAY_LEN(known); i++) {
			if (strlen(known[i]) == len && strncmp(known[i], text, len) == 0)
				list_push(l, val_str(known[i]));
		}
		if (l->n == 0 || l->v[l->n - 1].len != len || strncmp(l->v[l->n - 1].u.s, text, len) != 0)
			return false;
		text += len;
		if (*text == '\0')
			break;
	}
	*out = l;
	return true;
}

static bool option(struct arena *a, struct runner_options *o, const char *name, const char *value) {
	char *end;

	if (strcmp(name, "-c") == 0) {
		o->conf_path = value;
		return true;
	}
	if (strcmp(name, "-n") == 0) {
		o->children = strtoll(value, &end, 10);
		return *end == '\0' && o->children >= 1 && o->children <= CHILDREN_MAX;
	}
	if (strcmp(name, "-q") == 0)
		return queues(a, value, &o->queues);
	if (strcmp(name, "--events") == 0) {
		o->events = strcmp(value, "yes") == 0;
		return o->events || strcmp(value, "no") == 0;
	}
	if (strcmp(name, "--poll") == 0)
		return seconds(value, &o->poll_ms);
	return strcmp(name, "--lease") == 0 && seconds(value, &o->lease_ms);
}

int main(int argc, char **argv) {
	struct arena *a = arena_new_root();
	struct runner r = { .a = a, .scratch = arena_new_root(), .opt = { .children = 4, .poll_ms = 5000, .lease_ms = 60000, .events = true } };
	char host[256] = "localhost";
	struct err e;
	int i;

	log_init("peerage-runner", LOG_LEVEL_INFO);
	queues(a, "high,default,low", &r.opt.queues);
	for (i = 1; i < argc; i += 2) {
		if (strcmp(argv[i], "--help") == 0)
			return fputs(help, stdout) < 0;
		if (i + 1 == argc || !option(a, &r.opt, argv[i], argv[i + 1])) {
			fprintf(stderr, "peerage-runner: \"%s%s%s\" is not understood\n%s", argv[i], i + 1 < argc ? " " : "",
			    i + 1 < argc ? argv[i + 1] : "", help);
			return 2;
		}
	}
	if (!conf_load(a, r.opt.conf_path, &r.conf, &e) || !db_open(a, r.conf.database, "peerage-runner", &r.db, &e))
		fatal("%s", e.msg);
	log_settings(r.conf.log_level, r.conf.log_format);
	gethostname(host, sizeof(host) - 1);
	r.owner = arena_printf(a, "%s:%ld:%lld", host, (long)getpid(), (long long)time(NULL));
	r.redis = redis_new(a, r.conf.redis);
	r.nslots = (size_t)r.opt.children;
	r.slot = arena_new(a, struct slot, r.nslots);
	for (i = 0; i < (int)r.nslots; i++)
		r.slot[i].fd = -1;
	i = runner_run(&r);
	arena_free(a);
	return i;
}
