-- The password for a router's privileged mode is a secret, sealed like the others, and no longer one of the driver's arguments, which are shown.

ALTER TABLE router ADD COLUMN enable_secret text CHECK (length(enable_secret) <= 2048);
COMMENT ON COLUMN router.enable_secret IS 'Password for its privileged mode, sealed; null: its platform''s, else its password';
ALTER TABLE platform ADD COLUMN enable_secret text CHECK (length(enable_secret) <= 2048);
COMMENT ON COLUMN platform.enable_secret IS 'Password for the privileged mode of its routers, sealed; null: their password';
