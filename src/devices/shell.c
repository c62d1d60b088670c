/* shell.c: a command line with a prompt, over a stream with a terminal: what a person would type, and what they would read. */
#include "config.h"

#include <regex.h>

#include "devices/transport.h"

struct shell {
	struct stream *stream;
	struct device *d;
	struct arena *a;
	const regex_t *prompt;
	const char *pager;
	const char *last;               /* prompt as it stood */
	struct sbuf in;                 /* what came and is not yet told */
	bool open;
};

static void free_regex(void *arg) {
	regfree(arg);
}

/* Without CR and terminal codes (ECMA-48: ESC [ ... letter, ESC letter); a backspace takes away what it crosses. In place. */
static size_t clean(char *s, size_t n) {
	size_t i, out = 0;

	for (i = 0; i < n; i++) {
		if (s[i] == '\033') {
			if (i + 1 < n && s[i + 1] == '[') {
				for (i += 2; i < n && !(s[i] >= '@' && s[i] <= '~'); i++)
					;
			} else {
				i++;
			}
		} else if (s[i] == '\b') {
			if (out > 0 && s[out - 1] != '\n')
				out--;
		} else if (s[i] != '\r' && s[i] != '\0' && s[i] != '\a') {
			s[out++] = s[i];
		}
	}
	return out;
}

static const char *last_line(const struct sbuf *b) {
	const char *s = b->s + b->len;

	while (s > b->s && s[-1] != '\n')
		s--;
	return s;
}

/* A terminal code that is not whole yet must not be cleaned: it is left for later. */
static size_t whole(const char *s, size_t n) {
	size_t i;

	for (i = n; i > 0 && n - i < 32; i--) {
		if (s[i - 1] != '\033')
			continue;
		if (i == n || (s[i] == '[' && strspn(s + i + 1, "0123456789;?<=>") == n - i - 1))
			return i - 1;
		return n;
	}
	return n;
}

static bool matches(const regex_t *re, const char *line) {
	regmatch_t m;

	return regexec(re, line, 1, &m, 0) == 0 && m.rm_so == 0 && line[m.rm_eo] == '\0';
}

static bool answer_pager(struct shell *sh, bool *asked, struct err *e) {
	const char *line = last_line(&sh->in), *at;

	*asked = false;
	if (sh->pager == NULL || (at = strstr(line, sh->pager)) == NULL)
		return true;
	sb_cut(&sh->in, (size_t)(at - sh->in.s));
	*asked = true;
	return stream_write(sh->stream, " ", 1, e);
}

/* Read until the last line is the prompt, or what `until` says. */
static bool read_prompt(struct shell *sh, const regex_t *until, unsigned seconds, struct err *e) {
	struct sbuf raw;
	bool asked;

	sb_init(&raw, sh->a);
	for (;;) {
		size_t ready, kept;

		if (!stream_read(sh->stream, &raw, seconds, 0, e))
			return false;
		ready = whole(raw.s, raw.len);
		kept = clean(raw.s, ready);
		sb_mem(&sh->in, raw.s, kept);
		memmove(raw.s, raw.s + ready, raw.len - ready);
		sb_cut(&raw, raw.len - ready);
		if (sh->in.len > TRANSPORT_ANSWER_MAX)
			return err_kind(e, ERR_TOO_LARGE, "limit", "%s: the answer has more than %d bytes", sh->d->name, TRANSPORT_ANSWER_MAX);
		if (!answer_pager(sh, &asked, e))
			return false;
		if (!asked && raw.len == 0 && (matches(sh->prompt, last_line(&sh->in)) || (until != NULL && matches(until, last_line(&sh->in)))))
			return true;
	}
}

/* Give what came before the prompt, and remember the prompt. */
static void hand_out(struct shell *sh, const char *echo, struct sbuf *out) {
	const char *line = last_line(&sh->in), *s = sh->in.s, *nl;

	sh->last = arena_strdup(sh->a, line);
	if (echo != NULL && (nl = strchr(s, '\n')) != NULL && strstr(s, echo) != NULL && strstr(s, echo) < nl)
		s = nl + 1;
	if (out != NULL && line > s)
		sb_mem(out, s, (size_t)(line - s));
	sb_reset(&sh->in);
}

static bool compile(struct shell *sh, const regex_t **out, const char *pattern, struct err *e) {
	regex_t *re = arena_new(sh->a, regex_t, 1);

	if (regcomp(re, pattern, REG_EXTENDED) != 0)
		return err_set(e, ERR_INVALID, NULL, "%s: \"%s\" is not a regular expression", sh->d->name, pattern);
	arena_defer(sh->a, free_regex, re);
	*out = re;
	return true;
}

bool shell_open(struct transport *t, const struct shell_options *o, struct sbuf *banner, struct shell **out, struct err *e) {
	struct device *d = transport_device(t);
	struct shell *sh = arena_new(d->a, struct shell, 1);

	sh->d = d;
	sh->a = d->a;
	sh->pager = o->pager;
	sh->last = "";
	sb_init(&sh->in, sh->a);
	if (!compile(sh, &sh->prompt, o->prompt, e) || !stream_open(t, STREAM_SHELL, o->terminal, &sh->stream, e))
		return false;
	if (!read_prompt(sh, NULL, d->connect_seconds, e)) {
		stream_close(sh->stream);
		return false;
	}
	hand_out(sh, NULL, banner);
	sh->open = true;
	*out = sh;
	return true;
}

static bool say(struct shell *sh, const char *line, const regex_t *until, struct sbuf *out, unsigned seconds, struct err *e) {
	struct sbuf b;

	sb_init(&b, sh->a);
	sb_str(&b, line);
	sb_chr(&b, '\n');
	if (!stream_write(sh->stream, b.s, b.len, e) || !read_prompt(sh, until, seconds, e))
		return false;
	hand_out(sh, line, out);
	return true;
}

bool shell_run(struct shell *sh, const char *line, struct sbuf *out, unsigned seconds, struct err *e) {
	return say(sh, line, NULL, out, seconds, e);
}

bool shell_ask(struct shell *sh, const char *line, const char *until, struct sbuf *out, unsigned seconds, struct err *e) {
	const regex_t *re;

	return compile(sh, &re, until, e) && say(sh, line, re, out, seconds, e);
}

bool shell_expect(struct shell *sh, const char *prompt, struct err *e) {
	return compile(sh, &sh->prompt, prompt, e);
}

const char *shell_prompt(const struct shell *sh) {
	return sh->last;
}

void shell_close(struct shell *sh) {
	if (sh->open)
		stream_close(sh->stream);
	sh->open = false;
}
