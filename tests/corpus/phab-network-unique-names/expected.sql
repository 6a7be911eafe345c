-- One after the other, as it was done: the least number that is in no name.
DO $$
DECLARE r record; n int;
BEGIN
  FOR r IN SELECT a.id, a.name FROM almanac_network a WHERE EXISTS (SELECT FROM almanac_network b WHERE b.name = a.name AND b.id < a.id) ORDER BY a.id LOOP
    n := 1;
    WHILE EXISTS (SELECT FROM almanac_network WHERE name = r.name || '-' || n) LOOP n := n + 1; END LOOP;
    UPDATE almanac_network SET name = r.name || '-' || n WHERE id = r.id;
  END LOOP;
END $$;
