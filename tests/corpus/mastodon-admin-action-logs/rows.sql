INSERT INTO accounts SELECT i, pick(i, 'ann', 'bob' || i, 'é'), pick(i, NULL, 'example.org') FROM numbers(40) i;
INSERT INTO users SELECT i, 1 + num(i, 45) FROM numbers(40) i;
INSERT INTO statuses SELECT i, 1 + num(i, 45), 'https://example.org/' || i, pick(i, true, false, NULL) FROM numbers(40) i;
INSERT INTO domain_blocks SELECT i, 'bad' || i || '.example' FROM numbers(40) i;
INSERT INTO ip_blocks SELECT i, pick(i, '10.0.0.1', '10.0.0.0/8', 'fe80::1/64')::inet FROM numbers(40) i;
INSERT INTO admin_action_logs SELECT i, pick(i, 'Account', 'User', 'Report', 'DomainBlock', 'Status', 'IpBlock', 'Other', NULL), pick(i, NULL, num(i, 45)), pick(i, NULL, NULL, 'kept'), NULL, NULL FROM numbers(300) i;
