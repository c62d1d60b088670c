-- How far a synchronisation is, type by type, and what the brake asks about, for their page.

ALTER TABLE peeringdb_stage ADD rows bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN peeringdb_stage.rows IS 'How many rows were read';

-- What the brake asks about is easier to answer with some of the rows before one's eyes.
ALTER TABLE peeringdb_namespace ADD brake_examples text;
COMMENT ON COLUMN peeringdb_namespace.brake_examples IS 'Some of the rows that the run would have removed, or else changed';
