-- dialect: postgres
CREATE TABLE "User" ("Id" uuid PRIMARY KEY, "MaxStorageGb" smallint, "MaxStorageGbIncreased" smallint);
CREATE TABLE "Organization" ("Id" uuid PRIMARY KEY, "MaxStorageGb" smallint, "MaxStorageGbIncreased" smallint);
