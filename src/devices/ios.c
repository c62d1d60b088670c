/*
 * ios.c: Cisco IOS and IOS-XE, on their command line through SSH. A text is written to the router's flash by its own Tcl shell (no SCP server is needed)
 * and read back; what replaces runs by `configure replace`, what is merged by copying the file over what runs, both under the router's own revert
 * timer, which takes a configuration archive (`archive`, `path flash:archive`). `configure confirm` keeps it, `configure revert now` goes back.
 *
 * IOS cannot check a text without running it (no CAN_CHECK). What it refuses is therefore seen while it is run, under the timer that was started
 * before, and taken back at once. IOS does not say whose change its timer belongs to: the file peerage.pending on the flash has its id; and only the user
 * who made a change can confirm it.
 *
 * Driver arguments: `secret` (for enable; the enable secret of the router or its platform, default the password), `dest_file_system` (default "flash:").
 */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/net.h"
#include "devices/transport.h"

#define IOS_PROMPT "[A-Za-z0-9_.:/@-]+(\\([^)]*\\))?[#>] ?"

enum { MINUTE = 60, IOS_MINUTES_MAX = 120, IOS_MINUTES_FOR_GOOD = 5, IOS_LINE_MAX = 254, PUT_LINES = 100, QUESTIONS_MAX = 10, IOS_PATIENCE = 5, IOS_NAME_KEPT = 15 };

struct ios {
	struct shell *shell;
	const char *flash;
};

static struct ios *state(struct device *d) {
	return d->state;
}

/* ---- the command line ---- */

/* What says no begins with "%"; messages of the log ("%SYS-5-CONFIG_I: ...") and warnings do not. NULL: nothing does. */
static const char *complaint(struct arena *a, const char *text) {
	const char *s;

	for (s = text; *s != '\0'; s += strcspn(s, "\n"), s += *s == '\n') {
		const char *word = s + strspn(s, " \t"), *end = word;

		if (*word == '%') {
			word += 1 + strspn(word + 1, " ");
			end = word + strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
			if (!(*end == '-' && isdigit((unsigned char)end[1]) && end[2] == '-') && strncasecmp(word, "warning", 7) != 0)
				return arena_strndup(a, s, strcspn(s, "\n"));
		} else if (strncmp(word, "Rollback aborted", 16) == 0 || strncmp(word, "Error:", 6) == 0 || strncmp(word, "Command rejected", 16) == 0) {
			return arena_strndup(a, word, strcspn(word, "\n"));
		}
	}
	return NULL;
}

static bool judge(struct device *d, const char *command, const char *said, struct err *e) {
	const char *no = complaint(d->a, said);

	return no == NULL || err_kind(e, ERR_UPSTREAM, "rpc", "%s: \"%.100s\": %.300s", d->name, command, no);
}

/* One command; its output is added to *out (may be NULL). What the router refuses is kind "rpc". */
static bool run(struct device *d, const char *command, struct sbuf *out, struct err *e) {
	struct sbuf b;

	sb_init(&b, d->a);
	if (!shell_run(state(d)->shell, command, &b, 0, e))
		return false;
	if (out != NULL)
		sb_mem(out, b.s, b.len);
	return judge(d, command, b.s, e);
}

/*
 * The prompt by which an answer ends: the router's own name, so that nothing in an answer is taken for one; or, while a change may give it another name,
 * whatever looks like a prompt. IOS cuts long names in some modes.
 */
static bool expect(struct device *d, bool any_name, struct err *e) {
	const char *prompt = shell_prompt(state(d)->shell);
	size_t n = strcspn(prompt, "(#>");

	return shell_expect(state(d)->shell, any_name ? IOS_PROMPT : arena_printf(d->a, "%.*s[^ #>]*[#>] ?", (int)(n > IOS_NAME_KEPT ? IOS_NAME_KEPT : n), prompt), e);
}

