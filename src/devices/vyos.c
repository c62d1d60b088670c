/*
 * vyos.c: VyOS, through its configuration shell over SSH: scripts that source script-template, as its documentation has them. A text is a list of
 * commands (set, delete ...), or a configuration in braces, which alone can replace what runs.
 *
 * The timer is the undo script, not VyOS's commit-confirm: that reboots the router when nobody confirms (since 1.5 it may be told not to), counts in minutes
 * and does not tell whose change it is. The script loads and commits what ran before. VyOS commits part by part: what fails in one part is undone whole.
 * The boot configuration is written when a change is confirmed; until then a reboot brings back the old one. Exit statuses tell little there: the words count.
 *
 * What a text names is looked at when it is staged; what only a commit finds out (references between parts), at the commit.
 *
 * Driver arguments: those of unix.h but `file`. The user is of level admin.
 */
#include "config.h"

#include <stdlib.h>

#include "devices/unix.h"

#define TEMPLATE "\"${vyatta_sysconfdir:-/opt/vyatta/etc}/functions/script-template\""
#define OPERATE "\"${vyatta_bindir:-/opt/vyatta/bin}/vyatta-op-cmd-wrapper\""
/* Shell words: run the script $1 of the state folder in the group that may configure. */
#define RUN "session() { sg vyattacfg -c \"vbash ./$1\" 2>&1 < /dev/null; }\n"

static bool vyos_facts(struct device *d, struct arena *a, struct facts *out, struct err *e) {
	return unix_facts(d, a, "VyOS", OPERATE " show version | grep Version:", out, e);
}

static bool vyos_neighbours(struct device *d, struct arena *a, struct neighbours *out, struct err *e) {
	return frr_list_neighbours(d, a, "vtysh", out, e);
}

static bool vyos_running(struct device *d, struct sbuf *out, struct err *e) {
	struct command_result r;

	if (!unix_must(d, out->a, "reading the running configuration", OPERATE " show configuration < /dev/null", NULL, 0, &r, e))
		return false;
	if (strchr(r.out.s, '{') == NULL && strstr(r.out.s, "set ") == NULL)
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s: what VyOS shows is no configuration: \"%.200s\"", d->name, r.out.s);
	sb_mem(out, r.out.s, r.out.len);
	return true;
}

/* ---- texts ---- */

static size_t word_of(const char *line, size_t len) {
	size_t n = 0;

	while (n < len && line[n] != ' ' && line[n] != '\t')
		n++;
	return n;
}

/* One of VyOS's commands that change a candidate. */
static bool is_command(const char *line, size_t len) {
	static const char *const words[] = { "set", "delete", "comment", "copy", "rename" };
	size_t n = word_of(line, len), i;

	for (i = 0; i < ARRAY_LEN(words); i++) {
		if (n == strlen(words[i]) && memcmp(line, words[i], n) == 0)
			return true;
	}
	return false;
}

static bool is_commands(const char *text, size_t len) {
	size_t skip;

	do {
		skip = strspn(text, " \t\r\n");
		text += skip;
		len -= skip;
		skip = *text == '#' ? strcspn(text, "\n") : 0;
		text += skip;
		len -= skip;
	} while (skip > 0);
	return memchr(text, '{', len) == NULL || is_command(text, strcspn(text, "\n"));
}

/*
 * The words after a command, each in single quotes: nothing in a text reaches the shell as anything but a word. False: a quote is not closed.
 */
static bool put_words(struct sbuf *b, const char *s, const char *end) {
	struct sbuf word;

	sb_init(&word, b->a);
	while (s < end) {
		while (s < end && (*s == ' ' || *s == '\t'))
			s++;
		if (s == end)
			break;
		sb_reset(&word);
		while (s < end && *s != ' ' && *s != '\t') {
			const char *close = *s == '\'' || *s == '"' ? memchr(s + 1, *s, (size_t)(end - s - 1)) : s;

			if (close == NULL)
				return false;
			if (close == s)
				sb_chr(&word, *s);
			else
				sb_mem(&word, s + 1, (size_t)(close - s - 1));
			s = close + 1;
		}
		sb_chr(b, ' ');
		sb_shell(b, word.s, word.len);
	}
	return true;
}

