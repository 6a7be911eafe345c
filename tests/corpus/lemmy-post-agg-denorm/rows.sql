INSERT INTO community (instance_id) SELECT pick(i, NULL, i, 1) FROM numbers(20) i;
INSERT INTO post (community_id) SELECT pick(i, NULL, 1 + num(i, 25), 1 + num(i, 20)) FROM numbers(80) i;
INSERT INTO post_aggregates (post_id, instance_id) SELECT i, pick(i, NULL, NULL, 9) FROM numbers(90) i;
INSERT INTO post_aggregates (post_id) VALUES (NULL);
