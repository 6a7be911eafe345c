INSERT INTO note_comments SELECT i, num(i, 60), pick(i, NULL, num(i, 8), num(i, 20)), pick(i, 'opened', 'commented', NULL) FROM numbers(300) i;
INSERT INTO note_subscriptions SELECT i, i FROM numbers(10) i;
