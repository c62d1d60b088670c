/*
 * transport.c: SSH, through libssh in its non-blocking form: every wait is ours (wait_ready), so every wait ends. A jump host is a session of
 * its own whose forwarded channel feeds one end of a socket pair; whoever waits for the inner session pumps it.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <libssh/libssh.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "devices/transport.h"
#include "devices/transport_wait.h"

enum { PIECE = 32 * 1024, KEEPALIVE_SECONDS = 15, KBDINT_ROUNDS = 5, KEY_BITS_LEAST = 1024 };

struct stream {
	struct transport *t;
	struct stream *next;
	ssh_channel channel;            /* NULL: closed */
};

struct transport {
	struct device *d;
	const char *host, *user, *password, *private_key;
	uint16_t port;
	ssh_session s;                  /* NULL: closed */
	int fd;
	int64_t said, every;            /* when we last sent a sign of life; milliseconds between two */
	struct stream *streams;

	/* to a router behind a jump host: */
	struct transport *via;
	bool lent;                      /* it is somebody else's to close */
	ssh_channel tunnel;
	int pump;                       /* our end of the socket pair; -1 none */
	bool left;                      /* who speaks at the other end of it has gone */
	struct sbuf held;               /* from the tunnel, not yet taken by the pair */
	struct sbuf sent;               /* from the pair, not yet taken by the tunnel */
};

/* ---- waiting ---- */

static bool cut(struct transport *t, const char *what, struct err *e) {
	const char *why = t->s == NULL ? "" : ssh_get_error(t->s);

	return err_kind(e, ERR_UPSTREAM, "cut", "%s (%s): the connection ended during %s%s%.200s", t->d->name, t->host, what, *why == '\0' ? "" : ": ", why);
}

/* Move bytes between tunnel and pair, both ways, as far as they go without waiting. */
static void pump(struct transport *t) {
	char piece[PIECE];
	ssize_t n;
	int got;

	for (;;) {
		if (t->sent.len == 0 && !t->left && (n = recv(t->pump, piece, sizeof(piece), MSG_DONTWAIT)) >= 0) {
			t->left = n == 0;
			sb_mem(&t->sent, piece, (size_t)n);
		}
		if (t->sent.len == 0)
			break;
		got = ssh_channel_write(t->tunnel, t->sent.s, (uint32_t)t->sent.len);
		if (got <= 0)
			break;
		memmove(t->sent.s, t->sent.s + got, t->sent.len - (size_t)got);
		sb_cut(&t->sent, t->sent.len - (size_t)got);
	}
	for (;;) {
		if (t->held.len == 0 && (got = ssh_channel_read_nonblocking(t->tunnel, piece, sizeof(piece), 0)) > 0)
			sb_mem(&t->held, piece, (size_t)got);
		if (t->held.len == 0)
			break;
		n = send(t->pump, t->held.s, t->held.len, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n <= 0)
			break;
		memmove(t->held.s, t->held.s + n, t->held.len - (size_t)n);
		sb_cut(&t->held, t->held.len - (size_t)n);
	}
	if (t->held.len == 0 && (ssh_channel_is_eof(t->tunnel) || !ssh_is_connected(t->via->s)))
		shutdown(t->pump, SHUT_WR);
}

static short wanted(const struct transport *t) {
	return (short)((ssh_get_poll_flags(t->s) & SSH_WRITE_PENDING) != 0 ? POLLIN | POLLOUT : POLLIN);
}

/* So that nothing on the way takes a long silence for the end. */
static void sign_of_life(struct transport *t) {
	if (time_ms() - t->said <= t->every)
		return;
	t->said = time_ms();
	ssh_send_ignore(t->s, "");
}

/* Move what there is through the jump host; what to wait for until there is more. */
static nfds_t carry(struct transport *t, struct pollfd fds[TUNNEL_FDS]) {
	pump(t);
	fds[0] = (struct pollfd){ .fd = t->pump, .events = (short)((t->sent.len == 0 && !t->left ? POLLIN : 0) | (t->held.len > 0 ? POLLOUT : 0)) };
	fds[1] = (struct pollfd){ .fd = t->via->fd, .events = wanted(t->via) };
	return TUNNEL_FDS;
}

