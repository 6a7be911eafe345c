INSERT INTO projects_project SELECT i, 'p' || i, pick(i, NULL, NULL, NULL, 1) FROM numbers(40) i;
INSERT INTO projects_projectrelationship SELECT i, 1 + num(i, 20), 30 + num(i, 10) FROM numbers(12) i;
INSERT INTO projects_domain SELECT i, 1 + num(i, 45), pick(i, NULL, 'http://docs' || i / 3 || '.example/path?x', 'docs' || i / 3 || '.example', 'https://É' || i || '.org', 'docs' || i / 3 || '.example/x'), NULL, pick(i, 0, 1, 2, 5, NULL) FROM numbers(150) i;
