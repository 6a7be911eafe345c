INSERT INTO bookwyrm_tag SELECT i, words(i), pick(i, NULL, 'old') FROM numbers(150) i;
INSERT INTO bookwyrm_tag VALUES (900, '--A  b', NULL), (901, 'C++', 'c'), (902, '!!!', NULL);
