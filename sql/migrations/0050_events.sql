-- What the delivery of events needs: their objects beside them, the log of what was sent, and when a receiver is given up.

ALTER TABLE event ALTER COLUMN data TYPE json, ALTER COLUMN prechange TYPE json, ALTER COLUMN postchange TYPE json;

ALTER TABLE webhook
	ADD COLUMN failures smallint NOT NULL DEFAULT 0 CHECK (failures >= 0),
	ADD COLUMN notice text NOT NULL DEFAULT '' CHECK (length(notice) <= 1000);
COMMENT ON COLUMN webhook.failures IS 'Deliveries given up, one after the other, since the last that arrived';
COMMENT ON COLUMN webhook.notice IS 'Why it was disabled, where Peerage did that';

ALTER TABLE webhook_delivery
	ADD COLUMN object_type_id smallint REFERENCES object_type ON DELETE CASCADE,
	ADD COLUMN object_id bigint NOT NULL DEFAULT 0 CHECK (object_id >= 0),
	ADD COLUMN action text NOT NULL DEFAULT '' CHECK (length(action) <= 50),
	ADD COLUMN kind text NOT NULL DEFAULT 'event' CHECK (kind IN ('event', 'replay', 'test')),
	ADD COLUMN target text NOT NULL DEFAULT '' CHECK (length(target) <= 4096),
	ADD COLUMN body text NOT NULL DEFAULT '' CHECK (length(body) <= 16384);
UPDATE webhook_delivery d SET object_type_id = e.object_type_id, object_id = e.object_id, action = e.action FROM event e WHERE e.id = d.event_id;
COMMENT ON COLUMN webhook_delivery.object_type_id IS 'Type of the object that the event is about';
COMMENT ON COLUMN webhook_delivery.object_id IS 'That object';
COMMENT ON COLUMN webhook_delivery.action IS 'What happened to it';
COMMENT ON COLUMN webhook_delivery.kind IS 'Whether it is the event''s own, a repetition or a trial';
COMMENT ON COLUMN webhook_delivery.target IS 'Where the last try went';
COMMENT ON COLUMN webhook_delivery.body IS 'Beginning of what the last try sent';

ALTER TABLE webhook_delivery DROP CONSTRAINT webhook_delivery_event_id_webhook_id_key;
CREATE UNIQUE INDEX webhook_delivery_event_id_webhook_id_key ON webhook_delivery (event_id, webhook_id) WHERE kind = 'event';
CREATE INDEX ON webhook_delivery (event_id);
CREATE INDEX ON webhook_delivery (object_type_id, object_id, created DESC);
CREATE INDEX webhook_delivery_due ON webhook_delivery (webhook_id, next_attempt, event_id) WHERE status = 'pending';
CREATE INDEX webhook_delivery_order ON webhook_delivery (webhook_id, object_type_id, object_id, event_id) WHERE status = 'pending';