/* Until the session may have something new. */
static bool wait_more(struct transport *t, int64_t deadline, const char *what, struct err *e) {
	struct pollfd fds[1 + TUNNEL_FDS] = { { .fd = t->fd, .events = wanted(t) } };
	nfds_t n = 1;

	sign_of_life(t);
	if (t->via != NULL)
		n += carry(t, fds + 1);
	if (!wait_ready(t->d, fds, n, deadline, what, e))
		return false;
	if (t->via != NULL)
		pump(t);
	return true;
}

static int64_t deadline_in(const struct transport *t, unsigned seconds) {
	return time_ms() + (int64_t)(seconds == 0 ? t->d->seconds : seconds) * 1000;
}

/* ---- host keys ---- */

static bool fingerprint(struct transport *t, const char **out, struct err *e) {
	unsigned char *hash = NULL;
	ssh_key key = NULL;
	size_t len = 0;
	char *text = NULL;

	if (ssh_get_server_publickey(t->s, &key) == SSH_OK && ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &len) == 0)
		text = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, len);
	if (text != NULL)
		*out = arena_printf(t->d->a, "%s %s", ssh_key_type_to_char(ssh_key_type(key)), text);
	ssh_string_free_char(text);
	ssh_clean_pubkey_hash(&hash);
	ssh_key_free(key);
	return text != NULL || err_kind(e, ERR_UPSTREAM, "garbage", "%s (%s): its host key cannot be read", t->d->name, t->host);
}

static bool hold_against(struct transport *t, const char *pinned, const char *shown, struct err *e) {
	bool hop = t->via == NULL && t->d->jump != NULL;
	const char *what = hop ? "jump host" : "router";

	if (strcmp(pinned, shown) == 0)
		return true;
	if (pinned[0] == '\0')
		return err_kind(e, ERR_DENIED, "host-key-unknown", "%s: the %s %s shows the host key %s, which nobody has confirmed yet: compare it with the"
		    " %s's own, then confirm it on the router's page or with `peerage router trust %s`", t->d->name, what, t->host, shown, what, t->d->name);
	return err_kind(e, ERR_DENIED, "host-key-changed", "%s: the %s %s shows the host key %s, but %s was confirmed: either it got a new key, or somebody"
	    " is in between; nothing was sent", t->d->name, what, t->host, shown, pinned);
}

