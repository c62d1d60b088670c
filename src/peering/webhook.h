/*
 * webhook.h: what is sent to a webhook's receiver about an event, from its templates. A template sees event, timestamp, model, username,
 * request_id, data and snapshots; without a template the body is all of them as JSON.
 */
#ifndef PEERAGE_WEBHOOK_H
#define PEERAGE_WEBHOOK_H

#include "model/store.h"

struct webhook {
	const char *url, *content_type, *headers, *body;        /* as they stand in its row: templates but for the content type */
	const char *secret;             /* open; "" for none */
};

struct webhook_event {
	const char *event, *model, *timestamp, *username, *request_id;
	struct val data, prechange, postchange;
};

struct webhook_request {
	const char *url;
	struct list *headers;           /* strings, "Name: value" */
	struct sbuf body;
};

/* False when a template fails or a header is none: the message names which and the line, and nothing is to be sent. */
bool webhook_compose(struct store *, const struct webhook *, const struct webhook_event *, struct webhook_request *, struct err *);

#endif
