INSERT INTO packages SELECT 'é' || i, id(i) FROM numbers(30) i;
INSERT INTO releases SELECT 'é' || i % 35, '1.' || i / 35, id(i, 'r'), NULL FROM numbers(100) i;
INSERT INTO release_files SELECT id(i, 'f'), pick(i, NULL, 'é' || num(i, 40)), pick(i, NULL, '1.' || num(i, 4)), NULL FROM numbers(120) i;
INSERT INTO release_dependencies SELECT id(i, 'd'), 'é' || num(i, 40), '1.' || num(i, 4), NULL FROM numbers(120) i;
INSERT INTO release_classifiers SELECT DISTINCT ON (1, 2, 3) 'é' || num(i, 40), '1.' || num(i, 4), num(i, 5, 't'), NULL::uuid FROM numbers(120) i;
INSERT INTO roles SELECT id(i, 'o'), pick(i, 'Admin', 'Owner', NULL), pick(i, NULL, 'é' || num(i, 40)), NULL FROM numbers(80) i;
