INSERT INTO accounts (id, email, is_active, deleted_at, locked_by, plan_code, seats_text, status, email_domain, seats) VALUES
  (1, 'Ann@Example.org', 1, NULL, NULL, 'pro', '5', NULL, NULL, NULL),
  (2, 'bob@example.com', 0, NULL, NULL, 'internal', '1', NULL, NULL, NULL),
  (3, 'cy@example.com', 1, '2024-01-01 00:00:00', NULL, 'pro', '2', NULL, NULL, NULL),
  (4, 'di@example.com', 1, NULL, 'ann', 'pro', '2', NULL, NULL, NULL),
  (5, 'ed@example.com', 0, '2024-01-01 00:00:00', NULL, 'pro', '2', NULL, NULL, NULL),
  (6, 'flo@example.com', 1, NULL, NULL, 'pro', 'many', NULL, NULL, NULL),
  (7, NULL, 1, NULL, NULL, 'internal', NULL, NULL, NULL, NULL),
  (8, 'gus@example.com', 1, NULL, NULL, 'pro', '8', 'active', 'example.com', 8),
  (9, 'hal@Example.net', 0, NULL, NULL, 'pro', '3', NULL, NULL, NULL),
  (10, 'ivy@example.net', 1, NULL, NULL, NULL, '4', NULL, NULL, NULL);
