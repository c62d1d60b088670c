/* extras_prefixes.h: see the .c; a row of extras.c. */
#ifndef PEERAGE_EXTRAS_PREFIXES_H
#define PEERAGE_EXTRAS_PREFIXES_H

#include "web/web.h"

route_fn api_prefix_list;

#endif
