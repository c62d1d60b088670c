-- peering.internetexchangepeeringsession, full: one
SELECT t0.id, t1.id, t2.id, t2.name, t3.id, t3.asn, t0.ip_address, t0.service_reference, t3.name, t3.ipv6_max_prefixes, t3.ipv4_max_prefixes, t4.id, t4.name, t1.interface, t1.mac_address, t1.ipv6_address, t1.ipv4_address, t0.status, t0.password, t0.encrypted_password, t0.multihop_ttl, t0.passive, t0.is_route_server, t5.id, t5.name, t5.slug, t0.local_context_data, t0.exists_in_peeringdb, t0.is_abandoned, t0.bgp_state, t0.received_prefix_count, t0.accepted_prefix_count, t0.advertised_prefix_count, t0.last_established_state, t0.comments, t0.created, t0.updated, t0.description, t0.asn FROM internet_exchange_peering_session t0 LEFT JOIN connection t1 ON t1.id = t0.ixp_connection_id LEFT JOIN internet_exchange t2 ON t2.id = t1.internet_exchange_point_id LEFT JOIN autonomous_system t3 ON t3.id = t0.autonomous_system_id LEFT JOIN router t4 ON t4.id = t1.router_id LEFT JOIN bfd t5 ON t5.id = t0.bfd_id WHERE t0.id = $1;

-- peering.internetexchangepeeringsession, full: several
SELECT t0.id, t1.id, t2.id, t2.name, t3.id, t3.asn, t0.ip_address, t0.service_reference, t3.name, t3.ipv6_max_prefixes, t3.ipv4_max_prefixes, t4.id, t4.name, t1.interface, t1.mac_address, t1.ipv6_address, t1.ipv4_address, t0.status, t0.password, t0.encrypted_password, t0.multihop_ttl, t0.passive, t0.is_route_server, t5.id, t5.name, t5.slug, t0.local_context_data, t0.exists_in_peeringdb, t0.is_abandoned, t0.bgp_state, t0.received_prefix_count, t0.accepted_prefix_count, t0.advertised_prefix_count, t0.last_established_state, t0.comments, t0.created, t0.updated, t0.description, t0.asn FROM internet_exchange_peering_session t0 LEFT JOIN connection t1 ON t1.id = t0.ixp_connection_id LEFT JOIN internet_exchange t2 ON t2.id = t1.internet_exchange_point_id LEFT JOIN autonomous_system t3 ON t3.id = t0.autonomous_system_id LEFT JOIN router t4 ON t4.id = t1.router_id LEFT JOIN bfd t5 ON t5.id = t0.bfd_id WHERE t0.id = ANY($1);

-- peering.internetexchangepeeringsession, full: hundreds
SELECT t0.id, t1.id, t2.id, t2.name, t3.id, t3.asn, t0.ip_address, t0.service_reference, t3.name, t3.ipv6_max_prefixes, t3.ipv4_max_prefixes, t4.id, t4.name, t1.interface, t1.mac_address, t1.ipv6_address, t1.ipv4_address, t0.status, t0.password, t0.encrypted_password, t0.multihop_ttl, t0.passive, t0.is_route_server, t5.id, t5.name, t5.slug, t0.local_context_data, t0.exists_in_peeringdb, t0.is_abandoned, t0.bgp_state, t0.received_prefix_count, t0.accepted_prefix_count, t0.advertised_prefix_count, t0.last_established_state, t0.comments, t0.created, t0.updated, t0.description, t0.asn FROM internet_exchange_peering_session t0 LEFT JOIN connection t1 ON t1.id = t0.ixp_connection_id LEFT JOIN internet_exchange t2 ON t2.id = t1.internet_exchange_point_id LEFT JOIN autonomous_system t3 ON t3.id = t0.autonomous_system_id LEFT JOIN router t4 ON t4.id = t1.router_id LEFT JOIN bfd t5 ON t5.id = t0.bfd_id WHERE t0.id IN (SELECT ($1::bigint[])[i] FROM generate_subscripts($1::bigint[], 1) i);

-- peering.internetexchangepeeringsession, full: several in order
SELECT t0.id, t1.id, t2.id, t2.name, t3.id, t3.asn, t0.ip_address, t0.service_reference, t3.name, t3.ipv6_max_prefixes, t3.ipv4_max_prefixes, t4.id, t4.name, t1.interface, t1.mac_address, t1.ipv6_address, t1.ipv4_address, t0.status, t0.password, t0.encrypted_password, t0.multihop_ttl, t0.passive, t0.is_route_server, t5.id, t5.name, t5.slug, t0.local_context_data, t0.exists_in_peeringdb, t0.is_abandoned, t0.bgp_state, t0.received_prefix_count, t0.accepted_prefix_count, t0.advertised_prefix_count, t0.last_established_state, t0.comments, t0.created, t0.updated, t0.description, t0.asn FROM internet_exchange_peering_session t0 LEFT JOIN connection t1 ON t1.id = t0.ixp_connection_id LEFT JOIN internet_exchange t2 ON t2.id = t1.internet_exchange_point_id LEFT JOIN autonomous_system t3 ON t3.id = t0.autonomous_system_id LEFT JOIN router t4 ON t4.id = t1.router_id LEFT JOIN bfd t5 ON t5.id = t0.bfd_id LEFT JOIN connection o0 ON o0.id = t0.ixp_connection_id LEFT JOIN internet_exchange o1 ON o1.id = o0.internet_exchange_point_id LEFT JOIN autonomous_system o2 ON o2.id = o1.local_autonomous_system_id LEFT JOIN router o3 ON o3.id = o0.router_id LEFT JOIN autonomous_system o4 ON o4.id = o3.local_autonomous_system_id WHERE t0.id = ANY($1) ORDER BY t0.service_reference, t0.asn, o2.asn, o1.name, o1.slug, o4.asn, o3.name, t0.ip_address, t0.id;