/* A text of commands as a script: before each its line's number, after it what it ended with. */
static bool put_commands(struct device *d, struct sbuf *b, const char *text, size_t len, struct err *e) {
	const char *end = text + len;
	struct text_line l = { 0 };

	while (text_next(&l, &text, end)) {
		size_t n = word_of(l.s, l.len);

		if (!is_command(l.s, l.len))
			return err_kind(e, ERR_INVALID, "check", "%s: line %u begins with \"%.*s\": it takes set, delete, comment, copy or rename", d->name, l.number,
			    (int)(n > 40 ? 40 : n), l.s);
		sb_fmt(b, "echo '@line %u'\n%.*s", l.number, (int)n, l.s);
		if (!put_words(b, l.s + n, l.s + l.len))
			return err_kind(e, ERR_INVALID, "check", "%s: line %u: a quote is not closed", d->name, l.number);
		sb_str(b, " || echo '@refused'\n");
	}
	return true;
}

/* ---- what a script said ---- */

/* The words of VyOS that something was not taken. */
static bool is_complaint(const char *s, size_t n) {
	static const char *const words[] = { "failed", "Failed", "not valid", "nvalid", "ambiguous", "Cannot ", "No such file", "rror:" };
	size_t i;

	for (i = 0; i < ARRAY_LEN(words); i++) {
		if (memmem(s, n, words[i], strlen(words[i])) != NULL)
			return true;
	}
	return false;
}

/* Words of the router for a message of one line. */
static const char *in_one_line(struct arena *a, const char *s, size_t n) {
	struct sbuf b;
	size_t i;

	sb_init(&b, a);
	for (i = 0; i < n && b.len < 300; i++) {
		if (s[i] > ' ')
			sb_chr(&b, s[i]);
		else if (b.len > 0 && b.s[b.len - 1] != ' ')
			sb_chr(&b, ' ');
	}
	return b.s;
}

/* What is between two lines "@FROM" and "@TO" of the output; false: it never came so far. */
static bool between(const struct sbuf *out, const char *from, const char *to, const char **s, size_t *n) {
	const char *at = strstr(out->s, from), *end;

	if (at == NULL || (at = strchr(at, '\n')) == NULL || (end = strstr(at, to)) == NULL)
		return false;
	*s = at + 1;
	*n = end > at ? (size_t)(end - at - 1) : 0;
	return true;
}

/* The first line of a text that was not taken: its part of the output, up to the next mark. What is there or gone already is no fault. */
static bool look_for_refusal(struct device *d, const struct sbuf *out, struct err *e) {
	const char *s, *end;

	for (s = strstr(out->s, "@line "); s != NULL; s = strstr(end, "@line ")) {
		size_t n, head = strcspn(s, "\n");

		end = strstr(s + 1, "@line ");
		if (end == NULL)
			end = strstr(s + 1, "@load");
		if (end == NULL)
			end = strstr(s + 1, "@staged");
		n = end == NULL ? strlen(s) : (size_t)(end - s);
		if (end == NULL)
			end = s + n;
		if (memmem(s, n, "already exists", 14) != NULL || memmem(s, n, "Nothing to delete", 17) != NULL)
			continue;
		if (memmem(s, n, "@refused", 8) == NULL && !is_complaint(s + head, n - head))
			continue;
		return err_kind(e, ERR_INVALID, "check", "%s: VyOS does not take line %.*s: %s", d->name, (int)(head - 6), s + 6,
		    in_one_line(d->a, s + head, n - head));
	}
	return true;
}

