INSERT INTO devices SELECT 'u' || i / 3, 'd' || i % 3, pick(i, NULL, 5), NULL, 'old' FROM numbers(120) i;
INSERT INTO user_ips SELECT 'u' || num(i, 45), 't' || i, pick(i, NULL, 'd0', 'd1', 'd2'), pick(i, '::1', '10.0.0.' || i), pick(i, NULL, 'é', ''), pick(i, NULL, 7, 100 + num(i, 9)) FROM numbers(500) i;
