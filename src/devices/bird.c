/*
 * bird.c: BIRD 2, through birdc on its host. BIRD has all that a confirmed commit takes: `configure check`, `configure "FILE" timeout N`, `configure confirm`,
 * `configure undo`; the timer runs in the daemon. The staged file lies beside the configuration file and takes its place only when confirmed, so that
 * a restart of the daemon in between loads the old one. BIRD has no difference of its own.
 *
 * Driver arguments: `file` (default /etc/bird/bird.conf), `socket` (birdc's default), and those of unix.h.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/net.h"
#include "devices/unix.h"

static bool bird_open(struct device *d, struct err *e) {
	(void)e;
	unix_default_file(d, "/etc/bird/bird.conf");
	return true;
}

static const char *birdc(struct device *d, struct arena *a) {
	static const char *const options[] = { "socket", "-s", NULL };

	return arena_printf(a, "birdc%s", unix_options(d, options));
}

/* A reply of `birdc -v`: the line with the code, without it; NULL when there is none. Codes are four digits and "-", " " or "+". */
static const char *reply(struct arena *a, const char *text, const char *code) {
	const char *s, *end;
	size_t n = strlen(code);

	for (s = text; *s != '\0'; s = *end == '\0' ? end : end + 1) {
		end = s + strcspn(s, "\n");
		if (strncmp(s, code, n) == 0 && s[n] >= '0' && s[n] <= '9')
			return arena_strndup(a, s + 5, (size_t)(end - s) < 5 ? 0 : (size_t)(end - s) - 5);
		if (n == 4 && strncmp(s, code, n) == 0)
			return arena_strndup(a, s + 5, (size_t)(end - s) < 5 ? 0 : (size_t)(end - s) - 5);
	}
	return NULL;
}

/* Ask the daemon something; the text of an error of it (8xxx, 9xxx) comes with `kind`. */
static bool ask(struct device *d, const char *command, const char *kind, struct command_result *r, struct err *e) {
	const char *bad;

	if (!unix_run(d, d->a, arena_printf(d->a, "%s -v %s", birdc(d, d->a), command), NULL, 0, r, e))
		return false;
	bad = reply(d->a, r->out.s, "8");
	if (bad == NULL)
		bad = reply(d->a, r->out.s, "9");
	if (bad != NULL)
		return err_kind(e, strcmp(kind, "check") == 0 ? ERR_INVALID : ERR_UPSTREAM, kind, "%s: BIRD says: %.400s", d->name, bad);
	if (r->status != 0)
		return err_kind(e, ERR_UPSTREAM, "command", "%s: birdc does not reach BIRD: status %d: %.300s", d->name, r->status,
		    r->err.len > 0 ? r->err.s : r->out.s);
	return true;
}

static bool bird_facts(struct device *d, struct arena *a, struct facts *out, struct err *e) {
	return unix_facts(d, a, "CZ.NIC", arena_printf(a, "%s -r show status | sed -n 's/^BIRD //p' | tail -n 1", birdc(d, a)), out, e);
}

/* ---- neighbours ---- */

