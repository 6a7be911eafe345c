INSERT INTO email_logs SELECT i, pick(i, NULL, '', '5.1.1', '550 5.1.1 unknown', 'smtp; 421 later', 'no code', 'é 4.2.2é', '12', '5.10.1', '1234') FROM numbers(150) i;
