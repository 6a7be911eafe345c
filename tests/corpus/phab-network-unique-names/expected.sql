DO $$
DECLARE network record; n int;
BEGIN
  FOR network IN SELECT id, name FROM almanac_network AS a WHERE EXISTS (SELECT FROM almanac_network b WHERE b.name = a.name AND b.id < a.id) ORDER BY id LOOP
    n := 1;
    WHILE EXISTS (SELECT FROM almanac_network WHERE name = network.name || '-' || n) LOOP
      n := n + 1;
    END LOOP;
    UPDATE almanac_network SET name = network.name || '-' || n WHERE id = network.id;
  END LOOP;
END $$;
