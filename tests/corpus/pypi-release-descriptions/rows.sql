INSERT INTO releases SELECT id(i), words(i), pick(i, NULL, 'text/markdown'), NULL FROM numbers(120) i;