-- peering.internetexchangepeeringsession, full: links of one
SELECT l.side, l.owner, t0.id, t0.name, t0.slug, t0.type FROM (SELECT 0::smallint, internet_exchange_peering_session_id, routing_policy_id FROM internet_exchange_peering_session_import_routing_policies WHERE internet_exchange_peering_session_id = $1 UNION ALL SELECT 1::smallint, internet_exchange_peering_session_id, routing_policy_id FROM internet_exchange_peering_session_export_routing_policies WHERE internet_exchange_peering_session_id = $1) l(side, owner, target) JOIN routing_policy t0 ON t0.id = l.target ORDER BY t0.weight DESC, t0.name;

-- peering.internetexchangepeeringsession, full: links of several
SELECT l.side, l.owner, t0.id, t0.name, t0.slug, t0.type FROM (SELECT 0::smallint, internet_exchange_peering_session_id, routing_policy_id FROM internet_exchange_peering_session_import_routing_policies WHERE internet_exchange_peering_session_id = ANY($1) UNION ALL SELECT 1::smallint, internet_exchange_peering_session_id, routing_policy_id FROM internet_exchange_peering_session_export_routing_policies WHERE internet_exchange_peering_session_id = ANY($1)) l(side, owner, target) JOIN routing_policy t0 ON t0.id = l.target ORDER BY t0.weight DESC, t0.name;

-- peering.internetexchangepeeringsession, full: links of one
SELECT l.side, l.owner, t0.id, t0.name, t0.slug, t0.value, t0.type FROM (SELECT 2::smallint, internet_exchange_peering_session_id, community_id FROM internet_exchange_peering_session_communities WHERE internet_exchange_peering_session_id = $1) l(side, owner, target) JOIN community t0 ON t0.id = l.target ORDER BY t0.value, t0.name;

-- peering.internetexchangepeeringsession, full: links of several
SELECT l.side, l.owner, t0.id, t0.name, t0.slug, t0.value, t0.type FROM (SELECT 2::smallint, internet_exchange_peering_session_id, community_id FROM internet_exchange_peering_session_communities WHERE internet_exchange_peering_session_id = ANY($1)) l(side, owner, target) JOIN community t0 ON t0.id = l.target ORDER BY t0.value, t0.name;

-- peering.internetexchangepeeringsession, full: links of one
SELECT l.side, l.owner, t0.id, t0.name, t0.slug, t0.color FROM (SELECT 3::smallint, object_id, tag_id FROM tagged_item WHERE object_type_id = 74 AND object_id = $1) l(side, owner, target) JOIN tag t0 ON t0.id = l.target ORDER BY t0.name;

-- peering.internetexchangepeeringsession, full: links of several
SELECT l.side, l.owner, t0.id, t0.name, t0.slug, t0.color FROM (SELECT 3::smallint, object_id, tag_id FROM tagged_item WHERE object_type_id = 74 AND object_id = ANY($1)) l(side, owner, target) JOIN tag t0 ON t0.id = l.target ORDER BY t0.name;

-- peering.internetexchangepeeringsession, brief: one
SELECT t0.id, t1.id, t2.id, t2.name, t3.id, t3.asn, t0.ip_address, t0.status, t0.is_route_server FROM internet_exchange_peering_session t0 LEFT JOIN connection t1 ON t1.id = t0.ixp_connection_id LEFT JOIN internet_exchange t2 ON t2.id = t1.internet_exchange_point_id LEFT JOIN autonomous_system t3 ON t3.id = t0.autonomous_system_id WHERE t0.id = $1;

-- peering.internetexchangepeeringsession, brief: several
SELECT t0.id, t1.id, t2.id, t2.name, t3.id, t3.asn, t0.ip_address, t0.status, t0.is_route_server FROM internet_exchange_peering_session t0 LEFT JOIN connection t1 ON t1.id = t0.ixp_connection_id LEFT JOIN internet_exchange t2 ON t2.id = t1.internet_exchange_point_id LEFT JOIN autonomous_system t3 ON t3.id = t0.autonomous_system_id WHERE t0.id = ANY($1);

-- peering.internetexchangepeeringsession, brief: hundreds
SELECT t0.id, t1.id, t2.id, t2.name, t3.id, t3.asn, t0.ip_address, t0.status, t0.is_route_server FROM internet_exchange_peering_session t0 LEFT JOIN connection t1 ON t1.id = t0.ixp_connection_id LEFT JOIN internet_exchange t2 ON t2.id = t1.internet_exchange_point_id LEFT JOIN autonomous_system t3 ON t3.id = t0.autonomous_system_id WHERE t0.id IN (SELECT ($1::bigint[])[i] FROM generate_subscripts($1::bigint[], 1) i);

-- peering.internetexchangepeeringsession, brief: several in order
SELECT t0.id, t1.id, t2.id, t2.name, t3.id, t3.asn, t0.ip_address, t0.status, t0.is_route_server FROM internet_exchange_peering_session t0 LEFT JOIN connection t1 ON t1.id = t0.ixp_connection_id LEFT JOIN internet_exchange t2 ON t2.id = t1.internet_exchange_point_id LEFT JOIN autonomous_system t3 ON t3.id = t0.autonomous_system_id LEFT JOIN connection o0 ON o0.id = t0.ixp_connection_id LEFT JOIN internet_exchange o1 ON o1.id = o0.internet_exchange_point_id LEFT JOIN autonomous_system o2 ON o2.id = o1.local_autonomous_system_id LEFT JOIN router o3 ON o3.id = o0.router_id LEFT JOIN autonomous_system o4 ON o4.id = o3.local_autonomous_system_id WHERE t0.id = ANY($1) ORDER BY t0.service_reference, t0.asn, o2.asn, o1.name, o1.slug, o4.asn, o3.name, t0.ip_address, t0.id;

