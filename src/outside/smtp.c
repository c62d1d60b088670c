/* smtp.c: the one file that knows libcurl's SMTP. */
#include "config.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <time.h>

#include "base/base64.h"
#include "base/utf8.h"
#include "outside/smtp.h"

enum { CONNECT_SECONDS = 10, SECONDS = 60, LINE_MAX_QP = 75, WORD_BYTES = 45 };

/* ---- the text ---- */

/* A header's text: as it is when it is plain ASCII of one line, else in encoded words (RFC 2047) that end between characters. */
static void header_text(struct sbuf *b, const char *s) {
	size_t n = strlen(s), i, from, len;
	bool plain = n < 900;

	for (i = 0; i < n; i++)
		plain = plain && s[i] >= ' ' && s[i] < 0x7f;
	if (plain) {
		sb_str(b, s);
		return;
	}
	for (from = 0; from < n; from += len) {
		for (len = 0; from + len < n;) {
			size_t k = utf8_len(s + from + len, n - from - len);

			k = k == 0 ? 1 : k;
			if (len > 0 && len + k > WORD_BYTES)
				break;
			len += k;
		}
		sb_str(b, from > 0 ? "\r\n =?UTF-8?B?" : "=?UTF-8?B?");
		sb_base64(b, s + from, len);
		sb_str(b, "?=");
	}
}

static void addresses(struct sbuf *b, const char *name, const struct list *l) {
	size_t i;

	if (l == NULL || l->n == 0)
		return;
	sb_str(b, name);
	for (i = 0; i < l->n; i++)
		sb_fmt(b, "%s%s", i > 0 ? ",\r\n " : "", l->v[i].u.s);
	sb_str(b, "\r\n");
}

/* Quoted-printable (RFC 2045 6.7); every line of the text ends in CRLF. */
static void quoted(struct sbuf *b, const char *s) {
	size_t column = 0;

	for (; *s != '\0'; s++) {
		bool last = s[1] == '\0' || s[1] == '\n' || (s[1] == '\r' && s[2] == '\n');
		bool as_is = (*s > ' ' && *s < 0x7f && *s != '=' && !(column == 0 && *s == '.')) || (*s == ' ' && !last);

		if (*s == '\r' && s[1] == '\n')
			continue;
		if (*s == '\n') {
			sb_str(b, "\r\n");
			column = 0;
			continue;
		}
		if (column + (as_is ? 1 : 3) > LINE_MAX_QP) {
			sb_str(b, "=\r\n");
			column = 0;
		}
		if (as_is)
			sb_chr(b, *s);
		else
			sb_fmt(b, "=%02X", (unsigned)(unsigned char)*s);
		column += as_is ? 1 : 3;
	}
	if (column > 0)
		sb_str(b, "\r\n");
}

/* The mail as it is sent (RFC 5322): UTF-8, quoted-printable, CRLF; `date` in seconds since 1970. */
static void smtp_text(struct sbuf *b, const struct mail *m, int64_t date) {
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t at = (time_t)date;
	struct tm tm;

	gmtime_r(&at, &tm);
	sb_fmt(b, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\nFrom: %s\r\n", days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour,
	    tm.tm_min, tm.tm_sec, m->sender);
	addresses(b, "To: ", m->to);
	addresses(b, "Cc: ", m->cc);
	sb_str(b, "Subject: ");
	header_text(b, m->subject);
	sb_fmt(b, "\r\nMessage-ID: %s\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
	    m->message_id);
	quoted(b, m->body);
}

/* ---- the dialogue ---- */

struct dialogue {
	struct arena *a;
	struct mail_reply *reply;
	size_t n;
	struct mail_reply *now;         /* the recipient that the next answer is about */
	const char *last;               /* what the server said last that was no success */
	struct sbuf text;
	size_t sent;
};

static struct mail_reply *recipient(struct dialogue *d, const char *line, size_t len) {
	size_t i;

	for (i = 0; i < d->n; i++) {
		const char *command = arena_printf(d->a, "RCPT TO:<%s>", d->reply[i].address);

		if (len >= strlen(command) && strncasecmp(line, command, strlen(command)) == 0)
			return &d->reply[i];
	}
	return NULL;
}

