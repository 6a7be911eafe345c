INSERT INTO queries SELECT i, pick(i, NULL, '00:30', '3600', '86400', '23:59', '0'), pick(i, NULL, '{"old": 1}') FROM numbers(120) i;