-- peering.internetexchangepeeringsession, id: one
SELECT t0.id FROM internet_exchange_peering_session t0 WHERE t0.id = $1;

-- peering.internetexchangepeeringsession, id: several
SELECT t0.id FROM internet_exchange_peering_session t0 WHERE t0.id = ANY($1);

-- peering.internetexchangepeeringsession, id: hundreds
SELECT t0.id FROM internet_exchange_peering_session t0 WHERE t0.id IN (SELECT ($1::bigint[])[i] FROM generate_subscripts($1::bigint[], 1) i);

-- peering.internetexchangepeeringsession, id: several in order
SELECT t0.id FROM internet_exchange_peering_session t0 LEFT JOIN connection o0 ON o0.id = t0.ixp_connection_id LEFT JOIN internet_exchange o1 ON o1.id = o0.internet_exchange_point_id LEFT JOIN autonomous_system o2 ON o2.id = o1.local_autonomous_system_id LEFT JOIN router o3 ON o3.id = o0.router_id LEFT JOIN autonomous_system o4 ON o4.id = o3.local_autonomous_system_id WHERE t0.id = ANY($1) ORDER BY t0.service_reference, t0.asn, o2.asn, o1.name, o1.slug, o4.asn, o3.name, t0.ip_address, t0.id;

-- peering.internetexchangepeeringsession, nested: one
SELECT t0.id, t1.id, t2.id, t2.name, t3.id, t3.asn, t0.ip_address, t0.status, t0.is_route_server FROM internet_exchange_peering_session t0 LEFT JOIN connection t1 ON t1.id = t0.ixp_connection_id LEFT JOIN internet_exchange t2 ON t2.id = t1.internet_exchange_point_id LEFT JOIN autonomous_system t3 ON t3.id = t0.autonomous_system_id WHERE t0.id = $1;

-- peering.internetexchangepeeringsession, nested: several
SELECT t0.id, t1.id, t2.id, t2.name, t3.id, t3.asn, t0.ip_address, t0.status, t0.is_route_server FROM internet_exchange_peering_session t0 LEFT JOIN connection t1 ON t1.id = t0.ixp_connection_id LEFT JOIN internet_exchange t2 ON t2.id = t1.internet_exchange_point_id LEFT JOIN autonomous_system t3 ON t3.id = t0.autonomous_system_id WHERE t0.id = ANY($1);

-- peering.internetexchangepeeringsession, nested: hundreds
SELECT t0.id, t1.id, t2.id, t2.name, t3.id, t3.asn, t0.ip_address, t0.status, t0.is_route_server FROM internet_exchange_peering_session t0 LEFT JOIN connection t1 ON t1.id = t0.ixp_connection_id LEFT JOIN internet_exchange t2 ON t2.id = t1.internet_exchange_point_id LEFT JOIN autonomous_system t3 ON t3.id = t0.autonomous_system_id WHERE t0.id IN (SELECT ($1::bigint[])[i] FROM generate_subscripts($1::bigint[], 1) i);

-- peering.internetexchangepeeringsession, nested: several in order
SELECT t0.id, t1.id, t2.id, t2.name, t3.id, t3.asn, t0.ip_address, t0.status, t0.is_route_server FROM internet_exchange_peering_session t0 LEFT JOIN connection t1 ON t1.id = t0.ixp_connection_id LEFT JOIN internet_exchange t2 ON t2.id = t1.internet_exchange_point_id LEFT JOIN autonomous_system t3 ON t3.id = t0.autonomous_system_id LEFT JOIN connection o0 ON o0.id = t0.ixp_connection_id LEFT JOIN internet_exchange o1 ON o1.id = o0.internet_exchange_point_id LEFT JOIN autonomous_system o2 ON o2.id = o1.local_autonomous_system_id LEFT JOIN router o3 ON o3.id = o0.router_id LEFT JOIN autonomous_system o4 ON o4.id = o3.local_autonomous_system_id WHERE t0.id = ANY($1) ORDER BY t0.service_reference, t0.asn, o2.asn, o1.name, o1.slug, o4.asn, o3.name, t0.ip_address, t0.id;

-- peering.autonomoussystem, full: one
SELECT t0.id, t0.asn, t0.name, t0.name_peeringdb_sync, t0.description, t0.comments, t0.irr_as_set, t0.irr_as_set_peeringdb_sync, t0.ipv6_max_prefixes, t0.ipv6_max_prefixes_peeringdb_sync, t0.ipv4_max_prefixes, t0.ipv4_max_prefixes_peeringdb_sync, autonomous_system_prefixes(t0), t0.retrieve_prefixes, autonomous_system_as_list(t0), t0.retrieve_as_list, t0.irr_sources_override, t0.irr_ipv6_prefixes_args_override, t0.irr_ipv4_prefixes_args_override, t0.affiliated, t0.local_context_data, t0.created, t0.updated, t0.prefixes_updated, t0.prefixes_source, t0.as_list_updated, t0.as_list_source FROM autonomous_system t0 WHERE t0.id = $1;

