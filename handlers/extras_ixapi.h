/* extras_ixapi.h: the page of what an IX-API says. */
#ifndef PEERAGE_EXTRAS_IXAPI_H
#define PEERAGE_EXTRAS_IXAPI_H

#include "web/web.h"

route_fn page_ixapi_objects;

#endif
