/* messaging_mail.c: mail to networks: the plan of it, posting it, sending again what somebody did not get; on the pages and in the API alike. */
#include "config.h"

#include <stdlib.h>
#include <strings.h>

#include "db/queries.h"
#include "messaging_mail.h"
#include "model/tables/tables.h"
#include "peering/mail.h"
#include "web/page.h"

/* ---- what is asked for, from JSON or a form ---- */

static const char *wanted(struct req *r, const struct map *input, const char *name) {
	const char *s = input == NULL ? req_form(r, name) : val_cstr(map_get(input, name), NULL);

	return s == NULL || *s == '\0' ? NULL : s;
}

static double wanted_number(struct req *r, const struct map *input, const char *name) {
	struct val v = input == NULL ? val_undef() : map_get(input, name);
	const char *s = input == NULL ? req_form(r, name) : NULL;

	return v.type == V_INT ? (double)v.u.i : v.type == V_FLOAT ? v.u.f : s != NULL ? strtod(s, NULL) : 0;
}

static bool take_asns(struct req *r, const char *text, struct list *out) {
	for (; *text != '\0'; text += strcspn(text, ", ;\r\n\t")) {
		char *end;
		long long asn;

		text += strspn(text, ", ;\r\n\t");
		if (*text == '\0')
			break;
		text += strncasecmp(text, "AS", 2) == 0 ? 2 : 0;
		asn = strtoll(text, &end, 10);
		if (end == text || strchr(", ;\r\n\t", *end) == NULL || asn < 1 || asn > 4294967295)
			return req_fail(r, ERR_INVALID, "\"%.40s\" is not an AS number; write them as 64500 or AS64500, with blanks or commas between.", text);
		list_push(out, val_int(asn));
	}
	return true;
}

static bool list_of(struct req *r, const struct map *input, const char *name, struct list **out) {
	struct val v = input == NULL ? val_undef() : map_get(input, name);
	const char *text = input == NULL ? req_form(r, name) : v.type == V_STR ? v.u.s : NULL;

	*out = NULL;
	if (v.type == V_LIST) {
		for (size_t i = 0; i < v.u.list->n; i++) {
			if (v.u.list->v[i].type != V_STR || !mail_address(v.u.list->v[i].u.s))
				return req_fail(r, ERR_INVALID, "%s: every item must be an e-mail address.", name);
		}
		*out = v.u.list;
		return true;
	}
	return text == NULL || *text == '\0' || mail_addresses(r->a, text, out, &r->err);
}

static bool read_ask(struct req *r, const struct map *input, struct mail_ask *ask) {
	struct val asns = input == NULL ? val_undef() : map_get(input, "asns");
	struct list *all = list_new(r->a, 16), *to, *cc;
	double remind = wanted_number(r, input, "reminder_days");

	*ask = (struct mail_ask){ .email = (int64_t)wanted_number(r, input, "email"), .local_as = (int64_t)wanted_number(r, input, "local_as"),
		.subject = wanted(r, input, "subject"), .body = wanted(r, input, "body"), .not_mailed_days = wanted_number(r, input, "not_mailed_days") };
	if (!list_of(r, input, "to", &to) || !list_of(r, input, "cc", &cc))
		return false;
	ask->to = to;
	ask->cc = cc;
	for (size_t i = 0; asns.type == V_LIST && i < asns.u.list->n; i++) {
		if (asns.u.list->v[i].type != V_INT)
			return req_fail(r, ERR_INVALID, "asns: every item must be an AS number.");
		list_push(all, asns.u.list->v[i]);
	}
	if (asns.type != V_LIST && wanted(r, input, "asns") != NULL && !take_asns(r, wanted(r, input, "asns"), all))
		return false;
	if (remind > 0) {
		if (ask->email == 0)
			return req_fail(r, ERR_INVALID, "A reminder is to those who were mailed with a template: choose it.");
		if (!mail_reminders(&r->store, ask->email, remind, &all, &r->err))
			return false;
		if (all->n == 0)
			return req_fail(r, ERR_INVALID, "Nobody's last mail was made of this template more than %.0f days ago.", remind);
	}
	ask->asns = all;
	return true;
}

