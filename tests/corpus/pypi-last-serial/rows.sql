INSERT INTO packages SELECT 'p' || i, pick(i, NULL, 0, 7) FROM numbers(100) i;
INSERT INTO journals SELECT i, pick(i, NULL, 'p' || num(i, 120), 'p1', 'P2'), '1', 'a', NULL FROM numbers(400) i;
