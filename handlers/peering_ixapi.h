/* peering_ixapi.h: the pages of an exchange and of a connection about the exchange's IX-API. */
#ifndef PEERAGE_PEERING_IXAPI_H
#define PEERAGE_PEERING_IXAPI_H

#include "web/web.h"

route_fn page_ixapi_exchange, page_ixapi_connection, page_ixapi_change, page_ixapi_change_post, page_ixapi_use_mac;

/* There is an IX-API of it. */
bool ixapi_shown_exchange(struct req *, const struct row *), ixapi_shown_connection(struct req *, const struct row *);

#endif
