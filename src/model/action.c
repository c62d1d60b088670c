/* action.c: what all actions share: finding them, their permission, the jobs that they ask for. */
#include "config.h"

#include <time.h>

#include "db/queries.h"
#include "model/action.h"
#include "model/tables/tables.h"

enum { FIRST_NAP = 20, LONGEST_NAP = 250 };     /* milliseconds between two looks at a job */

const struct action *action_find(const struct action *t, const struct resource *res, const char *name) {
	for (; t != NULL && t->name != NULL; t++) {
		if (t->res == res && strcmp(t->name, name) == 0)
			return t;
	}
	return NULL;
}

/* "peering.change_bgpgroup": of a resource other than the action's own. */
static bool may_one(const struct store *s, const char *permission, size_t len) {
	const char *name = arena_strndup(s->a, permission, len), *dot = strchr(name, '.'), *under = strrchr(name, '_');
	const struct resource *res;

	if (dot == NULL || under == NULL || under < dot)
		return false;
	res = res_by_model(arena_printf(s->a, "%.*s.%s", (int)(dot - name), name, under + 1));
	return res != NULL && may(s, res, arena_strndup(s->a, dot + 1, (size_t)(under - dot - 1)));
}

static bool may_further(const struct store *s, const char *permissions) {
	for (; *permissions != '\0'; permissions += strspn(permissions, ", ")) {
		size_t len = strcspn(permissions, ", ");

		if (!may_one(s, permissions, len))
			return false;
		permissions += len;
	}
	return true;
}

bool action_may(const struct store *s, const struct action *t) {
	return may(s, t->res, t->verb) && (t->further == NULL || may_further(s, t->further));
}

struct action_call action_call(struct store *s, const struct action *t, struct row *object, const struct map *input) {
	struct action_call c = { .s = s, .res = t->res, .object = object, .input = input, .said = "", .problems = { .a = s->a } };

	c.body = arena_new(s->a, struct sbuf, 1);
	sb_init(c.body, s->a);
	c.jobs = list_new(s->a, 1);
	return c;
}

bool action_job(struct action_call *c, const struct job_request *asked, struct err *e) {
	struct job_request q = *asked;
	int64_t id;

	if (q.res == NULL) {
		q.res = c->res;
		q.object_id = c->object == NULL ? 0 : c->object->id;
	}
	q.user_id = c->s->actor->user_id;
	q.request_id = c->s->request_id;
	if (!job_enqueue(c->s->db, c->s->a, &q, &id, e))
		return false;
	list_push(c->jobs, val_int(id));
	return true;
}

const char *action_path(struct arena *a, const struct action *t, bool api, bool many) {
	return arena_printf(a, "/%s%s/%s%s/", api ? "api/" : "", api ? t->res->api : t->res->page, many || (t->flags & ACTION_TYPE) != 0 ? "" : "{id}/", t->name);
}

bool action_button(const struct action *t) {
	return (t->flags & (ACTION_READS | ACTION_NO_BUTTON)) == 0 && t->res->page != NULL;
}

bool action_gets(const struct action *t) {
	return (t->flags & (ACTION_READS | ACTION_GET_JOB)) != 0;
}

bool action_write(struct action_call *c, struct map *input, struct err *e) {
	struct row *after;

	if (c->writes == NULL)
		return store_update(c->s, c->res, c->object->id, input, WRITE_PATCH, &after, &c->problems, e);
	list_push(c->writes, val_map(input));
	return true;
}

bool action_rows(struct action_call *c, const struct resource *res, const struct result *ids, enum form form, struct err *e) {
	struct query q = { .res = res, .nids = ids->n, .form = form };
	int64_t *id = arena_new(c->s->a, int64_t, ids->n + 1);
	struct rows rows = { 0 };

	for (size_t i = 0; i < ids->n; i++)
		id[i] = result_at(ids, i, 0).u.i;
	q.ids = id;
	if (ids->n > 0 && may(c->s, res, "view") && !store_list(c->s, &q, &rows, NULL, e))
		return false;
	sb_chr(c->body, '[');
	for (size_t i = 0; i < rows.n; i++) {
		if (i > 0)
			sb_chr(c->body, ',');
		row_json(c->s, c->body, rows.row[i], form, NULL, NULL);
	}
	sb_chr(c->body, ']');
	return true;
}

/* The jobs as the API shows them, whoever may see jobs: the answer is to the one who asked for them. */
bool action_jobs(struct action_call *c, struct err *e) {
	struct actor anyone = { .authenticated = true, .superuser = true };
	struct store s = *c->s;
	struct result ids = { .n = c->jobs->n, .cols = 1, .v = c->jobs->v };
	struct action_call as = *c;

	s.actor = &anyone;
	as.s = &s;
	if (!action_rows(&as, &res_job, &ids, FORM_FULL, e))
		return false;
	if (c->plain_job && c->body->len > 2) {
		/* the one in the list, without the brackets */
		memmove(c->body->s, c->body->s + 1, c->body->len - 2);
		c->body->len -= 2;
		c->body->s[c->body->len] = '\0';
	}
	return true;
}

bool action_run(struct action_call *c, const struct action *t, struct err *e) {
	if (!t->fn(c, e))
		return false;
	if (c->body->len == 0 && (c->jobs->n > 0 || c->status == 202))
		return action_jobs(c, e);
	return true;
}

static void nap(unsigned milliseconds) {
	nanosleep(&(struct timespec){ .tv_sec = milliseconds / 1000, .tv_nsec = (long)(milliseconds % 1000) * 1000000 }, NULL);
}

bool action_wait(struct action_call *c, bool *ended, struct err *e) {
	unsigned waited = 0, step = FIRST_NAP;
	struct val jobs = val_list(c->jobs);
	struct result r;

	for (;;) {
		if (!db_named(c->s->db, c->s->a, Q_JOBS_GOING, &jobs, &r, e))
			return false;
		*ended = result_at(&r, 0, 0).u.i == 0;
		if (*ended || waited >= c->wait || result_at(&r, 0, 1).u.i == 0)
			return true;
		nap(step);
		waited += step;
		step = step * 2 > LONGEST_NAP ? LONGEST_NAP : step * 2;
	}
}