/* What libcurl would show a person: the only place where the answer to each recipient can be seen. What authenticates is not looked at. */
static int overhear(CURL *curl, curl_infotype type, char *data, size_t len, void *arg) {
	struct dialogue *d = arg;
	size_t n = len;

	(void)curl;
	while (n > 0 && (data[n - 1] == '\n' || data[n - 1] == '\r'))
		n--;
	if (type == CURLINFO_HEADER_OUT) {
		d->now = recipient(d, data, len);
	} else if (type == CURLINFO_HEADER_IN && n >= 3) {
		if (data[0] == '4' || data[0] == '5')
			d->last = arena_strndup(d->a, data, n);
		if (d->now != NULL && (n == 3 || data[3] == ' ')) {
			d->now->code = (data[0] - '0') * 100 + (data[1] - '0') * 10 + (data[2] - '0');
			d->now->text = arena_strndup(d->a, data, n);
			d->now = NULL;
		}
	}
	return 0;
}

static size_t give(char *to, size_t size, size_t count, void *arg) {
	struct dialogue *d = arg;
	size_t n = d->text.len - d->sent;

	n = n > size * count ? size * count : n;
	memcpy(to, d->text.s + d->sent, n);
	d->sent += n;
	return n;
}

static void set_options(CURL *c, const struct conf *conf, const struct mail *m, struct dialogue *d) {
	curl_easy_setopt(c, CURLOPT_URL, conf->email_server);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)SECONDS);
	curl_easy_setopt(c, CURLOPT_MAIL_FROM, m->sender);
	curl_easy_setopt(c, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
	curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(c, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(c, CURLOPT_READDATA, d);
	curl_easy_setopt(c, CURLOPT_VERBOSE, 1L);
	curl_easy_setopt(c, CURLOPT_DEBUGFUNCTION, overhear);
	curl_easy_setopt(c, CURLOPT_DEBUGDATA, d);
	if (strcmp(conf->email_tls, "never") != 0)
		curl_easy_setopt(c, CURLOPT_USE_SSL, (long)(strcmp(conf->email_tls, "always") == 0 ? CURLUSESSL_ALL : CURLUSESSL_TRY));
	if (*conf->email_ca_file != '\0')
		curl_easy_setopt(c, CURLOPT_CAINFO, conf->email_ca_file);
	if (*conf->email_user != '\0') {
		curl_easy_setopt(c, CURLOPT_USERNAME, conf->email_user);
		curl_easy_setopt(c, CURLOPT_PASSWORD, conf->email_password);
	}
}

static bool failed(CURLcode code, const struct dialogue *d, struct err *e) {
	const char *said = d->last == NULL ? curl_easy_strerror(code) : d->last;

	switch ((int)code) {
	case CURLE_LOGIN_DENIED:
		return err_set(e, ERR_UPSTREAM, NULL, "the mail server refuses email_user and email_password: %.300s", said);
	case CURLE_USE_SSL_FAILED:
		return err_set(e, ERR_UPSTREAM, NULL, "the mail server offers no TLS, and email_tls is always");
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CONNECT_ERROR:
		return err_set(e, ERR_UPSTREAM, NULL, "TLS to the mail server: %s; its certificate is held against email_ca_file, else the system's",
		    curl_easy_strerror(code));
	case CURLE_URL_MALFORMAT:
	case CURLE_UNSUPPORTED_PROTOCOL:
		return err_set(e, ERR_INVALID, NULL, "email_server is not of the form smtp://host:port or smtps://host:port");
	default:
		if (d->last != NULL && d->last[0] == '5')
			return err_set(e, ERR_UPSTREAM, NULL, "the mail server says: %.300s", said);
		return err_kind(e, ERR_UPSTREAM, "again", "the mail server: %.300s", said);
	}
}

bool smtp_send(const struct conf *conf, struct arena *a, const struct mail *m, struct mail_reply *reply, size_t n, struct err *e) {
	struct dialogue d = { .a = a, .reply = reply, .n = n };
	struct curl_slist *to = NULL;
	CURL *c = curl_easy_init();
	CURLcode code;
	size_t i;

	if (c == NULL)
		abort();
	sb_init(&d.text, a);
	smtp_text(&d.text, m, (int64_t)time(NULL));
	for (i = 0; i < n; i++) {
		struct curl_slist *longer = curl_slist_append(to, reply[i].address);

		if (longer == NULL)
			abort();
		to = longer;
	}
	set_options(c, conf, m, &d);
	curl_easy_setopt(c, CURLOPT_MAIL_RCPT, to);
	code = curl_easy_perform(c);
	curl_slist_free_all(to);
	curl_easy_cleanup(c);
	return code == CURLE_OK || failed(code, &d, e);
}
