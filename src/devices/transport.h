/*
 * transport.h: SSH to a router: commands, shells, subsystems, files. libssh is known to transport.c alone.
 *
 * Passwords, keyboard-interactive and private keys; no agent, no files of the user's. The host key must be the pinned one. Everything
 * ends: connecting, signing in and each command have a time, each answer a size. kinds of errors: driver.h.
 *
 * NETCONF and shells are built on `struct stream`; HTTPS is src/outside/http.h.
 */
#ifndef PEERAGE_TRANSPORT_H
#define PEERAGE_TRANSPORT_H

#include <poll.h>

#include "devices/driver.h"

struct transport;

enum {
	TRANSPORT_ANSWER_MAX = 64 * 1024 * 1024,        /* 20,000 neighbours of FRR in JSON have 45 MB */
	TRANSPORT_CONNECT_SECONDS = 15,
	TRANSPORT_SECONDS = 60,
	TUNNEL_FDS = 2
};

/* Connect (through the jump host if there is one), hold the host key against the pinned one, sign in. d->offered is set as soon as it is known. */
bool transport_open(struct device *, struct transport **, struct err *);
void transport_close(struct transport *);
struct device *transport_device(const struct transport *);

/* Sign in at the device's jump host (there must be one), once more when that connection has ended. *hop: NULL at first. */
bool transport_hop(struct device *, struct transport **hop, struct err *);
/*
 * A way for bytes from there to the device's host and port, for what speaks something else than SSH. They go in and out at `fd`, a non-blocking socket
 * that is the tunnel's from now on, also on failure, while transport_carry() is called: it says how many descriptors to wait for before it is
 * called again; 0: who speaks at the other end of fd has gone. It must be closed before the hop.
 */
bool transport_tunnel(struct transport *hop, int fd, struct transport **, struct err *);
size_t transport_carry(struct transport *, struct pollfd fds[TUNNEL_FDS]);

/* Only look: connect as far as the key exchange and set d->offered, whatever is pinned. */
bool transport_offered(struct device *, struct err *);

/* ---- one command ---- */

struct command_run {
	const char *command;            /* for the login shell of the router; quote what is not yours with sb_shell() */
	const char *in;                 /* its standard input; NULL none */
	size_t in_len;
	unsigned seconds;               /* 0: the device's */
	size_t max;                     /* bytes of out and of err each; 0: TRANSPORT_ANSWER_MAX */
};

struct command_result {
	struct sbuf out, err;           /* standard output and error */
	int status;                     /* exit status; -1 when the command was ended by a signal or did not say */
};

/* True when it ran to its end, whatever its status. Both in the arena given. */
bool transport_run(struct transport *, struct arena *, const struct command_run *, struct command_result *, struct err *);

/* A word for a POSIX shell, in single quotes. */
void sb_shell(struct sbuf *, const char *, size_t);

/* Put a file there whole or not at all (written beside it, then renamed). `mode` as chmod has it. */
bool transport_put(struct transport *, struct arena *, const char *path, const char *data, size_t len, unsigned mode, struct err *);
/* All of a file; ERR_NOT_FOUND when there is none. */
bool transport_get(struct transport *, const char *path, struct sbuf *out, struct err *);

/* ---- a channel of bytes ---- */

enum stream_kind { STREAM_SHELL, STREAM_SUBSYSTEM, STREAM_COMMAND };

struct stream;

/* `what`: the subsystem ("netconf") or the command; for a shell the terminal type, NULL: "vt100" (200 columns, so that lines are not wrapped). Closed with the transport. */
bool stream_open(struct transport *, enum stream_kind, const char *what, struct stream **, struct err *);
void stream_close(struct stream *);

/* All of it, or an error. */
bool stream_write(struct stream *, const char *data, size_t len, struct err *);

/* Wait for more and add it to *in: at least one byte; false with kind "time" after `seconds` (0: the device's), "cut" at its end, "limit" beyond `max` (0: as above). */
bool stream_read(struct stream *, struct sbuf *in, unsigned seconds, size_t max, struct err *);

/* ---- a command line with a prompt ---- */

struct shell;

struct shell_options {
	const char *prompt;             /* POSIX extended regular expression that the last line must match whole */
	const char *pager;              /* what a pager says ("--More--"): answered with a blank; NULL none */
	const char *terminal;           /* NULL: "vt100" */
};

/* Open it and wait for the first prompt; the text before it goes to *banner (may be NULL). */
bool shell_open(struct transport *, const struct shell_options *, struct sbuf *banner, struct shell **, struct err *);
/* Write a line and read up to the next prompt: *out is what came between, without the echo, CR and terminal codes. */
bool shell_run(struct shell *, const char *line, struct sbuf *out, unsigned seconds, struct err *);
/* The same for where a question is answered: ends at `until` (a regular expression for the last line) as well as at the prompt. */
bool shell_ask(struct shell *, const char *line, const char *until, struct sbuf *out, unsigned seconds, struct err *);
/* From now on this is the prompt. */
bool shell_expect(struct shell *, const char *prompt, struct err *);
const char *shell_prompt(const struct shell *);         /* the last one, as it stood */
void shell_close(struct shell *);

#endif
