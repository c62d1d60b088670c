/* extras: tags, config contexts, export templates, journal, webhooks, IX-API. */
#include "config.h"

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
	&res_tag,
	&res_webhook,
	&res_webhook_delivery,
	NULL
};

static const struct route routes[] = {
	{ 0 }
};

const struct handler handler_extras = { "extras", resources, routes, peering_behaviours, peering_actions };
