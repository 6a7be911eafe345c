INSERT INTO person (local) SELECT pick(i, NULL, true, false) FROM numbers(50) i;
INSERT INTO community_follower SELECT DISTINCT num(i, 30), num(i, 60, 'p') FROM numbers(300) i;
INSERT INTO community_aggregates SELECT i, num(i, 3) FROM numbers(40) i;