-- peering.autonomoussystem, full: several
SELECT t0.id, t0.asn, t0.name, t0.name_peeringdb_sync, t0.description, t0.comments, t0.irr_as_set, t0.irr_as_set_peeringdb_sync, t0.ipv6_max_prefixes, t0.ipv6_max_prefixes_peeringdb_sync, t0.ipv4_max_prefixes, t0.ipv4_max_prefixes_peeringdb_sync, autonomous_system_prefixes(t0), t0.retrieve_prefixes, autonomous_system_as_list(t0), t0.retrieve_as_list, t0.irr_sources_override, t0.irr_ipv6_prefixes_args_override, t0.irr_ipv4_prefixes_args_override, t0.affiliated, t0.local_context_data, t0.created, t0.updated, t0.prefixes_updated, t0.prefixes_source, t0.as_list_updated, t0.as_list_source FROM autonomous_system t0 WHERE t0.id = ANY($1);

-- peering.autonomoussystem, full: hundreds
SELECT t0.id, t0.asn, t0.name, t0.name_peeringdb_sync, t0.description, t0.comments, t0.irr_as_set, t0.irr_as_set_peeringdb_sync, t0.ipv6_max_prefixes, t0.ipv6_max_prefixes_peeringdb_sync, t0.ipv4_max_prefixes, t0.ipv4_max_prefixes_peeringdb_sync, autonomous_system_prefixes(t0), t0.retrieve_prefixes, autonomous_system_as_list(t0), t0.retrieve_as_list, t0.irr_sources_override, t0.irr_ipv6_prefixes_args_override, t0.irr_ipv4_prefixes_args_override, t0.affiliated, t0.local_context_data, t0.created, t0.updated, t0.prefixes_updated, t0.prefixes_source, t0.as_list_updated, t0.as_list_source FROM autonomous_system t0 WHERE t0.id IN (SELECT ($1::bigint[])[i] FROM generate_subscripts($1::bigint[], 1) i);

-- peering.autonomoussystem, full: several in order
SELECT t0.id, t0.asn, t0.name, t0.name_peeringdb_sync, t0.description, t0.comments, t0.irr_as_set, t0.irr_as_set_peeringdb_sync, t0.ipv6_max_prefixes, t0.ipv6_max_prefixes_peeringdb_sync, t0.ipv4_max_prefixes, t0.ipv4_max_prefixes_peeringdb_sync, autonomous_system_prefixes(t0), t0.retrieve_prefixes, autonomous_system_as_list(t0), t0.retrieve_as_list, t0.irr_sources_override, t0.irr_ipv6_prefixes_args_override, t0.irr_ipv4_prefixes_args_override, t0.affiliated, t0.local_context_data, t0.created, t0.updated, t0.prefixes_updated, t0.prefixes_source, t0.as_list_updated, t0.as_list_source FROM autonomous_system t0 WHERE t0.id = ANY($1) ORDER BY t0.asn;

-- peering.autonomoussystem, full: links of one
SELECT l.side, l.owner, t0.id, t0.name, t0.slug, t0.type FROM (SELECT 0::smallint, autonomous_system_id, routing_policy_id FROM autonomous_system_import_routing_policies WHERE autonomous_system_id = $1 UNION ALL SELECT 1::smallint, autonomous_system_id, routing_policy_id FROM autonomous_system_export_routing_policies WHERE autonomous_system_id = $1) l(side, owner, target) JOIN routing_policy t0 ON t0.id = l.target ORDER BY t0.weight DESC, t0.name;

-- peering.autonomoussystem, full: links of several
SELECT l.side, l.owner, t0.id, t0.name, t0.slug, t0.type FROM (SELECT 0::smallint, autonomous_system_id, routing_policy_id FROM autonomous_system_import_routing_policies WHERE autonomous_system_id = ANY($1) UNION ALL SELECT 1::smallint, autonomous_system_id, routing_policy_id FROM autonomous_system_export_routing_policies WHERE autonomous_system_id = ANY($1)) l(side, owner, target) JOIN routing_policy t0 ON t0.id = l.target ORDER BY t0.weight DESC, t0.name;

-- peering.autonomoussystem, full: links of one
SELECT l.side, l.owner, t0.id, t0.name, t0.slug, t0.value, t0.type FROM (SELECT 2::smallint, autonomous_system_id, community_id FROM autonomous_system_communities WHERE autonomous_system_id = $1) l(side, owner, target) JOIN community t0 ON t0.id = l.target ORDER BY t0.value, t0.name;

-- peering.autonomoussystem, full: links of several
SELECT l.side, l.owner, t0.id, t0.name, t0.slug, t0.value, t0.type FROM (SELECT 2::smallint, autonomous_system_id, community_id FROM autonomous_system_communities WHERE autonomous_system_id = ANY($1)) l(side, owner, target) JOIN community t0 ON t0.id = l.target ORDER BY t0.value, t0.name;

-- peering.autonomoussystem, full: links of one
SELECT l.side, l.owner, t0.id, t0.name, t0.slug, t0.color FROM (SELECT 3::smallint, object_id, tag_id FROM tagged_item WHERE object_type_id = 70 AND object_id = $1) l(side, owner, target) JOIN tag t0 ON t0.id = l.target ORDER BY t0.name;

-- peering.autonomoussystem, full: links of several
SELECT l.side, l.owner, t0.id, t0.name, t0.slug, t0.color FROM (SELECT 3::smallint, object_id, tag_id FROM tagged_item WHERE object_type_id = 70 AND object_id = ANY($1)) l(side, owner, target) JOIN tag t0 ON t0.id = l.target ORDER BY t0.name;

-- peering.autonomoussystem, brief: one
SELECT t0.id, t0.asn, t0.name, t0.ipv6_max_prefixes, t0.ipv4_max_prefixes FROM autonomous_system t0 WHERE t0.id = $1;

-- peering.autonomoussystem, brief: several
SELECT t0.id, t0.asn, t0.name, t0.ipv6_max_prefixes, t0.ipv4_max_prefixes FROM autonomous_system t0 WHERE t0.id = ANY($1);

