INSERT INTO posts SELECT i, pick(i, NULL, num(i, 20)::int) FROM numbers(60) i;
INSERT INTO bookmarks SELECT i, pick(i, NULL, num(i, 80)::int), num(i, 2) = 0, pick(i, NULL, NULL, 3), pick(i, NULL, NULL, 'Old') FROM numbers(200) i;
