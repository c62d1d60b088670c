-- What follows from a change, for a line of a list: the first of it and how much more there is. The page of the change has all.
CREATE OR REPLACE FUNCTION peeringdb_change_effect(c peeringdb_change) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN c.state <> 'open' THEN '' ELSE (
	SELECT CASE
		WHEN count(*) = 0 THEN CASE c.kind WHEN 'joined' THEN 'Sessions can be set up there' WHEN 'network' THEN 'PeeringDB no longer knows the network'
			WHEN 'prefix-limit' THEN 'Ours is the same' WHEN 'as-set' THEN 'Ours is the same' WHEN 'name' THEN 'Ours is the same'
			WHEN 'policy' THEN 'Nothing of ours has it' WHEN 'contact' THEN 'Mail goes to the new address' ELSE 'Nothing of ours is concerned' END
		ELSE max(f.text) FILTER (WHERE f.n = 1) || CASE WHEN count(*) > 1 THEN ', and ' || (count(*) - 1) || ' more' ELSE '' END END
	FROM (SELECT o.n, replace(o.e ->> 'display', coalesce(' with AS' || a.asn || ' - ' || a.name, '@'), '') || ': ' || replace(o.e ->> 'field', '_', ' ') || ' '
			|| coalesce(nullif(o.e ->> 'old', ''), 'none') || ' → ' || coalesce(nullif(o.e ->> 'new', ''), 'none') AS text
		FROM jsonb_array_elements(peeringdb_change_follows(c)) WITH ORDINALITY AS o (e, n) LEFT JOIN autonomous_system a ON a.id = c.autonomous_system_id) f
) END;
COMMENT ON FUNCTION peeringdb_change_effect(peeringdb_change) IS 'What follows from it, in words: the first of it';
