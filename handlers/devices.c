/* devices: routers, platforms, configurations, deployments. */
#include "config.h"

#include "devices_pages.h"
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
	{ M_GET, "/devices/routers/{id}/configuration/", &res_router, "view_router_configuration", router_page_configuration, ROUTE_OBJECT,
	    "Configuration", NULL },
	{ 0 }
};

static const struct behaviour *const behaviours[] = {
	NULL
};

const struct handler handler_devices = { "devices", resources, routes, behaviours };
