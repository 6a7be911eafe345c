INSERT INTO "Users" SELECT i, pick(i, NULL, num(i, 40), i), pick(i, NULL, 'a' || i || '@é', ''), pick(i, NULL, NULL, at(i)) FROM numbers(100) i;
INSERT INTO "Expenses" SELECT i, pick(i, NULL, num(i, 110)), pick(i, 'paypal', 'paypal', 'manual', NULL), NULL FROM numbers(150) i;
