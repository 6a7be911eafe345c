-- every row as it was before the run (prior values from the corrections), and what is stored now
WITH before AS (
  SELECT
    t."id" AS "key_id",
    t."id" AS "in_id",
    t."is_active" AS "in_is_active",
    t."deleted_at" AS "in_deleted_at",
    t."created_at" AS "in_created_at",
    t."locked_by" AS "in_locked_by",
    CASE WHEN c."key_id" IS NOT NULL THEN c."prior_status" ELSE t."status" END AS "in_status",
    t."total" AS "in_total",
    t."status" AS "stored_status",
    CASE WHEN c."key_id" IS NOT NULL THEN 1 ELSE 0 END AS corrected
  FROM "accounts" AS t
  LEFT JOIN "backfill_correction_7" AS c ON c."key_id" = t."id" AND c.rolled_back = 0
  LEFT JOIN "backfill_quarantine_7" AS q ON q."key_id" = t."id"
  WHERE (q."key_id" IS NULL OR c."key_id" IS NOT NULL)
    AND t."id" = ?1
),
-- its class: 1 is a candidate
classified AS (
  SELECT b.*,
    CASE
      WHEN NOT b."in_status" IS NULL
        THEN 0
      WHEN (substr(b."in_created_at", 1, 10) || ' ' || substr(b."in_created_at", 12, 8) || '.' || substr(rtrim(substr(b."in_created_at", 21), 'Z') || '000000', 1, 6)) COLLATE BINARY >= '2024-05-01 10:00:00.000000'
        THEN 3
      WHEN (b."in_locked_by" COLLATE BINARY) COLLATE BINARY = CAST(x'697427730a616e6e' AS TEXT)
        THEN 5
      WHEN b."in_is_active"
        AND NOT b."in_deleted_at" IS NULL
        THEN 7
      ELSE 1
    END AS class
  FROM before AS b
),
-- what each candidate must hold now; what the run wrote elsewhere should hold its prior value
expected AS (
  SELECT k.*,
    CASE WHEN k.class = 1 THEN
      CASE
        WHEN NOT k."in_deleted_at" IS NULL
          THEN 'deleted'
        WHEN k."in_is_active"
          THEN 'active'
        ELSE 'inactive'
      END
    ELSE k."in_status" END AS "expected_status"
  FROM classified AS k
  WHERE k.class = 1 OR k.corrected = 1
)
SELECT
  e."key_id",
  e.class,
  e.corrected,
  e."stored_status" AS "stored_status",
  e."expected_status",
  CASE WHEN (e.class <> 1 OR e."stored_status" IS NOT e."expected_status") THEN 1 ELSE 0 END AS mismatch
FROM expected AS e