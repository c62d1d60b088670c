/* core_observe.h: what monitoring asks: /metrics in the text form of OpenMetrics 1.0, /health for load balancers. */
#ifndef PEERAGE_CORE_OBSERVE_H
#define PEERAGE_CORE_OBSERVE_H

#include "web/web.h"

/* 403 unless the client's address lies in a network of `metrics_allow`, or is of staff. */
route_fn metrics;

/* Live: this program answers. Ready: it can do its work, 503 when not; what only slows things down is told and is no reason. */
route_fn health_live, health_ready;

#endif
