/* devices_netbox.h: the page of NetBox's devices. */
#ifndef PEERAGE_DEVICES_NETBOX_H
#define PEERAGE_DEVICES_NETBOX_H

#include "web/web.h"

route_fn page_netbox, page_netbox_post;

#endif
