INSERT INTO event_labels SELECT DISTINCT event_id, l#>>'{}', room_id, (document->>'depth')::bigint
FROM (SELECT *, json::jsonb AS document FROM event_json WHERE json LIKE '{"depth%["%') AS e
CROSS JOIN jsonb_array_elements(document#>'{content,org.matrix.labels}') AS l WHERE jsonb_typeof(l) = 'string' ON CONFLICT DO NOTHING;
