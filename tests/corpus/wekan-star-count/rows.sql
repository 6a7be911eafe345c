INSERT INTO boards SELECT 'b' || i, pick(i, NULL, 3) FROM numbers(30) i;
INSERT INTO users SELECT 'u' || i, CASE num(i, 5) WHEN 0 THEN NULL WHEN 1 THEN '{}' WHEN 2 THEN '{"starredBoards": []}'
  ELSE jsonb_build_object('starredBoards', ARRAY['b' || num(i, 35), 'b' || num(i, 12, 'x'), 'é']) END FROM numbers(100) i;
