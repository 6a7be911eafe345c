-- dialect: postgres
CREATE TABLE "Users" (id int PRIMARY KEY, "CollectiveId" int, "paypalEmail" text, "deletedAt" timestamptz);
CREATE TABLE "PayoutMethods" (
  id serial PRIMARY KEY,
  type text,
  data json,
  "CollectiveId" int,
  "CreatedByUserId" int,
  "createdAt" timestamptz,
  "updatedAt" timestamptz
);
CREATE TABLE "Expenses" (id int PRIMARY KEY, "FromCollectiveId" int, "payoutMethod" text, "PayoutMethodId" int);
