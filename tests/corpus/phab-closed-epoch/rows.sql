INSERT INTO maniphest_task SELECT i, pick(i, NULL, 'T' || i, 'T' || i), pick(i, 'open', 'resolved', 'wontfix', 'invalid', NULL), pick(i, NULL, NULL, 99), NULL FROM numbers(100) i;
INSERT INTO maniphest_transaction SELECT i, 'T' || num(i, 110), 'U' || num(i, 7), pick(i, 'status', 'status', 'mergedinto', 'title', NULL),
  pick(i, NULL, '"open"', '"resolved"', 'null', '"open"'), pick(i, NULL, '"resolved"', '"wontfix"', '"open"', '["resolved"]', '"resolved"'), pick(i, 100, 100 + num(i, 50)) FROM numbers(500) i;
