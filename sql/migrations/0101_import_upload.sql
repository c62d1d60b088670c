-- A file that was tried on an import page and is too large to be sent along with it again; it waits for the next button.

CREATE TABLE import_upload (
	id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	user_id bigint NOT NULL REFERENCES auth_user ON DELETE CASCADE,
	object_type_id smallint NOT NULL REFERENCES object_type ON DELETE CASCADE,
	created timestamptz NOT NULL DEFAULT now(),
	content text NOT NULL
);
COMMENT ON TABLE import_upload IS 'Files that were tried on an import page, for a day';
COMMENT ON COLUMN import_upload.id IS 'Primary key, and what the form names it by';
COMMENT ON COLUMN import_upload.user_id IS 'Who sent it; nobody else may import it';
COMMENT ON COLUMN import_upload.object_type_id IS 'What it was sent for';
COMMENT ON COLUMN import_upload.created IS 'When';
COMMENT ON COLUMN import_upload.content IS 'The file';
CREATE INDEX ON import_upload (user_id);
CREATE INDEX ON import_upload (created);
