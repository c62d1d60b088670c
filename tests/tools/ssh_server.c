/*
 * ssh_server.c: an SSH server for the suites, for what an unprivileged sshd cannot do: passwords, keyboard-interactive, terminals, and
 * whatever program is to stand behind a shell or a subsystem.
 *
 * usage: ssh_server PORT HOST_KEY USER PASSWORD [--interactive] [--shell COMMAND] [--subsystem COMMAND]
 *
 * Commands run with /bin/sh; a shell gets a terminal. --interactive: keyboard-interactive is the only way in (it asks for a code as well, which may be empty).
 */
#include "config.h"

#include <libssh/libssh.h>
#include <libssh/server.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct server {
	const char *user, *password, *shell, *subsystem;
	bool interactive;
};

struct guest {
	const struct server *o;
	ssh_session s;
	ssh_channel channel;
	bool known, signed_in, terminal;        /* known: the user is the right one; an answer to a question does not say it again */
	int fd;                 /* to the program; -1 none yet */
	pid_t pid;
};

/* libssh's messages are its older form, and by far the shorter one. */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

static void auth(struct guest *g, ssh_message m) {
	const char *user = ssh_message_auth_user(m);
	bool ok = user != NULL && strcmp(user, g->o->user) == 0;
	const char *prompts[] = { "Password: ", "Code (may be empty): " };
	char echo[] = { 0, 1 };

	ssh_message_auth_set_methods(m, g->o->interactive ? SSH_AUTH_METHOD_INTERACTIVE : SSH_AUTH_METHOD_PASSWORD);
	if (!g->o->interactive && ssh_message_subtype(m) == SSH_AUTH_METHOD_PASSWORD) {
		const char *given = ssh_message_auth_password(m);

		g->signed_in = ok && given != NULL && strcmp(given, g->o->password) == 0;
	} else if (g->o->interactive && ssh_message_subtype(m) == SSH_AUTH_METHOD_INTERACTIVE) {
		if (!ssh_message_auth_kbdint_is_response(m)) {
			g->known = ok;
			ssh_message_auth_interactive_request(m, "Two questions", "", 2, prompts, echo);
			return;
		}
		g->signed_in = g->known && ssh_userauth_kbdint_getnanswers(g->s) == 2 && strcmp(ssh_userauth_kbdint_getanswer(g->s, 0), g->o->password) == 0 &&
		    ssh_userauth_kbdint_getanswer(g->s, 1)[0] == '\0';
	}
	if (g->signed_in)
		ssh_message_auth_reply_success(m, 0);
	else
		ssh_message_reply_default(m);
}

static bool start(struct guest *g, const char *command) {
	int pair[2];

	if (command == NULL)
		return false;
	if (g->terminal) {
		g->pid = forkpty(&g->fd, NULL, NULL, NULL);
	} else if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0) {
		g->pid = fork();
		g->fd = pair[0];
		if (g->pid == 0) {
			dup2(pair[1], 0);
			dup2(pair[1], 1);
			dup2(pair[1], 2);
			close(pair[0]);
		}
		close(pair[1]);
	}
	if (g->pid == 0) {
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	return g->pid > 0;
}

static void request(struct guest *g, ssh_message m) {
	bool ok = false;

	switch (ssh_message_subtype(m)) {
	case SSH_CHANNEL_REQUEST_PTY:
		ok = g->terminal = true;
		break;
	case SSH_CHANNEL_REQUEST_SHELL:
		ok = start(g, g->o->shell);
		break;
	case SSH_CHANNEL_REQUEST_EXEC:
		ok = start(g, ssh_message_channel_request_command(m));
		break;
	case SSH_CHANNEL_REQUEST_SUBSYSTEM:
		ok = start(g, g->o->subsystem);
		break;
	default:
		break;
	}
	if (ok)
		ssh_message_channel_request_reply_success(m);
	else
		ssh_message_reply_default(m);
}

