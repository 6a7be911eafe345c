INSERT INTO current_nodes SELECT id, round(latitude * 1e7), round(longitude * 1e7), user_id, visible, tags, "timestamp",
  (SELECT sum(((x >> n) & 1) << (2 * n + 1)) + sum(((y >> n) & 1) << (2 * n)) FROM generate_series(0, 15) n)
FROM (SELECT *, round((longitude + 180) * 65535 / 360)::bigint AS x, round((latitude + 90) * 65535 / 180)::bigint AS y FROM current_nodes_v5) AS v
WHERE latitude IS NOT NULL AND longitude IS NOT NULL;