/* One that asks back ("Destination filename [running-config]? "): each question is answered by its default. It may take its time. */
static bool run_asking(struct device *d, const char *command, struct sbuf *out, struct err *e) {
	const char *line = command, *last;
	int i;

	if (!expect(d, true, e))
		return false;
	for (i = 0; i < QUESTIONS_MAX; i++, line = "") {
		if (!shell_ask(state(d)->shell, line, ".*(\\]\\? ?|\\[confirm\\] ?|\\[(yes|no|yes/no)\\]: ?|\\(y/n\\)\\?? ?)", out, d->seconds * IOS_PATIENCE, e))
			return false;
		last = shell_prompt(state(d)->shell);
		if (last[strcspn(last, "#>")] != '\0' && strpbrk(last, "?]:") == NULL)
			return expect(d, false, e) && judge(d, command, out->s, e);
		sb_fmt(out, "%s\n", last);
	}
	return err_kind(e, ERR_UPSTREAM, "garbage", "%s: \"%.100s\" asks again and again: %.100s", d->name, command, shell_prompt(state(d)->shell));
}

static bool enable(struct device *d, struct err *e) {
	struct sbuf b;
	const char *prompt = shell_prompt(state(d)->shell);

	if (strchr(prompt, '>') == NULL)
		return true;
	sb_init(&b, d->a);
	if (!shell_ask(state(d)->shell, "enable", "[Pp]assword: ?", &b, 0, e))
		return false;
	if (strchr(shell_prompt(state(d)->shell), ':') != NULL && !shell_ask(state(d)->shell, device_arg(d, "secret", d->password), "[Pp]assword: ?", &b, 0, e))
		return false;
	return strchr(shell_prompt(state(d)->shell), '#') != NULL || err_kind(e, ERR_DENIED, "auth",
	    "%s: user \"%s\" gets no privileged mode: it takes privilege level 15, or an enable secret", d->name, d->user);
}

static bool ios_open(struct device *d, struct err *e) {
	static const struct shell_options options = { .prompt = IOS_PROMPT, .pager = "--More--" };
	struct ios *s = arena_new(d->a, struct ios, 1);

	s->flash = device_arg(d, "dest_file_system", "flash:");
	if (!shell_open(d->transport, &options, NULL, &s->shell, e))
		return false;
	d->state = s;
	if (!enable(d, e) || !expect(d, false, e))
		return false;
	if (!run(d, "terminal length 0", NULL, e) || !run(d, "terminal width 0", NULL, e)) {
		e->kind = e->kind != NULL && strcmp(e->kind, "rpc") == 0 ? "garbage" : e->kind;
		return false;
	}
	return true;
}

static void ios_close(struct device *d) {
	if (d->state != NULL)
		shell_close(state(d)->shell);
}

/* ---- words ---- */

/* The text after `label`, up to one of `ends`; "" none. */
static const char *after(struct arena *a, const char *text, const char *label, const char *ends) {
	const char *at = strstr(text, label);

	return at == NULL ? "" : arena_strndup(a, at + strlen(label), strcspn(at + strlen(label), ends));
}

/* "1 year, 2 weeks, 3 days, 4 hours, 5 minutes"; -1 when there is none. */
static int64_t uptime_of(const char *s) {
	static const struct { const char *unit; int64_t seconds; } units[] = { { "year", 365 * 86400 }, { "week", 7 * 86400 }, { "day", 86400 },
	    { "hour", 3600 }, { "minute", 60 }, { "second", 1 } };
	int64_t all = -1, n;
	char *end;
	size_t i;

	for (;; s += strcspn(s, ",\n")) {
		s += strspn(s, ", ");
		n = strtoll(s, &end, 10);
		if (end == s)
			return all;
		s = end + strspn(end, " ");
		for (i = 0; i < ARRAY_LEN(units) && strncmp(s, units[i].unit, strlen(units[i].unit)) != 0; i++)
			;
		if (i == ARRAY_LEN(units))
			return all;
		all = (all < 0 ? 0 : all) + n * units[i].seconds;
	}
}

/* The word before `what` on its line: "cisco ISR4331/K9 (1RU) processor" is asked for by " processor". */
static const char *model_of(struct arena *a, const char *text) {
	const char *at = strstr(text, "\ncisco "), *end;

	if (at == NULL)
		at = strstr(text, "\nCisco ");
	while (at != NULL && (end = strstr(at, " processor")) != NULL && memchr(at + 1, '\n', (size_t)(end - at - 1)) != NULL)
		at = strstr(at + 1, "\ncisco ");
	return at == NULL ? "" : arena_strndup(a, at + 7, strcspn(at + 7, " \n"));
}

