INSERT INTO invites SELECT i, pick(i, NULL, num(i, 30)), pick(i, NULL, at(i)::timestamp, timestamp '2020-01-01'), pick(i, NULL, at(i, 'c')::timestamp), NULL FROM numbers(150) i;
