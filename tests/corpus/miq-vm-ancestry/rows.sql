INSERT INTO vms SELECT i, pick(i, NULL, NULL, 'old') FROM numbers(80) i;
-- A forest: each one's parent has a lesser id.
INSERT INTO relationships SELECT i, pick(i, 'VmOrTemplate', 'VmOrTemplate', 'VmOrTemplate', 'Host'), CASE WHEN i % 17 > 0 THEN 1000 - i END, pick(i, 'genealogy', 'genealogy', 'genealogy', 'ems_metadata'), NULL FROM numbers(100) i;
UPDATE relationships SET resource_id = 101 - id WHERE resource_id IS NOT NULL;
UPDATE relationships SET relationship = 'genealogy' WHERE id IN (1, 2, 3, 4) AND resource_type = 'VmOrTemplate';
WITH RECURSIVE path(id, ancestry) AS (
  SELECT id, NULL::text FROM relationships WHERE id <= 6
  UNION ALL SELECT r.id, concat_ws('/', p.ancestry, p.id::text) FROM path p JOIN relationships r ON r.id > 6 AND p.id = r.id / 3)
UPDATE relationships r SET ancestry = p.ancestry FROM path p WHERE p.id = r.id;
UPDATE relationships SET ancestry = pick(id, '', '7777') WHERE id % 29 = 0;
