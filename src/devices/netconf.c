/* netconf.c: framing and requests of NETCONF. */
#include "config.h"

#include <stdlib.h>

#include "devices/netconf.h"

#define BASE_10 "urn:ietf:params:netconf:base:1.0"
#define BASE_11 "urn:ietf:params:netconf:base:1.1"
#define END_10 "]]>]]>"

#define LOCK(what) "<lock><target><" what "/></target></lock>"
#define UNLOCK(what) "<unlock><target><" what "/></target></unlock>"

enum { HELLO_MAX = 1024 * 1024, CLOSE_SECONDS = 2 };

struct netconf {
	struct device *d;
	struct stream *stream;
	struct xml *hello;
	struct sbuf in;                 /* read, not yet used */
	size_t seen;                    /* of `in`: holds no end of a message for sure */
	unsigned id;
	bool chunks;
	bool locked;                    /* the candidate is ours */
	bool broken;                    /* a message was lost: what comes next may be anything */
};

static bool garbage(const struct netconf *n, const char *what, struct err *e) {
	return err_kind(e, ERR_UPSTREAM, "garbage", "%s: NETCONF: %s: %.100s", n->d->name, what, n->in.len == 0 ? "nothing" : n->in.s);
}

static bool more(struct netconf *n, size_t max, struct err *e) {
	return stream_read(n->stream, &n->in, 0, max, e);
}

static void drop(struct netconf *n, size_t len) {
	memmove(n->in.s, n->in.s + len, n->in.len - len);
	sb_cut(&n->in, n->in.len - len);
	n->seen = 0;
}

/* Up to ]]>]]> (RFC 6242 4.3). */
static bool read_ended(struct netconf *n, struct sbuf *out, size_t max, struct err *e) {
	for (;;) {
		char *end = memmem(n->in.s + n->seen, n->in.len - n->seen, END_10, strlen(END_10));

		if (end != NULL) {
			sb_mem(out, n->in.s, (size_t)(end - n->in.s));
			drop(n, (size_t)(end - n->in.s) + strlen(END_10));
			return true;
		}
		n->seen = n->in.len < strlen(END_10) ? 0 : n->in.len - strlen(END_10);
		if (!more(n, max, e))
			return false;
	}
}

/* The head of a chunk, "\n#123\n" or "\n##\n": its bytes in all, 0 when there is not enough yet, -1 when it is none. */
static int chunk_head(const char *s, size_t len, size_t *size) {
	size_t i = 2, value = 0;

	if (len < 4)
		return (len > 0 && s[0] != '\n') || (len > 1 && s[1] != '#') ? -1 : 0;
	if (memcmp(s, "\n##\n", 4) == 0) {
		*size = 0;
		return 4;
	}
	if (s[0] != '\n' || s[1] != '#' || s[2] < '1' || s[2] > '9')
		return -1;
	for (; i < len && s[i] >= '0' && s[i] <= '9' && i < 12; i++)
		value = value * 10 + (size_t)(s[i] - '0');
	if (i == len)
		return 0;
	*size = value;
	return s[i] == '\n' && i < 12 ? (int)i + 1 : -1;
}

/* Chunks up to "##" (RFC 6242 4.2). */
static bool read_chunks(struct netconf *n, struct sbuf *out, struct err *e) {
	size_t at = 0, size = 0;
	int head;

	for (;;) {
		while ((head = chunk_head(n->in.s + at, n->in.len - at, &size)) == 0) {
			if (!more(n, 0, e))
				return false;
		}
		if (head < 0 || size > TRANSPORT_ANSWER_MAX)
			return garbage(n, "what should be a chunk is none", e);
		at += (size_t)head;
		if (size == 0) {
			drop(n, at);
			return true;
		}
		while (n->in.len - at < size) {
			if (!more(n, 0, e))
				return false;
		}
		sb_mem(out, n->in.s + at, size);
		at += size;
	}
}

static bool read_message(struct netconf *n, struct arena *a, struct xml **out, struct err *e) {
	struct err bad;
	struct sbuf b;

	sb_init(&b, a);
	if (!(n->chunks ? read_chunks(n, &b, e) : read_ended(n, &b, n->hello == NULL ? HELLO_MAX : 0, e)))
		return false;
	if (xml_parse(a, b.s, b.len, out, &bad))
		return true;
	return err_kind(e, ERR_UPSTREAM, "garbage", "%s: NETCONF: %s: %.100s", n->d->name, bad.msg, b.s);
}

