-- Candidates of backfill invoice_due: rows that it may change, and what they would hold.
SELECT
  t.`id`,
  t.`due`
  -- derive due: no exact form in mariadb: `upper_ascii(text)` has no exact form in mariadb: its SQL form is not proven equal yet,
  t.`note`
  -- derive note: no exact form in mariadb: `upper_ascii(text)` has no exact form in mariadb: its SQL form is not proven equal yet,
  t.`lines`,
  -- derive lines
  CASE WHEN t.`items` + CAST(1 AS DECIMAL(20)) BETWEEN -9223372036854775808 AND 9223372036854775807 THEN t.`items` + 1 END AS `new_lines`
FROM `invoices` AS t
WHERE
  -- where
  t.`issued` >= DATE'2024-01-01'
  -- not: exclude settled, because the books are closed
  AND NOT (NOT t.`paid_at` IS NULL
  AND CAST(t.`paid_at` AS DATETIME(6)) < UTC_TIMESTAMP(6))
  -- not: review unusual
  AND ((t.`net` + coalesce(t.`tax`, 0.00)) > 10000.00
  OR t.`items` = 0) IS NOT TRUE
ORDER BY t.`id`;
