INSERT INTO projects SELECT id(i), pick(i, NULL, 0, 5) FROM numbers(60) i;
INSERT INTO releases SELECT id(i, 'r'), pick(i, NULL, id(num(i, 70)), id(num(i, 40))) FROM numbers(120) i;
INSERT INTO release_files SELECT id(i, 'f'), pick(i, NULL, id(num(i, 130), 'r'), id(num(i, 100), 'r')), pick(i, NULL, 0, 2147483647, num(i, 100000)) FROM numbers(400) i;
