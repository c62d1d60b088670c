/* devices_configuration.h: see the .c; a row of devices.c. */
#ifndef PEERAGE_DEVICES_CONFIGURATION_H
#define PEERAGE_DEVICES_CONFIGURATION_H

#include "web/web.h"

route_fn router_configuration;

#endif
