UPDATE "Conversations" SET tags = ARRAY(SELECT lower(tag) FROM unnest(tags) WITH ORDINALITY AS t(tag, n) ORDER BY n) WHERE tags IS NOT NULL;
UPDATE "Expenses" SET tags = ARRAY(SELECT lower(tag) FROM unnest(tags) WITH ORDINALITY AS t(tag, n) ORDER BY n) WHERE tags IS NOT NULL;
