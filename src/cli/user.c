/* user.c: `peerage user`: users as an operator makes them. */
#include "config.h"

#include <stdio.h>
#include <unistd.h>

#include "base/secret.h"
#include "cli/commands.h"
#include "cli/user.h"
#include "cli/world.h"
#include "db/queries.h"

static const char help[] =
	"usage: peerage user add NAME [--password-stdin | --no-password] [--email ADDRESS] [--staff] [--superuser]\n"
	"       peerage user passwd NAME [--password-stdin]\n"
	"       peerage user reset-totp NAME\n"
	"       peerage user can NAME [RESOURCE]\n"
	"       peerage user list\n\n"
	"The password is asked for on the terminal, or is the first line of standard input with --password-stdin.\n";

static const struct resource *users(void) {
	return res_by_model("auth.user");
}

static bool ask_password(struct cli *c, bool from_stdin, const char **out, struct err *e) {
	const char *p;

	if (from_stdin)
		p = cli_read_line(c);
	else if ((p = getpass("Password: ")) != NULL)
		p = arena_strdup(c->a, p);
	if (p == NULL || *p == '\0')
		return err_set(e, ERR_INVALID, "password", "the password is empty");
	*out = p;
	return true;
}

static bool create(struct world *w, const struct map *input, struct problems *p, struct err *e) {
	struct row *row;

	return db_begin(w->db, DB_WRITE, e) && store_create(&w->store, users(), input, &row, p, e) && db_commit(w->db, e);
}

static int add(struct cli *c, struct world *w) {
	bool from_stdin = false, without = false, staff = false, superuser = false;
	const char *email = "", *password = NULL;
	const struct cli_option options[] = { { "--password-stdin", &from_stdin, NULL }, { "--no-password", &without, NULL },
		{ "--staff", &staff, NULL }, { "--superuser", &superuser, NULL }, { "--email", NULL, &email }, { NULL, NULL, NULL } };
	struct map *input = map_new(c->a, 8);
	struct problems p = { .a = c->a };
	struct err e;
	int n;

	if (!cli_options(c, options, &n) || n != 2)
		return cli_usage(help, true);
	if (!without && !ask_password(c, from_stdin, &password, &e))
		return cli_fail(c, &e);
	map_set(input, "username", val_str(c->argv[2]));
	map_set(input, "password", val_str(without ? random_hex(c->a, 32) : password));
	map_set(input, "email", val_str(email));
	map_set(input, "is_staff", val_bool(staff || superuser));
	map_set(input, "is_superuser", val_bool(superuser));
	if (!create(w, input, &p, &e)) {
		db_rollback(w->db);
		return cli_fail_input(c, &e, &p);
	}
	if (!c->json)
		printf("user %s added\n", c->argv[2]);
	return 0;
}

static int set_password(struct cli *c, struct world *w) {
	bool from_stdin = false;
	const struct cli_option options[] = { { "--password-stdin", &from_stdin, NULL }, { NULL, NULL, NULL } };
	const char *password, *hash;
	struct result r;
	struct err e;
	int64_t id;
	int n;

	if (!cli_options(c, options, &n) || n != 2)
		return cli_usage(help, true);
	if (!ask_password(c, from_stdin, &password, &e) || !password_hash(c->a, password, &hash, &e))
		return cli_fail(c, &e);
	if (!world_user(w, c->argv[2], &id, &e) ||
	    !db_named(w->db, c->a, Q_USER_SET_PASSWORD, (struct val[]){ val_str(c->argv[2]), val_str(hash) }, &r, &e))
		return cli_fail(c, &e);
	return 0;
}

/* The way back in for who lost both device and recovery codes. */
static int reset_totp(struct cli *c, struct world *w) {
	struct val p[5] = { val_null(), val_str(c->argc == 3 ? c->argv[2] : ""), val_str("second-factor-reset"), val_null(), val_str("by the command peerage") };
	struct result r;
	struct err e;
	int64_t id = 0;

	if (c->argc != 3)
		return cli_usage(help, true);
	if (!world_user(w, c->argv[2], &id, &e))
		return cli_fail(c, &e);
	p[0] = val_int(id);
	if (!db_begin(w->db, DB_WRITE, &e) || !db_named(w->db, c->a, Q_TOTP_DROP, p, &r, &e))
		return cli_fail(c, &e);
	if (r.n == 0) {
		db_rollback(w->db);
		err_set(&e, ERR_NOT_FOUND, NULL, "\"%s\" has no second factor", c->argv[2]);
		return cli_fail(c, &e);
	}
	if (!db_named(w->db, c->a, Q_SIGN_IN_NOTE, p, &r, &e) || !db_commit(w->db, &e))
		return cli_fail(c, &e);
	if (!c->json)
		printf("%s signs in with the password alone until a new second factor is set up\n", c->argv[2]);
	return 0;
}

static int can(struct cli *c, struct world *w) {
	struct err e;
	int64_t id = 0;

	if (c->argc < 3 || c->argc > 4)
		return cli_usage(help, true);
	return world_user(w, c->argv[2], &id, &e) ? user_can(c, w, id, c->argc == 4 ? c->argv[3] : NULL) : cli_fail(c, &e);
}

static int list(struct cli *c, struct world *w) {
	struct result r;
	struct err e;
	size_t i;

	if (!db_named(w->db, c->a, Q_USER_LIST, NULL, &r, &e))
		return cli_fail(c, &e);
	for (i = 0; i < r.n && !c->json; i++)
		printf("%-24s %-30s%s%s%s\n", result_at(&r, i, 1).u.s, result_at(&r, i, 4).u.s, result_at(&r, i, 5).u.b ? "" : " inactive",
		    result_at(&r, i, 6).u.b ? " staff" : "", result_at(&r, i, 7).u.b ? " superuser" : "");
	if (c->json)
		cli_json_line(c, result_maps(c->a, &r, NULL));
	return 0;
}

int cmd_user(struct cli *c) {
	static const struct cli_verb verbs[] = {
		{ "add", add }, { "can", can }, { "list", list }, { "passwd", set_password }, { "reset-totp", reset_totp }, { NULL, NULL },
	};

	return cli_verbs(c, verbs, help);
}