static bool ios_facts(struct device *d, struct arena *a, struct facts *out, struct err *e) {
	const char *line, *at;
	struct sbuf b;

	sb_init(&b, a);
	if (!run(d, "show version", &b, e))
		return false;
	at = strstr(b.s, " uptime is ");
	if (at == NULL)
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s: \"show version\" does not say what IOS says: %.100s", d->name, b.s);
	for (line = at; line > b.s && line[-1] != '\n'; line--)
		;
	out->vendor = "Cisco";
	out->hostname = arena_strndup(a, line, (size_t)(at - line));
	out->uptime = uptime_of(at + strlen(" uptime is "));
	out->version = after(a, b.s, "Version ", ", \n");
	out->serial = after(a, b.s, "Processor board ID ", " \n");
	out->model = model_of(a, b.s);
	return true;
}

/* ---- neighbours ---- */

/* What is known of the neighbour whose block is read. */
struct block {
	struct neighbours *list;
	struct arena *a;
	struct map *index;              /* "vrf address" -> its place; "vrf address family" -> counted */
	struct neighbour *n;            /* NULL: none yet */
	const char *key, *family;
};

/* "192.0.2.1,  vrf X,  remote AS 65000, external link"; "*192.0.2.1" is a dynamic one. The same one comes again in each address family. */
static void take_head(struct block *b, const char *line) {
	const char *vrf = after(b->a, line, " vrf ", ",\n"), *as = after(b->a, line, "remote AS ", ", \n");
	char canonical[ADDR_TEXT_MAX];
	struct addr ip;
	struct val at;

	b->n = NULL;
	b->family = "";
	line += *line == '*';
	if (!addr_parse(line, strcspn(line, ", %\n"), &ip))
		return;
	b->key = arena_printf(b->a, "%s %s", vrf, addr_text(&ip, ADDR_HOST, canonical));
	at = map_get(b->index, b->key);
	if (at.type == V_INT) {
		b->n = &b->list->v[at.u.i];
		return;
	}
	map_set(b->index, b->key, val_int((int64_t)b->list->n));
	b->n = neighbours_add(b->list, b->a);
	b->n->address = b->key + strlen(vrf) + 1;
	b->n->vrf = vrf;
	asn_parse(as, strlen(as), &b->n->asn);
}

/* "Prefixes Current:   709   5 (Consumes ...)": sent and kept, of the address family that the line before named. IOS tells no more of what it received. */
static void take_counts(struct block *b, const char *s) {
	const char *counted = arena_printf(b->a, "%s %s", b->key, b->family);
	int64_t sent, kept;
	char *end;

	sent = strtoll(s, &end, 10);
	kept = strtoll(end, &end, 10);
	if (b->n->state != BGP_ESTABLISHED || map_get(b->index, counted).type != V_UNDEF)
		return;
	map_set(b->index, counted, val_bool(true));
	b->n->advertised = (b->n->advertised < 0 ? 0 : b->n->advertised) + sent;
	b->n->accepted = (b->n->accepted < 0 ? 0 : b->n->accepted) + kept;
	b->n->received = b->n->accepted;
}

static void take_line(struct block *b, const char *s) {
	struct neighbour *n = b->n;

	if (strncmp(s, "Description: ", 13) == 0) {
		n->description = arena_strdup(b->a, s + 13);
	} else if (strncmp(s, "BGP state = ", 12) == 0) {
		n->state = bgp_state_of(after(b->a, s, "BGP state = ", ", (\n"));
		n->uptime = n->state == BGP_ESTABLISHED ? span_seconds(after(b->a, s, ", up for ", ", \n")) : -1;
		n->shutdown = n->shutdown || strstr(s, "(Admin)") != NULL;
	} else if (strncasecmp(s, "Administratively shut down", 26) == 0) {
		n->shutdown = true;
	} else if (strncmp(s, "For address family: ", 20) == 0) {
		b->family = arena_strdup(b->a, s + 20);
	} else if (strncmp(s, "Prefixes Current:", 17) == 0) {
		take_counts(b, s + 17);
	} else if (strncmp(s, "Last reset ", 11) == 0) {
		n->last_reset = after(b->a, s, "due to ", "\n");
	}
}

