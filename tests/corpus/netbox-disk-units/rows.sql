INSERT INTO virtualization_virtualmachine SELECT i, pick(i, NULL, 0, 10, 100000) FROM numbers(80) i;
INSERT INTO virtualization_virtualdisk SELECT i, 1 + num(i, 50), pick(i, NULL, 0, 5, 20000) FROM numbers(100) i;
