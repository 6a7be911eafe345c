INSERT INTO relation_members
SELECT i / 7, i % 3, pick(i, 'Node', 'Way', 'Relation'), i * 1009 + num(i, 3) * 16384, pick(i, '', 'outer', 'été'), 0 FROM numbers(300) i;
INSERT INTO relation_members VALUES (1000, 1, 'Way', 9223372036854775807, '', 5), (1000, 1, 'Way', -16385, '', 0), (1000, 1, 'Way', 16384, '', 0);