static bool ios_neighbours(struct device *d, struct arena *a, struct neighbours *out, struct err *e) {
	static const char head[] = "BGP neighbor is ";
	struct block b = { .list = out, .a = a, .index = map_new(a, 64) };
	struct sbuf said;
	const char *s;

	sb_init(&said, a);
	if (!run(d, "show bgp all neighbors", &said, e))
		return strstr(said.s, "% BGP not active") != NULL;
	for (s = said.s; *s != '\0'; s += strcspn(s, "\n"), s += *s == '\n') {
		const char *line = arena_strndup(a, s, strcspn(s, "\n"));

		if (strncmp(line, head, strlen(head)) == 0)
			take_head(&b, line + strlen(head));
		else if (b.n != NULL)
			take_line(&b, line + strspn(line, " "));
	}
	return out->n > 0 || strstr(said.s, head) != NULL || strstr(said.s, "For address family") != NULL || said.s[strspn(said.s, " \n")] == '\0' ||
	    err_kind(e, ERR_UPSTREAM, "garbage", "%s: the answer about neighbours tells of none: %.100s", d->name, said.s);
}

/* ---- files ---- */

/* What is shown of itself before a configuration, or a copy of it, is none of it. */
static bool is_preface(const char *line) {
	static const char *const prefaces[] = { "Building configuration", "Current configuration", "Load for ", "Time source is ", "Using " };
	size_t i;

	for (i = 0; i < ARRAY_LEN(prefaces); i++) {
		if (strncmp(line, prefaces[i], strlen(prefaces[i])) == 0)
			return true;
	}
	return *line == '\0' || *line == '\n';
}

static bool ios_running(struct device *d, struct sbuf *out, struct err *e) {
	const char *s, *end;
	struct sbuf b;

	sb_init(&b, out->a);
	if (!shell_run(state(d)->shell, "show running-config", &b, d->seconds, e))
		return false;
	for (s = b.s; *s != '\0' && is_preface(s); s += strcspn(s, "\n"), s += *s == '\n')
		;
	for (end = s + strlen(s); end > s && isspace((unsigned char)end[-1]); end--)
		;
	if (end - s < 3 || strncmp(end - 3, "end", 3) != 0)
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s: \"show running-config\" shows none up to its \"end\": %.100s", d->name, b.s);
	sb_mem(out, s, (size_t)(end - s));
	sb_chr(out, '\n');
	return true;
}

static const char *file_of(struct device *d, const char *suffix) {
	return arena_printf(d->a, "%speerage%s", state(d)->flash, suffix);
}

static const char *candidate(struct device *d) {
	return file_of(d, arena_printf(d->a, "-%s.cfg", d->change));
}

/* Within double quotes of Tcl. A "?" would be taken by the help of the command line; blanks and "!" at the begin of a line, and empty lines, may get lost. */
static void put_tcl(struct sbuf *b, const char *s, size_t n) {
	size_t i;

	for (i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];
		bool first = i == 0 || s[i - 1] == '\n';

		if (c == '\n')
			sb_str(b, first || i + 1 == n || s[i + 1] == '\n' ? "\\n" : "\n");
		else if (strchr("\\\"$[]{}", c) != NULL)
			sb_fmt(b, "\\%c", c);
		else if (c < ' ' || c == '?' || c == 0x7f || (first && (c == ' ' || c == '!')))
			sb_fmt(b, "\\%03o", c);
		else
			sb_chr(b, (char)c);
	}
}

static bool tcl(struct device *d, const char *command, const char *want, struct err *e) {
	struct sbuf b;

	sb_init(&b, d->a);
	if (!shell_run(state(d)->shell, command, &b, 0, e))
		return false;
	if (strstr(shell_prompt(state(d)->shell), "(tcl)") != NULL && (want == NULL || strncmp(b.s, want, strlen(want)) == 0))
		return true;
	return err_kind(e, ERR_UPSTREAM, "file", "%s: its Tcl shell, which writes the file, does not answer \"%.60s\" as it should: %.200s", d->name,
	    command, b.s);
}

