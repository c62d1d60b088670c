/* world.c: settings, database, options and errors of subcommands. */
#include "config.h"

#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

#include "base/json.h"
#include "base/log.h"
#include "base/secret.h"
#include "cli/world.h"
#include "db/queries.h"
#include "model/types.h"
#include "peering/peering.h"

bool world_open(struct cli *c, struct world *w, struct err *e) {
	struct passwd *user = getpwuid(getuid());

	memset(w, 0, sizeof(*w));
	if (!conf_load(c->a, c->conf_path, &w->conf, e) || !db_open(c->a, w->conf.database, "peerage", &w->db, e))
		return false;
	w->actor = (struct actor){ .user_name = user == NULL ? "peerage" : arena_strdup(c->a, user->pw_name), .authenticated = true, .superuser = true, .staff = true };
	w->store = (struct store){ .a = c->a, .db = w->db, .conf = &w->conf, .actor = &w->actor, .base_url = "",
	    .behaviours = peering_behaviours, .request_id = random_uuid(c->a) };
	return true;
}

bool world_which(struct world *w, const struct resource *res, const char *arg, int64_t *id, struct err *e) {
	const char *is = strchr(arg, '=');
	struct map *m = map_new(w->store.a, 1);

	if (int_parse(arg, strlen(arg), id))
		return true;
	if (is == NULL)
		return err_set(e, ERR_INVALID, NULL, "\"%s\" is neither an id nor of the form name=value", arg);
	map_set(m, arena_strndup(w->store.a, arg, (size_t)(is - arg)), val_str(is + 1));
	return store_find(&w->store, res, m, id, e);
}

bool world_user(struct world *w, const char *name, int64_t *id, struct err *e) {
	struct val key = val_str(name);
	struct result r;

	if (!db_named(w->db, w->store.a, Q_USER_BY_NAME, &key, &r, e))
		return false;
	if (r.n == 0)
		return err_set(e, ERR_NOT_FOUND, NULL, "there is no user \"%s\"; `peerage user list` lists them", name);
	*id = result_at(&r, 0, 0).u.i;
	return true;
}

void cli_json(const struct cli *c, struct val v) {
	struct sbuf b;

	sb_init(&b, c->a);
	json_write_pretty(&b, v, 2, JSON_AS_IS);
	printf("%s\n", b.s);
}

void cli_json_line(const struct cli *c, struct val v) {
	struct sbuf b;

	sb_init(&b, c->a);
	json_write(&b, v);
	printf("%s\n", b.s);
}

int cli_fail(const struct cli *c, const struct err *e) {
	return cli_fail_input(c, e, NULL);
}

int cli_fail_input(const struct cli *c, const struct err *e, const struct problems *p) {
	bool fields = p != NULL && problems_any(p);
	size_t i;

	if (c->json) {
		struct map *m = map_new(c->a, 4);

		map_set(m, "error", val_str(err_slug(e->code)));
		map_set(m, "field", val_str_or_null(e->field));
		map_set(m, "detail", val_str(e->msg));
		if (fields)
			map_set(m, "fields", val_map(p->fields));
		cli_json(c, val_map(m));
	} else if (!fields) {
		fprintf(stderr, "peerage: %s\n", e->msg);
	}
	for (i = 0; !c->json && fields && i < p->fields->n; i++) {
		struct sbuf b;

		sb_init(&b, c->a);
		json_write(&b, map_val(p->fields, i));
		fprintf(stderr, "peerage: %s: %s\n", val_cstr(map_key(p->fields, i), ""), b.s);
	}
	return err_exit(e->code);
}

int cli_usage(const char *text, bool wrong) {
	fputs(text, wrong ? stderr : stdout);
	return wrong ? 2 : 0;
}

bool cli_wants_help(const struct cli *c) {
	int i;

	for (i = 1; i < c->argc; i++) {
		if (strcmp(c->argv[i], "--help") == 0 || strcmp(c->argv[i], "-h") == 0)
			return true;
	}
	return false;
}

static const struct cli_option *option_named(const struct cli_option *o, const char *name) {
	for (; o->name != NULL; o++) {
		if (strcmp(o->name, name) == 0)
			return o;
	}
	return NULL;
}

bool cli_options(struct cli *c, const struct cli_option *options, int *n) {
	bool over = false;
	int i, kept = 0;

	for (i = 1; i < c->argc; i++) {
		const struct cli_option *o = over || strncmp(c->argv[i], "--", 2) != 0 ? NULL : option_named(options, c->argv[i]);

		if (!over && strcmp(c->argv[i], "--") == 0) {
			over = true;
		} else if (o == NULL && (over || c->argv[i][0] != '-' || c->argv[i][1] == '\0')) {
			c->argv[1 + kept++] = c->argv[i];
		} else if (o == NULL || (o->value != NULL && i + 1 == c->argc)) {
			fprintf(stderr, o == NULL ? "peerage: %s has no option %s\n" : "peerage: %s: %s wants a value\n", c->argv[0], c->argv[i]);
			return false;
		} else if (o->value != NULL) {
			*o->value = c->argv[++i];
		} else {
			*o->flag = true;
		}
	}
	*n = kept;
	return true;
}

const char *cli_read_line(struct cli *c) {
	char line[4096];
	size_t n;

	if (fgets(line, sizeof(line), stdin) == NULL)
		return NULL;
	n = strcspn(line, "\r\n");
	return arena_strndup(c->a, line, n);
}

int cli_verbs(struct cli *c, const struct cli_verb *verb, const char *help) {
	struct world w;
	struct err e;

	if (cli_wants_help(c))
		return cli_usage(help, false);
	while (c->argc > 1 && verb->name != NULL && strcmp(verb->name, c->argv[1]) != 0)
		verb++;
	if (c->argc < 2 || verb->name == NULL)
		return cli_usage(help, true);
	return world_open(c, &w, &e) ? verb->run(c, &w) : cli_fail(c, &e);
}

const char *cli_text(struct arena *a, struct val v) {
	struct sbuf b;

	if (v.type == V_STR)
		return v.u.s;
	if (val_is_null(v))
		return "-";
	sb_init(&b, a);
	json_write(&b, v);
	return b.s;
}
