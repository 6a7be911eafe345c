INSERT INTO person_post_mention (recipient_id, post_id, read, published_at) SELECT num(i, 9), pick(i, 1, 2), pick(i, NULL, true, false), pick(i, NULL, at(i)) FROM numbers(100) i;
INSERT INTO private_message (recipient_id, read, published_at) SELECT num(i, 9), pick(i, NULL, true, false), at(i) FROM numbers(100) i;
INSERT INTO notification (recipient_id, comment_id, kind) VALUES (1, 1, 'Reply');
