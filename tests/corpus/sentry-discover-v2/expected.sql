-- ignore: sentry_discoversavedquery.id
-- json: sentry_discoversavedquery.query
-- ignore: sentry_discoversavedqueryproject.id
CREATE FUNCTION pg_temp.quoted(v text) RETURNS text LANGUAGE sql AS $$ SELECT CASE WHEN v LIKE '% %' OR v LIKE '%"%' THEN '"' || replace(v, '"', '\"') || '"' ELSE v END $$;
WITH q AS (SELECT *, query::jsonb AS d FROM sentry_discoversavedquery WHERE version = 1 AND id % 13 <> 0),
c AS (SELECT q.id, n, v->>0 AS field, v->>1 AS op, coalesce(v->>2, '') AS value FROM q, jsonb_array_elements(d->'conditions') WITH ORDINALITY AS x (v, n)),
made AS (INSERT INTO sentry_discoversavedquery (organization_id, name, query, version) SELECT organization_id, name || ' (migrated from legacy discover)', jsonb_build_object('version', 2,
  'fields', d->'fields' || coalesce((SELECT jsonb_agg(CASE v->>0 WHEN 'uniq' THEN 'count_unique(' || (v->>1) || ')' WHEN 'count()' THEN 'count()' ELSE (v->>0) || '(' || (v->>1) || ')' END ORDER BY n)
    FROM jsonb_array_elements(d->'aggregations') WITH ORDINALITY AS x (v, n)), '[]'),
  'orderby', CASE WHEN d->>'orderby' LIKE '-uniq\_%' THEN '-count_unique(' || substr(d->>'orderby', 7) || ')' WHEN d->>'orderby' LIKE 'uniq\_%' THEN 'count_unique(' || substr(d->>'orderby', 6) || ')' ELSE d->>'orderby' END,
  'query', coalesce((SELECT string_agg(CASE op WHEN 'IS NULL' THEN '!has:' || field WHEN 'IS NOT NULL' THEN 'has:' || field WHEN '=' THEN field || ':' || pg_temp.quoted(value)
      WHEN '!=' THEN '!' || field || ':' || pg_temp.quoted(value) WHEN 'LIKE' THEN field || ':' || pg_temp.quoted(replace(value, '%', '*')) WHEN 'NOT LIKE' THEN '!' || field || ':' || pg_temp.quoted(replace(value, '%', '*'))
      ELSE field || ':' || op || pg_temp.quoted(value) END, ' ' ORDER BY n) FROM c WHERE c.id = q.id AND NOT (field = 'environment' AND op = '=')), ''),
  'environment', coalesce((SELECT jsonb_agg(value ORDER BY n) FROM c WHERE c.id = q.id AND field = 'environment' AND op = '='), '[]'),
  'range', coalesce(d->>'range', '14d'))::text, 2 FROM q ORDER BY id RETURNING id, name)
INSERT INTO sentry_discoversavedqueryproject (discover_saved_query_id, project_id) SELECT m.id, p.project_id FROM made m JOIN q ON q.name || ' (migrated from legacy discover)' = m.name
JOIN sentry_discoversavedqueryproject p ON p.discover_saved_query_id = q.id;
