/*
 * cron.h: times that come again, written as cron(8) has them: minute, hour, day of month, month, day of week; lists, ranges, steps,
 * names of months and days, @hourly @daily @midnight @weekly @monthly @yearly @annually.
 *
 * Knows the calendar and no time zone: times here are minutes since 1970-01-01 00:00 on the clock of the place that is meant.
 */
#ifndef PEERAGE_CRON_H
#define PEERAGE_CRON_H

#include "base/base.h"

struct cron {
	uint64_t minute;                /* one bit each */
	uint32_t hour, day, month, weekday;     /* day and month from bit 1, Sunday is bit 0 */
	bool either;                    /* day of month and day of week are both given: one of them is enough */
	bool hourly;                    /* every hour: it goes by the time that passes when clocks are changed, else by the clock */
};

/* ERR_INVALID says which of the five fields is wrong and what would be right; also for a day that never comes (30 February). */
bool cron_parse(const char *text, struct cron *, struct err *);

/* The first minute at or after `from` that matches. False: none within nine years, which cron_parse() refuses. */
bool cron_next(const struct cron *, int64_t from, int64_t *next);

#endif
