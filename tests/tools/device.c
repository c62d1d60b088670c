/*
 * device.c: drives a driver from a script, for the suites of src/devices: `device NAME=VALUE ...` describes the router, each line of standard
 * input is a step (see steps[]). A step answers with what it read, then `ok STEP`, or with `error CODE KIND MESSAGE`.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/net.h"
#include "devices/transport.h"

struct script {
	struct arena *a;
	struct device *d;
	struct device_hop hop;
	struct map *args;
	char *word[4];                  /* of the line: the step, then up to three; the last has the rest */
};

static const struct driver raw = { .name = "raw", .label = "a plain host", .transport = VIA_SSH, .port = 22 };

static char *slurp(struct script *c, const char *path, size_t *len, struct err *e) {
	FILE *f = fopen(path, "rb");
	struct sbuf b;
	char piece[65536];
	size_t n;

	if (f == NULL) {
		err_set(e, ERR_NOT_FOUND, NULL, "no file %s", path);
		return NULL;
	}
	sb_init(&b, c->a);
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		sb_mem(&b, piece, n);
	fclose(f);
	*len = b.len;
	return b.s;
}

/* For the table of what is proven: with $PEERAGE_COVER, a file, a line "DRIVER SUITE WHAT" for each step that worked. */
static void cover(const struct script *c, const char *what) {
	const char *path = getenv("PEERAGE_COVER"), *suite = getenv("PEERAGE_SUITE");
	FILE *f = path == NULL ? NULL : fopen(path, "a");

	if (f == NULL)
		return;
	fprintf(f, "%s %s %s\n", c->d->driver->name, suite == NULL ? "-" : suite, what);
	fclose(f);
}

static bool do_open(struct script *c, struct err *e) {
	return device_open(c->d, e);
}

static bool do_close(struct script *c, struct err *e) {
	(void)e;
	device_close(c->d);
	return true;
}

static bool do_offered(struct script *c, struct err *e) {
	if (!device_offered(c->d, e))
		return false;
	printf("offered=%s\n", c->d->offered);
	return true;
}

static bool do_trust(struct script *c, struct err *e) {
	if (!device_offered(c->d, e))
		return false;
	c->d->host_key = c->d->offered;
	return true;
}

static bool do_facts(struct script *c, struct err *e) {
	struct facts f;

	if (!device_facts(c->d, c->a, &f, e))
		return false;
	printf("vendor=%s\nmodel=%s\nversion=%s\nserial=%s\nhostname=%s\nuptime=%lld\n", f.vendor, f.model, f.version, f.serial, f.hostname, (long long)f.uptime);
	return true;
}

static bool do_neighbours(struct script *c, struct err *e) {
	bool vrf = false, reset = false;
	struct neighbours list;
	size_t i;

	if (!device_neighbours(c->d, c->a, &list, e))
		return false;
	for (i = 0; i < list.n; i++) {
		const struct neighbour *n = &list.v[i];

		printf("neighbour=%s vrf=%s asn=%u state=%s shutdown=%d received=%lld accepted=%lld advertised=%lld uptime=%lld reset=%s description=%s\n",
		    n->address, n->vrf, n->asn, bgp_state_name(n->state), n->shutdown, (long long)n->received, (long long)n->accepted,
		    (long long)n->advertised, (long long)n->uptime, n->last_reset, n->description);
		vrf |= n->vrf[0] != '\0';
		reset |= n->last_reset[0] != '\0';
	}
	if (vrf)
		cover(c, "vrf");
	if (reset)
		cover(c, "reset");
	return true;
}

static bool print_buf(const struct sbuf *b) {
	fwrite(b->s, 1, b->len, stdout);
	if (b->len > 0 && b->s[b->len - 1] != '\n')
		putchar('\n');
	return true;
}

static bool do_running(struct script *c, struct err *e) {
	struct sbuf b;

	sb_init(&b, c->a);
	return device_running(c->d, &b, e) && print_buf(&b);
}

