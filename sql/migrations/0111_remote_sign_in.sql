-- Sign-ins through the web server stand in the log as well.

ALTER TABLE sign_in_event DROP CONSTRAINT sign_in_event_event_check;
ALTER TABLE sign_in_event ADD CONSTRAINT sign_in_event_event_check CHECK (event IN ('sign-in', 'remote-sign-in', 'recovery-code', 'sign-out',
	'sessions-ended', 'refused-password', 'refused-code', 'refused-remote', 'password-changed', 'second-factor-on', 'second-factor-off',
	'second-factor-reset', 'recovery-codes-made'));
