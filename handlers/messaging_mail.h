/* messaging_mail.h: see the .c; rows of messaging.c. */
#ifndef PEERAGE_MESSAGING_MAIL_H
#define PEERAGE_MESSAGING_MAIL_H

#include "web/web.h"

route_fn api_mail_again, api_mail_send, page_mail, page_mail_again, page_mail_one, page_mail_one_post, page_mail_post;

/* The actor may send mail. */
bool mail_may(struct req *, const struct row *);

#endif