-- peering.autonomoussystem, brief: hundreds
SELECT t0.id, t0.asn, t0.name, t0.ipv6_max_prefixes, t0.ipv4_max_prefixes FROM autonomous_system t0 WHERE t0.id IN (SELECT ($1::bigint[])[i] FROM generate_subscripts($1::bigint[], 1) i);

-- peering.autonomoussystem, brief: several in order
SELECT t0.id, t0.asn, t0.name, t0.ipv6_max_prefixes, t0.ipv4_max_prefixes FROM autonomous_system t0 WHERE t0.id = ANY($1) ORDER BY t0.asn;

-- peering.autonomoussystem, id: one
SELECT t0.id FROM autonomous_system t0 WHERE t0.id = $1;

-- peering.autonomoussystem, id: several
SELECT t0.id FROM autonomous_system t0 WHERE t0.id = ANY($1);

-- peering.autonomoussystem, id: hundreds
SELECT t0.id FROM autonomous_system t0 WHERE t0.id IN (SELECT ($1::bigint[])[i] FROM generate_subscripts($1::bigint[], 1) i);

-- peering.autonomoussystem, id: several in order
SELECT t0.id FROM autonomous_system t0 WHERE t0.id = ANY($1) ORDER BY t0.asn;

-- peering.autonomoussystem, nested: one
SELECT t0.id, t0.asn, t0.name, t0.ipv6_max_prefixes, t0.ipv4_max_prefixes FROM autonomous_system t0 WHERE t0.id = $1;

-- peering.autonomoussystem, nested: several
SELECT t0.id, t0.asn, t0.name, t0.ipv6_max_prefixes, t0.ipv4_max_prefixes FROM autonomous_system t0 WHERE t0.id = ANY($1);

-- peering.autonomoussystem, nested: hundreds
SELECT t0.id, t0.asn, t0.name, t0.ipv6_max_prefixes, t0.ipv4_max_prefixes FROM autonomous_system t0 WHERE t0.id IN (SELECT ($1::bigint[])[i] FROM generate_subscripts($1::bigint[], 1) i);

-- peering.autonomoussystem, nested: several in order
SELECT t0.id, t0.asn, t0.name, t0.ipv6_max_prefixes, t0.ipv4_max_prefixes FROM autonomous_system t0 WHERE t0.id = ANY($1) ORDER BY t0.asn;

-- devices.router, full: one
SELECT t0.id, t0.name, t0.hostname, t1.id, t1.name, t1.slug, t0.status, t0.encrypt_passwords, t0.poll_bgp_sessions_state, t0.poll_bgp_sessions_last_updated, t2.id, t2.name, t3.id, t3.asn, t3.name, t3.ipv6_max_prefixes, t3.ipv4_max_prefixes, t0.netbox_device_id, t0.local_context_data, t0.napalm_username, t0.napalm_timeout, t0.napalm_args, t0.management_port, t0.host_key, t0.host_key_offered, t0.host_key_seen, t0.jump_host, t0.jump_host_key, t0.jump_host_key_offered, t0.comments, t0.created, t0.updated, t0.description, t4.id, t4.name, t0.data_path, t5.id, t5.path, t0.data_pushed FROM router t0 LEFT JOIN platform t1 ON t1.id = t0.platform_id LEFT JOIN configuration t2 ON t2.id = t0.configuration_template_id LEFT JOIN autonomous_system t3 ON t3.id = t0.local_autonomous_system_id LEFT JOIN data_source t4 ON t4.id = t0.data_source_id LEFT JOIN data_file t5 ON t5.id = t0.data_file_id WHERE t0.id = $1;

-- devices.router, full: several
SELECT t0.id, t0.name, t0.hostname, t1.id, t1.name, t1.slug, t0.status, t0.encrypt_passwords, t0.poll_bgp_sessions_state, t0.poll_bgp_sessions_last_updated, t2.id, t2.name, t3.id, t3.asn, t3.name, t3.ipv6_max_prefixes, t3.ipv4_max_prefixes, t0.netbox_device_id, t0.local_context_data, t0.napalm_username, t0.napalm_timeout, t0.napalm_args, t0.management_port, t0.host_key, t0.host_key_offered, t0.host_key_seen, t0.jump_host, t0.jump_host_key, t0.jump_host_key_offered, t0.comments, t0.created, t0.updated, t0.description, t4.id, t4.name, t0.data_path, t5.id, t5.path, t0.data_pushed FROM router t0 LEFT JOIN platform t1 ON t1.id = t0.platform_id LEFT JOIN configuration t2 ON t2.id = t0.configuration_template_id LEFT JOIN autonomous_system t3 ON t3.id = t0.local_autonomous_system_id LEFT JOIN data_source t4 ON t4.id = t0.data_source_id LEFT JOIN data_file t5 ON t5.id = t0.data_file_id WHERE t0.id = ANY($1);

-- devices.router, full: hundreds
SELECT t0.id, t0.name, t0.hostname, t1.id, t1.name, t1.slug, t0.status, t0.encrypt_passwords, t0.poll_bgp_sessions_state, t0.poll_bgp_sessions_last_updated, t2.id, t2.name, t3.id, t3.asn, t3.name, t3.ipv6_max_prefixes, t3.ipv4_max_prefixes, t0.netbox_device_id, t0.local_context_data, t0.napalm_username, t0.napalm_timeout, t0.napalm_args, t0.management_port, t0.host_key, t0.host_key_offered, t0.host_key_seen, t0.jump_host, t0.jump_host_key, t0.jump_host_key_offered, t0.comments, t0.created, t0.updated, t0.description, t4.id, t4.name, t0.data_path, t5.id, t5.path, t0.data_pushed FROM router t0 LEFT JOIN platform t1 ON t1.id = t0.platform_id LEFT JOIN configuration t2 ON t2.id = t0.configuration_template_id LEFT JOIN autonomous_system t3 ON t3.id = t0.local_autonomous_system_id LEFT JOIN data_source t4 ON t4.id = t0.data_source_id LEFT JOIN data_file t5 ON t5.id = t0.data_file_id WHERE t0.id IN (SELECT ($1::bigint[])[i] FROM generate_subscripts($1::bigint[], 1) i);

