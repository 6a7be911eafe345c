-- dialect: postgres
CREATE TABLE "Transactions" (
  id int PRIMARY KEY,
  kind text,
  type text,
  "TransactionGroup" uuid,
  "PaymentMethodId" int,
  "deletedAt" timestamptz
);
