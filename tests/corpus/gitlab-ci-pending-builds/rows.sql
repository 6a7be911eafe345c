INSERT INTO namespaces SELECT i, pick(i, NULL, '{}', '{1}', '{1,' || i || '}')::bigint[] FROM numbers(12) i;
INSERT INTO projects SELECT i, pick(i, NULL, 1 + num(i, 14)), pick(i, NULL, true, false) FROM numbers(30) i;
INSERT INTO project_ci_cd_settings SELECT i, i, pick(i, NULL, true, true, false) FROM numbers(25) i;
INSERT INTO ci_builds SELECT i, pick(i, 'pending', 'pending', 'running', NULL), pick(i, 'Ci::Build', 'Ci::Build', 'Ci::Bridge', NULL), pick(i, NULL, NULL, 7), pick(i, NULL, num(i, 35)),
  pick(i, NULL, true, false) FROM numbers(300) i;
INSERT INTO taggings SELECT i, num(i, 320), pick(i, 'CommitStatus', 'CommitStatus', 'Project', NULL), pick(i, NULL, num(i, 9), num(i, 9)) FROM numbers(400) i;
INSERT INTO ci_pending_builds (build_id, project_id) SELECT i * 11, 3 FROM numbers(20) i;