static bool write_pieces(struct device *d, const char *path, const char *text, size_t len, struct err *e) {
	const char *s = text, *end = text + len;
	struct sbuf b;

	if (!tcl(d, arena_printf(d->a, "set f [open \"%s\" w]", path), "file", e))
		return false;
	while (s < end) {
		size_t lines = 0;
		const char *from = s;

		for (; s < end && lines < PUT_LINES; lines++) {
			const char *nl = memchr(s, '\n', (size_t)(end - s));

			s = nl == NULL ? end : nl + 1;
		}
		sb_init(&b, d->a);
		sb_str(&b, "puts -nonewline $f \"");
		put_tcl(&b, from, (size_t)(s - from));
		sb_str(&b, "\"");
		if (!tcl(d, b.s, NULL, e))
			return false;
	}
	return tcl(d, "close $f", NULL, e);
}

static bool read_back(struct device *d, const char *path, const char *text, size_t len, struct err *e) {
	struct sbuf b;

	sb_init(&b, d->a);
	if (!shell_run(state(d)->shell, arena_printf(d->a, "more %s", path), &b, 0, e))
		return false;
	return (b.len == len && memcmp(b.s, text, len) == 0) || err_kind(e, ERR_UPSTREAM, "file",
	    "%s: the file %s on the router is not what was sent (%zu bytes of %zu): is there space?", d->name, path, b.len, len);
}

/* Write a file of the router whole and see that it is. */
static bool put_file(struct device *d, const char *path, const char *text, size_t len, struct err *e) {
	struct err other;
	bool ok;

	if (!run(d, "tclsh", NULL, e)) {
		if (e->kind != NULL && strcmp(e->kind, "rpc") == 0)
			return err_kind(e, ERR_METHOD, "cannot", "%s: this IOS has no tclsh, which a text is written to its flash with", d->name);
		return false;
	}
	ok = write_pieces(d, path, text, len, e);
	if (!shell_run(state(d)->shell, "tclquit", NULL, 0, ok ? e : &other))
		return false;
	return ok && read_back(d, path, text, len, e);
}

static bool drop_file(struct device *d, const char *path, struct err *e) {
	struct sbuf b;

	sb_init(&b, d->a);
	return run_asking(d, arena_printf(d->a, "delete /force %s", path), &b, e) || (e->kind != NULL && strcmp(e->kind, "rpc") == 0);
}

/* ---- the timer ---- */

struct waiting {
	bool any, ours;
	const char *who;
};

static bool look(struct device *d, struct waiting *w, struct err *e) {
	size_t n = strlen(d->change);
	struct sbuf b;

	*w = (struct waiting){ .who = "" };
	sb_init(&b, d->a);
	if (!shell_run(state(d)->shell, "show archive config rollback timer", &b, 0, e))
		return false;
	if (strstr(b.s, "No Rollback Confirmed Change") != NULL || strstr(b.s, "rchive feature not enabled") != NULL)
		return true;
	if (strstr(b.s, "Timer value") == NULL)
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s: it does not say whether a change waits for its confirmation: %.100s", d->name, b.s);
	w->any = true;
	w->who = after(d->a, b.s, "User: ", " \n");
	sb_reset(&b);
	if (!shell_run(state(d)->shell, arena_printf(d->a, "more %s", file_of(d, ".pending")), &b, 0, e))
		return false;
	w->ours = strncmp(b.s, d->change, n) == 0 && b.s[n] == '\n';
	return true;
}

static bool ios_pending(struct device *d, struct pending *out, struct err *e) {
	struct waiting w;

	if (!look(d, &w, e))
		return false;
	out->running = w.any && w.ours; /* its end is told as minutes from its begin, on the router's clock: no figure */
	return true;
}

static bool must_wait(struct device *d, struct err *e) {
	struct waiting w;

	return look(d, &w, e) && ((w.any && w.ours) || err_kind(e, ERR_NOT_FOUND, "none", "%s: no change named %s waits: it was confirmed, or its time has"
	    " run out and the router has gone back", d->name, d->change));
}

/* ---- changes ---- */

