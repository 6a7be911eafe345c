-- Rows of invoices by their class for backfill invoice_due:
--   0: out of scope
--   1: candidate
--   2: uncertain (where)
--   3: excluded settled
--   4: uncertain (settled)
--   5: review unusual
--   6: uncertain (unusual)
SELECT
  CASE
    WHEN NOT t.`issued` >= DATE'2024-01-01'
      THEN 0
    WHEN NOT t.`paid_at` IS NULL
      AND CAST(t.`paid_at` AS DATETIME(6)) < UTC_TIMESTAMP(6)
      THEN 3
    WHEN (t.`net` + coalesce(t.`tax`, 0.00)) > 10000.00
      OR t.`items` = 0
      THEN 5
    ELSE 1
  END AS class,
  count(*) AS `rows`
FROM `invoices` AS t
GROUP BY 1
ORDER BY 1;
