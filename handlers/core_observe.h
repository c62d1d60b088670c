/* core_observe.h: what monitoring asks: /metrics in the text form of OpenMetrics 1.0, /health for load balancers. */
#ifndef PEERAGE_CORE_OBSERVE_H
#define PEERAGE_CORE_OBSERVE_H

#include "web/web.h"

/* 403 unless the client's address lies in a network of `metrics_allow`, or is of staff. */
route_fn metrics;

/* Live: this program answers. Ready: it can do its work, 503 when not; what only slows things down is told and is no reason. */
route_fn health_live, health_ready;

/* Those of sessions, at the end of the body: core_sessions.c. False with r->err. */
bool session_metrics(struct req *r);
void metric_head(struct sbuf *, const char *name, const char *help);    /* TYPE gauge, UNIT by its name's end, HELP */

#endif
