INSERT INTO dashboard_slices SELECT i * 7 % 211, pick(i, NULL, num(i, 8)::int), num(i, 6, 's') FROM numbers(200) i;
