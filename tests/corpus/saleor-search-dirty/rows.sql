INSERT INTO product_product SELECT i, num(i, 3) = 0 FROM numbers(150) i;
