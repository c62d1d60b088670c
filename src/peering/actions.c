/* actions.c: every action, one row each; and those that only look things up. */
#include "config.h"

#include "base/json.h"
#include "db/queries.h"
#include "model/tables/tables.h"
#include "peering/actions.h"

/* ---- what is shared with one's own AS ---- */

/* The AS that the user works for (preference context.as), or the one that the input names by number: "as". */
static bool own_as(struct action_call *c, int64_t *id, struct err *e) {
	struct val given = map_get(c->input, "as"), user = val_int(c->s->actor->user_id), v = val_undef();
	struct map *m = map_new(c->s->a, 1);
	struct result q;

	*id = 0;
	if (given.type != V_UNDEF) {
		map_set(m, "asn", given);
		return store_find(c->s, &res_autonomous_system, m, id, e);
	}
	if (!db_named(c->s->db, c->s->a, Q_PREFERENCES, &user, &q, e))
		return false;
	if (q.n > 0)
		v = val_path(c->s->a, result_at(&q, 0, 0), "context.as");
	if (v.type == V_INT) {
		*id = v.u.i;
		return true;
	}
	/* clients know this refusal as 503 */
	c->status = 503;
	c->said = "User did not choose an affiliated AS.";
	sb_str(c->body, "{\"detail\":\"User did not choose an affiliated AS.\"}");
	return true;
}

static bool shared(struct action_call *c, unsigned query, const struct resource *res, enum form form, struct err *e) {
	struct result ids;
	int64_t ours;

	if (!own_as(c, &ours, e))
		return false;
	if (c->status != 0)
		return true;
	return db_named(c->s->db, c->s->a, query, (struct val[]){ val_int(ours), val_int(c->object->id) }, &ids, e) &&
	    action_rows(c, res, &ids, form, e);
}

static bool shared_ixps_of(struct action_call *c, struct err *e) {
	return shared(c, Q_SHARED_EXCHANGES, &res_internet_exchange, FORM_BRIEF, e);
}

static bool shared_facilities_of(struct action_call *c, struct err *e) {
	return shared(c, Q_SHARED_FACILITIES, &res_peeringdb_facility, FORM_FULL, e);
}

/* ---- exchanges ---- */

static bool available_peers(struct action_call *c, struct err *e) {
	struct val id = val_int(c->object->id);
	struct result ids;

	return db_named(c->s->db, c->s->a, Q_AVAILABLE_PEERS, &id, &ids, e) && action_rows(c, &res_peeringdb_network_ixlan, &ids, FORM_FULL, e);
}

/* Of the families that PeeringDB has. */
static bool exchange_prefixes(struct action_call *c, struct err *e) {
	static const char *const families[] = { "ipv6", "ipv4" };
	struct val known = row_get(c->object, "peeringdb_prefixes");
	struct map *m = map_new(c->s->a, 2);

	(void)e;
	for (size_t i = 0; i < ARRAY_LEN(families); i++) {
		struct val v = known.type == V_MAP ? map_get(known.u.map, families[i]) : val_undef();

		if (v.type != V_UNDEF)
			map_set(m, families[i], v);
	}
	json_write(c->body, val_map(m));
	return true;
}

/* ---- the table ---- */

#define MAY_POLL_DIRECT "peering.change_directpeeringsession"
#define MAY_POLL_IX "peering.change_internetexchangepeeringsession"
#define POLL_SESSIONS(res_, further_) \
	{ res_, "poll-bgp-sessions", "view", act_poll_sessions, ACTION_MANY, "Poll sessions", \
	    "Ask the routers how its sessions are, a job for each", .further = further_ }

#define IMPORT_SESSIONS(res_, further_) \
	{ res_, "import-sessions", "view", act_import_sessions, 0, "Import sessions", \
	    "Look on the routers for sessions that the book lacks, as a job; its result is their list, and a page makes those that are ticked", .further = further_ }