/* The algorithms to ask for: of the pinned key first, so that a router with several shows that one. */
static const char *key_order(struct transport *t, const char *pinned) {
	static const char *const types[] = { "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "rsa-sha2-512", "rsa-sha2-256" };
	size_t type_len = strcspn(pinned, " "), i;
	struct sbuf b;
	int pass;

	sb_init(&b, t->d->a);
	for (pass = 0; pass < 2; pass++) {
		for (i = 0; i < ARRAY_LEN(types); i++) {
			bool first = (strlen(types[i]) == type_len && memcmp(types[i], pinned, type_len) == 0) ||
			    (type_len == 7 && memcmp(pinned, "ssh-rsa", 7) == 0 && strncmp(types[i], "rsa-", 4) == 0);

			if (first == (pass == 0))
				sb_fmt(&b, "%s%s", b.len == 0 ? "" : ",", types[i]);
		}
	}
	if (device_arg_int(t->d, "ssh_legacy", 0) != 0 || val_equal(map_get(t->d->args, "ssh_legacy"), val_bool(true)))
		sb_str(&b, ",ssh-rsa");
	return b.s;
}

/* ---- connecting ---- */

static void set_options(struct transport *t, const char *pinned) {
	int off = 0, verbosity = SSH_LOG_NOLOG, bits = KEY_BITS_LEAST;
	bool config = false;
	unsigned port = t->port;

	ssh_options_set(t->s, SSH_OPTIONS_PROCESS_CONFIG, &config);
	ssh_options_set(t->s, SSH_OPTIONS_LOG_VERBOSITY, &verbosity);
	ssh_options_set(t->s, SSH_OPTIONS_HOST, t->host);
	ssh_options_set(t->s, SSH_OPTIONS_PORT, &port);
	ssh_options_set(t->s, SSH_OPTIONS_USER, t->user);
	ssh_options_set(t->s, SSH_OPTIONS_FD, &t->fd);
	ssh_options_set(t->s, SSH_OPTIONS_GSSAPI_AUTH, &off);
	ssh_options_set(t->s, SSH_OPTIONS_HOSTKEYS, key_order(t, pinned));
	if (device_arg_int(t->d, "ssh_legacy", 0) == 0 && !val_equal(map_get(t->d->args, "ssh_legacy"), val_bool(true)))
		return;
	ssh_options_set(t->s, SSH_OPTIONS_RSA_MIN_SIZE, &bits);
	ssh_options_set(t->s, SSH_OPTIONS_KEY_EXCHANGE, "curve25519-sha256,ecdh-sha2-nistp256,diffie-hellman-group14-sha256,"
	    "diffie-hellman-group-exchange-sha256,diffie-hellman-group14-sha1,diffie-hellman-group-exchange-sha1,diffie-hellman-group1-sha1");
	ssh_options_set(t->s, SSH_OPTIONS_CIPHERS_C_S, "aes256-gcm@openssh.com,aes256-ctr,aes128-ctr,aes256-cbc,aes128-cbc,3des-cbc");
	ssh_options_set(t->s, SSH_OPTIONS_CIPHERS_S_C, "aes256-gcm@openssh.com,aes256-ctr,aes128-ctr,aes256-cbc,aes128-cbc,3des-cbc");
	ssh_options_set(t->s, SSH_OPTIONS_HMAC_C_S, "hmac-sha2-256,hmac-sha2-512,hmac-sha1");
	ssh_options_set(t->s, SSH_OPTIONS_HMAC_S_C, "hmac-sha2-256,hmac-sha2-512,hmac-sha1");
	ssh_options_set(t->s, SSH_OPTIONS_PUBLICKEY_ACCEPTED_TYPES, "ssh-ed25519,ecdsa-sha2-nistp256,rsa-sha2-512,rsa-sha2-256,ssh-rsa");
}

/* As far as the key exchange: what speaks at the other end is SSH and has shown its key (*shown). */
static bool exchange_keys(struct transport *t, const char *pinned, const char **shown, int64_t deadline, struct err *e) {
	const char *why;
	int got;

	t->s = ssh_new();
	if (t->s == NULL)
		return err_set(e, ERR_INTERNAL, NULL, "libssh gives no session");
	set_options(t, pinned);
	ssh_set_blocking(t->s, 0);
	while ((got = ssh_connect(t->s)) == SSH_AGAIN) {
		if (!wait_more(t, deadline, "SSH greeting and key exchange", e))
			return false;
	}
	why = ssh_get_error(t->s);
	if (got != SSH_OK && (strstr(why, "banner") != NULL || strstr(why, "rotocol") != NULL || strstr(why, "acket") != NULL))
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s: what answers at %s port %u does not speak SSH: %.200s", t->d->name, t->host, (unsigned)t->port, why);
	if (got != SSH_OK && strstr(why, "no match") != NULL)
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s (%s): no algorithm in common: %.250s; the driver argument ssh_legacy allows old ones", t->d->name, t->host, why);
	if (got != SSH_OK)
		return cut(t, "the key exchange", e);
	if (!fingerprint(t, shown, e))
		return false;
	/* libssh makes the socket blocking once it is connected, and would then wait in a write for as long as the other side likes */
	fcntl(t->fd, F_SETFL, fcntl(t->fd, F_GETFL) | O_NONBLOCK);
	return true;
}

/* ---- signing in ---- */

static bool key_auth(struct transport *t, int64_t deadline, int *got, struct err *e) {
	ssh_key key = NULL;
	bool waited = true;

	if (ssh_pki_import_privkey_base64(t->private_key, t->password[0] == '\0' ? NULL : t->password, NULL, NULL, &key) != SSH_OK)
		return err_kind(e, ERR_DENIED, "auth", "%s: the private key cannot be read: it is not in OpenSSH or PEM form, or the password is not its passphrase",
		    t->d->name);
	while (waited && (*got = ssh_userauth_publickey(t->s, NULL, key)) == SSH_AUTH_AGAIN)
		waited = wait_more(t, deadline, "answer to the key", e);
	ssh_key_free(key);
	return waited;
}

static bool password_auth(struct transport *t, int64_t deadline, int *got, struct err *e) {
	while ((*got = ssh_userauth_password(t->s, NULL, t->password)) == SSH_AUTH_AGAIN) {
		if (!wait_more(t, deadline, "answer to the password", e))
			return false;
	}
	return true;
}

/* Keyboard-interactive (RFC 4256): a hidden question is the password's; all others are left empty. */
static bool kbdint_auth(struct transport *t, int64_t deadline, int *got, struct err *e) {
	int round = 0, i, n;
	char echo;

	for (;;) {
		while ((*got = ssh_userauth_kbdint(t->s, NULL, NULL)) == SSH_AUTH_AGAIN) {
			if (!wait_more(t, deadline, "question of the keyboard-interactive sign-in", e))
				return false;
		}
		if (*got != SSH_AUTH_INFO || ++round > KBDINT_ROUNDS)
			return true;
		n = ssh_userauth_kbdint_getnprompts(t->s);
		for (i = 0; i < n; i++) {
			ssh_userauth_kbdint_getprompt(t->s, (unsigned)i, &echo);
			ssh_userauth_kbdint_setanswer(t->s, (unsigned)i, echo ? "" : t->password);
		}
	}
}

static bool refused(struct transport *t, const char *tried, unsigned methods, struct err *e) {
	if (!ssh_is_connected(t->s))
		return cut(t, "the sign-in", e);
	return err_kind(e, ERR_DENIED, "auth", "%s: %s does not let user \"%s\" in with %s; it takes%s%s%s%s", t->d->name, t->host, t->user,
	    tried[0] == '\0' ? "neither password nor private key given" : tried, (methods & SSH_AUTH_METHOD_PUBLICKEY) != 0 ? " publickey" : "",
	    (methods & SSH_AUTH_METHOD_PASSWORD) != 0 ? " password" : "", (methods & SSH_AUTH_METHOD_INTERACTIVE) != 0 ? " keyboard-interactive" : "",
	    methods == 0 ? " nothing" : "");
}

static const struct {
	unsigned method;
	bool needs_key;
	bool (*fn)(struct transport *, int64_t, int *, struct err *);
	const char *name;
} ways[] = {
	{ SSH_AUTH_METHOD_PUBLICKEY, true, key_auth, "its key" },
	{ SSH_AUTH_METHOD_PASSWORD, false, password_auth, "its password" },
	{ SSH_AUTH_METHOD_INTERACTIVE, false, kbdint_auth, "its password" },
};

static bool sign_in(struct transport *t, int64_t deadline, struct err *e) {
	const char *tried = "";
	unsigned methods;
	size_t i;
	int got;

	while ((got = ssh_userauth_none(t->s, NULL)) == SSH_AUTH_AGAIN) {
		if (!wait_more(t, deadline, "list of ways to sign in", e))
			return false;
	}
	if (got == SSH_AUTH_SUCCESS)
		return true;
	methods = (unsigned)ssh_userauth_list(t->s, NULL);
	for (i = 0; i < ARRAY_LEN(ways) && got != SSH_AUTH_ERROR; i++) {
		if ((methods & ways[i].method) == 0 || (ways[i].needs_key ? t->private_key : t->password)[0] == '\0')
			continue;
		if (!ways[i].fn(t, deadline, &got, e))
			return false;
		if (got == SSH_AUTH_SUCCESS)
			return true;
		if (got == SSH_AUTH_PARTIAL)
			methods = (unsigned)ssh_userauth_list(t->s, NULL);
		tried = ways[i].name;
	}
	return refused(t, tried, methods, e);
}

/* ---- opening and closing ---- */

static struct transport *new_transport(struct device *d, const char *host, uint16_t port) {
	struct transport *t = arena_new(d->a, struct transport, 1);

	*t = (struct transport){ .d = d, .host = host, .port = port, .fd = -1, .pump = -1, .user = d->user, .password = d->password,
	    .private_key = d->private_key, .said = time_ms(), .every = device_arg_int(d, "ssh_keepalive", KEEPALIVE_SECONDS) * 1000 };
	return t;
}

/* A forwarded connection (RFC 4254 7.2) of the jump host's session, to carry what comes and goes at t->pump. */
static bool open_tunnel(struct transport *t, int64_t deadline, struct err *e) {
	int got;

	sb_init(&t->held, t->d->a);
	sb_init(&t->sent, t->d->a);
	t->tunnel = ssh_channel_new(t->via->s);
	while ((got = ssh_channel_open_forward(t->tunnel, t->host, t->port, "127.0.0.1", 0)) == SSH_AGAIN) {
		if (!wait_more(t->via, deadline, "connection through the jump host", e))
			return false;
	}
	if (got != SSH_OK)
		return err_kind(e, ERR_UPSTREAM, "unreachable", "%s: the jump host %s does not connect to %s port %u: %.200s", t->d->name, t->via->host, t->host,
		    (unsigned)t->port, ssh_get_error(t->via->s));
	return true;
}

static bool pair_up(struct transport *t, struct err *e) {
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) != 0)
		return err_set(e, ERR_INTERNAL, NULL, "no socket pair: %s", strerror(errno));
	t->fd = pair[0];
	t->pump = pair[1];
	return true;
}

