INSERT INTO sentry_environment SELECT i, pick(i, NULL, '', 'none', 'None', 'production') FROM numbers(40) i;
INSERT INTO sentry_environmentproject SELECT i, pick(i, NULL, num(i, 45)), i, pick(i, NULL, true, false) FROM numbers(200) i;
