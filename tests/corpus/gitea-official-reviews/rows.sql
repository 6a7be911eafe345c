INSERT INTO repository SELECT i, pick(i, NULL, num(i, 9)), pick(i, NULL, true, false) FROM numbers(10) i;
INSERT INTO pull_request SELECT i, i, pick(i, NULL, 1 + num(i, 12)), pick(i, NULL, 'main', 'main', 'release') FROM numbers(60) i;
INSERT INTO protected_branch SELECT i, 1 + i % 10, CASE WHEN i > 10 THEN 'release' ELSE 'main' END, pick(i, NULL, true, true, false),
  pick(i, NULL, 'null', '[]', '[1,2,3]', '[4, 5]', 'no json'), pick(i, NULL, 'null', '[]', '[1]', '[2,3]') FROM numbers(16) i;
INSERT INTO access (id, user_id, repo_id, mode) SELECT i, i % 9, 1 + i / 9, num(i, 5) FROM numbers(85) i WHERE i % 4 > 0;
INSERT INTO team_user SELECT i, pick(i, NULL, num(i, 5)), pick(i, NULL, num(i, 9)) FROM numbers(30) i;
INSERT INTO review SELECT i, pick(i, NULL, 1 + num(i, 65)), pick(i, NULL, num(i, 9), num(i, 9)), pick(i, NULL, 1, 2, 3), pick(i, false, false, true) FROM numbers(400) i;
