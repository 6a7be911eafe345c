INSERT INTO current_nodes_v5 SELECT i, num(i, 180000000) / 1e6 - 90, num(i, 360000000, 'lon') / 1e6 - 180, pick(i, NULL, 1), pick(i, NULL, true, false), words(i), pick(i, NULL, timestamp '2008-01-01') FROM numbers(200) i;
INSERT INTO current_nodes_v5 VALUES (900, 90, 180), (901, -90, -180), (902, 0, 0), (903, 0.12345675, -0.00000005), (904, NULL, 1);
