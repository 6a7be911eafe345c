INSERT INTO oc_share SELECT i, pick(i, 'file', 'file', 'folder', NULL), pick(i, NULL, 31, 19, 1, 15, 0)::smallint, pick(i, NULL, NULL, num(i, 250)) FROM numbers(200) i;
