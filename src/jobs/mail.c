/* mail.c: sends the mail that waits, one after the other and no faster than the settings allow. One such job runs at a time. */
#include "config.h"

#include <stdio.h>
#include <time.h>

#include "db/queries.h"
#include "jobs/jobs.h"
#include "model/tables/tables.h"
#include "outside/smtp.h"
#include "peering/mail.h"

enum { BACKOFF_FIRST = 60, BACKOFF_MAX = 6 * 3600, SHIFT_SECONDS = 3000 };

struct post {
	struct job *j;
	struct store *s;
	struct db *db;
	int64_t sent, failed, later;
};

struct message {
	const struct val *v;            /* the row of mail_claim */
	struct mail mail;
	struct mail_reply *reply;
	size_t n;
	struct list *accepted, *refused;
	bool again;                     /* somebody may be reached by another try */
};

/* ---- one message ---- */

static bool has(const struct list *l, const char *s) {
	size_t i;

	for (i = 0; i < l->n; i++) {
		if (strcmp(l->v[i].u.s, s) == 0)
			return true;
	}
	return false;
}

/* Those who have not got it yet. */
static void add_recipients(struct message *m, const struct list *from) {
	size_t i, k;

	for (i = 0; i < from->n; i++) {
		for (k = 0; k < m->n && strcmp(m->reply[k].address, from->v[i].u.s) != 0; k++)
			;
		if (k == m->n && !has(m->accepted, from->v[i].u.s))
			m->reply[m->n++] = (struct mail_reply){ .address = from->v[i].u.s };
	}
}

static void read_message(struct arena *a, const struct val *v, struct message *m) {
	*m = (struct message){ .v = v, .accepted = v[8].u.list, .refused = list_new(a, 2) };
	m->mail = (struct mail){ .sender = v[2].u.s, .to = v[3].u.list, .cc = v[4].u.list, .subject = v[5].u.s, .body = v[6].u.s, .message_id = v[7].u.s };
	m->reply = arena_new(a, struct mail_reply, v[3].u.list->n + v[4].u.list->n);
	add_recipients(m, v[3].u.list);
	add_recipients(m, v[4].u.list);
}

static void sort_replies(struct arena *a, struct message *m, bool taken) {
	size_t i;

	for (i = 0; i < m->n; i++) {
		const struct mail_reply *r = &m->reply[i];

		if (taken && r->code / 100 == 2) {
			list_push(m->accepted, val_str(r->address));
		} else if (r->code / 100 == 4 || r->code / 100 == 5) {
			list_push(m->refused, val_printf(a, "%s: %s", r->address, r->text));
			m->again = m->again || r->code / 100 == 4;
		}
	}
}

/* The text as it was sent, for Markdown: fenced by more backquotes than it has in a row. */
static void fenced(struct sbuf *b, const char *text) {
	static const char quotes[] = "````````````````";
	size_t most = 2, run = 0, i;

	for (i = 0; text[i] != '\0'; i++) {
		run = text[i] == '`' ? run + 1 : 0;
		most = run > most ? run : most;
	}
	most = most + 1 > sizeof(quotes) - 1 ? sizeof(quotes) - 1 : most + 1;
	sb_fmt(b, "\n\n%.*s\n%s\n%.*s", (int)most, quotes, text, (int)most, quotes);
}

static void addresses(struct sbuf *b, const char *before, const struct list *l) {
	size_t i;

	for (i = 0; i < l->n; i++)
		sb_fmt(b, "%s %s", i == 0 ? before : ",", l->v[i].u.s);
}

static bool journal(struct post *p, const struct message *m, const char *status, const char *error, struct err *e) {
	struct arena *a = p->j->a;
	const struct val *v = m->v;
	struct map *input = map_new(a, 5);
	struct problems problems = { .a = a };
	struct sbuf text;
	struct row *row;
	size_t i;

	if (v[11].type != V_INT || v[12].type != V_STR)
		return true;
	sb_init(&text, a);
	sb_fmt(&text, "E-mail “%s” %s", m->mail.subject, m->accepted->n > 0 ? "sent to" : "could not be sent");
	addresses(&text, "", m->accepted);
	sb_fmt(&text, ".%s%s", *error == '\0' ? "" : " ", error);
	sb_fmt(&text, "\n\nFrom %s", m->mail.sender);
	addresses(&text, ", to", m->mail.to);
	addresses(&text, ", CC", m->mail.cc);
	sb_str(&text, ".");
	for (i = 0; i < m->refused->n; i++)
		sb_fmt(&text, "\n\nRefused: %s", m->refused->v[i].u.s);
	fenced(&text, m->mail.body);
	map_set(input, "assigned_object_type", v[12]);
	map_set(input, "assigned_object_id", v[11]);
	map_set(input, "kind", val_str(strcmp(status, "failed") == 0 ? "danger" : m->refused->n > 0 ? "warning" : "success"));
	map_set(input, "comments", val_mem(text.s, text.len));
	map_set(input, "created_by", v[10]);
	return store_create(p->s, &res_journal_entry, input, &row, &problems, e);
}

