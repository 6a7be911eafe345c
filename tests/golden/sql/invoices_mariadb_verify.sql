-- every row as it was before the run (prior values from the corrections), and what is stored now
WITH before AS (
  SELECT
    t.`id` AS `key_id`,
    t.`id` AS `in_id`,
    t.`net` AS `in_net`,
    t.`tax` AS `in_tax`,
    t.`country` AS `in_country`,
    t.`issued` AS `in_issued`,
    t.`paid_at` AS `in_paid_at`,
    t.`items` AS `in_items`,
    CASE WHEN c.`key_id` IS NOT NULL THEN c.`prior_due` ELSE t.`due` END AS `in_due`,
    t.`customer` AS `in_customer`,
    CASE WHEN c.`key_id` IS NOT NULL THEN c.`prior_note` ELSE t.`note` END AS `in_note`,
    CASE WHEN c.`key_id` IS NOT NULL THEN c.`prior_lines` ELSE t.`lines` END AS `in_lines`,
    t.`due` AS `stored_due`,
    t.`note` AS `stored_note`,
    t.`lines` AS `stored_lines`,
    CASE WHEN c.`key_id` IS NOT NULL THEN 1 ELSE 0 END AS corrected
  FROM `invoices` AS t
  LEFT JOIN `backfill_correction_1` AS c ON c.`key_id` = t.`id` AND c.rolled_back = 0
  LEFT JOIN `backfill_quarantine_1` AS q ON q.`key_id` = t.`id`
  WHERE (q.`key_id` IS NULL OR c.`key_id` IS NOT NULL)
    AND t.`id` > ? AND t.`id` <= ?
),
-- its class: 1 is a candidate
classified AS (
  SELECT b.*,
    CASE
      WHEN NOT b.`in_issued` >= DATE'2024-01-01'
        THEN 0
      WHEN NOT b.`in_paid_at` IS NULL
        AND CAST(b.`in_paid_at` AS DATETIME(6)) < TIMESTAMP'2030-01-01 00:00:00.000000'
        THEN 3
      WHEN (b.`in_net` + coalesce(b.`in_tax`, 0.00)) > 10000.00
        OR b.`in_items` = 0
        THEN 5
      ELSE 1
    END AS class
  FROM before AS b
),
-- what each candidate must hold now; what the run wrote elsewhere should hold its prior value
expected AS (
  SELECT k.*,
    CASE WHEN k.class = 1 THEN
      CASE
        WHEN (CONVERT(CAST(UPPER(CONVERT(CAST(trim((CONVERT(k.`in_country` USING utf8mb4) COLLATE utf8mb4_nopad_bin)) AS BINARY) USING tis620)) AS BINARY) USING utf8mb4) COLLATE utf8mb4_nopad_bin) = 'DE' OR (CONVERT(CAST(UPPER(CONVERT(CAST(trim((CONVERT(k.`in_country` USING utf8mb4) COLLATE utf8mb4_nopad_bin)) AS BINARY) USING tis620)) AS BINARY) USING utf8mb4) COLLATE utf8mb4_nopad_bin) = 'AT'
          THEN k.`in_issued` + INTERVAL 30 DAY
        WHEN (CONVERT(CAST(UPPER(CONVERT(CAST(trim((CONVERT(k.`in_country` USING utf8mb4) COLLATE utf8mb4_nopad_bin)) AS BINARY) USING tis620)) AS BINARY) USING utf8mb4) COLLATE utf8mb4_nopad_bin) IS NULL
          THEN CASE WHEN k.`in_issued` + INTERVAL 1 MONTH >= DATE'0001-01-01' THEN k.`in_issued` + INTERVAL 1 MONTH END
        ELSE LAST_DAY(k.`in_issued`)
      END
    ELSE k.`in_due` END AS `expected_due`,
    CASE WHEN k.class = 1 THEN
      CONCAT_WS(' ', (CONVERT(CAST(UPPER(CONVERT(CAST(trim((CONVERT(k.`in_country` USING utf8mb4) COLLATE utf8mb4_nopad_bin)) AS BINARY) USING tis620)) AS BINARY) USING utf8mb4) COLLATE utf8mb4_nopad_bin), (CONVERT(k.`in_customer` USING utf8mb4) COLLATE utf8mb4_nopad_bin), CAST(CAST(CAST(k.`in_net` * 2 AS DECIMAL(20, 2)) AS DECIMAL(20, 2)) AS CHAR))
    ELSE (CONVERT(k.`in_note` USING utf8mb4) COLLATE utf8mb4_nopad_bin) END AS `expected_note`,
    CASE WHEN k.class = 1 THEN
      CASE WHEN k.`in_items` + CAST(1 AS DECIMAL(20)) BETWEEN -9223372036854775808 AND 9223372036854775807 THEN k.`in_items` + 1 END
    ELSE k.`in_lines` END AS `expected_lines`
  FROM classified AS k
  WHERE k.class = 1 OR k.corrected = 1
)
SELECT
  e.`key_id`,
  e.class,
  e.corrected,
  e.`stored_due` AS `stored_due`,
  e.`expected_due`,
  (CONVERT(e.`stored_note` USING utf8mb4) COLLATE utf8mb4_nopad_bin) AS `stored_note`,
  e.`expected_note`,
  e.`stored_lines` AS `stored_lines`,
  e.`expected_lines`
FROM expected AS e
WHERE (e.class <> 1 OR NOT (e.`stored_due` <=> e.`expected_due`) OR NOT ((CONVERT(e.`stored_note` USING utf8mb4) COLLATE utf8mb4_nopad_bin) <=> e.`expected_note`) OR NOT (e.`stored_lines` <=> e.`expected_lines`))
ORDER BY e.`key_id`