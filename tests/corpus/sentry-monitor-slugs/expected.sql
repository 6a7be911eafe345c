-- ignore: sentry_scheduleddeletion.id
CREATE TEMP TABLE wanted AS SELECT *, row_number() OVER (PARTITION BY organization_id, w ORDER BY slug = w DESC, id) AS place FROM (
  SELECT *, trim('-' FROM left(trim('-' FROM regexp_replace(lower(slug), '[^a-z0-9]+', '-', 'g')), 50)) AS w FROM sentry_monitor WHERE slug IS NOT NULL) AS s;
UPDATE sentry_monitor m SET slug = w FROM wanted WHERE wanted.id = m.id AND m.slug <> w AND (place = 1 OR m.organization_id IS NULL);
UPDATE sentry_monitor m SET status = 3 FROM wanted WHERE wanted.id = m.id AND wanted.slug <> w AND place > 1 AND m.organization_id IS NOT NULL;
INSERT INTO sentry_scheduleddeletion (app_label, model_name, object_id, date_scheduled) SELECT 'monitors', 'Monitor', id, :now FROM sentry_monitor WHERE status = 3 ON CONFLICT DO NOTHING;
INSERT INTO sentry_scheduleddeletion (app_label, model_name, object_id, date_scheduled) SELECT DISTINCT 'sentry', 'Rule', r.id, :now FROM sentry_monitor m
JOIN sentry_rule r ON r.id = (config::jsonb->>'alert_rule_id')::int AND r.project_id = m.project_id AND r.status <> 3 WHERE m.status = 3 ON CONFLICT DO NOTHING;
