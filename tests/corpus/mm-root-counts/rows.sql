INSERT INTO channels SELECT 'c' || i, pick(i, NULL, 0, 3), NULL FROM numbers(40) i;
INSERT INTO posts SELECT 'p' || i, pick(i, NULL, 'c' || num(i, 45), 'c' || num(i, 20)), pick(i, '', '', NULL, 'p' || num(i, 300)), pick(i, NULL, 100 + num(i, 1000)) FROM numbers(300) i;
INSERT INTO channelmembers SELECT DISTINCT ON (1, 2) 'c' || num(i, 44), 'u' || num(i, 9, 'u'), pick(i, NULL, 0, 5, 12), 0, 0, pick(i, NULL, num(i, 1200)) FROM numbers(200) i;
INSERT INTO threads SELECT id, channelid FROM posts WHERE rootid = '' AND createat % 3 > 0;
INSERT INTO threadmemberships SELECT DISTINCT ON (1, 2) 'p' || num(i, 300), 'u' || num(i, 9, 'x'), pick(i, NULL, 0, 1, 2) FROM numbers(400) i;
