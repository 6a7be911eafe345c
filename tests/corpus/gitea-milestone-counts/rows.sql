INSERT INTO milestone SELECT i, pick(i, NULL, true, false, false), pick(i, NULL, 3), 0, 0 FROM numbers(60) i;
INSERT INTO issue SELECT i, pick(i, NULL, num(i, 70), num(i, 40)), pick(i, NULL, true, false) FROM numbers(300) i;
