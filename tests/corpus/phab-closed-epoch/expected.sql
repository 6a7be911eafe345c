UPDATE maniphest_task k SET "closedEpoch" = t."dateCreated", "closerPHID" = coalesce(k."closerPHID", t."authorPHID") FROM (
  SELECT DISTINCT ON ("objectPHID") * FROM maniphest_transaction WHERE "transactionType" = 'mergedinto' OR ("transactionType" = 'status'
    AND "newValue" ~ '^"(resolved|wontfix|invalid|duplicate|spite)"$' AND NOT coalesce("oldValue" ~ '^"(resolved|wontfix|invalid|duplicate|spite)"$', false))
  ORDER BY "objectPHID", "dateCreated" DESC, id DESC) AS t
WHERE t."objectPHID" = k.phid AND k.status IN ('resolved', 'wontfix', 'invalid') AND "closedEpoch" IS NULL;
