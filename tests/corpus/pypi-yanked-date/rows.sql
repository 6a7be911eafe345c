INSERT INTO projects SELECT id(i), 'é' || i FROM numbers(30) i;
INSERT INTO releases SELECT id(i, 'r'), pick(i, NULL, id(num(i, 35)), id(num(i, 30))), '1.' || num(i, 3), num(i, 4) > 0, pick(i, NULL, NULL, NULL, timestamp '2020-01-01') FROM numbers(200) i;
INSERT INTO journals SELECT i, pick(i, NULL, 'é' || num(i, 35)), '1.' || num(i, 4, 'v'), pick(i, 'yank release', 'yank release', 'unyank', NULL), pick(i, NULL, at(i)::timestamp, at(i + 1)::timestamp)
FROM numbers(500) i;