/* ---- API ---- */

bool api_mail_send(struct req *r) {
	struct mail_ask ask;
	struct list *plan;
	struct map *out = map_new(r->a, 2);
	struct val input, dry;
	size_t n = 0;

	if (!req_input(r, &input))
		return false;
	if (input.type != V_MAP)
		return req_fail(r, ERR_INVALID, "The body must be an object: email, asns ...");
	dry = map_get(input.u.map, "dry_run");
	if (!read_ask(r, input.u.map, &ask) || !mail_plan(&r->store, &ask, &plan, &r->err))
		return false;
	if (!(dry.type == V_BOOL && dry.u.b) && !mail_post(&r->store, &ask, plan, &n, &r->err))
		return false;
	r->news = n > 0 ? JOB_NEW : JOB_QUIET;
	r->status = n > 0 ? 202 : 200;
	map_set(out, "posted", val_int((int64_t)n));
	map_set(out, "mails", val_list(plan));
	return req_json(r, val_map(out));
}

static bool again(struct req *r) {
	struct result q;

	if (!db_named(r->db, r->a, Q_MAIL_AGAIN, (struct val[]){ val_int(r->id) }, &q, &r->err))
		return false;
	if (q.n == 0)
		return req_fail(r, ERR_CONFLICT, "Everybody got this mail, or it still waits: there is nothing to send again.");
	r->news = JOB_NEW;
	return mail_job(&r->store, 0, &r->err);
}

bool api_mail_again(struct req *r) {
	struct map *m = map_new(r->a, 1);

	map_set(m, "id", val_int(r->id));
	if (!again(r))
		return false;
	r->status = 202;
	return req_json(r, val_map(m));
}

/* ---- pages ---- */

bool page_mail_again(struct req *r) {
	const char *back = arena_printf(r->a, "/messaging/email-messages/%lld/", (long long)r->id);

	if (!again(r)) {
		if (r->err.code != ERR_CONFLICT)
			return false;
		page_flash(r, "warning", "%s", r->err.msg);
		return req_redirect(r, back);
	}
	page_flash(r, "success", "It is sent again.");
	return req_redirect(r, back);
}

static const char *typed(struct req *r, const char *name) {
	const char *s = req_form(r, name);

	s = s == NULL ? req_param(r, name) : s;
	return s == NULL ? "" : s;
}

static bool form(struct req *r, struct map *ctx) {
	static const char *const names[] = { "asns", "email", "local_as", "cc", "to", "subject", "body", "not_mailed_days", "reminder_days" };
	struct list *emails = list_new(r->a, 8), *locals = list_new(r->a, 4);
	struct map *values = map_new(r->a, ARRAY_LEN(names));
	struct result q;

	if (!db_named(r->db, r->a, Q_MAIL_CHOICES, NULL, &q, &r->err))
		return false;
	for (size_t i = 0; i < q.n; i++) {
		struct map *m = map_new(r->a, 2);

		put_str(m, "id", arena_printf(r->a, "%lld", (long long)result_at(&q, i, 1).u.i));
		map_set(m, "name", result_at(&q, i, 2));
		list_push(strcmp(result_at(&q, i, 0).u.s, "email") == 0 ? emails : locals, val_map(m));
	}
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		put_str(values, names[i], typed(r, names[i]));
	map_set(ctx, "emails", val_list(emails));
	map_set(ctx, "locals", val_list(locals));
	map_set(ctx, "f", val_map(values));
	put_str(ctx, "sender", r->conf->email_from);
	put_int(ctx, "rate", r->conf->email_rate);
	return true;
}

static struct map *page_of(struct req *r) {
	struct map *ctx = page_new(r, "Send e-mail");

