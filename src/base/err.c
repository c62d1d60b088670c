/* err.c: the one table that says what an error code means to HTTP, to JSON and to a shell. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/base.h"

static const struct err_info {
	int http, exit;
	const char *slug;
} infos[ERR__COUNT] = {
	[ERR_NONE]            = { 200, 0, "ok" },
	[ERR_INVALID]         = { 400, 1, "invalid" },
	[ERR_UNAUTHENTICATED] = { 403, 4, "not_authenticated" },
	[ERR_DENIED]          = { 403, 4, "permission_denied" },
	[ERR_NOT_FOUND]       = { 404, 3, "not_found" },
	[ERR_METHOD]          = { 405, 2, "method_not_allowed" },
	[ERR_ACCEPT]          = { 406, 2, "not_acceptable" },
	[ERR_CONFLICT]        = { 409, 5, "conflict" },
	[ERR_PRECONDITION]    = { 412, 5, "precondition_failed" },
	[ERR_TOO_LARGE]       = { 413, 1, "too_large" },
	[ERR_MEDIA]           = { 415, 2, "unsupported_media_type" },
	[ERR_THROTTLED]       = { 429, 6, "throttled" },
	[ERR_TEMPLATE]        = { 400, 1, "template" },
	[ERR_UPSTREAM]        = { 502, 6, "upstream" },
	[ERR_UNAVAILABLE]     = { 503, 6, "unavailable" },
	[ERR_TIMEOUT]         = { 503, 6, "timeout" },
	[ERR_INTERNAL]        = { 500, 7, "internal" },
};

static PRINTF(3, 0) void set(struct err *e, enum err_code code, const char *fmt, va_list ap) {
	e->code = code;
	vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
}

bool err_set(struct err *e, enum err_code code, const char *field, const char *fmt, ...) {
	va_list ap;

	va_start(ap, fmt);
	set(e, code, fmt, ap);
	va_end(ap);
	e->field = field;
	e->kind = NULL;
	return false;
}

bool err_kind(struct err *e, enum err_code code, const char *kind, const char *fmt, ...) {
	va_list ap;

	va_start(ap, fmt);
	set(e, code, fmt, ap);
	va_end(ap);
	e->field = NULL;
	e->kind = kind;
	return false;
}

int err_http(enum err_code code) {
	return infos[code].http;
}

const char *err_slug(enum err_code code) {
	return infos[code].slug;
}

int err_exit(enum err_code code) {
	return infos[code].exit;
}