#define SESSION_ACTIONS(res_) \
	{ res_, "encrypt-password", "change", act_encrypt_password, ACTION_MANY, "Encrypt password", \
	    "Write the password as the router's platform keeps it; 503 where the router does not want that" }, \
	{ res_, "poll", "change", act_poll_session, ACTION_MANY, "Poll", \
	    "Ask the router how the session is; 503 when it cannot be asked or does not have it, 202 with the job when it takes long", \
	    .then = then_poll_session }, \
	{ res_, "history", "view", act_session_history, ACTION_READS | ACTION_NO_BUTTON, "How it was", \
	    "{\"days\", \"flaps_day\", \"flaps\", \"longest_outage\", \"seconds_down\", \"seconds_known\", \"states\": [{\"bgp_state\", \"began\", \"ended\"," \
	    " \"seconds\", \"reason\"}], \"prefixes\": [...]}; ?days=30" }, \
	{ res_, "enable", "change", act_session_enable, ACTION_MANY, "Enable", "Set the status to enabled", session_is_not_enabled }, \
	{ res_, "disable", "change", act_session_disable, ACTION_MANY, "Disable", \
	    "Set the status to disabled, the state to idle and the counts to nothing", session_is_enabled }

#define FOLLOW_AGAIN(res_) \
	{ res_, "synchronise", "change", act_follow_again, ACTION_MANY, "Read the file again", \
	    "Take over the text of the data source's file that it follows; 409 when it follows none", follows_a_file }

