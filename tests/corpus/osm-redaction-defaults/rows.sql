INSERT INTO redactions SELECT i, pick(i, NULL, NULL, '', 'Title ' || i), pick(i, NULL, 'Text', '') FROM numbers(100) i;
