/* peering_members.h: the page of an exchange's members. */
#ifndef PEERAGE_PEERING_MEMBERS_H
#define PEERAGE_PEERING_MEMBERS_H

#include "web/web.h"

route_fn page_members;

#endif
