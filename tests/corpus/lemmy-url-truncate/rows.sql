INSERT INTO post (url) SELECT pick(i, NULL, '', 'https://example.org/' || repeat('a', (num(i, 30) * 40)::int), repeat('é', 511 + num(i, 3)::int), repeat('😀', 513)) FROM numbers(200) i;