/* IOS reads no longer line; a text that is merged ends with "end", or the difference of it stops with an error 5. */
static bool make_text(struct device *d, const char *text, size_t len, struct sbuf *out, struct err *e) {
	const char *s = text, *end = text + len, *nl;
	unsigned number = 1;

	for (; s < end; s = nl + 1, number++) {
		size_t n;

		nl = memchr(s, '\n', (size_t)(end - s));
		if (nl == NULL)
			nl = end;
		n = (size_t)(nl - s);
		n -= n > 0 && s[n - 1] == '\r';
		if (n > IOS_LINE_MAX)
			return err_kind(e, ERR_INVALID, "check", "%s: line %u has %zu characters: IOS reads %d at most", d->name, number, n, IOS_LINE_MAX);
		sb_mem(out, s, n);
		sb_chr(out, '\n');
	}
	if (out->len < 4 || strcmp(out->s + out->len - 4, "end\n") != 0)
		sb_str(out, "end\n");
	return true;
}

static bool has_archive(struct device *d, struct err *e) {
	struct sbuf b;

	sb_init(&b, d->a);
	if (!shell_run(state(d)->shell, "show archive", &b, 0, e))
		return false;
	return strstr(b.s, "not enabled") == NULL || err_kind(e, ERR_METHOD, "cannot", "%s: its configuration archive is off, and with it the timer that goes"
	    " back: configure \"archive\" with \"path %sarchive\"", d->name, state(d)->flash);
}

static bool ios_stage(struct device *d, const char *text, size_t len, enum stage_mode mode, struct err *e) {
	struct waiting w;
	struct sbuf b;

	(void)mode;
	sb_init(&b, d->a);
	if (!make_text(d, text, len, &b, e) || !has_archive(d, e) || !look(d, &w, e))
		return false;
	if (w.any)
		return err_kind(e, ERR_CONFLICT, "locked", "%s: a change of %s%s waits for its confirmation", d->name, w.who, w.ours ? " with this name" : "");
	return put_file(d, candidate(d), b.s, b.len, e);
}

static bool ios_discard(struct device *d, struct err *e) {
	return d->change[0] == '\0' || drop_file(d, candidate(d), e);
}

/* The sign stands behind the indent, and what is merged has none: as other platforms show it. */
static void put_diff(struct sbuf *out, const char *line, bool merged) {
	static const char *const not_shown[] = { "!", "Load for ", "Time source is " };
	size_t indent = strspn(line, " "), i;
	char sign = ' ';

	for (i = 0; i < ARRAY_LEN(not_shown); i++) {
		if (strncmp(line + indent, not_shown[i], strlen(not_shown[i])) == 0)
			return;
	}
	if (line[indent] == '\0' || strcmp(line, "end") == 0)
		return;
	if (merged)
		sign = strncmp(line + indent, "no ", 3) == 0 ? '-' : '+';
	else if (line[indent] == '+' || line[indent] == '-')
		sign = line[indent];
	sb_chr(out, sign);
	sb_mem(out, line, indent);
	sb_fmt(out, "%s\n", line + indent + (!merged && sign != ' '));
}

static bool ios_diff(struct device *d, struct sbuf *out, struct err *e) {
	bool merged = d->staged_mode == STAGE_MERGE;
	const char *s;
	struct sbuf b;

	sb_init(&b, out->a);
	if (!run(d, merged ? arena_printf(d->a, "show archive config incremental-diffs %s ignorecase", candidate(d)) :
	    arena_printf(d->a, "show archive config differences system:running-config %s", candidate(d)), &b, e))
		return false;
	for (s = b.s; *s != '\0'; s += strcspn(s, "\n"), s += *s == '\n')
		put_diff(out, arena_strndup(d->a, s, strcspn(s, "\n")), merged);
	return true;
}

static bool replace(struct device *d, unsigned minutes, struct err *e) {
	const char *command = arena_printf(d->a, "configure replace %s force revert trigger error timer %u", candidate(d), minutes);
	struct sbuf b;

	sb_init(&b, d->a);
	if (!run_asking(d, command, &b, e))
		return false;
	return strstr(b.s, "Rollback Done") != NULL || err_kind(e, ERR_UPSTREAM, "rpc", "%s: it does not say that it replaced its configuration: %.300s", d->name, b.s);
}

