INSERT INTO ci_job_artifacts
SELECT i, timestamptz '2020-06-22 00:00+00' + (i - 100) * interval '13 hours', pick(i, NULL, NULL, timestamptz '2021-01-01 00:00+00') FROM numbers(200) i;
INSERT INTO ci_job_artifacts VALUES (300, '2020-06-21 23:59:59.999999+00', NULL), (301, '2020-06-22 00:00:00+00', NULL),
  (302, '2020-06-21 23:00:00-05', NULL), (303, '1999-12-31 00:00:00+00', NULL);
