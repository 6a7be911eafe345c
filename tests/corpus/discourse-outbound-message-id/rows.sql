INSERT INTO posts SELECT i, pick(i, NULL, (now() AT TIME ZONE 'UTC')::date - 10 + num(i, 100) * interval '1 minute', timestamp '2019-01-01'), pick(i, NULL, NULL, 'kept') FROM numbers(200) i;
INSERT INTO incoming_emails SELECT i, pick(i, NULL, num(i, 220)::int), pick(i, NULL, 'm' || i || '@é', '') FROM numbers(300) i;
