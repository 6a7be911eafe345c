INSERT INTO projects SELECT i, pick(i, NULL, 0, 10, 20) FROM numbers(60) i;
INSERT INTO topics SELECT i, pick(i, 'Ruby', 'ruby', 'RUBY', 'Go', 'go', 'É', 'é', 'single' || i, NULL), pick(i, NULL, '', ' ', 'About ' || i), NULL, num(i, 4), num(i, 3, 'n') FROM numbers(40) i;
INSERT INTO project_topics SELECT i, 1 + num(i, 60), 1 + num(i, 40) FROM numbers(250) i ON CONFLICT DO NOTHING;
