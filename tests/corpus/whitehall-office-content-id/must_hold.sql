SELECT * FROM worldwide_offices WHERE id % 1 <> 0 OR content_id IS NULL
  OR (content_id !~ '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' AND content_id NOT IN ('', 'kept-' || id));
SELECT content_id FROM worldwide_offices WHERE content_id <> '' GROUP BY 1 HAVING count(*) > 1;
