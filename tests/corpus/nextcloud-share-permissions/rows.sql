-- Parents are shares without a parent: those of a group.
INSERT INTO oc_share SELECT i, pick(i, 'file', 'file', 'folder', NULL), pick(i, NULL, 31, 19, 1, 15, 0)::smallint, CASE WHEN i > 100 THEN pick(i, NULL, num(i, 100) + 1, 900 + i) END FROM numbers(200) i;
