INSERT INTO "Collectives" SELECT i, pick(i, NULL, num(i, 60)::int, 1), pick(i, NULL, '{}', '{"policies": {"EXPENSE_PUBLIC_VENDORS": true}}', '{"policies": {"EXPENSE_PUBLIC_VENDORS": false, "x": 1.50}}',
  '{"policies": {"USE_VENDOR_POLICY": "kept"}}', '{"a": "é", "policies": {}}')::jsonb, pick(i, NULL, NULL, at(i)) FROM numbers(200) i;
