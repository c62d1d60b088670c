-- How a router is reached: port, key, pinned host key, jump host.

ALTER TABLE router
	ADD COLUMN management_port integer CHECK (management_port BETWEEN 1 AND 65535),
	ADD COLUMN private_key text CHECK (length(private_key) <= 32768),
	ADD COLUMN host_key text NOT NULL DEFAULT '' CHECK (length(host_key) <= 200),
	ADD COLUMN host_key_offered text NOT NULL DEFAULT '' CHECK (length(host_key_offered) <= 200),
	ADD COLUMN host_key_seen timestamptz,
	ADD COLUMN jump_host text NOT NULL DEFAULT '' CHECK (length(jump_host) <= 400),
	ADD COLUMN jump_host_key text NOT NULL DEFAULT '' CHECK (length(jump_host_key) <= 200);
COMMENT ON COLUMN router.management_port IS 'Port to connect to; null: as usual for its platform';
COMMENT ON COLUMN router.private_key IS 'Key to sign in with, sealed; its passphrase is the password';
COMMENT ON COLUMN router.host_key IS 'Fingerprint of the host key or certificate that a person confirmed; no other is accepted';
COMMENT ON COLUMN router.host_key_offered IS 'Fingerprint that it showed at the last try to connect';
COMMENT ON COLUMN router.host_key_seen IS 'When that was';
COMMENT ON COLUMN router.jump_host IS 'SSH server on the way to it, [user@]host[:port]';
COMMENT ON COLUMN router.jump_host_key IS 'Fingerprint of that server''s host key';
