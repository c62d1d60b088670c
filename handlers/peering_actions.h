/* peering_actions.h: rows of peering.c. */
#ifndef PEERAGE_PEERING_ACTIONS_H
#define PEERAGE_PEERING_ACTIONS_H

#include "web/web.h"

route_fn as_shared_ixps, as_shared_facilities, as_set_prefixes, exchange_prefixes, exchange_available_peers;

#endif
