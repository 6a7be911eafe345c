INSERT INTO versions SELECT i, CASE WHEN i % 37 <> 0 THEN 'gem' || i || '-1.' || i % 7 END, pick(i, true, true, false, NULL),
  CASE WHEN i % 13 = 0 THEN 'there already' END FROM numbers(200) i;
