INSERT INTO statuses SELECT i, pick(i, NULL, 4000) FROM numbers(150) i;
INSERT INTO preview_cards_statuses SELECT DISTINCT num(i, 50), num(i, 170, 's') FROM numbers(200) i;
