INSERT INTO "Collectives"
SELECT i, pick(i, NULL, '{}', '{"address": "1 Rue É", "b": 2}', '{"address": null}', '{"address": {"street": ["x", 1.50]}, "z": []}', '{"addresses": 1}')::jsonb,
       pick(i, NULL, '{}', '{"address": "old", "c": {"d": 1}}', '{"c": 1.50}')::jsonb FROM numbers(200) i;
