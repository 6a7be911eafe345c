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
    WHEN NOT t."issued" >= '2024-01-01'::date
      THEN 0
    WHEN NOT t."paid_at" IS NULL
      AND t."paid_at" < now()
      THEN 3
    WHEN t."net" + coalesce(t."tax", '0.00'::numeric) > '10000.00'::numeric
      OR t."items" = 0::int8
      THEN 5
    ELSE 1
  END AS class,
  count(*) AS "rows"
FROM "invoices" AS t
GROUP BY 1
ORDER BY 1;
