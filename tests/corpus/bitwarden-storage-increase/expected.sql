UPDATE "User" SET "MaxStorageGbIncreased" = "MaxStorageGb" + 4 WHERE "MaxStorageGb" IS NOT NULL AND "MaxStorageGbIncreased" IS NULL;
UPDATE "Organization" SET "MaxStorageGbIncreased" = "MaxStorageGb" + 4 WHERE "MaxStorageGb" IS NOT NULL AND "MaxStorageGbIncreased" IS NULL;
