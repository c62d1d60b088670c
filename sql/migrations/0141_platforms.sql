-- A platform for each driver, so that a new book can choose any of them. What a book has already, by its name, its slug or for that driver, stays.
INSERT INTO platform (name, slug, napalm_driver, description)
SELECT v.* FROM (VALUES
	('BIRD 2', 'bird', 'bird', 'Internet routing daemon, configured by one file'),
	('FRRouting', 'frr', 'frr', 'Free Range Routing, configured through vtysh or frr-reload'),
	('GoBGP', 'gobgp', 'gobgp', 'BGP daemon, configured by one file'),
	('MikroTik RouterOS', 'mikrotik-routeros', 'routeros', 'RouterOS 7'),
	('Nokia SR Linux', 'nokia-srlinux', 'srlinux', 'JSON-RPC, candidate and commit'),
	('Nokia SR OS', 'nokia-sros', 'sros', 'Model-driven SR OS, MD-CLI'),
	('OpenBGPD', 'openbgpd', 'openbgpd', 'OpenBSD''s BGP daemon, portable edition'),
	('VyOS', 'vyos', 'vyos', 'Configured by set commands or by braces')) v (name, slug, driver, description)
 WHERE NOT EXISTS (SELECT FROM platform p WHERE p.slug = v.slug OR p.name = v.name OR p.napalm_driver = v.driver);
