INSERT INTO api_keys SELECT i, pick(i, NULL, 2) FROM numbers(100) i;
INSERT INTO api_key_scopes SELECT i, pick(i, NULL, num(i, 110)::int), pick(i, 'global', 'global', 'topics', NULL), pick(i, 'read', 'read', 'write', NULL) FROM numbers(130) i;
