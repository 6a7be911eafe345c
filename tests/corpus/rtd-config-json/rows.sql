INSERT INTO builds_build
SELECT i, pick(i, NULL, '{"a": 1, "é": [1, 2.50, null]}', '[]', 'null', '"text"', '{"a": 1, "a": 2}', '{}', '12345678901234567890.10'),
       pick(i, NULL, NULL, '{"kept": true}'::jsonb) FROM numbers(200) i;
