-- A poll writes every session that it was told of, so that this must cost no index entry: with room on the page and no indexed column
-- changed, PostgreSQL writes the new version of a row beside the old one and leaves its twenty indexes alone.
-- Whoever lists direct sessions by state reads them all: there are few. Of exchange sessions those that are up are nearly all of them;
-- an index serves the others.
DROP INDEX direct_peering_session_bgp_state_id_idx, direct_peering_session_bgp_state_id_idx1, internet_exchange_peering_session_bgp_state_id_idx1;
ALTER TABLE direct_peering_session SET (fillfactor = 70);
ALTER TABLE internet_exchange_peering_session SET (fillfactor = 70);

-- The types are ours and are never removed; looking each up again for each row costs more than it says.
ALTER TABLE session_state DROP CONSTRAINT session_state_object_type_id_fkey;
ALTER TABLE session_history DROP CONSTRAINT session_history_object_type_id_fkey;
