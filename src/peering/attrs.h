/* attrs.h: the derived attributes and methods of the graph's objects, as rows of tables.c name them. */
#ifndef PEERAGE_ATTRS_H
#define PEERAGE_ATTRS_H

#include "peering/graph.h"

/* of every object */
property_fn attr_config_context, attr_docs_url;
method_fn attr_absolute_url;
/* of what is given to an object */
property_fn attr_object;

/* of PeeringDB's rows */
property_fn attr_netixlan_cidr4, attr_netixlan_cidr6, attr_netixlan_remote, attr_pdb_ix_facilities;
method_fn attr_netixlan_prefixes, attr_netixlan_cidr;

/* of sessions */
property_fn attr_session_enabled, attr_exists_in_peeringdb, attr_is_abandoned;
method_fn attr_merged_import_policies, attr_merged_export_policies, attr_merged_communities;

/* of what has policies */
method_fn attr_import_policies, attr_export_policies, attr_policies;

/* of autonomous systems */
property_fn attr_as_is_private, attr_as_network, attr_as_general_policy, attr_as_contacts, attr_as_can_receive_email, attr_as_prefixes,
    attr_as_list;
method_fn attr_as_direct_sessions, attr_as_ixp_sessions, attr_as_relationships, attr_as_ixps, attr_as_shared_ixps,
    attr_as_shared_facilities, attr_as_missing_sessions, attr_as_routers, attr_as_pollable, attr_as_divergence, attr_as_irr_prefixes,
    attr_as_irr_as_list, attr_as_email_addresses, attr_as_cc_contacts;

/* of groups and exchanges */
property_fn attr_ixp_linked, attr_ixp_has_routers, attr_ixp_prefixes;
method_fn attr_group_sessions, attr_group_routers, attr_group_pollable, attr_ixp_get_prefixes, attr_ixp_connections, attr_ixp_routers,
    attr_ixp_sessions, attr_ixp_autonomous_systems, attr_ixp_available_peers, attr_ixp_hidden_peers;

/* of connections, routers and the small ones */
property_fn attr_connection_name, attr_connection_linked, attr_community_kind;
method_fn attr_relationship_html, attr_router_is_netbox, attr_router_usable, attr_router_groups, attr_router_connections,
    attr_router_ixps, attr_router_direct_as, attr_router_ixp_as, attr_router_as, attr_router_direct_sessions,
    attr_router_ixp_sessions, attr_router_bfds, attr_router_policies;

#endif
