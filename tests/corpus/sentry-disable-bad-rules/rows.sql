INSERT INTO sentry_rule SELECT i, pick(i, NULL, 1, 2, 3), pick(i, NULL, 1, 2), pick(i, 0, 0, 0, 1)::smallint,
  pick(i, '{"actions": []}', '{"name": "a' || i || '", "actions": [{"id": ' || num(i, 12) || '}]}', '{"actions": [{"id": ' || num(i, 9) || '}], "user_id": ' || i || '}',
       '{"conditions": [1]}', '{"user_id": 1, "name": "é", "actions": [{"id": 1.0}]}') FROM numbers(150) i;
