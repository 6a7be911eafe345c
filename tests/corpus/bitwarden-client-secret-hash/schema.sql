-- dialect: postgres
CREATE TABLE "ApiKey" ("Id" uuid PRIMARY KEY, "ClientSecret" varchar(30), "ClientSecretHash" varchar(128));
