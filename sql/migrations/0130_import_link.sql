-- Links that a copy of another system's book has made, so that those which are taken away there go here as well, and those which were made here stay.
CREATE TABLE import_link (
	table_name text NOT NULL,
	key text NOT NULL,
	PRIMARY KEY (table_name, key)
);
COMMENT ON TABLE import_link IS 'Links that the last copy of another system''s book had: one that is gone there at the next is taken away here';
COMMENT ON COLUMN import_link.table_name IS 'In which table of ours the link stands';
COMMENT ON COLUMN import_link.key IS 'Its primary key there, written as a row';
