/*
 * smtp.h: mail to a server (RFC 5321), over TLS and with a name and a password where the settings say so. libcurl's SMTP is known to smtp.c alone.
 */
#ifndef PEERAGE_SMTP_H
#define PEERAGE_SMTP_H

#include "base/conf.h"

struct mail {
	const char *sender, *message_id, *subject, *body;
	const struct list *to, *cc;     /* as the headers have them: every recipient, also those that are not written to now */
};

/* Of one recipient: what the server said to it. */
struct mail_reply {
	const char *address, *text;
	int code;                       /* 2xx: taken; 0: it was not asked */
};

/*
 * Hand a mail to the server for `n` recipients. True: the server took it for those whose reply is 2xx. False: it took it for nobody;
 * replies of recipients stand all the same. e->kind "again": a second try may help.
 */
bool smtp_send(const struct conf *, struct arena *, const struct mail *, struct mail_reply *, size_t n, struct err *);

#endif
