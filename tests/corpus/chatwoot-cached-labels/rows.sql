INSERT INTO conversations SELECT i, pick(i, NULL, '', 'old') FROM numbers(60) i;
INSERT INTO tags SELECT i, pick(i, NULL, 'é' || i, 'tag, ' || i, '') FROM numbers(20) i;
INSERT INTO taggings SELECT i, pick(i, 'Conversation', 'Conversation', 'Contact', NULL), pick(i, NULL, num(i, 70), num(i, 40)), pick(i, 'labels', 'labels', 'other'), pick(i, NULL, num(i, 22)) FROM numbers(300) i;
