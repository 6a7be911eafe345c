INSERT INTO almanac_network SELECT i, pick(i, 'net', 'net', 'office', 'net-1', 'net-3', 'net-1-1', 'net-01', 'net-x', 'lab ' || i, 'office-2', 'net-', 'Ärger', 'Ärger-7') FROM numbers(90) i;
