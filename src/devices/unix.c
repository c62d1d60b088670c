/* unix.c: scripts on routers that are Unix hosts, and the undo script. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "devices/unix.h"

static void sb_shell_text(struct sbuf *b, const char *s) {
	sb_shell(b, s, strlen(s));
}

bool unix_run(struct device *d, struct arena *a, const char *script, const char *in, size_t in_len, struct command_result *out, struct err *e) {
	const char *prefix = device_arg(d, "prefix", ""), *dir = device_arg(d, "state_dir", "");
	struct command_run run = { .in = in, .in_len = in_len };
	struct sbuf inner, b;

	sb_init(&inner, a);
	sb_str(&inner, "LC_ALL=C PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin; export LC_ALL PATH; umask 077; S=");
	if (dir[0] == '\0')
		sb_str(&inner, "\"${HOME:-/var/tmp}/.peerage\"");
	else
		sb_shell_text(&inner, dir);
	sb_fmt(&inner, "; I=%s; F=", d->change[0] == '\0' ? "none" : d->change);
	sb_shell_text(&inner, device_arg(d, "file", ""));
	sb_fmt(&inner, "\n%s", script);
	sb_init(&b, a);
	sb_fmt(&b, "exec %s%ssh -c ", prefix, prefix[0] == '\0' ? "" : " ");
	sb_shell(&b, inner.s, inner.len);
	run.command = b.s;
	return transport_run(d->transport, a, &run, out, e);
}

const char *unix_said(struct command_result *r) {
	struct sbuf *b = r->err.len > 0 ? &r->err : &r->out;

	while (b->len > 0 && (b->s[b->len - 1] == '\n' || b->s[b->len - 1] == ' '))
		sb_cut(b, b->len - 1);
	return b->s;
}

bool unix_must(struct device *d, struct arena *a, const char *what, const char *script, const char *in, size_t in_len, struct command_result *r,
    struct err *e) {
	if (!unix_run(d, a, script, in, in_len, r, e))
		return false;
	if (r->status == 0)
		return true;
	if (r->status == UNIX_LOCKED)
		return err_kind(e, ERR_CONFLICT, "locked", "%s: another change waits there for its confirmation: %.100s", d->name, unix_said(r));
	if (r->status == UNIX_NONE)
		return err_kind(e, ERR_NOT_FOUND, "none", "%s: change %s does not wait for a confirmation%s%.100s", d->name, d->change,
		    r->out.len > 0 ? ": it " : "", unix_said(r));
	if (r->status == UNIX_NO_FILE)
		return err_kind(e, ERR_UPSTREAM, "file", "%s: %s: there is no file %s; the driver argument `file` names it", d->name, what,
		    device_arg(d, "file", ""));
	return err_kind(e, ERR_UPSTREAM, "command", "%s: %s: status %d: %.300s", d->name, what, r->status, unix_said(r));
}

/* ---- facts ---- */

static const char *value_of(struct arena *a, const char *text, const char *key) {
	size_t n = strlen(key);
	const char *s, *end;

	for (s = text; s != NULL && *s != '\0'; s = *end == '\0' ? end : end + 1) {
		end = s + strcspn(s, "\n");
		if (strncmp(s, key, n) == 0 && s[n] == '=')
			return arena_strndup(a, s + n + 1, (size_t)(end - s) - n - 1);
	}
	return "";
}

/* The first word with a digit and a point in it: "8.4.4" of "FRRouting 8.4.4 (vm) on Linux". */
static const char *version_in(struct arena *a, const char *text) {
	const char *s = text;
	size_t n;

	while (*s != '\0') {
		n = strcspn(s, " \t,()\n");
		if (n > 0 && memchr(s, '.', n) != NULL && *s >= '0' && *s <= '9')
			return arena_strndup(a, s, n);
		if (n > 1 && *s == 'v' && s[1] >= '0' && s[1] <= '9')
			return arena_strndup(a, s + 1, n - 1);
		s += n + (s[n] != '\0');
	}
	return "";
}

bool unix_facts(struct device *d, struct arena *a, const char *vendor, const char *version_command, struct facts *out, struct err *e) {
	struct command_result r;
	const char *script = arena_printf(a,
	    "echo hostname=$(hostname)\n"
	    "echo model=$(cat /sys/class/dmi/id/product_name 2>/dev/null || uname -m)\n"
	    "echo system=$(. /etc/os-release 2>/dev/null; echo \"${PRETTY_NAME:-$(uname -sr)}\")\n"
	    "echo uptime=$(cut -d. -f1 /proc/uptime 2>/dev/null)\n"
	    "echo version=$(%s 2>&1 | head -n 1)\n", version_command);
	const char *uptime;

	if (!unix_must(d, a, "reading facts", script, NULL, 0, &r, e))
		return false;
	uptime = value_of(a, r.out.s, "uptime");
	out->vendor = vendor;
	out->hostname = value_of(a, r.out.s, "hostname");
	out->model = arena_printf(a, "%s, %s", value_of(a, r.out.s, "model"), value_of(a, r.out.s, "system"));
	out->version = version_in(a, value_of(a, r.out.s, "version"));
	out->uptime = *uptime == '\0' ? -1 : strtoll(uptime, NULL, 10);
	return out->version[0] != '\0' ||
	    err_kind(e, ERR_UPSTREAM, "garbage", "%s: no version of %s in \"%.200s\"", d->name, d->driver->label, value_of(a, r.out.s, "version"));
}

