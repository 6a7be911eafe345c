-- every row as it was before the run (prior values from the corrections), and what is stored now
WITH before AS (
  SELECT
    t."id" AS "key_id",
    t."id" AS "in_id",
    t."net" AS "in_net",
    t."tax" AS "in_tax",
    t."country" AS "in_country",
    t."issued" AS "in_issued",
    t."paid_at" AS "in_paid_at",
    t."items" AS "in_items",
    CASE WHEN c."key_id" IS NOT NULL THEN c."prior_due" ELSE t."due" END AS "in_due",
    t."customer" AS "in_customer",
    CASE WHEN c."key_id" IS NOT NULL THEN c."prior_note" ELSE t."note" END AS "in_note",
    CASE WHEN c."key_id" IS NOT NULL THEN c."prior_lines" ELSE t."lines" END AS "in_lines",
    t."due" AS "stored_due",
    t."note" AS "stored_note",
    t."lines" AS "stored_lines",
    CASE WHEN c."key_id" IS NOT NULL THEN 1 ELSE 0 END AS corrected
  FROM "invoices" AS t
  LEFT JOIN "backfill_correction_1" AS c ON c."key_id" = t."id" AND c.rolled_back = 0
  LEFT JOIN "backfill_quarantine_1" AS q ON q."key_id" = t."id"
  WHERE (q."key_id" IS NULL OR c."key_id" IS NOT NULL)
    AND t."id" > $1 AND t."id" <= $2
),
-- its class: 1 is a candidate
classified AS (
  SELECT b.*,
    CASE
      WHEN NOT b."in_issued" >= '2024-01-01'::date
        THEN 0
      WHEN NOT b."in_paid_at" IS NULL
        AND b."in_paid_at" < '2030-01-01 00:00:00+00'::timestamptz
        THEN 3
      WHEN b."in_net" + coalesce(b."in_tax", '0.00'::numeric) > '10000.00'::numeric
        OR b."in_items" = 0::int8
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
        WHEN upper(trim(k."in_country") COLLATE "C") = 'DE'::text OR upper(trim(k."in_country") COLLATE "C") = 'AT'::text
          THEN CASE WHEN 30 BETWEEN '0001-01-01'::date - k."in_issued" AND '9999-12-31'::date - k."in_issued" THEN k."in_issued" + 30 END
        WHEN upper(trim(k."in_country") COLLATE "C") IS NULL
          THEN CASE WHEN extract(year FROM k."in_issued") * 12 + extract(month FROM k."in_issued") - 1 + 1 BETWEEN 12 AND 119999 THEN (k."in_issued" + make_interval(months => 1))::date END
        ELSE CAST(date_trunc('month', CAST(k."in_issued" AS timestamp)) + interval '1 month -1 day' AS date)
      END
    ELSE k."in_due" END AS "expected_due",
    CASE WHEN k.class = 1 THEN
      concat_ws(' '::text, upper(trim(k."in_country") COLLATE "C"), k."in_customer", round(k."in_net" * '2'::numeric, 2)::text)
    ELSE k."in_note" END AS "expected_note",
    CASE WHEN k.class = 1 THEN
      CASE WHEN k."in_items"::numeric + 1::int8 BETWEEN -9223372036854775808 AND 9223372036854775807 THEN k."in_items" + 1::int8 END
    ELSE k."in_lines" END AS "expected_lines"
  FROM classified AS k
  WHERE k.class = 1 OR k.corrected = 1
)
SELECT
  e."key_id",
  e.class,
  e.corrected,
  e."stored_due" AS "stored_due",
  e."expected_due",
  e."stored_note" AS "stored_note",
  e."expected_note",
  e."stored_lines" AS "stored_lines",
  e."expected_lines"
FROM expected AS e
WHERE (e.class <> 1 OR e."stored_due" IS DISTINCT FROM e."expected_due" OR e."stored_note" IS DISTINCT FROM e."expected_note" OR e."stored_lines" IS DISTINCT FROM e."expected_lines")
ORDER BY e."key_id"