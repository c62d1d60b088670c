/* peeringdb_way.c: see the header. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "outside/peeringdb_source.h"
#include "outside/peeringdb_way.h"

enum {
	LEAST = 50,             /* ms: shorter work is in nobody's way */
	TIMES = 6,              /* a pause is so many times as long as the work before it, */
	MOST = 180 * 1000       /* ms: of all pauses of a run */
};

/* Where the database is another host, its handlers are likely to be here. */
bool way_crowded(void) {
	char line[128] = "";
	const char *slash;
	long running = 0;
	FILE *f = fopen("/proc/loadavg", "re");

	if (f == NULL)
		return false;
	if (fgets(line, sizeof(line), f) != NULL && (slash = strchr(line, '/')) != NULL) {
		while (slash > line && slash[-1] != ' ')
			slash--;
		running = strtol(slash, NULL, 10);
	}
	fclose(f);
	return running - 1 > sysconf(_SC_NPROCESSORS_ONLN);
}

void way_after(struct way *w, int64_t took) {
	int64_t pause = took * TIMES;

	if (took < LEAST || w->left >= MOST || !way_crowded())
		return;
	if (pause > MOST - w->left)
		pause = MOST - w->left;
	w->left += pause;
	source_wait(pause);
}

void way_step(struct way *w) {
	struct timespec t;
	int64_t now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	now = (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
	if (now - w->worked < LEAST)
		return;
	way_after(w, now - w->worked);
	w->worked = now;
}
