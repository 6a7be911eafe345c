INSERT INTO users SELECT 'u' || i, pick(i, NULL, '', 'terms é', repeat('t', 26)) FROM numbers(120) i;
INSERT INTO usertermsofservice VALUES ('u7', 'old', 1);