/* The script got to its end, and took the text. */
static bool judge(struct device *d, const struct sbuf *out, struct err *e) {
	const char *s;
	size_t n;
	bool lines;

	if (strstr(out->s, "locked due to another commit") != NULL)
		return err_kind(e, ERR_CONFLICT, "locked", "%s: another commit is in progress there", d->name);
	if (!between(out, "@configure", "@staged", &s, &n) || strstr(out->s, "@end") == NULL)
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s: the configuration shell of VyOS did not run the script to its end: \"%.300s\"", d->name, out->s);
	lines = strncmp(s, "@line ", 6) == 0;
	if (lines && !look_for_refusal(d, out, e))
		return false;
	if ((!lines || memmem(s, n, "@load", 5) != NULL) && memmem(s, n, "complete", 8) == NULL && memmem(s, n, "No configuration changes", 24) == NULL)
		return err_kind(e, ERR_INVALID, "check", "%s: VyOS does not load the text: %s", d->name, in_one_line(d->a, s, n));
	return true;
}

/* ---- changes ---- */

/* The bytes of the lines that take something away before a text in braces. */
static size_t removals(const char *text, size_t len) {
	size_t at = 0;

	while (len - at > 7 && memcmp(text + at, "delete ", 7) == 0) {
		const char *nl = memchr(text + at, '\n', len - at);

		at = nl == NULL ? len : (size_t)(nl + 1 - text);
	}
	return at < len && !is_commands(text + at, len - at) ? at : 0;
}

/* Text and scripts of a change: ID.text (with the version marks of this router, so that nothing is converted as of an older one), ID.body. */
static bool vyos_stage(struct device *d, const char *text, size_t len, enum stage_mode mode, struct err *e) {
	size_t head = removals(text, len);
	struct command_result r;
	struct sbuf body;

	if (!undo_nobody_waits(d, e))
		return false;
	d->state = NULL;
	sb_init(&body, d->a);
	if (head == 0 && is_commands(text, len)) {
		if (mode == STAGE_REPLACE)
			return err_kind(e, ERR_INVALID, "check", "%s: a list of commands cannot replace the configuration: it takes one in braces", d->name);
		return put_commands(d, &body, text, len, e) && unix_must(d, d->a, "staging", "mkdir -p \"$S\" && cd \"$S\" && cat > \"$I.body\"", body.s, body.len, &r, e);
	}
	if (!put_commands(d, &body, text, head, e))
		return false;
	return unix_must(d, d->a, "staging", arena_printf(d->a,
	    "mkdir -p \"$S\" && cd \"$S\" && cat > \"$I.text\" && { cat <<'REMOVALS'\n%sREMOVALS\n} > \"$I.body\" &&\n"
	    "echo \"echo '@load'; %s '$PWD/$I.text'\" >> \"$I.body\" &&\n"
	    "{ grep -q '^// vyos-config-version' \"$I.text\" || grep '^//' \"${vyatta_sysconfdir:-/opt/vyatta/etc}/config/config.boot\" >> \"$I.text\" || :; }",
	    body.s, mode == STAGE_REPLACE ? "load" : "merge"), text + head, len - head, &r, e);
}

static bool vyos_discard(struct device *d, struct err *e) {
	struct command_result r;

	d->state = NULL;
	return unix_must(d, d->a, "removing what was staged", "rm -f \"$S/$I.text\" \"$S/$I.body\" \"$S/$I.plan\"", NULL, 0, &r, e);
}

/* Run what is staged and then `tail` in a session of its own; all that it said to *r. */
static bool session(struct device *d, const char *name, const char *tail, struct command_result *r, struct err *e) {
	const char *script = arena_printf(d->a, RUN
	    "cd \"$S\" || exit 1\n"
	    "{ echo '. " TEMPLATE "'; echo configure; echo \"echo '@configure'\"; cat \"$I.body\"; echo \"echo '@staged'\"; cat; } > \"$I.%s\" && session \"$I.%s\"",
	    name, name);

	return unix_run(d, d->a, script, tail, strlen(tail), r, e);
}

/* The candidate is made, compared and thrown away: what it says is what a commit would meet, but for what only the commit looks at. */
static bool vyos_check(struct device *d, struct err *e) {
	struct command_result *r = arena_new(d->a, struct command_result, 1);

	d->state = NULL;
	if (!session(d, "plan", "compare\necho '@end'\ndiscard\nexit\n", r, e) || !judge(d, &r->out, e))
		return false;
	d->state = r;
	return true;
}

