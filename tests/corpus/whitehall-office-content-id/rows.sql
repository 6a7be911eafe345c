INSERT INTO worldwide_offices SELECT i, pick(i, NULL, NULL, 'kept-' || i, '') FROM numbers(120) i;
