/* log.c: log lines; the only state is who we are and which request is at hand. */
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/utf8.h"

static struct {
	char program[32], request[40];
	enum log_level least;
	bool json;
} lg = { .program = "peerage", .least = LOG_LEVEL_INFO };

static const char *const level_names[] = { "debug", "info", "warning", "error" };

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

void log_settings(const char *level, const char *format) {
	size_t i = 0;

	while (i < ARRAY_LEN(level_names) && strcmp(level_names[i], level) != 0)
		i++;
	if (i == ARRAY_LEN(level_names))
		fatal("setting log_level: \"%s\" is none of debug, info, warning, error", level);
	lg.least = (enum log_level)i;
	lg.json = strcmp(format, "json") == 0;
	if (!lg.json && strcmp(format, "text") != 0)
		fatal("setting log_format: \"%s\" is neither text nor json", format);
}

/* In a JSON string; control characters are gone already. */
static void quoted(const char *s, char *out, size_t room) {
	bool utf8 = utf8_valid(s, strlen(s));
	size_t n = 0;

	for (; *s != '\0' && n + 3 < room; s++) {
		if (*s == '"' || *s == '\\')
			out[n++] = '\\';
		out[n++] = !utf8 && (unsigned char)*s >= 0x80 ? '?' : *s;
	}
	out[n] = '\0';
}

static PRINTF(2, 0) void line(enum log_level level, const char *fmt, va_list ap) {
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
	if (lg.json) {
		char out[2 * sizeof(text)];

		quoted(text, out, sizeof(out));
		fprintf(stderr, "{\"time\":\"%s.%03ldZ\",\"level\":\"%s\",\"program\":\"%s\",\"pid\":%ld,\"request\":\"%s\",\"message\":\"%s\"}\n",
		    when, now.tv_nsec / 1000000, level_names[level], lg.program, (long)getpid(), lg.request, out);
		errno = saved;
		return;
	}
	fprintf(stderr, "%s.%03ldZ %s %s[%ld]%s%s: %s\n", when, now.tv_nsec / 1000000, level_names[level], lg.program, (long)getpid(),
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
