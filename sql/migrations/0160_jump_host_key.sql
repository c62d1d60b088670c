-- The host key of a jump host is shown to a person and confirmed by them, as that of the router is.

ALTER TABLE router ADD COLUMN jump_host_key_offered text NOT NULL DEFAULT '' CHECK (length(jump_host_key_offered) <= 200);
COMMENT ON COLUMN router.jump_host_key_offered IS 'Fingerprint that the jump host showed at the last try to connect';
COMMENT ON COLUMN router.jump_host_key IS 'Fingerprint of that server''s host key that a person confirmed; no other is accepted';
