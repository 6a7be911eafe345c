INSERT INTO oauth_remoterepository SELECT i, pick(i, NULL, num(i, 110), num(i, 60)) FROM numbers(150) i;
INSERT INTO projects_project SELECT i, pick(i, NULL, 5000) FROM numbers(100) i;
