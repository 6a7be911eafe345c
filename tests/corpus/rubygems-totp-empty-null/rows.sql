INSERT INTO users SELECT i, pick(i, NULL, '', ' ', 'JBSWY3DPEHPK3PXP') FROM numbers(100) i;
