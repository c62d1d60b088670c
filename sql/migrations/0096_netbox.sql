-- Devices of a NetBox, kept so that pages need not wait for it.

CREATE TABLE netbox_device (
	id bigint PRIMARY KEY,
	name text NOT NULL,
	data jsonb NOT NULL CHECK (jsonb_typeof(data) = 'object')
);
COMMENT ON TABLE netbox_device IS 'Devices of NetBox as they were last read';
COMMENT ON COLUMN netbox_device.id IS 'Its number there; router.netbox_device_id says which router it is';
COMMENT ON COLUMN netbox_device.name IS 'Name';
COMMENT ON COLUMN netbox_device.data IS 'What NetBox''s API tells of it';

CREATE TABLE netbox_reading (
	one boolean PRIMARY KEY DEFAULT true CHECK (one),
	tried timestamptz NOT NULL DEFAULT now(),
	fetched timestamptz,
	error text NOT NULL DEFAULT ''
);
COMMENT ON TABLE netbox_reading IS 'The last reading of NetBox; at most one row';
COMMENT ON COLUMN netbox_reading.one IS 'Always true';
COMMENT ON COLUMN netbox_reading.tried IS 'When it was last asked';
COMMENT ON COLUMN netbox_reading.fetched IS 'When the devices came; null: never';
COMMENT ON COLUMN netbox_reading.error IS 'Why the last reading failed; empty: it did not';

-- What came in the place of what was kept.
CREATE FUNCTION netbox_take(devices jsonb, OUT device_count bigint) LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
	DELETE FROM netbox_device;
	INSERT INTO netbox_device (id, name, data) SELECT (d->>'id')::bigint, d->>'name', d FROM jsonb_array_elements(devices) AS d ON CONFLICT DO NOTHING;
	GET DIAGNOSTICS device_count = ROW_COUNT;
	INSERT INTO netbox_reading (fetched) VALUES (now()) ON CONFLICT (one) DO UPDATE SET tried = now(), fetched = now(), error = '';
END $$;
COMMENT ON FUNCTION netbox_take(jsonb) IS 'Keep the devices that NetBox told of';

INSERT INTO schedule (name, description, job, cron, enabled) VALUES
	('NetBox', 'Read the devices of NetBox, where the settings name one', 'devices.netbox.synchronise', format('%s * * * *', floor(random() * 60)), true);
