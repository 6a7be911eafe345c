INSERT INTO bookwyrm_listitem SELECT i * 7 % 211, num(i, 12), pick(i, NULL, 3) FROM numbers(200) i;
