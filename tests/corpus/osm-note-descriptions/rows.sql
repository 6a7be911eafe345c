INSERT INTO notes SELECT i, pick(i, '', 'old'), pick(i, NULL, 9), NULL FROM numbers(100) i;
INSERT INTO note_comments SELECT i * 7 % 401, num(i, 110), pick(i, 'opened', 'opened', 'opened', 'closed', NULL), words(i), pick(i, NULL, num(i, 9)), pick(i, NULL, '10.0.0.1', 'fe80::1/64')::inet FROM numbers(400) i;
