-- The PeeringDB cache. Rows keep PeeringDB's ids. A cache takes what it is given: values of closed lists and lengths
-- are not checked, names may collide for a while, and what has no column goes to "extra". Not kept are "status" (a row that is
-- here is live) and copies of a parent's columns (org_name, the name, city and country of links, the ix_id of netixlan).

CREATE TABLE peeringdb_organization (
	id bigint PRIMARY KEY,
	name text NOT NULL,
	name_long text NOT NULL DEFAULT '',
	aka text NOT NULL DEFAULT '',
	website text NOT NULL DEFAULT '',
	social_media jsonb DEFAULT '{}',
	notes text NOT NULL DEFAULT '',
	logo text,
	address1 text NOT NULL DEFAULT '',
	address2 text NOT NULL DEFAULT '',
	city text NOT NULL DEFAULT '',
	state text NOT NULL DEFAULT '',
	zipcode text NOT NULL DEFAULT '',
	country text NOT NULL DEFAULT '',
	suite text NOT NULL DEFAULT '',
	floor text NOT NULL DEFAULT '',
	latitude numeric(9,6),
	longitude numeric(9,6),
	created timestamptz NOT NULL DEFAULT 'epoch',
	updated timestamptz NOT NULL DEFAULT 'epoch',
	extra jsonb NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE peeringdb_organization IS 'org: whoever owns networks, exchanges and buildings';
COMMENT ON COLUMN peeringdb_organization.id IS 'PeeringDB''s own id';
COMMENT ON COLUMN peeringdb_organization.name IS 'Name';
COMMENT ON COLUMN peeringdb_organization.name_long IS 'Long name';
COMMENT ON COLUMN peeringdb_organization.aka IS 'Also known as';
COMMENT ON COLUMN peeringdb_organization.website IS 'Web site';
COMMENT ON COLUMN peeringdb_organization.social_media IS 'List of service and identifier';
COMMENT ON COLUMN peeringdb_organization.notes IS 'Notes, Markdown';
COMMENT ON COLUMN peeringdb_organization.logo IS 'Address of a picture';
COMMENT ON COLUMN peeringdb_organization.address1 IS 'First line of the address';
COMMENT ON COLUMN peeringdb_organization.address2 IS 'Second line of the address';
COMMENT ON COLUMN peeringdb_organization.city IS 'City';
COMMENT ON COLUMN peeringdb_organization.state IS 'State or region';
COMMENT ON COLUMN peeringdb_organization.zipcode IS 'Postal code';
COMMENT ON COLUMN peeringdb_organization.country IS 'Country, ISO 3166 two letters';
COMMENT ON COLUMN peeringdb_organization.suite IS 'Suite';
COMMENT ON COLUMN peeringdb_organization.floor IS 'Floor';
COMMENT ON COLUMN peeringdb_organization.latitude IS 'Degrees north';
COMMENT ON COLUMN peeringdb_organization.longitude IS 'Degrees east';
COMMENT ON COLUMN peeringdb_organization.created IS 'As told by PeeringDB';
COMMENT ON COLUMN peeringdb_organization.updated IS 'As told by PeeringDB';
COMMENT ON COLUMN peeringdb_organization.extra IS 'Keys of PeeringDB that have no column yet';
CREATE INDEX ON peeringdb_organization (name);
CREATE INDEX ON peeringdb_organization (updated);
CREATE INDEX ON peeringdb_organization USING gin (name gin_trgm_ops);

CREATE TABLE peeringdb_campus (
	id bigint PRIMARY KEY,
	org_id bigint NOT NULL REFERENCES peeringdb_organization ON DELETE CASCADE,
	name text NOT NULL,
	name_long text,
	aka text,
	website text,
	social_media jsonb DEFAULT '{}',
	notes text NOT NULL DEFAULT '',
	country text NOT NULL DEFAULT '',
	city text NOT NULL DEFAULT '',
	zipcode text NOT NULL DEFAULT '',
	state text NOT NULL DEFAULT '',
	logo text,
	created timestamptz NOT NULL DEFAULT 'epoch',
	updated timestamptz NOT NULL DEFAULT 'epoch',
	extra jsonb NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE peeringdb_campus IS 'campus: facilities that belong together';
COMMENT ON COLUMN peeringdb_campus.id IS 'PeeringDB''s own id';
COMMENT ON COLUMN peeringdb_campus.org_id IS 'Organization';
COMMENT ON COLUMN peeringdb_campus.name IS 'Name';
COMMENT ON COLUMN peeringdb_campus.name_long IS 'Long name';
COMMENT ON COLUMN peeringdb_campus.aka IS 'Also known as';
COMMENT ON COLUMN peeringdb_campus.website IS 'Web site';
COMMENT ON COLUMN peeringdb_campus.social_media IS 'List of service and identifier';
COMMENT ON COLUMN peeringdb_campus.notes IS 'Notes, Markdown';
COMMENT ON COLUMN peeringdb_campus.country IS 'Country, ISO 3166 two letters';
COMMENT ON COLUMN peeringdb_campus.city IS 'City';
COMMENT ON COLUMN peeringdb_campus.zipcode IS 'Postal code';
COMMENT ON COLUMN peeringdb_campus.state IS 'State or region';
COMMENT ON COLUMN peeringdb_campus.logo IS 'Address of a picture';
COMMENT ON COLUMN peeringdb_campus.created IS 'As told by PeeringDB';
COMMENT ON COLUMN peeringdb_campus.updated IS 'As told by PeeringDB';
COMMENT ON COLUMN peeringdb_campus.extra IS 'Keys of PeeringDB that have no column yet';
CREATE INDEX ON peeringdb_campus (org_id);
CREATE INDEX ON peeringdb_campus (name);
CREATE INDEX ON peeringdb_campus (updated);

CREATE TABLE peeringdb_facility (
	id bigint PRIMARY KEY,
	org_id bigint NOT NULL REFERENCES peeringdb_organization ON DELETE CASCADE,
	campus_id bigint REFERENCES peeringdb_campus ON DELETE SET NULL,
	address1 text NOT NULL DEFAULT '',
	address2 text NOT NULL DEFAULT '',
	city text NOT NULL DEFAULT '',
	state text NOT NULL DEFAULT '',
	zipcode text NOT NULL DEFAULT '',
	country text NOT NULL DEFAULT '',
	suite text NOT NULL DEFAULT '',
	floor text NOT NULL DEFAULT '',
	latitude numeric(9,6),
	longitude numeric(9,6),
	name text NOT NULL,
	name_long text NOT NULL DEFAULT '',
	aka text NOT NULL DEFAULT '',
	website text NOT NULL DEFAULT '',
	social_media jsonb DEFAULT '{}',
	clli text NOT NULL DEFAULT '',
	rencode text NOT NULL DEFAULT '',
	npanxx text NOT NULL DEFAULT '',
	tech_email text NOT NULL DEFAULT '',
	tech_phone text NOT NULL DEFAULT '',
	sales_email text NOT NULL DEFAULT '',
	sales_phone text NOT NULL DEFAULT '',
	property text,
	diverse_serving_substations boolean,
	available_voltage_services text[],
	notes text NOT NULL DEFAULT '',
	region_continent text,
	status_dashboard text,
	logo text,
	net_count integer,
	ix_count integer,
	carrier_count integer,
	created timestamptz NOT NULL DEFAULT 'epoch',
	updated timestamptz NOT NULL DEFAULT 'epoch',
	extra jsonb NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE peeringdb_facility IS 'fac: a building with networks and exchanges in it';
COMMENT ON COLUMN peeringdb_facility.id IS 'PeeringDB''s own id';
COMMENT ON COLUMN peeringdb_facility.org_id IS 'Organization';
COMMENT ON COLUMN peeringdb_facility.campus_id IS 'Campus';
COMMENT ON COLUMN peeringdb_facility.address1 IS 'First line of the address';
COMMENT ON COLUMN peeringdb_facility.address2 IS 'Second line of the address';
COMMENT ON COLUMN peeringdb_facility.city IS 'City';
COMMENT ON COLUMN peeringdb_facility.state IS 'State or region';
COMMENT ON COLUMN peeringdb_facility.zipcode IS 'Postal code';
COMMENT ON COLUMN peeringdb_facility.country IS 'Country, ISO 3166 two letters';
COMMENT ON COLUMN peeringdb_facility.suite IS 'Suite';
COMMENT ON COLUMN peeringdb_facility.floor IS 'Floor';
COMMENT ON COLUMN peeringdb_facility.latitude IS 'Degrees north';
COMMENT ON COLUMN peeringdb_facility.longitude IS 'Degrees east';
COMMENT ON COLUMN peeringdb_facility.name IS 'Name';
COMMENT ON COLUMN peeringdb_facility.name_long IS 'Long name';
COMMENT ON COLUMN peeringdb_facility.aka IS 'Also known as';
COMMENT ON COLUMN peeringdb_facility.website IS 'Web site';
COMMENT ON COLUMN peeringdb_facility.social_media IS 'List of service and identifier';
COMMENT ON COLUMN peeringdb_facility.clli IS 'CLLI code';
COMMENT ON COLUMN peeringdb_facility.rencode IS 'Rencode';
COMMENT ON COLUMN peeringdb_facility.npanxx IS 'NPA-NXX';
COMMENT ON COLUMN peeringdb_facility.tech_email IS 'Technical e-mail address';
COMMENT ON COLUMN peeringdb_facility.tech_phone IS 'Technical telephone number';
COMMENT ON COLUMN peeringdb_facility.sales_email IS 'Sales e-mail address';
COMMENT ON COLUMN peeringdb_facility.sales_phone IS 'Sales telephone number';
COMMENT ON COLUMN peeringdb_facility.property IS 'Owner or Lessee';
COMMENT ON COLUMN peeringdb_facility.diverse_serving_substations IS 'Fed from several substations';
COMMENT ON COLUMN peeringdb_facility.available_voltage_services IS 'Voltages on offer';
COMMENT ON COLUMN peeringdb_facility.notes IS 'Notes, Markdown';
COMMENT ON COLUMN peeringdb_facility.region_continent IS 'Continent';
COMMENT ON COLUMN peeringdb_facility.status_dashboard IS 'Address of a status page';
COMMENT ON COLUMN peeringdb_facility.logo IS 'Address of a picture';
COMMENT ON COLUMN peeringdb_facility.net_count IS 'Networks there, as counted by PeeringDB';
COMMENT ON COLUMN peeringdb_facility.ix_count IS 'Exchanges there, as counted by PeeringDB';
COMMENT ON COLUMN peeringdb_facility.carrier_count IS 'Carriers there, as counted by PeeringDB';
COMMENT ON COLUMN peeringdb_facility.created IS 'As told by PeeringDB';
COMMENT ON COLUMN peeringdb_facility.updated IS 'As told by PeeringDB';
COMMENT ON COLUMN peeringdb_facility.extra IS 'Keys of PeeringDB that have no column yet';
CREATE INDEX ON peeringdb_facility (org_id);
CREATE INDEX ON peeringdb_facility (campus_id);
CREATE INDEX ON peeringdb_facility (name);
CREATE INDEX ON peeringdb_facility (updated);
CREATE INDEX ON peeringdb_facility USING gin (name gin_trgm_ops);

CREATE TABLE peeringdb_carrier (
	id bigint PRIMARY KEY,
	org_id bigint NOT NULL REFERENCES peeringdb_organization ON DELETE CASCADE,
	name text NOT NULL,
	aka text NOT NULL DEFAULT '',
	name_long text NOT NULL DEFAULT '',
	website text,
	social_media jsonb DEFAULT '{}',
	notes text NOT NULL DEFAULT '',
	logo text,
	fac_count integer,
	created timestamptz NOT NULL DEFAULT 'epoch',
	updated timestamptz NOT NULL DEFAULT 'epoch',
	extra jsonb NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE peeringdb_carrier IS 'carrier: who sells transport between facilities';
COMMENT ON COLUMN peeringdb_carrier.id IS 'PeeringDB''s own id';
COMMENT ON COLUMN peeringdb_carrier.org_id IS 'Organization';
COMMENT ON COLUMN peeringdb_carrier.name IS 'Name';
COMMENT ON COLUMN peeringdb_carrier.aka IS 'Also known as';
COMMENT ON COLUMN peeringdb_carrier.name_long IS 'Long name';
COMMENT ON COLUMN peeringdb_carrier.website IS 'Web site';
COMMENT ON COLUMN peeringdb_carrier.social_media IS 'List of service and identifier';
COMMENT ON COLUMN peeringdb_carrier.notes IS 'Notes, Markdown';
COMMENT ON COLUMN peeringdb_carrier.logo IS 'Address of a picture';
COMMENT ON COLUMN peeringdb_carrier.fac_count IS 'Facilities, as counted by PeeringDB';
COMMENT ON COLUMN peeringdb_carrier.created IS 'As told by PeeringDB';
COMMENT ON COLUMN peeringdb_carrier.updated IS 'As told by PeeringDB';
COMMENT ON COLUMN peeringdb_carrier.extra IS 'Keys of PeeringDB that have no column yet';
CREATE INDEX ON peeringdb_carrier (org_id);
CREATE INDEX ON peeringdb_carrier (name);
CREATE INDEX ON peeringdb_carrier (updated);

CREATE TABLE peeringdb_carrier_facility (
	id bigint PRIMARY KEY,
	carrier_id bigint NOT NULL REFERENCES peeringdb_carrier ON DELETE CASCADE,
	fac_id bigint NOT NULL REFERENCES peeringdb_facility ON DELETE CASCADE,
	campus_id bigint REFERENCES peeringdb_campus ON DELETE SET NULL,
	created timestamptz NOT NULL DEFAULT 'epoch',
	updated timestamptz NOT NULL DEFAULT 'epoch',
	extra jsonb NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE peeringdb_carrier_facility IS 'carrierfac: a carrier in a facility';
COMMENT ON COLUMN peeringdb_carrier_facility.id IS 'PeeringDB''s own id';
COMMENT ON COLUMN peeringdb_carrier_facility.carrier_id IS 'Carrier';
COMMENT ON COLUMN peeringdb_carrier_facility.fac_id IS 'Facility';
COMMENT ON COLUMN peeringdb_carrier_facility.campus_id IS 'Campus';
COMMENT ON COLUMN peeringdb_carrier_facility.created IS 'As told by PeeringDB';
COMMENT ON COLUMN peeringdb_carrier_facility.updated IS 'As told by PeeringDB';
COMMENT ON COLUMN peeringdb_carrier_facility.extra IS 'Keys of PeeringDB that have no column yet';
CREATE INDEX ON peeringdb_carrier_facility (carrier_id, fac_id);
CREATE INDEX ON peeringdb_carrier_facility (fac_id);
CREATE INDEX ON peeringdb_carrier_facility (campus_id);
CREATE INDEX ON peeringdb_carrier_facility (updated);

CREATE TABLE peeringdb_network (
	id bigint PRIMARY KEY,
	org_id bigint NOT NULL REFERENCES peeringdb_organization ON DELETE CASCADE,
	asn bigint NOT NULL CHECK (asn BETWEEN 1 AND 4294967295),
	name text NOT NULL,
	name_long text NOT NULL DEFAULT '',
	aka text NOT NULL DEFAULT '',
	irr_as_set text NOT NULL DEFAULT '',
	website text NOT NULL DEFAULT '',
	social_media jsonb DEFAULT '{}',
	looking_glass text NOT NULL DEFAULT '',
	route_server text NOT NULL DEFAULT '',
	notes text NOT NULL DEFAULT '',
	notes_private text NOT NULL DEFAULT '',
	info_traffic text NOT NULL DEFAULT '',
	info_ratio text NOT NULL DEFAULT '',
	info_scope text NOT NULL DEFAULT '',
	info_type text NOT NULL DEFAULT '',
	info_types text[],
	info_prefixes4 integer CHECK (info_prefixes4 >= 0),
	info_prefixes6 integer CHECK (info_prefixes6 >= 0),
	info_unicast boolean NOT NULL DEFAULT false,
	info_multicast boolean NOT NULL DEFAULT false,
	info_ipv6 boolean NOT NULL DEFAULT false,
	info_never_via_route_servers boolean NOT NULL DEFAULT false,
	policy_url text NOT NULL DEFAULT '',
	policy_general text NOT NULL DEFAULT '',
	policy_locations text NOT NULL DEFAULT '',
	policy_ratio boolean NOT NULL DEFAULT false,
	policy_contracts text NOT NULL DEFAULT '',
	allow_ixp_update boolean,
	ixp_update_exclude jsonb,
	status_dashboard text,
	rir_status text,
	rir_status_updated timestamptz,
	logo text,
	ix_count integer,
	fac_count integer,
	netixlan_updated timestamptz,
	netfac_updated timestamptz,
	poc_updated timestamptz,
	created timestamptz NOT NULL DEFAULT 'epoch',
	updated timestamptz NOT NULL DEFAULT 'epoch',
	extra jsonb NOT NULL DEFAULT '{}',
	CONSTRAINT peeringdb_network_asn_key UNIQUE (asn) DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON TABLE peeringdb_network IS 'net: an autonomous system as it presents itself';
COMMENT ON COLUMN peeringdb_network.id IS 'PeeringDB''s own id';
COMMENT ON COLUMN peeringdb_network.org_id IS 'Organization';
COMMENT ON COLUMN peeringdb_network.asn IS 'AS number';
COMMENT ON COLUMN peeringdb_network.name IS 'Name';
COMMENT ON COLUMN peeringdb_network.name_long IS 'Long name';
COMMENT ON COLUMN peeringdb_network.aka IS 'Also known as';
COMMENT ON COLUMN peeringdb_network.irr_as_set IS 'AS-SET in the routing registries';
COMMENT ON COLUMN peeringdb_network.website IS 'Web site';
COMMENT ON COLUMN peeringdb_network.social_media IS 'List of service and identifier';
COMMENT ON COLUMN peeringdb_network.looking_glass IS 'Looking glass';
COMMENT ON COLUMN peeringdb_network.route_server IS 'Route server for looking';
COMMENT ON COLUMN peeringdb_network.notes IS 'Notes, Markdown';
COMMENT ON COLUMN peeringdb_network.notes_private IS 'Notes that PeeringDB does not show';
COMMENT ON COLUMN peeringdb_network.info_traffic IS 'How much traffic';
COMMENT ON COLUMN peeringdb_network.info_ratio IS 'In which direction';
COMMENT ON COLUMN peeringdb_network.info_scope IS 'Where in the world';
COMMENT ON COLUMN peeringdb_network.info_type IS 'Kind of network';
COMMENT ON COLUMN peeringdb_network.info_types IS 'Kinds of network';
COMMENT ON COLUMN peeringdb_network.info_prefixes4 IS 'Recommended limit of IPv4 prefixes';
COMMENT ON COLUMN peeringdb_network.info_prefixes6 IS 'Recommended limit of IPv6 prefixes';
COMMENT ON COLUMN peeringdb_network.info_unicast IS 'Speaks unicast';
COMMENT ON COLUMN peeringdb_network.info_multicast IS 'Speaks multicast';
COMMENT ON COLUMN peeringdb_network.info_ipv6 IS 'Speaks IPv6';
COMMENT ON COLUMN peeringdb_network.info_never_via_route_servers IS 'Never to be learned from route servers';
COMMENT ON COLUMN peeringdb_network.policy_url IS 'Peering policy, where it is written';
COMMENT ON COLUMN peeringdb_network.policy_general IS 'Open, Selective, Restrictive or No';
COMMENT ON COLUMN peeringdb_network.policy_locations IS 'Whether several places are required';
COMMENT ON COLUMN peeringdb_network.policy_ratio IS 'Whether a ratio is required';
COMMENT ON COLUMN peeringdb_network.policy_contracts IS 'Whether a contract is required';
COMMENT ON COLUMN peeringdb_network.allow_ixp_update IS 'Lets exchanges keep its addresses';
COMMENT ON COLUMN peeringdb_network.ixp_update_exclude IS 'Exchanges that may not';
COMMENT ON COLUMN peeringdb_network.status_dashboard IS 'Address of a status page';
COMMENT ON COLUMN peeringdb_network.rir_status IS 'What the registry says about the ASN';
COMMENT ON COLUMN peeringdb_network.rir_status_updated IS 'Since when';
COMMENT ON COLUMN peeringdb_network.logo IS 'Address of a picture';
COMMENT ON COLUMN peeringdb_network.ix_count IS 'Exchanges, as counted by PeeringDB';
COMMENT ON COLUMN peeringdb_network.fac_count IS 'Facilities, as counted by PeeringDB';
COMMENT ON COLUMN peeringdb_network.netixlan_updated IS 'Last change of its exchange ports';
COMMENT ON COLUMN peeringdb_network.netfac_updated IS 'Last change of its facilities';
COMMENT ON COLUMN peeringdb_network.poc_updated IS 'Last change of its contacts';
COMMENT ON COLUMN peeringdb_network.created IS 'As told by PeeringDB';
COMMENT ON COLUMN peeringdb_network.updated IS 'As told by PeeringDB';
COMMENT ON COLUMN peeringdb_network.extra IS 'Keys of PeeringDB that have no column yet';
CREATE INDEX ON peeringdb_network (org_id);
CREATE INDEX ON peeringdb_network (name);
CREATE INDEX ON peeringdb_network (updated);
CREATE INDEX ON peeringdb_network (policy_general);
CREATE INDEX ON peeringdb_network USING gin (name gin_trgm_ops);
CREATE INDEX ON peeringdb_network USING gin (irr_as_set gin_trgm_ops);

CREATE TABLE peeringdb_internet_exchange (
	id bigint PRIMARY KEY,
	org_id bigint NOT NULL REFERENCES peeringdb_organization ON DELETE CASCADE,
	name text NOT NULL,
	name_long text NOT NULL DEFAULT '',
	aka text NOT NULL DEFAULT '',
	city text NOT NULL DEFAULT '',
	country text NOT NULL DEFAULT '',
	notes text NOT NULL DEFAULT '',
	region_continent text NOT NULL DEFAULT '',
	media text NOT NULL DEFAULT '',
	proto_unicast boolean NOT NULL DEFAULT false,
	proto_multicast boolean NOT NULL DEFAULT false,
	proto_ipv6 boolean NOT NULL DEFAULT false,
	website text NOT NULL DEFAULT '',
	social_media jsonb DEFAULT '{}',
	url_stats text NOT NULL DEFAULT '',
	tech_email text NOT NULL DEFAULT '',
	tech_phone text NOT NULL DEFAULT '',
	policy_email text NOT NULL DEFAULT '',
	policy_phone text NOT NULL DEFAULT '',
	sales_email text NOT NULL DEFAULT '',
	sales_phone text NOT NULL DEFAULT '',
	ixf_net_count integer NOT NULL DEFAULT 0,
	ixf_last_import timestamptz,
	ixf_import_request timestamptz,
	ixf_import_request_status text NOT NULL DEFAULT '',
	service_level text NOT NULL DEFAULT '',
	terms text NOT NULL DEFAULT '',
	status_dashboard text,
	logo text,
	net_count integer,
	fac_count integer,
	created timestamptz NOT NULL DEFAULT 'epoch',
	updated timestamptz NOT NULL DEFAULT 'epoch',
	extra jsonb NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE peeringdb_internet_exchange IS 'ix: an exchange';
COMMENT ON COLUMN peeringdb_internet_exchange.id IS 'PeeringDB''s own id';
COMMENT ON COLUMN peeringdb_internet_exchange.org_id IS 'Organization';
COMMENT ON COLUMN peeringdb_internet_exchange.name IS 'Name';
COMMENT ON COLUMN peeringdb_internet_exchange.name_long IS 'Long name';
COMMENT ON COLUMN peeringdb_internet_exchange.aka IS 'Also known as';
COMMENT ON COLUMN peeringdb_internet_exchange.city IS 'City';
COMMENT ON COLUMN peeringdb_internet_exchange.country IS 'Country, ISO 3166 two letters';
COMMENT ON COLUMN peeringdb_internet_exchange.notes IS 'Notes, Markdown';
COMMENT ON COLUMN peeringdb_internet_exchange.region_continent IS 'Continent';
COMMENT ON COLUMN peeringdb_internet_exchange.media IS 'Medium';
COMMENT ON COLUMN peeringdb_internet_exchange.proto_unicast IS 'Carries unicast';
COMMENT ON COLUMN peeringdb_internet_exchange.proto_multicast IS 'Carries multicast';
COMMENT ON COLUMN peeringdb_internet_exchange.proto_ipv6 IS 'Carries IPv6';
COMMENT ON COLUMN peeringdb_internet_exchange.website IS 'Web site';
COMMENT ON COLUMN peeringdb_internet_exchange.social_media IS 'List of service and identifier';
COMMENT ON COLUMN peeringdb_internet_exchange.url_stats IS 'Traffic statistics';
COMMENT ON COLUMN peeringdb_internet_exchange.tech_email IS 'Technical e-mail address';
COMMENT ON COLUMN peeringdb_internet_exchange.tech_phone IS 'Technical telephone number';
COMMENT ON COLUMN peeringdb_internet_exchange.policy_email IS 'Policy e-mail address';
COMMENT ON COLUMN peeringdb_internet_exchange.policy_phone IS 'Policy telephone number';
COMMENT ON COLUMN peeringdb_internet_exchange.sales_email IS 'Sales e-mail address';
COMMENT ON COLUMN peeringdb_internet_exchange.sales_phone IS 'Sales telephone number';
COMMENT ON COLUMN peeringdb_internet_exchange.ixf_net_count IS 'Networks in its IX-F member list';
COMMENT ON COLUMN peeringdb_internet_exchange.ixf_last_import IS 'Last import of that list';
COMMENT ON COLUMN peeringdb_internet_exchange.ixf_import_request IS 'Last request for such an import';
COMMENT ON COLUMN peeringdb_internet_exchange.ixf_import_request_status IS 'What became of it';
COMMENT ON COLUMN peeringdb_internet_exchange.service_level IS 'Hours of service';
COMMENT ON COLUMN peeringdb_internet_exchange.terms IS 'Fees';
COMMENT ON COLUMN peeringdb_internet_exchange.status_dashboard IS 'Address of a status page';
COMMENT ON COLUMN peeringdb_internet_exchange.logo IS 'Address of a picture';
COMMENT ON COLUMN peeringdb_internet_exchange.net_count IS 'Networks, as counted by PeeringDB';
COMMENT ON COLUMN peeringdb_internet_exchange.fac_count IS 'Facilities, as counted by PeeringDB';
COMMENT ON COLUMN peeringdb_internet_exchange.created IS 'As told by PeeringDB';
COMMENT ON COLUMN peeringdb_internet_exchange.updated IS 'As told by PeeringDB';
COMMENT ON COLUMN peeringdb_internet_exchange.extra IS 'Keys of PeeringDB that have no column yet';
CREATE INDEX ON peeringdb_internet_exchange (org_id);
CREATE INDEX ON peeringdb_internet_exchange (name);
CREATE INDEX ON peeringdb_internet_exchange (updated);
CREATE INDEX ON peeringdb_internet_exchange USING gin (name gin_trgm_ops);

CREATE TABLE peeringdb_internet_exchange_facility (
	id bigint PRIMARY KEY,
	ix_id bigint NOT NULL REFERENCES peeringdb_internet_exchange ON DELETE CASCADE,
	fac_id bigint NOT NULL REFERENCES peeringdb_facility ON DELETE CASCADE,
	created timestamptz NOT NULL DEFAULT 'epoch',
	updated timestamptz NOT NULL DEFAULT 'epoch',
	extra jsonb NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE peeringdb_internet_exchange_facility IS 'ixfac: an exchange in a facility';
COMMENT ON COLUMN peeringdb_internet_exchange_facility.id IS 'PeeringDB''s own id';
COMMENT ON COLUMN peeringdb_internet_exchange_facility.ix_id IS 'Exchange';
COMMENT ON COLUMN peeringdb_internet_exchange_facility.fac_id IS 'Facility';
COMMENT ON COLUMN peeringdb_internet_exchange_facility.created IS 'As told by PeeringDB';
COMMENT ON COLUMN peeringdb_internet_exchange_facility.updated IS 'As told by PeeringDB';
COMMENT ON COLUMN peeringdb_internet_exchange_facility.extra IS 'Keys of PeeringDB that have no column yet';
CREATE INDEX ON peeringdb_internet_exchange_facility (ix_id, fac_id);
CREATE INDEX ON peeringdb_internet_exchange_facility (fac_id);
CREATE INDEX ON peeringdb_internet_exchange_facility (updated);

CREATE TABLE peeringdb_ixlan (
	id bigint PRIMARY KEY,
	ix_id bigint NOT NULL REFERENCES peeringdb_internet_exchange ON DELETE CASCADE,
	name text NOT NULL DEFAULT '',
	descr text NOT NULL DEFAULT '',
	mtu integer,
	vlan integer,
	dot1q_support boolean NOT NULL DEFAULT false,
	rs_asn bigint DEFAULT 0 CHECK (rs_asn BETWEEN 0 AND 4294967295),
	arp_sponge macaddr,
	ixf_ixp_member_list_url text,
	ixf_ixp_member_list_url_visible text NOT NULL DEFAULT 'Private',
	ixf_ixp_import_enabled boolean,
	created timestamptz NOT NULL DEFAULT 'epoch',
	updated timestamptz NOT NULL DEFAULT 'epoch',
	extra jsonb NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE peeringdb_ixlan IS 'ixlan: the peering LAN of an exchange';
COMMENT ON COLUMN peeringdb_ixlan.id IS 'PeeringDB''s own id';
COMMENT ON COLUMN peeringdb_ixlan.ix_id IS 'Exchange';
COMMENT ON COLUMN peeringdb_ixlan.name IS 'Name';
COMMENT ON COLUMN peeringdb_ixlan.descr IS 'Description';
COMMENT ON COLUMN peeringdb_ixlan.mtu IS 'MTU in bytes';
COMMENT ON COLUMN peeringdb_ixlan.vlan IS 'VLAN id';
COMMENT ON COLUMN peeringdb_ixlan.dot1q_support IS 'Tagged frames';
COMMENT ON COLUMN peeringdb_ixlan.rs_asn IS 'AS number of the route servers';
COMMENT ON COLUMN peeringdb_ixlan.arp_sponge IS 'MAC address that answers for unused addresses';
COMMENT ON COLUMN peeringdb_ixlan.ixf_ixp_member_list_url IS 'IX-F member list';
COMMENT ON COLUMN peeringdb_ixlan.ixf_ixp_member_list_url_visible IS 'Who may see that address';
COMMENT ON COLUMN peeringdb_ixlan.ixf_ixp_import_enabled IS 'PeeringDB imports that list';
COMMENT ON COLUMN peeringdb_ixlan.created IS 'As told by PeeringDB';
COMMENT ON COLUMN peeringdb_ixlan.updated IS 'As told by PeeringDB';
COMMENT ON COLUMN peeringdb_ixlan.extra IS 'Keys of PeeringDB that have no column yet';
CREATE INDEX ON peeringdb_ixlan (ix_id);
CREATE INDEX ON peeringdb_ixlan (updated);

CREATE TABLE peeringdb_ixlan_prefix (
	id bigint PRIMARY KEY,
	ixlan_id bigint NOT NULL REFERENCES peeringdb_ixlan ON DELETE CASCADE,
	notes text NOT NULL DEFAULT '',
	protocol text NOT NULL,
	prefix cidr NOT NULL,
	in_dfz boolean NOT NULL DEFAULT false,
	created timestamptz NOT NULL DEFAULT 'epoch',
	updated timestamptz NOT NULL DEFAULT 'epoch',
	extra jsonb NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE peeringdb_ixlan_prefix IS 'ixpfx: a prefix of a peering LAN';
COMMENT ON COLUMN peeringdb_ixlan_prefix.id IS 'PeeringDB''s own id';
COMMENT ON COLUMN peeringdb_ixlan_prefix.ixlan_id IS 'LAN';
COMMENT ON COLUMN peeringdb_ixlan_prefix.notes IS 'Notes';
COMMENT ON COLUMN peeringdb_ixlan_prefix.protocol IS 'IPv4 or IPv6';
COMMENT ON COLUMN peeringdb_ixlan_prefix.prefix IS 'Prefix';
COMMENT ON COLUMN peeringdb_ixlan_prefix.in_dfz IS 'Announced to the world';
COMMENT ON COLUMN peeringdb_ixlan_prefix.created IS 'As told by PeeringDB';
COMMENT ON COLUMN peeringdb_ixlan_prefix.updated IS 'As told by PeeringDB';
COMMENT ON COLUMN peeringdb_ixlan_prefix.extra IS 'Keys of PeeringDB that have no column yet';
CREATE INDEX ON peeringdb_ixlan_prefix (ixlan_id);
CREATE INDEX ON peeringdb_ixlan_prefix (prefix);
CREATE INDEX ON peeringdb_ixlan_prefix USING gist (prefix inet_ops);
CREATE INDEX ON peeringdb_ixlan_prefix (updated);

CREATE TABLE peeringdb_network_facility (
	id bigint PRIMARY KEY,
	net_id bigint NOT NULL REFERENCES peeringdb_network ON DELETE CASCADE,
	fac_id bigint NOT NULL REFERENCES peeringdb_facility ON DELETE CASCADE,
	local_asn bigint,
	avail_sonet boolean NOT NULL DEFAULT false,
	avail_ethernet boolean NOT NULL DEFAULT false,
	avail_atm boolean NOT NULL DEFAULT false,
	created timestamptz NOT NULL DEFAULT 'epoch',
	updated timestamptz NOT NULL DEFAULT 'epoch',
	extra jsonb NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE peeringdb_network_facility IS 'netfac: a network in a facility';
COMMENT ON COLUMN peeringdb_network_facility.id IS 'PeeringDB''s own id';
COMMENT ON COLUMN peeringdb_network_facility.net_id IS 'Network';
COMMENT ON COLUMN peeringdb_network_facility.fac_id IS 'Facility';
COMMENT ON COLUMN peeringdb_network_facility.local_asn IS 'AS number used there';
COMMENT ON COLUMN peeringdb_network_facility.avail_sonet IS 'Peers over SONET';
COMMENT ON COLUMN peeringdb_network_facility.avail_ethernet IS 'Peers over Ethernet';
COMMENT ON COLUMN peeringdb_network_facility.avail_atm IS 'Peers over ATM';
COMMENT ON COLUMN peeringdb_network_facility.created IS 'As told by PeeringDB';
COMMENT ON COLUMN peeringdb_network_facility.updated IS 'As told by PeeringDB';
COMMENT ON COLUMN peeringdb_network_facility.extra IS 'Keys of PeeringDB that have no column yet';
CREATE INDEX ON peeringdb_network_facility (net_id, fac_id);
CREATE INDEX ON peeringdb_network_facility (fac_id, net_id);
CREATE INDEX ON peeringdb_network_facility (local_asn);
CREATE INDEX ON peeringdb_network_facility (updated);

CREATE TABLE peeringdb_network_ixlan (
	id bigint PRIMARY KEY,
	net_id bigint NOT NULL REFERENCES peeringdb_network ON DELETE CASCADE,
	ixlan_id bigint NOT NULL REFERENCES peeringdb_ixlan ON DELETE CASCADE,
	asn bigint NOT NULL CHECK (asn BETWEEN 1 AND 4294967295),
	ipaddr4 inet CHECK (family(ipaddr4) = 4 AND masklen(ipaddr4) = 32),
	ipaddr6 inet CHECK (family(ipaddr6) = 6 AND masklen(ipaddr6) = 128),
	is_rs_peer boolean NOT NULL DEFAULT false,
	bfd_support boolean NOT NULL DEFAULT false,
	notes text NOT NULL DEFAULT '',
	speed integer NOT NULL DEFAULT 0 CHECK (speed >= 0),
	operational boolean NOT NULL DEFAULT true,
	net_side_id bigint REFERENCES peeringdb_facility ON DELETE SET NULL,
	ix_side_id bigint REFERENCES peeringdb_facility ON DELETE SET NULL,
	created timestamptz NOT NULL DEFAULT 'epoch',
	updated timestamptz NOT NULL DEFAULT 'epoch',
	extra jsonb NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE peeringdb_network_ixlan IS 'netixlan: a network''s port on a peering LAN';
COMMENT ON COLUMN peeringdb_network_ixlan.id IS 'PeeringDB''s own id';
COMMENT ON COLUMN peeringdb_network_ixlan.net_id IS 'Network';
COMMENT ON COLUMN peeringdb_network_ixlan.ixlan_id IS 'LAN';
COMMENT ON COLUMN peeringdb_network_ixlan.asn IS 'AS number used there';
COMMENT ON COLUMN peeringdb_network_ixlan.ipaddr4 IS 'IPv4 address';
COMMENT ON COLUMN peeringdb_network_ixlan.ipaddr6 IS 'IPv6 address';
COMMENT ON COLUMN peeringdb_network_ixlan.is_rs_peer IS 'Peers with the route servers';
COMMENT ON COLUMN peeringdb_network_ixlan.bfd_support IS 'Does BFD';
COMMENT ON COLUMN peeringdb_network_ixlan.notes IS 'Notes';
COMMENT ON COLUMN peeringdb_network_ixlan.speed IS 'Mbit/s';
COMMENT ON COLUMN peeringdb_network_ixlan.operational IS 'In service';
COMMENT ON COLUMN peeringdb_network_ixlan.net_side_id IS 'Facility of the network''s end';
COMMENT ON COLUMN peeringdb_network_ixlan.ix_side_id IS 'Facility of the exchange''s end';
COMMENT ON COLUMN peeringdb_network_ixlan.created IS 'As told by PeeringDB';
COMMENT ON COLUMN peeringdb_network_ixlan.updated IS 'As told by PeeringDB';
COMMENT ON COLUMN peeringdb_network_ixlan.extra IS 'Keys of PeeringDB that have no column yet';
CREATE INDEX ON peeringdb_network_ixlan (net_id);
CREATE INDEX ON peeringdb_network_ixlan (ixlan_id, asn);
CREATE INDEX ON peeringdb_network_ixlan (asn, ixlan_id);
CREATE INDEX ON peeringdb_network_ixlan (ipaddr4);
CREATE INDEX ON peeringdb_network_ixlan (ipaddr6);
CREATE INDEX ON peeringdb_network_ixlan (host(ipaddr4));
CREATE INDEX ON peeringdb_network_ixlan (host(ipaddr6));
CREATE INDEX ON peeringdb_network_ixlan (net_side_id) WHERE net_side_id IS NOT NULL;
CREATE INDEX ON peeringdb_network_ixlan (ix_side_id) WHERE ix_side_id IS NOT NULL;
CREATE INDEX ON peeringdb_network_ixlan (updated);

CREATE TABLE peeringdb_network_contact (
	id bigint PRIMARY KEY,
	net_id bigint NOT NULL REFERENCES peeringdb_network ON DELETE CASCADE,
	role text NOT NULL,
	visible text NOT NULL DEFAULT 'Public',
	name text NOT NULL DEFAULT '',
	phone text NOT NULL DEFAULT '',
	email text NOT NULL DEFAULT '',
	url text NOT NULL DEFAULT '',
	created timestamptz NOT NULL DEFAULT 'epoch',
	updated timestamptz NOT NULL DEFAULT 'epoch',
	extra jsonb NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE peeringdb_network_contact IS 'poc: a contact of a network';
COMMENT ON COLUMN peeringdb_network_contact.id IS 'PeeringDB''s own id';
COMMENT ON COLUMN peeringdb_network_contact.net_id IS 'Network';
COMMENT ON COLUMN peeringdb_network_contact.role IS 'What for';
COMMENT ON COLUMN peeringdb_network_contact.visible IS 'Who may see it';
COMMENT ON COLUMN peeringdb_network_contact.name IS 'Name';
COMMENT ON COLUMN peeringdb_network_contact.phone IS 'Telephone number';
COMMENT ON COLUMN peeringdb_network_contact.email IS 'E-mail address';
COMMENT ON COLUMN peeringdb_network_contact.url IS 'Web page';
COMMENT ON COLUMN peeringdb_network_contact.created IS 'As told by PeeringDB';
COMMENT ON COLUMN peeringdb_network_contact.updated IS 'As told by PeeringDB';
COMMENT ON COLUMN peeringdb_network_contact.extra IS 'Keys of PeeringDB that have no column yet';
CREATE INDEX ON peeringdb_network_contact (net_id);
CREATE INDEX ON peeringdb_network_contact (updated);

CREATE TABLE peeringdb_synchronisation (
	id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
	time timestamptz NOT NULL DEFAULT now(),
	created integer NOT NULL DEFAULT 0 CHECK (created >= 0),
	updated integer NOT NULL DEFAULT 0 CHECK (updated >= 0),
	deleted integer NOT NULL DEFAULT 0 CHECK (deleted >= 0)
);
COMMENT ON TABLE peeringdb_synchronisation IS 'Runs of the synchronisation that changed something';
COMMENT ON COLUMN peeringdb_synchronisation.id IS 'Primary key';
COMMENT ON COLUMN peeringdb_synchronisation.time IS 'State of PeeringDB that was reached';
COMMENT ON COLUMN peeringdb_synchronisation.created IS 'Rows made';
COMMENT ON COLUMN peeringdb_synchronisation.updated IS 'Rows changed';
COMMENT ON COLUMN peeringdb_synchronisation.deleted IS 'Rows removed';
CREATE INDEX ON peeringdb_synchronisation (time DESC, id DESC);

CREATE TABLE peeringdb_namespace (
	tag text PRIMARY KEY CHECK (tag IN ('org', 'campus', 'fac', 'carrier', 'carrierfac', 'net', 'ix', 'ixfac', 'ixlan', 'ixpfx', 'netfac', 'netixlan', 'poc')),
	position smallint NOT NULL UNIQUE,
	since timestamptz,
	synchronised timestamptz,
	reconciled timestamptz,
	error text NOT NULL DEFAULT ''
);
COMMENT ON TABLE peeringdb_namespace IS 'How far each of PeeringDB''s types has been read';
COMMENT ON COLUMN peeringdb_namespace.tag IS 'PeeringDB''s name of the type';
COMMENT ON COLUMN peeringdb_namespace.position IS 'Order of reading, parents first';
COMMENT ON COLUMN peeringdb_namespace.since IS 'Latest change that was read';
COMMENT ON COLUMN peeringdb_namespace.synchronised IS 'Last success';
COMMENT ON COLUMN peeringdb_namespace.reconciled IS 'Last time the whole table was compared';
COMMENT ON COLUMN peeringdb_namespace.error IS 'Why the last try failed';
INSERT INTO peeringdb_namespace (position, tag) VALUES
	(1, 'org'), (2, 'campus'), (3, 'fac'), (4, 'carrier'), (5, 'carrierfac'), (6, 'net'), (7, 'ix'), (8, 'ixfac'),
	(9, 'ixlan'), (10, 'ixpfx'), (11, 'netfac'), (12, 'netixlan'), (13, 'poc');

CREATE TABLE peeringdb_pending (
	tag text NOT NULL REFERENCES peeringdb_namespace ON DELETE CASCADE,
	id bigint NOT NULL,
	row_data jsonb NOT NULL,
	reason text NOT NULL,
	first_seen timestamptz NOT NULL DEFAULT now(),
	attempt integer NOT NULL DEFAULT 1 CHECK (attempt >= 1),
	PRIMARY KEY (tag, id)
);
COMMENT ON TABLE peeringdb_pending IS 'Rows that could not be stored yet, to be tried again with every synchronisation';
COMMENT ON COLUMN peeringdb_pending.tag IS 'Type';
COMMENT ON COLUMN peeringdb_pending.id IS 'PeeringDB''s id';
COMMENT ON COLUMN peeringdb_pending.row_data IS 'The row as received';
COMMENT ON COLUMN peeringdb_pending.reason IS 'Why not, such as a parent that is missing';
COMMENT ON COLUMN peeringdb_pending.first_seen IS 'First try';
COMMENT ON COLUMN peeringdb_pending.attempt IS 'Tries so far';

-- The two copies outlive a flush of the cache; after the next synchronisation the references are taken from them again.
CREATE TABLE hidden_peer (
	id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
	peeringdb_network_id bigint REFERENCES peeringdb_network ON DELETE SET NULL,
	peeringdb_network_id_copy bigint,
	peeringdb_ixlan_id bigint REFERENCES peeringdb_ixlan ON DELETE SET NULL,
	peeringdb_ixlan_id_copy bigint,
	until timestamptz,
	comments text NOT NULL DEFAULT '',
	created timestamptz DEFAULT now(),
	updated timestamptz DEFAULT now(),
	CONSTRAINT hidden_peer_peeringdb_network_peeringdb_ixlan_key UNIQUE (peeringdb_network_id_copy, peeringdb_ixlan_id_copy)
);
COMMENT ON TABLE hidden_peer IS 'Networks that shall not show among the available peers of a LAN';
COMMENT ON COLUMN hidden_peer.id IS 'Primary key';
COMMENT ON COLUMN hidden_peer.peeringdb_network_id IS 'Network';
COMMENT ON COLUMN hidden_peer.peeringdb_network_id_copy IS 'Network, kept when the cache is emptied';
COMMENT ON COLUMN hidden_peer.peeringdb_ixlan_id IS 'LAN';
COMMENT ON COLUMN hidden_peer.peeringdb_ixlan_id_copy IS 'LAN, kept when the cache is emptied';
COMMENT ON COLUMN hidden_peer.until IS 'Until when; null: for ever';
COMMENT ON COLUMN hidden_peer.comments IS 'Why';
COMMENT ON COLUMN hidden_peer.created IS 'When it was made';
COMMENT ON COLUMN hidden_peer.updated IS 'When it was last saved';
CREATE INDEX ON hidden_peer (peeringdb_network_id);
CREATE INDEX ON hidden_peer (peeringdb_ixlan_id);

CREATE FUNCTION hidden_peer_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	NEW.peeringdb_network_id_copy := coalesce(NEW.peeringdb_network_id, NEW.peeringdb_network_id_copy);
	NEW.peeringdb_ixlan_id_copy := coalesce(NEW.peeringdb_ixlan_id, NEW.peeringdb_ixlan_id_copy);
	RETURN NEW;
END $$;
COMMENT ON FUNCTION hidden_peer_copy() IS 'Row trigger: keep the ids that a flush of the cache would lose';
CREATE TRIGGER hidden_peer_copy BEFORE INSERT OR UPDATE ON hidden_peer FOR EACH ROW EXECUTE FUNCTION hidden_peer_copy();
