/* mail.c: who is written to, and what. */
#include "config.h"

#include <stdio.h>

#include "base/conf.h"
#include "base/secret.h"
#include "db/queries.h"
#include "model/job.h"
#include "model/tables/tables.h"
#include "peering/mail.h"
#include "peering/render.h"

enum { SUBJECT_MAX = 900, BODY_MAX = 1024 * 1024 };

bool mail_address(const char *s) {
	const char *at = strchr(s, '@');
	size_t n = strlen(s), i;

	if (at == NULL || at == s || at[1] == '\0' || strchr(at + 1, '@') != NULL || n > 254)
		return false;
	for (i = 0; i < n; i++) {
		if ((unsigned char)s[i] <= ' ' || s[i] == 0x7f || strchr("<>()[]\\,;:\"", s[i]) != NULL)
			return false;
	}
	return true;
}

bool mail_addresses(struct arena *a, const char *text, struct list **out, struct err *e) {
	struct list *l = list_new(a, 4);
	size_t n;

	for (; *text != '\0'; text += n) {
		text += strspn(text, ", ;\r\n\t");
		n = strcspn(text, ", ;\r\n\t");
		if (n == 0)
			continue;
		list_push(l, val_copy(a, text, n));
		if (!mail_address(l->v[l->n - 1].u.s))
			return err_set(e, ERR_INVALID, NULL, "\"%.100s\" is not an e-mail address", l->v[l->n - 1].u.s);
	}
	*out = l;
	return true;
}

/* ---- the plan ---- */

struct planning {
	struct store *s;
	const struct mail_ask *ask;
	struct render_source subject, body;
	int64_t local_as;
	struct list *cc;
};

static struct render_source source_of(const struct row *email, const char *field) {
	struct val trim = row_get(email, "jinja2_trim"), lstrip = row_get(email, "jinja2_lstrip");

	return (struct render_source){ .name = field, .text = val_cstr(row_get(email, field), ""), .trim = trim.type == V_BOOL && trim.u.b,
		.lstrip = lstrip.type == V_BOOL && lstrip.u.b };
}

/* A header is one line. */
static const char *one_line(struct arena *a, const char *text) {
	char *s = arena_strndup(a, text, strlen(text)), *p;
	size_t n;

	for (p = s; *p != '\0'; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = ' ';
	}
	for (n = strlen(s); n > 0 && s[n - 1] == ' '; n--)
		s[n - 1] = '\0';
	return s + strspn(s, " ");
}

static bool compose(struct planning *p, struct map *m, int64_t asn, int64_t as_id, struct err *e) {
	struct arena *a = p->s->a;
	struct tmpl_err te;
	struct sbuf subject, body;

	sb_init(&subject, a);
	sb_init(&body, a);
	if (p->ask->subject == NULL || p->ask->body == NULL) {
		bool ok = as_id != 0 ? render_email(p->s, as_id, &p->subject, &p->body, &subject, &body, &te) :
		    render_network_email(p->s, p->local_as, asn, &p->subject, &p->body, &subject, &body, &te);

		if (!ok && te.e.code == ERR_UNAVAILABLE) {
			*e = te.e;
			return false;
		}
		if (!ok)
			map_set(m, "skip", te.line == 0 ? val_printf(a, "%s", te.e.msg) : val_printf(a, "the template fails: %s line %u: %s", te.name == NULL ? "template" :
			    te.name, te.line, te.e.msg));
	}
	map_set(m, "subject", val_str(one_line(a, p->ask->subject != NULL ? p->ask->subject : subject.s)));
	map_set(m, "body", val_str(p->ask->body != NULL ? p->ask->body : body.s));
	return true;
}

static void judge(struct planning *p, struct map *m, struct val days) {
	struct arena *a = p->s->a;
	const char *subject = val_cstr(map_get(m, "subject"), "");

	if (!val_is_null(map_get(m, "skip")))
		return;
	if (map_get(m, "to").u.list->n == 0)
		map_set(m, "skip", val_str("nobody there has an e-mail address"));
	else if (p->ask->not_mailed_days > 0 && days.type == V_FLOAT && days.u.f < p->ask->not_mailed_days)
		map_set(m, "skip", days.u.f < 1 ? val_str("mailed in the last day") : val_printf(a, "mailed %.1f days ago", days.u.f));
	else if (*subject == '\0')
		map_set(m, "skip", val_str("the subject is empty"));
	else if (strlen(subject) > SUBJECT_MAX || map_get(m, "body").len > BODY_MAX)
		map_set(m, "skip", val_str("the text is too long for a mail"));
}

/* The rows of one network, from `at` on: its contacts. */
static bool plan_one(struct planning *p, const struct result *q, size_t *at, struct list *out, struct err *e) {
	struct arena *a = p->s->a;
	const struct val *v = &q->v[*at * q->cols];
	int64_t asn = v[0].u.i, as_id = v[1].type == V_INT ? v[1].u.i : 0;
	struct list *contacts = list_new(a, 4), *to = list_new(a, 4);
	struct map *m = map_new(a, 12);
	struct row *row;
	struct err why;

	map_set(m, "asn", v[0]);
	map_set(m, "name", v[2]);
	map_set(m, "autonomous_system", v[1]);
	map_set(m, "last", v[3]);
	for (; *at < q->n && result_at(q, *at, 0).u.i == asn; ++*at) {
		struct map *c = map_new(a, 3);

		if (val_is_null(result_at(q, *at, 6)))
			continue;
		map_set(c, "email", result_at(q, *at, 6));
		map_set(c, "name", result_at(q, *at, 7));
		map_set(c, "role", result_at(q, *at, 8));
		list_push(contacts, val_map(c));
		if (mail_address(result_at(q, *at, 6).u.s))
			list_push(to, result_at(q, *at, 6));
	}
	map_set(m, "contacts", val_list(contacts));
	map_set(m, "to", val_list(p->ask->to != NULL ? (struct list *)(uintptr_t)p->ask->to : to));
	map_set(m, "cc", val_list(p->cc));
	map_set(m, "subject", val_str(""));
	map_set(m, "body", val_str(""));
	map_set(m, "skip", val_null());
	list_push(out, val_map(m));
	if (as_id == 0 && val_is_null(v[5]))
		map_set(m, "skip", val_str("neither the book nor PeeringDB knows this network"));
	else if (as_id == 0 && p->local_as == 0)
		map_set(m, "skip", val_str("no autonomous system of the book is affiliated: whom is the mail from?"));
	else if (as_id != 0 && !store_get(p->s, &res_autonomous_system, as_id, "send_email", &row, &why))
		map_set(m, "skip", val_str("you may not mail this autonomous system"));
	else if (!compose(p, m, asn, as_id, e))
		return false;
	judge(p, m, v[4]);
	return true;
}