/* Until a program runs; false when the guest leaves. */
static bool meet(struct guest *g) {
	ssh_message m;

	while (g->fd < 0) {
		m = ssh_message_get(g->s);
		if (m == NULL)
			return false;
		if (ssh_message_type(m) == SSH_REQUEST_AUTH)
			auth(g, m);
		else if (g->signed_in && ssh_message_type(m) == SSH_REQUEST_CHANNEL_OPEN)
			g->channel = ssh_message_channel_request_open_reply_accept(m);
		else if (g->signed_in && ssh_message_type(m) == SSH_REQUEST_CHANNEL)
			request(g, m);
		else
			ssh_message_reply_default(m);
		ssh_message_free(m);
	}
	return true;
}

static void carry(struct guest *g) {
	struct pollfd p[] = { { .fd = g->fd, .events = POLLIN }, { .fd = ssh_get_fd(g->s), .events = POLLIN } };
	char piece[4096];
	ssize_t n;
	int got, status = 0;
	bool eof = false;

	while (ssh_channel_is_open(g->channel)) {
		got = ssh_channel_read_nonblocking(g->channel, piece, sizeof(piece), 0);
		if (got < 0)            /* the other side is gone */
			break;
		if (got > 0 && write(g->fd, piece, (size_t)got) != got)
			break;
		if (!eof && ssh_channel_is_eof(g->channel)) {
			eof = true;
			shutdown(g->fd, SHUT_WR);
		}
		if (poll(p, sizeof(p) / sizeof(p[0]), 10) <= 0 || p[0].revents == 0)
			continue;
		n = read(g->fd, piece, sizeof(piece));
		if (n <= 0 || ssh_channel_write(g->channel, piece, (uint32_t)n) != n)
			break;
	}
	close(g->fd);
	waitpid(g->pid, &status, 0);
	ssh_channel_request_send_exit_status(g->channel, WIFEXITED(status) ? WEXITSTATUS(status) : 255);
	ssh_channel_send_eof(g->channel);
	ssh_channel_close(g->channel);
}

static int serve(ssh_session s, const struct server *o) {
	struct guest g = { .o = o, .s = s };

	setsockopt(ssh_get_fd(s), IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
	if (ssh_handle_key_exchange(s) != SSH_OK)
		return 1;
	ssh_set_auth_methods(s, o->interactive ? SSH_AUTH_METHOD_INTERACTIVE : SSH_AUTH_METHOD_PASSWORD);
	for (;;) {              /* one program after the other, as long as the guest asks for more */
		g.fd = -1;
		g.terminal = false;
		if (!meet(&g))
			return 0;
		carry(&g);
	}
}

int main(int argc, char **argv) {
	struct server o = { 0 };
	ssh_bind b = ssh_bind_new();
	ssh_session s;
	int i;

	if (argc < 5)
		return fprintf(stderr, "usage: ssh_server PORT HOST_KEY USER PASSWORD [--interactive] [--shell COMMAND] [--subsystem COMMAND]\n") > 0 ? 2 : 7;
	o.user = argv[3];
	o.password = argv[4];
	for (i = 5; i < argc; i++) {
		if (strcmp(argv[i], "--interactive") == 0)
			o.interactive = true;
		else if (strcmp(argv[i], "--shell") == 0 && i + 1 < argc)
			o.shell = argv[++i];
		else if (strcmp(argv[i], "--subsystem") == 0 && i + 1 < argc)
			o.subsystem = argv[++i];
	}
	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	ssh_bind_options_set(b, SSH_BIND_OPTIONS_BINDADDR, "127.0.0.1");
	ssh_bind_options_set(b, SSH_BIND_OPTIONS_BINDPORT_STR, argv[1]);
	ssh_bind_options_set(b, SSH_BIND_OPTIONS_HOSTKEY, argv[2]);
	if (ssh_bind_listen(b) != SSH_OK)
		return fprintf(stderr, "ssh_server: %s\n", ssh_get_error(b)) > 0 ? 1 : 7;
	for (;;) {
		s = ssh_new();
		if (ssh_bind_accept(b, s) == SSH_OK && fork() == 0) {
			signal(SIGCHLD, SIG_DFL);
			ssh_bind_free(b);
			exit(serve(s, &o));
		}
		ssh_disconnect(s);
		ssh_free(s);
	}
}
