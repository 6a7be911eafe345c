INSERT INTO organizations_organizationowner SELECT i, num(i, 8), 100 + i FROM numbers(20) i;
INSERT INTO organizations_teaminvite SELECT i, num(i, 10), num(i, 5), pick(i, NULL, 'a@é'), 'hash' || i FROM numbers(80) i;
INSERT INTO organizations_teammember SELECT i, pick(i, NULL, num(i, 85)), pick(i, NULL, NULL, num(i, 9)) FROM numbers(120) i;
INSERT INTO invitations_invitation (token) VALUES ('hash3');
