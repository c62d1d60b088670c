/*
 * log.h: one line an event on standard error, `time level program[pid] request: message key=value`, for journald and files.
 *
 * Secrets never come here. The request id is set once a request and stands on every line that it causes.
 */
#ifndef PEERAGE_LOG_H
#define PEERAGE_LOG_H

#include "base/base.h"

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARNING, LOG_LEVEL_ERROR };

void log_init(const char *program, enum log_level least);
/* From the settings: `level` is the name of one, `format` "text" or "json" (an object a line). Anything else is fatal. */
void log_settings(const char *level, const char *format);
void log_request(const char *id);               /* copied; NULL: none */
void log_msg(enum log_level, const char *fmt, ...) PRINTF(2, 3);

/* The world is wrong (configuration, database at start): say so and leave with status 78 (EX_CONFIG of sysexits). */
NORETURN void fatal(const char *fmt, ...) PRINTF(1, 2);

#endif
