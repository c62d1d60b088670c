/* respond.c: what goes back: headers, errors in the API's words, and the bodies that route functions ask for. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/log.h"
#include "web/private.h"

static const struct {
	int status;
	const char *text;
} texts[] = {
	{ 200, "OK" }, { 201, "Created" }, { 202, "Accepted" }, { 204, "No Content" }, { 301, "Moved Permanently" }, { 302, "Found" },
	{ 304, "Not Modified" }, { 400, "Bad Request" }, { 403, "Forbidden" }, { 404, "Not Found" }, { 405, "Method Not Allowed" },
	{ 406, "Not Acceptable" }, { 409, "Conflict" }, { 412, "Precondition Failed" }, { 413, "Content Too Large" },
	{ 415, "Unsupported Media Type" }, { 429, "Too Many Requests" }, { 500, "Internal Server Error" }, { 502, "Bad Gateway" },
	{ 503, "Service Unavailable" },
};

static const char *status_text(int status) {
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		if (texts[i].status == status)
			return texts[i].text;
	}
	return "Unknown";
}

void req_header(struct req *r, const char *name, const char *value) {
	if (r->headers == NULL)
		r->headers = arena_new(r->a, struct header, LIMIT_HEADERS);
	if (r->nheaders < LIMIT_HEADERS)
		r->headers[r->nheaders++] = (struct header){ name, value };
}

const char *response_header(const struct req *r, const char *name) {
	for (size_t i = 0; i < r->nheaders; i++) {
		if (strcmp(r->headers[i].name, name) == 0)
			return r->headers[i].value;
	}
	return NULL;
}

bool req_fail(struct req *r, enum err_code code, const char *fmt, ...) {
	va_list ap;

	r->err = (struct err){ .code = code };
	va_start(ap, fmt);
	vsnprintf(r->err.msg, sizeof(r->err.msg), fmt, ap);
	va_end(ap);
	return false;
}

bool req_json(struct req *r, struct val v) {
	r->response_type = "application/json";
	json_write(&r->body, v);
	return true;
}

/* To a path of ours: one slash, then no second one and no backslash, which browsers take for one. */
static bool ours(const char *to) {
	return to != NULL && to[0] == '/' && to[1] != '/' && to[1] != '\\' && strpbrk(to, "\r\n\\") == NULL;
}

bool req_redirect(struct req *r, const char *to) {
	r->status = 302;
	req_header(r, "Location", arena_printf(r->a, "%s%s", r->conf->base_path, ours(to) ? to : "/"));
	sb_reset(&r->body);
	return true;
}

static void respond_problems(struct sbuf *out, const struct problems *p) {
	json_write(out, p->fields == NULL ? val_null() : val_map(p->fields));
}

static const struct {
	int status;
	const char *title;
} titles[] = {
	{ 400, "That cannot be done" }, { 403, "Not allowed" }, { 404, "Not found" }, { 405, "Not possible here" }, { 409, "In use" },
	{ 412, "Changed meanwhile" }, { 413, "Too large" }, { 429, "Too many tries" }, { 500, "Something broke" }, { 503, "Not available now" },
};

static const char *title_of(int status) {
	for (size_t i = 0; i < ARRAY_LEN(titles); i++) {
		if (titles[i].status == status)
			return titles[i].title;
	}
	return status_text(status);
}

static void json_detail(struct req *r, const char *text) {
	sb_str(&r->body, "{\"detail\":");
	sb_json(&r->body, text, strlen(text));
	sb_chr(&r->body, '}');
}

static void to_sign_in(struct req *r) {
	struct sbuf sb;

	sb_init(&sb, r->a);
	sb_str(&sb, "/login/?next=");
	sb_url(&sb, r->path, strlen(r->path));
	if (*r->raw_query != '\0') {
		sb_str(&sb, "%3F");
		sb_url(&sb, r->raw_query, strlen(r->raw_query));
	}
	req_redirect(r, sb.s);
}

void respond_error(struct req *r) {
	const char *text = r->err.msg;

	if (r->err.code == ERR_NONE)
		r->err.code = ERR_INTERNAL;
	r->status = err_http(r->err.code);
	sb_reset(&r->body);
	if (r->status >= 500) {
		log_msg(LOG_LEVEL_ERROR, "%s: %s", err_slug(r->err.code), r->err.msg);
		if (r->err.code == ERR_INTERNAL)
			text = arena_printf(r->a, "Internal error. The log has more under request %s.", r->request_id);
		if (r->err.code == ERR_UNAVAILABLE || r->err.code == ERR_TIMEOUT)
			text = "The database does not answer. Try again in a moment.";
	}
	if (!r->json && r->err.code == ERR_UNAUTHENTICATED) {
		to_sign_in(r);
		return;
	}
	if (!r->json) {
		page_error(r, r->status, title_of(r->status), text);
		return;
	}
	r->response_type = "application/json";
	if (r->err.code == ERR_INVALID && problems_any(&r->problems)) {
		respond_problems(&r->body, &r->problems);
	} else if (r->err.code == ERR_INVALID && r->err.field != NULL) {
		sb_chr(&r->body, '{');
		sb_json(&r->body, r->err.field, strlen(r->err.field));
		sb_str(&r->body, ":[");
		sb_json(&r->body, text, strlen(text));
		sb_str(&r->body, "]}");
	} else {
		json_detail(r, text);
	}
}

/* A line break in a value would begin another header. */
static void head_line(struct sbuf *out, const char *name, const char *value) {
	sb_str(out, name);
	sb_str(out, ": ");
	sb_mem(out, value, strcspn(value, "\r\n"));
	sb_str(out, "\r\n");
}

void respond_head(const struct req *r, struct sbuf *out) {
	bool empty = r->status == 204 || r->status == 304;

	sb_fmt(out, "Status: %d %s\r\n", r->status, status_text(r->status));
	if (!empty && (r->body.len > 0 || r->status == 200))
		head_line(out, "Content-Type", r->response_type);
	if (!empty)
		sb_fmt(out, "Content-Length: %zu\r\n", r->body.len);
	if (r->json) {
		if (r->allow != 0)
			head_line(out, "Allow", route_allow(r->a, r->allow));
		sb_str(out, "Vary: Accept, Cookie\r\nAPI-Version: 1.10\r\n");
	} else {
		sb_str(out, "Vary: Cookie\r\nContent-Security-Policy: default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self';"
		    " form-action 'self'; frame-ancestors 'none'\r\nX-Frame-Options: DENY\r\n");
		if (r->status == 405)
			head_line(out, "Allow", route_allow(r->a, r->allow));
	}
	sb_str(out, "X-Request-ID: ");
	sb_str(out, r->request_id);
	sb_str(out, "\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: same-origin\r\nCross-Origin-Opener-Policy: same-origin\r\n"
	    "Cache-Control: private, no-cache\r\n");
	for (size_t i = 0; i < r->nheaders; i++)
		head_line(out, r->headers[i].name, r->headers[i].value);
	sb_str(out, "\r\n");
}
