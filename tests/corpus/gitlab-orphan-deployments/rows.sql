INSERT INTO environments SELECT i FROM numbers(30) i;
INSERT INTO deployments SELECT i, num(i, 40) FROM numbers(200) i;
