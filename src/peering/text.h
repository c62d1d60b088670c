/* text.h: str() of the objects whose name is not enough. */
#ifndef PEERAGE_TEXT_H
#define PEERAGE_TEXT_H

#include "peering/graph.h"

/* A text or a number as it is; anything else gives nothing. */
void text_put(struct val, struct sbuf *);

bool text_as(struct gobj *, struct sbuf *, struct err *);
bool text_connection(struct gobj *, struct sbuf *, struct err *);
bool text_session(struct gobj *, struct sbuf *, struct err *);
bool text_assignment(struct gobj *, struct sbuf *, struct err *);
bool text_netixlan(struct gobj *, struct sbuf *, struct err *);
bool text_ixlan(struct gobj *, struct sbuf *, struct err *);
bool text_ixlan_prefix(struct gobj *, struct sbuf *, struct err *);
bool text_netfac(struct gobj *, struct sbuf *, struct err *);
bool text_ixfac(struct gobj *, struct sbuf *, struct err *);
bool text_carrierfac(struct gobj *, struct sbuf *, struct err *);
bool text_poc(struct gobj *, struct sbuf *, struct err *);
bool text_hidden_peer(struct gobj *, struct sbuf *, struct err *);
bool text_tagged_item(struct gobj *, struct sbuf *, struct err *);
bool text_journal(struct gobj *, struct sbuf *, struct err *);
bool text_data_file(struct gobj *, struct sbuf *, struct err *);

#endif
