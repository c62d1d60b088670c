/* text.h: str() of the objects whose name is not enough. */
#ifndef PEERAGE_TEXT_H
#define PEERAGE_TEXT_H

#include "peering/graph.h"

bool text_as(struct gobj *, struct sbuf *, struct err *);
bool text_connection(struct gobj *, struct sbuf *, struct err *);
bool text_session(struct gobj *, struct sbuf *, struct err *);
bool text_assignment(struct gobj *, struct sbuf *, struct err *);
bool text_netixlan(struct gobj *, struct sbuf *, struct err *);
bool text_ixlan(struct gobj *, struct sbuf *, struct err *);
bool text_ixlan_prefix(struct gobj *, struct sbuf *, struct err *);
bool text_netfac(struct gobj *, struct sbuf *, struct err *);

#endif
