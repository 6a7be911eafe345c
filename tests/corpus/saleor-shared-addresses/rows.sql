INSERT INTO account_address (first_name, city, country) SELECT pick(i, NULL, 'Ann', 'É'), 'C' || i, pick(i, NULL, 'CH') FROM numbers(40) i;
INSERT INTO checkout_checkout SELECT id(i), pick(i, NULL, 1 + num(i, 40)), pick(i, NULL, 1 + num(i, 40, 's')) FROM numbers(60) i;
INSERT INTO order_order SELECT id(i, 'o'), pick(i, NULL, 1 + num(i, 40, 'x')), pick(i, NULL, 1 + num(i, 40, 'y')) FROM numbers(30) i;
