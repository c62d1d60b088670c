/* actions.h: the rows of actions.c, and the functions that stand in files of their own. */
#ifndef PEERAGE_PEERING_ACTIONS_H
#define PEERAGE_PEERING_ACTIONS_H

#include "model/action.h"

/* All actions there are, ended by a NULL name. */
extern const struct action peering_actions[];

/* actions_irr.c: what the routing registries say. */
action_fn act_as_set_prefixes, then_as_set_prefixes, act_irr_read, act_irr_accept, act_irr_reject;
bool irr_list_held(const struct row *), irr_list_unused(const struct row *);

/* actions_flows.c */
action_fn act_import_exchanges;

/* ix_api.c: what exchanges' IX-APIs say, and what they are told. */
action_fn act_ixapi_accounts, act_ixapi_change, act_ixapi_mac, act_ixapi_of_connection, act_ixapi_of_exchange, act_ixapi_read, then_ixapi_accounts,
    then_ixapi_change;

/* members.c */
action_fn act_members, act_members_fetch;
bool exchange_has_export(const struct row *);

/* actions_render.c: texts made from templates. */
action_fn act_generate_email, act_render_email, act_export_render, act_export_now;

/* actions_sessions.c */
action_fn act_encrypt_password, act_session_enable, act_session_disable;
bool session_is_enabled(const struct row *), session_is_not_enabled(const struct row *);

/* actions_peeringdb.c */
action_fn act_synchronise_as, act_link_exchange, act_change_accept, act_change_ignore;
bool change_is_open(const struct row *), exchange_is_not_linked(const struct row *);

/* actions_archive.c */
action_fn act_drift_check, act_drift_diff, act_version_compare, act_version_plan, act_version_push, act_version_text;
bool version_is_whole(const struct row *);

/* actions_jobs.c */
action_fn act_job_cancel, act_job_retry, act_schedule_run;
bool job_is_going(const struct row *), job_is_over(const struct row *);

/* actions_changes.c */
action_fn act_change_restore, act_change_undo;
bool change_has_before(const struct row *);

/* actions_deploy.c */
action_fn act_configure, act_deployment_approve, act_deployment_plan, act_deployment_reject, act_deployment_resume, act_deployment_run,
    act_deployment_steps, act_deployment_stop, act_deployment_stopped, act_deployment_texts, act_plan, act_replan, act_test_connection;
bool deployment_is_planned(const struct row *), deployment_is_approved(const struct row *), deployment_may_run(const struct row *), deployment_runs(const struct row *),
    deployment_is_over(const struct row *);

/* Of {"routers": [ids]}: call the function for each that is there and within the right to the verb. None given is 400, none there 404. */
typedef bool router_fn(struct action_call *, struct row *router, void *arg, struct err *);
bool action_each_router(struct action_call *, const char *verb, router_fn *, void *arg, struct err *);

/* actions_data.c: data sources. */
action_fn act_data_synchronise, act_follow_again, act_push_datasource, act_push_router;
bool source_is_enabled(const struct row *), follows_a_file(const struct row *), router_has_source(const struct row *);

/* actions_poll.c */
action_fn act_import_sessions, act_poll_router, act_poll_session, act_poll_sessions, act_session_history, then_poll_session;

/* netbox.c */
action_fn act_netbox_devices, act_netbox_import, act_netbox_read;

/* actions_routers.c */
action_fn act_update_from_netbox, act_trust_host_key;
bool router_offers_key(const struct row *);

/* actions_users.c */
action_fn act_user_end_sessions, act_user_reset_second_factor;
bool user_has_second_factor(const struct row *);

#endif
