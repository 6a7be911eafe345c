INSERT INTO sentry_rule SELECT i, pick(i, 1, 2), pick(i, 0, 0, 3)::smallint FROM numbers(60) i;
INSERT INTO sentry_monitor SELECT i, pick(i, NULL, 1, 2), pick(i, 1, 2), pick(i, 'job-' || i, 'Job ' || i / 2, 'job-' || i / 2 || '!', repeat('a-', 24) || ' ' || i % 10, NULL), 0, pick(i, NULL, '{}', '{"alert_rule_id": ' || num(i, 70) || '}')
FROM numbers(200) i ON CONFLICT DO NOTHING;
INSERT INTO sentry_scheduleddeletion (app_label, model_name, object_id) VALUES ('sentry', 'Rule', 4), ('monitors', 'Monitor', 9);
