UPDATE jobs j SET tags = found FROM (SELECT j.id, array_agg(g->>'name' ORDER BY n) AS found FROM jobs j JOIN pipelines p ON p.id = j.pipeline_id
  CROSS JOIN jsonb_array_elements(p.groups::jsonb) WITH ORDINALITY AS e(g, n) WHERE g->'jobs' ? j.name GROUP BY j.id) AS f WHERE f.id = j.id;
