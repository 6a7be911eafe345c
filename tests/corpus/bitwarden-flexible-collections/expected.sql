-- json: OrganizationUser.Permissions
CREATE TEMP TABLE was AS SELECT "Id", "Type" = 4
    AND ('true' IN (p->>'editAssignedCollections', p->>'deleteAssignedCollections'))
    AND NOT EXISTS (SELECT FROM jsonb_each_text(p) WHERE value = 'true' AND key ~ '^(access|create|manage)|AnyCollection$') AS plain,
    (p - 'editAssignedCollections' - 'deleteAssignedCollections')::text AS rest
  FROM (SELECT *, "Permissions"::jsonb AS p FROM "OrganizationUser" WHERE "Permissions" LIKE '{%') AS document
  WHERE p ?| ARRAY['editAssignedCollections', 'deleteAssignedCollections'];
UPDATE "OrganizationUser" u SET "Type" = 2, "Permissions" = NULL FROM was WHERE was."Id" = u."Id" AND plain;
UPDATE "OrganizationUser" u SET "Permissions" = rest FROM was WHERE was."Id" = u."Id" AND plain IS NOT TRUE;
