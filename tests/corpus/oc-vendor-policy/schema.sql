-- dialect: postgres
CREATE TABLE "Collectives" (id int PRIMARY KEY, "HostCollectiveId" int, data jsonb, "deletedAt" timestamptz);
