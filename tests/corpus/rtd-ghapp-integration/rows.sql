INSERT INTO oauth_githubappinstallation SELECT i, 9000000000 + i FROM numbers(10) i;
INSERT INTO oauth_remoterepository SELECT i, pick(i, 'githubapp', 'githubapp', 'github', NULL), 'r' || i, 'é/"' || i, pick(i, NULL, 1 + num(i, 12)) FROM numbers(40) i;
INSERT INTO projects_project SELECT i, pick(i, NULL, 1 + num(i, 45), 1 + num(i, 40)) FROM numbers(100) i;
INSERT INTO integrations_integration (project_id, integration_type, provider_data) SELECT i, pick(i, 'githubapp', 'webhook'), '{"old": 1}' FROM numbers(30) i;