static bool vyos_diff(struct device *d, struct sbuf *out, struct err *e) {
	struct command_result *r;
	const char *s;
	size_t n;

	if (d->state == NULL && !vyos_check(d, e))
		return false;
	r = d->state;
	if (between(&r->out, "@staged", "@end", &s, &n) && memmem(s, n, "No changes between", 18) == NULL)
		sb_mem(out, s, n);
	return true;
}

struct change {
	const char *comment;
};

static bool apply(struct device *d, struct err *e) {
	const struct change *c = d->state;
	struct command_result r;
	const char *s;
	size_t n;

	if (!session(d, "apply", arena_printf(d->a, "commit comment '%s'\necho '@end'\nexit\n", c->comment), &r, e) || !judge(d, &r.out, e))
		return refused_as(e, ERR_UPSTREAM, "commit");
	if (between(&r.out, "@staged", "@end", &s, &n) && memmem(s, n, "ailed", 5) == NULL)
		return true;
	return err_kind(e, ERR_UPSTREAM, "commit", "%s: VyOS did not take the change: %s", d->name, in_one_line(d->a, s, n));
}

static bool vyos_commit(struct device *d, unsigned seconds, const char *comment, struct err *e) {
	struct change c = { .comment = arena_printf(d->a, "%s %s", d->change, unix_comment(d->a, comment)) };
	struct command_result r;
	bool ok;

	if (!unix_must(d, d->a, "keeping the old configuration", RUN
	    "cd \"$S\" && rm -f \"$I.old\" &&\n"
	    "{ echo '. " TEMPLATE "'; echo configure; echo \"save '$PWD/$I.old'\"; echo exit; } > \"$I.save\" &&\n"
	    "{ echo '. " TEMPLATE "'; echo configure; echo \"load '$PWD/$I.old'\"; echo \"commit comment '$I taken back'\"; echo \"echo '@end'\"; echo exit; } > \"$I.back\" &&\n"
	    "session \"$I.save\" >&2 && [ -s \"$I.old\" ]", NULL, 0, &r, e))
		return false;
	d->state = &c;
	ok = undo_commit(d, seconds, RUN "out=$(session \"$I.back\"); echo \"$out\"\n"
	    "case $out in *ailed*|*locked*) return 1;; *@end*) return 0;; esac\nreturn 1", apply, e);
	d->state = NULL;
	return ok;
}

static bool vyos_confirm(struct device *d, struct err *e) {
	struct command_result r;

	if (!undo_confirm(d, e))
		return false;
	if (!unix_must(d, d->a, "saving the confirmed configuration", RUN "cd \"$S\" && { echo '. " TEMPLATE "'; echo configure; echo save; echo \"echo '@end'\"; echo exit; } > \"$I.keep\" &&"
	    " session \"$I.keep\"", NULL, 0, &r, e))
		return false;
	return (strstr(r.out.s, "@end") != NULL && !is_complaint(r.out.s, r.out.len)) || err_kind(e, ERR_UPSTREAM, "command",
	    "%s: the change runs for good, but was not written to the boot configuration: %.300s", d->name, unix_said(&r));
}

static const char *const aliases[] = { "vyatta", "vyatta_vyos", "vyos_ssh", NULL };

const struct driver driver_vyos = {
	.name = "vyos", .label = "VyOS", .aliases = aliases,
	.can = CAN_REPLACE | CAN_MERGE | CAN_CHECK | CAN_DIFF | CAN_UNDO,
	.transport = VIA_SSH, .port = 22, .timer_min = 30, .timer_max = 86400, .removal = "delete",
	.settle = 7,                    /* it routes with FRR: route-maps are at work after 5 seconds */
	.facts = vyos_facts, .neighbours = vyos_neighbours, .running = vyos_running,
	.stage = vyos_stage, .check = vyos_check, .diff = vyos_diff, .commit = vyos_commit, .discard = vyos_discard,
	.pending = undo_pending, .confirm = vyos_confirm, .rollback = undo_rollback,
};
