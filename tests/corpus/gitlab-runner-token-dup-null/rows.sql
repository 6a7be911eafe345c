INSERT INTO ci_runners SELECT i, pick(i, NULL, '', 'dup', 'dup ', 'token ' || i, 'token ' || i / 2, 'é' || i / 3) FROM numbers(300) i;
