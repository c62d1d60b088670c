/*
 * limits.c: how far a render may go. Steps, time and memory are looked at together every few thousand steps; depth and
 * the size of strings where they grow.
 */
#include "config.h"

#include <time.h>

#include "template/engine.h"

enum {
	CHECK_EVERY = 4096,
	ROOM_SMALL = 256,
	STACK_MAX = 5 * 1024 * 1024     /* of the 8 MiB that a process has */
};

static int64_t now(void) {
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void limits_start(struct interp *in) {
	const struct tmpl_limits *l = &in->env->o.limits;

	in->deadline = l->milliseconds == 0 ? 0 : now() + l->milliseconds;
	in->next_check = CHECK_EVERY;
}

bool limits_check(struct interp *in) {
	const struct tmpl_limits *l = &in->env->o.limits;

	in->next_check = in->steps + CHECK_EVERY;
	if (l->steps > 0) {
		if (in->steps > l->steps)
			return fail(in, "LimitError", "the template does too much: more than %llu steps", (unsigned long long)l->steps);
		if (in->next_check > l->steps)
			in->next_check = l->steps + 1;
	}
	if (l->output > 0 && in->out->len > l->output)
		return fail(in, "LimitError", "the output has more than %llu bytes", (unsigned long long)l->output);
	if (l->memory > 0 && arena_used(in->a) - in->arena_start > l->memory)
		return fail(in, "LimitError", "the template needs more than %llu bytes of memory", (unsigned long long)l->memory);
	if (in->deadline > 0 && now() > in->deadline)
		return fail(in, "LimitError", "the template takes longer than %llu milliseconds", (unsigned long long)l->milliseconds);
	return true;
}

bool room(struct interp *in, uint64_t bytes) {
	const struct tmpl_limits *l = &in->env->o.limits;

	if (bytes < ROOM_SMALL)
		return true;                    /* limits_check() counts those */
	if (bytes > STRING_MAX || (l->memory > 0 && arena_used(in->a) - in->arena_start + bytes > l->memory))
		return fail(in, "MemoryError", "%llu bytes at once are more than the limit allows", (unsigned long long)bytes);
	if (bytes > CHECK_EVERY)
		in->next_check = in->steps;     /* large things count at once */
	return true;
}

bool enter_call(struct interp *in) {
	unsigned max = in->env->o.limits.depth;
	const char *here = __builtin_frame_address(0);

	if (in->depth >= (max == 0 ? DEPTH_MAX : max) || in->stack - here > STACK_MAX)
		return fail(in, "RecursionError", "maximum recursion depth exceeded: calls and includes are nested %u deep", in->depth);
	in->depth++;
	return true;
}

void leave_call(struct interp *in) {
	in->depth--;
}
