-- Rows of accounts by their class for backfill account_status:
--   0: out of scope
--   1: candidate
--   2: uncertain (where)
--   3: excluded too_new
--   4: uncertain (too_new)
--   5: excluded locked
--   6: uncertain (locked)
--   7: review ambiguous
--   8: uncertain (ambiguous)
SELECT
  CASE
    WHEN NOT t."status" IS NULL
      THEN 0
    WHEN (substr(t."created_at", 1, 10) || ' ' || substr(t."created_at", 12, 8) || '.' || substr(rtrim(substr(t."created_at", 21), 'Z') || '000000', 1, 6)) COLLATE BINARY >= '2024-05-01 10:00:00.000000'
      THEN 3
    WHEN (t."locked_by" COLLATE BINARY) COLLATE BINARY = CAST(x'697427730a616e6e' AS TEXT)
      THEN 5
    WHEN t."is_active"
      AND NOT t."deleted_at" IS NULL
      THEN 7
    ELSE 1
  END AS class,
  count(*) AS "rows"
FROM "accounts" AS t
GROUP BY 1
ORDER BY 1;
