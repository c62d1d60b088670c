/* all.c: every family. */
#include "handlers.h"

const struct handler *const all_handlers[] = {
	&handler_core,
	&handler_devices,
	&handler_extras,
	&handler_messaging,
	&handler_peering,
	&handler_peeringdb,
	&handler_policy,
	&handler_users,
	NULL
};
