/*
 * test_deploy.c: deployments against routers that are folders: what runs is a file, the confirm timer a time in another, so that a router
 * outlives the process that talks to it. A line "neighbor ADDRESS as ASN PREFIXES STATE" is a neighbour; "syntax" is refused on check,
 * "refuse" on commit, "unreachable" makes the router unreachable once it runs.
 */
#include "config.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/diff.h"
#include "book.h"
#include "db/queries.h"
#include "jobs/deploy.h"
#include "model/tables/tables.h"
#include "peering/deploy.h"
#include "pg.h"

ReportHook(PRE_ALL)(struct criterion_test_set *tests) {
	(void)tests;
	pg_start();
}

/* ---- a router in a folder ---- */

static const char *path_of(const struct device *d, const char *name) {
	return arena_printf(d->a, "%s/%s", d->host, name);
}

static const char *file_read(struct arena *a, const char *path) {
	FILE *f = fopen(path, "r");
	char *s = arena_alloc(a, 65536);
	size_t n;

	if (f == NULL)
		return NULL;
	n = fread(s, 1, 65535, f);
	s[n] = '\0';
	fclose(f);
	return s;
}

static void file_write(const char *path, const char *text) {
	FILE *f = fopen(path, "w");

	cr_assert_not_null(f, "%s", path);
	fputs(text, f);
	fclose(f);
}

static bool there(const char *path) {
	return access(path, F_OK) == 0;
}

