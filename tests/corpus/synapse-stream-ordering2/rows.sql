INSERT INTO events SELECT '$é' || i, i * 3 - 100, pick(i, NULL, NULL, 7) FROM numbers(200) i;