static bool begin(struct planning *p, struct err *e) {
	struct store *s = p->s;
	struct list *more;
	struct row *email;
	struct result q;
	size_t i;

	if (p->ask->asns->n == 0)
		return err_set(e, ERR_INVALID, NULL, "no network was named: give AS numbers");
	if (p->ask->asns->n > MAIL_TARGETS_MAX)
		return err_set(e, ERR_INVALID, NULL, "%u networks are too many for one go: at most %d are mailed", p->ask->asns->n, MAIL_TARGETS_MAX);
	if (p->ask->asns->n > 1 && p->ask->to != NULL)
		return err_set(e, ERR_INVALID, NULL, "recipients can be given for one network only");
	if (p->ask->email == 0 && (p->ask->subject == NULL || p->ask->body == NULL))
		return err_set(e, ERR_INVALID, NULL, "choose a template, or give both a subject and a text");
	if (p->ask->email != 0) {
		if (!store_get(s, &res_email, p->ask->email, "view", &email, e))
			return e->code == ERR_NOT_FOUND ? err_set(e, ERR_INVALID, NULL, "there is no e-mail template %lld", (long long)p->ask->email) : false;
		p->subject = source_of(email, "subject");
		p->body = source_of(email, "template");
	}
	if (!mail_addresses(s->a, s->conf == NULL ? "" : s->conf->email_cc, &p->cc, e))
		return false;
	more = p->cc;
	for (i = 0; p->ask->cc != NULL && i < p->ask->cc->n; i++)
		list_push(more, p->ask->cc->v[i]);
	p->local_as = p->ask->local_as;
	if (p->local_as != 0)
		return true;
	if (!db_named(s->db, s->a, Q_MAIL_LOCAL, NULL, &q, e))
		return false;
	p->local_as = q.n == 0 ? 0 : result_at(&q, 0, 0).u.i;
	return true;
}

bool mail_plan(struct store *s, const struct mail_ask *ask, struct list **out, struct err *e) {
	struct planning p = { .s = s, .ask = ask };
	struct result q;
	size_t at = 0;

	*out = list_new(s->a, ask->asns->n);
	if (!begin(&p, e) ||
	    !db_named(s->db, s->a, Q_MAIL_TARGETS, (struct val[]){ val_list((struct list *)(uintptr_t)ask->asns) }, &q, e))
		return false;
	while (at < q.n) {
		if (!plan_one(&p, &q, &at, *out, e))
			return false;
	}
	return true;
}

/* ---- posting ---- */

bool mail_job(struct store *s, double delay, struct err *e) {
	int64_t id;

	return job_enqueue(s->db, s->a, &(struct job_request){ .name = "messaging.send", .res = &res_email_message, .lock_key = "messaging.send",
	    .delay = delay, .user_id = s->actor->user_id, .request_id = s->request_id }, &id, e);
}

static bool post_one(struct store *s, const struct mail_ask *ask, struct map *m, struct err *e) {
	const char *from = s->conf->email_from;
	struct result q;

	if (!db_named(s->db, s->a, Q_MAIL_ADD, (struct val[]){ map_get(m, "asn"), map_get(m, "autonomous_system"),
	    s->actor->user_id == 0 ? val_null() : val_int(s->actor->user_id), ask->email == 0 ? val_null() : val_int(ask->email), val_str(from),
	    map_get(m, "to"), map_get(m, "cc"), map_get(m, "subject"), map_get(m, "body"),
	    val_printf(s->a, "<%s@%s>", random_uuid(s->a), strchr(from, '@') + 1) }, &q, e))
		return false;
	map_set(m, "message", result_at(&q, 0, 0));
	return true;
}

bool mail_post(struct store *s, const struct mail_ask *ask, const struct list *plan, size_t *n, struct err *e) {
	size_t i;

	*n = 0;
	if (s->conf == NULL || !mail_address(s->conf->email_from))
		return err_set(e, ERR_INVALID, NULL, "the setting email_from is not an address: mail has no sender");
	for (i = 0; i < plan->n; i++) {
		if (!val_is_null(map_get(plan->v[i].u.map, "skip")))
			continue;
		if (!post_one(s, ask, plan->v[i].u.map, e))
			return false;
		++*n;
	}
	return *n == 0 || mail_job(s, 0, e);
}

bool mail_reminders(struct store *s, int64_t email, double days, struct list **asns, struct err *e) {
	struct result q;
	size_t i;

	if (!db_named(s->db, s->a, Q_MAIL_REMINDERS, (struct val[]){ val_int(email), val_float(days) }, &q, e))
		return false;
	*asns = list_new(s->a, q.n);
	for (i = 0; i < q.n; i++)
		list_push(*asns, result_at(&q, i, 0));
	return true;
}
