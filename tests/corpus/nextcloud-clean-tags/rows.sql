INSERT INTO oc_filecache SELECT i FROM numbers(300) i WHERE i % 5 <> 0;
INSERT INTO oc_vcategory SELECT i, CASE WHEN i % 29 <> 0 THEN pick(i, 'ann', 'bob', 'gone', 'Gone', 'cyd@example.org', '') END,
  pick(i, 'files', 'contact'), 'tag ' || i FROM numbers(200) i;
INSERT INTO oc_vcategory_to_object SELECT DISTINCT num(i, 330), 1 + num(i, 220, 'tag'), pick(i, 'files', 'files', 'contact') FROM numbers(250) i;