/* ---- the configuration file ---- */

void unix_default_file(struct device *d, const char *path) {
	struct map *args;

	if (device_arg(d, "file", "")[0] != '\0')
		return;
	args = map_copy(d->a, d->args, 1);
	map_set(args, "file", val_str(path));
	d->args = args;
}

const char *unix_options(struct device *d, const char *const *names) {
	struct sbuf b;

	sb_init(&b, d->a);
	for (; *names != NULL; names += 2) {
		const char *v = device_arg(d, names[0], "");

		if (v[0] == '\0')
			continue;
		sb_fmt(&b, " %s ", names[1]);
		sb_shell_text(&b, v);
	}
	return b.s;
}

const char *unix_comment(struct arena *a, const char *text) {
	char *s = arena_strndup(a, text, strnlen(text, 100)), *c;

	for (c = s; *c != '\0'; c++) {
		if (*c < ' ' || *c > '~' || *c == '\'' || *c == '"' || *c == '\\')
			*c = ' ';
	}
	return s;
}

int64_t member_int(struct val object, const char *name, int64_t other) {
	struct val v = object.type == V_MAP ? map_get(object.u.map, name) : val_undef();

	return v.type == V_INT ? v.u.i : v.type == V_FLOAT ? (int64_t)v.u.f : other;
}

const char *member_text(struct val object, const char *name) {
	return object.type == V_MAP ? val_cstr(map_get(object.u.map, name), "") : "";
}

bool member_true(struct val object, const char *name) {
	struct val v = object.type == V_MAP ? map_get(object.u.map, name) : val_undef();

	return v.type == V_BOOL && v.u.b;
}

bool unix_stage(struct device *d, const char *text, size_t len, enum stage_mode mode, struct err *e) {
	struct command_result r;

	(void)mode;
	return unix_must(d, d->a, "staging", "[ -e \"$F\" ] || exit 44; cp -p \"$F\" \"$F.$I\" && cat > \"$F.$I\"", text, len, &r, e);
}

bool unix_running(struct device *d, struct sbuf *out, struct err *e) {
	struct command_result r;

	if (!unix_must(d, out->a, "reading the configuration", "[ -e \"$F\" ] || exit 44; cat \"$F\"", NULL, 0, &r, e))
		return false;
	sb_mem(out, r.out.s, r.out.len);
	return true;
}

bool unix_discard(struct device *d, struct err *e) {
	struct command_result r;

	return unix_must(d, d->a, "removing what was staged", "rm -f \"$F.$I\" \"$S/$I.new\"", NULL, 0, &r, e);
}

/* ---- the undo script ---- */

/* What stands on the router: `sh ID.undo SECONDS` waits, `sh ID.undo now` does not. */
static const char undo_script[] =
	"restore() {\n%s\n}\n"
	"i=0\n"
	"[ \"$1\" = now ] || while [ $i -lt \"$1\" ]; do sleep 1; [ -e \"$I.pending\" ] || exit 0; i=$((i + 1)); done\n"
	"mv \"$I.pending\" \"$I.undoing\" 2>/dev/null || mv \"$I.stuck\" \"$I.undoing\" 2>/dev/null || exit 0\n"
	"n=0\n"
	"while kill -0 \"$(cat \"$I.applying\" 2>/dev/null)\" 2>/dev/null && [ $n -lt 300 ]; do sleep 1; n=$((n + 1)); done\n"
	"n=0\n"
	"until restore; do\n"
	"\tn=$((n + 1))\n"
	"\t[ $n -lt 5 ] || { mv \"$I.undoing\" \"$I.stuck\"; exit 1; }\n"
	"\tsleep 2\n"
	"done\n"
	"mv \"$I.undoing\" \"$I.undone\"\n";

#define OTHERS "for p in *.pending *.undoing; do [ ! -e \"$p\" ] || [ \"$p\" = \"$I.pending\" ] || { echo \"${p%%.*}\"; exit 45; }; done\n"

