/* log.c: log lines; the only state is who we are and which request is at hand. */
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"

static struct {
	char program[32], request[40];
	enum log_level least;
} lg = { .program = "peerage", .least = LOG_LEVEL_INFO };

static void copy(char *to, size_t room, const char *from) {
	snprintf(to, room, "%s", from == NULL ? "" : from);
}

void log_init(const char *program, enum log_level least) {
	copy(lg.program, sizeof(lg.program), program);
	lg.least = least;
}

void log_request(const char *id) {
	copy(lg.request, sizeof(lg.request), id);
}

static PRINTF(2, 0) void line(enum log_level level, const char *fmt, va_list ap) {
	static const char *const names[] = { "debug", "info", "warning", "error" };
	char text[2048], when[32];
	struct timespec now;
	struct tm tm;
	int saved = errno;
	size_t i;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &tm);
	vsnprintf(text, sizeof(text), fmt, ap);
	for (i = 0; text[i] != '\0'; i++) {
		if ((unsigned char)text[i] < 0x20)
			text[i] = ' ';          /* one event, one line: nobody forges a second one */
	}
	fprintf(stderr, "%s.%03ldZ %s %s[%ld]%s%s: %s\n", when, now.tv_nsec / 1000000, names[level], lg.program, (long)getpid(),
	    lg.request[0] == '\0' ? "" : " ", lg.request, text);
	errno = saved;
}

void log_msg(enum log_level level, const char *fmt, ...) {
	va_list ap;

	if (level < lg.least)
		return;
	va_start(ap, fmt);
	line(level, fmt, ap);
	va_end(ap);
}

void fatal(const char *fmt, ...) {
	va_list ap;

	va_start(ap, fmt);
	line(LOG_LEVEL_ERROR, fmt, ap);
	va_end(ap);
	exit(78);
}
