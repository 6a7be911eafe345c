INSERT INTO namespaces SELECT i, pick(i, 'User', 'User', 'Group', NULL), pick(i, NULL, 1, 2, 3) FROM numbers(30) i;
INSERT INTO projects SELECT i, pick(i, NULL, 1 + num(i, 40), 1 + num(i, 30)) FROM numbers(60) i;
INSERT INTO members SELECT i, pick(i, 'ProjectMember', 'ProjectMember', 'GroupMember', NULL), pick(i, NULL, 1 + num(i, 70), 1 + num(i, 60)), pick(i, NULL, 1, 2, 3), pick(i, 10, 40, 50)
FROM numbers(500) i;