-- devices.router, full: several in order
SELECT t0.id, t0.name, t0.hostname, t1.id, t1.name, t1.slug, t0.status, t0.encrypt_passwords, t0.poll_bgp_sessions_state, t0.poll_bgp_sessions_last_updated, t2.id, t2.name, t3.id, t3.asn, t3.name, t3.ipv6_max_prefixes, t3.ipv4_max_prefixes, t0.netbox_device_id, t0.local_context_data, t0.napalm_username, t0.napalm_timeout, t0.napalm_args, t0.management_port, t0.host_key, t0.host_key_offered, t0.host_key_seen, t0.jump_host, t0.jump_host_key, t0.jump_host_key_offered, t0.comments, t0.created, t0.updated, t0.description, t4.id, t4.name, t0.data_path, t5.id, t5.path, t0.data_pushed FROM router t0 LEFT JOIN platform t1 ON t1.id = t0.platform_id LEFT JOIN configuration t2 ON t2.id = t0.configuration_template_id LEFT JOIN autonomous_system t3 ON t3.id = t0.local_autonomous_system_id LEFT JOIN data_source t4 ON t4.id = t0.data_source_id LEFT JOIN data_file t5 ON t5.id = t0.data_file_id LEFT JOIN autonomous_system o0 ON o0.id = t0.local_autonomous_system_id WHERE t0.id = ANY($1) ORDER BY o0.asn, t0.name;

-- devices.router, full: links of one
SELECT l.side, l.owner, t0.id, t0.name, t0.slug, t0.value, t0.type FROM (SELECT 0::smallint, router_id, community_id FROM router_communities WHERE router_id = $1) l(side, owner, target) JOIN community t0 ON t0.id = l.target ORDER BY t0.value, t0.name;

-- devices.router, full: links of several
SELECT l.side, l.owner, t0.id, t0.name, t0.slug, t0.value, t0.type FROM (SELECT 0::smallint, router_id, community_id FROM router_communities WHERE router_id = ANY($1)) l(side, owner, target) JOIN community t0 ON t0.id = l.target ORDER BY t0.value, t0.name;

-- devices.router, full: links of one
SELECT l.side, l.owner, t0.id, t0.name, t0.slug, t0.color FROM (SELECT 1::smallint, object_id, tag_id FROM tagged_item WHERE object_type_id = 32 AND object_id = $1) l(side, owner, target) JOIN tag t0 ON t0.id = l.target ORDER BY t0.name;

-- devices.router, full: links of several
SELECT l.side, l.owner, t0.id, t0.name, t0.slug, t0.color FROM (SELECT 1::smallint, object_id, tag_id FROM tagged_item WHERE object_type_id = 32 AND object_id = ANY($1)) l(side, owner, target) JOIN tag t0 ON t0.id = l.target ORDER BY t0.name;

-- devices.router, brief: one
SELECT t0.id, t0.name, t0.hostname FROM router t0 WHERE t0.id = $1;

-- devices.router, brief: several
SELECT t0.id, t0.name, t0.hostname FROM router t0 WHERE t0.id = ANY($1);

-- devices.router, brief: hundreds
SELECT t0.id, t0.name, t0.hostname FROM router t0 WHERE t0.id IN (SELECT ($1::bigint[])[i] FROM generate_subscripts($1::bigint[], 1) i);

-- devices.router, brief: several in order
SELECT t0.id, t0.name, t0.hostname FROM router t0 LEFT JOIN autonomous_system o0 ON o0.id = t0.local_autonomous_system_id WHERE t0.id = ANY($1) ORDER BY o0.asn, t0.name;

-- devices.router, id: one
SELECT t0.id FROM router t0 WHERE t0.id = $1;

-- devices.router, id: several
SELECT t0.id FROM router t0 WHERE t0.id = ANY($1);

-- devices.router, id: hundreds
SELECT t0.id FROM router t0 WHERE t0.id IN (SELECT ($1::bigint[])[i] FROM generate_subscripts($1::bigint[], 1) i);

-- devices.router, id: several in order
SELECT t0.id FROM router t0 LEFT JOIN autonomous_system o0 ON o0.id = t0.local_autonomous_system_id WHERE t0.id = ANY($1) ORDER BY o0.asn, t0.name;

-- devices.router, nested: one
SELECT t0.id, t0.name, t0.hostname FROM router t0 WHERE t0.id = $1;

-- devices.router, nested: several
SELECT t0.id, t0.name, t0.hostname FROM router t0 WHERE t0.id = ANY($1);

-- devices.router, nested: hundreds
SELECT t0.id, t0.name, t0.hostname FROM router t0 WHERE t0.id IN (SELECT ($1::bigint[])[i] FROM generate_subscripts($1::bigint[], 1) i);

-- devices.router, nested: several in order
SELECT t0.id, t0.name, t0.hostname FROM router t0 LEFT JOIN autonomous_system o0 ON o0.id = t0.local_autonomous_system_id WHERE t0.id = ANY($1) ORDER BY o0.asn, t0.name;

