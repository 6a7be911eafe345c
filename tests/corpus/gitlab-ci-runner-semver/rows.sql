INSERT INTO ci_runners
SELECT i, pick(i, NULL, '', '15.2.0', 'v15.2.1', 'v1.2', '14.10.0~pre.5', 'dev', 'release 10.0.12-rc1 of 9.8.7', '１.２.３'),
       pick(i, NULL, NULL, NULL, '1.0.0') FROM numbers(200) i;
