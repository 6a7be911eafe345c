INSERT INTO events_full SELECT project_id, id, 't-' || id, '', 'SPAN', name, environment, coalesce(version, ''), coalesce(release, ''), tags, coalesce(user_id, ''), coalesce(session_id, ''),
  public, bookmarked, coalesce(input, ''), coalesce(output, ''),
  ARRAY(SELECT key FROM jsonb_each_text(metadata) WITH ORDINALITY AS e(key, value, n) ORDER BY n), ARRAY(SELECT value FROM jsonb_each_text(metadata) WITH ORDINALITY AS e(key, value, n) ORDER BY n),
  CASE WHEN metadata ? 'resourceAttributes' THEN 'otel-backfill' ELSE 'ingestion-api-backfill' END, timestamp, created_at, updated_at, event_ts, is_deleted
FROM traces t WHERE NOT EXISTS (SELECT 1 FROM dataset_run_items_rmt d WHERE d.project_id = t.project_id AND d.trace_id = t.id);
