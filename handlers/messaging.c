/* messaging: contacts, their roles, e-mails. */
#include "config.h"

#include "handlers.h"
#include "messaging_mail.h"
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
	{ M_GET, "/messaging/send/", &res_autonomous_system, "send_email", page_mail, 0, "Send e-mail", NULL },
	{ M_POST, "/messaging/send/", &res_autonomous_system, "send_email", page_mail_post, ROUTE_WRITES, "Send e-mail", NULL },
	{ M_POST, "/messaging/email-messages/{id}/send/", &res_email_message, "send", page_mail_again, ROUTE_WRITES | ROUTE_OBJECT, "Send again", NULL },
	{ M_POST, "/api/messaging/send/", &res_autonomous_system, "send_email", api_mail_send, ROUTE_WRITES, "Mail networks",
	    "{\"email\": template, \"asns\": [64501]}, and local_as, to, cc, subject, body, not_mailed_days, reminder_days, dry_run. 202 with what is sent to"
	    " whom, and who is left out and why; with dry_run 200, and nothing is sent." },
	{ M_POST, "/api/messaging/email-messages/{id}/send/", &res_email_message, "send", api_mail_again, ROUTE_WRITES | ROUTE_OBJECT, "Send again",
	    "To those who did not get it; 409 when everybody did." },
	{ 0 }
};

const struct handler handler_messaging = { "messaging", resources, routes, peering_behaviours, peering_actions };
