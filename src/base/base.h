/*
 * base.h: what every file includes first, directly or through a header of its own layer.
 *
 * The layer `base` knows nothing of PostgreSQL, HTTP or BGP: memory, text, errors, values, JSON, addresses, time.
 */
#ifndef PEERAGE_BASE_H
#define PEERAGE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#if defined(__GNUC__)
#define PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#define NORETURN __attribute__((noreturn))
#define NOINLINE __attribute__((noinline))      /* a large frame that its caller should not have to make each time */
#else
#define PRINTF(fmt, first)
#define NORETURN
#define NOINLINE
#endif

#include "base/arena.h"
#include "base/err.h"
#include "base/sbuf.h"

#endif
