INSERT INTO projects_project SELECT i, pick(i, NULL, true, false), pick(i + 1, NULL, 'multiple_versions_without_translations', '') FROM numbers(100) i;