static bool send_message(struct netconf *n, const struct sbuf *m, struct err *e) {
	struct sbuf b;

	sb_init(&b, m->a);
	if (n->chunks)
		sb_fmt(&b, "\n#%zu\n", m->len);
	sb_mem(&b, m->s, m->len);
	sb_str(&b, n->chunks ? "\n##\n" : END_10);
	return stream_write(n->stream, b.s, b.len, e);
}

bool netconf_has(const struct device *d, const char *capability) {
	const struct xml *c;

	for (c = xml_child(xml_child(d->netconf->hello, "capabilities"), "capability"); c != NULL; c = xml_next(c)) {
		if (strncmp(c->text, capability, strlen(capability)) == 0)
			return true;
	}
	return false;
}

bool netconf_open(struct device *d, struct err *e) {
	struct netconf *n = arena_new(d->a, struct netconf, 1);
	struct xml *hello;
	struct sbuf b;

	n->d = d;
	sb_init(&n->in, d->a);
	if (!stream_open(d->transport, STREAM_SUBSYSTEM, "netconf", &n->stream, e))
		return false;
	sb_init(&b, d->a);
	sb_str(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><hello xmlns=\"" BASE_10 "\"><capabilities><capability>" BASE_10
	    "</capability><capability>" BASE_11 "</capability></capabilities></hello>");
	if (!send_message(n, &b, e) || !read_message(n, d->a, &hello, e))
		return false;
	if (strcmp(hello->name, "hello") != 0 || xml_child(hello, "capabilities") == NULL)
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s: the NETCONF subsystem says <%.50s>, not <hello>", d->name, hello->name);
	n->hello = hello;
	d->netconf = n;
	n->chunks = netconf_has(d, BASE_11);
	return true;
}

/* All that it says, for people: message, element, path. */
static const char *words(struct arena *a, const struct xml *error) {
	const char *message = xml_text(error, "error-message"), *element = xml_text(error, "error-info/bad-element"), *path = xml_text(error, "error-path");

	return arena_printf(a, "%.300s%s%.60s%s%s%.100s", message[0] != '\0' ? message : xml_text(error, "error-tag"), element[0] == '\0' ? "" : ": ", element,
	    path[0] == '\0' ? "" : " (", path, path[0] == '\0' ? "" : ")");
}

static bool take_error(struct netconf *n, struct arena *a, const char *what, const struct xml *error, struct err *e) {
	const char *tag = xml_text(error, "error-tag"), *said = words(a, error);

	if (strcmp(tag, "lock-denied") == 0 || strcmp(tag, "in-use") == 0)
		return err_kind(e, ERR_CONFLICT, "locked", "%s: %s: %s", n->d->name, what, said);
	if (strcmp(tag, "access-denied") == 0)
		return err_kind(e, ERR_DENIED, "auth", "%s: %s: %s", n->d->name, what, said);
	return err_kind(e, ERR_UPSTREAM, "rpc", "%s: %s: %s", n->d->name, what, said);
}

bool netconf_rpc(struct device *d, struct arena *a, const char *what, const char *body, struct xml **reply, struct err *e) {
	struct netconf *n = d->netconf;
	struct xml *got, *error;
	struct sbuf b;

	sb_init(&b, a);
	sb_fmt(&b, "<rpc message-id=\"%u\" xmlns=\"" BASE_10 "\">", ++n->id);
	sb_str(&b, body);
	sb_str(&b, "</rpc>");
	if (n->broken)
		return err_kind(e, ERR_UPSTREAM, "cut", "%s: %s: an earlier answer was lost, the connection is of no use any more", n->d->name, what);
	n->broken = true;
	if (!send_message(n, &b, e) || !read_message(n, a, &got, e))
		return false;
	if (strcmp(got->name, "rpc-reply") != 0 || strcmp(xml_attr(got, "message-id"), arena_printf(a, "%u", n->id)) != 0)
		return err_kind(e, ERR_UPSTREAM, "garbage", "%s: %s: the answer is <%.50s message-id=\"%.20s\">, not the reply to %u", n->d->name, what, got->name,
		    xml_attr(got, "message-id"), n->id);
	n->broken = false;
	if (reply != NULL)
		*reply = got;
	for (error = xml_find(got, "rpc-error"); error != NULL; error = xml_find_next(got, error)) {
		if (strcmp(xml_text(error, "error-severity"), "warning") != 0)
			return take_error(n, a, what, error, e);
		device_log(n->d, DEVICE_WARNING, "%s: warning: %s", what, words(a, error));
	}
	return true;
}

