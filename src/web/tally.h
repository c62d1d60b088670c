/*
 * tally.h: how many requests there were and how long they took, over all processes of this host.
 *
 * The programs of all families share one small file in memory: a request costs two atomic additions and no system call. What
 * is counted survives the processes, which leave every so often, so that counters only grow, as OpenMetrics wants them.
 */
#ifndef PEERAGE_TALLY_H
#define PEERAGE_TALLY_H

#include "base/base.h"

struct tally;

/*
 * The file `path`, made when it is missing or of another version of this layout. When it cannot be had, or `path` is "", the
 * process counts for itself alone, *shared is false and *e says why (untouched for ""). Never NULL.
 */
struct tally *tally_open(struct arena *, const char *path, bool *shared, struct err *);

/* One request: `family` is the program ("peering"), `route` the pattern, not the path: a few hundred of them, whatever is asked. */
void tally_request(struct tally *, const char *family, const char *method, const char *route, int status, double seconds);

/* What was counted, in the text form of OpenMetrics 1.0: peerage_http_requests and peerage_http_request_duration_seconds. */
void tally_write(const struct tally *, struct sbuf *);

/* A label's value between its quotes, escaped as OpenMetrics 1.0 (section "Text format") asks: \ and " and line feed. */
void tally_label(struct sbuf *, const char *value);

#endif
