-- Data sources: how a git server is signed in to, what was read last, and a schedule that reads them all.

ALTER TABLE data_source
	ADD COLUMN password text CHECK (length(password) <= 8192),
	ADD COLUMN private_key text CHECK (length(private_key) <= 65536),
	ADD COLUMN host_key text NOT NULL DEFAULT '' CHECK (length(host_key) <= 100),
	ADD COLUMN revision text NOT NULL DEFAULT '' CHECK (length(revision) <= 64),
	ADD COLUMN error text NOT NULL DEFAULT '';
COMMENT ON COLUMN data_source.password IS 'Password, or passphrase of the key, sealed';
COMMENT ON COLUMN data_source.private_key IS 'Key to sign in with over SSH, sealed';
COMMENT ON COLUMN data_source.host_key IS 'Fingerprint of the SSH server''s host key that a person confirmed; no other is accepted';
COMMENT ON COLUMN data_source.revision IS 'Commit that was last read or pushed';
COMMENT ON COLUMN data_source.error IS 'Why the last synchronisation or push failed; empty: it did not';
COMMENT ON COLUMN data_source.parameters IS 'What its kind needs beyond the address: username and branch of a git repository. No secrets';

UPDATE data_source SET password = parameters->>'password', parameters = parameters - 'password'
WHERE jsonb_typeof(parameters) = 'object' AND parameters ? 'password';

-- What is no text stays bytes; nobody is stopped by it.
CREATE FUNCTION data_file_text(content bytea) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
	RETURN convert_from(content, 'UTF8');
EXCEPTION WHEN OTHERS THEN
	RETURN NULL;
END $$;
COMMENT ON FUNCTION data_file_text(bytea) IS 'The content as text; null when it is no UTF-8';


INSERT INTO schedule (name, description, job, cron, enabled) VALUES
	('Data sources', 'Read all data sources that are enabled, and what follows their files', 'core.datasource.synchronisation',
	format('%s * * * *', floor(random() * 60)), true);
