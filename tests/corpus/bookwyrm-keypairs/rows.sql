INSERT INTO bookwyrm_user SELECT i, pick(i, NULL, 'https://x/é' || i), pick(i, NULL, 'pub' || i), pick(i, NULL, 'priv' || i), NULL FROM numbers(120) i;
