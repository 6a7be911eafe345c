INSERT INTO phriction_document SELECT i, pick(i, NULL, 'D' || i, 'D' || i), pick(i, NULL, 1) FROM numbers(80) i;
INSERT INTO phriction_content SELECT i, pick(i, NULL, 'D' || num(i, 90)), pick(i, NULL, num(i, 20)::int) FROM numbers(200) i;