void netconf_close(struct device *d) {
	struct netconf *n = d->netconf;
	struct sbuf b;
	struct err e;

	if (n == NULL)
		return;

	sb_init(&b, n->d->a);
	sb_fmt(&b, "<rpc message-id=\"%u\" xmlns=\"" BASE_10 "\"><close-session/></rpc>", ++n->id);
	if (!n->broken && send_message(n, &b, &e))
		stream_read(n->stream, &n->in, CLOSE_SECONDS, 0, &e);
	stream_close(n->stream);
}

/* ---- the candidate ---- */

static bool ask(struct device *d, const char *what, const char *body, struct err *e) {
	return netconf_rpc(d, d->a, what, body, NULL, e);
}

bool netconf_lock(struct device *d, struct err *e) {
	if (!d->netconf->locked && !ask(d, "locking the candidate", LOCK("candidate"), e))
		return refused_as(e, ERR_CONFLICT, "locked");
	d->netconf->locked = true;
	return true;
}

static bool unlock(struct device *d, struct err *e) {
	if (!ask(d, "unlocking the candidate", UNLOCK("candidate"), e))
		return false;
	d->netconf->locked = false;
	return true;
}

bool netconf_release(struct device *d, struct err *e) {
	return !d->netconf->locked || (ask(d, "discarding the changes", "<discard-changes/>", e) && unlock(d, e));
}

/* netconf_release() after an error that is to be told: what goes wrong is logged. Always false. */
static bool netconf_let_go(struct device *d) {
	struct err other;

	if (!netconf_release(d, &other))
		device_log(d, DEVICE_WARNING, "%s", other.msg);
	return false;
}

bool netconf_step(struct device *d, const char *what, const char *body, enum err_code code, const char *kind, struct err *e) {
	if (ask(d, what, body, e))
		return true;
	refused_as(e, code, kind);
	return netconf_let_go(d);
}

/* ---- the commit that waits ---- */

bool netconf_pending(struct device *d, struct pending *out, struct err *e) {
	out->running = false;
	if (ask(d, "locking the running configuration", LOCK("running"), e))
		return ask(d, "unlocking the running configuration", UNLOCK("running"), e);
	out->running = e->code == ERR_CONFLICT;
	return out->running;
}

bool netconf_begin(struct device *d, struct err *e) {
	struct pending p;

	if (!netconf_pending(d, &p, e))
		return false;
	if (p.running)
		return err_kind(e, ERR_CONFLICT, "locked", "%s: a confirmed commit waits for its confirmation, or the configuration is locked by somebody else", d->name);
	return netconf_lock(d, e) && (ask(d, "emptying the candidate", "<discard-changes/>", e) || netconf_let_go(d));
}

bool netconf_validate(struct device *d, struct err *e) {
	return ask(d, "checking the configuration", "<validate><source><candidate/></source></validate>", e) || refused_as(e, ERR_INVALID, "check");
}

bool netconf_commit(struct device *d, unsigned seconds, const char *comment, struct err *e) {
	const char *request = seconds == 0 ? "<commit/>" :
	    arena_printf(d->a, "<commit><confirmed/><confirm-timeout>%u</confirm-timeout><persist>%s</persist></commit>", seconds, d->change);

	(void)comment;
	return netconf_step(d, "committing", request, ERR_UPSTREAM, "commit", e) && unlock(d, e);
}

/* One that does not wait, or under another id, is refused as a value that is not valid. */
static bool end_it(struct device *d, const char *what, const char *request, struct err *e) {
	struct pending p;

	if (!netconf_pending(d, &p, e))
		return false;
	if (p.running && ask(d, what, request, e))
		return true;
	if (p.running && (e->kind == NULL || strcmp(e->kind, "rpc") != 0))
		return false;
	return err_kind(e, ERR_NOT_FOUND, "none", "%s: no confirmed commit named %s waits: it was confirmed, or its time has run out and the router has gone back",
	    d->name, d->change);
}

bool netconf_confirm(struct device *d, struct err *e) {
	return end_it(d, "confirming", arena_printf(d->a, "<commit><persist-id>%s</persist-id></commit>", d->change), e);
}

bool netconf_cancel(struct device *d, struct err *e) {
	return end_it(d, "going back", arena_printf(d->a, "<cancel-commit><persist-id>%s</persist-id></cancel-commit>", d->change), e);
}
