/* extras_prefixes.c: prefixes of AS-SETs that a client names: as they are known, else a job asks the registries and is waited for. */
#include "config.h"

#include "db/queries.h"
#include "extras_prefixes.h"
#include "model/tables/tables.h"
#include "peering/rules.h"

enum { WAIT_MS = 8000, SETS_MOST = 50 };

struct wanted {
	struct list *names;             /* as they are answered */
	struct list *families;          /* numbers */
	const char *source;
};

static bool bad(struct req *r, const char *text) {
	struct map *m = map_new(r->a, 1);

	map_set(m, "detail", val_str(text));
	r->status = 400;
	return req_json(r, val_map(m));
}

/* "64500" -> "AS64500"; a registry in front and "ipv4:" go, as in the AS-SET of an autonomous system. */
static struct list *names_of(struct req *r, const char *text) {
	struct as_set *sets;
	size_t n = text[strspn(text, " ,/&")] == '\0' ? 0 : as_sets(r->a, text, 0, r->conf->bgpq_sources, &sets);
	struct list *out = list_new(r->a, n);
	struct map *seen = map_new(r->a, n);

	for (size_t i = 0; i < n; i++) {
		const char *s = sets[i].name;
		struct val name = val_str(s[strspn(s, "0123456789")] == '\0' ? arena_printf(r->a, "AS%s", s) : s);

		if (*s == '\0' || map_find(seen, name) != NULL)
			continue;
		map_put(seen, name, val_null());
		list_push(out, name);
	}
	return out;
}

static bool families_of(const char *af, struct list *out) {
	for (const char *s = af; *s != '\0';) {
		size_t n = strcspn(s, ",");

		if (n != 1 || (*s != '4' && *s != '6'))
			return false;
		list_push(out, val_int(*s - '0'));
		s += n + (s[n] == ',');
	}
	return out->n > 0 && out->n <= 2;
}

/* {"AS-FOO": {"ipv6": [...], "ipv4": [...]}}; *missing: those of which something is not known. */
static bool answer(struct req *r, const struct wanted *w, double age, struct list **missing) {
	struct map *all = map_new(r->a, w->names->n);
	struct result q;

	*missing = list_new(r->a, w->names->n);
	if (!db_named(r->db, r->a, Q_IRR_ANSWERS, (struct val[]){ val_list(w->names), val_str(w->source), val_float(age) }, &q, &r->err))
		return false;
	for (size_t i = 0; i < w->names->n; i++) {
		struct map *one = map_new(r->a, 2);
		bool whole = true;

		for (size_t k = 0; k < w->families->n; k++) {
			int64_t family = w->families->v[k].u.i;
			struct val found = val_undef();

			for (size_t row = 0; row < q.n; row++) {
				if (val_equal(result_at(&q, row, 0), w->names->v[i]) && result_at(&q, row, 1).u.i == family)
					found = result_at(&q, row, 2);
			}
			whole = whole && found.type == V_LIST;
			map_set(one, family == 6 ? "ipv6" : "ipv4", found.type == V_LIST ? found : val_list(list_new(r->a, 0)));
		}
		if (!whole)
			list_push(*missing, w->names->v[i]);
		map_put(all, w->names->v[i], val_map(one));
	}
	sb_reset(&r->body);
	return req_json(r, val_map(all));
}

static bool wanted_of(struct req *r, struct wanted *w) {
	const char *sets = req_param(r, "as-set"), *af = req_param(r, "af");

	w->names = names_of(r, sets == NULL ? "" : sets);
	w->families = list_new(r->a, 2);
	w->source = arena_printf(r->a, "%s %s", r->conf->bgpq_host, r->conf->bgpq_sources);
	if (w->names->n == 0 || w->names->n > SETS_MOST)
		return bad(r, w->names->n == 0 ? "No valid IRR AS-SETs or AS numbers given." : "At most 50 IRR AS-SETs or AS numbers are taken.");
	if (!families_of(af == NULL || *af == '\0' ? "4,6" : af, w->families))
		return bad(r, "Invalid af parameter, must be 4, 6 or both.");
	return true;
}

/* After the job: whatever is known by then; what the registries do not know is empty. */
static bool after(struct req *r) {
	struct list *missing;
	struct wanted w;
	bool ended;

	if (!action_wait(r->call, &ended, &r->err))
		return false;
	if (!ended)
		return true;
	r->status = 200;
	return wanted_of(r, &w) && db_begin(r->db, DB_READ, &r->err) && answer(r, &w, 86400, &missing) && db_commit(r->db, &r->err);
}

bool api_prefix_list(struct req *r) {
	const struct action none = { .res = &res_job };
	struct map *parameters = map_new(r->a, 2);
	struct list *missing;
	struct wanted w;

	if (!wanted_of(r, &w) || r->status == 400)
		return r->status == 400;
	if (!answer(r, &w, req_param(r, "skip-cache") != NULL ? 0 : (double)r->conf->cache_prefix_list_timeout, &missing))
		return false;
	if (missing->n == 0)
		return true;
	map_set(parameters, "sets", val_list(missing));
	map_set(parameters, "families", val_list(w.families));
	r->call = arena_new(r->a, struct action_call, 1);
	*r->call = action_call(&r->store, &none, NULL, parameters);
	r->call->wait = WAIT_MS;
	r->call->plain_job = true;
	if (!action_job(r->call, &(struct job_request){ .name = "extras.prefix_list", .parameters = parameters }, &r->err) ||
	    !action_jobs(r->call, &r->err))
		return false;
	r->news = JOB_NEW;
	r->after = after;
	r->body = *r->call->body;
	r->status = 202;
	return true;
}
