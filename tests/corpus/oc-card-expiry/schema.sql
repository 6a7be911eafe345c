-- dialect: postgres
CREATE TABLE "PaymentMethods" (id int PRIMARY KEY, type text, "expiryDate" timestamptz, data jsonb);