static bool open_hop(struct device *d, const struct device_hop *hop, int64_t deadline, struct transport **out, struct err *e) {
	struct transport *t = new_transport(d, hop->host, hop->port);
	bool ok;

	*out = t;
	t->user = hop->user;
	t->password = hop->password;
	t->private_key = hop->private_key;
	t->fd = tcp_connect(d, t->host, t->port, deadline, e);
	ok = t->fd >= 0 && exchange_keys(t, hop->host_key, &d->jump_offered, deadline, e) && hold_against(t, hop->host_key, d->jump_offered, e) &&
	    sign_in(t, deadline, e);
	if (!ok)
		transport_close(t);
	return ok;
}

static bool through(struct transport *t, int64_t deadline, struct err *e) {
	if (open_hop(t->d, t->d->jump, deadline, &t->via, e))
		return open_tunnel(t, deadline, e);
	t->via = NULL;
	return false;
}

static bool reach(struct device *d, int64_t deadline, struct transport **out, struct err *e) {
	struct transport *t = new_transport(d, d->host, d->port);

	*out = t;
	d->offered = d->jump_offered = "";
	if (d->jump != NULL ? !through(t, deadline, e) || !pair_up(t, e) : (t->fd = tcp_connect(d, t->host, t->port, deadline, e)) < 0)
		return false;
	return exchange_keys(t, d->host_key, &d->offered, deadline, e);
}

