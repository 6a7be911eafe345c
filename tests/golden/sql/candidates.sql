-- Candidates of backfill account_status: rows that it may change, and what they would hold.
SELECT
  t."id",
  t."status",
  -- derive status
  CASE
    WHEN NOT t."deleted_at" IS NULL
      THEN 'deleted'
    WHEN t."is_active"
      THEN 'active'
    ELSE 'inactive'
  END AS "new_status"
FROM "accounts" AS t
WHERE
  -- intent fill: something is missing
  t."status" IS NULL
  -- not: exclude too_new, because not settled yet
  AND NOT ((substr(t."created_at", 1, 10) || ' ' || substr(t."created_at", 12, 8) || '.' || substr(rtrim(substr(t."created_at", 21), 'Z') || '000000', 1, 6)) COLLATE BINARY >= strftime('%Y-%m-%d %H:%M:%f000', 'now'))
  -- not: exclude locked
  AND ((t."locked_by" COLLATE BINARY) COLLATE BINARY = CAST(x'697427730a616e6e' AS TEXT)) IS NOT TRUE
  -- not: review ambiguous
  AND NOT (t."is_active"
  AND NOT t."deleted_at" IS NULL)
ORDER BY t."id";
