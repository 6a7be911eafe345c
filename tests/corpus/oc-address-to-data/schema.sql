-- dialect: postgres
CREATE TABLE "Collectives" (id int PRIMARY KEY, settings jsonb, data jsonb);
