-- Candidates of backfill invoice_due: rows that it may change, and what they would hold.
SELECT
  t.`id`,
  t.`due`,
  -- derive due
  CASE
    WHEN (CONVERT(CAST(UPPER(CONVERT(CAST(trim((CONVERT(t.`country` USING utf8mb4) COLLATE utf8mb4_nopad_bin)) AS BINARY) USING tis620)) AS BINARY) USING utf8mb4) COLLATE utf8mb4_nopad_bin) = 'DE' OR (CONVERT(CAST(UPPER(CONVERT(CAST(trim((CONVERT(t.`country` USING utf8mb4) COLLATE utf8mb4_nopad_bin)) AS BINARY) USING tis620)) AS BINARY) USING utf8mb4) COLLATE utf8mb4_nopad_bin) = 'AT'
      THEN t.`issued` + INTERVAL 30 DAY
    WHEN (CONVERT(CAST(UPPER(CONVERT(CAST(trim((CONVERT(t.`country` USING utf8mb4) COLLATE utf8mb4_nopad_bin)) AS BINARY) USING tis620)) AS BINARY) USING utf8mb4) COLLATE utf8mb4_nopad_bin) IS NULL
      THEN CASE WHEN t.`issued` + INTERVAL 1 MONTH >= DATE'0001-01-01' THEN t.`issued` + INTERVAL 1 MONTH END
    ELSE LAST_DAY(t.`issued`)
  END AS `new_due`,
  t.`note`,
  -- derive note
  CONCAT_WS(' ', (CONVERT(CAST(UPPER(CONVERT(CAST(trim((CONVERT(t.`country` USING utf8mb4) COLLATE utf8mb4_nopad_bin)) AS BINARY) USING tis620)) AS BINARY) USING utf8mb4) COLLATE utf8mb4_nopad_bin), (CONVERT(t.`customer` USING utf8mb4) COLLATE utf8mb4_nopad_bin), CAST(CAST(CAST(t.`net` * 2 AS DECIMAL(20, 2)) AS DECIMAL(20, 2)) AS CHAR)) AS `new_note`,
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
