/* handlers.h: the families. Each is a program of its own (main.c); the OpenAPI document is about all of them. */
#ifndef PEERAGE_HANDLERS_H
#define PEERAGE_HANDLERS_H

#include "web/web.h"

extern const struct handler handler_core;
extern const struct handler handler_devices;
extern const struct handler handler_extras;
extern const struct handler handler_messaging;
extern const struct handler handler_peering;
extern const struct handler handler_peeringdb;
extern const struct handler handler_policy;
extern const struct handler handler_users;

extern const struct handler *const all_handlers[];      /* ended by NULL */

#endif
