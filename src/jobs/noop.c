/* noop.c: a job that does nothing, or what its parameters say: for benchmarks, and to try the runner. */
#include "config.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "jobs/jobs.h"

/* {"lines": n, "seconds": s, "output": text, "until": attempt that works, "then": "fail" | "abort" | "exit"} */
bool job_noop(struct job *j, struct err *e) {
	int64_t lines = job_int(j, "lines", 0), tenths = job_int(j, "seconds", 0) * 10, i;
	const char *then = job_text(j, "then", ""), *output = job_text(j, "output", NULL);
	struct timespec tenth = { .tv_nsec = 100000000 };

	for (i = 1; i <= lines; i++) {
		job_log(j, JOB_INFO, "Line %lld", (long long)i);
		job_progress(j, i, lines, "Writing lines");
	}
	for (i = 0; i < tenths; i++) {
		if (job_cancelled(j))
			return err_set(e, ERR_CONFLICT, NULL, "ended by itself");
		nanosleep(&tenth, NULL);
	}
	if (output != NULL && !job_output(j, output, strlen(output), e))
		return false;
	if (map_get(j->parameters, "result").type != V_UNDEF)
		job_result(j, map_get(j->parameters, "result"));
	if ((int64_t)j->attempt >= job_int(j, "until", INT64_MAX))
		return true;
	if (strcmp(then, "abort") == 0)
		abort();
	if (strcmp(then, "exit") == 0)
		_exit(3);
	return strcmp(then, "fail") != 0 || err_set(e, ERR_UPSTREAM, NULL, "asked to fail");
}
