INSERT INTO releases SELECT i, pick(i, NULL, '', 'v1.2.3', '1.2', 'v3', '1.2.3.4', '1.2.3-rc.1', '10.20.30', 'release', 'v1.x', '01.2.3', 'v1.2-beta', '99999999999.1.1') FROM numbers(60) i;
INSERT INTO catalog_resource_versions SELECT i, pick(i, NULL, num(i, 70), num(i, 60)), pick(i, NULL, NULL, 9), NULL, NULL, NULL FROM numbers(200) i;