const struct action peering_actions[] = {
	{ &res_autonomous_system, "shared-ixps", "view", shared_ixps_of, ACTION_READS, "Exchanges shared with one's own AS",
	    "The own AS is the preference context.as, or ?as= with its number; 503 where there is none." },
	{ &res_autonomous_system, "shared-facilities", "view", shared_facilities_of, ACTION_READS, "Facilities shared with one's own AS",
	    "The own AS is the preference context.as, or ?as= with its number; 503 where there is none." },
	{ &res_autonomous_system, "as-set-prefixes", "view", act_as_set_prefixes, ACTION_GET_JOB | ACTION_NO_BUTTON,
	    "Prefixes that the registries know", "As they were last read. Never read yet, they are read now: 202 with the job when that takes long,"
	    " 503 when it failed.", .then = then_as_set_prefixes },
	{ &res_autonomous_system, "get-irr-data", "change", act_irr_read, ACTION_MANY, "Read registries",
	    "Read prefixes and AS list from the routing registries" },
	{ &res_autonomous_system, "generate-email", "view", act_generate_email, ACTION_NO_BUTTON, "Make an e-mail from a template",
	    "{\"email\": number of the template}: {\"subject\", \"body\"}." },
	{ &res_autonomous_system, "sync-with-peeringdb", "change", act_synchronise_as, ACTION_MANY, "Synchronise with PeeringDB",
	    "Take over name, AS-SET and prefix limits, each as its switch says; 204 where PeeringDB does not know the number" },
	POLL_SESSIONS(&res_autonomous_system, MAY_POLL_DIRECT ", " MAY_POLL_IX),
	POLL_SESSIONS(&res_bgp_group, MAY_POLL_DIRECT),
	IMPORT_SESSIONS(&res_bgp_group, "peering.add_directpeeringsession"),
	IMPORT_SESSIONS(&res_connection, "peering.add_internetexchangepeeringsession"),
	{ &res_data_source, "synchronise", "synchronise", act_data_synchronise, ACTION_MANY, "Synchronise",
	    "Read its files, and what follows them, as a job; 409 when it is disabled. One that waits already is answered again", source_is_enabled },
	FOLLOW_AGAIN(&res_config_context), FOLLOW_AGAIN(&res_configuration), FOLLOW_AGAIN(&res_email), FOLLOW_AGAIN(&res_export_template),
	{ &res_job, "cancel", "cancel", act_job_cancel, 0, "Cancel", "One that waits ends at once (200), one that runs is asked to (202); 409 when it"
	    " has ended", job_is_going },
	{ &res_job, "retry", "retry", act_job_retry, 0, "Run again", "Ask for an ended job once more: 202 with the new job; 409 when it has not ended",
	    job_is_over },
	{ &res_schedule, "run", "run", act_schedule_run, 0, "Run now", "202 with its job; 409 when the one before still runs and is not to overlap" },
	{ &res_auth_user, "reset-second-factor", "reset_second_factor", act_user_reset_second_factor, 0, "Reset second factor",
	    "Forget the second factor and its recovery codes: signing in asks for the password alone until a new one is set up", user_has_second_factor },
	{ &res_auth_user, "end-sessions", "end_sessions", act_user_end_sessions, ACTION_MANY, "Sign out everywhere",
	    "End all sessions of the user; tokens stay" },
	{ &res_object_change, "restore", "view", act_change_restore, ACTION_NO_BUTTON, "Put back",
	    "Make the object as it was before this change, within the right to add or change it; the answer is the object", change_has_before },
	{ &res_object_change, "undo", "view", act_change_undo, 0, "Undo the whole request",
	    "Take back all that the request changed; 409 when one of the objects was changed since" },
	{ &res_peeringdb_change, "accept", "change", act_change_accept, ACTION_MANY, "Accept", "Write what follows from it", change_is_open },
	{ &res_peeringdb_change, "ignore", "change", act_change_ignore, ACTION_MANY, "Ignore", "Leave everything as it is", change_is_open },
	{ &res_peeringdb_network, "render-email", "view", act_render_email, ACTION_NO_BUTTON | ACTION_TYPE, "Make an e-mail from a template",
	    "{\"email\", \"autonomous_system\", \"network\"}, numbers of the template, of our AS and of PeeringDB's network: {\"subject\", \"body\"}." },
	{ &res_internet_exchange, "available-peers", "view", available_peers, ACTION_READS, "Ports there with which no session is set up", NULL },
	{ &res_internet_exchange, "link-to-peeringdb", "change", act_link_exchange, ACTION_MANY, "Link to PeeringDB",
	    "Find its LAN and its connections' ports by address and AS number; 503 where there is none", exchange_is_not_linked },
	{ &res_internet_exchange, "import-from-peeringdb", "add", act_import_exchanges, ACTION_NO_BUTTON | ACTION_TYPE, "Import from PeeringDB",
	    "Make connections, and exchanges where there are none yet, of {\"ports\": [ids]} that PeeringDB has for our autonomous systems;"
	    " without \"ports\" of all that the book lacks", .further = "net.add_connection" },
	POLL_SESSIONS(&res_internet_exchange, MAY_POLL_IX),
	IMPORT_SESSIONS(&res_internet_exchange, "peering.add_internetexchangepeeringsession"),
	{ &res_internet_exchange, "fetch-members", "change", act_members_fetch, ACTION_MANY, "Fetch member export",
	    "Read the exchange's member export as a job; 409 without euro_ix_url", exchange_has_export },
	{ &res_internet_exchange, "members", "view", act_members, ACTION_READS, "Member export, PeeringDB and our sessions side by side",
	    "?state= agrees, differs, no-session, not-in-export, not-in-peeringdb, only-in-export, only-in-peeringdb or only-in-book:"
	    " {\"export\": the last reading, \"states\": counts, \"addresses\": [...]}" },
	{ &res_internet_exchange, "prefixes", "view", exchange_prefixes, ACTION_READS, "Prefixes of the peering LAN", NULL },
	SESSION_ACTIONS(&res_direct_peering_session),
	SESSION_ACTIONS(&res_internet_exchange_peering_session),
	{ &res_ixapi, "synchronise", "change", act_ixapi_read, ACTION_MANY, "Synchronise", "Read accounts, services, ports and addresses, as a job" },
	{ &res_ixapi, "accounts", "view", act_ixapi_accounts, ACTION_GET_JOB | ACTION_NO_BUTTON | ACTION_TYPE, "Accounts of an IX-API",
	    "?api_url=&api_key=&api_secret=: the accounts that this key sees, asked for as a job; 400 when it cannot be reached or refuses the key, 202 with"
	    " the job when it takes long", .then = then_ixapi_accounts },
	{ &res_internet_exchange, "ixapi", "view_internet_exchange_point_ixapi", act_ixapi_of_exchange, ACTION_READS, "What the exchange's IX-API says",
	    "As it was last read: {\"ixapi\", \"accounts\", \"services\", \"configs\"}; {\"ixapi\": null} where it has none" },
	{ &res_connection, "ixapi", "view", act_ixapi_of_connection, ACTION_READS, "What the exchange's IX-API has for the connection",
	    "As it was last read: {\"ixapi\", \"configs\"}: MAC addresses, state, port, traffic" },
	{ &res_connection, "update-ixapi-mac", "change", act_ixapi_mac, ACTION_NO_BUTTON, "Give MAC to the exchange",
	    "Make the connection's MAC address that of its network service config, as a job; 400 when there is none, or the exchange refuses; 202 with the"
	    " job when it takes long", .then = then_ixapi_change },
	{ &res_connection, "update-ixapi-config", "change", act_ixapi_change, ACTION_NO_BUTTON, "Change the network service config at the exchange",
	    "{\"macs\": [addresses], \"capacity\", \"listed\", \"purchase_order\", \"contract_ref\", \"external_ref\"}, any of them, and \"seen\": what they are"
	    " now; 400 when the exchange has something else, or refuses; 202 with the job when it takes long", .then = then_ixapi_change },
	{ &res_irr_list, "accept", "change", act_irr_accept, ACTION_MANY, "Accept", "Use this list for filters; 409 when it is in use", irr_list_unused },
	{ &res_irr_list, "reject", "change", act_irr_reject, ACTION_MANY, "Reject", "Keep the list in use; 409 unless it is held", irr_list_held },
	{ &res_router, "trust-host-key", "change", act_trust_host_key, 0, "Trust host key",
	    "Accept the host key that the router showed at the last try to connect, and no other from now on; \"host_key\" may say which one that must be",
	    router_offers_key },
	{ &res_router, "update-from-netbox", "change", act_update_from_netbox, ACTION_NO_BUTTON | ACTION_TYPE, "Take over a device from NetBox",
	    "What a webhook of NetBox sends: {\"event\", \"data\"}. 201 when a router was made, 200 when it was changed or deleted, 501 for"
	    " a platform that is not known.", .further = "devices.delete_router" },
	{ &res_router, "netbox-devices", "view", act_netbox_devices, ACTION_READS | ACTION_TYPE, "Devices of NetBox",
	    "As they were last read, with the routers that they are or could be: {\"reading\", \"devices\": [...]}" },
	{ &res_router, "read-netbox", "change", act_netbox_read, ACTION_NO_BUTTON | ACTION_TYPE, "Read NetBox", "Read its devices, as a job; 409 without netbox_api" },
	{ &res_router, "import-from-netbox", "add", act_netbox_import, ACTION_NO_BUTTON | ACTION_TYPE, "Take over devices of NetBox",
	    "{\"devices\": ids in NetBox, \"local_autonomous_system\"}: routers are made, those of the same name linked, those that are linked brought up to date,"
	    " all or none: {\"created\", \"linked\", \"updated\"}", .further = "devices.change_router" },
	{ &res_router, "configure", "deploy_router_configuration", act_configure, ACTION_NO_BUTTON | ACTION_TYPE, "Plan and run",
	    "{\"routers\": ids, \"commit\": true or false}: a job for each router, whose output is the difference. With commit it is run, unless"
	    " a rule demands a second person." },
	{ &res_router, "push-datasource", "push_router_configuration_to_data_source", act_push_datasource, ACTION_NO_BUTTON | ACTION_TYPE, "Push to data source",
	    "{\"routers\": ids}: a job for each, which renders the configuration and puts it into the router's data source" },
	{ &res_router, "push-to-data-source", "push_router_configuration_to_data_source", act_push_router, ACTION_MANY, "Push to data source",
	    "Render the configuration and put it into the router's data source, as a job; 409 without one", router_has_source },
	{ &res_router, "plan", "deploy_router_configuration", act_plan, ACTION_MANY, "Plan deployment",
	    "Render the configuration and ask the router what it would change; nothing is changed" },
	IMPORT_SESSIONS(&res_router, "peering.add_directpeeringsession, peering.add_internetexchangepeeringsession"),
	{ &res_router, "poll-bgp-sessions", "view", act_poll_router, ACTION_MANY, "Poll sessions", "Ask it how its sessions are, as a job",
	    .further = MAY_POLL_DIRECT ", " MAY_POLL_IX },
	{ &res_router, "test-napalm-connection", "view", act_test_connection, ACTION_GET_JOB, "Test connection", "Connect and sign in, as a job" },
	{ &res_deployment, "plan", "deploy_router_configuration", act_deployment_plan, ACTION_TYPE, "Plan deployments",
	    "{\"routers\": ids or names, \"reason\", \"not_before\", \"not_after\", \"mode\", \"confirm_seconds\", \"gate_seconds\", \"gate_share\"}: a"
	    " deployment for each; those of several routers are confirmed together or not at all." },
	{ &res_deployment, "approve", "approve", act_deployment_approve, 0, "Approve", "Let it be run, with those that go together with it",
	    deployment_is_planned },
	{ &res_deployment, "run", "run", act_deployment_run, 0, "Run", "Commit with the router's timer, look at the neighbours, confirm or go back",
	    deployment_is_approved },
	{ &res_deployment, "reject", "run", act_deployment_reject, 0, "Reject", "It is not run; what runs goes back", deployment_may_run },
	{ &res_deployment, "go-back", "run", act_deployment_reject, 0, "Go back now", "Its run ends, and the routers go back", deployment_runs },
	{ &res_deployment, "replan", "run", act_replan, 0, "Plan again", "A new plan for the same routers, with the same settings", deployment_is_over },
	{ &res_deployment, "steps", "view", act_deployment_steps, ACTION_READS, "What was done, and the neighbours",
	    "{\"steps\", \"neighbours\", \"together\"}" },
	{ &res_deployment, "texts", "view", act_deployment_texts, ACTION_READS, "Its configurations and the difference",
	    "{\"rendered\", \"candidate\", \"running\", \"diff\", \"after\"}", .further = "devices.view_router_configuration_router" },
	{ &res_deployment, "stop", "stop", act_deployment_stop, ACTION_TYPE, "Emergency stop",
	    "{\"reason\"}: nothing is run any more, and what runs goes back, until it is released." },
	{ &res_deployment, "resume", "stop", act_deployment_resume, ACTION_TYPE, "Release the emergency stop", NULL },
	{ &res_deployment, "stopped", "view", act_deployment_stopped, ACTION_READS | ACTION_TYPE, "Whether the emergency stop is pressed",
	    "{\"stopped\", \"by\", \"reason\", \"since\"}" },
	{ &res_configuration_version, "text", "view", act_version_text, ACTION_READS, "The text", "{\"text\"}",
	    .further = "devices.view_router_configuration_router" },
	{ &res_configuration_version, "compare", "view", act_version_compare, ACTION_READS, "The difference to another one",
	    "?with= its id: {\"diff\", \"added\", \"removed\"}", .further = "devices.view_router_configuration_router" },
	{ &res_configuration_version, "push", "view", act_version_push, 0, "Push to data source",
	    "Put it into the router's data source, beside the rendered one with its kind as ending, as a job; 409 without a data source",
	    .further = "devices.view_router_configuration_router, devices.push_router_configuration_to_data_source_router" },
	{ &res_configuration_version, "plan", "view", act_version_plan, 0, "Go back to this", "Plan a deployment of this configuration", version_is_whole,
	    .further = "devices.deploy_router_configuration_router" },
	{ &res_drift, "diff", "view", act_drift_diff, ACTION_READS, "What differs", "{\"diff\"}", .further = "devices.view_router_configuration_router" },
	{ &res_drift, "check", "check", act_drift_check, ACTION_TYPE, "Look now", "At all routers, as jobs" },
	{ &res_export_template, "render", "view", act_export_render, ACTION_GET_JOB, "Render", "As a job: its output is the text" },
	{ &res_export_template, "render-synchronous", "view", act_export_now, ACTION_READS, "Render at once",
	    "{\"rendered\": the text}" },
	{ .name = NULL },
};
