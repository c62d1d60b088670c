/*
 * tables.h: what the tables share: the names of all resources, choices that several use, and the rows that most have.
 *
 * The rows of a field table read: name, label, help, type, flags, and then what is out of the ordinary by its name. They stand in the
 * order of the JSON keys. Rows that the API does not show stand last, before the counts that only lists show.
 */
#ifndef PEERAGE_TABLES_H
#define PEERAGE_TABLES_H

#include "model/model.h"

#define ROWS(table) (table), sizeof (table) / sizeof (table)[0]

/* choices.c */
extern const struct choice choices_bgp_state[];
extern const struct choice choices_color[];
extern const struct choice choices_family[];
extern const struct choice choices_job_status[];
extern const struct choice choices_network_ratio[];
extern const struct choice choices_network_scope[];
extern const struct choice choices_network_traffic[];
extern const struct choice choices_network_type[];
extern const struct choice choices_password_algorithm[];
extern const struct choice choices_queue[];
extern const struct choice choices_region[];
extern const struct choice choices_service_level[];
extern const struct choice choices_session_status[];
extern const struct choice choices_status[];
extern const struct choice choices_terms[];
extern const struct choice choices_visibility[];

/* all, by table */
extern const struct resource res_auth_group;
extern const struct resource res_auth_permission;
extern const struct resource res_auth_token;
extern const struct resource res_auth_user;
extern const struct resource res_autonomous_system;
extern const struct resource res_bfd;
extern const struct resource res_bgp_group;
extern const struct resource res_community;
extern const struct resource res_config_context;
extern const struct resource res_config_context_assignment;
extern const struct resource res_configuration;
extern const struct resource res_configuration_version;
extern const struct resource res_connection;
extern const struct resource res_contact;
extern const struct resource res_contact_assignment;
extern const struct resource res_contact_role;
extern const struct resource res_data_file;
extern const struct resource res_data_source;
extern const struct resource res_deployment;
extern const struct resource res_deployment_rule;
extern const struct resource res_direct_peering_session;
extern const struct resource res_drift;
extern const struct resource res_email;
extern const struct resource res_email_message;
extern const struct resource res_export_template;
extern const struct resource res_hidden_peer;
extern const struct resource res_internet_exchange;
extern const struct resource res_internet_exchange_peering_session;
extern const struct resource res_irr_list;
extern const struct resource res_ixapi;
extern const struct resource res_job;
extern const struct resource res_journal_entry;
extern const struct resource res_object_change;
extern const struct resource res_peeringdb_campus;
extern const struct resource res_peeringdb_carrier;
extern const struct resource res_peeringdb_carrier_facility;
extern const struct resource res_peeringdb_change;
extern const struct resource res_peeringdb_facility;
extern const struct resource res_peeringdb_internet_exchange;
extern const struct resource res_peeringdb_internet_exchange_facility;
extern const struct resource res_peeringdb_ixlan;
extern const struct resource res_peeringdb_ixlan_prefix;
extern const struct resource res_peeringdb_network;
extern const struct resource res_peeringdb_network_contact;
extern const struct resource res_peeringdb_network_facility;
extern const struct resource res_peeringdb_network_ixlan;
extern const struct resource res_peeringdb_organization;
extern const struct resource res_peeringdb_rule;
extern const struct resource res_peeringdb_synchronisation;
extern const struct resource res_platform;
extern const struct resource res_relationship;
extern const struct resource res_router;
extern const struct resource res_routing_policy;
extern const struct resource res_saved_filter;
extern const struct resource res_saved_filter;
extern const struct resource res_schedule;
extern const struct resource res_sign_in_event;
extern const struct resource res_tag;
extern const struct resource res_webhook;
extern const struct resource res_webhook_delivery;

/* ---- rows that most resources have; `also` are further flags ---- */

#define FIELD_NAME(also) \
	{ "name", NULL, NULL, F_TEXT, FF_REQUIRED | FF_UNIQUE | FF_LIST | FF_SEARCH | (also), .max = 100 }
#define FIELD_SLUG(also) \
	{ "slug", NULL, NULL, F_SLUG, FF_REQUIRED | FF_UNIQUE | FF_SEARCH | (also), .max = 100 }
#define FIELD_DESCRIPTION(also) \
	{ "description", NULL, NULL, F_TEXT, FF_SEARCH | (also), .max = 200 }
