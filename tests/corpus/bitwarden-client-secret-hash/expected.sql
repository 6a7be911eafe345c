UPDATE "ApiKey" SET "ClientSecretHash" = encode(sha256(convert_to("ClientSecret", 'UTF8')), 'base64') WHERE "ClientSecretHash" IS NULL;
