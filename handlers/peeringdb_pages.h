/* peeringdb_pages.h: rows of peeringdb.c. */
#ifndef PEERAGE_PEERINGDB_PAGES_H
#define PEERAGE_PEERINGDB_PAGES_H

#include "web/web.h"

/* peeringdb_cache.c */
route_fn cache_statistics, cache_update, cache_clear, page_cache, page_cache_update, page_cache_clear, page_cache_go_on, page_cache_drop;

/* peeringdb_book.c */
route_fn page_pdb_object, page_in_book, page_as_peeringdb;

/* ctx.proposals: {asn, href} of PeeringDB's pages that take over what our records lack, of our autonomous system or (0) of all. */
bool pdb_proposals_put(struct req *, int64_t as, struct map *ctx);

/* peeringdb_renumber.c */
route_fn api_renumbering, api_renumber, page_renumbering, page_renumber, api_report, page_report;

#endif