static long long now_ms(void) {
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The router's own timer: what ran before comes back. */
static void tick(const struct device *d) {
	const char *change = file_read(d->a, path_of(d, "change"));
	long long until;
	char id[64];

	if (change != NULL && sscanf(change, "%63s %lld", id, &until) == 2 && now_ms() >= until) {
		file_write(path_of(d, "running"), file_read(d->a, path_of(d, "before")));
		unlink(path_of(d, "change"));
	}
}

static bool folder_open(struct device *d, struct err *e) {
	const char *running;

	tick(d);
	running = file_read(d->a, path_of(d, "running"));
	if (running == NULL || strstr(running, "unreachable") != NULL || there(path_of(d, "cut")))
		return err_kind(e, ERR_UPSTREAM, "unreachable", "%s: no route to host", d->name);
	d->state = d->a;
	return true;
}

static bool folder_running(struct device *d, struct sbuf *out, struct err *e) {
	(void)e;
	tick(d);
	sb_str(out, file_read(d->a, path_of(d, "running")));
	return true;
}

static bool folder_neighbours(struct device *d, struct arena *a, struct neighbours *out, struct err *e) {
	struct sbuf b;

	sb_init(&b, a);
	if (!folder_running(d, &b, e))
		return false;
	for (const char *s = b.s; *s != '\0'; s += strcspn(s, "\n"), s += *s == '\n') {
		char address[64], state[32];
		unsigned asn;
		int prefixes;

		if (sscanf(s, "neighbor %63s as %u %d %31s", address, &asn, &prefixes, state) == 4) {
			struct neighbour *n = neighbours_add(out, a);

			n->address = arena_strdup(a, address);
			n->asn = asn;
			n->accepted = prefixes;
			n->state = bgp_state_of(state);
		}
	}
	return true;
}

static bool folder_stage(struct device *d, const char *text, size_t len, enum stage_mode mode, struct err *e) {
	(void)mode;
	(void)e;
	file_write(path_of(d, "candidate"), arena_strndup(d->a, text, len));
	return true;
}

static bool folder_check(struct device *d, struct err *e) {
	const char *at = strstr(d->staged, "syntax");

	return at == NULL || err_kind(e, ERR_INVALID, "check", "%s: line 1: syntax error", d->name);
}

static bool folder_commit(struct device *d, unsigned seconds, const char *comment, struct err *e) {
	(void)comment;
	if (strstr(d->staged, "refuse") != NULL)
		return err_kind(e, ERR_UPSTREAM, "commit", "%s: not now", d->name);
	file_write(path_of(d, "before"), file_read(d->a, path_of(d, "running")));
	file_write(path_of(d, "change"), arena_printf(d->a, "%s %lld", d->change, now_ms() + (long long)seconds * 1000));
	file_write(path_of(d, "running"), d->staged);
	file_write(path_of(d, "committed"), "");
	if (there(path_of(d, "die_after_commit")))
		kill(getpid(), SIGKILL);
	return true;
}

static bool folder_discard(struct device *d, struct err *e) {
	(void)e;
	unlink(path_of(d, "candidate"));
	return true;
}

static bool folder_pending(struct device *d, struct pending *p, struct err *e) {
	const char *change;
	char id[64];

	(void)e;
	tick(d);
	change = file_read(d->a, path_of(d, "change"));
	p->running = change != NULL && sscanf(change, "%63s", id) == 1 && strcmp(id, d->change) == 0;
	return true;
}

static bool folder_confirm(struct device *d, struct err *e) {
	struct pending p;

	folder_pending(d, &p, e);
	if (!p.running)
		return err_kind(e, ERR_NOT_FOUND, "none", "%s: nothing waits", d->name);
	unlink(path_of(d, "change"));
	if (there(path_of(d, "die_after_confirm")))
		kill(getpid(), SIGKILL);
	return true;
}

static bool folder_rollback(struct device *d, struct err *e) {
	(void)e;
	file_write(path_of(d, "running"), file_read(d->a, path_of(d, "before")));
	unlink(path_of(d, "change"));
	return true;
}

static const struct driver folder = {
	.name = "folder", .label = "Folder", .can = CAN_REPLACE | CAN_CHECK | CAN_TIMER | CAN_ATOMIC, .transport = VIA_HTTPS,
	.open = folder_open, .running = folder_running, .neighbours = folder_neighbours, .stage = folder_stage, .check = folder_check,
	.commit = folder_commit, .discard = folder_discard, .pending = folder_pending, .confirm = folder_confirm, .rollback = folder_rollback,
};

const struct driver *const drivers[] = { &folder, NULL };

const struct driver *driver_find(const char *name) {
	return strcmp(name, "folder") == 0 ? &folder : NULL;
}

/* ---- the book ---- */

#define BASE "neighbor 192.0.2.1 as 64501 100 established\nneighbor 192.0.2.2 as 64502 10 established\n"

static struct book b;
static char dir[2][64];
static int64_t router[2], template_id;

static const char *at(int i, const char *name) {
	return arena_printf(b.a, "%s/%s", dir[i], name);
}

static void set_template(const char *text) {
	struct sbuf json;

	sb_init(&json, b.a);
	sb_str(&json, "{\"template\":");
	sb_json(&json, text, strlen(text));
	sb_chr(&json, '}');
	book_patch(&b, "devices/configurations", template_id, json.s);
}

static void setup(void) {
	int64_t platform;

	book_open(&b);
	b.conf.database = pg_conninfo(b.a, b.database);
	platform = book_id(&b, "devices/platforms", "{\"name\":\"Folder\",\"slug\":\"folder\",\"napalm_driver\":\"folder\"}");
	template_id = book_id(&b, "devices/configurations", "{\"name\":\"T\",\"template\":\"" "x" "\"}");
	book_id(&b, "peering/autonomous-systems", "{\"asn\":64500,\"name\":\"Us\",\"affiliated\":true}");
	for (int i = 0; i < 2; i++) {
		snprintf(dir[i], sizeof(dir[i]), "/tmp/peerage-folder.XXXXXX");
		cr_assert_not_null(mkdtemp(dir[i]));
		router[i] = book_id(&b, "devices/routers", arena_printf(b.a, "{\"name\":\"r%d\",\"hostname\":\"%s\",\"platform\":%lld,"
		    "\"local_autonomous_system\":{\"asn\":64500},\"configuration_template\":%lld}", i, dir[i], (long long)platform, (long long)template_id));
		file_write(at(i, "running"), BASE);
	}
}

static void teardown(void) {
	for (int i = 0; i < 2; i++) {
		static const char *const files[] = { "running", "change", "before", "candidate", "committed", "cut", "die_after_commit", "die_after_confirm" };

		for (size_t k = 0; k < ARRAY_LEN(files); k++)
			unlink(at(i, files[k]));
		rmdir(dir[i]);
	}
	book_close(&b);
}

TestSuite(deploy, .init = setup, .fini = teardown, .timeout = 60);

/* ---- jobs without a runner ---- */

static struct job *job_of(int64_t deployment) {
	struct job *j = arena_new(b.a, struct job, 1);
	struct result r;

	cr_assert(db_query(b.db, b.a, "SELECT j.id, j.name, j.object_id FROM deployment d JOIN job j ON j.id = d.job_id WHERE d.id = $1",
	    (struct val[]){ val_int(deployment) }, 1, &r, &b.e), "%s", b.e.msg);
	cr_assert_eq(r.n, 1);
	*j = (struct job){ .a = b.a, .conf = &b.conf, .id = result_at(&r, 0, 0).u.i, .name = result_at(&r, 0, 1).u.s,
	    .object_id = result_at(&r, 0, 2).u.i, .parameters = map_new(b.a, 1), .attempt = 1, .max_attempts = 1, .out = open("/dev/null", O_WRONLY) };
	return j;
}

static void job_done(struct job *j) {
	if (j->db_arena != NULL)
		arena_free(j->db_arena);
	close(j->out);
}

static bool do_job(int64_t deployment, job_fn *fn) {
	struct job *j = job_of(deployment);
	bool ok = fn(j, &b.e);

	job_done(j);
	return ok;
}

static struct val row(int64_t id, const char *column) {
	return val_str(book_sql(&b, arena_printf(b.a, "SELECT %s FROM deployment WHERE id = %lld", column, (long long)id)));
}

#define STATUS(id, want) cr_expect_str_eq(row(id, "status").u.s, "\"" want "\"", "status %s: %s", row(id, "status").u.s, row(id, "outcome").u.s)
#define SAYS(id, column, words) cr_expect(strstr(row(id, column).u.s, words) != NULL, "%s", row(id, column).u.s)
#define RUNS(i, want) cr_expect_str_eq(file_read(b.a, at(i, "running")), want)

/* In a transaction of its own. */
static bool in_write(bool (*fn)(int64_t, int64_t *), int64_t id, int64_t *out) {
	cr_assert(db_begin(b.db, DB_WRITE, &b.e), "%s", b.e.msg);
	if (fn(id, out))
		return db_commit(b.db, &b.e);
	db_rollback(b.db);
	return false;
}

static struct deploy_ask asked;

static bool ask_it(int64_t unused, int64_t *ids) {
	(void)unused;
	return deploy_ask(&b.s, &asked, ids, &b.e);
}

static bool approve_it(int64_t id, int64_t *unused) {
	const char *already;

	(void)unused;
	return deploy_approve(&b.s, id, &already, &b.e);
}

static bool run_it(int64_t id, int64_t *job) {
	return deploy_run(&b.s, id, job, &b.e);
}

static bool stop_it(int64_t on, int64_t *unused) {
	(void)unused;
	return deploy_stop_set(&b.s, on != 0, "a fire", &b.e);
}

/* Planned for n routers; ids[0] is the first. */
static void plan(size_t n, int64_t *ids) {
	asked = (struct deploy_ask){ .routers = router, .nrouters = n, .reason = "test", .confirm_seconds = 4, .gate_seconds = 2, .gate_share = 50 };
	cr_assert(in_write(ask_it, 0, ids), "%s", b.e.msg);
	for (size_t i = 0; i < n; i++) {
		if (!do_job(ids[i], job_deployment_plan))
			cr_log_info("plan: %s", b.e.msg);
	}
}

/* Planned, approved, asked to run; the job is not done yet. */
static int64_t ready(size_t n, int64_t *ids) {
	int64_t job, unused;

	plan(n, ids);
	cr_assert(in_write(approve_it, ids[0], &unused), "%s", b.e.msg);
	cr_assert(in_write(run_it, ids[0], &job), "%s", b.e.msg);
	return job;
}

#define GOOD BASE "neighbor 192.0.2.3 as 64503 0 active\n"

/* ---- what goes well ---- */

Test(deploy, is_planned_approved_run_and_confirmed) {
	int64_t id;

	set_template(GOOD);
	plan(1, &id);
	STATUS(id, "planned");
	cr_expect_str_eq(row(id, "risks").u.s, "[]");
	cr_expect_str_eq(row(id, "summary->'lines_added'").u.s, "1");
	RUNS(0, BASE);
	cr_expect(!in_write(run_it, id, &(int64_t){ 0 }), "what is not approved is not run");
	cr_expect_eq(b.e.code, ERR_CONFLICT);
	cr_assert(in_write(approve_it, id, &(int64_t){ 0 }), "%s", b.e.msg);
	cr_assert(in_write(run_it, id, &(int64_t){ 0 }), "%s", b.e.msg);
	STATUS(id, "queued");
	cr_expect(do_job(id, job_deployment_run), "%s", b.e.msg);
	STATUS(id, "confirmed");
	RUNS(0, GOOD);
	cr_expect(!there(at(0, "change")), "confirmed: no timer runs");
	cr_expect_str_eq(book_sql(&b, "SELECT string_agg(step || ':' || ok, ' ' ORDER BY n) FROM deployment_step"),
	    "\"render:true diff:true connect:true stage:true commit:true gate:true confirm:true\"");
	cr_expect_str_eq(book_sql(&b, "SELECT string_agg(kind || ' ' || origin, ', ' ORDER BY id) FROM configuration_version"),
	    "\"rendered plan, running before, diff plan, running after\"");
	plan(1, &id);
	STATUS(id, "unchanged");
}

Test(deploy, several_are_confirmed_together) {
	int64_t ids[2];

	set_template(GOOD);
	ready(2, ids);
	cr_expect(do_job(ids[0], job_deployment_run), "%s", b.e.msg);
	STATUS(ids[0], "confirmed");
	STATUS(ids[1], "confirmed");
	RUNS(0, GOOD);
	RUNS(1, GOOD);
}

/* ---- what goes wrong ---- */

Test(deploy, a_syntax_error_never_reaches_commit) {
	int64_t id;

	set_template("syntax\n");
	plan(1, &id);
	STATUS(id, "failed");
	SAYS(id, "outcome", "syntax error");
	cr_expect(!there(at(0, "committed")));
	cr_expect(!there(at(0, "candidate")), "it is not left staged");
	RUNS(0, BASE);
}

Test(deploy, a_refused_commit_changes_nothing) {
	int64_t id;

	set_template(GOOD "refuse\n");
	ready(1, &id);
	cr_expect(!do_job(id, job_deployment_run));
	STATUS(id, "failed");
	SAYS(id, "outcome", "not now");
	RUNS(0, BASE);
}

Test(deploy, a_router_that_is_not_reached_after_the_commit_goes_back_by_itself) {
	int64_t id;

	set_template(GOOD "unreachable\n");
	ready(1, &id);
	cr_expect(!do_job(id, job_deployment_run));
	STATUS(id, "rolled-back");
	SAYS(id, "outcome", "by itself");
	SAYS(id, "outcome", "no route to host");
	RUNS(0, BASE);
}

Test(deploy, a_lost_neighbour_brings_it_back) {
	int64_t id;

	set_template("neighbor 192.0.2.1 as 64501 100 established\nneighbor 192.0.2.2 as 64502 0 idle\n");
	ready(1, &id);
	cr_expect(!do_job(id, job_deployment_run));
	STATUS(id, "rolled-back");
	SAYS(id, "outcome", "192.0.2.2 is idle");
	SAYS(id, "outcome", "when asked");
	RUNS(0, BASE);
	cr_expect_str_eq(row(id, "decision").u.s, "\"go-back\"");
}

Test(deploy, too_few_prefixes_bring_it_back) {
	int64_t id;

	set_template("neighbor 192.0.2.1 as 64501 49 established\nneighbor 192.0.2.2 as 64502 10 established\n");
	ready(1, &id);
	cr_expect(!do_job(id, job_deployment_run));
	STATUS(id, "rolled-back");
	SAYS(id, "outcome", "49 prefixes accepted of 100");
}

Test(deploy, one_fails_and_all_go_back) {
	int64_t ids[2];

	set_template(GOOD "{% if router.name == 'r1' %}unreachable{% endif %}\n");
	ready(2, ids);
	cr_expect(!do_job(ids[0], job_deployment_run));
	STATUS(ids[0], "rolled-back");
	STATUS(ids[1], "rolled-back");
	RUNS(0, BASE);
	RUNS(1, BASE);
}

Test(deploy, one_is_refused_and_none_is_committed_or_all_go_back) {
	int64_t ids[2];

	set_template(GOOD "{% if router.name == 'r1' %}refuse{% endif %}\n");
	ready(2, ids);
	cr_expect(!do_job(ids[0], job_deployment_run));
	STATUS(ids[0], "rolled-back");
	STATUS(ids[1], "failed");
	RUNS(0, BASE);
	RUNS(1, BASE);
}

/* ---- what moved ---- */

Test(deploy, a_changed_book_makes_it_stale) {
	int64_t id;

	set_template(GOOD);
	ready(1, &id);
	set_template(GOOD "more\n");
	cr_expect(!do_job(id, job_deployment_run));
	STATUS(id, "stale");
	SAYS(id, "outcome", "the book has changed");
	RUNS(0, BASE);
}

Test(deploy, a_change_elsewhere_in_the_book_does_not) {
	int64_t id;

	set_template(GOOD);
	ready(1, &id);
	book_id(&b, "extras/tags", "{\"name\":\"t\",\"slug\":\"t\"}");
	cr_expect(do_job(id, job_deployment_run), "%s", b.e.msg);
	STATUS(id, "confirmed");
}

Test(deploy, a_changed_router_makes_it_stale) {
	int64_t id;

	set_template(GOOD);
	ready(1, &id);
	file_write(at(0, "running"), BASE "by hand\n");
	cr_expect(!do_job(id, job_deployment_run));
	STATUS(id, "stale");
	RUNS(0, BASE "by hand\n");
}

Test(deploy, two_for_one_router_do_not_both_run) {
	int64_t first, second;

	set_template(GOOD);
	ready(1, &first);
	ready(1, &second);
	cr_expect(do_job(first, job_deployment_run), "%s", b.e.msg);
	cr_expect(!do_job(second, job_deployment_run));
	STATUS(first, "confirmed");
	STATUS(second, "stale");
}

Test(deploy, one_under_way_keeps_another_out) {
	int64_t first, second;

	set_template(GOOD);
	ready(1, &first);
	ready(1, &second);
	book_sql(&b, arena_printf(b.a, "UPDATE deployment SET status = 'applying' WHERE id = %lld RETURNING 1", (long long)first));
	cr_expect(!do_job(second, job_deployment_run));
	STATUS(second, "failed");
	SAYS(second, "outcome", "another deployment is under way");
	RUNS(0, BASE);
}

/* ---- who may ---- */

static bool approve_as_another(int64_t id) {
	struct actor other = b.actor;
	bool ok;

	other.user_id = 0;
	other.user_name = "somebody else";
	b.s.actor = &other;
	ok = in_write(approve_it, id, &(int64_t){ 0 });
	b.s.actor = &b.actor;
	return ok;
}

Test(deploy, what_removes_neighbours_needs_somebody_else) {
	int64_t id;

	set_template("neighbor 192.0.2.1 as 64501 100 established\n");
	plan(1, &id);
	STATUS(id, "planned");
	SAYS(id, "risks", "Removes neighbours");
	SAYS(id, "summary->'neighbours'->'removed'", "192.0.2.2");
	cr_expect(!in_write(approve_it, id, &(int64_t){ 0 }));
	cr_expect_eq(b.e.code, ERR_DENIED, "%s", b.e.msg);
	cr_assert(approve_as_another(id), "%s", b.e.msg);
	cr_assert(in_write(run_it, id, &(int64_t){ 0 }), "%s", b.e.msg);
	cr_expect(do_job(id, job_deployment_run), "%s", b.e.msg);
	STATUS(id, "confirmed");
}

Test(deploy, the_emergency_stop_refuses_and_aborts) {
	int64_t id, unused;

	set_template(GOOD);
	ready(1, &id);
	book_sql(&b, "UPDATE deployment_stop SET stopped = true, reason = 'a fire', by_name = 'ann' RETURNING 1");
	cr_expect(!do_job(id, job_deployment_run));
	STATUS(id, "failed");
	SAYS(id, "outcome", "ann: a fire");
	RUNS(0, BASE);
	plan(1, &id);
	cr_assert(in_write(approve_it, id, &unused), "%s", b.e.msg);
	cr_expect(!in_write(run_it, id, &unused));
	cr_expect(strstr(b.e.msg, "release it") != NULL, "%s", b.e.msg);
	cr_assert(in_write(stop_it, 0, &unused), "%s", b.e.msg);
	cr_expect(in_write(run_it, id, &unused), "%s", b.e.msg);
	cr_assert(in_write(stop_it, 1, &unused), "%s", b.e.msg);
	STATUS(id, "failed");
}

Test(deploy, a_window_that_is_over_is_over) {
	int64_t id;

	set_template(GOOD);
	ready(1, &id);
	book_sql(&b, "UPDATE deployment SET not_after = now() - interval '1 minute' RETURNING 1");
	cr_expect(!do_job(id, job_deployment_run));
	STATUS(id, "stale");
	asked.not_after = "yesterday at noon";
	cr_expect(!in_write(ask_it, 0, &id));
	cr_expect_eq(b.e.code, ERR_INVALID, "%s", b.e.msg);
}

/* ---- a process that is lost ---- */

/* In a process of its own, which the router's driver ends. */
static void die_in(int64_t id, const char *where) {
	pid_t pid;
	int status;

	file_write(at(0, where), "");
	pid = fork();
	if (pid == 0) {
		struct job *j = job_of(id);
		struct err e;

		job_deployment_run(j, &e);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	unlink(at(0, where));
	cr_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "it was to be killed");
}

Test(deploy, killed_between_commit_and_confirm_it_goes_back) {
	int64_t id;

	set_template(GOOD);
	ready(1, &id);
	die_in(id, "die_after_commit");
	STATUS(id, "applying");
	RUNS(0, GOOD);
	cr_expect(!do_job(id, job_deployment_recover));
	STATUS(id, "rolled-back");
	SAYS(id, "outcome", "its runner was lost");
	RUNS(0, BASE);
	cr_expect(!do_job(id, job_deployment_recover), "a second time it finds nothing to do");
	STATUS(id, "rolled-back");
}

Test(deploy, killed_while_it_is_confirmed_it_goes_on) {
	int64_t ids[2];

	set_template(GOOD);
	ready(2, ids);
	die_in(ids[0], "die_after_confirm");
	cr_expect(do_job(ids[0], job_deployment_recover), "%s", b.e.msg);
	STATUS(ids[0], "confirmed");
	STATUS(ids[1], "confirmed");
	RUNS(0, GOOD);
	RUNS(1, GOOD);
}

Test(deploy, a_router_that_cannot_be_asked_is_not_said_to_be_back) {
	int64_t id;

	set_template(GOOD);
	ready(1, &id);
	die_in(id, "die_after_commit");
	book_sql(&b, "UPDATE deployment SET revert_by = now() - interval '1 hour' RETURNING 1");
	file_write(at(0, "cut"), "");
	cr_expect(!do_job(id, job_deployment_recover));
	STATUS(id, "unverified");
	SAYS(id, "outcome", "LOOK AT THE ROUTER");
}

/* ---- back to what was ---- */

Test(deploy, an_archived_configuration_is_gone_back_to) {
	int64_t id, version;

	set_template(GOOD);
	ready(1, &id);
	cr_assert(do_job(id, job_deployment_run), "%s", b.e.msg);
	version = strtoll(book_sql(&b, "SELECT id FROM configuration_version WHERE kind = 'running' AND origin = 'before'"), NULL, 10);
	asked = (struct deploy_ask){ .routers = router, .nrouters = 1, .restores = version, .confirm_seconds = 4, .gate_seconds = 2, .gate_share = 50 };
	cr_assert(in_write(ask_it, 0, &id), "%s", b.e.msg);
	do_job(id, job_deployment_plan);
	STATUS(id, "planned");
	cr_assert(approve_as_another(id), "%s", b.e.msg);
	cr_assert(in_write(run_it, id, &(int64_t){ 0 }), "%s", b.e.msg);
	cr_expect(do_job(id, job_deployment_run), "%s", b.e.msg);
	STATUS(id, "confirmed");
	RUNS(0, BASE);
	asked.routers = &router[1];
	cr_expect(!in_write(ask_it, 0, &id), "not to another router");
}
