-- name: saved_filters_named
-- Those of type $2 that user $3 may apply ($4: all) with the slugs $1, or, $5, the numbers written as text.
SELECT k.key, f.parameters
  FROM saved_filter f
  JOIN saved_filter_object_types t ON t.saved_filter_id = f.id AND t.object_type_id = $2
 CROSS JOIN LATERAL (SELECT CASE WHEN $5::boolean THEN f.id::text ELSE f.slug END AS key) k
 WHERE k.key = ANY($1::text[]) AND f.enabled AND (f.shared OR f.user_id = $3 OR $4::boolean);

-- name: saved_filters_of_list
-- What the list of type "app.model" $1 offers to user $2.
SELECT f.id, f.name, f.slug, f.description, f.shared, coalesce(f.user_id = $2, false) AS own, f.parameters
  FROM saved_filter f
  JOIN saved_filter_object_types t ON t.saved_filter_id = f.id
  JOIN object_type o ON o.id = t.object_type_id AND o.app_label || '.' || o.model = $1
 WHERE f.enabled AND (f.shared OR f.user_id = $2)
 ORDER BY f.weight, f.name, f.id
 LIMIT 100;

-- name: saved_filter_slugs
-- Slugs that begin with $1.
SELECT slug FROM saved_filter WHERE left(slug, length($1)) = $1;
