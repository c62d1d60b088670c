/* devices: routers, platforms, configurations, deployments. */
#include "config.h"

#include "devices_netbox.h"
#include "devices_pages.h"
#include "handlers.h"
#include "devices_configuration.h"
#include "model/tables/tables.h"
#include "peering/actions.h"
#include "peering/peering.h"
#include "web/pages.h"

static const struct resource *const resources[] = {
	&res_configuration,
	&res_configuration_version,
	&res_deployment,
	&res_deployment_rule,
	&res_drift,
	&res_platform,
	&res_router,
	NULL
};

static const struct route routes[] = {
	PAGE_ROUTES_DEVICES,
	{ M_GET, "/devices/routers/{id}/configuration/", &res_router, "view_router_configuration", router_page_configuration, ROUTE_OBJECT,
	    "Configuration", NULL },
	{ M_GET, "/devices/routers/netbox/", &res_router, "add", page_netbox, 0, "Devices of NetBox", NULL },
	{ M_POST, "/devices/routers/netbox/", &res_router, "add", page_netbox_post, ROUTE_WRITES, "Devices of NetBox", NULL },
	{ M_GET, "/api/devices/routers/{id}/configuration/", &res_router, "view_router_configuration", router_configuration, ROUTE_OBJECT | ROUTE_WRITES,
	  "Render the configuration", "A job that is done already: its output is the text, or what is wrong with the template" },
	{ 0 }
};

const struct handler handler_devices = { "devices", resources, routes, peering_behaviours, peering_actions };
