UPDATE "Collectives" SET data = coalesce(data, '{}') || jsonb_build_object('policies', coalesce(data->'policies', '{}') || jsonb_build_object('USE_VENDOR_POLICY',
  CASE WHEN data#>>'{policies,EXPENSE_PUBLIC_VENDORS}' = 'true' THEN 'ALL_SUBMITTERS' ELSE 'HOST_ADMINS' END))
WHERE id IN (SELECT "HostCollectiveId" FROM "Collectives" WHERE "deletedAt" IS NULL) AND data#>'{policies,USE_VENDOR_POLICY}' IS NULL;
