-- Where a book came from, so that it can be brought up to date from there and is not mixed with another.

CREATE TABLE import_source (
	kind text PRIMARY KEY CHECK (kind IN ('peering-manager')),
	first timestamptz NOT NULL DEFAULT now(),
	last timestamptz NOT NULL
);
COMMENT ON TABLE import_source IS 'Systems whose book was copied into this one';
COMMENT ON COLUMN import_source.kind IS 'What kind of system';
COMMENT ON COLUMN import_source.first IS 'When it was copied first';
COMMENT ON COLUMN import_source.last IS 'When it was copied last';
