# setup.sh: one of everything, made through the API; for suites that source lib.sh. Ids are 1 unless said otherwise.

# serve_everything [WORKERS]: all servers, the superuser admin, and one of everything
serve_everything() {
	start_postgres
	start_redis
	start_handlers "$@"
	start_nginx
	user admin true true > /dev/null
	make_by_sql
	make_everything
}

make() { api POST "/api/$1/" "$2"; [ "$status" = 201 ] || fail "setup: $1: $status $(printf %.300s "$body")"; }

# What only the runner or PeeringDB writes.
make_by_sql() {
	sql "
	INSERT INTO peeringdb_organization (id, name) VALUES (1, 'Org');
	INSERT INTO peeringdb_campus (id, org_id, name, social_media) VALUES (1, 1, 'Campus', '[]');
	INSERT INTO peeringdb_facility (id, org_id, name) VALUES (1, 1, 'Fac');
	INSERT INTO peeringdb_carrier (id, org_id, name) VALUES (1, 1, 'Carrier');
	INSERT INTO peeringdb_carrier_facility (id, carrier_id, fac_id) VALUES (1, 1, 1);
	INSERT INTO peeringdb_network (id, org_id, asn, name) VALUES (1, 1, 64501, 'Net');
	INSERT INTO peeringdb_internet_exchange (id, org_id, name) VALUES (1, 1, 'IX');
	INSERT INTO peeringdb_internet_exchange_facility (id, ix_id, fac_id) VALUES (1, 1, 1);
	INSERT INTO peeringdb_ixlan (id, ix_id, name) VALUES (1, 1, 'LAN');
	INSERT INTO peeringdb_ixlan_prefix (id, ixlan_id, prefix, protocol) VALUES (1, 1, '198.51.100.0/24', 'IPv4');
	INSERT INTO peeringdb_network_facility (id, net_id, fac_id, local_asn) VALUES (1, 1, 1, 64501);
	INSERT INTO peeringdb_network_ixlan (id, net_id, ixlan_id, asn, speed, ipaddr4) VALUES (1, 1, 1, 64501, 1000, '198.51.100.7');
	INSERT INTO peeringdb_network_contact (id, net_id, role, name) VALUES (1, 1, 'NOC', 'Noc');
	" > /dev/null || die "the PeeringDB rows"
}

make_everything() {
	make extras/tags '{"name":"core","slug":"core"}'
	make bgp/communities '{"name":"C","slug":"c","value":"64500:1","type":"ingress","tags":[1]}'
	make bgp/relationships '{"name":"Peer","slug":"peer","tags":[1]}'
	make peering/routing-policies '{"name":"In","slug":"in","type":"import-policy","weight":5,"communities":[1],"tags":[1]}'
	make net/bfd '{"name":"Fast","slug":"fast","tags":[1]}'
	make devices/platforms '{"name":"Junos","slug":"junos"}'
	make devices/configurations '{"name":"Edge","template":"x","tags":[1]}'
	make messaging/contact-roles '{"name":"NOC","slug":"noc","tags":[1]}'
	make messaging/contacts '{"name":"Ann","email":"ann@example.net","tags":[1]}'
	make messaging/emails '{"name":"Hello","subject":"s","template":"t","tags":[1]}'
	make extras/config-contexts '{"name":"Ctx","data":{"a":1}}'
	make extras/export-templates '{"name":"CSV","content_type":"peering.autonomoussystem","template":"x"}'
	make extras/webhooks '{"name":"Hook","content_types":["peering.autonomoussystem"],"type_create":true,"payload_url":"https://hooks.example.net/","enabled":false,"http_method":"POST"}'
	make extras/ix-api '{"name":"IX-API","api_url":"https://ixapi.example.net/","api_key":"k","api_secret":"s","identity":"i"}'
	make peering/autonomous-systems '{"asn":64500,"name":"Us","affiliated":true,"tags":[1],"communities":[1],"import_routing_policies":[1]}'
	make peering/autonomous-systems '{"asn":64501,"name":"Them","tags":[1],"irr_as_set":"AS-THEM"}'
	make peering/bgp-groups '{"name":"Transit","slug":"transit","tags":[1],"communities":[1],"import_routing_policies":[1]}'
	make devices/routers '{"name":"r1","hostname":"r1.example.net","platform":1,"local_autonomous_system":1,"configuration_template":1,"tags":[1],"communities":[1]}'
	make peering/internet-exchanges '{"name":"IX","slug":"ix","local_autonomous_system":{"asn":64500},"tags":[1],"communities":[1],"import_routing_policies":[1],"ixapi_endpoint":1}'
	make net/connections '{"internet_exchange_point":{"slug":"ix"},"router":1,"ipv4_address":"198.51.100.1/24","ipv6_address":"2001:db8:1::1/64","interface":"xe-0/0/0","mac_address":"02:00:5e:00:1f:01","vlan":7,"tags":[1]}'
	make peering/direct-peering-sessions '{"local_autonomous_system":1,"local_ip_address":"192.0.2.1/30","autonomous_system":{"asn":64501},"relationship":{"slug":"peer"},"ip_address":"192.0.2.2/30","bgp_group":1,"router":1,"bfd":1,"password":"pw","tags":[1],"communities":[1],"import_routing_policies":[1]}'
	make peering/internet-exchange-peering-sessions '{"autonomous_system":2,"ixp_connection":1,"ip_address":"198.51.100.7","bfd":1,"password":"pw","tags":[1],"communities":[1],"import_routing_policies":[1]}'
	make messaging/contact-assignments '{"content_type":"peering.autonomoussystem","object_id":2,"contact":1,"role":1}'
	make extras/config-context-assignments '{"content_type":"devices.router","object_id":1,"config_context":1}'
	make extras/journal-entries '{"assigned_object_type":"peering.autonomoussystem","assigned_object_id":2,"comments":"x","tags":[1]}'
	make core/data-sources '{"name":"Git","type":"git","source_url":"https://git.example.net/x.git"}'
	make peeringdb/hidden-peers '{"peeringdb_network":1,"peeringdb_ixlan":1}'
	make extras/saved-filters '{"name":"Core","slug":"core","object_types":["extras.tag"],"parameters":{"slug":"core"},"shared":true}'
	make users/groups '{"name":"Readers"}'
	make users/users '{"username":"ann","password":"correct horse","groups":[1]}'
	make users/permissions '{"name":"Read","object_types":["extras.tag"],"actions":["view"],"groups":[1]}'
}