bool transport_open(struct device *d, struct transport **out, struct err *e) {
	int64_t deadline = time_ms() + (int64_t)d->connect_seconds * 1000;
	struct transport *t;

	if (reach(d, deadline, &t, e) && hold_against(t, d->host_key, d->offered, e) && sign_in(t, deadline, e)) {
		*out = t;
		return true;
	}
	transport_close(t);
	return false;
}

bool transport_hop(struct device *d, struct transport **hop, struct err *e) {
	if (*hop != NULL && ssh_is_connected((*hop)->s))
		return true;
	if (*hop != NULL)
		transport_close(*hop);
	d->jump_offered = "";
	if (open_hop(d, d->jump, time_ms() + (int64_t)d->connect_seconds * 1000, hop, e))
		return true;
	*hop = NULL;
	return false;
}

bool transport_tunnel(struct transport *hop, int fd, struct transport **out, struct err *e) {
	struct device *d = hop->d;
	struct transport *t = new_transport(d, d->host, d->port);

	t->pump = fd;
	t->via = hop;
	t->lent = true;
	if (open_tunnel(t, time_ms() + (int64_t)d->connect_seconds * 1000, e)) {
		*out = t;
		return true;
	}
	transport_close(t);
	return false;
}

size_t transport_carry(struct transport *t, struct pollfd fds[TUNNEL_FDS]) {
	sign_of_life(t->via);
	return t->left && t->sent.len == 0 ? 0 : carry(t, fds);
}

bool transport_offered(struct device *d, struct err *e) {
	struct transport *t;
	bool ok = reach(d, time_ms() + (int64_t)d->connect_seconds * 1000, &t, e);

	transport_close(t);
	return ok;
}

