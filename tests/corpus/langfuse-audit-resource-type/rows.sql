INSERT INTO audit_logs
SELECT 'é' || i, pick(i, 'p1', 'p2', NULL), pick(i, 'project', 'project', 'trace', NULL), pick(i, 'p1', 'r1', NULL),
       pick(i, NULL, 'nonsense', '{"parameters": {}}', '{"schema": 1}', '{"x": 1}', '[1]'),
       pick(i, NULL, '{"parameters": null}', '{"schema": []}', '{', '{"y": 1}', '{"schema": 1, "parameters": 2}') FROM numbers(400) i;
