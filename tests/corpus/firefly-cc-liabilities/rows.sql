INSERT INTO account_types SELECT i, (ARRAY['Asset', 'Credit card', 'Debt', 'Cash', 'debt'])[i] FROM numbers(5) i;
INSERT INTO account_types VALUES (6, NULL), (7, 'Credit card');
INSERT INTO accounts SELECT i, pick(i, NULL, 1, 2, 2, 3, 4, 7, 99), 'a' || i FROM numbers(150) i;