void transport_close(struct transport *t) {
	struct stream *s;

	for (s = t->streams; s != NULL; s = s->next)
		stream_close(s);
	if (t->s != NULL) {
		ssh_disconnect(t->s);
		ssh_free(t->s);         /* closes t->fd as well */
	} else if (t->fd >= 0) {
		close(t->fd);
	}
	t->s = NULL;
	t->fd = -1;
	if (t->via != NULL) {
		if (t->pump >= 0) {
			pump(t);
			close(t->pump);
		}
		if (t->tunnel != NULL)
			ssh_channel_free(t->tunnel);
		if (!t->lent)
			transport_close(t->via);
	}
	t->via = NULL;
	t->tunnel = NULL;
	t->pump = -1;
}

struct device *transport_device(const struct transport *t) {
	return t->d;
}

/* ---- streams ---- */

static bool closed(const struct device *d, struct err *e) {
	return err_kind(e, ERR_UPSTREAM, "cut", "%s: the connection is closed", d->name);
}

static int ask_for(struct stream *s, enum stream_kind kind, const char *what) {
	switch (kind) {
	case STREAM_SHELL:
		return ssh_channel_request_shell(s->channel);
	case STREAM_SUBSYSTEM:
		return ssh_channel_request_subsystem(s->channel, what);
	case STREAM_COMMAND:
		return ssh_channel_request_exec(s->channel, what);
	}
	return SSH_ERROR;
}

static bool request(struct stream *s, enum stream_kind kind, const char *what, int64_t deadline, struct err *e) {
	struct transport *t = s->t;
	int got;

	while ((got = ssh_channel_open_session(s->channel)) == SSH_AGAIN) {
		if (!wait_more(t, deadline, "channel", e))
			return false;
	}
	while (got == SSH_OK && kind == STREAM_SHELL && (got = ssh_channel_request_pty_size(s->channel, what == NULL ? "vt100" : what, 511, 1000)) == SSH_AGAIN) {
		if (!wait_more(t, deadline, "terminal", e))
			return false;
		got = SSH_OK;
	}
	while (got == SSH_OK && (got = ask_for(s, kind, what)) == SSH_AGAIN) {
		if (!wait_more(t, deadline, "shell, command or subsystem", e))
			return false;
		got = SSH_OK;
	}
	if (got == SSH_OK)
		return true;
	if (!ssh_is_connected(t->s))
		return cut(t, "the opening of a channel", e);
	return err_kind(e, ERR_UPSTREAM, "garbage", "%s (%s): it opens no %s: %.200s", t->d->name, t->host,
	    kind == STREAM_SHELL ? "shell" : kind == STREAM_COMMAND ? "channel for a command" : "subsystem", ssh_get_error(t->s));
}

bool stream_open(struct transport *t, enum stream_kind kind, const char *what, struct stream **out, struct err *e) {
	struct stream *s;

	if (t->s == NULL)
		return closed(t->d, e);
	s = arena_new(t->d->a, struct stream, 1);
	*s = (struct stream){ .t = t, .next = t->streams, .channel = ssh_channel_new(t->s) };
	t->streams = s;
	if (s->channel == NULL)
		return cut(t, "the opening of a channel", e);
	if (!request(s, kind, what, deadline_in(t, 0), e)) {
		stream_close(s);
		return false;
	}
	*out = s;
	return true;
}

void stream_close(struct stream *s) {
	if (s->channel == NULL)
		return;
	ssh_channel_close(s->channel);
	ssh_channel_free(s->channel);
	s->channel = NULL;
}

