INSERT INTO conversations SELECT i, pick(i, NULL, 1, 1, 1, 2), pick(i, NULL, timestamp '2019-06-01', timestamp '2025-06-01') FROM numbers(80) i;
INSERT INTO messages SELECT i, num(i, 90), pick(i, 1, 1, 2, NULL), pick(i, 0, 1, 2, 3, NULL), pick(i, NULL, true, false, false), pick(i, NULL, at(i)::timestamp, at(i, 'b')::timestamp) FROM numbers(500) i;
