-- dialect: postgres
CREATE TABLE "OrganizationUser" ("Id" uuid PRIMARY KEY, "Type" smallint NOT NULL, "Permissions" text);