/* Seconds of "2026-11-20 19:00:26", "2026-11-20" or "19:00:26" (today's or yesterday's), by a calendar that only needs to be the same for both times. */
static bool clock_of(const char *s, const char *now, int64_t *out) {
	int y, mo, day, h = 0, mi = 0, se = 0;
	int64_t n;

	if (sscanf(s, "%d-%d-%d %d:%d:%d", &y, &mo, &day, &h, &mi, &se) < 3) {
		if (sscanf(s, "%d:%d:%d", &h, &mi, &se) != 3 || now == NULL || sscanf(now, "%d-%d-%d", &y, &mo, &day) != 3)
			return false;
	}
	/* days from civil, as H. Hinnant has it: the year begins in March */
	y -= mo <= 2;
	n = (int64_t)365 * y + y / 4 - y / 100 + y / 400 + (153 * (mo + (mo > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	*out = n * 86400 + h * 3600 + mi * 60 + se;
	return true;
}

static int64_t age(const char *since, const char *now) {
	int64_t then, here;

	if (!clock_of(now, NULL, &here) || !clock_of(since, now, &then))
		return -1;
	if (then > here && strchr(since, '-') == NULL)
		then -= 86400;
	return then > here ? 0 : here - then;
}

/* What follows "Name:" in an indented line; NULL when it is another line. */
static const char *named(const char *line, const char *name) {
	size_t n = strlen(name);

	line += strspn(line, " ");
	if (strncmp(line, name, n) != 0 || line[n] != ':')
		return NULL;
	return line + n + 1 + strspn(line + n + 1, " ");
}

/* The number before a word: 5 of "5 imported, 2 exported"; -1 none. */
static int64_t number_before(const char *line, const char *word) {
	const char *at = strstr(line, word), *s;

	if (at == NULL || at == line)
		return -1;
	for (s = at - 1; s > line && *s == ' '; s--)
		;
	while (s > line && s[-1] >= '0' && s[-1] <= '9')
		s--;
	return *s >= '0' && *s <= '9' ? strtoll(s, NULL, 10) : -1;
}

static void add_count(int64_t *to, int64_t n) {
	if (n >= 0)
		*to = (*to < 0 ? 0 : *to) + n;
}

static enum bgp_state state_in(const char *word) {
	if (strcmp(word, "Passive") == 0)
		return BGP_ACTIVE;
	return strcmp(word, "Down") == 0 || strcmp(word, "Close") == 0 ? BGP_IDLE : bgp_state_of(word);
}

static void take_attribute(struct neighbour *n, struct arena *a, const char *line) {
	const char *v;

	if ((v = named(line, "Description")) != NULL)
		n->description = v;
	else if ((v = named(line, "BGP state")) != NULL)
		n->state = state_in(v);
	else if ((v = named(line, "Neighbor address")) != NULL)
		n->address = arena_strndup(a, v, strcspn(v, "%"));
	else if ((v = named(line, "Neighbor AS")) != NULL)
		n->asn = (uint32_t)strtoul(v, NULL, 10);
	else if ((v = named(line, "VRF")) != NULL)
		n->vrf = v;
	else if ((v = named(line, "Last error")) != NULL)
		n->last_reset = n->last_reset[0] == '\0' ? v : arena_printf(a, "%s: %s", v, n->last_reset);
	else if ((v = named(line, "Message")) != NULL)
		n->last_reset = n->last_reset[0] == '\0' ? v : arena_printf(a, "%s: %s", n->last_reset, v);
	else if ((v = named(line, "Routes")) != NULL) {
		int64_t in = number_before(v, "imported"), filtered = number_before(v, "filtered");

		add_count(&n->accepted, in);
		add_count(&n->advertised, number_before(v, "exported"));
		if (in >= 0 && filtered >= 0)
			add_count(&n->received, in + filtered);
	}
}

/* A protocol's first line: `name BGP table state since info`. *n is set for a BGP protocol, NULL for another. */
static void take_protocol(struct neighbours *list, struct arena *a, const char *line, const char *now, struct neighbour **n) {
	char name[128], proto[32], table[128], state[16], since[64], time[32];
	int got = sscanf(line, "%127s %31s %127s %15s %31s %31s", name, proto, table, state, since, time);

	*n = NULL;
	if (got < 5 || strcmp(proto, "BGP") != 0)
		return;
	*n = neighbours_add(list, a);
	if (got == 6 && strchr(since, '-') != NULL && time[0] >= '0' && time[0] <= '9' && strchr(time, ':') != NULL)
		snprintf(since + strlen(since), sizeof(since) - strlen(since), " %s", time);
	(*n)->uptime = age(since, now);
	(*n)->shutdown = strcmp(state, "down") == 0 && strstr(line, "Error:") == NULL;
}

/* Those of a template for a range of neighbours have no address of their own: they are none. */
static void drop_ranges(struct neighbours *list) {
	size_t i, n = 0;

	for (i = 0; i < list->n; i++) {
		if (list->v[i].address[0] != '\0')
			list->v[n++] = list->v[i];
	}
	list->n = n;
}

static bool bird_neighbours(struct device *d, struct arena *a, struct neighbours *out, struct err *e) {
	struct command_result r;
	struct neighbour *n = NULL;
	const char *now = NULL, *line;
	bool listed = false;
	char *s, *end;

	if (!unix_must(d, a, "asking BIRD for its protocols", arena_printf(a, "%s -r show status && %s -r show protocols all", birdc(d, a), birdc(d, a)),
	    NULL, 0, &r, e))
		return false;
	for (s = r.out.s; *s != '\0'; s = end) {
		line = s;
		end = s + strcspn(s, "\n");
		if (*end != '\0')
			*end++ = '\0';
		if (strncmp(line, "Current server time is ", 23) == 0)
			now = line + 23;
		else if (strncmp(line, "Name ", 5) == 0)
			listed = true;
		else if (*line != ' ' && *line != '\0' && now != NULL)
			take_protocol(out, a, line, now, &n);
		else if (n != NULL)
			take_attribute(n, a, line);
	}
	drop_ranges(out);
	if (now != NULL && listed)
		return true;
	return err_kind(e, ERR_UPSTREAM, "garbage", "%s: BIRD does not %s: \"%.200s\"", d->name, now == NULL ? "tell its status" : "list its protocols", r.out.s);
}

/* ---- changes ---- */

#define STAGED "\"\\\"$F.$I\\\"\""      /* BIRD wants the path in double quotes of its own */

static bool bird_check(struct device *d, struct err *e) {
	struct command_result r;

	if (!ask(d, "configure check " STAGED, "check", &r, e))
		return false;
	return reply(d->a, r.out.s, "0020") != NULL ||
	    err_kind(e, ERR_UPSTREAM, "garbage", "%s: BIRD does not say that the configuration is good: \"%.300s\"", d->name, r.out.s);
}

/* Is there a configuration that waits? *seconds: until it is undone. */
static bool status(struct device *d, bool *waits, int64_t *seconds, struct err *e) {
	struct command_result r;
	const char *at;

	if (!ask(d, "configure status", "command", &r, e))
		return false;
	*waits = strstr(r.out.s, "unconfirmed") != NULL;
	at = strstr(r.out.s, "undo in ");
	*seconds = at == NULL ? -1 : strtoll(at + 8, NULL, 10);
	return true;
}

static bool keep(struct device *d, struct err *e) {
	struct command_result r;

	return unix_must(d, d->a, "putting the confirmed file in place",
	    "mkdir -p \"$S\" && cp -p \"$F\" \"$S/$I.old\" && mv -f \"$F.$I\" \"$F\" && { mv -f \"$S/$I.pending\" \"$S/$I.confirmed\" 2>/dev/null || true; }",
	    NULL, 0, &r, e);
}

static bool bird_commit(struct device *d, unsigned seconds, const char *comment, struct err *e) {
	struct command_result r;
	int64_t left;
	bool waits;

	(void)comment;
	if (!status(d, &waits, &left, e))
		return false;
	if (waits)
		return err_kind(e, ERR_CONFLICT, "locked", "%s: BIRD has another configuration that waits for its confirmation", d->name);
	if (seconds != 0 && !unix_must(d, d->a, "noting the change", arena_printf(d->a,
	    "mkdir -p \"$S\" || exit 1\n"
	    "for p in \"$S\"/*.pending; do b=${p##*/}; [ \"$b\" = \"$I.pending\" ] || rm -f \"$p\" \"$F.${b%%.pending}\"; done\n"     /* of changes that nobody confirmed */
	    "echo $(($(date +%%s) + %u)) > \"$S/$I.pending\"", seconds), NULL, 0, &r, e))
		return false;
	if (!ask(d, seconds == 0 ? "configure " STAGED : arena_printf(d->a, "configure " STAGED " timeout %u", seconds),
	    "commit", &r, e))
		return false;
	if (reply(d->a, r.out.s, "0003") == NULL && reply(d->a, r.out.s, "0004") == NULL)
		return err_kind(e, ERR_UPSTREAM, "commit", "%s: BIRD does not say that it took the configuration: \"%.300s\"", d->name, r.out.s);
	return seconds != 0 || keep(d, e);
}

/* Does the mark on the host say that what waits is this change? */
static bool is_ours(struct device *d, bool *ours, struct err *e) {
	struct command_result r;

	if (!unix_run(d, d->a, "[ -e \"$S/$I.pending\" ]", NULL, 0, &r, e))
		return false;
	*ours = r.status == 0;
	return true;
}

static bool bird_pending(struct device *d, struct pending *out, struct err *e) {
	bool waits, ours;

	if (!status(d, &waits, &out->seconds, e) || !is_ours(d, &ours, e))
		return false;
	out->running = waits && ours;
	if (!out->running)
		out->seconds = -1;
	return true;
}

static bool none(struct device *d, struct err *e) {
	return err_kind(e, ERR_NOT_FOUND, "none", "%s: change %s does not wait for a confirmation", d->name, d->change);
}

static bool bird_confirm(struct device *d, struct err *e) {
	struct command_result r;
	bool ours;

	if (!is_ours(d, &ours, e))
		return false;
	if (!ours)
		return none(d, e);
	if (!ask(d, "configure confirm", "command", &r, e))
		return false;
	return reply(d->a, r.out.s, "0018") != NULL ? keep(d, e) : none(d, e);
}

static bool bird_rollback(struct device *d, struct err *e) {
	struct command_result r;
	int64_t left;
	bool ours, waits;

	if (!is_ours(d, &ours, e) || !status(d, &waits, &left, e))
		return false;
	if (!ours)
		return none(d, e);
	if (waits && !ask(d, "configure undo", "command", &r, e))
		return false;
	return unix_must(d, d->a, "tidying up", "rm -f \"$F.$I\"; mv -f \"$S/$I.pending\" \"$S/$I.undone\"", NULL, 0, &r, e);
}

static const char *const aliases[] = { "bird2", "bird-2", NULL };

const struct driver driver_bird = {
	.name = "bird", .label = "BIRD 2", .aliases = aliases,
	.can = CAN_REPLACE | CAN_CHECK | CAN_TIMER | CAN_ATOMIC,
	.transport = VIA_SSH, .port = 22, .timer_min = 1, .timer_max = 86400,
	.open = bird_open, .facts = bird_facts, .neighbours = bird_neighbours, .running = unix_running,
	.stage = unix_stage, .check = bird_check, .commit = bird_commit, .discard = unix_discard,
	.pending = bird_pending, .confirm = bird_confirm, .rollback = bird_rollback,
};
