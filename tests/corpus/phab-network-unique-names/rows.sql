INSERT INTO almanac_network SELECT i, pick(i, NULL, '', 'net', 'net', 'Net', 'net-1', 'net-3', 'é', 'é', 'lab', 'lab-x', 'lab-1-1', 'lab-1') FROM numbers(60) i;