static const char arm_script[] =
	"mkdir -p \"$S\" && cd \"$S\" || exit 1\n"
	"find . -type f -mtime +30 -exec rm -f {} + 2>/dev/null\n"
	OTHERS
	"rm -f \"$I.confirmed\" \"$I.undone\" \"$I.stuck\"\n"
	"{ echo '#!/bin/sh'; echo \"# Puts the configuration back unless change $I is confirmed in time.\"; echo \"LC_ALL=C PATH=$PATH; export LC_ALL PATH\";\n"
	"  echo \"S='$S'; I='$I'; F='$F'; cd \\\"\\$S\\\" || exit 1; umask 077\"; cat; } > \"$I.undo\" || exit 1\n"
	"echo $(($(date +%%s) + %u)) > \"$I.pending\" || exit 1\n"
	"if command -v setsid >/dev/null; then hold=setsid; else hold=nohup; fi\n"
	"$hold sh \"$I.undo\" %u </dev/null >\"$I.log\" 2>&1 &\n"
	"echo $! > \"$I.pid\"\n"
	"kill -0 $!\n";

bool undo_arm(struct device *d, unsigned seconds, const char *restore, struct err *e) {
	char *text = arena_printf(d->a, undo_script, restore), *script = arena_printf(d->a, arm_script, seconds, seconds);
	struct command_result r;

	return unix_must(d, d->a, "starting the undo script", script, text, strlen(text), &r, e);
}

bool undo_pending(struct device *d, struct pending *out, struct err *e) {
	struct command_result r;

	if (!unix_must(d, d->a, "looking for the undo script",
	    "cd \"$S\" 2>/dev/null || exit 0; [ -e \"$I.pending\" ] && kill -0 \"$(cat \"$I.pid\")\" 2>/dev/null || exit 0\n"
	    "echo $(($(cat \"$I.pending\") - $(date +%s)))", NULL, 0, &r, e))
		return false;
	out->running = r.out.len > 0;
	out->seconds = out->running ? strtoll(r.out.s, NULL, 10) : -1;
	if (out->seconds < 0 && out->running)
		out->seconds = 0;
	return true;
}

#define HOW_IT_ENDED \
	"how() { for w in confirmed undoing undone stuck; do [ ! -e \"$I.$w\" ] || { case $w in confirmed) echo 'was confirmed';; undoing) echo 'is being undone';;" \
	" undone) echo 'was undone';; stuck) echo 'could not be undone';; esac; return; }; done; echo 'was never begun there'; }\n"

bool undo_confirm(struct device *d, struct err *e) {
	struct command_result r;

	return unix_must(d, d->a, "confirming", HOW_IT_ENDED
	    "cd \"$S\" 2>/dev/null && mv \"$I.pending\" \"$I.confirmed\" 2>/dev/null || { how; exit 46; }\n"
	    "kill \"$(cat \"$I.pid\")\" 2>/dev/null; true", NULL, 0, &r, e);
}

bool undo_rollback(struct device *d, struct err *e) {
	struct command_result r;

	return unix_must(d, d->a, "rolling back", HOW_IT_ENDED
	    "cd \"$S\" 2>/dev/null && [ -e \"$I.undo\" ] && [ ! -e \"$I.confirmed\" ] || { how; exit 46; }\n"
	    "[ -e \"$I.undone\" ] || sh \"$I.undo\" now >> \"$I.log\" 2>&1\n"
	    "i=0; while [ -e \"$I.undoing\" ] && [ $i -lt 50 ]; do sleep 1; i=$((i + 1)); done\n"
	    "kill \"$(cat \"$I.pid\")\" 2>/dev/null\n"
	    "[ -e \"$I.undone\" ] || { tail -n 5 \"$I.log\" >&2; exit 1; }", NULL, 0, &r, e);
}

bool undo_nobody_waits(struct device *d, struct err *e) {
	struct command_result r;

	return unix_must(d, d->a, "looking for other changes", arena_printf(d->a, "cd \"$S\" 2>/dev/null || exit 0\n" OTHERS "exit 0"), NULL, 0, &r, e);
}

/* A large change may take longer than its timer ran. */
static bool in_time(struct device *d, struct err *e) {
	struct pending p;

	return undo_pending(d, &p, e) && (p.running || err_kind(e, ERR_UPSTREAM, "commit",
	    "%s: the timer ran out before %s had taken all of the configuration: give it more seconds", d->name, d->driver->label));
}

bool undo_commit(struct device *d, unsigned seconds, const char *restore, bool (*apply)(struct device *, struct err *), struct err *e) {
	struct err undo = { .code = ERR_NONE };

	if (!undo_arm(d, seconds == 0 ? d->seconds * 2 : seconds, restore, e))
		return false;
	if (apply(d, e) && in_time(d, e))
		return seconds != 0 || d->driver->confirm(d, e);
	if (!undo_rollback(d, &undo))
		device_log(d, DEVICE_WARNING, "%s", undo.msg);
	return false;
}
