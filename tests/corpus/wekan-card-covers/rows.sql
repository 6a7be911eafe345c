INSERT INTO cards SELECT 'c' || i, pick(i, NULL, 'old') FROM numbers(80) i;
INSERT INTO attachments SELECT 'a' || i, pick(i, NULL, 'c' || num(i, 100)), pick(i, NULL, true, false, false) FROM numbers(200) i;