static bool do_stage(struct script *c, struct err *e) {
	size_t len;
	char *text = slurp(c, c->word[3], &len, e);

	return text != NULL && device_stage(c->d, c->word[1], text, len, strcmp(c->word[2], "merge") == 0 ? STAGE_MERGE : STAGE_REPLACE, e);
}

static bool do_check(struct script *c, struct err *e) {
	return device_check(c->d, e);
}

static bool do_diff(struct script *c, struct err *e) {
	struct sbuf b;

	sb_init(&b, c->a);
	return device_diff(c->d, &b, e) && print_buf(&b);
}

static bool do_commit(struct script *c, struct err *e) {
	unsigned given;

	if (!device_commit(c->d, (unsigned)strtoul(c->word[1], NULL, 10), c->word[2], &given, e))
		return false;
	printf("given=%u\n", given);
	if (given > 0)
		cover(c, "timer");
	return true;
}

static bool do_discard(struct script *c, struct err *e) {
	return device_discard(c->d, e);
}

static bool do_pending(struct script *c, struct err *e) {
	struct pending p;

	if (!device_pending(c->d, c->word[1], &p, e))
		return false;
	printf("pending=%d seconds=%lld\n", p.running, (long long)p.seconds);
	return true;
}

static bool do_confirm(struct script *c, struct err *e) {
	return device_confirm(c->d, c->word[1], e);
}

static bool do_rollback(struct script *c, struct err *e) {
	return device_rollback(c->d, c->word[1], e);
}

static const char *rest_of(struct script *c) {
	return arena_printf(c->a, "%s%s%s%s%s", c->word[1], c->word[2][0] == '\0' ? "" : " ", c->word[2], c->word[3][0] == '\0' ? "" : " ", c->word[3]);
}

/* A command with the file `run.in` of the current folder as its input, if there is one. Output is told by size and hash beyond 2 kB. */
static bool do_run(struct script *c, struct err *e) {
	struct command_run run = { .command = rest_of(c) };
	struct command_result r;
	struct err none;

	if (c->d->transport == NULL)
		return err_kind(e, ERR_UPSTREAM, "cut", "not open");
	run.in = slurp(c, "run.in", &run.in_len, &none);
	if (!transport_run(c->d->transport, c->a, &run, &r, e))
		return false;
	printf("status=%d out=%zu err=%zu\n", r.status, r.out.len, r.err.len);
	return (r.out.len > 2000 || print_buf(&r.out)) && (r.err.len > 2000 || print_buf(&r.err));
}

static bool do_put(struct script *c, struct err *e) {
	size_t len;
	char *text = slurp(c, c->word[2], &len, e);

	return text != NULL && transport_put(c->d->transport, c->a, c->word[1], text, len, 0640, e);
}

static bool do_get(struct script *c, struct err *e) {
	struct sbuf b;

	sb_init(&b, c->a);
	return transport_get(c->d->transport, c->word[1], &b, e) && print_buf(&b);
}

/* shell PROMPT LINE */
static bool do_shell(struct script *c, struct err *e) {
	struct shell_options o = { .prompt = c->word[1], .pager = "--More--" };
	struct shell *sh;
	struct sbuf b;

	sb_init(&b, c->a);
	if (!shell_open(c->d->transport, &o, NULL, &sh, e) || !shell_run(sh, arena_printf(c->a, "%s %s", c->word[2], c->word[3]), &b, 0, e))
		return false;
	print_buf(&b);
	printf("prompt=%s\n", shell_prompt(sh));
	shell_close(sh);
	return true;
}

static const struct step {
	const char *name;
	bool (*fn)(struct script *, struct err *);
} steps[] = {
	{ "check", do_check }, { "close", do_close }, { "commit", do_commit }, { "confirm", do_confirm }, { "diff", do_diff },
	{ "discard", do_discard }, { "facts", do_facts }, { "get", do_get }, { "neighbours", do_neighbours }, { "offered", do_offered },
	{ "open", do_open }, { "pending", do_pending }, { "put", do_put }, { "rollback", do_rollback }, { "run", do_run },
	{ "running", do_running }, { "shell", do_shell }, { "stage", do_stage }, { "trust", do_trust },
};

