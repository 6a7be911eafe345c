INSERT INTO work_item_types SELECT i + 10, i - 1 FROM numbers(5) i;
INSERT INTO issues SELECT i, pick(i, 0, 1, 2, 7, -1)::smallint, pick(i, NULL, NULL, 99) FROM numbers(200) i;
