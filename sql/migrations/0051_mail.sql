-- What sending mail needs beyond the table: who was refused, to which network, when to try next.

ALTER TABLE email_message
	ADD COLUMN asn bigint CHECK (asn BETWEEN 1 AND 4294967295),
	ADD COLUMN refused text[] NOT NULL DEFAULT '{}',
	ADD COLUMN accepted text[] NOT NULL DEFAULT '{}',
	ADD COLUMN next_attempt timestamptz DEFAULT now();
COMMENT ON COLUMN email_message.asn IS 'AS number of the network it is to, in the book or not';
COMMENT ON COLUMN email_message.refused IS 'Recipients that the server did not take, each with what it said';
COMMENT ON COLUMN email_message.accepted IS 'Recipients that the server took';
COMMENT ON COLUMN email_message.next_attempt IS 'When to try next; null: not again';
ALTER TABLE email_message DROP CONSTRAINT email_message_status_check;
ALTER TABLE email_message ADD CONSTRAINT email_message_status_check CHECK (status IN ('pending', 'sending', 'sent', 'failed'));
CREATE INDEX ON email_message (asn, created DESC);
CREATE INDEX email_message_due ON email_message (next_attempt, id) WHERE status = 'pending';