	page_crumb(r, ctx, "Send e-mail", NULL);
	put_str(ctx, "active", "/messaging/send/");
	put_bool(ctx, "one", false);
	map_set(ctx, "plan", val_null());
	put_str(ctx, "error", "");
	return ctx;
}

bool page_mail(struct req *r) {
	struct map *ctx = page_of(r);

	return form(r, ctx) && page_render(r, "mail.html", ctx);
}

static int64_t to_send(const struct list *plan) {
	int64_t n = 0;

	for (size_t i = 0; i < plan->n; i++)
		n += val_is_null(map_get(plan->v[i].u.map, "skip"));
	return n;
}

/* What a form asks for: *n mails were written, or else what there is to tell stands in the context. */
static bool form_post(struct req *r, struct map *ctx, const struct list *asns, size_t *n) {
	struct mail_ask ask;
	struct list *plan = NULL;
	bool ok = read_ask(r, NULL, &ask);

	*n = 0;
	if (ok && asns != NULL)
		ask.asns = asns;
	ok = ok && mail_plan(&r->store, &ask, &plan, &r->err) && (req_form(r, "send") == NULL || mail_post(&r->store, &ask, plan, n, &r->err));
	if (!ok && r->err.code != ERR_INVALID)
		return false;
	if (ok && *n > 0) {
		r->news = JOB_NEW;
		page_flash(r, "success", "%zu %s on the way.", *n, *n == 1 ? "mail is" : "mails are");
		return true;
	}
	put_str(ctx, "error", ok ? "" : arena_strdup(r->a, r->err.msg));
	r->err = (struct err){ 0 };
	for (size_t i = 0; plan != NULL && i < plan->n; i++)
		put_str(plan->v[i].u.map, "last", time_text(r, map_get(plan->v[i].u.map, "last")));
	map_set(ctx, "plan", plan == NULL ? val_null() : val_list(plan));
	put_int(ctx, "count", plan == NULL ? 0 : to_send(plan));
	return true;
}

bool page_mail_post(struct req *r) {
	struct map *ctx = page_of(r);
	size_t n;

	if (!form_post(r, ctx, NULL, &n))
		return false;
	return n > 0 ? req_redirect(r, "/messaging/email-messages/") : form(r, ctx) && page_render(r, "mail.html", ctx);
}

/* ---- the tab of one network, of the book or of PeeringDB alone ---- */

bool mail_may(struct req *r, const struct row *row) {
	(void)row;
	return may(&r->store, &res_autonomous_system, "send_email");
}

static struct map *page_of_one(struct req *r, struct row **row) {
	struct map *ctx;

	if (!mail_may(r, NULL)) {
		req_fail(r, ERR_DENIED, "You may not send e-mail.");
		return NULL;
	}
	if (!detail_load(r, row) || (ctx = detail_new(r, *row, "email")) == NULL)
		return NULL;
	page_crumb(r, ctx, "E-mail", NULL);
	put_bool(ctx, "one", true);
	map_set(ctx, "plan", val_null());
	put_str(ctx, "error", "");
	return ctx;
}

bool page_mail_one(struct req *r) {
	struct row *row;
	struct map *ctx = page_of_one(r, &row);

	return ctx != NULL && form(r, ctx) && page_render(r, "mail_one.html", ctx);
}

bool page_mail_one_post(struct req *r) {
	struct row *row;
	struct map *ctx = page_of_one(r, &row);
	struct list *asns = list_new(r->a, 1);
	size_t n;

	if (ctx == NULL)
		return false;
	list_push(asns, row_get(row, "asn"));
	if (!form_post(r, ctx, asns, &n))
		return false;
	return n > 0 ? req_redirect(r, arena_printf(r->a, "/%s/%lld/email/", row->res->page, (long long)row->id)) :
	    form(r, ctx) && page_render(r, "mail_one.html", ctx);
}
