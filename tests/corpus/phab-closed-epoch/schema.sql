-- dialect: postgres
CREATE TABLE maniphest_task (id int PRIMARY KEY, phid varchar(64), status varchar(64), "closedEpoch" int, "closerPHID" varchar(64));
CREATE TABLE maniphest_transaction (
  id int PRIMARY KEY, "objectPHID" varchar(64), "authorPHID" varchar(64), "transactionType" varchar(32), "oldValue" text, "newValue" text, "dateCreated" int
);
