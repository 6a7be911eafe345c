INSERT INTO account_customertype SELECT i, i = 3 FROM numbers(5) i;
INSERT INTO account_user SELECT i, pick(i, NULL, NULL, 1, 3) FROM numbers(200) i;
