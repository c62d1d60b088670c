-- A key as a router has it may have 255 characters; sealed it is longer.

ALTER TABLE direct_peering_session
	DROP CONSTRAINT direct_peering_session_encrypted_password_check,
	ADD CONSTRAINT direct_peering_session_encrypted_password_check CHECK (length(encrypted_password) <= 2048);
ALTER TABLE internet_exchange_peering_session
	DROP CONSTRAINT internet_exchange_peering_session_encrypted_password_check,
	ADD CONSTRAINT internet_exchange_peering_session_encrypted_password_check CHECK (length(encrypted_password) <= 2048);
