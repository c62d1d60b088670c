/* policy: communities, relationships, routing policies. */
#include "config.h"

#include "handlers.h"
#include "model/tables/tables.h"
#include "peering/actions.h"
#include "peering/peering.h"

static const struct resource *const resources[] = {
	&res_community,
	&res_relationship,
	&res_routing_policy,
	NULL
};

static const struct route routes[] = {
	{ 0 }
};

const struct handler handler_policy = { "policy", resources, routes, peering_behaviours, peering_actions };
