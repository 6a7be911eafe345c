INSERT INTO user_ SELECT FROM numbers(60);
INSERT INTO post (creator_id) SELECT pick(i, NULL, num(i, 65), num(i, 30)) FROM numbers(150) i;
INSERT INTO post_like (post_id, score) SELECT pick(i, NULL, num(i, 160)), pick(i, NULL, 1, 1, -1)::smallint FROM numbers(400) i;
INSERT INTO comment (creator_id) SELECT pick(i, NULL, num(i, 65)) FROM numbers(150) i;
INSERT INTO comment_like (comment_id, score) SELECT num(i, 160), pick(i, 1, 1, -1)::smallint FROM numbers(300) i;
INSERT INTO user_aggregates (user_id, post_count) VALUES (3, 99);
