-- json: queries.schedule
UPDATE queries SET schedule = json_build_object('interval', CASE WHEN old_schedule LIKE '%:%' THEN 86400 ELSE old_schedule::int END, 'until', NULL,
  'day_of_week', NULL, 'time', CASE WHEN old_schedule LIKE '%:%' THEN old_schedule END)::text WHERE old_schedule IS NOT NULL;
