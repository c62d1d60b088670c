/* devices_pages.c: the configuration of a router as a tab of its page. */
#include "config.h"

#include "devices_pages.h"
#include "peering/render.h"
#include "web/pages.h"

bool router_page_configuration(struct req *r) {
	struct render_report report = { .milliseconds = 0 };
	struct tmpl_err te = { .line = 0 };
	struct rendered done = { 0 };
	struct sbuf text;

	sb_init(&text, r->a);
	if (!render_router(&r->store, r->id, NULL, &text, &report, &te)) {
		if (te.e.code == ERR_NOT_FOUND)
			return req_fail(r, ERR_NOT_FOUND, "%s", te.e.msg);
		if (te.e.code == ERR_UNAVAILABLE) {
			r->err = te.e;
			return false;
		}
		done.error = &te;
	}
	done.text = &text;
	done.sessions = report.sessions;
	done.milliseconds = report.milliseconds;
	return page_configuration(r, &done);
}