-- extras.tag, full: one
SELECT t0.id, t0.name, t0.slug, t0.color, t0.description, t0.created, t0.updated FROM tag t0 WHERE t0.id = $1;

-- extras.tag, full: several
SELECT t0.id, t0.name, t0.slug, t0.color, t0.description, t0.created, t0.updated FROM tag t0 WHERE t0.id = ANY($1);

-- extras.tag, full: hundreds
SELECT t0.id, t0.name, t0.slug, t0.color, t0.description, t0.created, t0.updated FROM tag t0 WHERE t0.id IN (SELECT ($1::bigint[])[i] FROM generate_subscripts($1::bigint[], 1) i);

-- extras.tag, full: several in order
SELECT t0.id, t0.name, t0.slug, t0.color, t0.description, t0.created, t0.updated FROM tag t0 WHERE t0.id = ANY($1) ORDER BY t0.name;

-- extras.tag, full: counts of one
SELECT 0::smallint, tag_id::bigint, count(*) FROM tagged_item WHERE tag_id = $1 GROUP BY 2;

-- extras.tag, full: counts of several
SELECT 0::smallint, tag_id::bigint, count(*) FROM tagged_item WHERE tag_id = ANY($1) GROUP BY 2;

-- extras.tag, brief: one
SELECT t0.id, t0.name, t0.slug, t0.color FROM tag t0 WHERE t0.id = $1;

-- extras.tag, brief: several
SELECT t0.id, t0.name, t0.slug, t0.color FROM tag t0 WHERE t0.id = ANY($1);

-- extras.tag, brief: hundreds
SELECT t0.id, t0.name, t0.slug, t0.color FROM tag t0 WHERE t0.id IN (SELECT ($1::bigint[])[i] FROM generate_subscripts($1::bigint[], 1) i);

-- extras.tag, brief: several in order
SELECT t0.id, t0.name, t0.slug, t0.color FROM tag t0 WHERE t0.id = ANY($1) ORDER BY t0.name;

-- extras.tag, id: one
SELECT t0.id FROM tag t0 WHERE t0.id = $1;

-- extras.tag, id: several
SELECT t0.id FROM tag t0 WHERE t0.id = ANY($1);

-- extras.tag, id: hundreds
SELECT t0.id FROM tag t0 WHERE t0.id IN (SELECT ($1::bigint[])[i] FROM generate_subscripts($1::bigint[], 1) i);

-- extras.tag, id: several in order
SELECT t0.id FROM tag t0 WHERE t0.id = ANY($1) ORDER BY t0.name;

-- extras.tag, nested: one
SELECT t0.id, t0.name, t0.slug, t0.color FROM tag t0 WHERE t0.id = $1;

-- extras.tag, nested: several
SELECT t0.id, t0.name, t0.slug, t0.color FROM tag t0 WHERE t0.id = ANY($1);

-- extras.tag, nested: hundreds
SELECT t0.id, t0.name, t0.slug, t0.color FROM tag t0 WHERE t0.id IN (SELECT ($1::bigint[])[i] FROM generate_subscripts($1::bigint[], 1) i);

-- extras.tag, nested: several in order
SELECT t0.id, t0.name, t0.slug, t0.color FROM tag t0 WHERE t0.id = ANY($1) ORDER BY t0.name;

-- extras.journalentry, full: one
SELECT t0.id, t0.created, t0.kind, t0.assigned_object_type_id, t0.assigned_object_id, t0.updated, t0.created_by_id, t0.comments FROM journal_entry t0 WHERE t0.id = $1;

-- extras.journalentry, full: several
SELECT t0.id, t0.created, t0.kind, t0.assigned_object_type_id, t0.assigned_object_id, t0.updated, t0.created_by_id, t0.comments FROM journal_entry t0 WHERE t0.id = ANY($1);

-- extras.journalentry, full: hundreds
SELECT t0.id, t0.created, t0.kind, t0.assigned_object_type_id, t0.assigned_object_id, t0.updated, t0.created_by_id, t0.comments FROM journal_entry t0 WHERE t0.id IN (SELECT ($1::bigint[])[i] FROM generate_subscripts($1::bigint[], 1) i);

-- extras.journalentry, full: several in order
SELECT t0.id, t0.created, t0.kind, t0.assigned_object_type_id, t0.assigned_object_id, t0.updated, t0.created_by_id, t0.comments FROM journal_entry t0 WHERE t0.id = ANY($1) ORDER BY t0.created DESC, t0.id DESC;

-- extras.journalentry, full: links of one
SELECT l.side, l.owner, t0.id, t0.name, t0.slug, t0.color FROM (SELECT 0::smallint, object_id, tag_id FROM tagged_item WHERE object_type_id = 44 AND object_id = $1) l(side, owner, target) JOIN tag t0 ON t0.id = l.target ORDER BY t0.name;

-- extras.journalentry, full: links of several
SELECT l.side, l.owner, t0.id, t0.name, t0.slug, t0.color FROM (SELECT 0::smallint, object_id, tag_id FROM tagged_item WHERE object_type_id = 44 AND object_id = ANY($1)) l(side, owner, target) JOIN tag t0 ON t0.id = l.target ORDER BY t0.name;

-- extras.journalentry, brief: one
SELECT t0.id, t0.created, t0.kind FROM journal_entry t0 WHERE t0.id = $1;

-- extras.journalentry, brief: several
SELECT t0.id, t0.created, t0.kind FROM journal_entry t0 WHERE t0.id = ANY($1);

-- extras.journalentry, brief: hundreds
SELECT t0.id, t0.created, t0.kind FROM journal_entry t0 WHERE t0.id IN (SELECT ($1::bigint[])[i] FROM generate_subscripts($1::bigint[], 1) i);

