INSERT INTO pipelines SELECT i, pick(i, NULL, '[]', '[{"name": "a", "jobs": ["x", "é"]}, {"name": "b, c", "jobs": ["x"]}]', '[{"name": "n", "jobs": null}, {"name": "m"}, {"name": "a", "jobs": ["y"]}]')::json FROM numbers(30) i;
INSERT INTO jobs SELECT i, pick(i, NULL, num(i, 35)::int, num(i, 30)::int), pick(i, NULL, 'x', 'y', 'é', 'z'), pick(i, NULL, '{}', '{old}')::text[] FROM numbers(200) i;
