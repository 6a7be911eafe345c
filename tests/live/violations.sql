-- Each line: what must be 0, and how often it is not; in parentheses what tells how much was tried.
CREATE INDEX ON audit (id, seq);
CREATE INDEX ON audit (seq) WHERE who = 'the_run';
ANALYZE audit;
CREATE VIEW ours AS SELECT * FROM audit WHERE who = 'the_run';
CREATE VIEW theirs AS SELECT * FROM audit WHERE who <> 'the_run';
-- Rows that are not as the spec derives them, or that hold what the run wrote and are out of its scope: the application has written
-- them since.
CREATE VIEW changed_since AS
  SELECT t.id FROM orders AS t WHERE CASE WHEN t.locked THEN EXISTS (SELECT 1 FROM ours AS o WHERE o.id = t.id)
      ELSE t.status IS DISTINCT FROM lower(t.name) OR t.total IS DISTINCT FROM t.amount + 1 END
    AND (SELECT who FROM audit AS a WHERE a.id = t.id ORDER BY seq DESC LIMIT 1) <> 'the_run';
SELECT 'derived from another row than stood there', count(*) FROM ours
  WHERE (after).status IS DISTINCT FROM lower((before).name) OR (after).total IS DISTINCT FROM (before).amount + 1;
SELECT 'more than the derived columns written', count(*) FROM ours
  WHERE (before).name IS DISTINCT FROM (after).name OR (before).amount IS DISTINCT FROM (after).amount
     OR (before).locked IS DISTINCT FROM (after).locked OR (before).id IS NULL OR (after).id IS NULL;
SELECT 'written out of scope', count(*) FROM ours WHERE (before).locked;
SELECT 'written twice', count(*) - count(DISTINCT id) FROM ours;
SELECT 'prior value is not what stood there', count(*) FROM ours AS a JOIN backfill.backfill_correction_1 AS c ON c.key_id = a.id
  WHERE c.prior_status IS DISTINCT FROM (a.before).status OR c.prior_total IS DISTINCT FROM (a.before).total;
SELECT 'new value is not what was written', count(*) FROM ours AS a JOIN backfill.backfill_correction_1 AS c ON c.key_id = a.id
  WHERE c.new_status IS DISTINCT FROM (a.after).status OR c.new_total IS DISTINCT FROM (a.after).total;
SELECT 'corrections without a write, writes without a correction', count(*) FROM
  (SELECT id FROM ours) AS a FULL JOIN backfill.backfill_correction_1 AS c ON c.key_id = a.id WHERE a.id IS NULL OR c.key_id IS NULL;
-- Every write begins where the one before it ended: none is missing from the audit, none was lost.
SELECT 'rows that changed without a write', count(*) FROM (
  SELECT before, lag(after) OVER (PARTITION BY id ORDER BY seq) AS stood, row_number() OVER (PARTITION BY id ORDER BY seq) AS nth FROM audit) AS a
  WHERE nth > 1 AND before::text IS DISTINCT FROM stood::text;
SELECT 'rows that are not as last written', count(*) FROM (SELECT DISTINCT ON (id) id, after FROM audit ORDER BY id, seq DESC) AS a
  LEFT JOIN orders AS t ON t.id = a.id WHERE CASE WHEN (a.after).id IS NULL THEN t.id IS NOT NULL ELSE t::text IS DISTINCT FROM a.after::text END;
SELECT 'rows left out that nobody touched', count(*) FROM first_rows AS f
  WHERE NOT f.locked AND NOT EXISTS (SELECT 1 FROM audit AS a WHERE a.id = f.id);
SELECT 'rows not as derived, and not changed since', count(*) FROM orders AS t
  WHERE NOT t.locked AND (t.status IS DISTINCT FROM lower(t.name) OR t.total IS DISTINCT FROM t.amount + 1)
    AND (SELECT who FROM audit AS a WHERE a.id = t.id ORDER BY seq DESC LIMIT 1) IS NOT DISTINCT FROM 'the_run';
SELECT 'the books count other writes', count(*) FROM (SELECT 1) AS one
  WHERE to_regclass('backfill.backfill_stage') IS NOT NULL
    AND (SELECT count(*) FROM ours) <> (SELECT (xpath('//n/text()', query_to_xml('SELECT sum(changed) AS n FROM backfill.backfill_stage', true, true, '')))[1]::text::bigint);
SELECT '(writes of the run)', count(*) FROM ours;
SELECT '(writes of the application)', count(*) FROM theirs;
SELECT '(of them while the run wrote)', count(*) FROM theirs
  WHERE seq BETWEEN (SELECT min(seq) FROM ours) AND (SELECT max(seq) FROM ours);
SELECT '(rows that both wrote)', count(DISTINCT id) FROM theirs WHERE id IN (SELECT id FROM ours);
SELECT '(rows changed since)', count(*) FROM changed_since;
