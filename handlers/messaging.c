/* messaging: contacts, their roles, e-mails. */
#include "config.h"

#include "handlers.h"
#include "model/tables/tables.h"
#include "peering/actions.h"
#include "peering/peering.h"

static const struct resource *const resources[] = {
	&res_contact,
	&res_contact_assignment,
	&res_contact_role,
	&res_email,
	&res_email_message,
	NULL
};

static const struct route routes[] = {
	{ 0 }
};

const struct handler handler_messaging = { "messaging", resources, routes, peering_behaviours, peering_actions };
