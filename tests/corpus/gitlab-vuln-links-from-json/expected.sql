-- ignore: vulnerability_finding_links.id
INSERT INTO vulnerability_finding_links (vulnerability_occurrence_id, name, url, created_at, updated_at)
SELECT DISTINCT o.id, l->>'name', l->>'url', :now, :now FROM vulnerability_occurrences o
CROSS JOIN jsonb_array_elements(CASE WHEN raw_metadata LIKE '{"links": [%' THEN raw_metadata::jsonb->'links' ELSE '[]' END) AS l
WHERE l->>'url' IS NOT NULL AND NOT EXISTS (SELECT FROM vulnerability_finding_links f WHERE f.vulnerability_occurrence_id = o.id AND f.url = l->>'url' AND f.name IS NOT DISTINCT FROM l->>'name');
