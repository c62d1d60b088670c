/* extras: tags, config contexts, export templates, journal, webhooks, IX-API. */
#include "config.h"

#include "extras_ixapi.h"
#include "extras_prefixes.h"
#include "extras_webhooks.h"
#include "handlers.h"
#include "model/tables/tables.h"
#include "peering/actions.h"
#include "peering/peering.h"

static const struct resource *const resources[] = {
	&res_config_context,
	&res_config_context_assignment,
	&res_export_template,
	&res_ixapi,
	&res_journal_entry,
	&res_saved_filter,
	&res_tag,
	&res_webhook,
	&res_webhook_delivery,
	NULL
};

static const struct route routes[] = {
	{ M_GET, "/api/extras/prefix-list/", NULL, NULL, api_prefix_list, ROUTE_ANY_USER | ROUTE_WRITES | ROUTE_GET_WRITES,
	    "Prefixes of AS-SETs", "?as-set=AS-FOO,64500&af=4,6: {\"AS-FOO\": {\"ipv6\": [], \"ipv4\": []}}, known for cache_prefix_list_timeout"
	    " seconds unless ?skip-cache; 202 with the job when the registries take long" },
	{ M_GET, "/extras/ix-api/{id}/objects/", &res_ixapi, "view", page_ixapi_objects, ROUTE_OBJECT, "What it says", NULL },
	{ M_GET, "/extras/webhooks/{id}/preview/", &res_webhook, "change", page_webhook_preview, ROUTE_OBJECT, "Preview", NULL },
	{ M_POST, "/extras/webhooks/{id}/test/", &res_webhook, "change", page_webhook_test, ROUTE_WRITES | ROUTE_OBJECT, "Send a test", NULL },
	{ M_POST, "/extras/webhook-deliveries/{id}/replay/", &res_webhook_delivery, "replay", page_delivery_replay, ROUTE_WRITES | ROUTE_OBJECT,
	    "Replay", NULL },
	{ M_GET, "/api/extras/webhooks/{id}/preview/", &res_webhook, "change", api_webhook_preview, ROUTE_OBJECT, "What a webhook would send",
	    "Of the event ?event=, or of one made up; 400 with the line when a template fails." },
	{ M_POST, "/api/extras/webhooks/{id}/test/", &res_webhook, "change", api_webhook_test, ROUTE_WRITES | ROUTE_OBJECT, "Send a test",
	    "202 with its delivery, which is tried once, whether the webhook is enabled or not. {\"event\": id} sends that event." },
	{ M_POST, "/api/extras/webhook-deliveries/{id}/replay/", &res_webhook_delivery, "replay", api_delivery_replay, ROUTE_WRITES | ROUTE_OBJECT,
	    "Deliver once more", "202 with the new delivery." },
	{ 0 }
};

const struct handler handler_extras = { "extras", resources, routes, peering_behaviours, peering_actions };
