/* types.c: the kinds of jobs, alphabetical. */
#include "config.h"

#include "jobs/jobs.h"

const struct job_type job_types[] = {
	{ .name = "commands.poll_bgp_sessions", .help = "Ask all routers how their sessions are, each by a job of its own", .run = job_poll_all },
	{ .name = "commands.push_to_data_sources", .help = "Push the configurations of all routers that have a data source, each by a job of its own",
	    .run = job_push_all },
	{ .name = "core.datasource.synchronisation", .help = "Read data sources, and what follows their files", .run = job_data_sources, .seconds = 900 },
	{ .name = "core.housekeeping", .help = "Remove what is older than it is to be kept", .run = job_housekeeping, .seconds = 1800, .tries = 3,
	    .backoff = 300 },
	{ .name = "core.noop", .help = "Nothing, or what its parameters say", .run = job_noop, .flags = JOB_HIDDEN },
	{ .name = "core.noop_asks", .help = "The same, and ends itself when cancelled", .run = job_noop, .flags = JOB_HIDDEN | JOB_ASKS },
	{ .name = "core.noop_once", .help = "The same, never twice", .run = job_noop, .twice = "what it counts would be counted twice",
	    .flags = JOB_HIDDEN },
	{ .name = "core.noop_tries", .help = "The same, up to three times", .run = job_noop, .tries = 3, .backoff = 1, .flags = JOB_HIDDEN },
	{ .name = "devices.configuration_version.push", .help = "Put an archived configuration into the data source of its router", .run = job_push_version,
	    .seconds = 600 },
	{ .name = "devices.deployment.plan", .help = "Render a configuration and ask the router what it would change", .run = job_deployment_plan,
	    .seconds = 600 },
	{ .name = "devices.deployment.run", .help = "Give routers what was planned and approved, look at the neighbours, confirm or go back",
	    .run = job_deployment_run, .recover = job_deployment_recover, .seconds = 900, .twice = "a change is not made twice", .flags = JOB_ASKS },
	{ .name = "devices.drift", .help = "Look whether the routers run what the book gives", .run = job_drift },
	{ .name = "devices.netbox.synchronise", .help = "Read the devices of NetBox", .run = job_netbox, .seconds = 1800 },
	{ .name = "devices.router.drift", .help = "Look whether a router runs what the book gives", .run = job_router_drift, .flags = JOB_ASKS },
	{ .name = "devices.router.poll_bgp_sessions", .help = "Ask a router how its sessions are", .run = job_poll, .seconds = 180, .flags = JOB_ASKS },
	{ .name = "devices.router.push_to_data_source", .help = "Render the configuration of a router and put it into its data source",
	    .run = job_push_router, .seconds = 600 },
	{ .name = "devices.router.render_configuration", .help = "Render the configuration of a router", .run = job_render_configuration },
	{ .name = "devices.router.set_napalm_configuration", .help = "Plan the change of a router, and run it when asked to", .run = job_configure,
	    .recover = job_configure_recover, .seconds = 900, .twice = "a change is not made twice", .flags = JOB_ASKS },
	{ .name = "devices.router.test_napalm_connection", .help = "Connect to a router and sign in", .run = job_test_connection, .seconds = 120 },
	{ .name = "extras.exporttemplate.render", .help = "Render an export template", .run = job_export },
	{ .name = "extras.ixapi.accounts", .help = "Ask an IX-API for its accounts, before it is written into the book", .run = job_ix_api_accounts, .seconds = 120 },
	{ .name = "extras.ixapi.synchronise", .help = "Read the IX-APIs of exchanges", .run = job_ix_api, .seconds = 1800 },
	{ .name = "extras.prefix_list", .help = "Ask the routing registries for prefixes of AS-SETs", .run = job_prefix_list },
	{ .name = "messaging.send", .help = "Send the mail that waits", .run = job_mail, .seconds = 3600, .tries = 3, .backoff = 60 },
	{ .name = "net.connection.update_ixapi", .help = "Change what an exchange has for a connection, through its IX-API", .run = job_ix_api_change,
	    .twice = "an exchange might be asked for the same change twice" },
	{ .name = "peering.autonomous_system.get_irr_data", .help = "Read prefixes and AS lists from the routing registries", .run = job_irr,
	    .seconds = 7200 },
	{ .name = "peering.internet_exchange.fetch_members", .help = "Read the member exports of exchanges", .run = job_members, .seconds = 3600 },
	{ .name = "peering.internet_exchange.import_sessions", .help = "Look for sessions on routers that the book lacks", .run = job_import_sessions,
	    .seconds = 900, .flags = JOB_ASKS },
	{ .name = "peeringdb.synchronise", .help = "Bring the cache of PeeringDB up to date", .run = job_peeringdb, .seconds = 5400, .tries = 3,
	    .backoff = 900 },
	{ .name = NULL },
};

const struct job_type *job_type_find(const char *name) {
	const struct job_type *t;

	for (t = job_types; t->name != NULL; t++) {
		if (strcmp(t->name, name) == 0)
			return t;
	}
	return NULL;
}
