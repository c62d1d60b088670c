/* devices_pages.h: see the .c; rows of devices.c. */
#ifndef PEERAGE_DEVICES_PAGES_H
#define PEERAGE_DEVICES_PAGES_H

#include "web/web.h"

route_fn router_page_configuration;

#endif
