# book.sh: the routers of rig.sh as routers of the book, after tests/lib.sh and rig.sh: bird1 and frr1 behind the sshd, each with a template that the
# suite fills in. Sets $bird and $frr, their numbers.

routers_book() {
	sql "
SET search_path = peerage;
INSERT INTO autonomous_system (asn, name, affiliated) VALUES (65002, 'Us', true), (65001, 'FRR', false);
INSERT INTO platform (name, slug, napalm_driver, napalm_args) VALUES
	('BIRD', 'bird', 'bird', '{\"file\": \"$work/bird/bird.conf\", \"socket\": \"$work/bird/ctl\", \"state_dir\": \"$work/state-bird\"}'),
	('FRR', 'frr', 'frr', '{\"vty_socket\": \"$work/frr\", \"config_dir\": \"$work/frr\", \"state_dir\": \"$work/state-frr\", \"deploy\": \"merge\"}')
	ON CONFLICT (slug) DO UPDATE SET name = excluded.name, napalm_args = excluded.napalm_args;
INSERT INTO configuration (name, template) VALUES ('bird', 'x'), ('frr', 'x');
INSERT INTO router (name, hostname, platform_id, local_autonomous_system_id, configuration_template_id, napalm_username, management_port, private_key, host_key)
SELECT x.name, '127.0.0.1', p.id, 1, c.id, '$me', $ssh_port, '$(cat "$work/key")', '$host_key'
  FROM (VALUES ('bird1', 'bird'), ('frr1', 'frr')) x(name, slug) JOIN platform p ON p.slug = x.slug JOIN configuration c ON c.name = x.slug;
INSERT INTO direct_peering_session (local_autonomous_system_id, autonomous_system_id, ip_address, router_id, relationship_id)
SELECT 1, 2, '127.0.0.1', 1, id FROM relationship LIMIT 1;" > /dev/null || die "the book"
	bird=$(sql "SELECT id FROM peerage.router WHERE name = 'bird1'") frr=$(sql "SELECT id FROM peerage.router WHERE name = 'frr1'")
}