bool stream_write(struct stream *s, const char *data, size_t len, struct err *e) {
	int64_t deadline = deadline_in(s->t, 0);
	int got;

	if (s->channel == NULL)
		return closed(s->t->d, e);
	while (len > 0) {
		got = ssh_channel_write(s->channel, data, (uint32_t)(len < PIECE ? len : PIECE));
		if (got == SSH_ERROR || ssh_channel_is_closed(s->channel))
			return cut(s->t, "a write", e);
		if (got > 0) {
			data += got;
			len -= (size_t)got;
			deadline = deadline_in(s->t, 0);
		} else if (!wait_more(s->t, deadline, "room for what is sent", e)) {
			return false;
		}
	}
	/* not by ssh_channel_poll(): it sends nothing while there is something to read */
	while ((got = ssh_blocking_flush(s->t->s, 0)) == SSH_AGAIN) {
		if (!wait_more(s->t, deadline, "room for what is sent", e))
			return false;
	}
	if (got == SSH_ERROR)
		return cut(s->t, "a write", e);
	if (s->t->via != NULL)
		pump(s->t);
	return true;
}

static bool too_much(struct transport *t, size_t max, struct err *e) {
	return err_kind(e, ERR_TOO_LARGE, "limit", "%s: the answer has more than %zu bytes", t->d->name, max);
}

/* What is there now of one of both outputs. */
static int take(struct stream *s, int is_stderr, struct sbuf *in) {
	char piece[PIECE];
	int got = ssh_channel_read_nonblocking(s->channel, piece, sizeof(piece), is_stderr);

	if (got > 0)
		sb_mem(in, piece, (size_t)got);
	return got;
}

bool stream_read(struct stream *s, struct sbuf *in, unsigned seconds, size_t max, struct err *e) {
	int64_t deadline = deadline_in(s->t, seconds);
	int got;

	if (max == 0)
		max = TRANSPORT_ANSWER_MAX;
	if (s->channel == NULL)
		return closed(s->t->d, e);
	while ((got = take(s, 0, in)) == 0) {
		if (ssh_channel_is_eof(s->channel) || ssh_channel_is_closed(s->channel) || !ssh_is_connected(s->t->s))
			return cut(s->t, "an answer", e);
		if (!wait_more(s->t, deadline, "answer", e))
			return false;
	}
	if (got < 0)
		return cut(s->t, "an answer", e);
	return in->len <= max || too_much(s->t, max, e);
}

/* ---- commands ---- */

/* A step of a command: give it input, take its outputs. False: nothing moved. */
static bool step(struct stream *s, const struct command_run *run, size_t *given, bool *eof, struct command_result *out) {
	bool moved = false;
	int got;

	if (*given < run->in_len) {
		got = ssh_channel_write(s->channel, run->in + *given, (uint32_t)(run->in_len - *given < PIECE ? run->in_len - *given : PIECE));
		if (got > 0)
			*given += (size_t)got;
		moved = got > 0;
	}
	if (*given == run->in_len && !*eof)
		*eof = ssh_channel_send_eof(s->channel) == SSH_OK;
	if (take(s, 0, &out->out) > 0)
		moved = true;
	if (take(s, 1, &out->err) > 0)
		moved = true;
	return moved;
}

static bool run_to_end(struct stream *s, const struct command_run *run, struct command_result *out, struct err *e) {
	size_t given = 0, max = run->max == 0 ? TRANSPORT_ANSWER_MAX : run->max;
	int64_t deadline = deadline_in(s->t, run->seconds);
	bool eof = false;

	for (;;) {
		bool moved = step(s, run, &given, &eof, out);

		if (out->out.len > max || out->err.len > max)
			return too_much(s->t, max, e);
		if (moved) {
			if (time_ms() < deadline)
				continue;
		} else if (!ssh_is_connected(s->t->s)) {
			return cut(s->t, "a command", e);
		} else if (ssh_channel_is_eof(s->channel) || ssh_channel_is_closed(s->channel)) {
			/* it also takes in the packets that follow the end of the output, which reading no longer does */
			out->status = ssh_channel_get_exit_status(s->channel);
			if (out->status != -1 || ssh_channel_is_closed(s->channel))
				return true;
		}
		if (!wait_more(s->t, deadline, "end of the command", e))
			return false;
	}
}

bool transport_run(struct transport *t, struct arena *a, const struct command_run *run, struct command_result *out, struct err *e) {
	struct stream *s;
	bool ok;

	sb_init(&out->out, a);
	sb_init(&out->err, a);
	out->status = -1;
	if (!stream_open(t, STREAM_COMMAND, run->command, &s, e))
		return false;
	ok = run_to_end(s, run, out, e);
	stream_close(s);
	return ok;
}
