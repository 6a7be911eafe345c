INSERT INTO sentry_discoversavedquery (organization_id, name, query, version) SELECT i % 9, 'query ' || i, CASE WHEN i % 13 = 0 THEN '{"fields": [' ELSE jsonb_build_object(
  'fields', pick(i, '["title"]', '["title", "user.email", "count"]', '[]')::jsonb,
  'aggregations', pick(i, '[]', '[["uniq", "user.id", "uniq_user_id"]]', '[["count()", null, "count"], ["avg", "duration", "avg_duration"]]', '[["uniq", "a b", "x"], ["count()", null, "count"]]')::jsonb,
  'orderby', pick(i, '-timestamp', '-uniq_user_id', 'uniq_user.email', '-count', ''),
  'conditions', pick(i, '[]', '[["title", "=", "a"]]', '[["title", "LIKE", "%a b%"], ["environment", "=", "prod"]]', '[["user.id", "IS NULL", null], ["x", "IS NOT NULL", null], ["n", ">", 3]]',
    '[["environment", "=", "dev"], ["environment", "=", "it''s"], ["title", "!=", "say \"hi\" now"], ["m", "NOT LIKE", "a%"]]')::jsonb)::text END,
  CASE WHEN i % 11 = 0 THEN 2 ELSE 1 END FROM numbers(150) i;
UPDATE sentry_discoversavedquery SET query = (query::jsonb || '{"range": "7d"}')::text WHERE id % 5 = 0 AND id % 13 <> 0;
INSERT INTO sentry_discoversavedqueryproject (discover_saved_query_id, project_id) SELECT i, k FROM numbers(150) i, generate_series(1, 4) k WHERE num(i, 5, 'p' || k) < 2;
