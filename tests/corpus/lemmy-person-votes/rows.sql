INSERT INTO post SELECT i, pick(i, NULL, num(i, 20)), pick(i, true, true, false, NULL) FROM numbers(60) i;
INSERT INTO comment SELECT i, pick(i, NULL, num(i, 20)), pick(i, true, true, false) FROM numbers(60) i;
INSERT INTO post_actions SELECT DISTINCT ON (1, 2) num(i, 10), 1 + num(i, 65, 'p'), pick(i, NULL, true, false) FROM numbers(200) i;
INSERT INTO comment_actions SELECT DISTINCT ON (1, 2) num(i, 10), 1 + num(i, 65, 'c'), pick(i, NULL, true, false) FROM numbers(200) i;
INSERT INTO person_actions VALUES (1, 1, '2020-01-01 00:00+00', 77, 77), (99, 99, NULL, 1, 1);