static bool take_option(struct script *c, char *option) {
	char *value = strchr(option, '=');
	struct err e;
	size_t len;
	const struct { const char *name; const char **at; } texts[] = {
		{ "name", &c->d->name }, { "host", &c->d->host }, { "user", &c->d->user }, { "password", &c->d->password }, { "host_key", &c->d->host_key },
		{ "ca_file", &c->d->ca_file }, { "jump_host", &c->hop.host }, { "jump_user", &c->hop.user }, { "jump_password", &c->hop.password },
		{ "jump_host_key", &c->hop.host_key },
	};
	size_t i;

	if (value == NULL)
		return false;
	*value++ = '\0';
	for (i = 0; i < ARRAY_LEN(texts); i++) {
		if (strcmp(option, texts[i].name) == 0) {
			*texts[i].at = value;
			return true;
		}
	}
	if (strcmp(option, "port") == 0)
		c->d->port = (uint16_t)strtoul(value, NULL, 10);
	else if (strcmp(option, "jump_port") == 0)
		c->hop.port = (uint16_t)strtoul(value, NULL, 10);
	else if (strcmp(option, "seconds") == 0)
		c->d->seconds = (unsigned)strtoul(value, NULL, 10);
	else if (strcmp(option, "connect_seconds") == 0)
		c->d->connect_seconds = (unsigned)strtoul(value, NULL, 10);
	else if (strcmp(option, "key_file") == 0)
		c->d->private_key = slurp(c, value, &len, &e);
	else if (strcmp(option, "jump_key_file") == 0)
		c->hop.private_key = slurp(c, value, &len, &e);
	else if (strncmp(option, "arg.", 4) == 0)
		map_set(c->args, option + 4, val_str(value));
	else
		return false;
	return true;
}

static void show_log(void *arg, enum device_level level, const char *message) {
	(void)arg;
	(void)level;
	printf("log=%s\n", message);
}

static void do_line(struct script *c, char *line) {
	struct err e = { .code = ERR_NONE };
	size_t i;

	for (i = 0; i < ARRAY_LEN(c->word); i++) {
		c->word[i] = line;
		line += i + 1 < ARRAY_LEN(c->word) ? strcspn(line, " \n") : strcspn(line, "\n");
		if (*line != '\0')
			*line++ = '\0';
	}
	if (c->word[0][0] == '\0')
		return;
	for (i = 0; i < ARRAY_LEN(steps) && strcmp(steps[i].name, c->word[0]) != 0; i++)
		;
	if (i == ARRAY_LEN(steps))
		printf("error usage - there is no step %s\n", c->word[0]);
	else if (steps[i].fn(c, &e)) {
		cover(c, c->word[0]);
		printf("ok %s\n", c->word[0]);
	} else
		printf("error %s %s %s\n", err_slug(e.code), e.kind == NULL ? "-" : e.kind, e.msg);
	fflush(stdout);
}

int main(int argc, char **argv) {
	struct script c = { .a = arena_new_root() };
	const struct driver *driver = &raw;
	char line[8192];
	int i;

	log_init("device", LOG_LEVEL_WARNING);
	if (argc > 1 && strncmp(argv[1], "driver=", 7) == 0 && strcmp(argv[1] + 7, "raw") != 0)
		driver = driver_find(argv[1] + 7);
	if (driver == NULL)
		return fprintf(stderr, "device: there is no driver %s\n", argv[1] + 7) > 0 ? 2 : 7;
	c.d = device_new(c.a, driver);
	c.d->name = "router";
	c.d->args = c.args = map_new(c.a, 4);
	c.d->watch.log = show_log;
	c.hop = (struct device_hop){ .user = "", .password = "", .private_key = "", .host_key = "", .port = 22 };
	for (i = 2; i < argc; i++) {
		if (!take_option(&c, argv[i]))
			return fprintf(stderr, "device: %s is no option\n", argv[i]) > 0 ? 2 : 7;
	}
	if (c.hop.host != NULL)
		c.d->jump = &c.hop;
	while (fgets(line, sizeof(line), stdin) != NULL)
		do_line(&c, line);
	arena_free(c.a);
	return 0;
}
