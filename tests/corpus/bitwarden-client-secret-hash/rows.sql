INSERT INTO "ApiKey" SELECT id(i), left(words(i), 30), pick(i, NULL, NULL, 'kept', '') FROM numbers(150) i;
