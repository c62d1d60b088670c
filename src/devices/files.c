/* files.c: files on a router that has a POSIX shell, through commands: no SFTP subsystem is needed. */
#include "config.h"

#include "devices/transport.h"

void sb_shell(struct sbuf *out, const char *s, size_t n) {
	size_t i;

	sb_chr(out, '\'');
	for (i = 0; i < n; i++) {
		if (s[i] == '\'')
			sb_str(out, "'\\''");
		else
			sb_chr(out, s[i]);
	}
	sb_chr(out, '\'');
}

bool transport_put(struct transport *t, struct arena *a, const char *path, const char *data, size_t len, unsigned mode, struct err *e) {
	struct command_run run = { .in = data, .in_len = len };
	struct command_result r;
	struct sbuf b;

	sb_init(&b, a);
	sb_str(&b, "f=");
	sb_shell(&b, path, strlen(path));
	sb_fmt(&b, "; umask 077; cat > \"$f.new\" && [ \"$(wc -c < \"$f.new\")\" -eq %zu ] && chmod %o \"$f.new\" && mv -f \"$f.new\" \"$f\" ||"
	    " { rm -f \"$f.new\"; exit 1; }", len, mode & 0777);
	run.command = b.s;
	if (!transport_run(t, a, &run, &r, e))
		return false;
	if (r.status != 0)
		return err_kind(e, ERR_UPSTREAM, "file", "the file %s could not be written on the router: %.200s", path, r.err.s);
	return true;
}

bool transport_get(struct transport *t, const char *path, struct sbuf *out, struct err *e) {
	struct command_run run = { 0 };
	struct command_result r;
	struct sbuf b;

	sb_init(&b, out->a);
	sb_str(&b, "f=");
	sb_shell(&b, path, strlen(path));
	sb_str(&b, "; [ -e \"$f\" ] || exit 44; cat < \"$f\"");
	run.command = b.s;
	if (!transport_run(t, out->a, &run, &r, e))
		return false;
	if (r.status == 44)
		return err_kind(e, ERR_NOT_FOUND, "none", "there is no file %s on the router", path);
	if (r.status != 0)
		return err_kind(e, ERR_UPSTREAM, "file", "the file %s of the router could not be read: %.200s", path, r.err.s);
	sb_mem(out, r.out.s, r.out.len);
	return true;
}
