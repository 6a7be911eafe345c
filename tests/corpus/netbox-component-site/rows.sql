INSERT INTO dcim_device SELECT i, pick(i, NULL, i), pick(i, NULL, i + 100), pick(i, NULL, i + 200) FROM numbers(40) i;
INSERT INTO dcim_interface SELECT i, 1 + num(i, 45), pick(i, NULL, 1), pick(i, NULL, 2), NULL FROM numbers(200) i;