-- extras.journalentry, brief: several in order
SELECT t0.id, t0.created, t0.kind FROM journal_entry t0 WHERE t0.id = ANY($1) ORDER BY t0.created DESC, t0.id DESC;

-- extras.journalentry, id: one
SELECT t0.id FROM journal_entry t0 WHERE t0.id = $1;

-- extras.journalentry, id: several
SELECT t0.id FROM journal_entry t0 WHERE t0.id = ANY($1);

-- extras.journalentry, id: hundreds
SELECT t0.id FROM journal_entry t0 WHERE t0.id IN (SELECT ($1::bigint[])[i] FROM generate_subscripts($1::bigint[], 1) i);

-- extras.journalentry, id: several in order
SELECT t0.id FROM journal_entry t0 WHERE t0.id = ANY($1) ORDER BY t0.created DESC, t0.id DESC;

-- extras.journalentry, nested: one
SELECT t0.id, t0.created, t0.kind FROM journal_entry t0 WHERE t0.id = $1;

-- extras.journalentry, nested: several
SELECT t0.id, t0.created, t0.kind FROM journal_entry t0 WHERE t0.id = ANY($1);

-- extras.journalentry, nested: hundreds
SELECT t0.id, t0.created, t0.kind FROM journal_entry t0 WHERE t0.id IN (SELECT ($1::bigint[])[i] FROM generate_subscripts($1::bigint[], 1) i);

-- extras.journalentry, nested: several in order
SELECT t0.id, t0.created, t0.kind FROM journal_entry t0 WHERE t0.id = ANY($1) ORDER BY t0.created DESC, t0.id DESC;

-- extras.webhook, full: one
SELECT t0.id, t0.name, t0.type_create, t0.type_update, t0.type_delete, t0.payload_url, t0.enabled, t0.http_method, t0.http_content_type, t0.additional_headers, t0.body_template, t0.conditions, t0.ssl_verification, t0.ca_file_path, t0.created, t0.updated, t0.failures, t0.notice FROM webhook t0 WHERE t0.id = $1;

-- extras.webhook, full: several
SELECT t0.id, t0.name, t0.type_create, t0.type_update, t0.type_delete, t0.payload_url, t0.enabled, t0.http_method, t0.http_content_type, t0.additional_headers, t0.body_template, t0.conditions, t0.ssl_verification, t0.ca_file_path, t0.created, t0.updated, t0.failures, t0.notice FROM webhook t0 WHERE t0.id = ANY($1);

-- extras.webhook, full: hundreds
SELECT t0.id, t0.name, t0.type_create, t0.type_update, t0.type_delete, t0.payload_url, t0.enabled, t0.http_method, t0.http_content_type, t0.additional_headers, t0.body_template, t0.conditions, t0.ssl_verification, t0.ca_file_path, t0.created, t0.updated, t0.failures, t0.notice FROM webhook t0 WHERE t0.id IN (SELECT ($1::bigint[])[i] FROM generate_subscripts($1::bigint[], 1) i);

-- extras.webhook, full: several in order
SELECT t0.id, t0.name, t0.type_create, t0.type_update, t0.type_delete, t0.payload_url, t0.enabled, t0.http_method, t0.http_content_type, t0.additional_headers, t0.body_template, t0.conditions, t0.ssl_verification, t0.ca_file_path, t0.created, t0.updated, t0.failures, t0.notice FROM webhook t0 WHERE t0.id = ANY($1) ORDER BY t0.name;

-- extras.webhook, full: counts of one
SELECT 0::smallint, webhook_id, object_type_id::bigint FROM webhook_content_types WHERE webhook_id = $1;

-- extras.webhook, full: counts of several
SELECT 0::smallint, webhook_id, object_type_id::bigint FROM webhook_content_types WHERE webhook_id = ANY($1);

-- extras.webhook, brief: one
SELECT t0.id, t0.name FROM webhook t0 WHERE t0.id = $1;

-- extras.webhook, brief: several
SELECT t0.id, t0.name FROM webhook t0 WHERE t0.id = ANY($1);

-- extras.webhook, brief: hundreds
SELECT t0.id, t0.name FROM webhook t0 WHERE t0.id IN (SELECT ($1::bigint[])[i] FROM generate_subscripts($1::bigint[], 1) i);

-- extras.webhook, brief: several in order
SELECT t0.id, t0.name FROM webhook t0 WHERE t0.id = ANY($1) ORDER BY t0.name;

-- extras.webhook, id: one
SELECT t0.id FROM webhook t0 WHERE t0.id = $1;

-- extras.webhook, id: several
SELECT t0.id FROM webhook t0 WHERE t0.id = ANY($1);

-- extras.webhook, id: hundreds
SELECT t0.id FROM webhook t0 WHERE t0.id IN (SELECT ($1::bigint[])[i] FROM generate_subscripts($1::bigint[], 1) i);

-- extras.webhook, id: several in order
SELECT t0.id FROM webhook t0 WHERE t0.id = ANY($1) ORDER BY t0.name;

-- extras.webhook, nested: one
SELECT t0.id, t0.name FROM webhook t0 WHERE t0.id = $1;

-- extras.webhook, nested: several
SELECT t0.id, t0.name FROM webhook t0 WHERE t0.id = ANY($1);

-- extras.webhook, nested: hundreds
SELECT t0.id, t0.name FROM webhook t0 WHERE t0.id IN (SELECT ($1::bigint[])[i] FROM generate_subscripts($1::bigint[], 1) i);

-- extras.webhook, nested: several in order
SELECT t0.id, t0.name FROM webhook t0 WHERE t0.id = ANY($1) ORDER BY t0.name;

