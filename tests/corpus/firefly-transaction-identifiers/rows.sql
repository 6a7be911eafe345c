INSERT INTO transactions SELECT i, pick(i, NULL, num(i, 20)::int, num(i, 40)::int), pick(i, 10.5, -10.5, 3, -3, 0.000000000001, -0.000000000001, 7, NULL), 0 FROM numbers(300) i;
