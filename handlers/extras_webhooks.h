/* extras_webhooks.h: see the .c; rows of extras.c. */
#ifndef PEERAGE_EXTRAS_WEBHOOKS_H
#define PEERAGE_EXTRAS_WEBHOOKS_H

#include "web/web.h"

route_fn api_delivery_replay, api_webhook_preview, api_webhook_test, page_delivery_replay, page_webhook_preview, page_webhook_test;

#endif