/* The message and the note about it are written together. */
static bool settle(struct post *p, struct message *m, const char *status, double again, const char *error, struct err *e) {
	if (!db_begin(p->db, DB_WRITE, e))
		return false;
	if (!db_named(p->db, p->j->a, Q_MAIL_SETTLE, (struct val[]){ m->v[0], val_str(status), val_float(again), val_list(m->accepted), val_list(m->refused),
	    val_str(error) }, NULL, e) ||
	    (strcmp(status, "pending") != 0 && !journal(p, m, status, error, e))) {
		db_rollback(p->db);
		return false;
	}
	return db_commit(p->db, e);
}

static bool send_one(struct post *p, const struct val *v, struct err *e) {
	struct message m;
	double again = BACKOFF_FIRST;
	const char *status, *error;
	struct err why = { .code = ERR_NONE };
	int64_t i;
	bool taken, whole;

	read_message(p->j->a, v, &m);
	taken = m.n == 0 || smtp_send(p->j->conf, p->j->a, &m.mail, m.reply, m.n, &why);
	sort_replies(p->j->a, &m, taken);
	whole = !taken && m.refused->n == 0;    /* the server, not somebody there, is the trouble */
	m.again = m.again || (whole && why.kind != NULL && strcmp(why.kind, "again") == 0);
	for (i = 1; i < v[1].u.i && again < BACKOFF_MAX; i++)
		again *= 2;
	status = m.again && v[1].u.i < p->j->conf->email_tries ? "pending" : m.accepted->n > 0 ? "sent" : "failed";
	error = whole ? why.msg : m.refused->n > 0 && m.accepted->n == 0 ? "every recipient was refused" : "";
	p->sent += strcmp(status, "sent") == 0;
	p->failed += strcmp(status, "failed") == 0;
	p->later += strcmp(status, "pending") == 0;
	job_log_line(p->j, &(struct job_line){ .level = strcmp(status, "sent") == 0 ? m.refused->n > 0 ? JOB_WARNING : JOB_SUCCESS :
	    strcmp(status, "failed") == 0 ? JOB_FAILURE : JOB_WARNING, .object = m.mail.subject,
	    .url = arena_printf(p->j->a, "/messaging/email-messages/%lld/", (long long)v[0].u.i),
	    .message = arena_printf(p->j->a, "%s; taken for %u, refused for %u%s%s", strcmp(status, "pending") == 0 ? "tried again later" : status, m.accepted->n,
	        m.refused->n, *error == '\0' ? "" : ": ", error) });
	return settle(p, &m, status, again, error, e);
}

/* ---- all that waits ---- */

static void pause_between(const struct job *j) {
	int64_t ms = j->conf->email_rate == 0 ? 0 : 60000 / j->conf->email_rate;
	struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	if (ms > 0)
		nanosleep(&t, NULL);
}

/* The rest is another job's: those that come due later, or what is left when this one has worked long enough. */
static bool hand_over(struct post *p, struct err *e) {
	struct result q;
	double seconds;

	if (!db_named(p->db, p->j->a, Q_MAIL_DUE, NULL, &q, e))
		return false;
	if (result_at(&q, 0, 0).u.i == 0)
		return true;
	seconds = result_at(&q, 0, 1).type == V_FLOAT ? result_at(&q, 0, 1).u.f : 0;
	return mail_job(p->s, seconds < 1 ? 1 : seconds, e);
}

bool job_mail(struct job *j, struct err *e) {
	struct post p = { .j = j };
	struct map *result = map_new(j->a, 3);
	time_t start = time(NULL);
	struct result q;

	if (!job_store(j, JOB_AS_SYSTEM, &p.s, e) || !job_db(j, &p.db, e) || !db_named(p.db, j->a, Q_MAIL_LOST, NULL, &q, e))
		return false;
	if (q.n > 0)
		job_log(j, JOB_WARNING, "%zu messages were being sent when a runner was lost; they are not sent again by themselves", q.n);
	while (time(NULL) - start < SHIFT_SECONDS) {
		if (!db_named(p.db, j->a, Q_MAIL_CLAIM, NULL, &q, e))
			return false;
		if (q.n == 0)
			break;
		if (p.sent + p.failed + p.later > 0)
			pause_between(j);
		if (!send_one(&p, q.v, e))
			return false;
		job_progress(j, p.sent + p.failed + p.later, 0, "Sending");
	}
	map_set(result, "sent", val_int(p.sent));
	map_set(result, "failed", val_int(p.failed));
	map_set(result, "later", val_int(p.later));
	job_result(j, val_map(result));
	return hand_over(&p, e);
}