#define FIELD_COMMENTS(also) \
	{ "comments", NULL, NULL, F_LONGTEXT, FF_BULK | (also) }
#define FIELD_LOCAL_CONTEXT \
	{ "local_context_data", NULL, NULL, F_JSON, FF_NULL | FF_OBJECT | FF_BULK | FF_NOCOLUMN }
#define FIELD_CONFIG_CONTEXT \
	{ "config_context", NULL, NULL, F_COMPUTED, FF_READONLY | FF_NULL | FF_NOCOLUMN | FF_NOLOG }
/* where the API does not show them */
#define FIELDS_CONTEXT_HIDDEN \
	{ "local_context_data", NULL, NULL, F_JSON, FF_NULL | FF_OBJECT | FF_NOAPI | FF_NOFORM | FF_NOCOLUMN }, \
	{ "config_context", NULL, NULL, F_COMPUTED, FF_READONLY | FF_NULL | FF_NOAPI | FF_NOCOLUMN | FF_NOLOG }
#define FIELD_TAGS \
	{ "tags", NULL, NULL, F_TAGS, FF_BULK }
#define FIELD_CREATED(also) \
	{ "created", NULL, NULL, F_TIME, FF_READONLY | FF_NULL | FF_FILTER | (also) }
#define FIELD_UPDATED(also) \
	{ "updated", NULL, NULL, F_TIME, FF_READONLY | FF_NULL | FF_FILTER | FF_NOLOG | (also) }

#define FIELD_POLICIES(model, table_) \
	{ "import_routing_policies", NULL, NULL, F_REFS, FF_BULK, .ref = &res_routing_policy, \
	    .link = table_ "_import_routing_policies", .related = model "_import_routing_policies" }, \
	{ "export_routing_policies", NULL, NULL, F_REFS, FF_BULK, .ref = &res_routing_policy, \
	    .link = table_ "_export_routing_policies", .related = model "_export_routing_policies" }
#define FIELD_COMMUNITIES(table_) \
	{ "communities", NULL, NULL, F_REFS, FF_BULK, .ref = &res_community, .link = table_ "_communities" }

/* Template and context resources that can be read from a file of a data source. */
#define FIELDS_SYNCHRONISED \
	{ "data_source", NULL, "Data source that it is read from", F_REF, FF_NULL | FF_NOAPI | FF_NOCOLUMN, .ref = &res_data_source, \
	    .on_delete = DEL_PROTECT, .related = "" }, \
	{ "data_file", NULL, "File of the data source that it is read from", F_REF, FF_NULL | FF_NOAPI | FF_NOCOLUMN, .ref = &res_data_file, \
	    .on_delete = DEL_SET_NULL, .related = "" }, \
	{ "data_path", NULL, NULL, F_TEXT, FF_READONLY | FF_NOAPI | FF_NOCOLUMN, .max = 1000 }, \
	{ "auto_synchronisation_enabled", "Automatic synchronisation", "Read it again whenever its data source is synchronised", F_BOOL, \
	    FF_NOAPI | FF_NOCOLUMN, .def = "true" }, \
	{ "data_synchronised", NULL, NULL, F_TIME, FF_READONLY | FF_NULL | FF_NOAPI | FF_NOCOLUMN }
#define FIELDS_JINJA2(also) \
	{ "jinja2_trim", "Jinja2 trim", "Removes new line after tag", F_BOOL, (also), .def = "false" }, \
	{ "jinja2_lstrip", "Jinja2 lstrip", "Strips whitespaces before block", F_BOOL, (also), .def = "false" }

/* ---- filters ---- */

#define FILTERS_REQUEST \
	{ "created_by_request", FILTER_REQUEST, "create", FILTERF_NOFORM }, \
	{ "updated_by_request", FILTER_REQUEST, "update", FILTERF_NOFORM }
#define FILTERS_COMMON \
	{ "tag", FILTER_TAG, "tags" }, \
	FILTERS_REQUEST

/* ?x_id= comes with the reference; these are the further ways to name what it points at */
#define FILTERS_AS(field) \
	{ field "_asn", FILTER_NAMES, field ".asn", FILTERF_NOFORM }, \
	{ field, FILTER_NAMES, field ".name", FILTERF_NOFORM }
#define FILTER_BY_NAME(name, path) \
	{ name, FILTER_NAMES, path, FILTERF_NOFORM }

/* Whether a deployment of that status is being worked on, and so will get another status by itself. */
bool deployment_under_way(const char *status);

#endif
