INSERT INTO site SELECT FROM numbers(1);
INSERT INTO user_ (local) SELECT pick(i, NULL, true, false) FROM numbers(50) i;
INSERT INTO post (local) SELECT pick(i, NULL, true, false) FROM numbers(60) i;
INSERT INTO comment (local) SELECT pick(i, NULL, true, false) FROM numbers(70) i;
