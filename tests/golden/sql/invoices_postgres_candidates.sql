-- Candidates of backfill invoice_due: rows that it may change, and what they would hold.
SELECT
  t."id",
  t."due",
  -- derive due
  CASE
    WHEN upper(trim(t."country") COLLATE "C") = 'DE'::text OR upper(trim(t."country") COLLATE "C") = 'AT'::text
      THEN CASE WHEN 30 BETWEEN '0001-01-01'::date - t."issued" AND '9999-12-31'::date - t."issued" THEN t."issued" + 30 END
    WHEN upper(trim(t."country") COLLATE "C") IS NULL
      THEN CASE WHEN extract(year FROM t."issued") * 12 + extract(month FROM t."issued") - 1 + 1 BETWEEN 12 AND 119999 THEN (t."issued" + make_interval(months => 1))::date END
    ELSE CAST(date_trunc('month', CAST(t."issued" AS timestamp)) + interval '1 month -1 day' AS date)
  END AS "new_due",
  t."note",
  -- derive note
  concat_ws(' '::text, upper(trim(t."country") COLLATE "C"), t."customer", round(t."net" * '2'::numeric, 2)::text) AS "new_note",
  t."lines",
  -- derive lines
  CASE WHEN t."items"::numeric + 1::int8 BETWEEN -9223372036854775808 AND 9223372036854775807 THEN t."items" + 1::int8 END AS "new_lines"
FROM "invoices" AS t
WHERE
  -- where
  t."issued" >= '2024-01-01'::date
  -- not: exclude settled, because the books are closed
  AND NOT (NOT t."paid_at" IS NULL
  AND t."paid_at" < now())
  -- not: review unusual
  AND (t."net" + coalesce(t."tax", '0.00'::numeric) > '10000.00'::numeric
  OR t."items" = 0::int8) IS NOT TRUE
ORDER BY t."id";
