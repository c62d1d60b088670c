/* devices: routers, platforms, configurations, deployments. */
#include "config.h"

#include "handlers.h"
#include "model/tables/tables.h"

static const struct resource *const resources[] = {
	&res_configuration,
	&res_deployment,
	&res_platform,
	&res_router,
	NULL
};

static const struct route routes[] = {
	{ 0 }
};

static const struct behaviour *const behaviours[] = {
	NULL
};

const struct handler handler_devices = { "devices", resources, routes, behaviours };