static bool merge(struct device *d, unsigned minutes, struct err *e) {
	struct waiting w;
	struct sbuf b;

	sb_init(&b, d->a);
	if (!run(d, arena_printf(d->a, "configure terminal revert timer %u", minutes), NULL, e) || !run(d, "end", NULL, e) || !look(d, &w, e))
		return false;
	if (!w.any)
		return err_kind(e, ERR_UPSTREAM, "rpc", "%s: its timer does not run: nothing was changed", d->name);
	return run_asking(d, arena_printf(d->a, "copy %s running-config", candidate(d)), &b, e);
}

static bool revert_now(struct device *d, struct err *e) {
	struct waiting w;
	struct sbuf b;

	sb_init(&b, d->a);
	if (!run_asking(d, "configure revert now", &b, e) || !look(d, &w, e))
		return false;
	return !w.any || err_kind(e, ERR_UPSTREAM, "rpc", "%s: it did not go back: its timer still runs", d->name);
}

/* After a refusal: what was taken in part goes back at once. Always false. */
static bool take_back(struct device *d, struct err *e) {
	struct err other = { .code = ERR_NONE };
	struct waiting w;

	if (e->kind == NULL || strcmp(e->kind, "rpc") != 0)
		return false;           /* no connection: the timer does it */
	refused_as(e, ERR_UPSTREAM, "commit");
	if (strstr(shell_prompt(state(d)->shell), "(config") != NULL && !run(d, "end", NULL, &other))
		return false;
	if (look(d, &w, &other) && (!w.any || revert_now(d, &other)) && drop_file(d, candidate(d), &other))
		return false;
	return err_kind(e, ERR_UPSTREAM, "commit", "%s; and going back at once failed, which is left to its timer: %.200s", arena_strdup(d->a, e->msg), other.msg);
}

/* What runs for good is kept over a restart as well. */
static bool keep(struct device *d, struct err *e) {
	struct sbuf b;

	sb_init(&b, d->a);
	return run_asking(d, "write memory", &b, e) || err_kind(e, e->code, e->kind, "%s: the change runs for good, but was not written to the start"
	    " configuration: %.300s", d->name, arena_strdup(d->a, e->msg));
}

/* Under the timer in any case: what is taken in part must go back, also when nobody is to confirm it. */
static bool ios_commit(struct device *d, unsigned seconds, const char *comment, struct err *e) {
	unsigned minutes = seconds == 0 ? IOS_MINUTES_FOR_GOOD : seconds / MINUTE;
	const char *mark = arena_printf(d->a, "%s\n", d->change);

	(void)comment;                  /* IOS keeps none */
	if (!put_file(d, file_of(d, ".pending"), mark, strlen(mark), e))
		return refused_as(e, ERR_UPSTREAM, "commit");
	if (!(d->staged_mode == STAGE_REPLACE ? replace(d, minutes, e) : merge(d, minutes, e)))
		return take_back(d, e);
	return drop_file(d, candidate(d), e) && (seconds != 0 || d->driver->confirm(d, e));
}

static bool ios_confirm(struct device *d, struct err *e) {
	return must_wait(d, e) && (run(d, "configure confirm", NULL, e) || refused_as(e, ERR_UPSTREAM, "commit")) && keep(d, e) &&
	    drop_file(d, file_of(d, ".pending"), e);
}

static bool ios_rollback(struct device *d, struct err *e) {
	return must_wait(d, e) && (revert_now(d, e) || refused_as(e, ERR_UPSTREAM, "commit")) && drop_file(d, file_of(d, ".pending"), e);
}

static const char *const aliases[] = { "cisco_ios", "cisco_xe", "iosxe", "ios-xe", NULL };

const struct driver driver_ios = {
	.name = "ios", .label = "Cisco IOS and IOS-XE", .aliases = aliases,
	.can = CAN_REPLACE | CAN_MERGE | CAN_DIFF | CAN_TIMER,
	.transport = VIA_SSH, .port = 22, .timer_min = MINUTE, .timer_max = IOS_MINUTES_MAX * MINUTE, .timer_step = MINUTE,
	.open = ios_open, .close = ios_close, .facts = ios_facts, .neighbours = ios_neighbours, .running = ios_running,
	.stage = ios_stage, .diff = ios_diff, .commit = ios_commit, .discard = ios_discard,
	.pending = ios_pending, .confirm = ios_confirm, .rollback = ios_rollback,
};
